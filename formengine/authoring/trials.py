"""Trying the situations of a scenario: merging, conflicts, dead ends, a submission that everybody accepts, proofs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ..answers.join import lossy
from ..conditions import TRUE, canonical, paths_of
from ..errors import Fault, FormEngineError, MergeConflict
from ..merging.conflicts import clashes
from ..merging.deadends import dead_ends
from ..merging.form import MergedForm
from ..merging.limits import Clash
from ..merging.merge import joined, printed
from ..merging.plan import Plan, fixed_facts
from ..templates.library import Library, Scenario
from .kept import Kept, digest
from .prove import proofs, stricter, too_wide
from .sample import sample

TRIED_ON, TRIES = "2026-06-01", 6
"""The day for which a submission is tried, and how often it is begun anew."""


@dataclass
class Found:
    """One thing that is wrong in a situation: ``forms`` are those between which it is, where that is known."""

    code: str
    message: str
    pointer: str = ""
    severity: str = "error"
    forms: list[str] = field(default_factory=list)


@dataclass
class Trial:
    """What came out of one situation. ``proofs``: the hash of the clauses, the verdict, what is proved."""

    found: list[Found] = field(default_factory=list)
    lossy: list[str] = field(default_factory=list)
    residual: list[tuple[str, str]] = field(default_factory=list)
    stricter: list[tuple[str, str]] = field(default_factory=list)
    proofs: list[tuple[str, str, str]] = field(default_factory=list)


def tried(library: Library, plan: Plan, kept: Kept) -> Trial:
    """The trial of a plan, as it was kept or anew; raises what merging raises but for conflicts."""
    key = digest("trial", *_about(library, plan))
    return _trial(kept.get(key, lambda: asdict(_try(library, plan, kept)), _is_trial))


def _trial(raw: dict[str, Any]) -> Trial:
    """A trial as it was kept."""
    return Trial(
        [Found(**one) for one in raw["found"]],
        raw["lossy"],
        [(path, who) for path, who in raw["residual"]],
        [(path, who) for path, who in raw["stricter"]],
        [(key, verdict, what) for key, verdict, what in raw["proofs"]],
    )


def _is_trial(raw: Any) -> bool:
    try:
        _trial(raw)
    except (TypeError, KeyError, ValueError):
        return False
    return True


def _about(library: Library, plan: Plan) -> Iterator[str]:
    """Everything that a trial rests on: the plan, its forms and licences, the dictionary with its codes."""
    yield canonical([plan.facts, plan.forms, plan.static, plan.issued, sorted(plan.open)])
    yield canonical(plan.scenario.raw)
    for name in plan.forms:
        form = library.forms[name]
        yield canonical(form.raw)
        yield canonical(library.licences[form.licence].raw if form.licence in library.licences else None)
    yield library.dictionary


def _try(library: Library, plan: Plan, kept: Kept) -> Trial:
    trial = Trial()
    form = joined(library, plan)
    found = list(clashes(form))
    stops = [clash for clash in found if clash.stops]
    trial.found += [_conflict(clash) for clash in stops]
    if stops:
        return trial
    try:
        printed(form)
    except MergeConflict as conflict:
        trial.found.append(Found("conflict", str(conflict)))
        return trial
    trial.lossy = lossy(form)
    for clause in form.clauses:
        if clause.kind == "residual":
            trial.residual.append((clause.path, f"{clause.source.form}“{clause.source.label}”"))
    trial.residual = list(dict.fromkeys(trial.residual))
    trial.found += _typical_gaps(form)
    ends = list(dead_ends(form, found))
    trial.found += [Found("dead-end", text, "/x-forms") for text in ends]
    trial.found += [] if ends else _undecided(form)
    trial.stricter = list(dict.fromkeys(stricter(form)))
    trial.found += [Found("unsound", f"合并后的限制比部门的宽：{detail}") for detail in too_wide(form)]
    for one in proofs(form):
        key = digest("proof", *one.texts)
        verdict = kept.get(key, one.verdict, _is_verdict)
        trial.proofs.append((key, verdict, one.what))
    return trial


def _is_verdict(raw: object) -> bool:
    return raw in ("proved", "refuted", "unknown")


def _conflict(clash: Clash) -> Found:
    forms = list(dict.fromkeys(source.form for source in clash.sources if source.form))
    return Found("conflict", str(clash.conflict), forms=forms)


def _undecided(form: MergedForm) -> Iterator[Found]:
    """Where no submission could be made that every department accepts: perhaps nobody can apply."""
    try:
        sample(form, 1, TRIED_ON, attempts=TRIES)
    except (FormEngineError, TypeError, ValueError, KeyError, IndexError, ArithmeticError) as error:
        text = f"没有造出一份合格的申报内容，不能断定有人能办：{str(error)[:300]}"
        yield Found("undecided", text, "/x-forms", "warning")


def _typical_gaps(form: MergedForm) -> Iterator[Found]:
    """Elements that decide what the typical applicant is asked ought to be fixed in the scenario."""
    if form.facts != form.scenario.typical_facts:
        return
    fixed = form.scenario.typical_answers
    for path in fixed:
        if path not in form.fields:
            yield Found("typical", f"典型申请人的“{path}”在这张表里不问", "/x-typical", "warning")
    for one in form.fields.values():
        if one.path in fixed or one.table or one.kind not in ("element", "guide", "own"):
            continue
        if not (one.raw.get("x-open") or any(c.kind == "required" and c.guard == TRUE for c in one.clauses)):
            continue
        decides = any(one.path in set(paths_of(other.visible)) for other in form.fields.values())
        if decides and one.visible == TRUE and (one.choices or one.schema.get("type") == "boolean"):
            text = f"“{one.title}”（{one.path}）决定别的栏目问不问，典型申请人没有写明"
            yield Found("typical", text, "/x-typical", "warning")


@dataclass
class Gathered:
    """What several situations have in common: each finding once, with the facts that lead to it."""

    library: Library
    scenario: Scenario
    seen: dict[tuple[str, str, str, str], tuple[list[str], list[dict[str, Any]]]] = field(default_factory=dict)

    def add(self, found: list[Found], facts: dict[str, Any]) -> None:
        for one in found:
            key = (one.code, one.message, one.pointer, one.severity)
            self.seen.setdefault(key, (one.forms, []))[1].append(facts)

    def faults(self, path: str) -> Iterator[Fault]:
        for (code, message, pointer, severity), (forms, situations) in self.seen.items():
            text = message if code in ("typical", "unsound") else f"{self._leads(forms, situations)}：{message}"
            yield Fault(path, code, text, pointer, severity=severity)

    def _leads(self, forms: list[str], situations: list[dict[str, Any]]) -> str:
        """The facts that every situation in which it was found has in common; of a conflict, those that call for the
        forms between which it is, and those that are settled in merging."""
        first = situations[0]
        same = {name: v for name, v in first.items() if all(other.get(name) == v for other in situations)}
        asked = {path.removeprefix("facts.") for form in forms for path in paths_of(self.scenario.calls[form])}
        asked |= fixed_facts(self.library, self.scenario)
        shown = {name: value for name, value in same.items() if not forms or name in asked}
        return f"情形 {canonical(shown)}" if shown else "任何情形"
