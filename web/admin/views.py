"""Administration: staff and their sessions; for auditors, what happened."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.access import accounts, allowed, now, person
from web.accounts import ROLE_LABELS, BadAccount, Role
from web.form.bind import clean
from web.pages import row_before
from web.services import services

ACTIONS = {
    "begun": "开始填写",
    "submitted": "提交",
    "templates changed": "转到新表",
    "looked at": "查看",
    "downloaded": "下载",
    "logged in": "登录",
    "log-in refused": "登录失败",
    "sessions ended": "结束登录",
    "account opened": "启用账号",
    "account shut": "停用账号",
}
"""The one table from an event's action to what people read."""
blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("")
@allowed(Role.ADMIN)
def staff() -> ResponseReturnValue:
    """Every account."""
    return _page()


def _page(problem: str = "") -> str:
    return render_template(
        "admin/staff.html",
        staff=accounts().everyone(now()),
        labels={role.value: label for role, label in ROLE_LABELS.items()},
        departments=_departments(),
        problem=problem,
    )


def _departments() -> dict[str, str]:
    forms = services().library.forms.values()
    return dict(sorted((form.department["id"], form.department["title"]) for form in forms))


@blueprint.post("/staff")
@allowed(Role.ADMIN)
def create() -> ResponseReturnValue:
    """Make an account."""
    form = request.form
    login, name = (clean(form.get(key, "")).strip()[:most] for key, most in (("login", 64), ("name", 60)))
    if form.get("role") not in set(Role) or not login or not name:
        return _page("请填写账号、姓名，并选择角色"), 422
    department = form.get("department") or None
    if department is not None and department not in _departments():
        return _page("没有这个部门，请从列表中选择"), 422
    try:
        accounts().create(login, name, Role(form["role"]), form.get("password", ""), now(), department)
    except BadAccount as bad:
        return _page(str(bad)), 422
    flash(f"已建立账号“{login}”")
    return redirect(url_for(".staff"))


@blueprint.post("/staff/<id:staff_id>/<action>")
@allowed(Role.ADMIN)
def change(staff_id: int, action: str) -> ResponseReturnValue:
    """End a person's sessions, shut or open the account."""
    who = person()
    assert who is not None
    if action == "end-sessions":
        accounts().end_sessions(staff_id, now(), who.login)
    elif action in ("shut", "open") and staff_id != who.id:
        accounts().set_active(staff_id, action == "open", now(), who.login)
    else:
        abort(404)
    flash("已办理")
    return redirect(url_for(".staff"))


@blueprint.get("/events")
@allowed(Role.AUDITOR, Role.ADMIN)
def events() -> ResponseReturnValue:
    """What happened: who, when, on which case; never what was written in it."""
    found = services().desk.events(row_before())
    return render_template("admin/events.html", events=found, actions=ACTIONS)
