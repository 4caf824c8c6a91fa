"""Looking at answers as the engine does: what is visible, what is computed, row by row."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from .conditions import MISSING
from .form import MergedForm, Step
from .functions import FUNCTIONS, as_type, look_up
from .model import keys_of

Row = dict[str, Any]


class RowValues(dict[str, Any]):
    """One row's columns by path; anything else is looked up in the answers around it."""

    def __init__(self, around: dict[str, Any], name: str) -> None:
        super().__init__()
        self.around, self.prefix = around, name + "."

    def get(self, path: str, default: Any = None) -> Any:
        """The column, or the value outside the list."""
        if path in self:
            return self[path]
        return default if path.startswith(self.prefix) else self.around.get(path, default)


class Resolved:
    """Answers resolved against a form.

    ``stored`` holds what is asked and visible, ``values`` also what is computed or fixed. With ``suggest`` an
    unanswered field takes the value that is suggested for it; ``given`` holds those: ``{(path, row's index or None):
    value}``.
    """

    def __init__(
        self, form: MergedForm, answers: Any, issued: dict[str, Any] | None = None, *, suggest: bool = False
    ) -> None:
        self.form, self.answers = form, answers if isinstance(answers, dict) else {}
        self.suggest = suggest
        self.given: dict[tuple[str, int | None], Any] = {}
        self.stored: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.values[""] = self.stored
        self.values.update(form.plan.static)
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
            rows = dict.get(self.values, step.table)
            if rows:
                for stored, values in zip(dict.get(self.stored, step.table, ()), rows, strict=True):
                    self._settle(step, stored, values, dict.get(stored, "#raw"))
        else:
            self._settle(step, self.stored, self.values, self.answers)

    def _open_list(self, name: str) -> None:
        rows = self.answers.get(name, MISSING)
        if rows is MISSING:
            return
        if not isinstance(rows, list):
            self.stored[name] = rows
            return
        self.stored[name], self.values[name] = [], []
        for index, (row, row_id) in enumerate(zip(rows, row_ids(rows), strict=True)):
            stored, values = RowValues(self.stored, name), RowValues(self.values, name)
            values[""], values["#"] = stored, index
            stored["#raw"], stored["#id"] = row, row_id
            self.stored[name].append(stored)
            self.values[name].append(values)

    def _settle(self, step: Step, stored: Any, values: Any, node: Any) -> None:
        for when, derivation in step.cases:
            if when(stored):
                value = compute(derivation, values, step.raw)
                if value is not MISSING:
                    values[step.path] = value
                return
        for key in step.keys:
            if not isinstance(node, dict) or key not in node:
                self._suggest(step, stored, values)
                return
            node = node[key]
        if step.always or step.visible(stored):
            stored[step.path] = values[step.path] = node

    def _suggest(self, step: Step, stored: Any, values: Any) -> None:
        if not (self.suggest and step.suggestions and (step.always or step.visible(stored))):
            return
        value = suggested(step.suggestions, stored, values, step.raw)
        if value is not MISSING:
            stored[step.path] = values[step.path] = value
            self.given[step.path, values.get("#") if step.table else None] = value

    def visible_answers(self) -> dict[str, Any]:
        """The answers without anything that is not asked: what a submission consists of."""
        out: dict[str, Any] = {}
        for path, value in self.stored.items():
            if path in self.form.library.lists and isinstance(value, list):
                out[path] = [self._row_answers(row) for row in value]
            else:
                put(out, path, value)
        return out

    def texts(self) -> Iterator[tuple[str, int | None, tuple[Any, ...], str]]:
        """Every text that is visible: its path, its row's index in a table, the keys inside the value, the text."""
        for path, value in self.stored.items():
            if path in self.form.library.lists and isinstance(value, list):
                for index, row in enumerate(value):
                    for column, cell in row.items():
                        if not column.startswith("#"):
                            yield from ((column, index, keys, text) for keys, text in texts_in(cell, ()))
            else:
                yield from ((path, None, keys, text) for keys, text in texts_in(value, ()))

    def _row_answers(self, row: Row) -> Any:
        raw = row["#raw"]
        if not isinstance(raw, dict):
            return raw
        kept = {"id": raw["id"]} if "id" in raw else {}
        return {**kept, **{path.partition(".")[2]: v for path, v in row.items() if not path.startswith("#")}}


def texts_in(value: Any, keys: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text in a value, with the keys that lead to it."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts_in(inner, (*keys, key))


def completed(form: MergedForm, answers: Any) -> dict[str, Any]:
    """The answers with every suggestion written in where nothing was answered; the given answers are not changed."""
    resolved = Resolved(form, answers, suggest=True)
    full: dict[str, Any] = copy.deepcopy(resolved.answers)
    for (path, row), value in resolved.given.items():
        if row is None:
            if isinstance(full.get(keys_of(path)[0], {}), dict):
                put(full, path, copy.deepcopy(value))
        elif isinstance(full[path.partition(".")[0]][row], dict):
            full[path.partition(".")[0]][row][path.partition(".")[2]] = copy.deepcopy(value)
    return full


def suggested(suggestions: Any, stored: Any, values: Any, raw: dict[str, Any]) -> Any:
    """The value that the first suggestion whose test holds gives, or MISSING."""
    for when, suggestion in suggestions:
        if when(stored):
            derivation = suggestion.derivation
            return compute(derivation, values, raw) if derivation else suggestion.value
    return MISSING


def compute(derivation: Any, values: Any, raw: dict[str, Any]) -> Any:
    """The value a derivation gives, or MISSING."""
    args = [look_up(values, source) for source in derivation.sources]
    params = {**dict(derivation.params), "index": values.get("#", 0)}
    return as_type(FUNCTIONS[derivation.function](args, params), raw)


def raw_value(answers: Any, path: str) -> Any:
    """The value at a path of nested answers, or MISSING."""
    node = answers
    for key in keys_of(path):
        if not isinstance(node, dict) or key not in node:
            return MISSING
        node = node[key]
    return node


def put(answers: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path, making the objects on the way."""
    *way, last = keys_of(path)
    node = answers
    for key in way:
        node = node.setdefault(key, {})
    node[last] = value


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
