"""Text is kept in one writing, found however it is written, and refused by name where it cannot be printed."""

from __future__ import annotations

import pytest

from web.cases.submission import submit
from web.demo import demo_file
from web.form.sheet import Sheet
from web.services import services_of

from .applicant import Page, PlainApplicant
from .conftest import client_of
from .test_given import send
from .test_signing import code_of, drafts_of


@pytest.fixture
def person(quick_site, answers_of):
    someone = PlainApplicant(client_of(quick_site), "catering")
    someone.begin(answers_of("catering", 1)[0].facts)
    return someone


def saved(person):
    """The answers as they are kept."""
    return drafts_of(person.client).open(code_of(person.client)).answers


@pytest.mark.parametrize("filed", "•·・‧")
def test_a_name_is_found_with_whichever_middle_dot(client, staff, answers_of, filed):
    form, answers = answers_of("catering", 3)
    drafts, now = drafts_of(client), services_of(client.application).clock()
    person = PlainApplicant(client, "catering")
    person.begin(form.facts)
    drafts.replace(code_of(client), answers, now, demo_file)
    page = person.get("/apply/catering/people")
    send(client, page, action="refresh", **{"operator--name": f"阿依古丽{filed}买买提"})
    assert saved(person)["operator"]["name"] == "阿依古丽·买买提"
    drafts.replace(code_of(client), saved(person), now, demo_file)
    number = submit(drafts, code_of(client), now)
    clerk = staff("clerk")
    for dot in ("·", "•", "・", "‧", "･", "", " · "):
        assert number in Page(clerk.get("/window", query_string={"q": f"阿依古丽{dot}买买提"})).text, dot


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("永康\u200b市e\u0301店", "永康市é店"),
        ("⻝品店", "食品店"),
        ("\u202e店\u202c铺", "店铺"),
        ("永康\u00a0店", "永康 店"),
    ],
)
def test_what_is_typed_is_kept_in_one_writing(person, typed, kept):
    send(person.client, person.get("/apply/catering/entity"), action="refresh", **{"entity--name": typed})
    assert saved(person)["entity"]["name"] == kept


def test_full_width_in_identifiers_is_folded_whatever_kind_of_document(person):
    page = person.get("/apply/catering/people")
    send(person.client, page, action="refresh", **{"operator--id_number": "３３０７２２１９７６０６０２５８６５"})
    assert saved(person)["operator"]["id_number"] == "330722197606025865"
    sheet = Sheet(drafts_of(person.client).open(code_of(person.client)).served.form)
    assert sheet.by_path["staff.health_cert_no"].in_writing("ｊｋ－００１２３") == "JK-00123"
    assert sheet.by_path["entity.name"].in_writing("ＫＴＶ １２３") == "ＫＴＶ １２３", "names stay as they are"


@pytest.mark.parametrize("character", "😀\ue000\U0010fffd")
def test_what_cannot_be_printed_is_named_beside_its_field_and_kept_to_be_mended(person, character):
    response = send(person.client, person.get("/apply/catering/entity"), **{"entity--name": f"永康{character}店"})
    assert response.status_code == 422
    page = Page(response)
    assert any(f"U+{ord(character):04X}" in text and "名称" in text for text in page.errors())
    assert page.one("input", name="entity.name").get("value") == f"永康{character}店"


def test_a_signature_that_cannot_be_printed_is_refused(person):
    response = send(person.client, person.get("/apply/catering/sign-off"), action="submit", **{"act--sign": "李😀"})
    assert response.status_code == 422
    assert "U+1F600" in Page(response).text
