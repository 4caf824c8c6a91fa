"""Bad input is normal: for every way in something empty, huge, hostile or half-sent gets a clear answer."""

from __future__ import annotations

import io
import itertools

import pdfplumber
import pytest
from flask import request

from formengine.pdf import render_filing
from web.services import services_of
from web.store.models import Case

from .applicant import Page, PlainApplicant
from .conftest import client_of

NASTY = [
    "",
    " ",
    "\0",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "'; DROP TABLE case; --",
    "../../etc/passwd",
    "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "𬎆" * 3000,
    "9" * 400,
    "1e999",
    "NaN",
    "-0",
    "\u202egnp.exe",
]


@pytest.fixture
def client(quick_site):
    return client_of(quick_site)


@pytest.fixture
def person(client, answers_of):
    someone = PlainApplicant(client, "catering")
    someone.begin(answers_of("catering", 1)[0].facts)
    return someone


def token(client):
    return dict(Page(client.get("/resume")).form(action="/resume")[1])["csrf_token"]


ADDRESSES = [
    "/scenarios/nothing",
    "/scenarios/..%2f..%2fetc",
    "/apply/nothing",
    "/apply/catering/nothing",
    "/apply/nothing/entity",
    "/apply/catering/files/att-1",
    "/cases/YK1/drainage-permit.pdf",
    "/cases/YK1/drainage-permit.exe",
    "/cases/YK1/filings.zip",
    "/static/../app.py",
    "/nowhere",
    "/" + "a" * 5000,
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_there_gets_a_page_that_says_so(client, address):
    response = client.get(address)
    assert response.status_code in (302, 404)
    if response.status_code == 404:
        assert Page(response).heading == "没有这一页"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_refused_or_answered_plainly(client, method):
    for address in ("/", "/login", "/apply/catering", "/healthz"):
        assert client.open(address, method=method).status_code in (200, 302, 400, 405)


@pytest.mark.parametrize(
    "address", ["/apply/catering", "/apply/catering/entity", "/resume", "/cases/YK1", "/login", "/leave"]
)
@pytest.mark.parametrize("given", [{}, {"csrf_token": "forged"}])
def test_a_forged_form_is_refused_everywhere(client, address, given):
    response = client.post(address, data=given)
    assert response.status_code == 400
    assert "请再试一次" in Page(response).heading


@pytest.mark.parametrize("text", NASTY)
def test_guiding_questions_answered_with_nonsense_are_asked_again(client, text):
    words = {"entity_kind": text, "holds_licence": text}
    response = client.get("/scenarios/catering", query_string=words)
    assert response.status_code == 200
    assert "开始填写" not in Page(response).text
    response = client.post("/apply/catering", data={**words, "csrf_token": token(client)})
    assert response.status_code == 422
    assert len(Page(response).errors()) == 2


SHORT = len(NASTY) // 3
TURNS = [t if t % SHORT == 0 else pytest.param(t, marks=pytest.mark.long) for t in range(len(NASTY))]


@pytest.mark.parametrize("turn", TURNS)
def test_nonsense_in_every_field_is_kept_shown_again_and_named(person, turn):
    """Each field gets the next piece of nonsense; in the long run every field gets every piece."""
    nonsense = itertools.cycle(NASTY[turn:] + NASTY[:turn])
    for address in person.sections():
        page = person.get(address)
        action, standing = page.form(id="sheet")
        data = {name: value for name, value in standing if name.startswith("_") or name == "csrf_token"}
        for node in page.one("form", id="sheet").iter():
            name = node.get("name")
            if name and node.get("type") not in ("file", "hidden") and not name.startswith("_"):
                data[name] = next(nonsense)
        response = person.client.post(action, data={**data, "_action": "next"}, content_type="multipart/form-data")
        assert response.status_code in (200, 302, 422), address
    assert person.client.get("/apply/catering/check").status_code == 200
    assert person.client.get("/apply/catering").status_code == 200


def test_a_mistake_is_shown_as_it_was_typed_beside_its_field(person):
    data = {"csrf_token": token(person.client), "_fields": "entity.phone entity.staff_count", "_action": "next"}
    given = {"entity.phone": "１３９-0000", "entity.staff_count": "三个"}
    response = person.client.post("/apply/catering/entity", data={**data, **given})
    assert response.status_code == 422
    page = Page(response)
    assert page.one("input", name="entity.staff_count").get("value") == "三个"
    assert any("从业人数" in text for text in page.errors())
    assert page.one("input", name="entity.staff_count").get("aria-invalid") == "true"


@pytest.mark.parametrize(
    "data",
    [
        {
            "_fields": "entity.name nothing.here facts.entity_kind staff",
            "nothing.here": "x",
            "facts.entity_kind": "company",
        },
        {
            "_fields": "staff",
            "staff/rows": ["0", "-1", "x", "99999999999"],
            "staff/0/_fields": "staff.name entity.name",
        },
        {"_fields": "staff", "staff/rows": [str(i) for i in range(3000)]},
        {"_fields": "entity.name", "entity.name": ["a", "b"]},
        {"_action": "add:nothing"},
        {"_action": "remove:staff/none"},
        {"_action": "remove:"},
        {"_action": "\0"},
        {"_base": "x" * 10_000},
        {"_fields": "premises.address", "premises.address/province": "x" * 1000, "premises.address/evil": "y"},
    ],
)
def test_a_tampered_page_changes_only_what_stood_on_it(person, data):
    for section in ("entity", "staff", "premises"):
        response = person.client.post(f"/apply/catering/{section}", data={"csrf_token": token(person.client), **data})
        assert response.status_code in (200, 302, 422)
    drafts = services_of(person.client.application).drafts
    with person.client.session_transaction() as session:
        answers = drafts.open(session["drafts"]["catering"]).answers
    assert answers["facts"]["entity_kind"] == "individual"
    assert "nothing" not in answers


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.pdf", b"", "空文件"),
        ("virus.exe", b"MZ\x90\x00", "不是 PDF、JPG 或 PNG"),
        ("页面.html", b"<script>alert(1)</script>", "不是 PDF、JPG 或 PNG"),
        ("太大.pdf", b"%PDF-" + b"0" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
)
def test_a_file_that_is_not_taken_is_named_and_nothing_typed_is_lost(person, name, data, says):
    path = "materials.drainage-drawings"
    form = {"csrf_token": token(person.client), "_fields": path, path: (io.BytesIO(data), name), "_action": "next"}
    response = person.client.post("/apply/catering/materials", data=form, content_type="multipart/form-data")
    assert response.status_code == 422
    assert says in Page(response).text
    assert name in Page(response).text


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b"\xef\xbb\xbf\r\n", b"\0\0 "])
def test_a_pdf_that_readers_open_is_taken_whatever_stands_before_it(person, before):
    path = "materials.drainage-drawings"
    data = before + render_filing({"title": "试", "properties": {}}, {})
    assert pdfplumber.open(io.BytesIO(data)).pages
    form = {
        "csrf_token": token(person.client),
        "_fields": path,
        path: (io.BytesIO(data), "图.pdf"),
        "_action": "refresh",
    }
    response = person.client.post("/apply/catering/materials", data=form, content_type="multipart/form-data")
    assert response.status_code == 200
    assert "图.pdf" in Page(response).text


@pytest.mark.parametrize("name", ["照片.heic", "照片.jpg"])
def test_a_photograph_in_a_format_that_is_not_taken_is_refused_with_a_true_sentence(person, name):
    path = "materials.drainage-drawings"
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
    form = {"csrf_token": token(person.client), "_fields": path, path: (io.BytesIO(heic), name), "_action": "next"}
    response = person.client.post("/apply/catering/materials", data=form, content_type="multipart/form-data")
    assert response.status_code == 422
    assert f"“{name}”不是 PDF、JPG 或 PNG，请转换后再传" in Page(response).text


def test_the_tests_speak_https_as_behind_the_proxy(quick_site):
    quick_site.add_url_rule("/secure", "secure", lambda: ({"secure": request.is_secure}, 200))
    assert client_of(quick_site).get("/secure").get_json() == {"secure": True}


def test_an_address_with_a_number_that_no_row_can_have_is_no_address(client, staff):
    officer = staff("officer", "fire-rescue")
    for number in ("9" * 20, "2147483648", "0", "-1", "1" * 5000):
        assert officer.get(f"/department/filings/{number}").status_code == 404
        assert officer.get(f"/department/filings/{number}.pdf").status_code == 404
        assert officer.get("/department", query_string={"before": number}).status_code == 200


def test_more_than_the_whole_limit_is_refused_with_a_page(person):
    big = io.BytesIO(b"%PDF-" + b"0" * (41 * 1024 * 1024))
    form = {"csrf_token": token(person.client), "materials.floor-plan": (big, "x.pdf")}
    response = person.client.post("/apply/catering/materials", data=form, content_type="multipart/form-data")
    assert response.status_code == 413
    assert "40 MB" in Page(response).text


def test_an_uploaded_file_comes_back_as_a_download_under_its_own_name(person):
    path = "materials.drainage-drawings"
    name = "图纸 “一”; X=y.pdf"
    form = {
        "csrf_token": token(person.client),
        "_fields": path,
        path: (io.BytesIO(b"%PDF-1.4 x"), name),
        "_action": "stay",
    }
    person.client.post("/apply/catering/materials", data=form, content_type="multipart/form-data")
    page = person.get("/apply/catering/materials")
    link = next(a.get("href") for a in page.all("a") if "/files/" in (a.get("href") or ""))
    response = person.client.get(link)
    assert response.data == b"%PDF-1.4 x"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "X" not in response.headers
    stranger = client_of(person.client.application)
    assert stranger.get(link).status_code == 404


def test_half_a_form_is_refused_without_a_trace_of_code(person):
    body = b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
    response = person.client.post("/apply/catering/entity", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in (400, 413)
    assert "Traceback" not in response.get_data(as_text=True)


def test_a_cookie_that_was_tampered_with_opens_nothing(person):
    person.client.set_cookie("__Host-session", "eyJkcmFmdHMiOnt9fQ.forged.forged", secure=True)
    assert person.client.get("/apply/catering").status_code == 302
    assert person.client.get("/window").status_code == 302


def test_where_a_draft_cannot_be_shown_any_more_that_is_said_and_another_can_be_begun(person, answers_of):
    with services_of(person.client.application).store.write() as session:
        case = session.query(Case).one()
        case.answers = {**case.answers, "facts": {"gone": True}}
    response = person.client.get("/apply/catering")
    assert response.status_code == 410
    assert "另填一件" in [link.text for link in Page(response).all("a")]
    person.begin(answers_of("catering", 1)[0].facts)
    assert person.sections()


def test_a_failure_inside_shows_a_page_and_no_code(quick_site):
    def broken():
        raise RuntimeError("secret detail")

    quick_site.add_url_rule("/broken", "broken", broken)
    quick_site.testing = False
    quick_site.config["PROPAGATE_EXCEPTIONS"] = False
    response = client_of(quick_site).get("/broken")
    assert response.status_code == 500
    assert "secret detail" not in response.get_data(as_text=True)
    assert Page(response).heading == "系统出错了"
