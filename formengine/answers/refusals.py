"""What a department's own schema still refuses in its filing: limits that no clause over answers says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..binding.base import Binding, Source
from ..binding.bound import BoundForm
from ..binding.composed import Choose, Rows
from ..conditions import TRUE, paths_of
from ..judges import Failure, failures_of
from ..merging.form import MergedForm
from ..merging.rules import origins
from ..model import Filing
from .finding import Finding, Locator
from .resolve import Resolved

Reads = set[tuple[str, bool]]
"""Paths, each with whether it is read in every row of its table."""


class Refusals:
    """Looks at filings that a department refuses."""

    def __init__(self, form: MergedForm, resolved: Resolved, filings: dict[str, Filing]) -> None:
        self.form, self.resolved, self.filings = form, resolved, filings
        self.at = Locator(form, resolved)
        self.behind: dict[tuple[str, str, str], Reads] = {}
        self.places: dict[tuple[str, str], list[int]] = {}

    def findings(self) -> Iterator[Finding]:
        """What a department's own schema still refuses in its filing: limits that no clause over answers says."""
        for one in self.refusing():
            yield from self._refusals(one, self.filings[one.form.id].values)

    def refusing(self) -> Iterator[BoundForm]:
        """The forms whose own schema refuses their filing."""
        for one in self.form.bound:
            if not self.form.department_validators[one.form.id].is_valid(self.filings[one.form.id].values):
                yield one

    def unexplained(self, findings: list[Finding]) -> Iterator[Finding]:
        """A department that refuses, and nothing found says why: that is a mistake of its own, never silence."""
        for one in self.refusing():
            if not any(f.source.form in ("", one.form.id) for f in findings):
                source = Source(one.form.id, one.form.title)
                yield Finding("", "", "unexplained_form", {"form": one.form.title}, source, frozenset(), rank=99)

    def _refusals(self, one: BoundForm, values: dict[str, Any]) -> Iterator[Finding]:
        for failure in failures_of(self.form.department_validators[one.form.id], values):
            code, column, index = _field_of(failure)
            if code not in one.bindings:
                continue
            found = self._refusal(one, code, column, index, failure)
            if found is not None:
                yield found

    def _refusal(self, one: BoundForm, code: str, column: str, index: int | None, failure: Failure) -> Finding | None:
        binding, row, table = one.bindings[code], None, ""
        node = one.form.raw["properties"][code]
        if isinstance(binding, Rows) and column:
            table = binding.table
            ids = self._places(one, code)
            row = ids[index] if index is not None and index < len(ids) else None
            inner = dict(binding.columns).get(column)
            if inner is None:
                return None
            node, binding = node["items"]["properties"][column], inner
        anchor = self.at.asked_at(binding.anchor())
        label = str(node.get("title", code))
        known = self.form.fields.get(anchor)
        place = row if known is not None and known.table else None
        if known is not None and known.table and place is None:
            place = 0
        where = self.at.pointer(anchor, place)
        reads: set[str] = set()
        for path, all_rows in self._origins(one, code, column, binding, table):
            reads |= self.at.all_pointers(path) if all_rows or row is None else {self.at.pointer(path, row)}
        params = {
            "title": self.at.title(anchor),
            "form": one.form.title,
            "label": label,
            "detail": _detail(failure),
        }
        source = Source(one.form.id, label, code)
        return Finding(where, anchor, "residual", params, source, frozenset(reads - {where}), rank=90, weak=True)

    def _origins(self, one: BoundForm, code: str, column: str, binding: Binding, table: str) -> Reads:
        """Every path that a department's value rests on, worked out once for each of its fields."""
        key = (one.form.id, code, column)
        if key not in self.behind:
            paths = [*origins(binding), *self._deciders(one, code, binding)]
            self.behind[key] = {read for path in paths for read in self._behind_path(path, table)}
        return self.behind[key]

    def _deciders(self, one: BoundForm, code: str, binding: object) -> set[str]:
        return set(paths_of(one.visible.get(code, TRUE))) | (binding.guards() if isinstance(binding, Choose) else set())

    def _behind_path(self, path: str, table: str, all_rows: bool = False, seen: frozenset[str] = frozenset()) -> Reads:
        """A path and everything that it is computed from, or that decides about it, however far back; with each,
        whether it is read in every row of the table, because something outside the table reads it."""
        known = self.form.fields.get(path)
        all_rows = all_rows or not path.startswith(table + ".")
        if known is None or path in seen:
            return {(path, all_rows)}
        nearer = set(paths_of(known.when))
        for reach, derivation in known.derivations:
            nearer |= set(paths_of(reach)) | set(derivation.sources)
        return {(path, all_rows)}.union(*(self._behind_path(p, table, all_rows, seen | {path}) for p in nearer))

    def _places(self, one: BoundForm, code: str) -> list[int]:
        """The places, in the shared list, of the rows that a table selects."""
        binding, key = one.bindings[code], (one.form.id, code)
        assert isinstance(binding, Rows)
        if key not in self.places:
            self.places[key] = [row.place for row in binding.selected(self.resolved.values)]
        return self.places[key]


def _field_of(failure: Failure) -> tuple[str, str, int | None]:
    """The department's field a failure is about: ``(code, column, row)``."""
    path = failure.keys
    code = str(path[0]) if path else ""
    index = path[1] if len(path) > 1 and isinstance(path[1], int) else None
    column = str(path[2]) if len(path) > 2 and index is not None else ""
    return code, column, index


def _detail(failure: Failure) -> str:
    texts = {
        "maxLength": f"不能超过 {failure.limit} 个字",
        "minLength": f"不能少于 {failure.limit} 个字",
        "maximum": f"不能大于 {failure.limit}",
        "minimum": f"不能小于 {failure.limit}",
        "required": "不能为空",
    }
    return texts.get(failure.keyword, "不符合该表的限制")
