"""Submitting a case: judged once more, numbered, split, and kept with the form it answered, in one transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from formengine import Filing as Split
from formengine import Resolved
from web.store import Vault
from web.store.models import Attachment, Case, Filing, FormVersion, SearchKey
from web.store.trail import note

from .catalogue import Served
from .codes import next_number
from .drafts import Drafts
from .errors import NotComplete
from .states import State


def submit(drafts: Drafts, code: str, now: datetime) -> str:
    """Submit the case that ``code`` opens; returns its number. Submitting again gives the same number.

    ``now`` is in the office's time zone: its date is the date of submission. Raises ``NoSuchCase``, ``NotComplete``.
    """
    with drafts.store.write() as session:
        case = drafts.case(session, code, lock=True)
        if case.state != State.DRAFT:
            return str(case.number)
        today = now.date().isoformat()
        number = next_number(session, now.date())
        look = drafts.look_in(session, case, today, number)
        if look.issues:
            raise NotComplete([issue for issue in look.issues if issue.because is None])
        served, resolved = look.draft.served, look.resolved
        case.answers = resolved.visible_answers()
        case.number, case.state, case.submitted_at, case.updated_at = number, State.RECEIVED, now, now
        case.fingerprint = _version(session, served, now)
        _file(session, case, look.filings, served, now)
        for digest in sorted(search_digests(drafts.store.vault, served, resolved)):
            session.add(SearchKey(case_id=case.id, digest=digest))
        _drop_strays(session, case)
        note(session, case, now, "applicant", "submitted", number=number)
        return number


def _drop_strays(session: Session, case: Case) -> None:
    """Files that were uploaded and then replaced or hidden are no part of the submission."""
    kept = set(re.findall(r"att-[0-9a-z-]+", json.dumps(case.answers)))
    for one in session.scalars(select(Attachment).where(Attachment.case_id == case.id)):
        if one.id not in kept:
            session.delete(one)


def _version(session: Session, served: Served, now: datetime) -> str:
    if session.get(FormVersion, served.fingerprint) is None:
        made = FormVersion(fingerprint=served.fingerprint, meaning=served.meaning, schema=served.form.schema)
        made.scenario, made.first_used_at = served.form.scenario.id, now
        with suppress(IntegrityError), session.begin_nested():  # somebody else may be first with the same form
            session.add(made)
    return served.fingerprint


def _file(session: Session, case: Case, filings: Mapping[str, Split], served: Served, now: datetime) -> None:
    for name, one in filings.items():
        session.add(
            Filing(
                case_id=case.id,
                form=name,
                title=served.form.library.forms[name].title,
                templates=case.templates,
                department=served.form.library.forms[name].department["id"],
                values=one.values,
                pending=[dict(p) for p in one.pending],
                rows={code: list(ids) for code, ids in one.rows.items()},
                computed=sorted(one.computed),
                submitted_at=now,
            )
        )


def search_digests(vault: Vault, served: Served, resolved: Resolved) -> set[str]:
    """Keyed hashes of every value in a submission by which a clerk finds it again (``x-search`` of its element)."""
    found: set[str] = set()
    for path, value in _texts(served, resolved):
        kind = served.form.fields[path].raw.get("x-search")
        if kind and isinstance(value, str):
            found.add(vault.digest(kind, value))
    return found


def _texts(served: Served, resolved: Resolved) -> Iterator[tuple[str, Any]]:
    rows = [row.stored.columns for found in resolved.rows.values() for row in found]
    for values in (resolved.stored, *rows):
        yield from ((path, value) for path, value in values.items() if path in served.form.fields)
