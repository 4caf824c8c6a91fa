"""Logging in, staying logged in, and what each role may open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from web.accounts import IDLE, TRIES_PER_LOGIN, Role
from web.demo import demo_file
from web.services import services_of
from web.store.throttle import WINDOW

from .applicant import Page, PlainApplicant
from .conftest import PASSWORD, client_of, logged_in

HOME = {
    "clerk": "/window",
    "officer": "/department",
    "author": "/author",
    "admin": "/admin",
    "auditor": "/admin/events",
}
ANYONE = set(Role)
STAFF_ROUTES = {
    "/window": {"clerk"},
    "/window/cases/<number>": {"clerk"},
    "/window/cases/<number>/filings.zip": {"clerk"},
    "/department": {"officer"},
    "/department/filings/<id:filing_id>": {"officer"},
    "/department/filings/<id:filing_id>.<kind>": {"officer"},
    "/department/filings/<id:filing_id>/files/<attachment_id>": {"officer"},
    "/author": {"author"},
    "/author/forms/<form_id>": {"author"},
    "/author/scenarios/<scenario_id>": {"author"},
    "/admin": {"admin"},
    "/admin/staff": {"admin"},
    "/admin/staff/<id:staff_id>/<action>": {"admin"},
    "/admin/events": {"admin", "auditor"},
}
"""Every route behind the log-in, and who may open it."""
OPEN_ROUTES = {
    "/", "/scenarios/<scenario_id>", "/apply/<scenario_id>", "/apply/<scenario_id>/<section_id>",
    "/apply/<scenario_id>/check", "/apply/<scenario_id>/files/<attachment_id>", "/resume", "/cases/<number>",
    "/cases/<number>/<form_id>.<kind>", "/cases/<number>/filings.zip", "/cases/<number>/files/<attachment_id>",
    "/leave", "/login", "/logout", "/healthz", "/readyz", "/static/<path:filename>",
}  # fmt: skip
"""Every route that needs no log-in."""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_lands_on_its_own_desk(staff, role):
    client = staff(role, "fire-rescue" if role == "officer" else None)
    assert client.get(HOME[role]).status_code == 200


def test_every_route_is_in_one_of_the_two_tables(quick_site):
    assert {str(rule) for rule in quick_site.url_map.iter_rules()} == set(STAFF_ROUTES) | OPEN_ROUTES


def test_every_route_behind_the_log_in_opens_for_its_roles_and_nobody_else(staff, client, a_case):
    number, filing = a_case
    values = {"number": number, "filing_id": filing.id, "kind": "json", "form_id": "drainage-permit"}
    values |= {"scenario_id": "catering", "attachment_id": "att-none", "staff_id": 999, "action": "end-sessions"}
    clients = {role: staff(role, filing.department if role == "officer" else None) for role in Role}
    for rule in client.application.url_map.iter_rules():
        if str(rule) not in STAFF_ROUTES:
            continue
        address = rule.rule
        for name, value in values.items():
            address = address.replace(f"<{name}>", str(value)).replace(f"<id:{name}>", str(value))
        method = "GET" if "GET" in rule.methods else "POST"
        token = {"csrf_token": csrf(client)}
        assert client.open(address, method=method, data=token).status_code == 302, address
        for role, logged in clients.items():
            token = {"csrf_token": csrf(logged)} if method == "POST" else None
            status = logged.open(address, method=method, data=token).status_code
            opens = role in STAFF_ROUTES[str(rule)]
            assert (status != 403) == opens, (address, role, status)
            assert status in ((200, 302, 404, 422) if opens else (403,)), (address, role, status)


def csrf(client):
    """A token for this client's forms."""
    page = Page(client.get("/resume"))
    return dict(page.form(action="/resume")[1])["csrf_token"]


@pytest.fixture
def a_case(client, answers_of):
    """A submitted case: its number, and the filing of the fire department."""
    from web.cases.submission import submit

    form, answers = answers_of("catering", 3)
    site = client.application
    now = services_of(site).clock()
    drafts = services_of(site).drafts
    code = drafts.begin("catering", form.facts, "one", now)
    drafts.replace(code, answers, now, demo_file)
    number = submit(drafts, code, now)
    filing = next(f for f in drafts.filings(code) if f.department == "fire-rescue")
    return number, filing


def test_a_department_sees_its_own_filings_and_no_others(staff, a_case):
    number, filing = a_case
    mine, other = staff("officer", "fire-rescue"), staff("officer", "health")
    page = Page(mine.get("/department"))
    assert number in page.text
    for kind in ("json", "pdf", "zip"):
        assert mine.get(f"/department/filings/{filing.id}.{kind}").status_code == 200
        assert other.get(f"/department/filings/{filing.id}.{kind}").status_code == 404
    assert mine.get(f"/department/filings/{filing.id}.xml").status_code == 404
    assert other.get(f"/department/filings/{filing.id}").status_code == 404
    assert number not in Page(other.get("/department")).text
    assert mine.get(f"/department/filings/{filing.id}.json").get_json() == filing.values


def test_the_case_number_alone_shows_nothing(client, staff, a_case, answers_of):
    number, _ = a_case
    stranger = client_of(client.application)
    page = Page(stranger.get(f"/cases/{number}"))
    assert answers_of("catering", 3)[1]["entity"]["name"] not in page.text
    assert "查询码" in page.text
    for address in (
        f"/cases/{number}/filings.zip",
        f"/cases/{number}/drainage-permit.json",
        f"/cases/{number}/files/att-x",
    ):
        assert stranger.get(address).status_code == 404
    assert staff("clerk").get(f"/cases/{number}").status_code == 302
    assert staff("auditor").get(f"/cases/{number}").status_code == 200


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(client, staff):
    staff("clerk", login="zhang")
    texts = set()
    for login, password in (("zhang", "falsch"), ("nobody", PASSWORD), ("", ""), ("zhang", "x" * 100_000)):
        response = try_login(client, login, password)
        assert response.status_code == 422
        texts.add(Page(response).one("p", class_=None) is not None and "账号或者密码不对" in Page(response).text)
    assert texts == {True}


def try_login(client, login, password):
    """Send the log-in form."""
    _, standing = Page(client.get("/login")).form(action="/login")
    return client.post("/login", data={**dict(standing), "login": login, "password": password})


def test_after_five_vain_tries_even_the_right_password_waits(client, staff, clock):
    staff("clerk", login="zhang")
    for _ in range(TRIES_PER_LOGIN):
        assert try_login(client, "zhang", "falsch").status_code == 422
    assert try_login(client, "zhang", PASSWORD).status_code == 429
    clock.now += WINDOW
    assert try_login(client, "zhang", PASSWORD).status_code == 302


def test_a_session_ends_when_idle_when_logged_out_and_when_the_administrator_ends_it(client, staff, clock):
    clerk = staff("clerk", login="zhang")
    clock.now += IDLE - timedelta(minutes=1)
    assert clerk.get("/window").status_code == 200
    clock.now += IDLE - timedelta(minutes=1)
    assert clerk.get("/window").status_code == 200, "each page keeps the session awake"
    clock.now += IDLE
    assert clerk.get("/window").status_code == 302
    logged_in(clerk, "zhang", PASSWORD)
    with clerk.session_transaction() as session:
        token = session["staff"]
    _, standing = Page(clerk.get("/window")).form(action="/logout")
    assert clerk.post("/logout", data=dict(standing)).status_code == 302
    with clerk.session_transaction() as session:
        session["staff"] = token
    assert clerk.get("/window").status_code == 302, "the server has ended it, not the cookie"
    logged_in(clerk, "zhang", PASSWORD)
    admin = staff("admin")
    page = Page(admin.get("/admin"))
    action = next(f.get("action") for f in page.all("form") if "结束登录：zhang" in "".join(f.itertext()))
    assert admin.post(action, data=dict(page.form(action=action)[1])).status_code == 302
    assert clerk.get("/window").status_code == 302


def test_a_shut_account_is_out_at_once_and_cannot_log_in(client, staff):
    clerk, admin = staff("clerk", login="zhang"), staff("admin")
    page = Page(admin.get("/admin"))
    action = next(f.get("action") for f in page.all("form") if (f.get("action") or "").endswith("/shut"))
    assert admin.post(action, data=dict(page.form(action=action)[1])).status_code == 302
    assert clerk.get("/window").status_code == 302
    assert try_login(client, "zhang", PASSWORD).status_code == 422


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"login": "", "name": "x"}, "请填写账号"),
        ({"login": "li", "name": "x", "role": "king"}, "请填写账号"),
        ({"login": "li", "name": "x", "role": "officer", "password": PASSWORD}, "须选部门"),
        ({"login": "li", "name": "x", "role": "clerk", "password": "short"}, "密码至少"),
        ({"login": "zhang", "name": "x", "role": "clerk", "password": PASSWORD}, "已有账号"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_reason(staff, given, says):
    staff("clerk", login="zhang")
    admin = staff("admin")
    _, standing = Page(admin.get("/admin")).form(action="/admin/staff")
    response = admin.post("/admin/staff", data={**dict(standing), **given})
    assert response.status_code == 422
    assert says in Page(response).text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_logging_in_never_leads_off_this_site(client, staff, target):
    staff("clerk", login="zhang")
    page = Page(client.get("/login", query_string={"next": target}))
    data = {**dict(page.form(action="/login")[1]), "login": "zhang", "password": PASSWORD, "next": target}
    assert client.post("/login", data=data).location == "/window"


def test_logging_in_leads_back_to_where_one_was(client, staff):
    staff("clerk", login="zhang")
    page = Page(client.get(client.get("/window?q=x").location))
    data = {**dict(page.form(action="/login")[1]), "login": "zhang", "password": PASSWORD}
    assert client.post("/login", data=data).location == "/window?q=x"


def test_what_the_staff_does_is_written_down_without_values(staff, a_case, answers_of):
    number, filing = a_case
    clerk, officer = staff("clerk"), staff("officer", "fire-rescue")
    clerk.get(f"/window/cases/{number}")
    officer.get(f"/department/filings/{filing.id}.pdf")
    page = Page(staff("auditor").get("/admin/events"))
    assert "查看" in page.text
    assert "下载" in page.text
    assert answers_of("catering", 3)[1]["operator"]["name"] not in page.text


def test_an_applicant_in_the_same_browser_is_forgotten_at_log_in(client, staff, answers_of):
    staff("clerk", login="zhang")
    PlainApplicant(client, "catering").begin(answers_of("catering", 3)[0].facts)
    logged_in(client, "zhang", PASSWORD)
    assert client.get("/apply/catering").status_code == 302
