"""The merged form: fields, clauses, schema, and the compiled checks that the verbs share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import rfc8785

from ..binding.base import Binding, Clause
from ..binding.bindings import Element
from ..binding.bound import BoundForm
from ..binding.composed import Rows
from ..conditions import TRUE, AnyOf, Atom, Cond, atoms_of, canonical, paths_of
from ..evaluate import Test, compile_condition
from ..judges import Judge, compiled_to_refuse
from ..paths import keys_of, subject_of
from ..templates.library import Library, Scenario
from ..templates.schemas import is_annotation
from .field import Field
from .plan import Plan
from .rules import Rule, origins


@dataclass(frozen=True, slots=True)
class Step:
    """Resolving one field: where it stands, when it is asked (``always``: no condition), how it is computed
    (``plain``: it never is, and stands in no list)."""

    path: str
    kind: str
    table: str | None
    keys: tuple[str, ...]
    visible: Test
    always: bool
    plain: bool
    cases: tuple[tuple[Test, Any], ...]
    suggestions: tuple[tuple[Test, Any], ...]
    raw: dict[str, Any]


def _step(one: Field) -> Step:
    keys = keys_of(one.path)
    return Step(
        one.path,
        one.kind,
        one.table,
        keys[1:] if one.table else keys,
        compile_condition(one.visible),
        one.visible == TRUE,
        not (one.table or one.kind == "list" or one.derivations or one.suggestions),
        tuple((compile_condition(reach), derivation) for reach, derivation in one.derivations),
        tuple((compile_condition(when), suggestion) for when, suggestion in one.suggestions),
        one.raw,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """Filing one field of a department form: ``path`` is set where the value is the element's own, ``derived`` where
    the element may be computed instead of answered."""

    code: str
    binding: Binding
    path: str
    is_rows: bool
    shown: Test | None
    derived: str
    columns: tuple[tuple[str, str], ...]
    may_wait: bool


def _part(fields: dict[str, Field], one: BoundForm, code: str, binding: Binding) -> Part:
    shown = one.visible.get(code, TRUE)
    columns: tuple[tuple[str, str], ...] = ()
    if isinstance(binding, Rows):
        found = [(column, _derived(fields, inner)) for column, inner in binding.columns]
        columns = tuple((column, path) for column, path in found if path.startswith(binding.table + "."))
    test = None if shown == TRUE else compile_condition(shown)
    path = binding.path if isinstance(binding, Element) and not binding.inner else ""
    waits = any(True for _ in binding.issued())
    return Part(code, binding, path, isinstance(binding, Rows), test, _derived(fields, binding), columns, waits)


def _derived(fields: dict[str, Field], binding: Binding) -> str:
    paths = binding.needs() if binding.lossless else ()
    return next((p for p in paths if p in fields and fields[p].derivations), "")


@dataclass
class MergedForm:
    """One form in place of several (一张表), for one scenario and one set of facts.

    ``schema`` is the JSON Schema (draft 2020-12) of the answers; ``fields`` are in an order in which every field
    comes after what decides about it; ``clauses`` are the limits, ``rules`` what no JSON
    Schema says, each with who sets it.
    """

    library: Library
    plan: Plan
    bound: list[BoundForm]
    fields: dict[str, Field]
    clauses: list[Clause]
    rules: tuple[Rule, ...] = field(default=(), repr=False)
    schema: dict[str, Any] = field(default_factory=dict)
    judged: dict[str, Any] = field(default_factory=dict)
    """``schema`` without what a judge that knows the formats has no need of."""

    @property
    def scenario(self) -> Scenario:
        return self.plan.scenario

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that it was merged for; others may lead to the same form."""
        return dict(self.plan.facts)

    @property
    def facts_known(self) -> dict[str, Any]:
        """The facts that whoever answers this form must have given."""
        return self.plan.told(self.library)

    @property
    def forms(self) -> tuple[str, ...]:
        """The ids of the department forms in it."""
        return self.plan.forms

    @property
    def fingerprint(self) -> str:
        """sha-256 (hex) of the RFC 8785 form of ``schema``, layout included."""
        return hashlib.sha256(rfc8785.dumps(self.schema)).hexdigest()

    @property
    def fingerprint_meaning(self) -> str:
        """sha-256 (hex) of what the schema demands alone: no titles, no sections, no order."""
        return hashlib.sha256(rfc8785.dumps(_meaning(self.schema))).hexdigest()

    @cached_property
    def validator(self) -> Judge:
        """The fast judge of ``schema``, with this project's formats."""
        return compiled_to_refuse(self.judged)

    @cached_property
    def department_validators(self) -> dict[str, Judge]:
        """For each form a fast judge of its untouched schema, but for ``required`` of values still to be issued."""
        out = {}
        for one in self.bound:
            tables = {code: binding for code, binding in one.bindings.items() if isinstance(binding, Rows)}
            raw = _without_required(one.form.raw, _waiting(one.bindings.items()) - tables.keys())
            for code, table in tables.items():
                open_columns = _waiting(table.columns)
                if open_columns:
                    node = raw["properties"][code]
                    items = _without_required(node["items"], open_columns)
                    raw = {**raw, "properties": {**raw["properties"], code: {**node, "items": items}}}
            out[one.form.id] = compiled_to_refuse(raw)
        return out

    # -- for whoever shows it -----------------------------------------------------------------------------------

    def printed(self, path: str) -> dict[str, Any]:
        """What the schema says of one field, its annotations included; empty for one that is not asked."""
        one, node = self.fields[path], self.schema
        for key in keys_of(path):
            inner = node.get("properties", {}).get(key, {})
            node = inner if isinstance(inner, dict) else {}
            if one.table and key == one.table:
                node = node.get("items", {})
        return node

    @cached_property
    def deciders(self) -> dict[str, frozenset[str]]:
        """For each path that some condition reads, the texts that the conditions compare it with."""
        found: dict[str, set[str]] = {}
        read = [one.visible for one in self.fields.values()]
        read += [cond for clause in self.clauses for cond in (clause.guard, clause.where, clause.condition)]
        for atom in {atom for cond in {*read, *self._selections()} for atom in atoms_of(cond)}:
            found.setdefault(atom.path, set()).update(texts_of(atom.schema))
        return {path: frozenset(texts) for path, texts in found.items()}

    @cached_property
    def steering(self) -> frozenset[str]:
        """The columns that decide which departments get a row."""
        return frozenset(path for where in self._selections() for path in paths_of(where))

    def _selections(self) -> Iterator[Cond]:
        """Which rows each table of each form selects."""
        for one in self.bound:
            yield from (table.where for table in one.bindings.values() if isinstance(table, Rows))

    def either(self, path: str) -> Iterator[tuple[Test, tuple[str, ...]]]:
        """Where at least one of several fields has to be filled in, this one among them: when, and all of them."""
        for clause in self.clauses:
            parts = clause.condition.parts if isinstance(clause.condition, AnyOf) else ()
            if clause.kind == "hold" and parts and all(isinstance(part, Atom) for part in parts):
                paths = tuple(dict.fromkeys(paths_of(clause.condition)))
                if path in paths and all(one in self.fields and self.fields[one].asked for one in paths):
                    yield compile_condition(clause.guard), paths

    def resting_on(self, subject: str) -> dict[str, frozenset[str]]:
        """For each department form the fields (``code``, of a table ``code/column``) whose value is made of what this
        subject holds, however far back."""
        found: dict[str, set[str]] = {one.form.id: set() for one in self.bound}
        for one in self.bound:
            for code, binding in one.bindings.items():
                inner = binding.columns if isinstance(binding, Rows) else ((code, binding),)
                named = ((f"{code}/{name}" if isinstance(binding, Rows) else code, made) for name, made in inner)
                found[one.form.id] |= {name for name, made in named if self._rests(origins(made), subject)}
        return {name: frozenset(codes) for name, codes in found.items()}

    def _rests(self, paths: Iterable[str], subject: str) -> bool:
        todo, seen = list(paths), set[str]()
        while todo:
            path = todo.pop()
            if subject_of(path) == subject:
                return True
            if path not in seen and path in self.fields:
                todo += self.fields[path].origins
            seen.add(path)
        return False

    # -- what the verbs share -----------------------------------------------------------------------------------

    @cached_property
    def steps(self) -> list[Step]:
        """What resolving answers does, field by field, compiled."""
        return [_step(one) for one in self.fields.values()]

    @cached_property
    def parts(self) -> dict[str, list[Part]]:
        """What filing does, form by form, field by field, compiled."""
        return {
            one.form.id: [_part(self.fields, one, code, binding) for code, binding in one.bindings.items()]
            for one in self.bound
        }


def _waiting(bindings: Iterable[tuple[str, Binding]]) -> set[str]:
    """The fields, or columns, in which a value still to be issued stands."""
    return {code for code, binding in bindings if any(True for _ in binding.issued())}


def _without_required(schema: object, codes: set[str]) -> Any:
    if isinstance(schema, list):
        return [_without_required(part, codes) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for keyword, value in schema.items():
        if keyword == "required" and isinstance(value, list):
            value = [code for code in value if code not in codes]
        elif keyword in ("allOf", "then", "else"):
            value = _without_required(value, codes)
        out[keyword] = value
    return out


_UNORDERED = ("required", "enum", "allOf", "anyOf", "oneOf", "type")


def _meaning(schema: object) -> Any:
    """The schema without annotations, with everything that has no order sorted."""
    if isinstance(schema, list):
        return [_meaning(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in ("properties", "patternProperties"):
            out[keyword] = {name: _meaning(part) for name, part in value.items()}
        elif not is_annotation(keyword):
            value = _meaning(value)
            unordered = keyword in _UNORDERED and isinstance(value, list)
            out[keyword] = sorted(value, key=canonical) if unordered else value
    return out


def texts_of(value: object) -> Iterator[str]:
    """Every text in a value, names of keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from texts_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of(part)
