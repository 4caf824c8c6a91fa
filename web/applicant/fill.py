"""Filling in: the sections with their state, each section, everything once more, signing and submitting."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from formengine import Issue
from web.access import now
from web.cases.changes import Change
from web.cases.draft import Draft, Look, Part, Sent, digest_of, preview
from web.cases.errors import AlreadySent, BadUpload, NotComplete, NotSeen
from web.cases.submission import submit
from web.form.bind import bind_section
from web.form.changes import told
from web.form.entries import Section
from web.form.protocol import ROWS, SHOWN, STRAY
from web.form.reader import Reader
from web.form.sheet import SIGN_OFF, Sheet
from web.form.show import show
from web.form.signposts import Signposts
from web.services import services

from . import pages
from .blueprint import blueprint
from .browser import codes, draft_of, file_response, sent

MOST_EMPTY = 50
"""So many empty rows stay open on a page."""


def sheet_of(draft: Draft) -> Sheet:
    """The pages of a draft."""
    return services().sheet(draft.served)


def look(draft: Draft) -> Look:
    """The draft looked at as of today."""
    return services().drafts.look(draft, now().date())


def part_of(section: Section) -> Part:
    """What is saved of a section."""
    return Part(section.id, section.paths)


@blueprint.get("/apply/<scenario_id>")
def tasks(scenario_id: str) -> ResponseReturnValue:
    """The sections with their state."""
    draft = draft_of(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    found = look(draft)
    shown = pages.tasks(sheet_of(draft), found.resolved, found.mistakes)
    code = codes("drafts")[scenario_id]
    return render_template("tasks.html", draft=draft, tasks=shown, code=code, scenario=draft.served.form.scenario)


@blueprint.get("/apply/<scenario_id>/<section_id>")
def section(scenario_id: str, section_id: str) -> ResponseReturnValue:
    """One section to fill in."""
    draft = draft_of(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    one = _section(draft, section_id)
    if "review" in request.args:
        found = look(draft)
        return _page(found.draft, one, found.mistakes, base=digest_of(part_of(one), draft.answers), saved=draft)
    return _page(draft, one)


def _section(draft: Draft, section_id: str) -> Section:
    found = sheet_of(draft).by_id.get(section_id)
    if found is None:
        abort(404)
    return found


def _page(draft: Draft, one: Section, issues: Sequence[Issue] = (), **more: Any) -> str:
    drafts, sheet = services().drafts, sheet_of(draft)
    base = more.pop("base", None) or digest_of(part_of(one), draft.answers)
    saved = more.pop("saved", draft)
    seen = drafts.seal_seen(saved) if one.id == SIGN_OFF else ""
    has_files = _has_files(one)
    if has_files and draft.found is None:
        draft = look(draft).draft if one.id == SIGN_OFF else drafts.with_files(draft)
    shown = show(sheet, one, draft.resolved, issues, more.pop("blank", None))
    return render_template(
        "section.html",
        draft=draft,
        scenario=draft.served.form.scenario,
        section=one,
        paths=" ".join([s.entry.path for s in shown]),
        shown=shown,
        plain=[s for s in shown if not s.folded],
        folded=[s for s in shown if s.folded],
        page={"scenario": draft.scenario, "names": drafts.file_names(draft) if has_files else {}},
        base=base,
        writer=_writer(),
        turn=_turn(),
        seen=seen,
        mistakes=pages.mistakes(sheet, issues, one.id),
        neighbours=pages.neighbours(sheet, draft.resolved, one),
        **more,
    )


def _has_files(one: Section) -> bool:
    return any(e.kind.has_files for entry in one.entries for e in (entry, *entry.columns))


@blueprint.post("/apply/<scenario_id>/<section_id>")
def save(scenario_id: str, section_id: str) -> ResponseReturnValue:
    """Save a section, whatever is wrong with it; then go on, stay, add or remove a row, or submit."""
    draft = draft_of(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    one = _section(draft, section_id)
    given = bind_section(one, CombinedMultiDict([request.files, request.form]), _strays(draft, one))
    verb, _, rest = request.form.get("_action", "next").partition(":")
    if verb == "remove":
        _remove_row(given, rest)
    code = codes("drafts")[scenario_id]
    said = Sent(given, request.form.get("_base", ""), _writer(), _turn(), request.form.get("_seen", ""))
    try:
        saved, conflicts = services().drafts.save(code, part_of(one), said, now())
    except AlreadySent as done:
        return sent(scenario_id, code, done.number)
    except NotSeen as unseen:
        now_there = services().drafts.open(code)
        return _unsaved(now_there, one, given, unseen=_told(now_there, unseen.changes)), 409
    except BadUpload as bad:
        return _unsaved(draft, one, given, notice=str(bad)), 422
    if conflicts:
        return _unsaved(saved, one, given, conflicts=_told(saved, conflicts)), 409
    return _after_save(saved, one, verb, rest, code)


def _told(draft: Draft, changes: Iterable[Change]) -> ResponseReturnValue:
    return told(sheet_of(draft), changes)


def _unsaved(saved: Draft, one: Section, given: dict[str, Any], **more: Any) -> str:
    """The page with what was typed, over what is saved: sending it again writes it."""
    return _page(preview(saved, given), one, base=digest_of(part_of(one), saved.answers), saved=saved, **more)


def _writer() -> str:
    """The open page's own mark: it keeps it from answer to answer."""
    found = request.form.get("_page", "")
    return found if re.fullmatch(r"[0-9a-f]{16}", found) else secrets.token_hex(8)


def _turn() -> int:
    """How often the open page has sent itself: what was sent earlier and comes later is not written over it."""
    found = request.form.get("_turn", "")
    return int(found) if re.fullmatch(r"[0-9]{1,9}", found) else 0


def _after_save(draft: Draft, one: Section, verb: str, rest: str, code: str) -> ResponseReturnValue:
    if verb == "add":
        rows = draft.answers.get(rest)
        return _page(draft, one, blank={rest: 1}, focus=f"{rest}/{len(rows) if isinstance(rows, list) else 0}")
    if verb == "remove":
        return _page(draft, one)
    if verb == "refresh":
        return _page(draft, one, blank=_empty_rows(draft, one))
    found = look(draft)
    kept = {"base": digest_of(part_of(one), draft.answers), "saved": draft}
    posts = Signposts(sheet_of(draft))
    mine = [issue for issue in found.mistakes if posts.section_of(issue) == one.id]
    if verb == "recheck":  # in the background, while mistakes are being mended
        return _page(found.draft, one, mine, blank=_empty_rows(draft, one), **kept)
    posted = set(" ".join(v for k, v in request.form.items() if k.endswith(SHOWN)).split())
    fresh = pages.shown_paths(show(sheet_of(draft), one, found.resolved)) - posted
    if mine or fresh:
        return _page(found.draft, one, mine, fresh=len(fresh), **kept), 422 if mine else 200
    if verb == "submit":
        return _submit(draft, code)
    after = pages.neighbours(sheet_of(draft), found.resolved, one)[1]
    if after is None or after.id == SIGN_OFF:
        return redirect(url_for(".check", scenario_id=draft.scenario))
    return redirect(url_for(".section", scenario_id=draft.scenario, section_id=after.id))


def _strays(draft: Draft, one: Section) -> set[str]:
    """What the page could not show of the draft's answers: nothing else is taken from a page as it stands."""
    if not any(name.endswith(STRAY) for name in request.form):
        return set()
    shown = show(sheet_of(draft), one, draft.resolved)
    cells = [cell for s in shown for row in s.rows for cell in row.fields]
    return {text for s in [*shown, *cells] for text, _ in s.strays}


def _empty_rows(draft: Draft, one: Section) -> dict[str, int]:
    """The rows that stand open on the page with nothing in them: they are not saved, and stay open."""
    standing = {e.path: len(set(request.form.getlist(f"{e.name}{ROWS}"))) for e in one.entries if e.is_list}
    kept = {path: len(rows) if isinstance(rows := draft.answers.get(path), list) else 0 for path in standing}
    return {path: min(count - kept[path], MOST_EMPTY) for path, count in standing.items() if count > kept[path]}


def _remove_row(given: dict[str, Any], which: str) -> None:
    """Take one row, named ``table/row-id``, out of what was given."""
    table, _, row_id = which.partition("/")
    rows = given.get(table)
    if isinstance(rows, list):
        given[table] = [row for row in rows if row.id != row_id]


@blueprint.get("/apply/<scenario_id>/check")
def check(scenario_id: str) -> ResponseReturnValue:
    """Every answer, with the departments that will see it, and everything that is still to be done."""
    draft = draft_of(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    found = look(draft)
    sheet, one = sheet_of(draft), draft.served.form.scenario
    reader = Reader(
        sheet,
        found.resolved,
        services().drafts.file_names(draft),
        Signposts(sheet).mistakes(found.mistakes),
        lambda section_id: url_for(".section", scenario_id=one.id, section_id=section_id),
        url_for(".scenario", scenario_id=one.id),
    )
    mistakes = [m for m in pages.mistakes(sheet, found.mistakes) if m.section != SIGN_OFF]
    parts = [(s, reader.answers_of(s)) for s in sheet.sections if s.id != SIGN_OFF]
    return render_template("check.html", draft=found.draft, parts=parts, mistakes=mistakes, scenario=one)


def _submit(draft: Draft, code: str) -> ResponseReturnValue:
    try:
        number = submit(services().drafts, code, now())
    except NotComplete:
        flash("还有未填或者有误的内容，改好后再提交")
        return redirect(url_for(".check", scenario_id=draft.scenario))
    return sent(draft.scenario, code, number)


@blueprint.get("/apply/<scenario_id>/files/<attachment_id>")
def draft_file(scenario_id: str, attachment_id: str) -> ResponseReturnValue:
    """An uploaded file of the draft that is open here."""
    code = codes("drafts").get(scenario_id)
    if code is None:
        abort(404)
    return file_response(code, attachment_id)
