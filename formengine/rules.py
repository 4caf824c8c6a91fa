"""Rules: what JSON Schema cannot say, as CEL expressions of a department form or a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .bindings import Binding
from .clauses import BoundForm
from .conditions import MISSING
from .expressions import NotApplicable, Run, compile_expression, to_decimal, variables
from .form import MergedForm
from .functions import number
from .model import Filing, Source
from .resolve import Resolved, put


def rules_of_form(form: MergedForm) -> list[Rule]:
    """The form's rules, compiled once and kept with it."""
    found: list[Rule] | None = form.__dict__.get("_rules")
    if found is None:
        found = form.__dict__["_rules"] = compile_rules(form)
    return found


@dataclass(frozen=True)
class Rule:
    """A compiled rule: ``reads`` are the element paths behind its operands, ``path`` the field it speaks of."""

    id: str
    run: Run
    names: frozenset[str]
    decimals: frozenset[str]
    message: str
    basis: str
    path: str
    reads: frozenset[str]
    source: Source


def compile_rules(form: MergedForm) -> list[Rule]:
    """All rules of the form: those of each department form, then the scenario's. Compiled once per merged form."""
    found = [_department_rule(one, rule) for one in form.bound for rule in one.form.rules]
    return found + [_scenario_rule(form, rule) for rule in form.scenario.rules]


def _department_rule(one: BoundForm, rule: dict[str, Any]) -> Rule:
    properties = one.form.raw["properties"]
    names = variables(rule["rule"])
    reads = {path for name in names if name in one.bindings for path in origins(one.bindings[name])}
    field = str(rule.get("field", ""))
    binding = one.bindings.get(field)
    path = binding.anchor() if binding else next(iter(sorted(reads)), "")
    label = str(properties.get(field, {}).get("title", field))
    decimals = frozenset(c for c, n in properties.items() if isinstance(n, dict) and n.get("format") == "decimal")
    return Rule(
        rule["id"],
        compile_expression(rule["rule"]),
        names,
        decimals,
        rule["message"],
        str(rule.get("basis", "")),
        path,
        frozenset(reads),
        Source(one.form.id, label, field, "rule"),
    )


def origins(binding: Binding) -> Iterator[str]:
    """Every path behind a binding's value, the columns of its rows included."""
    yield from binding.needs()
    for path, _ in binding.reads():
        yield path


def _scenario_rule(form: MergedForm, rule: dict[str, Any]) -> Rule:
    reads = frozenset(rule.get("reads", ()))
    path = str(rule.get("field", next(iter(sorted(reads)), "")))
    title = form.fields[path].title if path in form.fields else path
    run, names = compile_expression(rule["rule"]), variables(rule["rule"])
    source = Source(str(rule.get("form", "")), title, path, "scenario")
    message, basis = rule["message"], str(rule.get("basis", ""))
    return Rule(rule["id"], run, names, frozenset(), message, basis, path, reads, source)


def broken_rules(
    form: MergedForm, rules: list[Rule], resolved: Resolved, filings: dict[str, Filing], today: str
) -> Iterator[Rule]:
    """The rules that these answers break; a rule with an absent operand does not apply."""
    answers: dict[str, Any] | None = None
    for rule in rules:
        if rule.source.kind == "rule":
            scope = _scope(filings[rule.source.form].values, rule, today)
        else:
            answers = _nested(resolved) if answers is None else answers
            scope = _scope(answers, rule, today)
        if scope is not None and _broken(rule, scope):
            yield rule


def _broken(rule: Rule, scope: dict[str, Any]) -> bool:
    try:
        return rule.run(scope) is False
    except NotApplicable:
        return False


def _scope(values: dict[str, Any], rule: Rule, today: str) -> dict[str, Any] | None:
    scope: dict[str, Any] = {"today": today}
    for name in rule.names:
        if name in values:
            scope[name] = number(values[name]) if name in rule.decimals else to_decimal(values[name])
    return scope


def _nested(resolved: Resolved) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for path, value in resolved.values.items():
        if not path or path.startswith("#") or path.startswith("issued:") or value is MISSING:
            continue
        if path in resolved.form.library.lists and isinstance(value, list):
            out[path] = [{k.partition(".")[2]: v for k, v in row.items() if "." in k} for row in value]
        else:
            put(out, path, value)
    return out
