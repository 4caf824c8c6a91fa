"""Law 7: limits that no value can meet together are refused, naming both who set them and a witness."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from .algebra.intersect import intersect
from .conditions import FALSE, TRUE, Cond, Has, all_of, canonical
from .errors import MergeConflict
from .form import MergedForm
from .model import Clause, Field, Source


def refuse_conflicts(form: MergedForm) -> None:
    """Raise ``MergeConflict`` for the first field whose limits cannot be met together."""
    for clause in form.clauses:
        if clause.kind == "hold" and clause.condition == FALSE and clause.guard == TRUE:
            raise _impossible(form, clause)
    for one in form.fields.values():
        _check_field(form, one)


def _check_field(form: MergedForm, one: Field) -> None:
    clauses = [c for c in one.clauses if c.kind == "value"]
    try:
        intersect(*{canonical(c.schema): c.schema for c in clauses if c.guard == TRUE}.values(), True)
    except MergeConflict as conflict:
        for left, right in combinations([c for c in clauses if c.guard == TRUE], 2):
            _refuse_pair(form, one, left, right)
        raise _conflict(form, one, clauses, conflict) from conflict
    always = list({canonical(c.schema): c.schema for c in clauses if c.guard == TRUE}.values())
    for left, right in _meeting(clauses):
        _refuse_pair(form, one, left, right, *always)
    _check_rows(form, one)


def _meeting(clauses: list[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """Pairs of limits of two parties that can hold at the same time, one of them under a condition."""
    for left, right in combinations(clauses, 2):
        parties = {(c.source.kind, c.source.form) for c in (left, right)}
        conditional = TRUE not in (left.guard, right.guard) or left.guard != right.guard
        forms = all(c.source.kind == "form" for c in (left, right))
        if len(parties) == 2 and forms and conditional and all_of([left.guard, right.guard]) != FALSE:
            yield left, right


def _refuse_pair(form: MergedForm, one: Field, left: Clause, right: Clause, *always: Any) -> None:
    try:
        intersect(left.schema, right.schema, *always)
    except MergeConflict as conflict:
        raise _conflict(form, one, [left, right], conflict) from conflict


def _conflict(form: MergedForm, one: Field, clauses: list[Clause], found: MergeConflict) -> MergeConflict:
    parties = tuple(dict.fromkeys(party_name(form, c.source) for c in clauses))
    named = "”与“".join(parties)
    text = (
        f"“{one.title}”（{one.path}）：“{named}”的限制不能同时满足：{canonical(found.left)} 与 {canonical(found.right)}"
    )
    if found.has_witness:
        text += f"；例如 {canonical(found.witness)} 一方接受、另一方拒绝"
    return MergeConflict(
        text,
        pointer="/" + one.path.replace(".", "/"),
        left=found.left,
        right=found.right,
        parties=parties,
        witness=found.witness,
        has_witness=found.has_witness,
    )


def party_name(form: MergedForm, source: Source) -> str:
    """``部门《表名》“栏目”`` of who sets a limit; the data dictionary where no form does."""
    if source.form in form.library.forms:
        department = form.library.forms[source.form]
        return f"{department.department.get('title', '')}《{department.title}》的“{source.label}”"
    return "数据字典" if source.kind == "element" else f"联办事项《{form.scenario.title}》"


def _check_rows(form: MergedForm, one: Field) -> None:
    rows = [c for c in form.clauses if c.kind == "rows" and c.path == one.path and c.guard in (TRUE, _any_row(c))]
    for low in rows:
        for high in rows:
            if high.maximum is not None and low.minimum > high.maximum and high.where in (TRUE, low.where):
                parties = (party_name(form, low.source), party_name(form, high.source))
                raise MergeConflict(
                    f"“{one.title}”：{parties[0]}至少要 {low.minimum} 行，{parties[1]}至多 {high.maximum} 行",
                    pointer="/" + one.path,
                    left={"minItems": low.minimum},
                    right={"maxItems": high.maximum},
                    parties=parties,
                    witness=[{}] * low.minimum,
                    has_witness=True,
                )


def _any_row(clause: Clause) -> Cond:
    return Has(clause.path, clause.where)


def _impossible(form: MergedForm, clause: Clause) -> MergeConflict:
    who = party_name(form, clause.source)
    fixed = (clause.schema or {}).get("const")
    return MergeConflict(
        f"{who}不接受本联办事项固定的值 {canonical(fixed)}" if clause.schema else f"{who}必填，却没有可填的数据",
        pointer="/" + clause.path.replace(".", "/"),
        left=clause.schema,
        right=False,
        parties=(f"联办事项《{form.scenario.title}》", who),
        witness=fixed,
        has_witness=clause.schema is not None,
    )
