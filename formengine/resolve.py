"""Looking at answers as the engine does: what is visible, what is computed, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .conditions import MISSING
from .form import MergedForm
from .functions import FUNCTIONS, as_type
from .model import Field

Row = dict[str, Any]


class Values(dict[str, Any]):
    """Paths to values; a column path asked of the whole answers gives the list of its values."""

    def get(self, path: str, default: Any = None) -> Any:
        """The value at ``path``, or ``default``."""
        if path in self:
            return self[path]
        head = path.partition(".")[0]
        rows = dict.get(self, head)
        if head != path and isinstance(rows, list) and head in self.lists:
            return [dict.get(row, path, MISSING) for row in rows]
        return default

    lists: frozenset[str] = frozenset()


class RowValues(dict[str, Any]):
    """One row's columns by path; anything else is looked up in the answers around it."""

    def __init__(self, around: Values, name: str) -> None:
        super().__init__()
        self.around, self.prefix = around, name + "."

    def get(self, path: str, default: Any = None) -> Any:
        """The column, or the value outside the list."""
        if path in self:
            return self[path]
        return default if path.startswith(self.prefix) else self.around.get(path, default)


class Resolved:
    """Answers resolved against a form.

    ``stored`` holds what is asked and visible, ``values`` also what is computed or fixed; ``stray`` lists the
    pointers of answers whose shape is not that of an answer at all.
    """

    def __init__(self, form: MergedForm, answers: Any, issued: dict[str, Any] | None = None) -> None:
        self.form, self.answers = form, answers if isinstance(answers, dict) else {}
        self.stored, self.values = Values(), Values()
        self.stored.lists = self.values.lists = form.library.lists
        self.values[""] = self.stored
        self.values.update(form.plan.static)
        for element, value in (issued or {}).items():
            self.values[f"issued:{element}"] = value
        for field, visible, cases in form.steps:
            self._step(field, visible, cases)

    def _step(self, field: Field, visible: Any, cases: list[tuple[Any, Any]]) -> None:
        if field.kind == "list":
            if visible(self.stored):
                self._open_list(field.path)
        elif field.table:
            rows = dict.get(self.values, field.table, ())
            for stored, values in zip(dict.get(self.stored, field.table, ()) if rows else (), rows, strict=True):
                self._settle(field, visible, cases, stored, values)
        elif field.kind == "fact":
            self._fact(field)
        else:
            self._settle(field, visible, cases, self.stored, self.values)

    def _fact(self, field: Field) -> None:
        value = raw_value(self.answers, field.path)
        if value is not MISSING:
            self.stored[field.path] = value

    def _open_list(self, name: str) -> None:
        rows = self.answers.get(name, MISSING)
        if rows is MISSING:
            return
        if not isinstance(rows, list):
            self.stored[name] = rows
            return
        self.stored[name], self.values[name] = [], []
        for index, row in enumerate(rows):
            stored, values = RowValues(self.stored, name), RowValues(self.values, name)
            values[""], values["#"] = stored, index
            stored["#raw"] = row
            self.stored[name].append(stored)
            self.values[name].append(values)

    def _settle(self, field: Field, visible: Any, cases: list[tuple[Any, Any]], stored: Any, values: Any) -> None:
        for when, derivation in cases:
            if when(stored):
                value = compute(derivation, values, field)
                if value is not MISSING:
                    values[field.path] = value
                return
        if visible(stored):
            value = self._raw(field, stored)
            if value is not MISSING:
                stored[field.path] = values[field.path] = value

    def _raw(self, field: Field, stored: Any) -> Any:
        if field.table:
            row = stored["#raw"]
            return row.get(field.path.partition(".")[2], MISSING) if isinstance(row, dict) else MISSING
        return raw_value(self.answers, field.path)

    def visible_answers(self) -> dict[str, Any]:
        """The answers without anything that is not asked: what a submission consists of."""
        out: dict[str, Any] = {}
        for path, value in self.stored.items():
            if path in self.form.library.lists and isinstance(value, list):
                out[path] = [self._row_answers(row) for row in value]
            else:
                put(out, path, value)
        return out

    def _row_answers(self, row: Row) -> Any:
        raw = row["#raw"]
        if not isinstance(raw, dict):
            return raw
        kept = {"id": raw["id"]} if "id" in raw else {}
        return {**kept, **{path.partition(".")[2]: v for path, v in row.items() if path != "#raw"}}


def compute(derivation: Any, values: Any, field: Field) -> Any:
    """The value a derivation gives, or MISSING."""
    args = [values.get(source, MISSING) for source in derivation.sources]
    params = {**dict(derivation.params), "index": values.get("#", 0)}
    return as_type(FUNCTIONS[derivation.function](args, params), field.raw)


def keys_of(path: str) -> tuple[str, ...]:
    """The keys that lead to a path's value in the answers: ``own.<form>.<code>`` has three, others two or one."""
    parts = path.split(".", 2)
    return tuple(parts) if parts[0] == "own" else tuple(path.split(".", 1))


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


def row_ids(rows: list[Any]) -> Iterator[str]:
    """Each row's id; a row without one is known by its place, counted from 1."""
    for index, row in enumerate(rows):
        raw = row.get("#raw", {})
        found = raw.get("id") if isinstance(raw, dict) else None
        yield found if isinstance(found, str) else str(index + 1)
