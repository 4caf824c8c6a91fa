"""Rules: what JSON Schema cannot say, as CEL expressions of a department form, a scenario or the data dictionary,
compiled once for each merged form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..binding.base import Binding, Source
from ..binding.bound import BoundForm
from ..binding.composed import Rows
from ..errors import ExpressionError
from ..rules.expressions import Each, Run, compile_expression, each_of
from ..rules.kinds import ANY, TEXT, Kind, kind_of, list_of, record
from ..rules.parsing import variables
from ..templates.library import DepartmentForm, Library, Scenario
from .field import Field


@dataclass(frozen=True)
class Rule:
    """A compiled rule: ``reads`` are the element paths behind its operands, ``path`` the field it speaks of.

    ``each`` and ``cell`` are set where it says something of every row of a table: how one row is tested, and the column
    where a row that breaks it is named. A rule of the data dictionary has a ``subject``, and ``how`` it looks at it:
    ``one`` (the subject), ``row`` (each row of the list), ``rows`` (all rows together), ``unique`` (a column in which
    no two rows may be alike).
    """

    id: str
    run: Run
    kinds: tuple[tuple[str, Kind], ...]
    message: str
    basis: str
    path: str
    reads: frozenset[str]
    source: Source
    each: Each | None = None
    cell: str = ""
    subject: str = ""
    how: str = ""


def department_rules(one: BoundForm) -> Iterator[Rule]:
    """The rules of a department form, compiled; each fails for that form."""
    kinds = kinds_of_form(one.form)
    for index, rule in enumerate(one.form.rules):
        with placed(f"departments/{one.form.id}", f"/x-rules/{index}/rule", f"规则 {rule['id']}："):
            yield _department_rule(one, rule, kinds)


def scenario_rules(library: Library, scenario: Scenario, fields: Mapping[str, Field]) -> Iterator[Rule]:
    """The rules of a scenario, compiled; each fails for the form that it names."""
    kinds = kinds_of_scenario(library, scenario)
    for index, rule in enumerate(scenario.rules):
        with placed(f"forms/{scenario.id}", f"/x-rules/{index}/rule", f"规则 {rule['id']}："):
            yield _scenario_rule(rule, kinds, fields)


@contextmanager
def placed(path: str, pointer: str, prefix: str) -> Iterator[None]:
    """What cannot be used is said with its place."""
    try:
        yield
    except ExpressionError as error:
        raise error.at(path, pointer, prefix) from error


def _department_rule(one: BoundForm, rule: dict[str, Any], kinds: dict[str, Kind]) -> Rule:
    properties = one.form.raw["properties"]
    names = variables(rule["rule"])
    reads = {path for name in names if name in one.bindings for path in origins(one.bindings[name])}
    field = str(rule.get("field", ""))
    binding = one.bindings.get(field)
    path = binding.anchor() if binding else next(iter(sorted(reads)), "")
    label = str(properties.get(field, {}).get("title", field))
    return Rule(
        rule["id"],
        compile_expression(rule["rule"], kinds),
        tuple((name, kinds[name]) for name in sorted(names)),
        rule["message"],
        str(rule.get("basis", "")),
        path,
        frozenset(reads),
        Source(one.form.id, label, field, "rule"),
        *_each(rule["rule"], kinds, one.bindings),
    )


def _each(text: str, kinds: dict[str, Kind], bindings: dict[str, Binding]) -> tuple[Each | None, str]:
    """For a rule about each row of a table: how one row is tested, and which shared column stands for it."""
    each = each_of(text, kinds)
    table = bindings.get(each.table) if each else None
    if each is None or not isinstance(table, Rows):
        return None, ""
    columns = dict(table.columns)
    anchors = [columns[name].anchor() for name in each.columns if name in columns]
    cell = next((path for path in anchors if path.startswith(table.table + ".")), "")
    return (each, cell) if cell else (None, "")


def origins(binding: Binding) -> Iterator[str]:
    """Every path behind a binding's value, the columns of its rows included."""
    yield from binding.needs()
    for path, _ in binding.reads():
        yield path


def _scenario_rule(rule: dict[str, Any], kinds: dict[str, Kind], fields: Mapping[str, Field]) -> Rule:
    reads = frozenset(rule.get("reads", ()))
    path = str(rule.get("field", next(iter(sorted(reads)), "")))
    title = fields[path].title if path in fields else path
    run = compile_expression(rule["rule"], kinds)
    known = tuple((name, kinds[name]) for name in sorted(variables(rule["rule"])))
    source = Source(str(rule.get("form", "")), title, path, "scenario")
    message, basis = rule["message"], str(rule.get("basis", ""))
    return Rule(rule["id"], run, known, message, basis, path, reads, source)


def kinds_of_form(form: DepartmentForm) -> dict[str, Kind]:
    """What a department form's rules can read: its fields, each with its kind, and ``today``."""
    return {"today": TEXT, **{code: kind_of(node) for code, node in form.raw["properties"].items()}}


def kinds_of_scenario(library: Library, scenario: Scenario) -> dict[str, Kind]:
    """What a scenario's rules can read: the subjects and lists of the dictionary, the facts, and ``today``."""
    found = {"today": TEXT, "own": ANY, "materials": ANY}
    for subject in library.subjects.values():
        columns = record({name: kind_of(node) for name, node in subject.node.get("properties", {}).items()})
        found[subject.id] = list_of(columns) if subject.is_list else columns
    return {**found, "facts": record({name: kind_of(node) for name, node in scenario.facts.items()})}
