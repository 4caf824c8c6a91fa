"""Rows of shared lists, as answers are looked at: what each holds, under which id, and what stands around its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Scope(Protocol):
    """What conditions and bindings read values from: by path; a list's path gives its rows, each a scope."""

    def get(self, path: str, default: Any = None, /) -> object:
        """The value at a path."""


class Cells:
    """The columns of one row by path, and behind them the answers around its list.

    ``place`` numbers the row among those it is shown with: in its list or, ``at`` another, in a department's table.
    """

    __slots__ = ("around", "columns", "place", "prefix", "row")

    def __init__(self, around: Scope, name: str, place: int = 0, row: Row | None = None) -> None:
        self.columns: dict[str, Any] = {}
        self.around, self.prefix, self.place, self.row = around, name + ".", place, row

    def get(self, path: str, default: Any = None, /) -> object:
        """The column, or the value outside the list."""
        if path in self.columns:
            return self.columns[path]
        return default if path.startswith(self.prefix) else self.around.get(path, default)

    def at(self, place: int) -> Cells:
        """The same row, numbered anew."""
        if place == self.place:
            return self
        found = Cells(self.around, self.prefix[:-1], place, self.row)
        found.columns = self.columns
        return found


@dataclass(slots=True, eq=False)
class Row:
    """One row of a list: its index, its id, what was given for it; what of it is asked (``stored``), and what is asked,
    computed or fixed (``values``)."""

    index: int
    id: str
    raw: Any
    stored: Cells
    values: Cells


def open_row(index: int, row_id: str, raw: Any, name: str, stored: Scope, values: Scope) -> Row:
    """A row of the list ``name`` that holds nothing yet, within what is stored and known around the list."""
    made = Row(index, row_id, raw, Cells(stored, name, index), Cells(values, name, index))
    made.stored.row = made.values.row = made
    return made


def row_ids(rows: list[Any]) -> list[str]:
    """Each row's id, no two alike; a row without one, or with one that stands already, is named by its place from 1."""
    given = [row.get("id") if isinstance(row, dict) else None for row in rows]
    taken, found = {one for one in given if isinstance(one, str)}, {}
    for index, one in enumerate(given):
        if not isinstance(one, str) or one in found:
            one = f"#{index + 1}"
            while one in taken:
                one = f"#{one}"
        found[one] = index
    return list(found)
