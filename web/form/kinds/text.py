"""What is typed on a line or several: texts, numbers, dates."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from formengine import MISSING, said

from ..entries import Described, Entry, Kind, Names

TEXTAREA_FROM = 200
"""Texts that may be longer than this get several lines."""


class Typed(Kind):
    """Anything that is typed; an address that stands in its place is no text."""

    def inner(self, entry: Entry, name: str, value: object) -> list[Any]:
        return ["" if value is None or self.strays(entry, value) else said(value)]

    def strays(self, entry: Entry, value: object) -> list[Any]:
        return [] if isinstance(value, str | int | float) and not isinstance(value, bool) else [value]

    def said(self, entry: Entry, value: object, names: Names) -> str:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return f"{said(value)} {entry.unit}" if number and entry.unit else said(value)


class Text(Typed):
    """A line of text."""

    name = "text"

    def fits(self, one: Described) -> bool:
        return True

    def bind(self, entry: Entry, text: str) -> object:
        return entry.in_writing(text.replace("\r\n", "\n").strip()) or MISSING


class Textarea(Text):
    """Several lines of text."""

    name = "textarea"

    def fits(self, one: Described) -> bool:
        return one.max_length > TEXTAREA_FROM


class Number(Typed):
    """A number, full-width digits and thousands commas allowed."""

    name = "number"

    def fits(self, one: Described) -> bool:
        return one.type in ("number", "integer")

    def bind(self, entry: Entry, text: str) -> object:
        plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
        plain = plain.replace(",", "") if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain) else plain
        if re.fullmatch(r"-?[0-9]{1,15}", plain):
            return int(plain)
        if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,10}", plain):
            value = float(plain)
            return int(value) if entry.integer and value.is_integer() else value
        return text.strip() or MISSING


class Date(Typed):
    """A date: 2026-01-02, 2026年1月2日, 2026/1/2, 2026.1.2 or 20260102; half a date stays as it was typed."""

    name = line = "date"

    def fits(self, one: Described) -> bool:
        return one.format == "date"

    def bind(self, entry: Entry, text: str) -> object:
        plain = re.sub(r"\s*([-/.年月日])\s*", r"\1", unicodedata.normalize("NFKC", text).strip())
        found = re.fullmatch(r"([0-9]{4})[-/. 年]([0-9]{1,2})[-/. 月]([0-9]{1,2})日?", plain)
        found = found or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", plain)
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else (plain or MISSING)
