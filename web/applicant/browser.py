"""What this browser has open: the drafts and the submitted cases whose codes it holds."""

from __future__ import annotations

from typing import NoReturn

from flask import Response, abort, flash, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from formengine import Scenario, UnknownScenario
from web.access import now
from web.cases.attachments import sent_as
from web.cases.codes import plain_code
from web.cases.draft import Draft
from web.cases.errors import NoSuchCase
from web.cases.states import State
from web.pages import download
from web.services import services

REMEMBERED = 10
"""So many cases stay open in one browser."""


def codes(what: str) -> dict[str, str]:
    """``drafts``: scenario → code, ``cases``: case number → code, of this browser."""
    found = session.get(what)
    return found if isinstance(found, dict) else {}


def remember(what: str, key: str, code: str) -> None:
    """Keep a case open here."""
    kept = {name: value for name, value in codes(what).items() if name != key}
    session[what] = dict([*kept.items(), (key, plain_code(code))][-REMEMBERED:])
    session.permanent = True


def forget() -> None:
    """Keep no case open here."""
    session.pop("drafts", None)
    session.pop("cases", None)


def scenario_or_404(scenario_id: str) -> Scenario:
    """The scenario, or the page that says that there is none."""
    try:
        return services().catalogue.scenario(scenario_id)
    except UnknownScenario:
        abort(404)


def code_of_case(number: str) -> str:
    """The code of a submitted case that is open here, or the page that says that there is none."""
    code = codes("cases").get(number)
    if code is None:
        abort(404)
    return code


def draft_of(scenario_id: str) -> Draft | None:
    """The draft of a scenario that is open here; leads away where it has been submitted elsewhere."""
    code = codes("drafts").get(scenario_id)
    if code is None:
        scenario_or_404(scenario_id)
        return None
    try:
        found = services().drafts.open(code)
    except NoSuchCase:
        return None
    if found.state != State.DRAFT:
        _leave(sent(scenario_id, code, str(found.number)))
    if found.outdated and request.method == "GET":  # what was filled in on an open page is saved as it was asked
        found = _renewed(found, code)
    return found if found.scenario == scenario_id else None


def _renewed(draft: Draft, code: str) -> Draft:
    """A draft whose templates have changed, moved to those in use now where nothing is lost by that; it is told so."""
    renewal = services().drafts.renew(code, now())
    if not renewal.done:
        g.unmoved = renewal
        return draft
    if renewal.changed:
        flash("部门的表格更新了：您填过的内容都已转到新表，请看看有没有新要填的；声明和签名须重新作出")
    return services().drafts.open(code)


def _leave(response: AnyResponse) -> NoReturn:
    abort(response)


def sent(scenario_id: str, code: str, number: str) -> AnyResponse:
    """The case is submitted: this browser keeps it open."""
    kept = dict(codes("drafts"))
    kept.pop(scenario_id, None)
    session["drafts"] = kept
    remember("cases", number, code)
    return redirect(url_for("applicant.case", number=number))


def file_response(code: str, attachment_id: str) -> Response:
    """An uploaded file of the case that a code opens."""
    found = services().drafts.file(code, attachment_id)
    return download(found.content, sent_as(found), found.name)
