"""Which rules the answers break: those of the department forms, of the scenario, and of the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..binding.composed import Rows
from ..conditions import canonical
from ..merging.form import MergedForm
from ..merging.rules import Rule
from ..model import Filing
from ..paths import MISSING, name_of, put
from ..rows import Cells, Row, Scope
from ..rules.expressions import Each
from ..rules.kinds import brought_to
from ..rules.operations import NotApplicable
from .resolve import Resolved


class Broken(NamedTuple):
    """A rule that the answers break, and the rows of its table that break it, by their place in the shared list."""

    rule: Rule
    rows: tuple[int, ...] = ()


def broken_rules(form: MergedForm, resolved: Resolved, filings: dict[str, Filing], today: str) -> Iterator[Broken]:
    """The rules that these answers break; a rule with an absent operand does not apply."""
    answers: dict[str, Any] | None = None
    brought: dict[tuple[str, str], Any] = {}
    for rule in form.rules:
        if rule.subject:
            if (rule.path if rule.how == "one" else rule.subject) in resolved.stored:
                yield from _broken_subject_rule(rule, resolved, today)
            continue
        if rule.source.kind == "rule":
            filing = filings[rule.source.form]
            scope = _scope(filing.values, rule, today, brought)
        else:
            answers = _nested(resolved) if answers is None else answers
            scope = _scope(answers, rule, today, brought)
        if _runs_false(rule, scope):
            yield Broken(rule, _breaking(form, rule, resolved, scope) if rule.each else ())


def _breaking(form: MergedForm, rule: Rule, resolved: Resolved, scope: dict[str, Any]) -> tuple[int, ...]:
    """The places, in the shared list, of the rows that break a rule about each row."""
    assert rule.each is not None
    binding = next(one for one in form.bound if one.form.id == rule.source.form).bindings[rule.each.table]
    assert isinstance(binding, Rows)
    places = [row.place for row in binding.selected(resolved.values)]
    return tuple(
        place for place, row in zip(places, scope[rule.each.table], strict=True) if _refuses(rule.each, scope, row)
    )


def _refuses(each: Each, scope: dict[str, Any], row: object) -> bool:
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
            out[path] = [_columns(row.values) for row in resolved.rows[path]]
        else:
            put(out, path, value)
    return out


# -- rules of the data dictionary -------------------------------------------------------------------------------


def _broken_subject_rule(rule: Rule, resolved: Resolved, today: str) -> Iterator[Broken]:
    """The rule, if what is answered breaks it; of values that are computed another rule speaks."""
    if rule.how == "one":
        if rule.path in resolved.stored and _breaks(rule, resolved.values, today):
            yield Broken(rule)
        return
    rows = resolved.rows.get(rule.subject, [])
    if not rows:
        return
    if rule.how == "rows":
        known = [_columns(row.values) for row in rows]
        if _runs_false(rule, {"today": today, "rows": brought_to(known, dict(rule.kinds)["rows"])}):
            yield Broken(rule)
        return
    found = _alike(rule.path, rows) if rule.how == "unique" else _rows_that_break(rule, rows, today)
    places = tuple(found)
    if places:
        yield Broken(rule, places)


def _rows_that_break(rule: Rule, rows: list[Row], today: str) -> Iterator[int]:
    for row in rows:
        if rule.path in row.stored.columns and _breaks(rule, row.values, today):
            yield row.index


def _alike(path: str, rows: list[Row]) -> Iterator[int]:
    """The places of rows whose value stood in an earlier row."""
    seen: set[str] = set()
    for row in rows:
        value = row.values.get(path)
        key = value if isinstance(value, str) else canonical(value)
        if value is not None and key in seen:
            yield row.index
        seen.add(key)


def _breaks(rule: Rule, values: Scope, today: str) -> bool:
    scope: dict[str, Any] = {"today": today}
    for name, kind in rule.kinds:
        value = values.get(f"{rule.subject}.{name}", MISSING) if name != "today" else MISSING
        if value is not MISSING:
            scope[name] = brought_to(value, kind)
    return _runs_false(rule, scope)


def _runs_false(rule: Rule, scope: dict[str, Any]) -> bool:
    """Whether a rule fails on these variables; one with an absent operand does not apply."""
    try:
        return rule.run(scope) is False
    except NotApplicable:
        return False


def _columns(row: Cells) -> dict[str, Any]:
    """The columns of a row by their names in the list."""
    return {name_of(path): value for path, value in row.columns.items()}
