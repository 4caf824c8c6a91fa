"""A case while it is being filled in: begun, opened by its code, saved page by page, judged."""

from __future__ import annotations

import copy
import json
import zlib
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from formengine import (
    MISSING,
    Field,
    FormEngineError,
    Resolved,
    put,
    split,
)
from web.store import Store, StoreKeyError
from web.store.models import Attachment, Case, Filing
from web.store.trail import note

from .attachments import keep, sign
from .catalogue import Catalogue, Served
from .changes import Change, conflicts, differences, given_rows, is_rows, lost
from .codes import begin_key, code_of, plain_code
from .draft import PROVISIONAL_NUMBER, Draft, Look, Part, Renewal, Sent, digest_of, examined, with_answers
from .errors import AlreadySent, NoSuchCase, NoTemplates, NotSeen
from .given import KeptFile, TypedName, Upload
from .standing import Kept, Marks, covered, form_of, is_of, mentions, replaced, without_lapsed, without_lost
from .states import State
from .versions import Versions

NO_CASE = "查询码不对，或者这件申请不存在"


_OPEN = select(Case.id, Case.scenario, Case.state, Case.number, Case.answers, Case.updated_at, Case.templates).where(
    Case.code_digest == bindparam("digest")
)


_NAMES = select(Attachment.id, Attachment.name).where(Attachment.case_id == bindparam("case_id"))


_KEPT = select(Attachment.id, Attachment.path, Attachment.covers).where(Attachment.case_id == bindparam("case_id"))


FileMaker = Callable[[str, Field], Upload | TypedName]


class Drafts:
    """What an applicant does with a case before it is submitted."""

    def __init__(self, store: Store, catalogue: Catalogue, versions: Versions, secret: str) -> None:
        self.store, self.catalogue, self.versions, self._secret = store, catalogue, versions, secret

    def begin(self, scenario_id: str, facts: dict[str, Any], nonce: str, now: datetime) -> str:
        """Begin a case; returns its code. From one page (``nonce``) there is one case, however often it is sent.

        Raises ``UnknownScenario``, and ``FormEngineError`` for facts that the scenario does not take.
        """
        served = self.catalogue.serve(scenario_id, facts, self.versions.now)
        code = code_of(self._secret, nonce)
        key, digest = begin_key(nonce), self._digest(code)
        try:
            with self.store.write() as session:
                if session.scalar(select(Case.id).where(Case.begin_key == key)) is None:
                    made = Case(begin_key=key, code_digest=digest, scenario=scenario_id, state=State.DRAFT)
                    made.answers, made.saves, made.created_at, made.updated_at = {"facts": facts}, 0, now, now
                    made.title, made.templates = served.form.scenario.title, self.versions.keep(session, now)
                    session.add(made)
                    session.flush()
                    note(session, made, now, "applicant", "begun")
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
            self.catalogue.serve(case.scenario, facts, self.versions.library(str(case.templates)))
            _write(case, {**case.answers, "facts": facts}, now)

    def renew(self, code: str, now: datetime, *, anyway: bool = False) -> Renewal:
        """Let a draft answer the templates in use now, where nothing of it is lost by that, or ``anyway``.

        What was declared or signed for a form that reads otherwise now has to be declared and signed anew.
        """
        with self.store.write() as session:
            case = self._open_case(session, code)
            draft = self._draft(case)
            if not draft.outdated:
                return Renewal(True, False)
            try:
                new = self.catalogue.serve(case.scenario, draft.facts, self.versions.now)
            except FormEngineError:  # the scenario is gone, or asks otherwise
                return Renewal(False, served=draft.served)
            gone = tuple(lost(*(Resolved(one.form, case.answers) for one in (draft.served, new))))
            if gone and not anyway:
                return Renewal(False, lost=gone, served=draft.served)
            changed = _reads_otherwise(draft.served, new)
            case.templates, case.title = self.versions.keep(session, now), new.form.scenario.title
            answers = copy.deepcopy(case.answers)
            for path, one in draft.served.form.fields.items():
                if one.act and form_of(path) in changed:
                    put(answers, path, MISSING)
            _write(case, answers, now)
            note(session, case, now, "applicant", "templates changed")
            return Renewal(True, bool(changed) or new.fingerprint != draft.served.fingerprint)

    def save(self, code: str, part: Part, sent: Sent, now: datetime) -> tuple[Draft, list[Change]]:
        """Write what is given for a part into the draft.

        Where somebody else changed the part meanwhile and says otherwise, nothing is written and the conflicts are
        returned. Raises ``NotSeen`` where something is signed that differs from what was shown.
        """
        with self.store.write() as session:
            case = self._open_case(session, code)
            draft = self._draft(case)
            wrote, turn = case.writers.get(part.id, ("", 0))
            if wrote == sent.writer and sent.turn < turn:  # overtaken by what the same page sent later
                return draft, []
            if any(isinstance(value, TypedName) for value in sent.values.values()):
                self._require_seen(draft, sent)
            if sent.base and wrote != sent.writer and sent.base != digest_of(part, draft.answers):
                found = list(conflicts(draft.answers, sent.values))
                if found:
                    return draft, found
            answers = self._written(session, case, draft, sent.values, now)
            if answers != draft.answers:
                _write(case, answers, now)
            if sent.writer:
                case.writers = {**case.writers, part.id: [sent.writer, sent.turn]}
            session.flush()
            return self._draft(case), []

    def _written(
        self, session: Session, case: Case, draft: Draft, given: dict[str, Any], now: datetime
    ) -> dict[str, Any]:
        """The draft's answers with what a page said; signatures come last, for they cover the rest."""
        answers = copy.deepcopy(draft.answers)
        known = _kept_in(session, case)
        for path, value in given.items():
            if not isinstance(value, TypedName):
                put(answers, path, self._stored(session, case, path, value, known, now))
        signed = {path: value for path, value in given.items() if isinstance(value, TypedName)}
        if signed:
            session.flush()
            known_now = _kept_in(session, case)
            marks = self._marks(draft.served, without_lost(draft.served.files, answers, known_now))
            for path, value in signed.items():
                put(answers, path, sign(session, case, path, value, now, marks.get(form_of(path))))
        return answers

    def _marks(self, served: Served, answers: dict[str, Any], aside: Set[str] | None = None) -> Marks:
        """What a signature made now covers, form by form."""
        filings = split(served.form, Resolved(served.form, answers, suggest=True).completed())
        return covered(self.store.vault, served, filings, answers, served.signatures if aside is None else aside)

    def seal_seen(self, draft: Draft) -> str:
        """The answers that a signing page is shown with, sealed: the page sends them back when it is signed."""
        text = json.dumps({"case": draft.id, "answers": draft.answers}, separators=(",", ":"))
        return self.store.vault.seal(zlib.compress(text.encode("ascii"))).decode("ascii")

    def _require_seen(self, draft: Draft, sent: Sent) -> None:
        """Raise ``NotSeen`` unless what would be filed, signing aside, is what the page was shown with."""
        served, vault = draft.served, self.store.vault
        try:
            found = json.loads(zlib.decompress(vault.open(sent.seen.encode("ascii", "replace"))))
        except StoreKeyError:
            raise NotSeen([]) from None
        if found["case"] != draft.id:
            raise NotSeen([])
        there = found["answers"]
        if there == draft.answers:
            return
        marks = [self._marks(served, answers, served.acts) for answers in (there, draft.answers)]
        if there.get("facts") != draft.answers.get("facts") or marks[0] != marks[1]:
            raise NotSeen(list(differences(served.form, there, draft.answers)))

    def replace(self, code: str, answers: dict[str, Any], now: datetime, files: FileMaker) -> None:
        """Put other answers in place of all of a draft's, for the same facts; ``files`` gives what stands behind
        each id of a file (``Upload``) or signature (``TypedName``) in them."""
        with self.store.write() as session:
            case = self._open_case(session, code)
            served = self.served(case)
            whole = {**answers, "facts": case.answers["facts"]}

            def uploaded(path: str, one: Field) -> str:
                made = files(path, one)
                assert isinstance(made, Upload)
                return keep(session, case, path, made, now)

            def signed(path: str, one: Field) -> str:
                made = files(path, one)
                assert isinstance(made, TypedName)
                return sign(session, case, path, made, now, marks.get(form_of(path)))

            whole = replaced(whole, {p: f for p, f in served.files.items() if p not in served.signatures}, uploaded)
            marks = self._marks(served, whole)
            whole = replaced(whole, {p: f for p, f in served.files.items() if p in served.signatures}, signed)
            _write(case, whole, now)

    def with_files(self, draft: Draft) -> Draft:
        """The draft without ids that no file of this case and field stands behind."""
        if not mentions(draft.served.files, draft.answers):
            return draft
        return with_answers(draft, without_lost(draft.served.files, draft.answers, self._known(draft)))

    def look(self, draft: Draft, today: date) -> Look:
        """What of the draft stands, and everything that is to be known of it, worked out once."""
        known = self._known(draft) if mentions(draft.served.files, draft.answers) else {}
        return self._look(draft, known, today.isoformat(), PROVISIONAL_NUMBER)

    def look_in(self, session: Session, case: Case, today: str, number: str) -> Look:
        """The same for a case that is locked, as it would be submitted with this number."""
        return self._look(self._draft(case), _kept_in(session, case), today, number)

    def _look(self, draft: Draft, known: dict[str, Kept], today: str, number: str) -> Look:
        served = draft.served
        draft = with_answers(draft, without_lost(served.files, draft.answers, known))
        found = examined(draft, today, number)
        signed = {path: one for path, one in served.files.items() if path in served.signatures}
        if mentions(signed, draft.answers):
            marks = covered(self.store.vault, served, found.filings, draft.answers, served.signatures)
            answers, lapsed = without_lapsed(signed, draft.answers, known, marks)
            if lapsed:
                draft = with_answers(draft, answers, lapsed)
                found = examined(draft, today, number)
        return Look(replace(draft, found=found.resolved), found)

    def _known(self, draft: Draft) -> dict[str, Kept]:
        return _kept(self.store.rows(_KEPT, case_id=draft.id))

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
        state, outdated = State(case.state), case.templates != self.versions.current
        return Draft(case.id, case.scenario, state, case.number, case.answers, case.updated_at, served, outdated)

    def served(self, case: Any) -> Served:
        """The merged form that the case's facts call for, of the templates that it answers; raises ``NoTemplates``."""
        facts = dict(case.answers.get("facts", {}))
        try:
            return self.catalogue.serve(case.scenario, facts, self.versions.library(str(case.templates)))
        except FormEngineError as error:  # from before sets of templates were kept
            raise NoTemplates("这件申请填写时的表格已经不在，请另填一件") from error

    def _stored(
        self, session: Session, case: Case, path: str, value: Any, known: dict[str, Kept], now: datetime
    ) -> object:
        """The value as it stands in the answers: files under their ids, rows with theirs; an id that is no file of
        this case and field is dropped."""
        if isinstance(value, Upload):
            return keep(session, case, path, value, now)
        if is_rows(value):
            cell = partial(self._stored, session, case, known=known, now=now)
            return given_rows(case.answers.get(path), value, cell)
        if isinstance(value, KeptFile):
            return value.id if is_of(known, path, value.id) else MISSING
        if isinstance(value, list):
            found = [self._stored(session, case, path, v, known, now) for v in value]
            kept = [v for v in found if v is not MISSING]
            return kept if kept or not value else MISSING
        return value


def _reads_otherwise(old: Served, new: Served) -> Set[str]:
    """The department forms that are not word for word what they were, or are gone."""
    before, after = old.form.library.forms, new.form.library.forms
    return {name for name in old.form.forms if name not in after or before[name].raw != after[name].raw}


def _kept(rows: Iterable[Any]) -> dict[str, Kept]:
    return {row.id: Kept(row.path, row.covers) for row in rows}


def _kept_in(session: Session, case: Case) -> dict[str, Kept]:
    return _kept(session.execute(_KEPT, {"case_id": case.id}))


def _write(case: Case, answers: dict[str, Any], now: datetime) -> None:
    case.answers, case.updated_at, case.saves = answers, now, case.saves + 1
