"""What every binding is: it carries a value to the department, its limits back, and the value home again.

A binding computes the department's value from the answers (``value``), pulls the department's limits back to the
elements (``clauses``, ``required``, ``condition``), says what it reads (``reads``) and, where nothing is lost, what the
department's value says about the elements (``inverse``). Clauses and conditions are stated on elements as if every
element were stored; the merge works computed elements out of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..algebra.jsonvalue import Schema
from ..conditions import FALSE, TRUE, Atom, Cond, Const, all_of, assume, canonical, rewrite
from ..errors import BindingError
from ..evaluate import value_test
from ..paths import MISSING
from ..rows import Scope
from ..templates.library import Library


@dataclass(frozen=True)
class Source:
    """Who sets a limit or asks for a value: a department form's field, or the data dictionary (``form`` empty)."""

    form: str
    label: str
    code: str = ""
    kind: str = "form"
    """``form`` (a department form's schema), ``element`` (dictionary), ``rule``, ``material``, ``scenario``."""


@dataclass(frozen=True)
class Clause:
    """One thing that must hold of the answers.

    ``kind``: ``value`` (the value at ``path``, if any, is valid against ``schema``), ``required`` (there is one),
    ``rows`` (``minimum`` to ``maximum`` rows of the list ``path`` satisfy ``where``), ``hold`` (``condition`` holds),
    ``residual`` (the bound value is checked as the department receives it: no JSON Schema over answers says it).
    ``guard`` may read one row where ``path`` is a column.
    """

    kind: str
    path: str
    guard: Cond
    source: Source
    schema: Any = None
    where: Cond = TRUE
    minimum: int = 0
    maximum: int | None = None
    condition: Cond = TRUE
    binding: Binding | None = field(default=None, compare=False)

    @cached_property
    def text(self) -> str:
        """``schema`` as canonical JSON."""
        return canonical(self.schema)


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

    def value(self, scope: Scope) -> object:
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

    def inverse(self, value: object) -> dict[str, Any]:
        """What the department's value says about elements: ``{path: value}``."""
        return {}


@dataclass(frozen=True)
class Issued(Binding):
    """A value that a licence of this case yields: it stands open until then."""

    element: str
    form: str
    licence: str
    inner: Binding | None = None
    """What makes the department's value of it: another code, another unit, a part."""
    kind = "issued"

    def value(self, scope: Scope) -> object:
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


def to_elements(cond: Cond, bindings: dict[str, Binding], visible: dict[str, Cond]) -> Cond:
    """A condition on codes as a condition on elements; a field that is not there makes its atom false."""

    def replace(node: Atom) -> Cond:
        if node.path not in bindings:
            return FALSE
        return all_of([visible.get(node.path, TRUE), bindings[node.path].condition(node.schema)])

    return rewrite(cond, replace)
