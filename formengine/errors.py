"""The errors of the form engine.

    FormEngineError
    ├── TemplateError      an author's mistakes, all of them at once
    ├── MergeConflict      limits that no value can meet together
    └── UnknownScenario    no scenario has this id

An applicant's mistake is never an exception: it is an ``Issue`` value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class FormEngineError(Exception):
    """Base of everything this package raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in one template file; ``line`` and ``column`` count from 1, 0 where unknown."""

    path: str
    code: str
    message: str
    pointer: str = ""
    line: int = 0
    column: int = 0
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.severity} {self.code} {self.message}"


class TemplateError(FormEngineError):
    """Templates that cannot be used; ``faults`` lists every fault found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class MergeConflict(FormEngineError):
    """Schemas that no value satisfies together.

    ``pointer`` is where (JSON pointer into the instance), ``left`` and ``right`` are the two limits, ``parties``
    the two who set them (department form titles where known), ``witness`` a value that one of them takes and the
    other refuses (``None`` together with ``has_witness=False`` where none was found).
    """

    def __init__(
        self,
        message: str,
        *,
        pointer: str = "",
        left: Any = None,
        right: Any = None,
        parties: tuple[str, ...] = (),
        witness: Any = None,
        has_witness: bool = False,
    ) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.left = left
        self.right = right
        self.parties = parties
        self.witness = witness
        self.has_witness = has_witness


class UnknownScenario(FormEngineError):
    """No scenario of the library has the requested id."""
