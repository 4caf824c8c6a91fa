"""Numbers as exact decimals: what JSON and decimal texts hold, and back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from math import isfinite

from .words import plain

EXACT = Context(prec=2000, rounding=ROUND_HALF_UP, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Decimals without rounding: the product of any three JSON numbers fits."""


def number(value: object) -> Decimal | None:
    """A JSON number or decimal string as an exact Decimal, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def as_type(value: object, schema: object) -> object:
    """Give a Decimal the JSON form that ``schema`` asks for: decimal string, integer or number."""
    if not isinstance(value, Decimal):
        return value
    kind = schema.get("type") if isinstance(schema, dict) else None
    if kind == "string":
        return plain(value)
    if kind == "integer" or value == value.to_integral_value():
        return int(value.to_integral_value(ROUND_HALF_UP))
    found = float(value)
    return found if isfinite(found) else int(value)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """A decimal to so many places, half up, however large it is."""
    return value.quantize(Decimal(1).scaleb(-decimals), context=EXACT)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    out = Decimal(0)
    for value in values:
        out = EXACT.add(out, value)
    return out
