"""What is demanded of the answers: by the forms, the dictionary, deciding questions, materials; and all of it
restated about what is actually asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..algebra.jsonvalue import Schema
from ..binding.base import Clause, Source, to_elements
from ..binding.bindings import Element
from ..binding.bound import BoundForm
from ..binding.statements import read_statements
from ..conditions import FALSE, TRUE, AnyOf, Atom, Cond, all_of, any_of, assume, canonical, negate, parts_of, paths_of
from ..templates.library import Derivation, Library
from ..templates.schemas import constraint
from .field import Field
from .fields import MATERIAL, Expander, lifted
from .plan import Plan


def all_clauses(library: Library, plan: Plan, bound: list[BoundForm], fields: dict[str, Field]) -> Iterator[Clause]:
    for form in bound:
        yield from form.clauses
    yield from _dictionary_clauses(library, fields)
    yield from _guide_clauses(library, bound, fields)
    yield from _material_clauses(library, plan, bound)
    yield from _fact_clauses(library, plan, fields)


def _fact_clauses(library: Library, plan: Plan, fields: dict[str, Field]) -> Iterator[Clause]:
    """What the guiding questions' answers have to be for this plan to be theirs."""
    for field in fields.values():
        if field.kind != "fact":
            continue
        source, name = Source("", field.title, field.path, "scenario"), field.path.removeprefix("facts.")
        for schema in [field.schema] if field.has_constant else plan.limits(library, name):
            yield Clause("value", field.path, TRUE, source, schema=schema)
        if field.has_constant or plan.expected(name):
            yield Clause("required", field.path, TRUE, source)
    for cond in plan.holds:
        if (rest := assume(cond, plan.known)) != TRUE:
            first = next(iter(paths_of(rest)))
            source = Source("", fields[first].title, first, "scenario")
            yield Clause("hold", "", TRUE, source, condition=rest)


def _dictionary_clauses(library: Library, fields: dict[str, Field]) -> Iterator[Clause]:
    """What the data dictionary itself demands of every value that some form uses."""
    for field in fields.values():
        if field.path in library.elements or field.kind == "list":
            source = Source("", field.title, field.path, "element")
            for use in _disjuncts(field.use):
                computed = any_of(reach for reach, _ in field.derivations)
                guard = all_of([field.when, negate(computed), use])
                yield Clause("value", field.path, guard, source, schema=field.schema)
    for subject in library.subjects.values():
        bindings: dict[str, Any] = {
            path.split(".", 1)[1]: Element(path)
            for path, field in fields.items()
            if path.startswith(subject.id + ".") and path in library.elements
        }
        for part in subject.node.get("allOf", ()) if bindings else ():
            yield from _subject_clauses(library, subject.id, part, bindings, fields)


def _subject_clauses(
    library: Library, subject: str, part: Schema, bindings: dict[str, Any], fields: dict[str, Field]
) -> Iterator[Clause]:
    for statement in read_statements(part):
        guard = to_elements(statement.guard, bindings, {})
        path = f"{subject}.{statement.code}"
        if statement.code not in bindings or guard == FALSE:
            continue
        source = Source("", fields[path].title, path, "element")
        stored = negate(any_of(reach for reach, _ in fields[path].derivations))
        guard = all_of([guard, stored])
        if statement.kind == "required":
            yield Clause("required", path, guard, source)
        elif statement.kind == "value":
            schema = constraint(statement.schema, library.codes)
            yield Clause("value", path, guard, source, schema=schema)


def _disjuncts(cond: Cond) -> tuple[Cond, ...]:
    return cond.parts if isinstance(cond, AnyOf) else (cond,)


def _guide_clauses(library: Library, bound: list[BoundForm], fields: dict[str, Field]) -> Iterator[Clause]:
    """A question that decides about a required value must be answered wherever that value is required."""
    for form in bound:
        for clause in form.clauses:
            if clause.kind == "required":
                yield from _deciding(clause, clause.path, fields, frozenset())


def _deciding(clause: Clause, path: str, fields: dict[str, Field], trail: frozenset[str]) -> Iterator[Clause]:
    field = fields.get(path)
    if field is None or path in trail:
        return
    conds = [reach for reach, _ in field.derivations]
    if field.kind != "guide":
        conds.append(field.when)
    for decider in sorted({p for cond in conds for p in paths_of(cond)}):
        if decider in fields and fields[decider].kind == "guide" and not _circular(clause, decider, fields):
            yield Clause("required", decider, all_of([clause.guard, fields[decider].when]), clause.source)
            yield from _deciding(clause, decider, fields, trail | {path})
    for reach, derivation in field.derivations:
        for source in derivation.sources:
            taken = replace(clause, guard=all_of([clause.guard, reach]))
            yield from _deciding(taken, source, fields, trail | {path})


def _circular(clause: Clause, decider: str, fields: dict[str, Field]) -> bool:
    """Whether the requirement itself rests on a value that is only asked because of the decider's answer."""
    return any(decider in paths_of(fields[path].when) for path in paths_of(clause.guard) if path in fields)


def _material_clauses(library: Library, plan: Plan, bound: list[BoundForm]) -> Iterator[Clause]:
    env = plan.env(library, "")
    for form in bound:
        for material in form.form.materials:
            if material.get("waived") or material.get("generated"):
                continue
            path = f"materials.{material['id']}"
            when = env.settle(library.condition(material.get("when", True)))
            source = Source(form.form.id, material["title"], material["id"], "material")
            yield Clause("value", path, when, source, schema=MATERIAL)
            if material.get("required", True):
                yield Clause("required", path, when, source)


class Settler:
    """Restates clauses about computed elements as clauses about what is asked."""

    def __init__(self, library: Library, fields: dict[str, Field], known: tuple[Cond, ...]) -> None:
        self.library, self.fields, self.expander = library, fields, Expander(fields, known)

    def settle(self, clauses: list[Clause]) -> list[Clause]:
        """All clauses on stored values, without repetitions, in a stable order."""
        found: dict[Any, Clause] = {}
        for clause in clauses:
            for one in self._restate(self._expanded(clause)):
                found.setdefault(_key(one), one)
        return list(found.values())

    def _expanded(self, clause: Clause) -> Clause:
        return replace(
            clause,
            guard=self.expander.expand(clause.guard),
            condition=self.expander.expand(clause.condition),
            where=self.expander.expand(clause.where),
        )

    def _restate(self, clause: Clause) -> Iterator[Clause]:
        """A clause whose conditions are expanded already, worked back to what is stored."""
        if clause.guard == FALSE:
            return
        if clause.kind == "required" and _present_already(clause):
            return
        if clause.kind in ("value", "required") and clause.path in self.fields:
            yield from self._on_field(clause, self.fields[clause.path])
        elif not (clause.kind == "hold" and clause.condition == TRUE):
            yield clause

    def _on_field(self, clause: Clause, field: Field) -> Iterator[Clause]:
        for reach, derivation in field.derivations:
            guard = all_of([clause.guard, reach])
            if guard != FALSE:
                yield from self._on_sources(replace(clause, guard=guard), field, derivation)
        computed = any_of(reach for reach, _ in field.derivations)
        asked = field.when if clause.kind == "value" else TRUE
        guard = all_of([clause.guard, negate(computed), asked])
        if guard != FALSE:
            yield replace(clause, guard=guard)

    def _on_sources(self, clause: Clause, field: Field, derivation: Derivation) -> Iterator[Clause]:
        if derivation.function == "copy":
            yield from self._restate(self._moved(clause, field, derivation.sources[0]))
        elif clause.kind == "value":
            anchor = self._anchor(derivation.sources)
            if clause.source.kind == "form" and anchor:
                yield replace(clause, kind="residual", path=anchor, binding=Element(field.path))
        else:
            for source in derivation.sources:
                yield from self._require_source(clause, field, source)

    def _require_source(self, clause: Clause, field: Field, source: str) -> Iterator[Clause]:
        target = self.fields.get(source)
        if target is None:
            return
        if target.kind == "list":
            yield replace(clause, kind="rows", path=source, minimum=1)
        elif target.table and target.table != field.table:
            yield replace(clause, kind="rows", path=target.table, minimum=1)
            yield from self._restate(replace(clause, path=source))
        else:
            yield from self._restate(self._moved(clause, field, source))

    def _moved(self, clause: Clause, field: Field, source: str) -> Clause:
        """The clause on a source; where it leaves its list, its row's condition becomes "some row is such"."""
        inside = field.table is not None and source.startswith(field.table + ".")
        if field.table is None or inside:
            return replace(clause, path=source)
        return replace(clause, path=source, guard=lifted(clause.guard, field.table))

    def _anchor(self, sources: tuple[str, ...]) -> str:
        known = [s for s in sources if s in self.fields]
        return known[0] if known else ""


def _present_already(clause: Clause) -> bool:
    """Whether the guard itself says that the value is there."""
    return any(isinstance(part, Atom) and part.path == clause.path for part in parts_of(clause.guard))


def _key(clause: Clause) -> object:
    return (
        clause.kind,
        clause.path,
        clause.guard,
        clause.source,
        canonical(clause.schema),
        clause.where,
        clause.minimum,
        clause.maximum,
        clause.condition,
    )
