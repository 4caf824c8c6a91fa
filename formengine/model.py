"""The values that pass between the verbs of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .conditions import FALSE, TRUE, Cond, canonical, compile_condition

if TYPE_CHECKING:
    from .binding.bindings import Binding
    from .rules.expressions import Each, Run
    from .rules.kinds import Kind


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
class Field:
    """One field of the merged form: an element, an own answer, a guiding question or a material.

    ``suggestions`` are values filled in for the applicant, each with its condition; the first that applies is taken.
    ``use`` says when some department form needs the value, ``visible`` when it is asked; ``uses`` lists who gets it,
    ``guides`` whom it only helps to decide.
    """

    path: str
    title: str
    kind: str
    raw: dict[str, Any] = field(repr=False)
    schema: Any = field(repr=False)
    table: str | None = None
    choices: tuple[tuple[Any, str], ...] = field(default=(), repr=False)
    when: Cond = TRUE
    use: Cond = FALSE
    visible: Cond = FALSE
    derivations: tuple[Any, ...] = ()
    suggestions: tuple[Any, ...] = ()
    constant: Any = None
    has_constant: bool = False
    section: str = ""
    clauses: list[Clause] = field(default_factory=list, repr=False)
    sources: list[Source] = field(default_factory=list)
    consumers: set[str] = field(default_factory=set)

    def sources_now(self, scope: Any) -> tuple[str, ...]:
        """The paths of what the value is computed from, for these answers; none where it is not computed."""
        reached = (d for when, d in self.derivations if when == TRUE or compile_condition(when)(scope))
        return tuple(next((d.sources for d in reached), ()))

    @property
    def asked(self) -> bool:
        """Whether it can ever be an input."""
        return not self.has_constant and self.kind not in ("system", "fact") and self.visible != FALSE


@dataclass(frozen=True)
class Rule:
    """A compiled rule: ``reads`` are the element paths behind its operands, ``path`` the field it speaks of.

    ``each`` and ``cell`` are set where it says something of every row of a table: how one row is tested, and the column
    where a row that breaks it is named. A rule of the data dictionary has a ``subject``, and ``how`` it looks at it:
    ``one`` (the subject), ``row`` (each row of the list), ``rows`` (all rows together), ``unique`` (a column in which
    no two rows may be alike).
    """

    id: str
    run: Run
    kinds: tuple[tuple[str, Kind], ...]
    message: str
    basis: str
    path: str
    reads: frozenset[str]
    source: Source
    each: Each | None = None
    cell: str = ""
    subject: str = ""
    how: str = ""


class Broken(NamedTuple):
    """A rule that the answers break, and the rows of its table that break it, by their place in the shared list."""

    rule: Rule
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Issue:
    """One mistake in the answers.

    ``pointer`` is the JSON pointer into the answers, ``departments`` who refuses (``{"form", "department", "label"}``),
    ``because`` the pointer of the mistake that causes this one, if another does.
    """

    pointer: str
    element: str
    code: str
    message: str
    departments: tuple[dict[str, str], ...]
    because: str | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape that the command line prints."""
        return {
            "pointer": self.pointer,
            "element": self.element,
            "code": self.code,
            "message": self.message,
            "departments": [dict(d) for d in self.departments],
            "because": self.because,
        }


@dataclass(frozen=True)
class Filing:
    """One department's part of a case (分办件).

    ``values`` is what the department receives; ``pending`` lists ``{"code", "element", "form", "licence"}`` of values
    that a licence of this case will yield; ``rows`` gives each table's row ids, in order; ``computed`` names the fields
    (``code``, in tables ``code/row-id/column``) that were not answered but computed. Only ``values`` leaves the house.
    """

    form: str
    values: dict[str, Any]
    pending: tuple[dict[str, str], ...] = ()
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    computed: frozenset[str] = frozenset()
