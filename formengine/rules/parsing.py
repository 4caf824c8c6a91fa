"""Expressions parsed, and what can be read off them without computing: names, comparisons, tests of rows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from celpy.celparser import CELParseError, CELParser
from lark import Token, Tree

from ..errors import ExpressionError
from .operations import (
    literal_value,
)


def comparisons_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    """``(variable, range)`` of every comparison with a number that the expression demands of its variables: those that
    stand alone or are joined by ``&&``."""
    return list(_comparisons(parse(text)))


_BOUNDS = {
    "relation_lt": ("exclusiveMaximum", "exclusiveMinimum"),
    "relation_le": ("maximum", "minimum"),
    "relation_gt": ("exclusiveMinimum", "exclusiveMaximum"),
    "relation_ge": ("minimum", "maximum"),
    "relation_eq": ("const", "const"),
}


def _comparisons(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    node = bare(node)
    rule = str(getattr(node, "data", ""))
    if rule == "conditionaland":
        for child in node.children:
            yield from _comparisons(child)
    if rule != "relation" or str(node.children[0].data) not in _BOUNDS:
        return
    words = _BOUNDS[str(node.children[0].data)]
    left, right = bare(node.children[0].children[0]), bare(node.children[1])
    for name, value, word in ((left, right, words[0]), (right, left, words[1])):
        number = _number_in(value)
        if getattr(name, "data", "") == "ident" and number is not None:
            yield str(name.children[0]), {word: number}


def _number_in(node: Any) -> int | float | None:
    """The number that a literal is."""
    if getattr(node, "data", "") != "literal":
        return None
    value = literal_value(node.children[0])[1]
    if not isinstance(value, Decimal):
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def bare(node: object) -> Any:
    """A node without those around it that only hold it."""
    while isinstance(node, Tree) and len(node.children) == 1 and node.data not in LEAVES:
        node = node.children[0]
    return node


_LIMITS = frozenset({"relation_lt", "relation_le", "relation_gt", "relation_ge"})


def columns_in(node: object, variable: str, telling: bool = False) -> Iterator[str]:
    """The columns that a row's test reads; ``telling``: those that are measured against something."""
    if not isinstance(node, Tree):
        return
    if node.data == "member_dot" and not telling:
        holder = bare(node.children[0])
        if getattr(holder, "data", "") == "ident" and str(holder.children[0]) == variable:
            yield str(node.children[1])
    measured = telling and node.data == "relation" and getattr(node.children[0], "data", "") in _LIMITS
    for child in node.children:
        yield from columns_in(child, variable, telling and not measured)


@lru_cache(maxsize=4096)
def variables(text: str) -> frozenset[str]:
    """The names that the expression reads, macro variables excluded."""
    return frozenset(_free(parse(text), frozenset()))


@lru_cache(maxsize=1)
def _parser() -> CELParser:
    return CELParser()


@lru_cache(maxsize=4096)
def parse(text: str) -> Tree[Token]:
    if not isinstance(text, str) or len(text) > 10_000:
        raise ExpressionError("规则须是不超过一万字的文字")
    try:
        return _parser().parse(text)
    except CELParseError as error:
        raise ExpressionError(f"不是合法的 CEL 表达式：{text}（第 {error.line} 行第 {error.column} 列）") from error


def _free(node: object, bound: frozenset[str]) -> Iterator[str]:
    if not isinstance(node, Tree):
        return
    if node.data == "ident" and node.children[0] not in bound:
        yield str(node.children[0])
    if node.data == "member_dot_arg" and len(node.children) > 2 and str(node.children[1]) in MACROS:
        yield from _free(node.children[0], bound)
        name, *bodies = node.children[2].children
        inner = bound | {ident(name)}
        for body in bodies:
            yield from _free(body, inner)
        return
    for child in node.children:
        yield from _free(child, bound)


def ident(node: object) -> str:
    """The single name that a macro's first argument is."""
    while isinstance(node, Tree):
        if len(node.children) != 1 or node.data in ("literal", "list_lit", "dot_ident"):
            raise ExpressionError("all、exists、map、filter 的第一项须是一个变量名")
        node = node.children[0]
    return str(node)


def refuse(*found: tuple[bool, str]) -> None:
    """Raise the first sentence whose condition does not hold."""
    for holds, text in found:
        if not holds:
            raise ExpressionError(text)


MACROS = ("map", "filter", "all", "exists", "exists_one")


LEAVES = frozenset({"literal", "ident", "ident_arg", "list_lit", "dot_ident", "dot_ident_arg", "map_lit"})


def items(node: Tree[Token], index: int) -> list[Any]:
    if len(node.children) <= index:
        return []
    inner = node.children[index]
    return list(inner.children) if isinstance(inner, Tree) else []
