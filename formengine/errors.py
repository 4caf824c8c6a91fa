"""The errors of the form engine.

    FormEngineError
    ├── TemplateError      an author's mistakes, all of them at once
    │   └── SlipError      one of them, met while templates are put together
    │       ├── BindingError         a binding that cannot be built, or cannot be used in its place
    │       │   └── MixedConditionError  a condition that ties a row to values outside it
    │       └── ExpressionError      a rule that cannot be used
    ├── PatternError       a regular expression that cannot be judged
    ├── MergeConflict      limits that no value can meet together
    └── UnknownScenario    no scenario has this id

An applicant's mistake is never an exception: it is an ``Issue`` value.
"""

from __future__ import annotations

from dataclasses import dataclass


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


class SlipError(TemplateError):
    """One mistake in templates; ``str`` is its sentence alone. Where it stands is added by whoever knows (``at``)."""

    def __init__(self, code: str, message: str, path: str = "", pointer: str = "") -> None:
        super().__init__([Fault(path, code, message, pointer)])

    def __str__(self) -> str:
        return self.faults[0].message

    def at(self, path: str, pointer: str, prefix: str = "") -> SlipError:
        """The same with its place, where it has none yet, and with words before it."""
        (known,) = self.faults
        path, pointer = (known.path, known.pointer) if known.path else (path, pointer)
        found = type(self).__new__(type(self))
        SlipError.__init__(found, known.code, prefix + known.message, path, pointer)
        return found


class BindingError(SlipError):
    """A binding that cannot be built or cannot be used in this place."""


class MixedConditionError(BindingError):
    """A condition that ties one row to values outside it in a way that cannot be taken apart."""


class ExpressionError(SlipError):
    """A rule that cannot be used; the text says why, in Chinese."""

    def __init__(self, message: str, code: str = "rule", path: str = "", pointer: str = "") -> None:
        super().__init__(code, message, path, pointer)


class PatternError(FormEngineError):
    """A pattern that cannot be judged as ECMA-262 has it; the text says why, in Chinese."""


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
        left: object = None,
        right: object = None,
        parties: tuple[str, ...] = (),
        witness: object = None,
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
