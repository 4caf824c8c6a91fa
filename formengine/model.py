"""The values that the verbs give: mistakes, and filings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


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
