"""Looking at answers as the engine does: what is visible, what is computed, row by row."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from ..merging.computed import compute, suggested
from ..merging.form import MergedForm, Step
from ..paths import MISSING, Place, keys_of, name_of, put
from ..rows import Row, Scope, open_row, row_ids


class Resolved:
    """Answers resolved against a form.

    ``stored`` holds what is asked and visible, ``values`` also what is computed or fixed; ``rows`` the rows of each
    list. With ``suggest`` an unanswered field takes the value that is suggested for it; ``given`` holds those by their
    places.
    """

    def __init__(
        self, form: MergedForm, answers: object, issued: dict[str, Any] | None = None, *, suggest: bool = False
    ) -> None:
        self.form, self.answers = form, answers if isinstance(answers, dict) else {}
        self.suggest = suggest
        self.given: dict[Place, Any] = {}
        self.rows: dict[str, list[Row]] = {}
        self.stored: dict[str, Any] = {}
        self.values: dict[str, Any] = dict(form.plan.static)
        for element, value in (issued or {}).items():
            self.values[f"issued:{element}"] = value
        stored, values = self.stored, self.values
        for step in form.steps:
            if not step.plain:
                self._step(step)
                continue
            node: Any = self.answers
            try:
                for key in step.keys:
                    node = node[key]
            except (KeyError, TypeError, IndexError):
                continue
            if step.always or step.visible(stored):
                stored[step.path] = values[step.path] = node

    def _step(self, step: Step) -> None:
        if step.kind == "list":
            if step.visible(self.stored):
                self._open_list(step.path)
        elif step.table:
            for row in self.rows.get(step.table, ()):
                self._settle(step, row.stored, row.values, row.raw, row)
        else:
            self._settle(step, self.stored, self.values, self.answers, None)

    def _open_list(self, name: str) -> None:
        rows = self.answers.get(name, MISSING)
        if rows is MISSING:
            return
        if not isinstance(rows, list):
            self.stored[name] = rows
            return
        found = [
            open_row(index, row_id, raw, name, self.stored, self.values)
            for index, (raw, row_id) in enumerate(zip(rows, row_ids(rows), strict=True))
        ]
        self.rows[name] = found
        self.stored[name], self.values[name] = [row.stored for row in found], [row.values for row in found]

    def _settle(self, step: Step, stored: Scope, values: Scope, node: object, row: Row | None) -> None:
        """Write down what is stored, and what is known, of one field, in one row where it is a column."""
        kept, known = (self.stored, self.values) if row is None else (row.stored.columns, row.values.columns)
        for when, derivation in step.cases:
            if when(stored):
                found = compute(derivation, values, step.raw)
                if found is not MISSING:
                    known[step.path] = found
                return
        for key in step.keys:
            if not isinstance(node, dict) or key not in node:
                node = self._suggested(step, stored, values, row) if self.suggest and step.suggestions else MISSING
                break
            node = node[key]
        if node is not MISSING and (step.always or step.visible(stored)):
            kept[step.path] = known[step.path] = node

    def _suggested(self, step: Step, stored: Scope, values: Scope, row: Row | None) -> object:
        if not (step.always or step.visible(stored)):
            return MISSING
        value = suggested(step.suggestions, stored, values, step.raw)
        if value is not MISSING:
            self.given[Place(step.path, row.index if row else None)] = value
        return value

    def visible_answers(self) -> dict[str, Any]:
        """The answers without anything that is not asked: what a submission consists of."""
        out: dict[str, Any] = {}
        for path, value in self.stored.items():
            if path in self.rows:
                out[path] = [_row_answers(row) for row in self.rows[path]]
            else:
                put(out, path, value)
        return out

    def completed(self) -> dict[str, Any]:
        """The answers with every suggestion that was taken written in; the given answers are not changed."""
        if not self.given:
            return self.answers
        full: dict[str, Any] = copy.deepcopy(self.answers)
        for place, value in self.given.items():
            if isinstance(full.get(keys_of(place.path)[0], {}), dict | list):  # what is neither is kept, to be refused
                place.put(full, copy.deepcopy(value))
        return full

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Every text that is visible, with its place."""
        for path, value in self.stored.items():
            if path not in self.rows:
                yield from texts_in(value, Place(path))
            for row in self.rows.get(path, ()):
                for column, cell in row.stored.columns.items():
                    yield from texts_in(cell, Place(column, row.index))


def _row_answers(row: Row) -> object:
    if not isinstance(row.raw, dict):
        return row.raw
    kept = {"id": row.raw["id"]} if "id" in row.raw else {}
    return {**kept, **{name_of(path): value for path, value in row.stored.columns.items()}}


def texts_in(value: object, place: Place) -> Iterator[tuple[Place, str]]:
    """Every text in the value at a place, with its own place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts_in(inner, place._replace(keys=(*place.keys, key)))


def completed(form: MergedForm, answers: object) -> dict[str, Any]:
    """The answers with every suggestion written in where nothing was answered; the given answers are not changed."""
    return Resolved(form, answers, suggest=True).completed()
