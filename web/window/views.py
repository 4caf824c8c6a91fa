"""The window clerk's desk (综合窗口): submitted cases, found by number, name, ID number or phone."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from web.access import allowed, now, person
from web.accounts import Role
from web.cases.desk import PAGE, Case
from web.cases.documents import filings_zip
from web.cases.errors import NoSuchCase
from web.cases.states import LABELS, State
from web.form.bind import clean
from web.pages import download, row_before
from web.services import services

blueprint = Blueprint("window", __name__, url_prefix="/window")


@blueprint.get("")
@allowed(Role.CLERK)
def cases() -> ResponseReturnValue:
    """The cases, newest first."""
    search = clean(request.args.get("q", ""))[:100]
    found = services().desk.cases(search, row_before())
    more = found[-1].id if len(found) == PAGE else None
    return render_template("window/cases.html", cases=found, search=search, more=more, labels=_labels())


@blueprint.get("/cases/<number>")
@allowed(Role.CLERK)
def case(number: str) -> ResponseReturnValue:
    """One case."""
    found = _case(number)
    departments = {one.form: services().desk.department_of(one) for one in found.filings}
    label = LABELS[State(found.state)]
    return render_template("window/case.html", case=found, label=label, departments=departments)


@blueprint.get("/cases/<number>/filings.zip")
@allowed(Role.CLERK)
def filings(number: str) -> ResponseReturnValue:
    """All filings of a case."""
    found = _case(number)
    bundles = services().desk.bundles(found.filings)
    return download(filings_zip(bundles, {found.id: number}), "application/zip", f"{number}.zip")


def _case(number: str) -> Case:
    who = person()
    assert who is not None
    try:
        return services().desk.case(number, who.login, now())
    except NoSuchCase:
        abort(404)


def _labels() -> dict[str, str]:
    return {state.value: label for state, label in LABELS.items()}
