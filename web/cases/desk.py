"""What the staff sees of submitted cases: lists, search, one case, a department's own filings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from formengine import DepartmentForm
from web.store import Store
from web.store.models import Attachment, Case, Event, Filing, SearchKey
from web.store.trail import note

from .errors import NoSuchCase
from .states import State
from .versions import Versions

__all__ = ["PAGE", "Bundle", "Case", "Desk", "Filing", "materials_of"]

PAGE = 50
SEARCH_KINDS = ("name", "number", "phone")


@dataclass(frozen=True)
class Bundle:
    """A filing, the form that it answers, and the files that belong to it, with their contents."""

    filing: Filing
    form: DepartmentForm
    files: tuple[Attachment, ...]


class Desk:
    """Reads for clerks and officers; every look at a case is written down."""

    def __init__(self, store: Store, versions: Versions) -> None:
        self.store, self.versions = store, versions

    def form_of(self, filing: Filing) -> DepartmentForm:
        """The form that a filing answers, as it was when it was split."""
        return self.versions.library(str(filing.templates)).forms[filing.form]

    def department_of(self, filing: Filing) -> str:
        """What the department of a filing is called."""
        return self.form_of(filing).department["title"]

    def cases(self, search: str = "", before: int | None = None) -> Sequence[Case]:
        """Submitted cases, newest first, ``PAGE`` at most; ``search`` is a case number, name, ID number or phone."""
        wanted = select(Case).where(Case.state != State.DRAFT).order_by(Case.id.desc()).limit(PAGE)
        if before is not None:
            wanted = wanted.where(Case.id < before)
        if search.strip():
            digests = [self.store.vault.digest(kind, search) for kind in SEARCH_KINDS]
            found = select(SearchKey.case_id).where(SearchKey.digest.in_(digests))
            wanted = wanted.where(Case.id.in_(found) | (Case.number == search.strip().upper()))
        with self.store.read() as session:
            return session.scalars(wanted.options(selectinload(Case.filings))).all()

    def case(self, number: str, who: str, now: datetime) -> Case:
        """One submitted case with its filings; raises ``NoSuchCase``."""
        with self.store.write() as session:
            found = session.scalar(select(Case).where(Case.number == number).options(selectinload(Case.filings)))
            if found is None:
                raise NoSuchCase("没有这个办件编号")
            note(session, found, now, who, "looked at")
            return found

    def filings(self, department: str, before: int | None = None) -> Sequence[Filing]:
        """A department's own filings, newest first, ``PAGE`` at most."""
        wanted = select(Filing).where(Filing.department == department).order_by(Filing.id.desc()).limit(PAGE)
        if before is not None:
            wanted = wanted.where(Filing.id < before)
        with self.store.read() as session:
            return session.scalars(wanted.options(joinedload(Filing.case))).all()

    def filing(self, filing_id: int, department: str, who: str, now: datetime, action: str) -> Filing:
        """One filing of this department; another's is as if it did not exist (``NoSuchCase``)."""
        with self.store.write() as session:
            found = session.get(Filing, filing_id, options=[joinedload(Filing.case)])
            if found is None or found.department != department:
                raise NoSuchCase("没有这份申请表")
            note(session, found.case, now, who, action, filing=found.form)
            return found

    def bundles(self, filings: Iterable[Filing]) -> list[Bundle]:
        """Filings with the files that belong to each, contents read."""
        whole = [(one, self.form_of(one)) for one in filings]
        with self.store.read() as session:
            found = [Bundle(one, form, tuple(_files_of(session, form, one))) for one, form in whole]
            for one in (file for bundle in found for file in bundle.files):
                _ = one.content  # read once, however many filings it belongs to
            return found

    def files_of(self, filing: Filing) -> Sequence[Attachment]:
        """The files that belong to a filing, without their contents."""
        form = self.form_of(filing)
        with self.store.read() as session:
            return _files_of(session, form, filing)

    def file_of(self, filing: Filing, attachment_id: str) -> Attachment:
        """One of the files of a filing with its content; raises ``NoSuchCase``."""
        form = self.form_of(filing)
        with self.store.read() as session:
            found = next((one for one in _files_of(session, form, filing) if one.id == attachment_id), None)
            if found is None or found.content is None:
                raise NoSuchCase("没有这个附件")
            return found

    def events(self, before: int | None = None) -> Sequence[Event]:
        """What happened, newest first."""
        wanted = select(Event).order_by(Event.id.desc()).limit(PAGE * 2)
        with self.store.read() as session:
            return session.scalars(wanted.where(Event.id < before) if before else wanted).all()


def materials_of(form: DepartmentForm) -> dict[str, str]:
    """``{path in the answers: title}`` of a form's materials."""
    return {f"materials.{one['id']}": str(one["title"]) for one in form.materials}


def _files_of(session: Session, form: DepartmentForm, filing: Filing) -> list[Attachment]:
    """The uploaded files and signatures of a filing: named in its values, or handed in as one of its materials."""
    named, materials = set(re.findall(r"att-[0-9a-z-]+", json.dumps(filing.values))), materials_of(form)
    mine = select(Attachment).where(Attachment.case_id == filing.case_id).order_by(Attachment.path, Attachment.id)
    return [one for one in session.scalars(mine) if one.id in named or one.path in materials]
