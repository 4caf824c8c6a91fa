"""Who is asking: the staff session behind a cookie, and what each role may open."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import abort, g, redirect, request, session, url_for

from .accounts import Accounts, Person, Role
from .services import services

TOKEN = "staff"


def now() -> datetime:
    """This moment, by the application's clock, in the office's time zone."""
    return services().clock()


def accounts() -> Accounts:
    """The staff accounts."""
    return services().accounts


def person() -> Person | None:
    """Who is logged in, looked up once a request."""
    if "person" not in g:
        token = session.get(TOKEN)
        g.person = accounts().who(token, now()) if isinstance(token, str) else None
    return g.person  # type: ignore[no-any-return]


def allowed(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A view for these roles: nobody else gets in, who is not logged in is asked to."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> object:
            who = person()
            if who is None:
                there = request.full_path.rstrip("?") if request.method == "GET" else None
                return redirect(url_for("staff.login", next=there))
            if who.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        guarded.roles = roles  # type: ignore[attr-defined]
        return guarded

    return wrap


HOME = {
    Role.CLERK: "window.cases",
    Role.OFFICER: "department.filings",
    Role.AUTHOR: "author.templates",
    Role.ADMIN: "admin.staff",
    Role.AUDITOR: "admin.events",
}
"""Where each role begins."""
