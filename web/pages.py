"""What every page's template may use, and files to keep."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Flask, Response, abort, request, send_file
from werkzeug.routing import IntegerConverter

from .access import person
from .accounts import Person, Role
from .cases.attachments import ENDINGS
from .cases.draft import Renewal
from .form.changes import Told, told
from .form.drawing import draw_fields
from .services import services, services_of
from .settings import Settings

DESKS = {
    Role.CLERK: (("window.cases", "办件"),),
    Role.OFFICER: (("department.filings", "本部门申请表"),),
    Role.AUTHOR: (("author.templates", "模板"),),
    Role.ADMIN: (("admin.staff", "人员"), ("admin.events", "日志")),
    Role.AUDITOR: (("admin.events", "日志"),),
}
"""The main navigation of each role."""


LAST_ID = 2**31 - 1
"""The highest number that a row can have on every database."""


class RowId(IntegerConverter):
    """The number of a row in an address; one that no database has is no address."""

    def __init__(self, map_: Any) -> None:
        super().__init__(map_, min=1, max=LAST_ID)


def row_before() -> int | None:
    """Where a list is to go on, as the address says; None at its beginning, and for what is no number of a row."""
    found: int | None = request.args.get("before", type=int)
    return found if found is not None and 0 < found <= LAST_ID else None


def addresses(app: Flask) -> None:
    """What an address may hold. No database takes a NUL."""
    app.url_map.converters["id"] = RowId
    app.before_request(lambda: abort(404) if "\0" in request.path else None)


def page_tools(app: Flask, settings: Settings) -> None:
    """Give templates who is logged in, and a few ways of writing values."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        demo=settings.demo,
        desk_links=lambda who: DESKS[who.role],
    )
    draw_fields(app)
    app.jinja_env.globals["unmoved"] = _unmoved
    app.jinja_env.filters["code"] = grouped
    app.jinja_env.filters["moment"] = lambda moment: f"{moment.astimezone(_zone(app)):%Y-%m-%d %H:%M}"
    app.context_processor(lambda: {"who": _who()})


def _zone(app: Flask) -> object:
    return services_of(app).clock().tzinfo


def _who() -> Person | None:
    return person()


def _unmoved(renewal: Renewal) -> list[Told]:
    """What the templates in use now have no place for, in words."""
    return told(services().sheet(renewal.served), renewal.lost) if renewal.served is not None else []


def grouped(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4)) if "-" not in code else code


def download(data: bytes, kind: str, name: str) -> Response:
    """A file to keep, under a name in any script (RFC 6266, RFC 8187); never opened as a page of this site."""
    return send_file(io.BytesIO(data), kind, as_attachment=True, download_name=file_name(name, kind))


def file_name(name: str, kind: str = "") -> str:
    """A name that every file system and every header takes, with the ending that the kind has; others keep theirs."""
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff/\\\\:*?\"<>|]+", "_", name).strip(" .") or "文件"
    ending = ENDINGS.get(kind, "")
    known = (".jpeg", ending) if ending == ".jpg" else (ending,)
    return plain if plain.lower().endswith(known) else plain + ending
