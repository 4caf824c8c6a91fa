"""How a department's field relates to data elements: one class per binding.

A binding computes the department's value from the answers (``value``), pulls the department's limits back to the
elements (``clauses``, ``required``, ``condition``), says what it reads (``reads``) and, where nothing is lost, what the
department's value says about the elements (``inverse``). Clauses and conditions are stated on elements as if every
element were stored; the merge works computed elements out of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from typing import Any

from ..conditions import (
    FALSE,
    TRUE,
    Atom,
    Cond,
    Const,
    Has,
    Test,
    all_of,
    any_of,
    assume,
    atom,
    canonical,
    compile_condition,
    negate,
    paths_of,
    present,
    rewrite,
    value_test,
)
from ..errors import Fault, FormEngineError
from ..model import Clause, Source
from ..paths import MISSING
from ..rows import Cells, Scope
from ..templates.library import Library
from ..words import said
from .functions import EXACT, FUNCTIONS, as_type, look_up, number, rounded

Schema = Any


class BindingError(FormEngineError):
    """A binding that cannot be built or cannot be used in this place; ``fault`` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.fault = Fault("", code, message)


@dataclass
class Env:
    """What is known while a form is bound: the library, fixed values, and the elements licences will yield.

    ``open`` are the facts that are read from the answers, ``known`` what is sure of them.
    """

    library: Library
    form: str
    static: dict[str, Any]
    issued: dict[str, tuple[str, str]] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    known: tuple[Cond, ...] = ()

    def settle(self, cond: Cond) -> Cond:
        """Decide every atom on a fixed value."""
        return assume(rewrite(cond, self._settle_atom), self.known)

    def _settle_atom(self, node: Atom) -> Cond:
        if node.path in self.static:
            return Const(value_test(node.text)(self.static[node.path]))
        return FALSE if node.path.startswith("facts.") and node.path not in self.open else node


class Binding:
    """Base class; the defaults are those of a binding that carries nothing back."""

    lossless = False
    kind = ""

    def value(self, scope: Scope) -> Any:
        """The department's value, or MISSING."""
        raise NotImplementedError

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        """The limits of ``schema`` on the elements."""
        yield Clause("residual", self.anchor(), guard, source, schema=schema, binding=self)

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        """What must be answered so that the department's value is there."""
        for path in self.needs():
            yield Clause("required", path, guard, source)

    def condition(self, schema: Schema) -> Cond:
        """When the department's value is present and valid against ``schema``."""
        raise BindingError("condition", f"条件不能读取由“{self.kind}”算出的栏目")

    def reads(self) -> Iterator[tuple[str, Cond]]:
        """``(path, when)`` of everything the value is made of."""
        for path in self.needs():
            yield path, TRUE

    def needs(self) -> tuple[str, ...]:
        return ()

    def inside(self) -> tuple[Binding, ...]:
        """The bindings that this one is made of."""
        return ()

    def issued(self) -> Iterator[Issued]:
        """The values inside that a licence of this case yields."""
        for part in self.inside():
            yield from part.issued()

    def waits(self, scope: Scope) -> Iterator[Issued]:
        """Those of them that are still to come, for these answers."""
        for part in self.inside():
            yield from part.waits(scope)

    def anchor(self) -> str:
        """The path that an issue about the value points at."""
        return next(iter(self.needs()), "")

    def inverse(self, value: Any) -> dict[str, Any]:
        """What the department's value says about elements: ``{path: value}``."""
        return {}


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

    def value(self, scope: Scope) -> Any:
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

    def inverse(self, value: Any) -> dict[str, Any]:
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

    def value(self, scope: Scope) -> Any:
        value = scope.get(self.path, MISSING)
        if self.many and isinstance(value, list):
            found = [self._code(item) for item in value]
            return list(dict.fromkeys([code for code in found if code is not MISSING]))
        return self._code(value)

    @cached_property
    def texts(self) -> dict[str, Any]:
        """Of the table, the element codes that are texts: nearly always all of them."""
        return {element: code for element, code in self.codes if isinstance(element, str)}

    def _code(self, value: Any) -> Any:
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


def _ordered(binding: Binding, value: Any) -> Any:
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

    def value(self, scope: Scope) -> Any:
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

    def value(self, scope: Scope) -> Any:
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
        if not (pulled and all(word == "type" or self._restated(word, schema) for word in schema)):
            yield from super().clauses(schema, guard, source)

    def _restated(self, word: str, schema: dict[str, Any]) -> bool:
        return word in _RANGE_WORDS and self._bound(word, schema[word]) is not None

    def range_of(self, schema: Schema) -> dict[str, Any]:
        """The numbers of the element whose value in the department's unit, rounded, is within a schema's range."""
        found: dict[str, Any] = {}
        if isinstance(schema, dict) and self.multiply > 0:
            for word in _RANGE_WORDS:
                bound = self._bound(word, schema[word]) if word in schema else None
                if bound:
                    found[bound[0]] = bound[1]
        return found

    def _bound(self, word: str, limit: Any) -> tuple[str, Any] | None:
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

    def value(self, scope: Scope) -> Any:
        value = scope.get(self.path, MISSING)
        return (self.yes if self.code in value else self.no) if isinstance(value, list) else MISSING

    def _pull(self, schema: Schema) -> Schema:
        test = value_test(canonical(schema))
        chosen = {"contains": {"const": self.code}}
        table = {(True, True): True, (True, False): chosen, (False, True): {"not": chosen}, (False, False): False}
        return table[test(self.yes), test(self.no)]

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        pulled = self._pull(schema)
        if pulled is not True:
            yield Clause("value", self.path, guard, source, schema=pulled)

    def condition(self, schema: Schema) -> Cond:
        return atom(self.path, self._pull(schema))

    def needs(self) -> tuple[str, ...]:
        return (self.path,)


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

    def value(self, scope: Scope) -> Any:
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

    def value(self, scope: Scope) -> Any:
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


@dataclass(frozen=True)
class Constant(Binding):
    """Fixed; ``element`` is set where a scenario or a fact fixes an element."""

    fixed: Any
    element: str = ""
    kind = "constant"

    def value(self, scope: Scope) -> Any:
        return self.fixed

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        if not value_test(canonical(schema))(self.fixed):
            yield Clause("hold", self.element, guard, source, condition=FALSE, schema={"const": self.fixed})

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        yield from ()

    def condition(self, schema: Schema) -> Cond:
        return Const(value_test(canonical(schema))(self.fixed))


@dataclass(frozen=True)
class Issued(Binding):
    """A value that a licence of this case yields: it stands open until then."""

    element: str
    form: str
    licence: str
    inner: Binding | None = None
    """What makes the department's value of it: another code, another unit, a part."""
    kind = "issued"

    def value(self, scope: Scope) -> Any:
        value = scope.get(f"issued:{self.element}", MISSING)
        return value if self.inner is None or value is MISSING else self.inner.value({self.element: value})

    def issued(self) -> Iterator[Issued]:
        yield self

    def waits(self, scope: Scope) -> Iterator[Issued]:
        if scope.get(f"issued:{self.element}", MISSING) is MISSING:
            yield self

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        yield from ()

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        yield from ()

    def condition(self, schema: Schema) -> Cond:
        return FALSE


@dataclass(frozen=True)
class Office(Binding):
    """The department fills it in; never asked, never filed."""

    reason: str
    kind = "office"

    def value(self, scope: Scope) -> Any:
        return MISSING

    def clauses(self, schema: Schema, guard: Cond, source: Source) -> Iterator[Clause]:
        yield from ()

    def required(self, guard: Cond, source: Source) -> Iterator[Clause]:
        yield Clause("hold", "", guard, source, condition=FALSE)

    def condition(self, schema: Schema) -> Cond:
        return FALSE


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

    def value(self, scope: Scope) -> Any:
        return self.filed(self.selected(scope))

    def filed(self, rows: list[Cells]) -> Any:
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
        unknown = set(schema) - {
            "type",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
        }
        if unknown:
            raise BindingError("rows", f"表格栏目不支持限制 {'、'.join(sorted(unknown))}")
        low, high = schema.get("minItems", 0), schema.get("maxItems")
        some = Has(self.table, self.where)
        if "contains" in schema:
            where = all_of([self.where, self.column_condition(schema["contains"])])
            least, most = schema.get("minContains", 1), schema.get("maxContains")
            guard_some = all_of([guard, some])
            yield Clause("rows", self.table, guard_some, source, where=where, minimum=least, maximum=most)
        if low > 1 or high is not None:
            if low > 1:
                yield Clause("rows", self.table, all_of([guard, some]), source, where=self.where, minimum=low)
            if high is not None:
                yield Clause("rows", self.table, guard, source, where=self.where, maximum=high)
        if schema.get("uniqueItems"):
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
        from .bound import read_condition, to_elements

        return to_elements(read_condition(schema), dict(self.columns), dict(self.hidden))

    def reads(self) -> Iterator[tuple[str, Cond]]:
        hidden = dict(self.hidden)
        for code, binding in self.columns:
            for path, when in binding.reads():
                yield path, all_of([self.where, hidden.get(code, TRUE), when])

    def needs(self) -> tuple[str, ...]:
        return (self.table,)
