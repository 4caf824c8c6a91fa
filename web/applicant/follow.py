"""Coming back by a code, and following a submitted case."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.access import now, person
from web.cases.codes import plain_code
from web.cases.documents import filing_json, filing_pdf, filings_zip
from web.cases.draft import Draft
from web.cases.errors import NoSuchCase
from web.cases.states import LABELS, State
from web.form.reader import Reader
from web.pages import download
from web.services import services
from web.store.throttle import TooManyTries

from .blueprint import blueprint
from .browser import code_of_case, codes, file_response, forget, remember

CODE_TRIES = 10


@blueprint.route("/resume", methods=["GET", "POST"])
def resume() -> ResponseReturnValue:
    """Come back by the code."""
    if request.method == "GET":
        return render_template("resume.html", number=None)
    return _open_by_code(None)


@blueprint.get("/cases/<number>")
def case(number: str) -> ResponseReturnValue:
    """A submitted case: with its code in this browser, or after log-in; the number alone shows nothing."""
    code = codes("cases").get(number)
    if code is None:
        who = person()
        if who is not None and who.role == "clerk":
            return redirect(url_for("window.case", number=number))
        return render_template("resume.html", number=number)
    return _page(services().drafts.open(code), code)


@blueprint.post("/cases/<number>")
def open_case(number: str) -> ResponseReturnValue:
    """Open a case by its number and code."""
    return _open_by_code(number)


def _open_by_code(number: str | None) -> ResponseReturnValue:
    patience = services().accounts.patience
    key = f"code\0{request.remote_addr}"
    typed = request.form.get("code", "")
    try:
        patience.check(now(), (key, CODE_TRIES))
        found = services().drafts.open(typed)
        if number is not None and found.number != number:
            raise NoSuchCase("查询码不对，或者这件申请不存在")
    except TooManyTries as many:
        problem = f"尝试次数过多，请在 {many.until.astimezone(now().tzinfo):%H:%M} 之后再试"
        return render_template("resume.html", number=number, problem=problem), 429
    except NoSuchCase as missing:
        patience.failed(now(), key)
        return render_template("resume.html", number=number, problem=str(missing)), 422
    if found.state == State.DRAFT:
        remember("drafts", found.scenario, typed)
        return redirect(url_for(".tasks", scenario_id=found.scenario))
    remember("cases", str(found.number), typed)
    return redirect(url_for(".case", number=found.number))


def _page(found: Draft, code: str) -> str:
    forms, sheet = found.served.form.library.forms, services().sheet(found.served)
    reader = Reader(sheet, found.resolved, services().drafts.file_names(found))
    return render_template(
        "case.html",
        case=found,
        code="-".join(plain_code(code)[i : i + 4] for i in range(0, 20, 4)),
        label=LABELS[found.state],
        filings=[(one, forms[one.form]) for one in services().drafts.filings(code)],
        parts=[(s, reader.answers_of(s)) for s in sheet.sections],
        scenario=found.served.form.scenario,
    )


@blueprint.get("/cases/<number>/<form_id>.<kind>")
def filing(number: str, form_id: str, kind: str) -> ResponseReturnValue:
    """One filing of one's own case, as JSON or PDF."""
    found = {one.form: one for one in services().drafts.filings(code_of_case(number))}.get(form_id)
    if found is None or kind not in ("json", "pdf"):
        abort(404)
    if kind == "json":
        return download(filing_json(found), "application/json", f"{found.title}.json")
    (bundle,) = services().desk.bundles([found])
    return download(filing_pdf(bundle), "application/pdf", f"{found.title}.pdf")


@blueprint.get("/cases/<number>/filings.zip")
def filings(number: str) -> ResponseReturnValue:
    """All filings of one's own case."""
    found = services().drafts.filings(code_of_case(number))
    names, bundles = {one.case_id: number for one in found}, services().desk.bundles(found)
    return download(filings_zip(bundles, names), "application/zip", f"{number}.zip")


@blueprint.get("/cases/<number>/files/<attachment_id>")
def case_file(number: str, attachment_id: str) -> ResponseReturnValue:
    """An uploaded file of one's own case."""
    return file_response(code_of_case(number), attachment_id)


@blueprint.post("/leave")
def leave() -> ResponseReturnValue:
    """Forget everything this browser knows (on a shared machine)."""
    forget()
    flash("本机已不再保留您的申请。凭查询码可以随时回来")
    return redirect(url_for(".home"))
