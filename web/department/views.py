"""A department's desk: its own filings and their materials, to read and to download. Nobody else's."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from web.access import allowed, now, person
from web.accounts import Role
from web.cases.attachments import sent_as
from web.cases.desk import PAGE, Filing, materials_of
from web.cases.documents import filing_json, filing_pdf, filings_zip
from web.cases.errors import NoSuchCase
from web.pages import download, row_before
from web.services import services

blueprint = Blueprint("department", __name__, url_prefix="/department")


@blueprint.get("")
@allowed(Role.OFFICER)
def filings() -> ResponseReturnValue:
    """The department's filings, newest first."""
    found = services().desk.filings(_department(), row_before())
    more = found[-1].id if len(found) == PAGE else None
    return render_template("department/filings.html", filings=found, more=more)


@blueprint.get("/filings/<id:filing_id>")
@allowed(Role.OFFICER)
def filing(filing_id: int) -> ResponseReturnValue:
    """One filing and the files that belong to it."""
    found = _filing(filing_id, "looked at")
    files, form = services().desk.files_of(found), services().desk.form_of(found)
    titles = materials_of(form)
    return render_template("department/filing.html", filing=found, form=form, files=files, titles=titles)


@blueprint.get("/filings/<id:filing_id>.<kind>")
@allowed(Role.OFFICER)
def file(filing_id: int, kind: str) -> ResponseReturnValue:
    """A filing as JSON, as the department's own form in PDF, or as a zip with its files."""
    if kind not in ("json", "pdf", "zip"):
        abort(404)
    found = _filing(filing_id, "downloaded")
    number = str(found.case.number)
    name = f"{number}-{found.title}.{kind}"
    if kind == "json":
        return download(filing_json(found), "application/json", name)
    bundles = services().desk.bundles([found])
    if kind == "pdf":
        return download(filing_pdf(bundles[0]), "application/pdf", name)
    return download(filings_zip(bundles, {found.case_id: number}), "application/zip", name)


@blueprint.get("/filings/<id:filing_id>/files/<attachment_id>")
@allowed(Role.OFFICER)
def attachment(filing_id: int, attachment_id: str) -> ResponseReturnValue:
    """A file that belongs to a filing."""
    found = _filing(filing_id, "downloaded")
    try:
        one = services().desk.file_of(found, attachment_id)
    except NoSuchCase:
        abort(404)
    return download(one.content, sent_as(one), one.name)


def _department() -> str:
    who = person()
    assert who is not None
    return str(who.department)


def _filing(filing_id: int, action: str) -> Filing:
    who = person()
    assert who is not None
    try:
        return services().desk.filing(filing_id, _department(), who.login, now(), action)
    except NoSuchCase:
        abort(404)
