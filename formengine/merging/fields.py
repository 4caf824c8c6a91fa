"""Which fields the merged form has: everything the bindings read, what computes it, and what decides about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..algebra.jsonvalue import words_of
from ..binding.base import Source
from ..binding.bound import BoundForm
from ..binding.composed import Choose, Rows
from ..conditions import (
    FALSE,
    TRUE,
    Atom,
    Cond,
    Const,
    Has,
    all_of,
    any_of,
    assume,
    negate,
    paths_of,
    rewrite,
    split_guard,
)
from ..errors import BindingError, Fault, MixedConditionError, TemplateError
from ..evaluate import value_test
from ..templates.build import scenario_suggestions
from ..templates.library import DataElement, Derivation, Library, Scenario, Suggestion
from ..templates.schemas import choices, constraint
from .field import Field
from .plan import Plan


@dataclass
class _Use:
    cond: Cond
    source: Source
    role: str
    """``direct`` (a department receives it), ``origin`` (a received value is computed from it), ``decider``."""


class Fields:
    """Collects what is asked: everything the bindings read, what computes it, and what decides whether it is asked."""

    def __init__(self, library: Library, plan: Plan, bound: list[BoundForm]) -> None:
        self.library, self.plan, self.bound = library, plan, bound
        self.env = plan.env(library, "")
        self.uses: dict[str, dict[tuple[Cond, str, str], _Use]] = {}
        self.details: dict[str, tuple[Cond, tuple[Any, ...]]] = {}
        self.waiting: list[tuple[str, str, Cond, Source]] = []

    def collect(self) -> dict[str, Field]:
        """All fields by path."""
        for form in self.bound:
            for path, cond, source in form.uses():
                self._use(path, cond, source, "direct")
            self._deciders(form)
        self._admit_deciders()
        fields = {path: self._field(path, uses) for path, uses in self.uses.items()}
        fields.update(self._facts())
        for element, name in self.plan.copied.items():
            if element in fields:  # who receives the element receives the answer
                fields[f"facts.{name}"].sources = list(fields[element].sources)
                fields[f"facts.{name}"].consumers = set(fields[element].consumers)
        fields.update(self._materials(fields))
        return self._with_visibility(fields)

    def _deciders(self, form: BoundForm) -> None:
        """What decides between cases and selects rows is asked too, though no department receives it."""
        for code, binding in form.bindings.items():
            source = Source(form.form.id, str(form.form.raw["properties"][code].get("title", code)), code)
            shown = form.visible.get(code, TRUE)
            inner = [b for _, b in binding.columns] if isinstance(binding, Rows) else [binding]
            for one in inner:
                for path in sorted(one.guards()) if isinstance(one, Choose) else ():
                    self._use(path, shown, source, "decider")
            if isinstance(binding, Rows):
                for path in sorted(set(paths_of(binding.where))):
                    self._use(path, shown, source, "decider")

    def _use(self, path: str, cond: Cond, source: Source, role: str) -> None:
        if path in self.plan.static or path.startswith(("issued:", "facts.")) or cond == FALSE:
            return
        known = self.uses.setdefault(path, {})
        key = (cond, source.form, role)
        if key in known:
            return
        known[key] = _Use(cond, source, role)
        element = self.library.elements.get(path)
        if path in self.library.lists and "x-when" in self.library.subjects[path].raw:
            when = self.env.settle(self.library.condition(self.library.subjects[path].raw["x-when"]))
            self.waiting += [(path, decider, cond, source) for decider in sorted(set(paths_of(when)))]
        if element is None:
            if path not in self.library.lists and not path.startswith("own."):
                raise BindingError("element", f"数据字典里没有“{path}”，却有模板要用它")
            return
        if element.table:
            self._use(element.table, _about_answers(cond, element.table), source, "origin")
        self._use_origins(element, cond, source)

    def _use_origins(self, element: DataElement, cond: Cond, source: Source) -> None:
        when, cases = self._detail(element)
        conditions = [when, *(reach for reach, _ in cases)]
        for path in sorted({p for condition in conditions for p in paths_of(condition)}):
            self.waiting.append((element.id, path, cond, source))
        for reach, derivation in cases:
            for origin in derivation.sources:
                self._use(origin, _outside(all_of([cond, reach]), element, origin), source, "origin")

    def _admit_deciders(self) -> None:
        """A question about somebody whom no form of this case wants is not asked: its conditions just do not hold."""
        while True:
            wanted = {
                path.partition(".")[0] for path, uses in self.uses.items() if any(_receives(u) for u in uses.values())
            }
            ready = [w for w in self.waiting if w[1].partition(".")[0] in wanted | {w[0].partition(".")[0]}]
            if not ready:
                return
            self.waiting = [w for w in self.waiting if w not in ready]
            for _, path, cond, source in ready:
                self._use(path, cond, source, "decider")

    def _detail(self, element: DataElement) -> tuple[Cond, tuple[Any, ...]]:
        """The element's own condition and its derivations, each with the condition that it is the one taken."""
        if element.id not in self.details and element.id in self.plan.copied:
            name = self.plan.copied[element.id]
            fact = f"facts.{name}"
            given = TRUE if self.plan.expected(name) else Atom(fact)
            self.details[element.id] = (TRUE, ((given, Derivation(TRUE, "copy", (fact,))),))
        elif element.id not in self.details:
            before: list[Cond] = []
            cases = []
            for derivation in element.derivations:
                when = self.env.settle(derivation.when)
                if when != FALSE:
                    cases.append((all_of([when, *before]), derivation))
                before.append(negate(when))
            self.details[element.id] = (self.env.settle(element.when), tuple(c for c in cases if c[0] != FALSE))
        return self.details[element.id]

    def _field(self, path: str, uses: dict[Any, _Use]) -> Field:
        sources = [u.source for u in uses.values() if u.role != "decider"]
        base = self._own(path) if path.startswith("own.") else self._element(path)
        base.use = any_of(u.cond for u in uses.values())
        base.sources = list(dict.fromkeys(sources))
        base.consumers = {u.source.form for u in uses.values()}
        if not sources and base.kind == "element":
            base.kind = "guide"
        return base

    def _element(self, path: str) -> Field:
        if path in self.library.lists:
            raw = self.library.subjects[path].raw
            bare = {k: v for k, v in words_of(constraint(raw)).items() if k in ("maxItems", "minItems", "uniqueItems")}
            when = self.env.settle(self.library.condition(raw.get("x-when", True)))
            schema = {"type": "array", **bare, "items": ROW}
            return Field(path, str(raw.get("title", path)), "list", raw, schema, when=when)
        element = self.library.elements[path]
        when, cases = self._detail(element)
        kind = "system" if element.is_system else "element"
        suggestions = [(self.env.settle(s.when), s) for s in self._suggestions(element)]
        return Field(
            path,
            element.title,
            kind,
            element.raw,
            element.schema,
            table=element.table,
            choices=element.choices,
            when=when,
            derivations=cases,
            suggestions=tuple((when, s) for when, s in suggestions if when != FALSE),
            section=str(element.raw.get("x-section", "")),
        )

    def _suggestions(self, element: DataElement) -> tuple[Suggestion, ...]:
        """What the scenario fills in goes before what the dictionary does."""
        given = self.plan.scenario.raw.get("x-defaults", {})
        return scenario_suggestions(self.library, given[element.id]) if element.id in given else element.suggestions

    def _own(self, path: str) -> Field:
        _, form, code = path.split(".", 2)
        node = self.library.forms[form].raw["properties"][code]
        kind = node["x-element"]["own"] if isinstance(node.get("x-element"), dict) else "answer"
        return Field(
            path,
            str(node.get("title", code)),
            "own",
            {**node, "x-own": kind, "x-section": "own"},
            constraint(node),
            choices=tuple(choices(node)),
            section="own",
        )

    def _facts(self) -> dict[str, Field]:
        found = {}
        for name, node in self.plan.scenario.facts.items():
            one = question(self.library, name, node)
            if one.path not in self.plan.open:
                one.has_constant, one.constant = True, self.plan.static[one.path]
                one.schema = {"const": one.constant}
            found[one.path] = one
        return found

    def _materials(self, fields: dict[str, Field]) -> dict[str, Field]:
        found: dict[str, Field] = {}
        for form in self.bound:
            for material in form.form.materials:
                if material.get("waived") or material.get("generated"):
                    continue
                path = f"materials.{material['id']}"
                when = self.env.settle(self.library.condition(material.get("when", True)))
                if path not in found:
                    found[path] = Field(path, material["title"], "material", material, MATERIAL, section="materials")
                found[path].use = any_of([found[path].use, when])
                found[path].sources.append(Source(form.form.id, material["title"], material["id"], "material"))
                found[path].consumers.add(form.form.id)
        return found

    def _with_visibility(self, fields: dict[str, Field]) -> dict[str, Field]:
        for field in fields.values():
            if field.kind != "fact":
                computed = any_of(reach for reach, _ in field.derivations)
                field.visible = all_of([field.when, negate(computed), field.use])
        expander = Expander(fields, self.plan.known)
        for field in fields.values():
            field.visible = expander.expand(field.visible)
            field.use = expander.expand(field.use)
            field.when = expander.expand(field.when)
            field.derivations = tuple((expander.expand(r), d) for r, d in field.derivations)
            suggested = ((expander.expand(when), s) for when, s in field.suggestions)
            field.suggestions = tuple((when, s) for when, s in suggested if when != FALSE)
        return fields


def questions(library: Library, scenario: Scenario) -> list[Field]:
    """The guiding questions of a scenario as fields, before anything is merged."""
    return [question(library, name, node) for name, node in scenario.facts.items()]


def question(library: Library, name: str, node: dict[str, Any]) -> Field:
    """One guiding question as a field."""
    return Field(
        f"facts.{name}",
        str(node.get("title", name)),
        "fact",
        node,
        constraint(node, library.codes),
        choices=tuple(choices(node, library.codes)),
        visible=TRUE,
        section="facts",
    )


def _receives(use: _Use) -> bool:
    return use.role != "decider"


ROW = {
    "type": "object",
    "properties": {"id": {"type": "string", "minLength": 1, "maxLength": 64}},
}
"""What every row of a list is, whatever its columns."""
MATERIAL = {
    "type": "array",
    "items": {"type": "string", "format": "attachment-id"},
    "minItems": 1,
    "maxItems": 50,
    "uniqueItems": True,
}


def _about_answers(cond: Cond, name: str) -> Cond:
    """What a column's condition says about the answers around its list: without it no row has the column."""
    try:
        return any_of(outside for outside, _ in split_guard(cond, name))
    except MixedConditionError:
        return TRUE


def _outside(cond: Cond, element: DataElement, origin: str) -> Cond:
    """A row's condition on a value outside its list: some row is such."""
    if element.table and not origin.startswith(element.table + "."):
        return lifted(cond, element.table)
    return cond


def lifted(cond: Cond, name: str) -> Cond:
    """A condition that reads one row of the list ``name`` as a condition on the answers: some row satisfies it."""
    return any_of(
        outside if inside == TRUE else all_of([outside, Has(name, inside)])
        for outside, inside in split_guard(cond, name)
    )


class Expander:
    """Restates conditions so that their atoms read only values that are asked; ``known`` is what is sure of facts."""

    def __init__(self, fields: dict[str, Field], known: tuple[Cond, ...]) -> None:
        self.fields, self.known = fields, known
        self.memo: dict[Cond, Cond] = {}

    def expand(self, cond: Cond) -> Cond:
        if cond not in self.memo:
            self.memo[cond] = assume(rewrite(cond, self._atom), self.known)
        return self.memo[cond]

    def _atom(self, node: Atom) -> Cond:
        field = self.fields.get(node.path)
        if field is None:
            return FALSE
        if field.has_constant:
            return Const(value_test(node.text)(field.constant))
        if field.kind == "fact":
            return node
        parts: list[Cond] = []
        for reach, derivation in field.derivations:
            parts.append(all_of([self.expand(reach), self._computed(node, derivation)]))
        computed = any_of(self.expand(reach) for reach, _ in field.derivations)
        return any_of([*parts, all_of([negate(computed), node])])

    def _computed(self, node: Atom, derivation: Derivation) -> Cond:
        if derivation.function == "copy":
            return self._atom(Atom(derivation.sources[0], node.text))
        if node.text == "{}":
            return all_of(self._atom(Atom(source)) for source in derivation.sources)
        raise BindingError("condition", f"条件不能读取由“{derivation.function}”算出的“{node.path}”")


def in_order(fields: dict[str, Field]) -> dict[str, Field]:
    """Fields so that each comes after what decides about it or what it is computed from, and, where that leaves a
    choice, after what its limits depend on."""
    hard = {path: _needs(field) & set(fields) for path, field in fields.items()}
    reach = _closure(hard)
    done: dict[str, Field] = {}

    def visit(path: str) -> None:
        if path in done:
            return
        for other in sorted(hard[path]):
            visit(other)
        for other in sorted(_limited_by(fields[path]) & set(fields) - {path}):
            if path not in reach[other] and other not in waiting:
                waiting.add(path)
                visit(other)
                waiting.discard(path)
        done.setdefault(path, fields[path])

    waiting: set[str] = set()
    for path in fields:
        visit(path)
    return done


def _needs(field: Field) -> set[str]:
    conds = [field.visible, *(reach for reach, _ in field.derivations)]
    needed = {p for cond in conds for p in paths_of(cond)}
    needed |= {source for _, derivation in field.derivations for source in derivation.sources}
    return (needed | ({field.table} if field.table else set())) - {field.path}


def _limited_by(field: Field) -> set[str]:
    read = {p for clause in field.clauses if clause.kind in ("value", "rows") for p in paths_of(clause.guard)}
    read |= {p for when, _ in field.suggestions for p in paths_of(when)}
    read |= {p for _, s in field.suggestions if s.derivation for p in s.derivation.sources}
    return {p for p in read if not (field.kind == "list" and p.startswith(field.path + "."))}


def _closure(needs: dict[str, set[str]]) -> dict[str, set[str]]:
    """Everything each path needs, directly or not; raises ``TemplateError`` where a path needs itself."""
    closed: dict[str, set[str]] = {}

    def visit(path: str, trail: tuple[str, ...]) -> set[str]:
        if path in trail:
            cycle = " → ".join([*trail[trail.index(path) :], path])
            raise TemplateError([Fault("", "cycle", f"数据元互相决定，无法排序：{cycle}")])
        if path not in closed:
            closed[path] = set().union(needs[path], *(visit(other, (*trail, path)) for other in needs[path]))
        return closed[path]

    for path in needs:
        visit(path, ())
    return closed
