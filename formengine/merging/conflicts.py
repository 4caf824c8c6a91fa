"""Law 7: limits that no value can meet together are refused, naming both who set them and a witness.

``clashes`` finds them: limits on one value, whatever they are written as (ranges in another unit, formats, lists of
values, simple rules); lengths of a line and of its parts; numbers of rows and selections of them; computed values;
conditions that exclude each other. A clash of two departments, or one that no answer avoids, stops the merge
(``refuse_conflicts``); one that only some answers meet, between a department and the data dictionary, is a dead end
that ``check`` names. What cannot be decided here is tried with samples when templates are checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..binding.base import Clause
from ..conditions import FALSE, canonical
from ..errors import MergeConflict
from .clashes import Finder
from .form import MergedForm
from .limits import Clash, party_name


def refuse_conflicts(form: MergedForm) -> None:
    """Raise ``MergeConflict`` for the first clash that stops the merge."""
    for clash in clashes(form):
        if clash.stops:
            raise clash.conflict


def clashes(form: MergedForm) -> Iterator[Clash]:
    """Every clash that can be decided."""
    finder = Finder(form)
    for clause in form.clauses:
        if clause.kind == "hold" and clause.condition == FALSE:
            guard = finder.settled(clause.guard)
            if guard != FALSE:
                yield Clash(clause.path, (clause.source,), guard, _impossible(form, clause))
    for field in form.fields.values():
        yield from finder.values(field)
        yield from finder.rows(field)
    yield from finder.lines()
    yield from finder.conditions()


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
