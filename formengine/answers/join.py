"""Joining: the filings of a case give the submission again, as far as they carry it whole. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..binding.base import Binding
from ..binding.bindings import Option
from ..binding.bound import BoundForm
from ..binding.composed import Choose, Rows
from ..conditions import FALSE, TRUE, Cond, all_of, any_of, negate
from ..merging.field import Field
from ..merging.fields import Expander
from ..merging.form import MergedForm
from ..model import Filing
from ..paths import put


def join(form: MergedForm, filings: Mapping[str, Filing]) -> dict[str, Any]:
    """The answers that the filings carry whole: ``{"facts": …, "entity": {…}, "staff": [{"id": …}]}``.

    Left out is what only lossy bindings carry (``lossy``), of a list of choices all of it where one option is not
    filed, and what is computed. Rows are matched by their ids.
    """
    joiner = _Joiner(form)
    for one in form.bound:
        filing = filings.get(one.form.id)
        if filing is not None:
            joiner.take(one, filing)
    return joiner.answers()


def lossy(form: MergedForm) -> list[str]:
    """The paths of asked fields that no filing carries whole, or not for all answers, in the form's order."""
    carriers = _carriers(form)
    told = {f"facts.{name}" for name in form.facts_known}
    asked = (
        f
        for f in form.fields.values()
        if (f.asked and f.kind in ("element", "own", "guide")) or (f.kind == "fact" and f.path not in told)
    )
    return [field.path for field in asked if not _always_carried(field, carriers.get(field.path, ()))]


def _always_carried(field: Field, carriers: Iterable[Cond]) -> bool:
    """Whether, wherever the value is asked, some filing carries it whole."""
    return all_of([field.visible, *(negate(cond) for cond in carriers)]) == FALSE


def _carriers(form: MergedForm) -> dict[str, list[Cond]]:
    """For each path the conditions under which a filing carries it whole; all options of a list have to be there."""
    found: dict[str, list[Cond]] = {}
    options: dict[str, dict[Any, list[Cond]]] = {}
    for binding, shown in _carrying(form):
        if isinstance(binding, Option):
            options.setdefault(binding.path, {}).setdefault(binding.code, []).append(shown)
        elif binding.lossless and not isinstance(binding, Choose):
            for path in binding.needs():
                found.setdefault(path, []).append(shown)
    for path, known in options.items():
        codes = [code for code, _ in form.fields[path].choices] if path in form.fields else []
        if codes and all(code in known for code in codes):
            found.setdefault(path, []).append(all_of(any_of(known[code]) for code in codes))
    for element, name in form.plan.copied.items():
        if element in found:
            found[f"facts.{name}"] = found[element]
    return found


def _carrying(form: MergedForm) -> Iterator[tuple[Binding, Cond]]:
    """Every binding of every form, columns included, with the condition under which its value is filed."""
    expand = Expander(form.fields, form.plan.known).expand
    for one in form.bound:
        for code, binding in one.bindings.items():
            shown = expand(one.visible.get(code, TRUE))
            if isinstance(binding, Rows):
                hidden = dict(binding.hidden)
                for column, inner in binding.columns:
                    yield inner, expand(all_of([shown, binding.where, hidden.get(column, TRUE)]))
            else:
                yield binding, shown


class _Joiner:
    def __init__(self, form: MergedForm) -> None:
        self.form = form
        self.flat: dict[str, Any] = {}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.orders: dict[str, list[tuple[str, ...]]] = {}
        self.options: dict[str, dict[Any, bool]] = {}
        self.carried = set(_carriers(form))
        self.facts = form.facts_known

    def take(self, one: BoundForm, filing: Filing) -> None:
        for code, value in filing.values.items():
            binding = one.bindings.get(code)
            if code in filing.computed:
                self._take_fact(binding, value)
                continue
            if isinstance(binding, Rows):
                self._take_rows(code, binding, value, filing)
            elif isinstance(binding, Option):
                self.options.setdefault(binding.path, {})[binding.code] = value == binding.yes
            elif binding is not None and binding.lossless:
                for path, found in binding.inverse(value).items():
                    self.flat.setdefault(path, found)

    def _take_fact(self, binding: Binding | None, value: object) -> None:
        """The answer to a guiding question, where a department receives it whole as an element."""
        if binding is not None and binding.lossless:
            for path, found in binding.inverse(value).items():
                if path in self.form.plan.copied:
                    self.facts.setdefault(self.form.plan.copied[path], found)

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
            codes = [code for code, _ in self.form.fields[path].choices] if path in self.form.fields else []
            if path not in self.flat and path in self.carried and all(code in found for code in codes):
                self.flat[path] = [code for code in codes if found[code]]
        facts = {name: self.facts[name] for name in self.form.scenario.facts if name in self.facts}
        out: dict[str, Any] = {"facts": facts} if facts else {}
        for path, field in self.form.fields.items():
            if not field.table and path in self.flat and self._answered(field):
                put(out, path, self.flat[path])
        for name, rows in self.rows.items():
            out[name] = [self._row(name, row_id, rows[row_id]) for row_id in merged_order(self.orders[name])]
        return out

    def _answered(self, field: Field) -> bool:
        return field.path in self.carried and field.kind != "fact"

    def _row(self, name: str, row_id: str, row: dict[str, Any]) -> dict[str, Any]:
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
