"""Log-in, log-out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from web.access import HOME, TOKEN, accounts, now, person
from web.accounts import BadLogin
from web.form.bind import clean
from web.store.throttle import TooManyTries

blueprint = Blueprint("staff", __name__)


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    """The log-in page."""
    return _page("", request.args.get("next", ""))


@blueprint.post("/login")
def log_in() -> ResponseReturnValue:
    """Log in; whatever the session held before is another session's."""
    there = request.form.get("next", "")
    name = clean(request.form.get("login", ""))
    try:
        token = accounts().log_in(name, request.form.get("password", ""), request.remote_addr or "", now())
    except BadLogin as bad:
        return _page(str(bad), there, name), 422
    except TooManyTries as many:
        return _page(f"尝试次数过多，请在 {many.until.astimezone(now().tzinfo):%H:%M} 之后再试", there, name), 429
    session.clear()
    session[TOKEN] = token
    who = accounts().who(token, now())
    assert who is not None
    return redirect(there if is_here(there) else url_for(HOME[who.role]))


def _page(problem: str, there: str, name: str = "") -> str:
    return render_template("staff/login.html", problem=problem, next=there if is_here(there) else "", login=name)


def is_here(target: str) -> bool:
    """Whether an address is a page of this site, and nothing else."""
    return target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    """End this session on the server."""
    if person() is not None:
        accounts().log_out(session[TOKEN], now())
    session.clear()
    flash("已退出")
    return redirect(url_for(".login"))
