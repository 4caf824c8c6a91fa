"""Expressions in CEL, evaluated on exact decimals.

The grammar and the parser are cel-python's; the evaluation is ours, because a rule about money must not say that
0.1 + 0.2 is more than 0.3, because an absent operand has to make a rule not apply, and because it must be quick: an
expression is compiled once into closures. Beside CEL's own operators and macros there are ``sum(list)``,
``count(list)`` and ``age(birth_date, on_date)``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache
from typing import Any

from celpy.celparser import CELParseError, CELParser
from lark import Token, Tree

from .formats import FORMATS, age_on

Run = Callable[[dict[str, Any]], Any]


class NotApplicable(Exception):
    """An operand is absent or of another kind: the rule says nothing about these answers."""


class ExpressionError(Exception):
    """An expression that cannot be used; the text says why, in Chinese."""


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Run:
    """Compile CEL to a function of the variables; raises ``ExpressionError``."""
    return _build(_parse(text))


@lru_cache(maxsize=4096)
def variables(text: str) -> frozenset[str]:
    """The names that the expression reads, macro variables excluded."""
    return frozenset(_free(_parse(text), frozenset()))


def to_decimal(value: Any, *, texts: bool = False) -> Any:
    """JSON numbers as exact decimals, at any depth; decimal strings too where ``texts``."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, list):
        return [to_decimal(item) for item in value]
    if isinstance(value, dict):
        return {key: to_decimal(item) for key, item in value.items()}
    return Decimal(value) if texts and FORMATS["decimal"].check(value) else value


@lru_cache(maxsize=1)
def _parser() -> CELParser:
    return CELParser()


def _parse(text: str) -> Tree[Token]:
    try:
        return _parser().parse(text)
    except CELParseError as error:
        raise ExpressionError(f"不是合法的 CEL 表达式：{text}（第 {error.line} 行第 {error.column} 列）") from error


def _free(node: Any, bound: frozenset[str]) -> Iterator[str]:
    if not isinstance(node, Tree):
        return
    if node.data == "ident" and node.children[0] not in bound:
        yield str(node.children[0])
    if node.data == "member_dot_arg" and len(node.children) > 2 and _is_macro(node):
        yield from _free(node.children[0], bound)
        name, *bodies = node.children[2].children
        inner = bound | {_ident(name)}
        for body in bodies:
            yield from _free(body, inner)
        return
    for child in node.children:
        yield from _free(child, bound)


_MACROS = ("map", "filter", "all", "exists", "exists_one")


def _is_macro(node: Tree[Token]) -> bool:
    return str(node.children[1]) in _MACROS


def _ident(node: Any) -> str:
    while isinstance(node, Tree):
        node = node.children[0]
    return str(node)


def _build(node: Any) -> Run:
    rule = getattr(node, "data", None)
    builder = _BUILDERS.get(str(rule))
    if builder is not None:
        return builder(node)
    if isinstance(node, Tree) and len(node.children) == 1:
        return _build(node.children[0])
    raise ExpressionError(f"规则里不支持这种写法：{rule}")


def _literal(node: Tree[Token]) -> Run:
    token = node.children[0]
    assert isinstance(token, Token)
    value = _literal_value(token)
    return lambda scope: value


def _literal_value(token: Token) -> Any:
    text = str(token)
    if token.type in ("INT_LIT", "UINT_LIT", "FLOAT_LIT"):
        return Decimal(int(text, 16)) if "x" in text.lower() else Decimal(text.rstrip("uU"))
    if token.type == "BOOL_LIT":
        return text == "true"
    if token.type == "NULL_LIT":
        return None
    if token.type in ("STRING_LIT", "MLSTRING_LIT"):
        return _unquote(text)
    raise ExpressionError(f"规则里不支持这种常量：{text}")


def _unquote(text: str) -> str:
    raw = text[:1] in "rR"
    body = text[1:] if raw else text
    body = body[3:-3] if body[:3] in ('"""', "'''") else body[1:-1]
    return body if raw else re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), body)


def _name(node: Tree[Token]) -> Run:
    name = str(node.children[0])

    def run(scope: dict[str, Any]) -> Any:
        if name not in scope:
            raise NotApplicable(name)
        return scope[name]

    return run


def _logical(stop: bool) -> Callable[[Tree[Token]], Run]:
    """``&&`` (stop at False) and ``||`` (stop at True); a decided side wins over one that does not apply."""

    def build(node: Tree[Token]) -> Run:
        if len(node.children) == 1:
            return _build(node.children[0])
        left, right = _build(node.children[0]), _build(node.children[1])

        def run(scope: dict[str, Any]) -> Any:
            try:
                first = left(scope)
            except NotApplicable:
                if right(scope) is stop:
                    return stop
                raise
            return stop if first is stop else right(scope)

        return run

    return build


def _ternary(node: Tree[Token]) -> Run:
    if len(node.children) == 1:
        return _build(node.children[0])
    test, yes, no = (_build(child) for child in node.children)
    return lambda scope: yes(scope) if test(scope) is True else no(scope)


def _compare(a: Any, b: Any) -> int:
    if isinstance(a, bool) or isinstance(b, bool) or type(a) is not type(b) or not isinstance(a, Decimal | str):
        raise NotApplicable("operands")
    left: Any = a
    return int(left > b) - int(left < b)


def _arithmetic(a: Any, b: Any, work: Callable[[Any, Any], Any]) -> Any:
    if not isinstance(a, Decimal) or not isinstance(b, Decimal):
        raise NotApplicable("operands")
    try:
        return work(a, b)
    except (DivisionByZero, InvalidOperation) as error:
        raise NotApplicable("arithmetic") from error


def _plus(a: Any, b: Any) -> Any:
    if isinstance(a, str | list) and type(a) is type(b):
        return operator.add(a, b)
    return _arithmetic(a, b, lambda x, y: x + y)


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "relation_lt": lambda a, b: _compare(a, b) < 0,
    "relation_le": lambda a, b: _compare(a, b) <= 0,
    "relation_gt": lambda a, b: _compare(a, b) > 0,
    "relation_ge": lambda a, b: _compare(a, b) >= 0,
    "relation_eq": lambda a, b: a == b,
    "relation_ne": lambda a, b: a != b,
    "relation_in": lambda a, b: a in b,
    "addition_add": _plus,
    "addition_sub": lambda a, b: _arithmetic(a, b, lambda x, y: x - y),
    "multiplication_mul": lambda a, b: _arithmetic(a, b, lambda x, y: x * y),
    "multiplication_div": lambda a, b: _arithmetic(a, b, lambda x, y: x / y),
    "multiplication_mod": lambda a, b: _arithmetic(a, b, lambda x, y: x % y),
}


def _binary(node: Tree[Token]) -> Run:
    """cel-python nests ``a <= b`` as relation(relation_le(relation(a)), addition(b))."""
    if len(node.children) == 1:
        return _build(node.children[0])
    first, second = node.children
    assert isinstance(first, Tree)
    work = _OPERATORS[str(first.data)]
    left, right = _build(first.children[0]), _build(second)
    return lambda scope: work(left(scope), right(scope))


def _unary(node: Tree[Token]) -> Run:
    if len(node.children) == 1:
        return _build(node.children[0])
    first, second = node.children
    assert isinstance(first, Tree)
    inner = _build(second)
    if first.data == "unary_not":
        return lambda scope: inner(scope) is not True
    return lambda scope: _arithmetic(Decimal(0), inner(scope), lambda x, y: x - y)


def _member(node: Tree[Token]) -> Run:
    inner, key = _build(node.children[0]), str(node.children[1])

    def run(scope: dict[str, Any]) -> Any:
        value = inner(scope)
        if not isinstance(value, dict) or key not in value:
            raise NotApplicable(key)
        return value[key]

    return run


def _index(node: Tree[Token]) -> Run:
    inner, key = _build(node.children[0]), _build(node.children[1])

    def run(scope: dict[str, Any]) -> Any:
        value, where = inner(scope), key(scope)
        try:
            return value[int(where) if isinstance(value, list) else where]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise NotApplicable(str(where)) from error

    return run


def _list(node: Tree[Token]) -> Run:
    inner = node.children[0] if node.children else None
    parts = [_build(child) for child in inner.children] if isinstance(inner, Tree) else []
    return lambda scope: [part(scope) for part in parts]


def _arguments(node: Tree[Token], index: int) -> list[Any]:
    if len(node.children) <= index:
        return []
    inner = node.children[index]
    return list(inner.children) if isinstance(inner, Tree) else []


def _call(node: Tree[Token]) -> Run:
    name = str(node.children[0])
    arguments = _arguments(node, 1)
    if name == "has":
        present = _build(arguments[0])
        return lambda scope: _present(present, scope)
    if name not in _FUNCTIONS:
        raise ExpressionError(f"规则里没有函数 {name}；现有：{'、'.join(_FUNCTIONS)}、has")
    work, parts = _FUNCTIONS[name], [_build(a) for a in arguments]
    return lambda scope: work(*(part(scope) for part in parts))


def _present(inner: Run, scope: dict[str, Any]) -> bool:
    try:
        inner(scope)
    except NotApplicable:
        return False
    return True


def _method(node: Tree[Token]) -> Run:
    name, arguments = str(node.children[1]), _arguments(node, 2)
    target = _build(node.children[0])
    if name in _MACROS:
        variable, body = _ident(arguments[0]), _build(arguments[1])
        gather = _GATHER[name]

        def run_macro(scope: dict[str, Any]) -> Any:
            rows = target(scope)
            if not isinstance(rows, list):
                raise NotApplicable(name)
            return gather([(row, body({**scope, variable: row})) for row in rows])

        return run_macro
    if name not in _METHODS:
        raise ExpressionError(f"规则里没有方法 {name}；现有：{'、'.join([*_MACROS, *_METHODS])}")
    work, parts = _METHODS[name], [_build(a) for a in arguments]
    return lambda scope: work(target(scope), *(part(scope) for part in parts))


_GATHER: dict[str, Callable[[list[tuple[Any, Any]]], Any]] = {
    "map": lambda pairs: [out for _, out in pairs],
    "filter": lambda pairs: [row for row, out in pairs if out is True],
    "all": lambda pairs: all(out is True for _, out in pairs),
    "exists": lambda pairs: any(out is True for _, out in pairs),
    "exists_one": lambda pairs: sum(1 for _, out in pairs if out is True) == 1,
}


def _sum(values: Any) -> Decimal:
    if not isinstance(values, list) or not all(isinstance(v, Decimal) for v in values):
        raise NotApplicable("sum")
    return sum(values, Decimal(0))


def _size(value: Any) -> Decimal:
    if not isinstance(value, list | str | dict):
        raise NotApplicable("size")
    return Decimal(len(value))


def _age(birth: Any, on: Any) -> Decimal:
    if not all(isinstance(d, str) and FORMATS["date"].check(d) for d in (birth, on)):
        raise NotApplicable("age")
    return Decimal(age_on(birth, on))


def _as_number(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise NotApplicable("double") from error


def _text(method: Callable[[str, str], Any]) -> Callable[[Any, Any], Any]:
    def run(value: Any, other: Any) -> Any:
        if not isinstance(value, str) or not isinstance(other, str):
            raise NotApplicable("text")
        return method(value, other)

    return run


def _slice(value: Any, start: Any, end: Any = None) -> str:
    if not isinstance(value, str):
        raise NotApplicable("substring")
    return value[int(start) : None if end is None else int(end)]


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": _sum,
    "count": _size,
    "size": _size,
    "age": _age,
    "int": lambda value: Decimal(int(_as_number(value))),
    "double": _as_number,
    "string": str,
}
_METHODS: dict[str, Callable[..., Any]] = {
    "size": _size,
    "contains": _text(lambda value, other: other in value),
    "startsWith": _text(lambda value, other: value.startswith(other)),
    "endsWith": _text(lambda value, other: value.endswith(other)),
    "matches": _text(lambda value, other: re.search(other, value) is not None),
    "substring": _slice,
}
_BUILDERS: dict[str, Callable[[Any], Run]] = {
    "expr": _ternary,
    "conditionalor": _logical(True),
    "conditionaland": _logical(False),
    "relation": _binary,
    "addition": _binary,
    "multiplication": _binary,
    "unary": _unary,
    "member_dot": _member,
    "member_index": _index,
    "member_dot_arg": _method,
    "ident": _name,
    "ident_arg": _call,
    "list_lit": _list,
    "literal": _literal,
}
