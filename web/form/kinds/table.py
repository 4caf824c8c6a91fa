"""A table: rows, each with its id and the columns that stood on the page."""

from __future__ import annotations

from typing import Any

from formengine import MISSING, name_of
from web.cases.given import GivenRow

from ..entries import Data, Described, Entry, Kind, Names
from ..protocol import ROW_ID, ROWS, SHOWN, row_numbers


class Table(Kind):
    """Rows; those that are left wholly empty are dropped."""

    name = "table"

    def fits(self, one: Described) -> bool:
        return one.field.kind == "list"

    def read(self, entry: Entry, name: str, data: Data) -> object:
        numbers = row_numbers(data.getlist(f"{name}{ROWS}"))
        rows = [self._row(entry, f"{name}/{number}", data) for number in numbers]
        return [row for row in rows if row is not None] or MISSING

    def _row(self, entry: Entry, prefix: str, data: Data) -> GivenRow | None:
        there = set(str(data.get(f"{prefix}/{SHOWN}", "")).split())
        columns = [column for column in entry.columns if column.path in there]
        cells = {c.path: c.kind.answer(c, f"{prefix}/{name_of(c.path)}", data) for c in columns}
        if cells and all(value is MISSING for value in cells.values()):
            return None
        return GivenRow(str(data.get(f"{prefix}/{ROW_ID}", ""))[:64], cells)

    def strays(self, entry: Entry, value: object) -> list[Any]:
        return [] if isinstance(value, list) else [value]

    def said(self, entry: Entry, value: object, names: Names) -> str:
        return f"{len(value)} 行" if isinstance(value, list) else super().said(entry, value, names)
