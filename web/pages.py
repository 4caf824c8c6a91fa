"""What every page's template may use, and files to keep."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response

from .access import person
from .accounts import Person, Role
from .drawing import draw_fields
from .settings import Settings

DESKS = {
    Role.CLERK: (("window.cases", "办件"),),
    Role.OFFICER: (("department.filings", "本部门申请表"),),
    Role.AUTHOR: (("author.templates", "模板"),),
    Role.ADMIN: (("admin.staff", "人员"), ("admin.events", "日志")),
    Role.AUDITOR: (("admin.events", "日志"),),
}
"""The main navigation of each role."""


def page_tools(app: Flask, settings: Settings) -> None:
    """Give templates who is logged in, and a few ways of writing values."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        demo=settings.demo,
        desk_links=lambda who: DESKS[who.role],
    )
    draw_fields(app)
    app.jinja_env.filters["code"] = grouped
    app.jinja_env.filters["moment"] = lambda moment: f"{moment.astimezone(_zone(app)):%Y-%m-%d %H:%M}"
    app.context_processor(lambda: {"who": _who()})


def _zone(app: Flask) -> Any:
    return app.extensions["clock"]().tzinfo


def _who() -> Person | None:
    return person()


def grouped(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4)) if "-" not in code else code


def download(data: bytes, kind: str, name: str) -> Response:
    """A file to keep; never opened as a page of this site."""
    response = Response(data, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
