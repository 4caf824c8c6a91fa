"""The fixed list of named functions that compute values (the ``derive`` binding and ``x-derive``).

Every function takes the values of its sources and named parameters and returns a value, or ``MISSING`` where its
sources do not allow one. Numbers are ``Decimal`` inside; ``as_type`` gives them the form the receiving schema wants.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..decimals import EXACT, number, rounded, total
from ..formats import FORMATS, age_on, stated_facts
from ..paths import MISSING, subject_of
from ..rows import Scope
from ..words import said

_CITIZEN_ID = FORMATS["citizen-id"]


Function = Callable[[list[Any], dict[str, Any]], Any]


def look_up(scope: Scope, path: str) -> object:
    """The value at ``path``, MISSING where there is none; a column asked of the whole answers gives all its values."""
    value = scope.get(path, MISSING)
    name = subject_of(path)
    if value is not MISSING or name == path or getattr(scope, "prefix", "") == name + ".":
        return value
    rows = scope.get(name, MISSING)
    return [row.get(path, MISSING) for row in rows] if isinstance(rows, list) else MISSING


def _copy(args: list[Any], _: dict[str, Any]) -> object:
    return args[0]


def _of_citizen_id(index: int) -> Function:
    def run(args: list[Any], _: dict[str, Any]) -> object:
        text = args[0]
        if not isinstance(text, str):
            return MISSING
        return stated_facts(text)[index] if _CITIZEN_ID.check(text) else MISSING  # 居住证 numbers are among these

    return run


def _age(args: list[Any], _: dict[str, Any]) -> object:
    if not all(isinstance(a, str) and FORMATS["date"].check(a) for a in args):
        return MISSING
    return Decimal(age_on(args[0], args[1]))


def _row_number(args: list[Any], params: dict[str, Any]) -> object:
    position = int(params.get("index", 0)) + 1
    return f"{params['prefix']}{position}" if "prefix" in params else Decimal(position)


def _flat(args: list[Any]) -> list[Any]:
    out: list[Any] = []
    for arg in args:
        out.extend(arg if isinstance(arg, list) else [arg])
    return [value for value in out if value is not MISSING]


def _count(args: list[Any], _: dict[str, Any]) -> object:
    return MISSING if args[0] is MISSING else Decimal(len(_flat(args)))


def _sum(args: list[Any], _: dict[str, Any]) -> object:
    found = [number(value) for value in _flat(args)]
    return total(n for n in found if n is not None) if found and None not in found else MISSING


def _product(args: list[Any], params: dict[str, Any]) -> Any:
    out = Decimal(1)
    for value in args:
        factor = number(value)
        if factor is None:
            return MISSING
        out = EXACT.multiply(out, factor)
    return _rounded(out, params)


def _scale(args: list[Any], params: dict[str, Any]) -> object:
    """A share of one number: ``factor`` times it."""
    found = number(args[0])
    return MISSING if found is None else _rounded(EXACT.multiply(found, Decimal(str(params["factor"]))), params)


def _rounded(value: Decimal, params: dict[str, Any]) -> Decimal:
    return rounded(value, int(params.get("decimals", 4)))


def _sum_product(args: list[Any], params: dict[str, Any]) -> object:
    if not args or any(not isinstance(column, list) for column in args):
        return MISSING
    products = [_product(list(row), params) for row in zip(*args, strict=True)]
    return total(products) if products and MISSING not in products else MISSING


def _share_percent(args: list[Any], params: dict[str, Any]) -> object:
    part, whole = number(args[0]), number(args[1])
    return _rounded(EXACT.divide(part * 100, whole), params) if part is not None and whole else MISSING


def _join(args: list[Any], params: dict[str, Any]) -> object:
    parts = [said(value) for value in args if value is not MISSING]
    parts = [part for part in parts if part]
    return str(params.get("separator", "")).join(parts) if parts else MISSING


FUNCTIONS: dict[str, Function] = {
    "copy": _copy,
    "sex_of_citizen_id": _of_citizen_id(1),
    "birth_date_of_citizen_id": _of_citizen_id(0),
    "age": _age,
    "row_number": _row_number,
    "count": _count,
    "sum": _sum,
    "product": _product,
    "scale": _scale,
    "sum_product": _sum_product,
    "share_percent": _share_percent,
    "join": _join,
}
