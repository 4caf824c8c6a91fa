"""A case as it is filled in: the draft, what is given for a part of it, what a look at it tells."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from formengine import (
    MISSING,
    Examination,
    Issue,
    Resolved,
    canonical,
    examine,
    put,
    value_at,
)
from formengine import Filing as Split

from .catalogue import Served
from .changes import Change, given_rows, has_files, is_rows, plain
from .states import State

PROVISIONAL_NUMBER = "YK00000000000000"
"""Stands for the case number while a draft is judged: it is given at submission."""


@dataclass(frozen=True)
class Draft:
    """A case as the applicant has it open."""

    id: int
    scenario: str
    state: State
    number: str | None
    answers: dict[str, Any]
    updated_at: datetime
    served: Served
    outdated: bool = False
    """Whether the templates have changed since: it answers those that it was begun with."""
    lapsed: tuple[str, ...] = ()
    """The paths of signatures that no longer cover what would be filed (known once the draft is looked at)."""
    found: Resolved | None = field(default=None, repr=False, compare=False)
    """What is visible of the answers, where that is known already."""

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.answers.get("facts", {}))

    @cached_property
    def resolved(self) -> Resolved:
        """What is visible of the answers, suggestions taken."""
        return self.found or Resolved(self.served.form, self.answers, suggest=True)


@dataclass(frozen=True)
class Look:
    """A draft looked at once: what of it stands, what is visible, the filings it would become, its mistakes."""

    draft: Draft
    examination: Examination

    @property
    def resolved(self) -> Resolved:
        return self.examination.resolved

    @property
    def filings(self) -> Mapping[str, Split]:
        return self.examination.filings

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every mistake, those that only follow from others too."""
        return self.examination.issues

    @property
    def mistakes(self) -> list[Issue]:
        """The mistakes that an applicant can mend: none that only follows from another."""
        return [issue for issue in self.issues if issue.because is None]


@dataclass(frozen=True)
class Renewal:
    """What became of a draft whose templates have changed: whether it answers those in use now, whether anything in
    them is new to it, what they have no place for, and the form it answers still."""

    done: bool
    changed: bool = True
    lost: tuple[Change, ...] = ()
    served: Served | None = None


@dataclass(frozen=True)
class Part:
    """A part of a form that is saved together: its name, and where its answers stand."""

    id: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """What is given for a part: ``{path: answer or MISSING}``, rows as ``GivenRow``, and what it was made from.

    ``base`` is the digest of the part then, ``writer`` the sender's own random mark, ``turn`` how often it has sent
    itself, ``seen`` the sealed answers that whoever signs was shown.
    """

    values: dict[str, Any]
    base: str = ""
    writer: str = ""
    turn: int = 0
    seen: str = ""


def examined(draft: Draft, today: str, number: str) -> Examination:
    """The draft examined as if it were submitted today."""
    answers = {**draft.answers, "case": {"submitted_on": today, "number": number}}
    return examine(draft.served.form, answers, today, suggest=True)


def digest_of(part: Part, answers: dict[str, Any]) -> str:
    """A digest of what a part's fields hold: two pages that show the same have the same."""
    held = {path: value_at(answers, path) for path in part.paths}
    text = canonical({path: value for path, value in held.items() if value is not MISSING})
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def with_answers(draft: Draft, answers: dict[str, Any], lapsed: tuple[str, ...] = ()) -> Draft:
    return draft if answers is draft.answers else replace(draft, answers=answers, lapsed=lapsed, found=None)


def preview(draft: Draft, given: dict[str, Any]) -> Draft:
    """The draft as it would be with what a page said, new files aside; nothing is written."""
    answers = copy.deepcopy(draft.answers)
    for path, value in given.items():
        if not has_files(value):
            put(answers, path, given_rows(answers.get(path), value, plain) if is_rows(value) else plain(path, value))
    return replace(draft, answers=answers, found=None)
