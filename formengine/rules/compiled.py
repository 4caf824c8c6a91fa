"""Rules: what JSON Schema cannot say, as CEL expressions of a department form or a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..answers.resolve import Resolved
from ..binding.bindings import Binding, Rows
from ..binding.bound import BoundForm
from ..merging.form import MergedForm
from ..model import Broken, Filing, Rule, Source
from ..paths import MISSING, put
from ..templates.library import DepartmentForm, Library, Scenario
from .expressions import Each, NotApplicable, compile_expression, each_of, variables
from .kinds import ANY, TEXT, Kind, brought_to, kind_of, list_of, record
from .subjects import broken_subject_rule, columns_of, runs_false, subject_rules


def rules_of_form(form: MergedForm) -> list[Rule]:
    """The form's rules, compiled once and kept with it."""
    found: list[Rule] | None = form.__dict__.get("_rules")
    if found is None:
        found = form.__dict__["_rules"] = compile_rules(form)
    return found


def compile_rules(form: MergedForm) -> list[Rule]:
    """All rules of the form: those of each department form, the scenario's, then the data dictionary's own. Compiled
    once per merged form."""
    found = [_department_rule(one, rule) for one in form.bound for rule in one.form.rules]
    found += [_scenario_rule(form, rule) for rule in form.scenario.rules]
    return found + list(subject_rules(form.library, form.fields))


def _department_rule(one: BoundForm, rule: dict[str, Any]) -> Rule:
    properties = one.form.raw["properties"]
    names = variables(rule["rule"])
    reads = {path for name in names if name in one.bindings for path in origins(one.bindings[name])}
    field = str(rule.get("field", ""))
    binding = one.bindings.get(field)
    path = binding.anchor() if binding else next(iter(sorted(reads)), "")
    label = str(properties.get(field, {}).get("title", field))
    kinds = kinds_of_form(one.form)
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


def _scenario_rule(form: MergedForm, rule: dict[str, Any]) -> Rule:
    reads = frozenset(rule.get("reads", ()))
    path = str(rule.get("field", next(iter(sorted(reads)), "")))
    title = form.fields[path].title if path in form.fields else path
    kinds = kinds_of_scenario(form.library, form.scenario)
    run = compile_expression(rule["rule"], kinds)
    known = tuple((name, kinds[name]) for name in sorted(variables(rule["rule"])))
    source = Source(str(rule.get("form", "")), title, path, "scenario")
    message, basis = rule["message"], str(rule.get("basis", ""))
    return Rule(rule["id"], run, known, message, basis, path, reads, source)


def kinds_of_form(form: DepartmentForm) -> dict[str, Kind]:
    """What a department form's rules can read: its fields, each with its kind, and ``today``."""
    known: dict[str, Kind] | None = form.__dict__.get("_kinds")
    if known is None:
        known = {"today": TEXT, **{code: kind_of(node) for code, node in form.raw["properties"].items()}}
        object.__setattr__(form, "_kinds", known)
    return known


def kinds_of_scenario(library: Library, scenario: Scenario) -> dict[str, Kind]:
    """What a scenario's rules can read: the subjects and lists of the dictionary, the facts, and ``today``."""
    found = {"today": TEXT, "own": ANY, "materials": ANY}
    for subject in library.subjects.values():
        columns = record({name: kind_of(node) for name, node in subject.node.get("properties", {}).items()})
        found[subject.id] = list_of(columns) if subject.is_list else columns
    return {**found, "facts": record({name: kind_of(node) for name, node in scenario.facts.items()})}


def broken_rules(
    form: MergedForm, rules: list[Rule], resolved: Resolved, filings: dict[str, Filing], today: str
) -> Iterator[Broken]:
    """The rules that these answers break; a rule with an absent operand does not apply."""
    answers: dict[str, Any] | None = None
    brought: dict[tuple[str, str], Any] = {}
    for rule in rules:
        if rule.subject:
            if (rule.path if rule.how == "one" else rule.subject) in resolved.stored:
                yield from broken_subject_rule(rule, resolved, today)
            continue
        if rule.source.kind == "rule":
            filing = filings[rule.source.form]
            scope = _scope(filing.values, rule, today, brought)
        else:
            answers = _nested(resolved) if answers is None else answers
            scope = _scope(answers, rule, today, brought)
        if runs_false(rule, scope):
            yield Broken(rule, _rows(form, rule, resolved, scope) if rule.each else ())


def _rows(form: MergedForm, rule: Rule, resolved: Resolved, scope: dict[str, Any]) -> tuple[int, ...]:
    """The places, in the shared list, of the rows that break a rule about each row."""
    assert rule.each is not None
    binding = next(one for one in form.bound if one.form.id == rule.source.form).bindings[rule.each.table]
    assert isinstance(binding, Rows)
    places = [row.place for row in binding.selected(resolved.values)]
    return tuple(
        place for place, row in zip(places, scope[rule.each.table], strict=True) if _refuses(rule.each, scope, row)
    )


def _refuses(each: Each, scope: dict[str, Any], row: Any) -> bool:
    try:
        return each.test(scope, row) is False
    except NotApplicable:
        return False


def _scope(values: dict[str, Any], rule: Rule, today: str, brought: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """The variables of a rule; ``brought`` keeps what several rules read."""
    scope: dict[str, Any] = {"today": today}
    for name, kind in rule.kinds:
        if name in values:
            key = (rule.source.form if rule.source.kind == "rule" else "", name)
            if key not in brought:
                brought[key] = brought_to(values[name], kind)
            scope[name] = brought[key]
    return scope


def _nested(resolved: Resolved) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for path, value in resolved.values.items():
        if path.startswith("issued:") or value is MISSING:
            continue
        if path in resolved.rows:
            out[path] = [columns_of(row.values) for row in resolved.rows[path]]
        else:
            put(out, path, value)
    return out
