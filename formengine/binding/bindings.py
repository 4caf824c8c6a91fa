"""How a department's field relates to one data element, or to none: one class per binding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from typing import Any

from ..algebra.jsonvalue import Schema, words_of
from ..conditions import FALSE, Cond, Const, atom, canonical, present
from ..decimals import EXACT, as_type, number, rounded
from ..errors import BindingError
from ..evaluate import value_test
from ..paths import MISSING
from ..rows import Scope
from .base import Binding, Clause, Source


@dataclass(frozen=True)
class Element(Binding):
    """The same value; ``inner`` are keys inside it (one part of an address)."""

    path: str
    inner: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    """The parts of an address in the order in which they make one line."""
    kind = "element"

    @property
    def lossless(self) -> bool:  # type: ignore[override]
        return not self.inner

    def value(self, scope: Scope) -> object:
        value = scope.get(self.path, MISSING)
        if self.inner:
            for key in self.inner:
                value = value.get(key, MISSING) if isinstance(value, dict) else MISSING
        return value

    def wrap(self, schema: Schema) -> Schema:
        """A schema on the value as one on the element that it is a part of."""
        for key in reversed(self.inner):
            schema = {"properties": {key: schema}}
        return schema

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        yield Clause("value", self.path, guard, source, schema=self.wrap(schema))

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        yield Clause("required", self.path, guard, source)
        schema: Schema = True
        for key in reversed(self.inner):
            schema = {"properties": {key: schema}, "required": [key]}
        if self.inner:
            yield Clause("value", self.path, guard, source, schema=schema)

    def condition(self, schema: Schema) -> Cond:
        for key in reversed(self.inner):
            schema = {"properties": {key: schema}, "required": [key]}
        return atom(self.path, schema)

    def needs(self) -> tuple[str, ...]:
        return (self.path,)

    def inverse(self, value: object) -> dict[str, Any]:
        return {} if self.inner else {self.path: value}


@dataclass(frozen=True)
class Map(Binding):
    """Another code for the same value, or for each item of a list of choices."""

    path: str
    codes: tuple[tuple[Any, Any], ...]
    many: bool = False
    kind = "map"

    @cached_property
    def lossless(self) -> bool:  # type: ignore[override]
        return len({canonical(code) for _, code in self.codes}) == len(self.codes)

    @cached_property
    def table(self) -> dict[Any, Any]:
        """Element code, with its type (1 is not true), to department code."""
        return {(type(element), element): code for element, code in self.codes}

    def value(self, scope: Scope) -> object:
        value = scope.get(self.path, MISSING)
        if self.many and isinstance(value, list):
            found = [self._code(item) for item in value]
            return list(dict.fromkeys([code for code in found if code is not MISSING]))
        return self._code(value)

    @cached_property
    def texts(self) -> dict[str, Any]:
        """Of the table, the element codes that are texts: nearly always all of them."""
        return {element: code for element, code in self.codes if isinstance(element, str)}

    def _code(self, value: object) -> object:
        if type(value) is str:
            return self.texts.get(value, MISSING)
        return self.table.get((type(value), value), MISSING) if isinstance(value, int) else MISSING

    def _pull(self, schema: Schema) -> Schema:
        taken = {"enum": [element for element, _ in self.codes]}
        if self.many:
            known = self._pull_list({} if schema is True else schema)
            return {**known, "items": known.get("items", taken)} if isinstance(known, dict) else known
        return taken if schema in (True, {}) else self._chosen(schema)

    def _chosen(self, schema: Schema) -> Schema:
        """The element codes whose department code the schema takes."""
        test = value_test(canonical(schema))
        return {"enum": [element for element, code in self.codes if test(code)]}

    def _pull_list(self, schema: Schema) -> Schema:
        if not isinstance(schema, dict):
            return schema
        out: dict[str, Any] = {}
        for keyword, part in schema.items():
            if keyword in ("items", "contains"):
                out[keyword] = self._chosen(part)
            elif keyword == "not":
                out[keyword] = self._pull_list(part)
            elif keyword in ("allOf", "anyOf"):
                out[keyword] = [self._pull_list(one) for one in part]
            elif keyword in ("minItems", "maxItems", "uniqueItems", "minContains", "maxContains", "type"):
                out[keyword] = part
            else:
                raise BindingError("map", f"多选栏目的限制“{keyword}”不能换算到数据元")
        return out

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        yield Clause("value", self.path, guard, source, schema=self._pull(schema))

    def condition(self, schema: Schema) -> Cond:
        return atom(self.path, self._pull(schema))

    def needs(self) -> tuple[str, ...]:
        return (self.path,)

    def inverse(self, value: Any) -> dict[str, Any]:
        if not self.lossless:
            return {}
        back = {canonical(code): element for element, code in self.codes}
        if self.many:
            return {self.path: [back[canonical(item)] for item in value]}
        return {self.path: back[canonical(value)]}


_RANGE_WORDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


_WORD = {
    (True, True): "exclusiveMinimum",
    (True, False): "minimum",
    (False, True): "exclusiveMaximum",
    (False, False): "maximum",
}


@dataclass(frozen=True)
class Unit(Binding):
    """Another unit or another rounding: ``value × multiply``, rounded half up to ``decimals``."""

    path: str
    multiply: Decimal
    decimals: int | None
    target: str
    numeric: bool = True
    """Whether the element is a JSON number; of a decimal text no schema says a range."""
    kind = "unit"

    def value(self, scope: Scope) -> object:
        found = number(scope.get(self.path, MISSING))
        if found is None:
            return MISSING
        found = EXACT.multiply(found, self.multiply)
        if self.decimals is not None:
            found = rounded(found, self.decimals)
        return as_type(found, {"type": self.target})

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        """The range restated in the element's unit, as far as it can be; the rest is judged on what is filed."""
        pulled = self.range_of(schema) if self.numeric else {}
        if pulled:
            yield Clause("value", self.path, guard, source, schema=pulled)
        if not (pulled and all(word == "type" or self._restated(word, schema) for word in words_of(schema))):
            yield from super().clauses(schema, guard, source)

    def _restated(self, word: str, schema: Schema) -> bool:
        return word in _RANGE_WORDS and self._bound(word, words_of(schema)[word]) is not None

    def range_of(self, schema: Schema) -> dict[str, Any]:
        """The numbers of the element whose value in the department's unit, rounded, is within a schema's range."""
        found: dict[str, Any] = {}
        if isinstance(schema, dict) and self.multiply > 0:
            for word in _RANGE_WORDS:
                bound = self._bound(word, schema[word]) if word in schema else None
                if bound:
                    found[bound[0]] = bound[1]
        return found

    def _bound(self, word: str, limit: object) -> tuple[str, Any] | None:
        """One bound restated; None where no JSON number says it."""
        lower = word in ("minimum", "exclusiveMinimum")
        edge, outside = Decimal(str(limit)), word.startswith("exclusive")
        decimals = 0 if self.decimals is None and self.target == "integer" else self.decimals
        if decimals is not None:  # half a step is rounded away from zero
            step = Decimal(1).scaleb(-decimals)
            grid = EXACT.divide(edge, step)
            whole = grid.to_integral_value(ROUND_CEILING if lower else ROUND_FLOOR)
            if outside and whole == grid:
                whole += 1 if lower else -1
            edge = EXACT.multiply(whole, step) + (-step / 2 if lower else step / 2)
            outside = (whole <= 0) if lower else (whole >= 0)
        value = EXACT.divide(edge, self.multiply)
        number = int(value) if value == value.to_integral_value() else float(value)
        if Decimal(str(number)) != value:
            return None
        return _WORD[lower, outside], number

    def condition(self, schema: Schema) -> Cond:
        return present(self.path) if schema in (True, {}) else super().condition(schema)

    def needs(self) -> tuple[str, ...]:
        return (self.path,)


@dataclass(frozen=True)
class Option(Binding):
    """One option of a list of choices as a yes/no of its own."""

    path: str
    code: Any
    yes: Any
    no: Any
    kind = "option"

    def value(self, scope: Scope) -> object:
        value = scope.get(self.path, MISSING)
        return (self.yes if self.code in value else self.no) if isinstance(value, list) else MISSING

    def _pull(self, schema: Schema) -> Schema:
        test = value_test(canonical(schema))
        chosen: Schema = {"contains": {"const": self.code}}
        if test(self.yes):
            return True if test(self.no) else chosen
        return {"not": chosen} if test(self.no) else False

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        pulled = self._pull(schema)
        if pulled is not True:
            yield Clause("value", self.path, guard, source, schema=pulled)

    def condition(self, schema: Schema) -> Cond:
        return atom(self.path, self._pull(schema))

    def needs(self) -> tuple[str, ...]:
        return (self.path,)


@dataclass(frozen=True)
class Constant(Binding):
    """Fixed; ``element`` is set where a scenario or a fact fixes an element."""

    fixed: Any
    element: str = ""
    kind = "constant"

    def value(self, scope: Scope) -> object:
        return self.fixed

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        if not value_test(canonical(schema))(self.fixed):
            yield Clause("hold", self.element, guard, source, condition=FALSE, schema={"const": self.fixed})

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        yield from ()

    def condition(self, schema: Schema) -> Cond:
        return Const(value_test(canonical(schema))(self.fixed))


@dataclass(frozen=True)
class Office(Binding):
    """The department fills it in; never asked, never filed."""

    reason: str
    kind = "office"

    def value(self, scope: Scope) -> object:
        return MISSING

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        yield from ()

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        yield Clause("hold", "", guard, source, condition=FALSE)

    def condition(self, schema: Schema) -> Cond:
        return FALSE
