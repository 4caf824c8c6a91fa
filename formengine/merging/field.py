"""A field of the merged form: what it is, when it is asked, what limits it, and who gets its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..binding.base import Clause, Source
from ..conditions import FALSE, TRUE, Cond, any_of, paths_of
from ..evaluate import Test, compile_condition
from ..rows import Scope
from ..templates.library import Derivation, Suggestion
from .computed import suggested

ACTS = ("declaration", "consent", "signature", "seal")
"""The kinds of own answers that are acts: declared or signed, not filled in."""


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
    derivations: tuple[tuple[Cond, Derivation], ...] = ()
    suggestions: tuple[tuple[Cond, Suggestion], ...] = ()
    constant: Any = None
    has_constant: bool = False
    section: str = ""
    clauses: list[Clause] = field(default_factory=list, repr=False)
    sources: list[Source] = field(default_factory=list)
    consumers: set[str] = field(default_factory=set)

    def sources_now(self, scope: Scope) -> tuple[str, ...]:
        """The paths of what the value is computed from, for these answers; none where it is not computed."""
        reached = (d for when, d in self.derivations if when == TRUE or compile_condition(when)(scope))
        return tuple(next((d.sources for d in reached), ()))

    @property
    def asked(self) -> bool:
        """Whether it can ever be an input."""
        return not self.has_constant and self.kind not in ("system", "fact") and self.visible != FALSE

    @property
    def always(self) -> bool:
        """Whether it is asked whatever is answered."""
        return self.visible == TRUE

    @property
    def computed(self) -> bool:
        """Whether it may be computed instead of asked."""
        return bool(self.derivations)

    @property
    def origins(self) -> tuple[str, ...]:
        """The paths of everything that it may be computed from."""
        return tuple(dict.fromkeys(source for _, derivation in self.derivations for source in derivation.sources))

    @property
    def act(self) -> str:
        """The kind of act that it is (``ACTS``); empty for what is filled in."""
        kind = str(self.raw.get("x-own", ""))
        return kind if kind in ACTS else ""

    @property
    def holds_files(self) -> bool:
        """Whether its value is the id of a file or a signature, or several of them."""
        schema = self.schema if isinstance(self.schema, dict) else {}
        inner = schema.get("items")
        formats = (schema.get("format"), inner.get("format") if isinstance(inner, dict) else None)
        return "attachment-id" in formats

    @cached_property
    def reads(self) -> frozenset[str]:
        """The paths that decide whether it is asked."""
        return frozenset(paths_of(self.visible))

    @cached_property
    def shown(self) -> Test:
        """Whether it is asked, for these answers or in this row."""
        return compile_condition(self.visible)

    @cached_property
    def needed(self) -> Test:
        """Whether some department or the dictionary requires a value, of a list some row."""
        wanted = (c.guard for c in self.clauses if c.kind == "required" or (c.kind == "rows" and c.minimum))
        return compile_condition(any_of(wanted))

    @cached_property
    def _suggested(self) -> tuple[tuple[Test, Suggestion], ...]:
        return tuple((compile_condition(when), one) for when, one in self.suggestions)

    def suggestion(self, scope: Scope) -> object:
        """The value that is suggested here, or MISSING."""
        return suggested(self._suggested, scope, scope, self.raw)
