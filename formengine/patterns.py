"""Patterns as JSON Schema prescribes them: ECMA-262 regular expressions with the flag ``u``, found anywhere in a text.

They are judged by one engine (Rust's ``regex``, through jsonschema-rs), in time linear in the text. What that engine
reads in another way is restated for it (``for_engine``); what takes it out of linear time (look-around, back
references) or is no ECMA-262 is refused by name (``PatternError``).

Source: ECMA-262 §22.2.1 Patterns; JSON Schema Core 2020-12 §6.4 Regular Expressions.
"""

from __future__ import annotations

import re
from functools import lru_cache

import jsonschema_rs

from .errors import PatternError

MAX_LENGTH = 2000
"""The longest pattern that is read, in characters."""
_SYNTAX = "^$\\.*+?()[]{}|"
_QUANTIFIER = re.compile(r"(?:[*+?]|\{([0-9]+)(?:,([0-9]*))?\})\??")
_NAME = re.compile(r"\(\?<([A-Za-z_$][0-9A-Za-z_$]*)>")
_PROPERTY = re.compile(r"[pP]\{(?:([A-Za-z_]+)=)?([A-Za-z0-9_]+)\}")
_UNICODE = re.compile(r"u(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{4}))")
_KEYS = {"General_Category", "gc", "Script", "sc", "Script_Extensions", "scx"}
_CATEGORIES = (
    "L Lu Ll Lt LC Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Co Cn "
    "Letter Uppercase_Letter Lowercase_Letter Titlecase_Letter Cased_Letter Modifier_Letter Other_Letter Mark "
    "Nonspacing_Mark Spacing_Mark Enclosing_Mark Number Decimal_Number Letter_Number Other_Number Punctuation "
    "Connector_Punctuation Dash_Punctuation Open_Punctuation Close_Punctuation Initial_Punctuation Final_Punctuation "
    "Other_Punctuation Symbol Math_Symbol Currency_Symbol Modifier_Symbol Other_Symbol Separator Space_Separator "
    "Line_Separator Paragraph_Separator Other Control Format Private_Use Unassigned"
)
_BINARY = (
    "ASCII Alphabetic Any Assigned Cased Dash Diacritic Emoji Emoji_Presentation Extended_Pictographic Extender "
    "Hex_Digit ID_Continue ID_Start Ideographic Lowercase Math Quotation_Mark Radical Sentence_Terminal "
    "Terminal_Punctuation Unified_Ideograph Uppercase Variation_Selector White_Space XID_Continue XID_Start"
)
_ALONE = frozenset(f"{_CATEGORIES} {_BINARY}".split())
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_LINES = "\\n\\r\\u{2028}\\u{2029}"


@lru_cache(maxsize=4096)
def for_engine(pattern: str) -> str:
    """The pattern as the engine must be given it to mean what ECMA-262 says; raises ``PatternError``."""
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"正则表达式超过 {MAX_LENGTH} 个字符")
    reader = _Reader(pattern)
    try:
        written = reader.read()
    except RecursionError:
        raise PatternError("正则表达式的括号嵌套太深") from None
    try:
        jsonschema_rs.Draft202012Validator({"pattern": written}, pattern_options=jsonschema_rs.RegexOptions())
    except (ValueError, jsonschema_rs.ValidationError) as error:
        raise PatternError(f"正则表达式“{pattern}”展开后太大，或者用了不认识的字符类别") from error
    return written


def fault(pattern: str) -> str:
    """What is wrong with a pattern, in Chinese; empty where nothing is."""
    try:
        for_engine(pattern)
    except PatternError as error:
        return str(error)
    return ""


class _Reader:
    """Reads one pattern from left to right and writes it anew."""

    def __init__(self, pattern: str) -> None:
        self.text, self.at = pattern, 0

    def read(self) -> str:
        written = self._disjunction()
        if self.at < len(self.text):
            raise self._wrong("多了一个右括号")
        return written

    def _wrong(self, why: str) -> PatternError:
        return PatternError(f"正则表达式“{self.text}”第 {self.at + 1} 个字符处：{why}")

    def _peek(self, text: str) -> bool:
        return self.text.startswith(text, self.at)

    def _disjunction(self) -> str:
        out = ""
        while self.at < len(self.text) and not self._peek(")"):
            if self._peek("|"):
                self.at += 1
                out += "|"
            else:
                out += self._term()
        return out

    def _term(self) -> str:
        char = self.text[self.at]
        if char in "^$":
            self.at += 1
            return char + self._not_repeated()
        atom = self._atom(char)
        return atom + self._quantifier()

    def _not_repeated(self) -> str:
        if _QUANTIFIER.match(self.text, self.at):
            raise self._wrong("^ 和 $ 后面不能跟次数")
        return ""

    def _quantifier(self) -> str:
        match = _QUANTIFIER.match(self.text, self.at)
        if match is None:
            return ""
        low, high = match[1], match[2]
        if high and int(low) > int(high):
            raise self._wrong("次数的下限大于上限")
        self.at = match.end()
        return match[0]

    def _atom(self, char: str) -> str:
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char in "*+?{":
            raise self._wrong("前面没有可以重复的内容（花括号本身须写成 \\{）")
        if char in "]}":
            raise self._wrong(f"{char} 须写成 \\{char}")
        self.at += 1
        return f"[^{_LINES}]" if char == "." else _written(char)

    def _group(self) -> str:
        if any(self._peek(word) for word in ("(?=", "(?!", "(?<=", "(?<!")):
            raise self._wrong("不能用前后查找（判断所需的时间没有上限），请写成几个 pattern，放在 allOf 里")
        named = _NAME.match(self.text, self.at)
        if named:
            self.at = named.end()
        elif self._peek("(?:"):
            self.at += 3
        elif self._peek("(?"):
            raise self._wrong("JSON Schema（ECMA-262）里没有这种括号")
        else:
            self.at += 1
        inner = self._disjunction()
        if not self._peek(")"):
            raise self._wrong("少了右括号")
        self.at += 1
        return f"(?:{inner})"

    def _escape(self) -> str:
        """One escape outside a class."""
        self.at += 1
        letter = self.text[self.at : self.at + 1]
        if letter in ("b", "B"):
            raise self._wrong(f"不能用 \\{letter}（汉字没有一致的“词边界”）")
        if letter == "k" or (letter.isascii() and letter.isdigit() and letter != "0"):
            raise self._wrong("不能反向引用（判断所需的时间没有上限）")
        if letter and letter in "dDwWsS":
            self.at += 1
            return f"\\{letter}"
        if letter in ("p", "P"):
            return self._property()
        return _written(chr(self._character(_SYNTAX + "/")))

    def _property(self) -> str:
        match = _PROPERTY.match(self.text, self.at)
        if match is None or not (match[1] in _KEYS if match[1] else match[2] in _ALONE):
            raise self._wrong("不认识的字符类别；汉字写 \\p{Script=Han}，字母写 \\p{L}")
        self.at = match.end()
        return f"\\{match[0]}"

    def _character(self, itself: str) -> int:
        """The one character that an escape stands for; the backslash is read already."""
        letter = self.text[self.at : self.at + 1]
        rest = self.text[self.at : self.at + 3]
        if letter and letter in _CONTROLS:
            self.at += 1
            return _CONTROLS[letter]
        if letter == "0" and not rest[1:2].isdigit():
            self.at += 1
            return 0
        if re.fullmatch("c[A-Za-z]", rest[:2]):
            self.at += 2
            return ord(rest[1]) % 32
        if re.fullmatch("x[0-9A-Fa-f]{2}", rest):
            self.at += 3
            return int(rest[1:], 16)
        if letter == "u":
            return self._unicode()
        if letter and letter in itself:
            self.at += 1
            return ord(letter)
        raise self._wrong(f"\\{letter} 在 JSON Schema（ECMA-262）里没有意义，本身不必加反斜杠")

    def _unicode(self) -> int:
        match = _UNICODE.match(self.text, self.at)
        if match is None:
            raise self._wrong("\\u 后面须是 4 位十六进制数，或者花括号里的码位")
        self.at = match.end()
        point = int(match[1] or match[2], 16)
        low = re.compile(r"\\u([dD][c-fC-F][0-9A-Fa-f]{2})").match(self.text, self.at)
        if match[2] and 0xD800 <= point < 0xDC00 and low:
            self.at = low.end()
            return 0x10000 + ((point - 0xD800) << 10) + int(low[1], 16) - 0xDC00
        if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
            raise self._wrong("这个码位不是字符")
        return point

    def _class(self) -> str:
        self.at += 1
        negated = self._peek("^")
        self.at += int(negated)
        out = ""
        while not self._peek("]"):
            if self.at >= len(self.text):
                raise self._wrong("少了右方括号")
            out += self._range()
        self.at += 1
        if not out:
            return "[\\x{0}-\\x{10FFFF}]" if negated else "[^\\x{0}-\\x{10FFFF}]"
        return f"[{'^' if negated else ''}{out}]"

    def _range(self) -> str:
        first = self._class_atom()
        if not self._peek("-") or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return first if isinstance(first, str) else _written(chr(first), True)
        self.at += 1
        last = self._class_atom()
        if isinstance(first, str) or isinstance(last, str):
            raise self._wrong("区间的两端须是单个字符（减号本身写成 \\-）")
        if first > last:
            raise self._wrong("区间的起点大于终点")
        return f"{_written(chr(first), True)}-{_written(chr(last), True)}"

    def _class_atom(self) -> int | str:
        """One member of a class: a code point, or an escape for several characters."""
        char = self.text[self.at : self.at + 1]
        if not char:
            raise self._wrong("少了右方括号")
        self.at += 1
        if char != "\\":
            return ord(char)
        letter = self.text[self.at : self.at + 1]
        if letter and letter in "dDwWsS":
            self.at += 1
            return f"\\{letter}"
        if letter in ("p", "P"):
            return self._property()
        if letter == "b":
            self.at += 1
            return 8
        return self._character(_SYNTAX + "/-")


def _written(char: str, in_class: bool = False) -> str:
    """One character as the engine reads it literally."""
    if char.isalnum() or (char in " _" and char.isascii()) or (char.isprintable() and not char.isascii()):
        return char
    if 0xD800 <= ord(char) <= 0xDFFF:
        raise PatternError("正则表达式里有半个字符")
    if char.isascii() and char.isprintable() and char in _SYNTAX + ("-&~#" if in_class else ""):
        return f"\\{char}"
    return char if char.isascii() and char.isprintable() else f"\\x{{{ord(char):X}}}"
