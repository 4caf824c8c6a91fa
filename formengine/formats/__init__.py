"""The formats that schemas name: what a value must look like, why one is refused, and a value that passes.

``FORMATS`` is the one table (``format_table``; one entry is a ``Format``, see ``format_kind``). Both validators get
their checks from it, so that they cannot differ: ``python_checker`` for jsonschema, ``rust_formats`` for jsonschema-rs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import jsonschema

from .kind import Format, Predicate
from .table import FORMATS
from .writing import named, one_writing, unprintable

__all__ = [
    "FORMATS",
    "Format",
    "age_on",
    "facts_of_citizen_id",
    "named",
    "normalise",
    "one_writing",
    "python_checker",
    "rust_formats",
    "stated_facts",
    "unprintable",
]


def normalise(format_name: str, text: str) -> str:
    """``text`` as the format wants it written; text of any other format (names, addresses) is returned unchanged."""
    entry = FORMATS.get(format_name)
    return entry.normalise(text) if entry else text


def facts_of_citizen_id(text: str) -> tuple[str, str]:
    """Birth date (ISO) and sex (GB/T 2261.1: ``1`` male, ``2`` female) that an 18-digit identity number states.

    The number of a citizen, a 港澳台居民居住证 or a 2023 外国人永久居留身份证; anything else raises ``ValueError``.
    """
    valid = FORMATS["citizen-id"].check(text) or FORMATS["foreign-permanent-residence"].check(text)
    if not valid or len(text) != 18:
        raise ValueError("not an 18-digit identity number")
    return stated_facts(text)


def stated_facts(text: str) -> tuple[str, str]:
    """The same of a number that is known to be one."""
    return f"{text[6:10]}-{text[10:12]}-{text[12:14]}", "1" if text[16] in "13579" else "2"


def age_on(birth_date: str, today: str | date) -> int:
    """Full years of age (周岁) on a day, complete on the birthday.

    Who was born on 29 February completes a year on 28 February of common years (民法典 第二百零二条, 月末日).
    """
    born = date.fromisoformat(birth_date)
    now = date.fromisoformat(today) if isinstance(today, str) else today
    month_end = born.month == 2 and born.day == 29 and not _is_leap(now.year)
    return now.year - born.year - ((now.month, now.day) < (born.month, 28 if month_end else born.day))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def python_checker() -> jsonschema.FormatChecker:
    """A format checker for jsonschema that knows our formats and no others; only strings are judged."""
    checker = jsonschema.FormatChecker(formats=())
    for name, entry in FORMATS.items():
        checker.checks(name)(_strings_only(entry.check))
    return checker


def _strings_only(check: Predicate) -> Callable[[Any], bool]:
    return lambda value: not isinstance(value, str) or check(value)


def rust_formats() -> dict[str, Callable[[str], bool]]:
    """Our formats for ``jsonschema_rs.validator_for(..., validate_formats=True, formats=...)``, strings only."""
    return {name: entry.check for name, entry in FORMATS.items()}
