"""The template author's desk: what templates there are, and what ``check`` says of them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from formengine import explain
from web.access import allowed
from web.accounts import Role
from web.services import services

blueprint = Blueprint("author", __name__, url_prefix="/author")


@blueprint.get("")
@allowed(Role.AUTHOR)
def templates() -> ResponseReturnValue:
    """Scenarios, department forms and licences, as loaded."""
    return render_template("author/templates.html", library=services().library)


@blueprint.get("/forms/<form_id>")
@allowed(Role.AUTHOR)
def form(form_id: str) -> ResponseReturnValue:
    """One department form, field by field, with its binding."""
    found = services().library.forms.get(form_id)
    if found is None:
        abort(404)
    rows = [(code, node, bool(found.columns(code))) for code, node in found.fields.items()]
    return render_template("author/form.html", form=found, rows=rows)


@blueprint.get("/scenarios/<scenario_id>")
@allowed(Role.AUTHOR)
def scenario(scenario_id: str) -> ResponseReturnValue:
    """Who asks for what in a scenario, under which label, with which limit, and why."""
    if scenario_id not in services().library.scenarios:
        abort(404)
    one = services().library.scenarios[scenario_id]
    served = services().catalogue.serve(scenario_id, one.typical_facts)
    return render_template("author/scenario.html", scenario=one, served=served, lines=list(explain(served.form)))
