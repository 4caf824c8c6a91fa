"""Real Chromium: one scenario of each shape, individuals and companies, phone and desk, with and without JavaScript."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime

import pytest

from app import BEIJING
from formengine import split
from web.form.sheet import Sheet

from .applicant import Intent, PlainApplicant
from .browser import DESK, PHONE, BrowserApplicant, accessible, fits
from .server import HttpClient, fill_behind
from .test_applicant import same_but_files

LONG = pytest.mark.long
WAYS = [
    ("catering", {"entity_kind": "individual", "holds_licence": False}, PHONE, True, "sqlite"),
    pytest.param("hotel", {"entity_kind": "company", "holds_licence": False}, DESK, True, "postgresql", marks=LONG),
    pytest.param(
        "catering", {"entity_kind": "company", "holds_licence": False}, PHONE, False, "postgresql", marks=LONG
    ),
    pytest.param("hotel", {"entity_kind": "individual", "holds_licence": False}, DESK, False, "sqlite", marks=LONG),
    pytest.param("bathhouse", {"entity_kind": "individual", "holds_licence": False}, PHONE, True, "sqlite", marks=LONG),
]
"""One scenario of each shape: one person with much that is optional; several owners and rows; a scenario that fills in
answers and has rules of its own. The others are walked by the test client (``test_applicant``)."""


@pytest.mark.parametrize(("scenario", "facts", "size", "scripts", "kind"), WAYS)
def test_a_case_goes_through_in_a_browser(serve, visit, answers_of, scenario, facts, size, scripts, kind):
    server = serve(kind)
    form, answers = answers_of(scenario, 2, **facts)
    page = visit(size, scripts)
    person = BrowserApplicant(page, server.base, scenario, scripts=scripts)
    person.begin(form.facts)
    person.fill_all(Intent(Sheet(form), answers))
    assert page.locator("h1").inner_text().startswith("办件 YK")
    assert page.locator("a:has-text('下载 PDF')").count() == len(form.forms)
    assert not person.problems


@pytest.mark.parametrize(
    ("kind", "every"), [("sqlite", 5), pytest.param("sqlite", 1, marks=LONG), pytest.param("postgresql", 1, marks=LONG)]
)
def test_the_plug_pulled_after_confirmed_steps_loses_nothing(serve, answers_of, kind, every):
    """Each time after so many confirmed steps, the last of all too."""
    server = serve(kind)
    form, answers = answers_of("catering", 5)
    client = HttpClient(server.base)
    steps = []

    def pull_the_plug():
        steps.append(1)
        if len(steps) % every == 0:
            server.kill()
            server.start()

    person = PlainApplicant(client, "catering")
    person.begin(form.facts)
    client.after_post = pull_the_plug
    address = person.fill_all(answers, Sheet(form))
    assert len(steps) >= len(Sheet(form).sections)
    server.kill()
    server.start()
    number = address.rpartition("/")[2]
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/filings.zip").get_data()))
    meant = split(
        form, {**answers, "case": {"number": number, "submitted_on": datetime.now(BEIJING).date().isoformat()}}
    )
    for name, filing in meant.items():
        assert same_but_files(json.loads(archive.read(f"{number}/{name}.json")), filing.values), name


def test_a_double_click_and_the_back_button_make_one_case(serve, visit, answers_of, real):
    server = serve("sqlite")
    form, answers = answers_of("catering", 3)
    page = visit(DESK)
    person = BrowserApplicant(page, server.base, "catering")
    person.look = lambda: page.wait_for_load_state()
    person.begin(form.facts)
    intent = Intent(Sheet(form), answers)
    fill_behind(server, real, page.locator("p.code").inner_text(), answers)
    page.goto(server.base + "/apply/catering/sign-off")
    person.enter(intent)
    with page.expect_navigation(url="**/cases/*"):
        page.get_by_role("button", name="签署并提交").dblclick()
    number = page.locator("h1").inner_text()
    page.go_back()
    page.reload()
    page.wait_for_load_state()
    page.goto(server.base + "/apply/catering/sign-off")
    assert page.locator("h1").inner_text() in (number, form.scenario.title)
    page.goto(server.base + "/")
    assert page.locator("text=有未填完的申请").count() == 0


STATES = [
    ("/", "the first page"),
    ("/scenarios/catering", "nothing answered"),
    ("/scenarios/catering?entity_kind=x", "answered wrongly"),
    ("/resume", "coming back"),
    ("/login", "log-in"),
    ("/nowhere", "an error"),
]


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        (PHONE, "light"),
        pytest.param(DESK, "dark", marks=LONG),
        pytest.param(PHONE, "dark", marks=LONG),
        pytest.param(DESK, "light", marks=LONG),
    ],
    ids=["phone-light", "desk-dark", "phone-dark", "desk-light"],
)
def test_every_page_and_state_is_accessible_and_fits(serve, visit, size, scheme):
    server = serve("sqlite", DEMO="1", DEMO_PASSWORD="示例口令-只用于测试")
    page = visit(size, color_scheme=scheme)
    for address, _state in STATES:
        page.goto(server.base + address)
        fits(page)
        accessible(page)
    for login in ("clerk", "author", "admin", "auditor", "fire-rescue"):
        page.goto(server.base + "/login")
        page.fill("#login", login)
        page.fill("#password", "示例口令-只用于测试")
        page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()
        look_around(page, server.base)
        page.get_by_role("button", name="退出").click()
        page.wait_for_load_state()


def look_around(page, base):
    """The desk that stands open, and the first page of each kind that it links to."""
    links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    kinds = {re.sub(r"[0-9]+|(?<=/)(catering|hotel|[a-z]+-[a-z-]+)$", "*", link): link for link in links}
    for address in ["", *kinds.values()]:
        if not re.search(r"\.(pdf|json|zip)$|/files/", address):
            page.goto(base + address) if address else None
            fits(page)
            accessible(page)
