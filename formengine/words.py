"""A value as people read it: 是 and 否, numbers as they are written, dates, addresses in one line, titles for codes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .paths import MISSING

YES, NO = "是", "否"
NO_TITLES: Mapping[Any, str] = {}


def yes_no(value: bool) -> str:
    """是 or 否."""
    return YES if value else NO


def plain(number: int | float | Decimal) -> str:
    """A number as people write it: no exponent, no needless zeros."""
    found = number if isinstance(number, Decimal) else Decimal(repr(number))
    text = format(found, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def said(value: object, titles: Mapping[Any, str] = NO_TITLES) -> str:
    """Any value as one line: nothing for null, titles for codes, an address as its parts in a row, lists with 、."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return yes_no(value)
    if isinstance(value, dict):
        return "".join(said(part) for part in value.values())
    if isinstance(value, list):
        return "、".join(said(part, titles) for part in value if part is not MISSING)
    if isinstance(value, int | float | Decimal):
        return titles.get(value) or plain(value)
    return titles.get(value, str(value))


def day(year: int, month: int, date: int) -> str:
    """A date as it is printed: 2026年03月08日."""
    return f"{year}年{month:02d}月{date:02d}日"
