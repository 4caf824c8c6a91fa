"""A field of the merged form: what it is, when it is asked, what limits it, and who gets its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..binding.base import Clause, Source
from ..conditions import FALSE, TRUE, Cond
from ..evaluate import compile_condition


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
