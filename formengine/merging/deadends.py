"""Dead ends: demands that some applicant can never meet, though nothing contradicts them outright.

A value that has to be given and is never asked; a limit that one kind of answer (say, of document) cannot meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..binding.base import Clause
from ..conditions import FALSE, TRUE, Atom, Cond, all_of, any_of, paths_of, rewrite
from .field import Field
from .form import MergedForm
from .limits import Clash, party_name


def dead_ends(form: MergedForm, clashes: Iterable[Clash]) -> Iterator[str]:
    """A sentence for each; ``clashes`` are those that were found in the form."""
    yield from _never_asked(form)
    for clash in clashes:
        if not clash.stops:
            reads = "、".join(dict.fromkeys(_title(form, path) for path in paths_of(clash.guard)))
            yield f"按“{reads}”作答的某些情形下谁也办不成：{clash.conflict}"


def _never_asked(form: MergedForm) -> Iterator[str]:
    """Values that are demanded where no answer makes anybody ask for them; those of one form and reason together."""
    unseen = _unseen(form)
    found: dict[tuple[str, str], dict[str, Clause]] = {}
    for clause in form.clauses:
        field = form.fields.get(clause.path)
        if field is None or not _demands(clause):
            continue
        guard = _without(clause.guard, unseen)
        if guard != FALSE and all_of([guard, _reach(field, unseen)]) == FALSE:
            why = "、".join(dict.fromkeys(_title(form, path) for path in paths_of(field.visible) if path in unseen))
            found.setdefault((clause.source.form, why), {}).setdefault(clause.path, clause)
    for (_, why), clauses in found.items():
        named = "、".join(f"“{_title(form, path)}”（{path}）" for path in clauses)
        reason = f"问它与否取决于“{why}”，而后者在这里从不问" if why else "它在这里从不问"
        yield f"{party_name(form, next(iter(clauses.values())).source)}必填，却没有人能填{named}：{reason}"


def _demands(clause: Clause) -> bool:
    return clause.kind == "required" or (clause.kind == "rows" and clause.minimum > 0)


def _reach(field: Field, unseen: set[str]) -> Cond:
    """When a field has a value at all: asked, or computed."""
    if field.has_constant or field.kind in ("fact", "system"):
        return TRUE
    return any_of(_without(cond, unseen) for cond in (field.visible, *(reach for reach, _ in field.derivations)))


def _without(cond: Cond, unseen: set[str]) -> Cond:
    """A condition where what is never asked is never so."""

    def replace(node: Atom) -> Cond:
        return FALSE if node.path in unseen else node

    return rewrite(cond, replace)


def _unseen(form: MergedForm) -> set[str]:
    """The fields that no answer brings up: those that are never asked, and those that only they bring up."""
    unseen: set[str] = set()
    while True:
        more = {path for path, field in form.fields.items() if path not in unseen and _reach(field, unseen) == FALSE}
        if not more:
            return unseen
        unseen |= more


def _title(form: MergedForm, path: str) -> str:
    return form.fields[path].title if path in form.fields else path
