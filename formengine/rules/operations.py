"""What the literals, operators and functions of a rule do: on decimals, texts, truths, lists and rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any, NamedTuple

from lark import Token

from ..decimals import EXACT, total
from ..errors import ExpressionError
from ..formats import age_on, stated_facts
from ..judges import matches
from ..words import plain
from .kinds import ANY, BOOL, INTEGER, NUMBER, TEXT, Kind, is_number

_ID_NUMBER = re.compile("[1-9][0-9]{16}[0-9X]")
LARGEST = Decimal(10) ** 2000
"""Beyond this a computation says nothing any more."""


class NotApplicable(Exception):
    """An operand is absent or of another kind: the rule says nothing about these answers."""


# -- literals --------------------------------------------------------------------------------------------------


def literal_value(token: Token) -> tuple[Kind, Any]:
    text = str(token)
    if token.type in ("INT_LIT", "UINT_LIT", "FLOAT_LIT"):
        if "x" in text.lower():
            return INTEGER, Decimal(int(text.rstrip("uU"), 16))
        kind = NUMBER if token.type == "FLOAT_LIT" else INTEGER
        return kind, Decimal(text.rstrip("uU"))
    if token.type == "BOOL_LIT":
        return BOOL, text == "true"
    if token.type in ("STRING_LIT", "MLSTRING_LIT"):
        return TEXT, _unquote(text)
    raise ExpressionError(f"规则里不支持这种常量：{text}")


def _unquote(text: str) -> str:
    raw = text[:1] in "rR"
    body = text[1:] if raw else text
    body = body[3:-3] if body[:3] in ('"""', "'''") else body[1:-1]
    return body if raw else _ESCAPE.sub(_escaped, body)


_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\?\"'`])|[xX]([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-3][0-7]{2})|(.|$))", re.S
)
_SHORT = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _escaped(match: re.Match[str]) -> str:
    if match[1]:
        return _SHORT.get(match[1], match[1])
    digits = match[2] or match[3] or match[4]
    point = int(digits, 16) if digits else int(match[5], 8) if match[5] else -1
    if not 0 <= point <= 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        raise ExpressionError(f"规则的文字里不能写 {match[0]}")
    return chr(point)


# -- what operators do -----------------------------------------------------------------------------------------


def truth_of(run: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], bool]:
    """A function that gives yes or no, and does not apply where the value is neither."""

    def truth(scope: dict[str, Any]) -> bool:
        value = run(scope)
        if not isinstance(value, bool):
            raise NotApplicable("condition")
        return value

    return truth


def equal(a: object, b: object) -> bool:
    if type(a) is str and type(b) is str:  # the commonest by far
        return a == b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    return isinstance(a, bool) is isinstance(b, bool) and bool(a == b)


def compare(a: object, b: object) -> int:
    if type(a) is not type(b) or not isinstance(a, Decimal | str | bool):
        raise NotApplicable("operands")
    left: Any = a
    return int(left > b) - int(left < b)


ORDER: dict[str, Callable[[int], bool]] = {
    "relation_lt": lambda order: order < 0,
    "relation_le": lambda order: order <= 0,
    "relation_gt": lambda order: order > 0,
    "relation_ge": lambda order: order >= 0,
}


def arithmetic(a: object, b: object, work: Callable[[Any, Any], Any]) -> object:
    if not isinstance(a, Decimal) or not isinstance(b, Decimal):
        raise NotApplicable("operands")
    try:
        found = work(a, b)
    except DecimalException as error:
        raise NotApplicable("arithmetic") from error
    if abs(found) > LARGEST:
        raise NotApplicable("arithmetic")
    return found


def plus(a: object, b: object) -> object:
    if isinstance(a, str | list) and type(a) is type(b):
        left: Any = a
        return left + b
    return arithmetic(a, b, EXACT.add)


def minus(a: object, b: object) -> object:
    return arithmetic(a, b, EXACT.subtract)


def _modulo(a: Decimal, b: Decimal) -> Decimal:
    if a != a.to_integral_value() or b != b.to_integral_value():
        raise NotApplicable("arithmetic")  # CEL has it for integers alone
    return a % b


PRODUCTS: dict[str, Callable[[Any, Any], Any]] = {
    "multiplication_mul": lambda a, b: arithmetic(a, b, EXACT.multiply),
    "multiplication_div": lambda a, b: arithmetic(a, b, lambda x, y: x / y),
    "multiplication_mod": lambda a, b: arithmetic(a, b, _modulo),
}


def sum_kind(left: Kind, right: Kind) -> Kind:
    if left == right:
        return left
    return NUMBER if is_number(left) and is_number(right) else right if left == ANY else left


# -- functions -------------------------------------------------------------------------------------------------


class Function(NamedTuple):
    """``takes`` the kinds of each argument (``least`` of them at least), ``items`` those inside a list."""

    work: Callable[..., Any]
    takes: tuple[tuple[str, ...], ...]
    gives: Kind
    items: tuple[str, ...] = ()
    least: int = 0


def _sum(values: object) -> Decimal:
    if not isinstance(values, list) or not all(isinstance(v, Decimal) for v in values):
        raise NotApplicable("sum")
    return total(values)


def _size(value: object) -> Decimal:
    if not isinstance(value, list | str | dict):
        raise NotApplicable("size")
    return Decimal(len(value))


def _age(birth: object, on: object) -> Decimal:
    if not isinstance(birth, str) or not isinstance(on, str) or not len(birth) == len(on) == 10:
        raise NotApplicable("age")
    try:
        return Decimal(age_on(birth, on))
    except ValueError as error:
        raise NotApplicable("age") from error


def _of_id(index: int) -> Callable[[Any], str]:
    """A fact that an 18-digit identity number states; numbers that state none say nothing."""

    def run(value: object) -> str:
        if not isinstance(value, str) or not _ID_NUMBER.fullmatch(value):  # its check digit is its format's affair
            raise NotApplicable("identity number")
        return stated_facts(value)[index]

    return run


def _as_number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[-+]?[0-9]{1,300}(\.[0-9]{1,300})?", value):
        raise NotApplicable("double")
    return Decimal(value)


def _as_text(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        raise NotApplicable("string")
    return value


def _texts(method: Callable[[str, str], Any]) -> Callable[[Any, Any], Any]:
    def run(value: object, other: object) -> object:
        if not isinstance(value, str) or not isinstance(other, str):
            raise NotApplicable("text")
        return method(value, other)

    return run


def _slice(value: object, start: object, end: object = None) -> str:
    size = Decimal(len(value)) if isinstance(value, str) else Decimal(0)
    end = size if end is None else end
    if not isinstance(value, str) or not isinstance(start, Decimal) or not isinstance(end, Decimal):
        raise NotApplicable("substring")
    if not 0 <= start <= end <= size or start % 1 or end % 1:
        raise NotApplicable("substring")
    return value[int(start) : int(end)]


_NUMBERS, _TEXT, _SIZED = ("number", "integer"), ("text",), ("list", "text", "record")
_TWO_TEXTS = (_TEXT, _TEXT)
FUNCTIONS: dict[str, Function] = {
    "sum": Function(_sum, (("list",),), NUMBER, ("number", "integer", "any")),
    "count": Function(_size, (("list",),), INTEGER),
    "size": Function(_size, (_SIZED,), INTEGER),
    "age": Function(_age, _TWO_TEXTS, INTEGER),
    "birth_date_of": Function(_of_id(0), (_TEXT,), TEXT),
    "sex_of": Function(_of_id(1), (_TEXT,), TEXT),
    "int": Function(lambda value: Decimal(int(_as_number(value))), ((*_NUMBERS, *_TEXT),), INTEGER),
    "double": Function(_as_number, ((*_NUMBERS, *_TEXT),), NUMBER),
    "string": Function(_as_text, ((*_NUMBERS, *_TEXT, "bool"),), TEXT),
}
METHODS: dict[str, Function] = {
    "size": Function(_size, (_SIZED,), INTEGER),
    "contains": Function(_texts(lambda value, other: other in value), _TWO_TEXTS, BOOL),
    "startsWith": Function(_texts(str.startswith), _TWO_TEXTS, BOOL),
    "endsWith": Function(_texts(str.endswith), _TWO_TEXTS, BOOL),
    "matches": Function(_texts(lambda value, other: matches(other, value)), _TWO_TEXTS, BOOL),
    "substring": Function(_slice, (_TEXT, _NUMBERS, _NUMBERS), TEXT, least=2),
}
