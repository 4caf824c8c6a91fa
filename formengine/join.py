"""Joining: the filings of a case give the submission again, as far as they carry it whole. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .bindings import Binding, Choose, Option, Rows
from .clauses import BoundForm
from .form import MergedForm
from .model import Field, Filing
from .resolve import Row, put


def join(form: MergedForm, filings: Mapping[str, Filing]) -> dict[str, Any]:
    """The answers that the filings carry whole: ``{"facts": …, "entity": {…}, "staff": [{"id": …}]}``.

    Left out is what only lossy bindings carry (``lossy``) and what is computed. Rows are matched by their ids.
    """
    joiner = _Joiner(form)
    for one in form.bound:
        filing = filings.get(one.form.id)
        if filing is not None:
            joiner.take(one, filing)
    return joiner.answers()


def lossy(form: MergedForm) -> list[str]:
    """The paths of asked fields that no filing carries whole, in the form's order."""
    carried = _Joiner(form).carried
    return [
        path
        for path, field in form.fields.items()
        if field.asked and field.kind in ("element", "own", "guide") and path not in carried
    ]


class _Joiner:
    def __init__(self, form: MergedForm) -> None:
        self.form = form
        self.flat: dict[str, Any] = {}
        self.rows: dict[str, dict[str, Row]] = {}
        self.orders: dict[str, list[tuple[str, ...]]] = {}
        self.options: dict[str, dict[Any, bool]] = {}
        self.carried = set(self._direct())

    def _direct(self) -> Iterator[str]:
        """The paths that some filing carries whole."""
        options: dict[str, set[Any]] = {}
        for one in self.form.bound:
            for binding in one.bindings.values():
                columns = [b for _, b in binding.columns] if isinstance(binding, Rows) else [binding]
                for inner in columns:
                    yield from self._carries(inner)
                    if isinstance(inner, Option):
                        options.setdefault(inner.path, set()).add(inner.code)
        for path, known in options.items():
            if path in self.form.fields and known >= {code for code, _ in self.form.fields[path].choices}:
                yield path

    def _carries(self, binding: Binding) -> Iterator[str]:
        if binding.lossless and not isinstance(binding, Choose | Rows | Option):
            yield from (path for path in binding.needs() if path in self.form.fields)

    def take(self, one: BoundForm, filing: Filing) -> None:
        for code, value in filing.values.items():
            binding = one.bindings.get(code)
            if code in filing.computed:
                continue
            if isinstance(binding, Rows):
                self._take_rows(code, binding, value, filing)
            elif isinstance(binding, Option):
                self.options.setdefault(binding.path, {})[binding.code] = value == binding.yes
            elif binding is not None and binding.lossless:
                for path, found in binding.inverse(value).items():
                    self.flat.setdefault(path, found)

    def _take_rows(self, code: str, binding: Rows, rows: list[dict[str, Any]], filing: Filing) -> None:
        ids = filing.rows.get(code, ())
        known = self.rows.setdefault(binding.table, {})
        self.orders.setdefault(binding.table, []).append(ids)
        columns = dict(binding.columns)
        for row_id, row in zip(ids, rows, strict=True):
            target = known.setdefault(row_id, {})
            for column, value in row.items():
                if columns[column].lossless and f"{code}/{row_id}/{column}" not in filing.computed:
                    for path, found in columns[column].inverse(value).items():
                        if path.startswith(binding.table + "."):
                            target.setdefault(path, found)

    def answers(self) -> dict[str, Any]:
        for path, found in self.options.items():
            if path not in self.flat and path in self.carried:
                chosen = [code for code, _ in self.form.fields[path].choices if found.get(code)]
                self.flat[path] = chosen
        out: dict[str, Any] = {"facts": self.form.facts} if self.form.facts else {}
        for path, field in self.form.fields.items():
            if not field.table and path in self.flat and self._answered(field):
                put(out, path, self.flat[path])
        for name, rows in self.rows.items():
            out[name] = [self._row(name, row_id, rows[row_id]) for row_id in merged_order(self.orders[name])]
        return out

    def _answered(self, field: Field) -> bool:
        return field.path in self.carried and field.kind != "fact"

    def _row(self, name: str, row_id: str, row: Row) -> dict[str, Any]:
        out: dict[str, Any] = {"id": row_id}
        for path, field in self.form.fields.items():
            if field.table == name and path in row and self._answered(field):
                out[path.partition(".")[2]] = row[path]
        return out


def merged_order(orders: list[tuple[str, ...]]) -> list[str]:
    """One order of ids that respects every table's own order, ties by first appearance."""
    after: dict[str, set[str]] = {}
    for order in orders:
        for index, row_id in enumerate(order):
            after.setdefault(row_id, set()).update(order[:index])
    out: list[str] = []
    waiting = list(after)
    while waiting:
        ready = next((r for r in waiting if after[r] <= set(out)), waiting[0])
        waiting.remove(ready)
        out.append(ready)
    return out
