"""The applicant's pages. A view reads the request, makes one call, and renders."""

from __future__ import annotations

import re
import secrets
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.datastructures import CombinedMultiDict

from formengine import FormEngineError, UnknownScenario
from web.access import now, person
from web.accounts import Patience
from web.cases.attachments import SIGNATURE
from web.cases.catalogue import Catalogue
from web.cases.codes import plain_code
from web.cases.desk import Desk
from web.cases.documents import filing_json, filing_pdf, filings_zip
from web.cases.drafts import Draft, Drafts, Sent, digest_of, preview
from web.cases.errors import AlreadySent, BadUpload, NoSuchCase, NotComplete, NotSeen, TooManyTries
from web.cases.states import LABELS, State
from web.cases.submission import submit
from web.forms import SHOWN, STRAY, bind_facts, bind_section
from web.pages import download
from web.sheet import SIGN_OFF, Section

from . import pages
from .notice import notice, questions

blueprint = Blueprint("applicant", __name__)
REMEMBERED = 10
"""So many cases stay open in one browser."""
CODE_TRIES = 10


def drafts() -> Drafts:
    return current_app.extensions["drafts"]  # type: ignore[no-any-return]


def desk() -> Desk:
    return current_app.extensions["desk"]  # type: ignore[no-any-return]


def catalogue() -> Catalogue:
    return current_app.extensions["catalogue"]  # type: ignore[no-any-return]


# -- choosing ------------------------------------------------------------------------------------------------------


@blueprint.get("/")
def home() -> str:
    """The scenarios."""
    scenarios = list(catalogue().library.scenarios.values())
    return render_template("home.html", scenarios=scenarios, open=set(_codes("drafts")))


@blueprint.get("/scenarios/<scenario_id>")
def scenario(scenario_id: str) -> str:
    """Guiding questions, and what one will need for the answers given (一次告知)."""
    one = _scenario(scenario_id)
    answered = bool(set(request.args) & set(one.facts))
    facts = bind_facts(one, request.args) if answered else _draft_facts(scenario_id)
    return _scenario_page(one, facts, complain=answered)


def _scenario_page(one: Any, facts: dict[str, Any], *, complain: bool) -> str:
    return render_template(
        "scenario.html",
        scenario=one,
        facts=facts,
        questions=questions(catalogue(), one, facts, complain),
        notice=notice(catalogue(), one, facts),
        nonce=secrets.token_urlsafe(16),
        open_draft=scenario_draft(one.id) is not None,
    )


@blueprint.post("/apply/<scenario_id>")
def begin(scenario_id: str) -> Any:
    """Begin a case with the facts given, or change the facts of the one that is open here."""
    one = _scenario(scenario_id)
    facts = bind_facts(one, request.form)
    code = None if request.form.get("anew") else scenario_draft(scenario_id)
    try:
        if code:
            drafts().set_facts(code, facts, now())
        else:
            nonce = request.form.get("nonce", "")[:64] or secrets.token_urlsafe(16)
            code = drafts().begin(scenario_id, facts, nonce, now())
    except FormEngineError:
        return _scenario_page(one, facts, complain=True), 422
    if drafts().open(code).state != State.DRAFT:  # begun from a page whose case is already submitted
        return redirect(url_for(".case", number=drafts().open(code).number))
    _remember("drafts", scenario_id, code)
    return redirect(url_for(".tasks", scenario_id=scenario_id))


# -- filling in ----------------------------------------------------------------------------------------------------


@blueprint.get("/apply/<scenario_id>")
def tasks(scenario_id: str) -> Any:
    """The sections with their state."""
    draft = _draft(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    issues = drafts().judge(draft, now().date())
    shown = pages.tasks(draft, issues)
    code = _codes("drafts")[scenario_id]
    return render_template("tasks.html", draft=draft, tasks=shown, code=code, scenario=draft.served.form.scenario)


@blueprint.get("/apply/<scenario_id>/<section_id>")
def section(scenario_id: str, section_id: str) -> Any:
    """One section to fill in."""
    draft = _draft(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    one = _section(draft, section_id)
    issues = drafts().judge(draft, now().date()) if "review" in request.args else []
    return _section_page(draft, one, issues)


def _section_page(draft: Draft, one: Section, issues: Any = (), **more: Any) -> str:
    base = more.pop("base", None) or digest_of(one, draft.answers)
    seen = drafts().seal_seen(more.pop("saved", draft)) if one.id == SIGN_OFF else ""
    has_files = _has_files(one, draft)
    if has_files:
        draft = drafts().standing(draft) if one.id == SIGN_OFF else drafts().with_files(draft)
    shown = draft.served.sheet.show(one, draft.resolved, issues, more.pop("blank", None))
    return render_template(
        "section.html",
        draft=draft,
        scenario=draft.served.form.scenario,
        section=one,
        paths=" ".join([s.entry.path for s in shown]),
        shown=shown,
        plain=[s for s in shown if not s.folded],
        folded=[s for s in shown if s.folded],
        page={"scenario": draft.scenario, "names": drafts().file_names(draft) if has_files else {}},
        base=base,
        writer=_writer(),
        turn=_turn(),
        seen=seen,
        mistakes=pages.mistakes(draft.served.sheet, list(issues), one.id),
        neighbours=pages.neighbours(draft, one),
        **more,
    )


def _has_files(one: Section, draft: Draft) -> bool:
    entries = [*one.entries, *(c for e in one.entries for c in draft.served.sheet.columns.get(e.path, ()))]
    return any(e.kind in ("upload", "uploads", "signature", "act_signature") for e in entries)


@blueprint.post("/apply/<scenario_id>/<section_id>")
def save(scenario_id: str, section_id: str) -> Any:
    """Save a section, whatever is wrong with it; then go on, stay, add or remove a row, or submit."""
    draft = _draft(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    one = _section(draft, section_id)
    given = bind_section(draft.served.sheet, one, _form_and_files(), _strays(draft, one))
    verb, _, rest = request.form.get("_action", "next").partition(":")
    if verb == "remove":
        _remove_row(given, rest)
    code = _codes("drafts")[scenario_id]
    said = Sent(given, request.form.get("_base", ""), _writer(), _turn(), request.form.get("_seen", ""))
    try:
        saved, conflicts = drafts().save(code, one, said, now())
    except AlreadySent as sent:
        return _sent(scenario_id, code, sent.number)
    except NotSeen as unseen:
        return _unsaved_page(drafts().open(code), one, given, unseen=unseen.changes), 409
    except BadUpload as bad:
        return _unsaved_page(draft, one, given, notice=str(bad)), 422
    if conflicts:
        return _unsaved_page(saved, one, given, conflicts=conflicts), 409
    return _after_save(saved, one, verb, rest, code)


def _unsaved_page(saved: Draft, one: Section, given: dict[str, Any], **more: Any) -> str:
    """The page with what was typed, over what is saved: sending it again writes it."""
    return _section_page(preview(saved, given), one, base=digest_of(one, saved.answers), saved=saved, **more)


def _writer() -> str:
    """The open page's own mark: it keeps it from answer to answer."""
    sent = request.form.get("_page", "")
    return sent if re.fullmatch(r"[0-9a-f]{16}", sent) else secrets.token_hex(8)


def _turn() -> int:
    """How often the open page has sent itself: what was sent earlier and comes later is not written over it."""
    sent = request.form.get("_turn", "")
    return int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else 0


def _after_save(draft: Draft, one: Section, verb: str, rest: str, code: str) -> Any:
    if verb == "add":
        rows = draft.answers.get(rest)
        return _section_page(draft, one, blank={rest: 1}, focus=f"{rest}/{len(rows) if isinstance(rows, list) else 0}")
    if verb == "remove":
        return _section_page(draft, one)
    if verb == "refresh":
        return _section_page(draft, one, blank=_empty_rows(draft, one))
    issues = drafts().judge(draft, now().date())
    mine = [i for i in issues if draft.served.sheet.section_of_issue(i) == one.id]
    if verb == "recheck":  # in the background, while mistakes are being mended
        return _section_page(draft, one, mine, blank=_empty_rows(draft, one))
    posted = set(" ".join(v for k, v in request.form.items() if k.endswith(SHOWN)).split())
    shown = draft.served.sheet.show(one, draft.resolved)
    fresh = pages.shown_paths(shown) - posted
    if mine or fresh:
        return _section_page(draft, one, mine, fresh=len(fresh)), 422 if mine else 200
    if verb == "submit":
        return _submit(draft, code)
    after = pages.neighbours(draft, one)[1]
    if after is None:
        return redirect(url_for(".check", scenario_id=draft.scenario))
    if after.id == SIGN_OFF:
        return redirect(url_for(".check", scenario_id=draft.scenario))
    return redirect(url_for(".section", scenario_id=draft.scenario, section_id=after.id))


def _strays(draft: Draft, one: Section) -> set[str]:
    """What the page could not show of the draft's answers: nothing else is taken from a page as it stands."""
    if not any(name.endswith(STRAY) for name in request.form):
        return set()
    shown = draft.served.sheet.show(one, draft.resolved)
    cells = [cell for s in shown for row in s.rows for cell in row.fields]
    return {text for s in [*shown, *cells] if s.value is not None for text, _ in s.strays}


def _empty_rows(draft: Draft, one: Section) -> dict[str, int]:
    """The rows that stand open on the page with nothing in them: they are not saved, and stay open."""
    tables = [e for e in one.entries if e.is_list]
    standing = {e.path: len(set(request.form.getlist(f"{e.name}/rows"))) for e in tables}
    kept = {path: len(rows) if isinstance(rows := draft.answers.get(path), list) else 0 for path in standing}
    return {path: min(count - kept[path], 50) for path, count in standing.items() if count > kept[path]}


def _remove_row(given: dict[str, Any], which: str) -> None:
    """Take one row, named ``table/row-id``, out of what was given."""
    table, _, row_id = which.partition("/")
    rows = given.get(table)
    if isinstance(rows, list):
        given[table] = [row for row in rows if row.get("id") != row_id]


@blueprint.get("/apply/<scenario_id>/check")
def check(scenario_id: str) -> Any:
    """Every answer, with the departments that will see it, and everything that is still to be done."""
    draft = _draft(scenario_id)
    if draft is None:
        return redirect(url_for(".scenario", scenario_id=scenario_id))
    return _check_page(draft)


def _check_page(draft: Draft) -> str:
    draft, issues = drafts().examine(draft, now().date())
    sheet = draft.served.sheet
    mistakes = [m for m in pages.mistakes(sheet, issues) if m.section != SIGN_OFF]
    scenario = draft.served.form.scenario
    reader = pages.Reader(
        draft,
        drafts().file_names(draft),
        sheet.mistakes(issues),
        lambda section_id: url_for(".section", scenario_id=scenario.id, section_id=section_id),
        url_for(".scenario", scenario_id=scenario.id),
    )
    parts = [(s, reader.answers_of(s)) for s in sheet.sections if s.id != SIGN_OFF]
    return render_template("check.html", draft=draft, parts=parts, mistakes=mistakes, scenario=scenario)


def _submit(draft: Draft, code: str) -> Any:
    try:
        number = submit(drafts(), code, now())
    except NotComplete:
        flash("还有未填或者有误的内容，改好后再提交")
        return redirect(url_for(".check", scenario_id=draft.scenario))
    return _sent(draft.scenario, code, number)


def _sent(scenario_id: str, code: str, number: str) -> Any:
    """The case is submitted: this browser keeps it open."""
    kept = dict(_codes("drafts"))
    kept.pop(scenario_id, None)
    session["drafts"] = kept
    _remember("cases", number, code)
    return redirect(url_for(".case", number=number))


@blueprint.get("/apply/<scenario_id>/files/<attachment_id>")
def draft_file(scenario_id: str, attachment_id: str) -> Any:
    """An uploaded file of the draft that is open here."""
    code = _codes("drafts").get(scenario_id)
    if code is None:
        abort(404)
    return _file_response(code, attachment_id)


def _file_response(code: str, attachment_id: str) -> Response:
    found = drafts().file(code, attachment_id)
    kind = "application/json" if found.media_type == SIGNATURE else found.media_type
    return download(found.content, kind, found.name)


# -- coming back, and following ------------------------------------------------------------------------------------


@blueprint.route("/resume", methods=["GET", "POST"])
def resume() -> Any:
    """Come back by the code."""
    if request.method == "GET":
        return render_template("resume.html", number=None)
    return _open_by_code(None)


@blueprint.get("/cases/<number>")
def case(number: str) -> Any:
    """A submitted case: with its code in this browser, or after log-in; the number alone shows nothing."""
    code = _codes("cases").get(number)
    if code is None:
        who = person()
        if who is not None and who.role == "clerk":
            return redirect(url_for("window.case", number=number))
        return render_template("resume.html", number=number)
    return _case_page(drafts().open(code), code)


@blueprint.post("/cases/<number>")
def open_case(number: str) -> Any:
    """Open a case by its number and code."""
    return _open_by_code(number)


def _open_by_code(number: str | None) -> Any:
    patience: Patience = current_app.extensions["accounts"].patience
    key = f"code\0{request.remote_addr}"
    typed = request.form.get("code", "")
    try:
        patience.check(now(), (key, CODE_TRIES))
        found = drafts().open(typed)
        if number is not None and found.number != number:
            raise NoSuchCase("查询码不对，或者这件申请不存在")
    except TooManyTries as many:
        problem = f"尝试次数过多，请在 {many.until.astimezone(now().tzinfo):%H:%M} 之后再试"
        return render_template("resume.html", number=number, problem=problem), 429
    except NoSuchCase as missing:
        patience.failed(now(), key)
        return render_template("resume.html", number=number, problem=str(missing)), 422
    if found.state == State.DRAFT:
        _remember("drafts", found.scenario, typed)
        return redirect(url_for(".tasks", scenario_id=found.scenario))
    _remember("cases", str(found.number), typed)
    return redirect(url_for(".case", number=found.number))


def _case_page(found: Draft, code: str) -> str:
    filings = drafts().filings(code)
    library = catalogue().library
    reader = pages.Reader(found, drafts().file_names(found))
    return render_template(
        "case.html",
        case=found,
        code="-".join(plain_code(code)[i : i + 4] for i in range(0, 20, 4)),
        label=LABELS[found.state],
        filings=[(one, library.forms[one.form]) for one in filings],
        library=library,
        parts=[(s, reader.answers_of(s)) for s in found.served.sheet.sections],
        scenario=found.served.form.scenario,
    )


@blueprint.get("/cases/<number>/<form_id>.<kind>")
def filing(number: str, form_id: str, kind: str) -> Any:
    """One filing of one's own case, as JSON or PDF."""
    found = {one.form: one for one in drafts().filings(_code_of_case(number))}.get(form_id)
    if found is None or kind not in ("json", "pdf"):
        abort(404)
    title = catalogue().library.forms[form_id].title
    if kind == "json":
        return download(filing_json(found), "application/json", f"{title}.json")
    (bundle,) = desk().bundles(catalogue().library, [found])
    return download(filing_pdf(catalogue().library, bundle), "application/pdf", f"{title}.pdf")


@blueprint.get("/cases/<number>/filings.zip")
def filings(number: str) -> Any:
    """All filings of one's own case."""
    found = drafts().filings(_code_of_case(number))
    names, library = {one.case_id: number for one in found}, catalogue().library
    return download(filings_zip(library, desk().bundles(library, found), names), "application/zip", f"{number}.zip")


@blueprint.get("/cases/<number>/files/<attachment_id>")
def case_file(number: str, attachment_id: str) -> Any:
    """An uploaded file of one's own case."""
    return _file_response(_code_of_case(number), attachment_id)


@blueprint.post("/leave")
def leave() -> Any:
    """Forget everything this browser knows (on a shared machine)."""
    session.pop("drafts", None)
    session.pop("cases", None)
    flash("本机已不再保留您的申请。凭查询码可以随时回来")
    return redirect(url_for(".home"))


# -- what this browser has open --------------------------------------------------------------------------------------


def _scenario(scenario_id: str) -> Any:
    try:
        return catalogue().scenario(scenario_id)
    except UnknownScenario:
        abort(404)


def _section(draft: Draft, section_id: str) -> Section:
    found = draft.served.sheet.by_id.get(section_id)
    if found is None:
        abort(404)
    return found


def _codes(what: str) -> dict[str, str]:
    """``drafts``: scenario → code, ``cases``: case number → code, of this browser."""
    found = session.get(what)
    return found if isinstance(found, dict) else {}


def _remember(what: str, key: str, code: str) -> None:
    kept = {name: value for name, value in _codes(what).items() if name != key}
    session[what] = dict([*kept.items(), (key, plain_code(code))][-REMEMBERED:])
    session.permanent = True


def _code_of_case(number: str) -> str:
    code = _codes("cases").get(number)
    if code is None:
        abort(404)
    return code


def scenario_draft(scenario_id: str) -> str | None:
    """The code of the draft of a scenario that is open here."""
    draft = _draft(scenario_id)
    return _codes("drafts")[scenario_id] if draft is not None else None


def _draft(scenario_id: str) -> Draft | None:
    code = _codes("drafts").get(scenario_id)
    if code is None:
        _scenario(scenario_id)
        return None
    try:
        found = drafts().open(code)
    except NoSuchCase:
        return None
    if found.state != State.DRAFT:  # submitted from another tab or device
        abort(_sent(scenario_id, code, str(found.number)))
    return found if found.scenario == scenario_id else None


def _draft_facts(scenario_id: str) -> dict[str, Any]:
    draft = _draft(scenario_id)
    return draft.facts if draft is not None else {}


def _form_and_files() -> Any:
    return CombinedMultiDict([request.files, request.form])
