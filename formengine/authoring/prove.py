"""Law 1 proved: whatever the merged form takes, each department takes; and where the dictionary is the stricter one.

A clause that is proved against its own form alone is proved in every merge with that form, for what fewer clauses allow
is wider. So one proof for each form and each kind of binding is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..algebra.intersect import intersect
from ..algebra.jsonvalue import Schema
from ..algebra.prove import Verdict, covers
from ..binding.base import to_elements
from ..binding.bindings import Element
from ..binding.bound import BoundForm
from ..binding.statements import read_statements
from ..conditions import FALSE, TRUE, Cond, all_of, canonical, parts_of
from ..errors import MergeConflict
from ..merging.field import Field
from ..merging.fields import Expander
from ..merging.form import MergedForm
from ..paths import keys_of
from ..templates.schemas import constraint, is_table


def stricter(form: MergedForm) -> Iterator[tuple[str, str]]:
    """``(element, department field)`` where the dictionary's limit is narrower than the department's own."""
    for one in form.fields.values():
        if one.path in form.library.elements and not one.table:
            for clause in one.clauses:
                narrower = clause.kind == "value" and clause.source.kind == "form"
                if narrower and covers(one.schema, clause.schema) is Verdict.REFUTED:
                    yield one.path, f"{clause.source.form}“{clause.source.label}”"


@dataclass(frozen=True)
class Proof:
    """One limit of a department (``wide``) and what the merged form demands whenever that department sees the value."""

    what: str
    wide: Schema
    held: tuple[Schema, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The clauses that the proof is about, as texts."""
        return (canonical(self.wide), *sorted({canonical(schema) for schema in self.held}))

    def verdict(self) -> str:
        """``proved``, ``refuted`` or ``unknown``."""
        try:
            narrow = intersect(*self.held) if self.held else True
        except MergeConflict:
            narrow = False
        return covers(self.wide, narrow).value


def proofs(form: MergedForm) -> Iterator[Proof]:
    """Law 1 clause by clause, each form against its own and the dictionary's clauses alone: of directly bound fields,
    the department's limit has to hold wherever the department sees the value."""
    for one, code, wide, field_, seen in _limits(form):
        members = {TRUE, *parts_of(seen)}
        held = [
            clause.schema
            for clause in field_.clauses
            if clause.kind == "value"
            and clause.source.form in ("", one.form.id)
            and members.issuperset(parts_of(clause.guard))
        ]
        yield Proof(f"{one.form.id}.{code} ← {field_.path}", wide, tuple(held))


def too_wide(form: MergedForm) -> Iterator[str]:
    """The limits that the printed schema of a merged form is certainly wider than."""
    for one, code, wide, field_, seen in _limits(form):
        if seen == TRUE and covers(wide, _printed(form, field_.path)) is Verdict.REFUTED:
            yield f"{one.form.id}.{code} ← {field_.path}"


def _limits(form: MergedForm) -> Iterator[tuple[BoundForm, str, Schema, Field, Cond]]:
    """Each limit on a directly bound field: whose, on which field, and when it holds for what the department sees."""
    expand = Expander(form.fields, form.plan.known).expand
    for one in form.bound:
        for statement in read_statements(one.form.raw):
            binding, node = one.bindings.get(statement.code), statement.schema
            field_ = form.fields.get(binding.path) if isinstance(binding, Element) else None
            if statement.kind != "value" or field_ is None or field_.derivations or field_.table or is_table(node):
                continue
            guard = to_elements(statement.guard, one.bindings, one.visible)
            seen = all_of([expand(guard), expand(one.visible.get(statement.code, TRUE)), field_.when])
            if seen != FALSE and constraint(node) not in ({}, True):
                assert isinstance(binding, Element)
                yield one, statement.code, binding.wrap(constraint(node)), field_, seen


def _printed(form: MergedForm, path: str) -> Schema:
    node: Any = form.schema
    for key in keys_of(path):
        node = node.get("properties", {}).get(key)
        if node is None:
            return True
    return constraint(node)
