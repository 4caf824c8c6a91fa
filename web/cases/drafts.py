"""A case while it is being filled in: begun, opened by its code, saved page by page, judged."""

from __future__ import annotations

import copy
import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from formengine import FormEngineError, Issue, validate
from formengine.conditions import MISSING, canonical
from formengine.model import keys_of
from formengine.resolve import Resolved, completed
from web.sheet import Section
from web.store import Store
from web.store.models import Attachment, Case, Event, Filing

from .attachments import TypedName, Upload, keep
from .catalogue import Catalogue, Served
from .codes import begin_key, code_of, plain_code
from .errors import AlreadySent, NoSuchCase
from .states import State

PROVISIONAL_NUMBER = "YK00000000000000"
"""Stands for the case number while a draft is judged: it is given at submission."""


NO_CASE = "查询码不对，或者这件申请不存在"
_OPEN = select(Case.id, Case.scenario, Case.state, Case.number, Case.answers, Case.updated_at).where(
    Case.code_digest == bindparam("digest")
)
_NAMES = select(Attachment.id, Attachment.name).where(Attachment.case_id == bindparam("case_id"))


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

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.answers.get("facts", {}))

    @cached_property
    def resolved(self) -> Resolved:
        """What is visible of the answers, suggestions taken."""
        return Resolved(self.served.form, self.answers, suggest=True)


@dataclass(frozen=True)
class Conflict:
    """A field that somebody else (another tab, another device) changed since this page was opened."""

    title: str
    theirs: str
    yours: str


class Drafts:
    """What an applicant does with a case before it is submitted."""

    def __init__(self, store: Store, catalogue: Catalogue, secret: str) -> None:
        self.store, self.catalogue, self._secret = store, catalogue, secret

    def begin(self, scenario_id: str, facts: dict[str, Any], nonce: str, now: datetime) -> str:
        """Begin a case; returns its code. From one page (``nonce``) there is one case, however often it is sent.

        Raises ``UnknownScenario``, and ``FormEngineError`` for facts that the scenario does not take.
        """
        self.catalogue.serve(scenario_id, facts)
        code = code_of(self._secret, nonce)
        key, digest = begin_key(nonce), self._digest(code)
        try:
            with self.store.write() as session:
                if session.scalar(select(Case.id).where(Case.begin_key == key)) is None:
                    made = Case(begin_key=key, code_digest=digest, scenario=scenario_id, state=State.DRAFT)
                    made.answers, made.saves, made.created_at, made.updated_at = {"facts": facts}, 0, now, now
                    session.add(made)
                    session.flush()
                    log(session, made, now, "applicant", "begun")
        except IntegrityError:  # the same page, sent twice at once
            pass
        return code

    def open(self, code: str) -> Draft:
        """The case that a code opens; raises ``NoSuchCase``."""
        found = self.store.rows(_OPEN, digest=self._digest(code))
        if not found:
            raise NoSuchCase(NO_CASE)
        return self._draft(found[0])

    def set_facts(self, code: str, facts: dict[str, Any], now: datetime) -> None:
        """Change the guiding questions' answers; everything else stays, visible or not."""
        with self.store.write() as session:
            case = self._open_case(session, code)
            self.catalogue.serve(case.scenario, facts)
            _write(case, {**case.answers, "facts": facts}, now)

    def save(
        self, code: str, section: Section, given: dict[str, Any], base: str, now: datetime
    ) -> tuple[Draft, list[Conflict]]:
        """Write what a page said into the draft.

        ``given`` maps paths to answers or ``MISSING``; ``base`` is the digest of the section when the page was made.
        Where the section changed meanwhile and says otherwise, nothing is written and the conflicts are returned.
        """
        with self.store.write() as session:
            case = self._open_case(session, code)
            draft = self._draft(case)
            if base and base != digest_of(section, draft.answers):
                conflicts = list(_conflicts(draft, section, given))
                if conflicts:
                    return draft, conflicts
            answers = copy.deepcopy(draft.answers)
            for path, value in given.items():
                _set(answers, path, self._stored(session, case, path, value, now))
            if answers != draft.answers:
                _write(case, answers, now)
            session.flush()
            return self._draft(case), []

    def replace(self, code: str, answers: dict[str, Any], now: datetime) -> None:
        """Put other answers in place of all of a draft's, for the same facts."""
        with self.store.write() as session:
            case = self._open_case(session, code)
            _write(case, {**answers, "facts": case.answers["facts"]}, now)

    def judge(self, draft: Draft, today: date) -> list[Issue]:
        """The mistakes that an applicant can mend: none that only follows from another."""
        day = today.isoformat()
        form = draft.served.form
        answers = completed(form, {**draft.answers, "case": {"submitted_on": day, "number": PROVISIONAL_NUMBER}})
        return [i for i in validate(form, answers, day) if i.because is None]

    def file(self, code: str, attachment_id: str) -> Attachment:
        """An uploaded file of the case; raises ``NoSuchCase`` for one that is not there."""
        with self.store.read() as session:
            case = self.case(session, code)
            found = session.get(Attachment, attachment_id)
            if found is None or found.case_id != case.id:
                raise NoSuchCase("没有这个附件")
            _ = found.content
            return found

    def file_names(self, draft: Draft) -> dict[str, str]:
        """``{attachment id: name, or for a signature the name signed}``."""
        return {row.id: row.name for row in self.store.rows(_NAMES, case_id=draft.id)}

    def filings(self, code: str) -> Sequence[Filing]:
        """The filings of the submitted case that a code opens."""
        with self.store.read() as session:
            return list(self.case(session, code).filings)

    # -- inside ------------------------------------------------------------------------------------------------

    def _digest(self, code: str) -> str:
        return self.store.vault.digest("case-code", plain_code(code))

    def case(self, session: Session, code: str, *, lock: bool = False) -> Case:
        """The row of the case that a code opens; raises ``NoSuchCase``."""
        wanted = select(Case).where(Case.code_digest == self._digest(code))
        found = session.scalar(wanted.with_for_update() if lock else wanted)
        if found is None:
            raise NoSuchCase(NO_CASE)
        return found

    def _open_case(self, session: Session, code: str) -> Case:
        case = self.case(session, code, lock=True)
        if case.state != State.DRAFT:
            raise AlreadySent(case.number or "")
        return case

    def _draft(self, case: Any) -> Draft:
        served = self.served(case)
        return Draft(case.id, case.scenario, State(case.state), case.number, case.answers, case.updated_at, served)

    def served(self, case: Any) -> Served:
        """The merged form that the case's facts call for."""
        facts = dict(case.answers.get("facts", {}))
        try:
            return self.catalogue.serve(case.scenario, facts)
        except FormEngineError:  # the scenario's questions have changed since: what they no longer know falls back
            typical = self.catalogue.scenario(case.scenario).typical_facts
            return self.catalogue.serve(case.scenario, typical)

    def _stored(self, session: Session, case: Case, path: str, value: Any, now: datetime) -> Any:
        """The value as it stands in the answers: files under their ids, rows with theirs."""
        if isinstance(value, Upload | TypedName):
            return keep(session, case, path, value, now)
        if _is_rows(value):
            kept = partial(self._stored, session, case, now=now)
            return _given_rows(case.answers.get(path), value, kept)
        if isinstance(value, list):
            return [self._stored(session, case, path, v, now) for v in value]
        return value


def digest_of(section: Section, answers: dict[str, Any]) -> str:
    """A digest of what a section's fields hold: two pages that show the same have the same."""
    held = {path: _get(answers, path) for e in section.entries for path in e.paths}
    text = canonical({path: value for path, value in held.items() if value is not MISSING})
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def preview(draft: Draft, given: dict[str, Any]) -> Draft:
    """The draft as it would be with what a page said, files aside; nothing is written."""
    answers = copy.deepcopy(draft.answers)
    for path, value in given.items():
        if not _has_files(value):
            _set(answers, path, _given_rows(answers.get(path), value) if _is_rows(value) else value)
    return replace(draft, answers=answers)


def _conflicts(draft: Draft, section: Section, given: dict[str, Any]) -> Iterator[Conflict]:
    for entry in section.entries:
        if entry.path not in given or _has_files(given[entry.path]):
            continue
        theirs, yours = _get(draft.answers, entry.path), given[entry.path]
        if entry.is_list:
            rows = _given_rows(theirs, yours)
            if theirs != rows:
                yield Conflict(entry.title, f"{_count(theirs)} 行", f"{_count(rows)} 行")
        elif theirs != yours:
            yield Conflict(entry.title, _say(draft, entry, theirs), _say(draft, entry, yours))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) and "cells" in v for v in value)


def _has_files(value: Any) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, Upload | TypedName) or any(_has_files(one) for one in inside)


def _plain_rows(value: Any) -> Any:
    return value if isinstance(value, list) else []


def _given_rows(theirs: Any, yours: Any, keep_value: Callable[[str, Any], Any] = lambda column, value: value) -> Any:
    """The rows as they stand once ``yours`` is written over ``theirs``; ``MISSING`` where none is left."""
    known = {r["id"]: r for r in _plain_rows(theirs) if isinstance(r, dict) and "id" in r}
    out = []
    for row in yours if isinstance(yours, list) else []:
        made = dict(known.get(row["id"], {"id": row["id"] or secrets.token_hex(4)}))
        for column, value in row["cells"].items():
            name = column.partition(".")[2]
            made.pop(name, None)
            if value is not MISSING:
                made[name] = keep_value(column, value)
        if set(made) - {"id"}:
            out.append(made)
    return out or MISSING


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 0


def _say(draft: Draft, entry: Any, value: Any) -> str:
    return "（空）" if value is MISSING else draft.served.sheet.text(entry, value)


def _get(answers: Any, path: str) -> Any:
    node = answers
    for key in (path,) if "." not in path else keys_of(path):
        if not isinstance(node, dict) or key not in node:
            return MISSING
        node = node[key]
    return node


def _set(answers: dict[str, Any], path: str, value: Any) -> None:
    """Set or remove the value at a path; empty objects on the way go too."""
    *way, last = (path,) if "." not in path else keys_of(path)
    nodes = [answers]
    for key in way:
        inner = nodes[-1].get(key)
        if not isinstance(inner, dict):
            inner = nodes[-1][key] = {}
        nodes.append(inner)
    if value is MISSING:
        nodes[-1].pop(last, None)
    else:
        nodes[-1][last] = value
    for key, node in reversed(list(zip(way, nodes, strict=False))):
        if not node[key]:
            del node[key]


def _write(case: Case, answers: dict[str, Any], now: datetime) -> None:
    case.answers, case.updated_at, case.saves = answers, now, case.saves + 1


def log(session: Session, case: Case | None, now: datetime, actor: str, action: str, **detail: Any) -> None:
    """Write one event: what, when and who; never a value."""
    session.add(Event(case_id=case.id if case else None, at=now, actor=actor, action=action, detail=detail))
