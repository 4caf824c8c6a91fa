"""One failure as it is found, and where in the answers things stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..binding.base import Source
from ..conditions import Cond, paths_of
from ..merging.form import MergedForm
from ..paths import Place, pointer, subject_of
from .resolve import Resolved

MANY = 100
"""A list of more rows is one place where something depends on all of them."""
RANK = {
    "required": 0,
    "type": 1,
    "blank": 2,
    "enum": 3,
    "const": 3,
    "characters": 4,
    "format": 5,
    "declaration": 3,
    "min_rows": 6,
}
"""Which of several failures at one place is the most telling: the lowest."""


@dataclass
class Finding:
    """One failure: where, what, who refuses, and the pointers that the refusal depends on."""

    pointer: str
    path: str
    code: str
    params: dict[str, Any]
    source: Source
    reads: frozenset[str]
    message: str = ""
    rank: int = 0
    weak: bool = False


class Locator:
    """Where the values of a form stand in given answers."""

    def __init__(self, form: MergedForm, resolved: Resolved) -> None:
        self.form, self.resolved = form, resolved

    # -- pointers ----------------------------------------------------------------------------------------------

    def is_column(self, path: str) -> bool:
        """Whether a path is a column of a list."""
        known = self.form.fields.get(path)
        return bool(known and known.table)

    def pointer(self, path: str, index: int | None) -> str:
        """The pointer of a value, of a column in one row, or of its list where no row is meant."""
        if self.is_column(path):
            return pointer(subject_of(path)) if index is None else Place(path, index).pointer
        return Place(path).pointer

    def pointers(self, cond: Cond, index: int | None) -> frozenset[str]:
        """Everything that a condition reads, in one row where it is about one."""
        found: set[str] = set()
        for path in paths_of(cond):
            if self.is_column(path) and index is not None:
                found.add(self.pointer(path, index))
            else:
                found |= self.all_pointers(path)
        return frozenset(found)

    def asked_at(self, path: str) -> str:
        """Where a value outside tables can be changed: itself, or what it is computed from for these answers."""
        seen: set[str] = set()
        while (known := self.form.fields.get(path)) is not None and not known.table and path not in seen:
            seen.add(path)
            path = next(iter(known.sources_now(self.resolved.stored)), path)
        return path

    def all_pointers(self, path: str) -> set[str]:
        """Every place of a path: each row for a column, of a long list the list itself."""
        if not self.is_column(path):
            return {self.pointer(path, None)}
        name = subject_of(path)
        count = len(self.resolved.rows.get(name, ()))
        return {pointer(name)} if count > MANY else {self.pointer(path, i) for i in range(count)}

    def title(self, path: str) -> str:
        """What people call it."""
        known = self.form.fields.get(path)
        if known is not None:
            return known.title
        subject = self.form.library.subjects.get(path)
        return subject.title if subject else path

    def part_title(self, path: str, keys: list[Any]) -> str:
        """What people call a part of a value; empty where it has none of that name."""
        known = self.form.fields.get(path)
        parts = known.raw.get("properties", {}) if known else {}
        return str(parts[keys[0]].get("title", keys[0])) if keys and keys[0] in parts else ""
