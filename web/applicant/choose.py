"""Choosing what to open, and beginning. A view reads the request, makes one call, and renders."""

from __future__ import annotations

import secrets
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from formengine import FormEngineError, Scenario
from web.access import now
from web.cases.draft import Draft
from web.cases.errors import NoTemplates
from web.cases.states import State
from web.form.bind import bind_questions
from web.form.entries import Entry
from web.services import services

from .blueprint import blueprint
from .browser import codes, draft_of, remember, scenario_or_404
from .notice import asked, notice


@blueprint.get("/")
def home() -> str:
    """The scenarios."""
    scenarios = list(services().library.scenarios.values())
    return render_template("home.html", scenarios=scenarios, open=set(codes("drafts")))


@blueprint.get("/scenarios/<scenario_id>")
def scenario(scenario_id: str) -> str:
    """Guiding questions, and what one will need for the answers given (一次告知)."""
    one = scenario_or_404(scenario_id)
    answered = bool(set(request.args) & set(one.facts))
    draft = None if answered else _draft(scenario_id)
    facts = _facts(one, request.args) if answered else draft.facts if draft is not None else {}
    return _page(one, facts, complain=answered)


def _facts(one: Scenario, data: Any) -> dict[str, Any]:
    """The guiding questions as answered, as far as they are."""
    return bind_questions(_questions(one), data)


def _questions(one: Scenario) -> list[Entry]:
    return services().sheets.questions(services().library, one)


def _draft(scenario_id: str) -> Draft | None:
    """The draft that is open here, where it can still be shown: for one that cannot, another is begun."""
    try:
        return draft_of(scenario_id)
    except NoTemplates:
        return None


def _page(one: Scenario, facts: dict[str, Any], *, complain: bool) -> str:
    return render_template(
        "scenario.html",
        scenario=one,
        facts=facts,
        questions=asked(services().library, one, _questions(one), facts, complain),
        notice=notice(services().catalogue, one, facts),
        nonce=secrets.token_urlsafe(16),
        open_draft=_draft(one.id) is not None,
    )


@blueprint.post("/apply/<scenario_id>")
def begin(scenario_id: str) -> ResponseReturnValue:
    """Begin a case with the facts given, or change the facts of the one that is open here."""
    one, drafts = scenario_or_404(scenario_id), services().drafts
    if request.form.get("renew"):
        return _renew(scenario_id)
    facts = _facts(one, request.form)
    known = None if request.form.get("anew") else _draft(scenario_id)
    try:
        if known is not None:
            code = codes("drafts")[scenario_id]
            drafts.set_facts(code, facts, now())
        else:
            nonce = request.form.get("nonce", "")[:64] or secrets.token_urlsafe(16)
            code = drafts.begin(scenario_id, facts, nonce, now())
    except FormEngineError:
        return _page(one, facts, complain=True), 422
    found = drafts.open(code)
    if found.state != State.DRAFT:  # begun from a page whose case is already submitted
        return redirect(url_for(".case", number=found.number))
    remember("drafts", scenario_id, code)
    return redirect(url_for(".tasks", scenario_id=scenario_id))


def _renew(scenario_id: str) -> ResponseReturnValue:
    """Let the draft that is open here answer the templates in use now, whatever they have no place for."""
    if draft_of(scenario_id) is not None:
        services().drafts.renew(codes("drafts")[scenario_id], now(), anyway=True)
    return redirect(url_for(".tasks", scenario_id=scenario_id))
