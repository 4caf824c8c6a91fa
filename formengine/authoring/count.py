"""Counting what a scenario asks, on paper and here, by the same measure on both sides. Nothing is typed in by hand.

A field is one label of the official form; a table counts its columns, not itself; an address counts one. An input is
whatever takes an answer. Uploaded materials are counted on their own, on both sides.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..answers.resolve import Resolved
from ..binding.base import Binding, Issued, to_elements
from ..binding.bindings import Constant, Office
from ..binding.bound import BoundForm
from ..binding.composed import Rows
from ..binding.statements import read_statements
from ..conditions import TRUE, Cond, paths_of
from ..evaluate import compile_condition
from ..merge import merge
from ..merging.acts import acts
from ..merging.field import Field
from ..merging.form import MergedForm
from ..paths import MISSING, keys_of
from ..rows import Scope
from ..templates.library import Library, Scenario
from .sample import sample

COUNTING_DAY = "2026-01-05"
"""Any working day will do: no figure depends on it."""


@dataclass(frozen=True)
class Leaf:
    """One label of a department form: a field, or a column of a table."""

    form: str
    code: str
    column: str
    label: str
    kind: str


def leaves(one: BoundForm) -> Iterator[Leaf]:
    """Every label of a form, tables by their columns; ``kind`` is the binding's."""
    for code, node in one.form.raw["properties"].items():
        columns = node.get("items", {}).get("properties") if isinstance(node.get("items"), dict) else None
        binding = one.bindings[code]
        if not columns:
            yield Leaf(one.form.id, code, "", node["title"], _kind(binding))
            continue
        inner = dict(binding.columns) if isinstance(binding, Rows) else {}
        for column, part in columns.items():
            yield Leaf(one.form.id, code, column, part["title"], _kind(inner.get(column, binding)))


def _kind(binding: Binding) -> str:
    if isinstance(binding, Office):
        return "office"
    return "constant" if isinstance(binding, Constant) else binding.kind


def counts(library: Library, scenario_id: str) -> dict[str, Any]:
    """The figures of one scenario as ``list --json`` prints them (DESIGN A9 names)."""
    scenario = library.scenario(scenario_id)
    form = merge(library, scenario_id)
    answers = typical_answers(form)
    found = [leaf for one in form.bound for leaf in leaves(one)]
    return {
        "id": scenario.id,
        "title": scenario.title,
        "forms": list(form.forms),
        "optional_forms": _others(scenario, form),
        "departments": list(dict.fromkeys(one.form.department["id"] for one in form.bound)),
        "fields_before": sum(1 for leaf in found if leaf.kind != "office"),
        "paper_typical": len(list(paper_fields(form, answers))),
        "asked_typical": number_asked(form, answers),
        "asked_full": len(inputs(form)) - _saved_by_acts(form, inputs(form)),
        "asked_returning": _asked_returning(library, scenario),
        "materials_before": sum(len(one.form.materials) for one in form.bound),
        "materials_after": sum(1 for field in form.fields.values() if field.kind == "material"),
        "days_legal": sum(int(one.form.days.get("legal") or 0) for one in form.bound),
        "days_promised": scenario.raw.get("x-days", {}).get("promised"),
        "constant_fields": sum(1 for leaf in found if leaf.kind == "constant"),
        "office_fields": sum(1 for leaf in found if leaf.kind == "office"),
    }


def _others(scenario: Scenario, form: MergedForm) -> list[str]:
    entries = [*scenario.forms, *scenario.optional_forms]
    return list(dict.fromkeys(e["form"] for e in entries if e["form"] not in form.forms))


def typical_answers(form: MergedForm) -> dict[str, Any]:
    """The typical applicant's answers: what the scenario says of them, and nothing optional beside."""
    given = form.scenario.typical_answers
    return sample(form, 1, COUNTING_DAY, answers=given, optional=0.0, suggested=True)


def inputs(form: MergedForm) -> list[Field]:
    """Every input that the merged form can show: guiding questions, elements, own answers; tables by columns."""
    return [f for f in form.fields.values() if f.kind == "fact" or (f.asked and f.kind not in ("list", "material"))]


def asked(form: MergedForm, answers: dict[str, Any]) -> list[Field]:
    """What an applicant with these answers has to enter without opening a "more".

    What is suggested, shown as text and left as it is counts as not asked.
    """
    stored = Resolved(form, answers).stored
    found = [f for f in inputs(form) if f.kind == "fact" or any(_shown(f, scope) for scope in _scopes(f, stored))]
    left = set(_left_as_suggested(form, answers, stored))
    return [f for f in found if f.path not in left]


def number_asked(form: MergedForm, answers: dict[str, Any]) -> int:
    """How many inputs that is: one act of declaring or signing is one input, whatever it makes."""
    found = asked(form, answers)
    return len(found) - _saved_by_acts(form, found)


def _saved_by_acts(form: MergedForm, found: list[Field]) -> int:
    paths = {one.path for one in found}
    return sum(max(0, len(paths.intersection(act.paths)) - 1) for act in acts(form))


def _left_as_suggested(form: MergedForm, answers: dict[str, Any], stored: Scope) -> Iterator[str]:
    """The fields whose every value is the one that would be suggested."""
    for one in form.fields.values():
        values = [scope.get(one.path, MISSING) for scope in _scopes(one, stored)] if one.suggestions else []
        values = [value for value in values if value is not MISSING]
        if values and suggested_values(form, answers, one) == values:
            yield one.path


def suggested_values(form: MergedForm, answers: dict[str, Any], one: Field) -> list[Any]:
    """What would be suggested for a field if it were not answered, row by row."""
    bare = copy.deepcopy(answers)
    *way, last = keys_of(one.path)
    nodes: list[Any] = [bare]
    for key in way:
        nodes = [n[key] for n in nodes if isinstance(n, dict) and key in n]
        nodes = [row for n in nodes for row in n] if one.table and nodes and isinstance(nodes[0], list) else nodes
    for node in nodes:
        node.pop(last, None)
    given = Resolved(form, bare, suggest=True).given
    return [value for place, value in given.items() if place.path == one.path]


def _scopes(field: Field, stored: Scope) -> list[Any]:
    if not field.table:
        return [stored]
    rows = stored.get(field.table)
    return rows if isinstance(rows, list) else []


def _shown(field: Field, scope: Scope) -> bool:
    """Visible, and either required here or left open on purpose."""
    if not compile_condition(field.visible)(scope):
        return False
    return bool(field.raw.get("x-open")) or required_here(field, scope)


def required_here(field: Field, scope: Scope) -> bool:
    """Whether some department or the dictionary requires the field for these answers."""
    return any(c.kind == "required" and compile_condition(c.guard)(scope) for c in field.clauses)


def paper_fields(form: MergedForm, answers: dict[str, Any]) -> Iterator[Leaf]:
    """What the same applicant must fill in on the departments' own paper forms."""
    stored = Resolved(form, answers).stored
    for one in form.bound:
        needed = set(_needed(one, stored))
        for leaf in leaves(one):
            if leaf.kind != "office" and (leaf.code, leaf.column) in needed:
                yield leaf


def _needed(one: BoundForm, stored: Scope) -> Iterator[tuple[str, str]]:
    for statement in read_statements(one.form.raw):
        guard = to_elements(statement.guard, one.bindings, one.visible)
        if statement.kind == "hold" and _holds(guard, stored):
            yield from _first_of(statement.condition)
        if statement.kind != "required" or not _holds(guard, stored):
            continue
        binding = one.bindings.get(statement.code)
        yield statement.code, ""
        if isinstance(binding, Rows):
            yield from _needed_columns(one, statement.code, binding, stored)
        elif isinstance(binding, Issued):
            yield statement.code, ""


def _holds(guard: Cond, scope: Scope) -> bool:
    return guard == TRUE or compile_condition(guard)(scope)


def _first_of(condition: Cond) -> Iterator[tuple[str, str]]:
    """ "At least one of": one of them has to be filled in."""
    first = next(iter(paths_of(condition)), None)
    if first is not None:
        yield first, ""


def _needed_columns(one: BoundForm, code: str, binding: Rows, stored: Scope) -> Iterator[tuple[str, str]]:
    rows = stored.get(binding.table)
    columns, hidden = dict(binding.columns), dict(binding.hidden)
    chosen = [r for r in rows if _holds(binding.where, r)] if isinstance(rows, list) else []
    for statement in read_statements(one.form.raw["properties"][code]["items"]):
        guard = to_elements(statement.guard, columns, hidden)
        if statement.kind == "required" and any(_holds(guard, row) for row in chosen):
            yield code, statement.code


def _asked_returning(library: Library, scenario: Scenario) -> int:
    """What is left to ask of someone who comes again: what they need no more was filed, and is known from then."""
    first, again = (merge(library, scenario.id, facts) for facts in (scenario.typical_facts, scenario.returning_facts))
    known = set(_on_file(first, again.forms))
    found = [f for f in asked(again, typical_answers(again)) if f.path not in known]
    return len(found) - _saved_by_acts(again, found)


def _on_file(form: MergedForm, again: tuple[str, ...]) -> Iterator[str]:
    """What is known from the forms that need not be filed again: their values, and what their licences yielded."""
    for one in form.bound:
        if one.form.id in again:
            continue
        licence = form.library.licences.get(one.form.licence or "")
        yield from licence.yields if licence else ()
        for binding in one.bindings.values():
            if not isinstance(binding, Rows):
                yield from (p for p in binding.needs() if not p.startswith(("own.", "facts.")))
