"""The site as an office runs it (gunicorn, two workers, behind a proxy): every link of every page, every download."""

from __future__ import annotations

import io
import json
import re
import urllib.parse
import zipfile
from pathlib import Path

import pdfplumber
import pytest

import formengine
from web.form.sheet import Sheet

from .applicant import Page, PlainApplicant
from .browser import DESK
from .server import BEHIND_PROXY, HttpClient

PASSWORD = "示例口令-只用于测试"
DESKS = {"clerk": "/window", "author": "/author", "admin": "/admin", "auditor": "/admin/events"}
REFUSED: dict[str, int] = {}
"""What some page links to although it is refused: nothing."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request, new_database):
    """A running demonstration behind a proxy, on each database."""
    from .server import Server

    server = Server(new_database(request.param), DEMO="1", DEMO_PASSWORD=PASSWORD, **BEHIND_PROXY)
    yield server
    server.kill()


def logged_in(site, login):
    """A client that is logged in by the page."""
    client = HttpClient(site.base, proxied=True)
    _, standing = Page(client.get("/login")).form(action="/login")
    response = client.post("/login", data={**dict(standing), "login": login, "password": PASSWORD})
    assert response.status_code == 302, login
    return client


def walk(client, *starts):
    """Follow every link from some pages on; returns ``{address: response}``, each looked at."""
    waiting, seen = list(starts), {}
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        response = seen[address] = client.get(address)
        assert response.status_code == REFUSED.get(address, response.status_code if is_fine(response) else 200), address
        inspect(address, response)
        waiting += [link for link in links(address, response) if link not in seen]
    return seen


def is_fine(response):
    """Answered, or led on."""
    return response.status_code in (200, 302)


def links(address, response):
    """Where a page leads: links, files of its own, forms that only look."""
    if response.status_code == 302:
        yield here(address, response.location)
    elif response.mimetype == "text/html":
        page = Page(response)
        for tag, name in (("a", "href"), ("link", "href"), ("script", "src"), ("img", "src")):
            yield from (here(address, node.get(name)) for node in page.all(tag) if node.get(name))
        for form in page.all("form", method="get"):
            names = [node.get("name") for node in form.iter() if node.get("name")]
            yield here(address, form.get("action") + "?" + urllib.parse.urlencode(dict.fromkeys(names, "示例")))


def here(address, link):
    """A link as an address of this site, without its place on the page."""
    joined = urllib.parse.urlsplit(urllib.parse.urljoin(address, link))
    assert joined.netloc in ("", "localhost"), link
    return joined.path + (f"?{joined.query}" if joined.query else "")


def inspect(address, response):
    """What is downloaded can be opened, under a name with the right ending."""
    if response.status_code != 200 or response.mimetype == "text/html" or address.startswith("/static/"):
        return
    name = kept_as(response)
    data = response.get_data()
    if response.mimetype == "application/pdf":
        assert name.endswith(".pdf"), name
        assert data.startswith(b"%PDF-")
        assert b"%%EOF" in data[-32:]
    elif response.mimetype == "application/json":
        assert name.endswith(".json"), name
        assert json.loads(data)
    elif response.mimetype == "application/zip":
        assert name.endswith(".zip"), name
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    else:
        assert response.mimetype in ("image/png", "image/jpeg"), (address, response.mimetype)


def disposition(response):
    """The header that says that it is a file to keep."""
    found = response.headers["Content-Disposition"]
    assert found.startswith("attachment;")
    assert found.isascii()
    return found


def kept_as(response):
    """The name that a browser keeps a download under (RFC 6266: the extended form goes before the plain one)."""
    header = disposition(response)
    extended = re.search(r"filename\*=UTF-8''([^;\s]+)", header)
    return urllib.parse.unquote(extended[1]) if extended else re.search(r'filename="?([^";]+)', header)[1]


def kinds(seen):
    """Which kinds of downloads there were."""
    return {r.mimetype for a, r in seen.items() if "Content-Disposition" in r.headers and not a.startswith("/static/")}


def test_a_visitor_can_open_whatever_any_page_links_to(site):
    seen = walk(HttpClient(site.base, proxied=True), "/")
    assert {"/scenarios/catering", "/resume", "/login", "/static/site.css"} <= set(seen)


@pytest.mark.parametrize("login", DESKS)
def test_each_desk_can_open_whatever_its_pages_link_to(site, login):
    seen = walk(logged_in(site, login), DESKS[login])
    assert len(seen) > 4
    if login == "clerk":
        assert kinds(seen) == {"application/zip"}


def test_every_department_can_download_all_that_its_pages_offer(site, real):
    departments = sorted({form.department["id"] for form in real.forms.values()})
    found = {login: walk(logged_in(site, login), "/department") for login in departments}
    for login, seen in found.items():
        assert {"application/pdf", "application/json", "application/zip"} <= kinds(seen), login
        assert any("/files/" in address for address in seen), login
        assert all(re.search("[\u4e00-\u9fff]", kept_as(r)) for a, r in seen.items() if a.endswith(".pdf")), login


def test_an_applicant_can_open_whatever_the_draft_and_the_case_offer(site, real):
    facts = {**real.scenario("catering").typical_facts, "entity_kind": "individual", "holds_licence": False}
    form = formengine.merge(real, "catering", facts)
    answers = formengine.sample(form, 4, "2026-11-23")
    client = HttpClient(site.base, proxied=True)
    person = PlainApplicant(client, "catering")
    person.begin(form.facts)
    address = person.fill_all(answers, Sheet(form))
    seen = walk(client, address, "/")
    assert kinds(seen) == {"application/pdf", "application/json", "application/zip"}
    person.begin(form.facts)
    seen = walk(client, "/apply/catering")
    assert {f"/apply/catering/{name}" for name in ("entity", "check", "materials")} <= set(seen)


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://127.0.0.1"}, {"Referer": "https://127.0.0.1/login"}])
def test_a_form_is_taken_whatever_the_browser_says_about_where_it_comes_from(site, headers):
    client = HttpClient(site.base, proxied=True)
    _, standing = Page(client.get("/login")).form(action="/login")
    data = {**dict(standing), "login": "clerk", "password": PASSWORD}
    assert client.post("/login", data=data, **headers).status_code == 302
    assert client.get("/window").status_code == 200


def test_cookies_are_kept_for_https_alone(site):
    client = HttpClient(site.base, proxied=True)
    client.get("/login")
    assert [(cookie.name, cookie.secure) for cookie in client.jar] == [("__Host-session", True)]


def test_an_officer_opens_every_file_in_a_browser(serve, visit):
    server = serve("sqlite", DEMO="1", DEMO_PASSWORD=PASSWORD)
    page = visit(DESK, accept_downloads=True)
    page.goto(server.base + "/login")
    page.fill("#login", "urban-management")
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/department")
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    links = page.locator("main a[href*='/filings/']")
    kept = {}
    for index in range(links.count()):
        with page.expect_download() as coming:
            links.nth(index).click()
        name = coming.value.suggested_filename
        kept[name] = Path(coming.value.path()).read_bytes()
        assert kept[name], name
    endings = {name.rpartition(".")[2] for name in kept}
    assert {"pdf", "json", "zip", "png"} <= endings, kept.keys()
    for name, data in kept.items():
        if name.endswith(".pdf") and name.startswith("YK"):
            assert re.search("[\u4e00-\u9fff]", name)
            assert pdfplumber.open(io.BytesIO(data)).pages
        elif name.endswith(".zip"):
            assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
        elif name.endswith(".json"):
            assert json.loads(data)
