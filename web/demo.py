"""Demonstration data: accounts of every role, and cases of plainly invented applicants."""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import func, select

from formengine import Field, Library, sample
from web.accounts import Accounts, Role
from web.cases.catalogue import Catalogue
from web.cases.drafts import Drafts
from web.cases.given import TypedName, Upload
from web.cases.submission import submit
from web.cases.versions import Versions
from web.settings import Settings
from web.store import Store
from web.store.models import Case, Staff

CASES_EACH = 2


def seed(store: Store, library: Library, settings: Settings, now: datetime) -> str:
    """Make what is not there yet; returns what to tell who starts the demonstration."""
    accounts = Accounts(store)
    logins = _accounts(store, accounts, library, settings.demo_password, now)
    with store.read() as session:
        known = session.scalar(select(func.count()).select_from(Case)) or 0
    if not known:
        _cases(store, library, settings.secret_key, now)
    lines = [f"  {login:<24}{label}" for login, label in logins]
    return "\n".join(["演示账号（密码都是 " + settings.demo_password + "）：", *lines])


def _accounts(
    store: Store, accounts: Accounts, library: Library, password: str, now: datetime
) -> list[tuple[str, str]]:
    departments = {form.department["id"]: form.department["title"] for form in library.forms.values()}
    wanted: list[tuple[str, str, Role, str | None]] = [
        ("clerk", "窗口人员", Role.CLERK, None),
        ("author", "模板作者", Role.AUTHOR, None),
        ("admin", "管理员", Role.ADMIN, None),
        ("auditor", "审计员", Role.AUDITOR, None),
        *((name, title, Role.OFFICER, name) for name, title in sorted(departments.items())),
    ]
    with store.read() as session:
        known = {one.login: one.password_hash for one in session.scalars(select(Staff))}
    for login, label, role, department in wanted:
        if login not in known:
            accounts.create(login, f"演示{label}", role, password, now, department)
    if "clerk" in known and not accounts.matches(known["clerk"], password):  # the password was changed since
        accounts.set_passwords([login for login, *_ in wanted], password)
    return [(login, label) for login, label, *_ in wanted]


def demo_file(path: str, one: Field) -> Upload | TypedName:
    """What stands behind an id of a sampled submission: a plain picture, or a typed name."""
    if one.act == "signature":
        return TypedName("演示签名人")
    kind, ending = ("PDF", "pdf") if path.startswith("materials.") else ("PNG", "png")
    return Upload(f"演示-{one.title[:40]}.{ending}", _picture(kind))


@cache
def _picture(kind: str) -> bytes:
    picture = Image.new("RGB", (480, 320), "#f4f1e8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((12, 12, 467, 307), outline="#1f4e79", width=4)
    pen.line((12, 307, 467, 12), fill="#c9d6e2", width=3)
    pen.text((180, 140), "DEMO", fill="#1f4e79", font=ImageFont.load_default(48))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def _cases(store: Store, library: Library, secret: str, now: datetime) -> None:
    drafts = Drafts(store, Catalogue(library), Versions(store, library), secret)
    for scenario in library.scenarios.values():
        for index in range(CASES_EACH):
            code = drafts.begin(scenario.id, scenario.typical_facts, f"demo/{scenario.id}/{index}", now)
            answers: dict[str, Any] = sample(drafts.open(code).served.form, index + 1, now.date().isoformat())
            drafts.replace(code, answers, now, demo_file)
            submit(drafts, code, now)
