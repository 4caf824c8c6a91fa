"""Bindings made of other bindings: lines, cases, functions, tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..algebra.jsonvalue import Schema, words_of
from ..conditions import TRUE, Cond, Has, all_of, any_of, negate, paths_of
from ..decimals import as_type
from ..errors import BindingError
from ..evaluate import Test, compile_condition
from ..paths import MISSING
from ..rows import Cells, Scope
from ..words import said
from .base import Binding, Clause, Issued, Source, to_elements
from .bindings import Element
from .functions import FUNCTIONS, look_up
from .statements import read_condition


def _ordered(binding: Binding, value: object) -> object:
    """A value with its parts in the order of the data dictionary, however they came."""
    if not isinstance(binding, Element) or not binding.order or not isinstance(value, dict):
        return value
    return {key: value[key] for key in binding.order if key in value}


@dataclass(frozen=True)
class Join(Binding):
    """One line out of parts."""

    parts: tuple[Binding, ...]
    separator: str = ""
    kind = "join"

    def inside(self) -> tuple[Binding, ...]:
        return self.parts

    def value(self, scope: Scope) -> object:
        found = [_ordered(part, part.value(scope)) for part in self.parts]
        texts = [said(value) for value in found if value is not MISSING]
        return self.separator.join(texts) if texts else MISSING

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        for part in self.parts:
            if isinstance(part, Element) and part.inner:  # what the whole has to hold the dictionary says
                yield Clause("required", part.path, guard, source)
            else:
                yield from part.required(guard, source)

    def condition(self, schema: Schema) -> Cond:
        if schema in (True, {}):
            return any_of(part.condition(True) for part in self.parts)
        return super().condition(schema)

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for part in self.parts for path in part.needs()))


@dataclass(frozen=True)
class Choose(Binding):
    """The first case whose condition holds names the binding."""

    cases: tuple[tuple[Cond, Binding], ...]
    kind = "choose"

    def reach(self) -> Iterator[tuple[Cond, Binding]]:
        """Each case with the condition that it is the one taken."""
        before: list[Cond] = []
        for when, binding in self.cases:
            yield all_of([when, *before]), binding
            before.append(negate(when))

    def value(self, scope: Scope) -> object:
        for when, binding in self.cases:
            if compile_condition(when)(scope):  # what is computed decides too
                return binding.value(scope)
        return MISSING

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        for when, binding in self.reach():
            yield from binding.clauses(schema, all_of([guard, when]), source)

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        for when, binding in self.reach():
            yield from binding.required(all_of([guard, when]), source)
        some = any_of(when for when, _ in self.reach())
        if some != TRUE:
            yield Clause("hold", self.anchor(), guard, source, condition=some)

    def condition(self, schema: Schema) -> Cond:
        return any_of(all_of([when, binding.condition(schema)]) for when, binding in self.reach())

    def reads(self) -> Iterator[tuple[str, Cond]]:
        for when, binding in self.reach():
            for path, inner in binding.reads():
                yield path, all_of([when, inner])

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for _, binding in self.cases for path in binding.needs()))

    def inside(self) -> tuple[Binding, ...]:
        return tuple(binding for _, binding in self.cases)

    def waits(self, scope: Scope) -> Iterator[Issued]:
        for when, binding in self.cases:
            if compile_condition(when)(scope):
                yield from binding.waits(scope)
                return

    def guards(self) -> set[str]:
        """The paths that decide between the cases."""
        return {path for when, _ in self.cases for path in paths_of(when)}


@dataclass(frozen=True)
class Derive(Binding):
    """Computed for this form alone by a named function."""

    function: str
    sources: tuple[Binding, ...]
    params: tuple[tuple[str, Any], ...]
    target: str = "string"
    kind = "derive"

    def inside(self) -> tuple[Binding, ...]:
        return self.sources

    def value(self, scope: Scope) -> object:
        args = [
            look_up(scope, source.path) if isinstance(source, Element) and not source.inner else source.value(scope)
            for source in self.sources
        ]
        params = {"index": getattr(scope, "place", 0), **dict(self.params)}
        return as_type(FUNCTIONS[self.function](args, params), {"type": self.target})

    def condition(self, schema: Schema) -> Cond:
        if schema in (True, {}):
            return all_of(source.condition(True) for source in self.sources)
        return super().condition(schema)

    def needs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(path for source in self.sources for path in source.needs()))


TABLE_WORDS = {"type", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"}
"""What a department may say of a table as a whole."""


@dataclass(frozen=True)
class Rows(Binding):
    """A selection of a shared list's rows, with this form's own columns."""

    table: str
    where: Cond
    columns: tuple[tuple[str, Binding], ...]
    hidden: tuple[tuple[str, Cond], ...] = ()
    kind = "rows"
    lossless = True

    def inside(self) -> tuple[Binding, ...]:
        return tuple(binding for _, binding in self.columns)

    def selected(self, scope: Scope) -> list[Cells]:
        rows = scope.get(self.table, MISSING)
        if not isinstance(rows, list):
            return []
        test = compile_condition(self.where)
        return [row for row in rows if test(row)]

    def value(self, scope: Scope) -> object:
        return self.filed(self.selected(scope))

    def filed(self, rows: list[Cells]) -> object:
        """The table as the department receives it, out of the rows that it selects; MISSING where there are none."""
        # a department numbers its own rows: it cannot tell that there are others
        return [self.row(row.at(place)) for place, row in enumerate(rows)] or MISSING

    @cached_property
    def hidden_tests(self) -> list[tuple[str, Test]]:
        """The conditional columns with their compiled conditions."""
        return [(code, compile_condition(visible)) for code, visible in self.hidden]

    def row(self, row: Scope) -> dict[str, Any]:
        """One row as the department receives it."""
        values = {code: binding.value(row) for code, binding in self.columns}
        for code, visible in self.hidden_tests:
            if not visible(row):
                values.pop(code, None)
        return {code: value for code, value in values.items() if value is not MISSING}

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        words = words_of(schema)
        if unknown := set(words) - TABLE_WORDS:
            raise BindingError("rows", f"表格栏目不支持限制 {'、'.join(sorted(unknown))}")
        low, high = words.get("minItems", 0), words.get("maxItems")
        some = Has(self.table, self.where)
        if "contains" in words:
            where = all_of([self.where, self.column_condition(words["contains"])])
            least, most = words.get("minContains", 1), words.get("maxContains")
            guard_some = all_of([guard, some])
            yield Clause("rows", self.table, guard_some, source, where=where, minimum=least, maximum=most)
        if low > 1 or high is not None:
            if low > 1:
                yield Clause("rows", self.table, all_of([guard, some]), source, where=self.where, minimum=low)
            if high is not None:
                yield Clause("rows", self.table, guard, source, where=self.where, maximum=high)
        if words.get("uniqueItems"):
            yield Clause("residual", self.table, guard, source, schema={"uniqueItems": True}, binding=self)

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        yield Clause("rows", self.table, guard, source, where=self.where, minimum=1)

    def condition(self, schema: Schema) -> Cond:
        if schema in (True, {}):
            return Has(self.table, self.where)
        if isinstance(schema, dict) and set(schema) <= {"contains", "minContains", "type"}:
            inner = self.column_condition(schema["contains"])
            return Has(self.table, all_of([self.where, inner]), schema.get("minContains", 1))
        return super().condition(schema)

    def column_condition(self, schema: Schema) -> Cond:
        """A condition on one row of the department's table as a condition on the shared list's row."""
        return to_elements(read_condition(schema), dict(self.columns), dict(self.hidden))

    def reads(self) -> Iterator[tuple[str, Cond]]:
        hidden = dict(self.hidden)
        for code, binding in self.columns:
            for path, when in binding.reads():
                yield path, all_of([self.where, hidden.get(code, TRUE), when])

    def needs(self) -> tuple[str, ...]:
        return (self.table,)
