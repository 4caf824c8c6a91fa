"""One way of writing a text, and what can be printed.

People's keyboards, programs and clipboards write one text in many ways. ``one_writing`` brings them to one, without
changing what is read: it is applied before a text is kept, compared, searched or filed. ``unprintable`` names what
then is still no character that a form can hold.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .characters import PRINTED

RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭"
    "⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏阝⻐钅"
    "⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
"""CJK radicals (U+2E80-2EF3), each followed by the ideograph it stands for (Unicode EquivalentUnifiedIdeograph)."""
DOTS = "•‧∙⋅・･᛫⸱ꞏ"
"""Read as the 间隔号 between the parts of a name, which is written U+00B7."""
HYPHENS, DASHES = "‐‑‒–−﹣－", "―﹘"
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point: joiners, direction marks, variation selectors, tags."""
CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff"
EMOJI = (
    "⌚⌛⌨⏏⏩-⏳⏸-⏺☀-☄☎☔☕☘☝☠☢☣☦☪☮☯☸-☺♈-♓♟♠♣♥♦♨♻♾♿⚒-⚗⚙⚛⚜⚠⚡⚧⚪⚫⚰⚱⚽⚾⛄⛅⛈⛎⛏⛑⛓⛔⛩⛪⛰-⛵⛷-⛺⛽"
    "✂✅✈-✍✏✒✝✡✨✳✴❄❇❌❎❓-❕❗❣❤➡➰➿⬛⬜⭐⭕\U0001f000-\U0001faff"
)
"""Pictures: Emoji=Yes without digits, letters, punctuation, arrows, geometric shapes and ticks, and every block of
pictures above U+1F000."""

_TABLE = str.maketrans(
    {
        **dict(zip(RADICALS[::2], RADICALS[1::2], strict=True)),
        **{chr(point): unicodedata.normalize("NFKC", chr(point)) for point in range(0x2F00, 0x2FD6)},
        **dict.fromkeys(DOTS, "·"),
        **dict.fromkeys(HYPHENS, "-"),
        **dict.fromkeys(DASHES, "—"),
        **dict.fromkeys("\u2028\u2029\u0085", "\n"),
        **dict.fromkeys("\u00a0\u1680\u202f\u205f", " "),
        **{chr(point): " " for point in range(0x2000, 0x200B)},
    }
)
_DROPPED = re.compile(f"[{CONTROL}{INVISIBLE}]")
_ODD = re.compile("[^ -~\n\u4e00-\u9fa5\u3000-\u3011\uff01-\uff0c\uff0e-\uff5e·×—‘’“”…]")
"""What is worth a closer look: everything but ASCII, common ideographs and full-width punctuation."""


def one_writing(text: str) -> str:
    """The text in one writing: NFC; radicals as ideographs, one middle dot, one hyphen, plain blanks, nothing unseen.

    Case, full-width letters and words stay: only identifiers are folded further (``Format.normalise``).
    """
    if not _ODD.search(text):
        return text
    return unicodedata.normalize("NFC", _DROPPED.sub("", unicodedata.normalize("NFC", text).translate(_TABLE)))


def unprintable(text: str) -> list[str]:
    """The characters of a text that no form can hold, each once: what no font of ours has, private-use, emoji, marks
    that nobody sees. Tabs, line ends and odd blanks are printed as blanks."""
    return [char for char in dict.fromkeys(_ODD.findall(text)) if _unprintable().match(char)]


@cache
def _unprintable() -> re.Pattern[str]:
    words = (word.partition("-") for word in PRINTED.split())
    printed = "".join(f"{_escaped(first)}-{_escaped(last or first)}" for first, _, last in words)
    return re.compile(f"[^{printed}\t\n\r\u2000-\u200a\u202f\u205f]|[{INVISIBLE}{EMOJI}]")


def _escaped(word: str) -> str:
    return f"\\U{int(word, 16):08x}"


def named(characters: list[str]) -> str:
    """Characters as a person can find them: themselves where they can be seen, and their numbers."""
    return "、".join(f"“{c}”（U+{ord(c):04X}）" if c.isprintable() else f"U+{ord(c):04X}" for c in characters)
