"""Expressions in CEL, typed when they are compiled and evaluated on exact decimals.

The grammar and the parser are cel-python's; the meaning is ours, because a rule about money must not say that
0.1 + 0.2 is more than 0.3, because an absent operand has to make a rule not apply, and because it must be quick: an
expression is compiled once into closures. It differs from the CEL specification in this alone:

* every number is an exact decimal (CEL's ``int``, ``uint`` and ``double`` are one kind); what would mean something else
  on integers, their quotient, is refused;
* an absent value is CEL's error: it makes the whole not apply. Inside ``all``, ``exists``, ``exists_one``, ``map`` and
  ``filter`` it makes that element not apply, and the others decide;
* ``has(name)`` is allowed on a variable; ``sum(list)``, ``count(list)``, ``age(birth_date, on_date)`` and
  ``text.substring(start, end)`` are ours;
* what is not supported, or has the wrong kind, is refused when it is compiled.

Source: https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from lark import Token, Tree

from ..decimals import EXACT
from ..errors import ExpressionError, PatternError
from ..patterns import for_engine
from .kinds import ANY, BOOL, INTEGER, NUMBER, Kind, alike, is_number, list_of
from .macros import GATHER, outcomes, quantifier
from .operations import (
    FUNCTIONS,
    METHODS,
    ORDER,
    PRODUCTS,
    Function,
    NotApplicable,
    arithmetic,
    compare,
    equal,
    literal_value,
    minus,
    plus,
    sum_kind,
    truth_of,
)
from .parsing import LEAVES, MACROS, bare, columns_in, ident, items, parse, refuse, variables

Scope = dict[str, Any]


Run = Callable[[Scope], Any]


__all__ = ["ExpressionError", "NotApplicable", "compile_expression", "kind_of_expression", "variables"]


Kinds = tuple[tuple[str, Kind], ...]


class Part(NamedTuple):
    """A compiled expression: what kind of value it gives, and how."""

    kind: Kind
    run: Run


def compile_expression(text: str, kinds: Mapping[str, Kind] | None = None) -> Run:
    """Compile CEL to a function of the variables; raises ``ExpressionError``.

    ``kinds`` says what kind of value each variable has; where it is given, no other variable may be read.
    """
    return _compiled(text, None if kinds is None else tuple(sorted(kinds.items()))).run


def kind_of_expression(text: str, kinds: Mapping[str, Kind]) -> Kind:
    """The kind of value that an expression gives; raises ``ExpressionError``."""
    return _compiled(text, tuple(sorted(kinds.items()))).kind


@lru_cache(maxsize=4096)
def _compiled(text: str, kinds: Kinds | None) -> Part:
    known = None if kinds is None else dict(kinds)
    try:
        return _Compiler(known).build(parse(text))
    except RecursionError:
        raise ExpressionError("规则的括号嵌套太深") from None


class Each(NamedTuple):
    """A rule of the form ``table.all(row, test)``: the table's name, the columns it reads, the telling ones first, and
    the test of one row as a function of the variables and the row."""

    table: str
    columns: tuple[str, ...]
    test: Callable[[Scope, Any], Any]


def each_of(text: str, kinds: Mapping[str, Kind]) -> Each | None:
    """The expression taken apart, where it says something of every row of one table; None for any other."""
    node = bare(parse(text))
    if getattr(node, "data", "") != "member_dot_arg" or str(node.children[1]) != "all":
        return None
    target = bare(node.children[0])
    if getattr(target, "data", "") != "ident":
        return None
    table, (name, body) = str(target.children[0]), node.children[2].children
    variable = ident(name)
    inner = _Compiler({**kinds, variable: kinds.get(table, ANY).item or ANY}).build(body).run
    told = [*columns_in(body, variable, telling=True), *columns_in(body, variable)]
    return Each(table, tuple(dict.fromkeys(told)), lambda scope, row: inner({**scope, variable: row}))


class _Compiler:
    """Builds closures out of a parse tree, each with the kind of value it gives; ``known`` are the variables."""

    def __init__(self, known: dict[str, Kind] | None, loose: bool | None = None) -> None:
        self.known = known or {}
        self.loose = known is None if loose is None else loose

    def build(self, node: object) -> Part:
        rule = str(getattr(node, "data", ""))
        builder = getattr(self, f"_{rule}", None) if rule in _RULES else None
        if isinstance(node, Tree) and len(node.children) == 1 and rule not in LEAVES:
            return self.build(node.children[0])
        if builder is None:
            raise ExpressionError(f"规则里不支持这种写法：{_WORDS.get(rule, rule)}")
        found: Part = builder(node)
        return found

    # -- values ------------------------------------------------------------------------------------------------

    def _literal(self, node: Tree[Token]) -> Part:
        token = node.children[0]
        assert isinstance(token, Token)
        kind, value = literal_value(token)
        return Part(kind, lambda scope: value)

    def _list_lit(self, node: Tree[Token]) -> Part:
        parts = [self.build(child) for child in items(node, 0)]
        item = parts[0].kind if parts else ANY
        refuse((all(alike(item, part.kind) for part in parts), "列表里的值须是同一种"))
        runs = [part.run for part in parts]
        return Part(list_of(item), lambda scope: [run(scope) for run in runs])

    def _ident(self, node: Tree[Token]) -> Part:
        name = str(node.children[0])
        refuse((self.loose or name in self.known, f"没有名为“{name}”的栏目"))

        def run(scope: Scope) -> object:
            if name not in scope:
                raise NotApplicable(name)
            return scope[name]

        return Part(self.known.get(name, ANY), run)

    def _member_dot(self, node: Tree[Token]) -> Part:
        inner, key = self.build(node.children[0]), str(node.children[1])
        kind = _field(inner.kind, key)
        work = inner.run

        def run(scope: Scope) -> object:
            value = work(scope)
            if not isinstance(value, dict) or key not in value:
                raise NotApplicable(key)
            return value[key]

        return Part(kind, run)

    def _member_index(self, node: Tree[Token]) -> Part:
        inner, key = self.build(node.children[0]), self.build(node.children[1])
        refuse(
            (inner.kind.name in ("list", "any"), f"[ ] 前面须是列表，这里是{inner.kind}"),
            (is_number(key.kind), f"列表的第几项须是数，这里是{key.kind}"),
        )

        def run(scope: Scope) -> object:
            value, where = inner.run(scope), key.run(scope)
            if not isinstance(value, list) or not isinstance(where, Decimal) or where not in range(len(value)):
                raise NotApplicable("index")
            return value[int(where)]

        return Part(inner.kind.item or ANY, run)

    # -- logic -------------------------------------------------------------------------------------------------

    def _expr(self, node: Tree[Token]) -> Part:
        test, yes, no = (self.build(child) for child in node.children)
        refuse(
            (test.kind in (BOOL, ANY), f"? 前面须是“是否”，这里是{test.kind}"),
            (alike(yes.kind, no.kind), f"? 后面两个值须是同一种，这里是{yes.kind}和{no.kind}"),
        )
        decide = truth_of(test.run)
        kind = no.kind if yes.kind == ANY else yes.kind
        return Part(kind, lambda scope: yes.run(scope) if decide(scope) else no.run(scope))

    def _conditionalor(self, node: Tree[Token]) -> Part:
        return self._logical(node, "||", True)

    def _conditionaland(self, node: Tree[Token]) -> Part:
        return self._logical(node, "&&", False)

    def _logical(self, node: Tree[Token], sign: str, stop: bool) -> Part:
        """``&&`` (stop at False) and ``||`` (stop at True); a decided side wins over one that does not apply."""
        parts = [self.build(child) for child in node.children]
        for part in parts:
            refuse((part.kind in (BOOL, ANY), f"{sign} 的两边须是“是否”，这里是{part.kind}"))
        left, right = (truth_of(part.run) for part in parts)

        def run(scope: Scope) -> bool:
            try:
                first = left(scope)
            except NotApplicable:
                if right(scope) is stop:
                    return stop
                raise
            return stop if first is stop else right(scope)

        return Part(BOOL, run)

    def _unary(self, node: Tree[Token]) -> Part:
        sign, inner = str(getattr(node.children[0], "data", "")), self.build(node.children[1])
        if sign == "unary_not":
            refuse((inner.kind in (BOOL, ANY), f"! 后面须是“是否”，这里是{inner.kind}"))
            truth = truth_of(inner.run)
            return Part(BOOL, lambda scope: not truth(scope))
        refuse((is_number(inner.kind), f"负号后面须是数，这里是{inner.kind}"))
        return Part(inner.kind, lambda scope: arithmetic(Decimal(0), inner.run(scope), EXACT.subtract))

    # -- operators ---------------------------------------------------------------------------------------------

    def _relation(self, node: Tree[Token]) -> Part:
        """cel-python nests ``a <= b`` as relation(relation_le(relation(a)), addition(b))."""
        sign, left, right = self._sides(node)
        if sign == "relation_in":
            return self._inside(left, right)
        refuse((alike(left.kind, right.kind), f"不能拿{left.kind}和{right.kind}比较"))
        if sign in ("relation_eq", "relation_ne"):
            wanted = sign == "relation_eq"
            return Part(BOOL, lambda scope: equal(left.run(scope), right.run(scope)) is wanted)
        for side in (left, right):
            refuse((side.kind.name not in ("list", "record"), f"{side.kind}不能比大小"))
        work = ORDER[sign]
        return Part(BOOL, lambda scope: work(compare(left.run(scope), right.run(scope))))

    def _inside(self, left: Part, right: Part) -> Part:
        refuse((right.kind.name in ("list", "any"), f"in 后面须是列表，这里是{right.kind}"))
        item = right.kind.item or ANY
        refuse((alike(left.kind, item), f"列表里是{item}，不会有{left.kind}"))

        def run(scope: Scope) -> bool:
            value, values = left.run(scope), right.run(scope)
            if not isinstance(values, list):
                raise NotApplicable("in")
            return any(equal(value, one) for one in values)

        return Part(BOOL, run)

    def _addition(self, node: Tree[Token]) -> Part:
        sign, left, right = self._sides(node)
        kinds = (left.kind, right.kind)
        if sign == "addition_add" and not all(is_number(kind) for kind in kinds):
            joined = alike(*kinds) and all(kind.name in ("text", "list", "any") for kind in kinds)
            refuse((joined, f"不能把{left.kind}和{right.kind}相加"))
        else:
            refuse((all(is_number(kind) for kind in kinds), f"{left.kind}和{right.kind}不能加减"))
        work = plus if sign == "addition_add" else minus
        return Part(sum_kind(*kinds), lambda scope: work(left.run(scope), right.run(scope)))

    def _multiplication(self, node: Tree[Token]) -> Part:
        sign, left, right = self._sides(node)
        refuse((is_number(left.kind) and is_number(right.kind), f"{left.kind}和{right.kind}不能乘除"))
        whole = left.kind == right.kind == INTEGER
        if sign == "multiplication_div":
            refuse((not whole, "两个整数相除在 CEL 里舍去小数，请写明小数，如 2.0"))
        work = PRODUCTS[sign]
        kind = INTEGER if whole else NUMBER
        return Part(kind, lambda scope: work(left.run(scope), right.run(scope)))

    def _sides(self, node: Tree[Token]) -> tuple[str, Part, Part]:
        first, second = node.children
        assert isinstance(first, Tree)
        return str(first.data), self.build(first.children[0]), self.build(second)

    # -- calls -------------------------------------------------------------------------------------------------

    def _ident_arg(self, node: Tree[Token]) -> Part:
        name, arguments = str(node.children[0]), items(node, 1)
        if name == "has":
            return self._has(arguments)
        refuse((name in FUNCTIONS, f"规则里没有函数 {name}；现有：{'、'.join(FUNCTIONS)}、has"))
        return self._call(name, FUNCTIONS[name], [self.build(one) for one in arguments])

    def _has(self, arguments: list[Any]) -> Part:
        refuse((len(arguments) == 1, "has 里须恰有一个栏目"))
        node = bare(arguments[0])
        refuse((getattr(node, "data", "") in ("ident", "member_dot"), "has 里须是一个栏目，如 has(a) 或 has(r.a)"))
        work = self.build(node).run

        def run(scope: Scope) -> bool:
            try:
                work(scope)
            except NotApplicable:
                return False
            return True

        return Part(BOOL, run)

    def _member_dot_arg(self, node: Tree[Token]) -> Part:
        name, arguments = str(node.children[1]), items(node, 2)
        target = self.build(node.children[0])
        if name in MACROS:
            return self._macro(name, target, arguments)
        refuse((name in METHODS, f"规则里没有方法 {name}；现有：{'、'.join([*MACROS, *METHODS])}"))
        if name == "matches":
            _check_pattern(arguments)
        return self._call(name, METHODS[name], [target, *(self.build(one) for one in arguments)])

    def _call(self, name: str, function: Function, parts: list[Part]) -> Part:
        least, most = function.least or len(function.takes), len(function.takes)
        refuse((least <= len(parts) <= most, f"{name} 要 {most} 个值，这里有 {len(parts)} 个"))
        for part, takes in zip(parts, function.takes, strict=False):
            fits = part.kind == ANY or part.kind.name in takes
            if part.kind.name == "list" and function.items:
                fits = fits and (part.kind.item or ANY).name in function.items
            refuse((fits, f"{name} 不能用在{part.kind}上"))
        runs, work = [part.run for part in parts], function.work
        return Part(function.gives, lambda scope: work(*(run(scope) for run in runs)))

    def _macro(self, name: str, target: Part, arguments: list[Any]) -> Part:
        refuse((target.kind.name in ("list", "any"), f"{name} 前面须是列表，这里是{target.kind}"))
        three = name == "map" and len(arguments) == 3
        refuse((len(arguments) == 2 or three, f"{name} 里须是一个变量名和一个式子"))
        variable = ident(arguments[0])
        inner = _Compiler({**self.known, variable: target.kind.item or ANY}, self.loose)
        bodies = [inner.build(one) for one in arguments[1:]]
        if name != "map" or three:
            refuse((bodies[0].kind in (BOOL, ANY), f"{name} 里的条件须是“是否”，这里是{bodies[0].kind}"))
            bodies[0] = Part(BOOL, truth_of(bodies[0].run))
        if name in ("all", "exists"):
            return Part(BOOL, quantifier(name, target.run, variable, bodies[0].run, stop=name == "exists"))
        gather, runs = GATHER[name], [body.run for body in bodies]

        def run(scope: Scope) -> object:
            rows = target.run(scope)
            if not isinstance(rows, list):
                raise NotApplicable(name)
            return gather(outcomes(rows, variable, scope, runs))

        kinds = {"map": list_of(bodies[-1].kind), "filter": target.kind}
        return Part(kinds.get(name, BOOL), run)


_RULES = frozenset(
    {"expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary", "member_dot"}
    | {"member_index", "member_dot_arg", "ident", "ident_arg", "list_lit", "literal"}
)


_WORDS = {
    "map_lit": "{…} 表",
    "member_object": "名称{…}",
    "dot_ident": "以点开头的名称",
    "dot_ident_arg": "以点开头的名称",
}


def _field(kind: Kind, key: str) -> Kind:
    """The kind of one field of a row."""
    refuse((kind.name in ("record", "any"), f"{kind}没有“{key}”这一栏"))
    known = dict(kind.fields or ())
    refuse((kind.fields is None or key in known, f"没有“{key}”这一栏；现有：{'、'.join(known)}"))
    return known.get(key, ANY)


def _check_pattern(arguments: list[Any]) -> None:
    """A pattern must stand there as it is, and be one that can be judged."""
    node: Any = arguments[0] if len(arguments) == 1 else None
    while isinstance(node, Tree) and len(node.children) == 1 and node.data != "literal":
        node = node.children[0]
    refuse((getattr(node, "data", "") == "literal", "matches 里须写明正则表达式"))
    try:
        for_engine(str(literal_value(node.children[0])[1]))
    except PatternError as error:
        raise ExpressionError(str(error)) from error
