"""A file or signature that isn't there is not there; a signature covers what its signer was shown, and no more."""

from __future__ import annotations

import io
import json
import zipfile

import pdfplumber
import pytest
from sqlalchemy import func, select

from web.cases.drafts import Drafts
from web.cases.errors import NotComplete
from web.cases.submission import submit
from web.demo import demo_file
from web.services import services_of
from web.store.models import Attachment, Case, Filing

from .applicant import Page, PlainApplicant
from .conftest import client_of
from .test_given import send
from .test_once import ready_to_sign


@pytest.fixture
def client(quick_site):
    return client_of(quick_site)


def code_of(client):
    """The code of the draft that is open here."""
    with client.session_transaction() as session:
        return next(iter(session["drafts"].values()))


def drafts_of(client) -> Drafts:
    return services_of(client.application).drafts


def filled(client, intent):
    """The draft filled in whole, signed, behind the page's back; returns its code."""
    code = code_of(client)
    drafts_of(client).replace(code, intent.answers, services_of(client.application).clock(), demo_file)
    return code


def submitted(client, intent):
    """The same, submitted and open in this browser; returns its number."""
    code = filled(client, intent)
    number = submit(drafts_of(client), code, services_of(client.application).clock())
    with client.session_transaction() as session:
        session["cases"] = {number: code}
    return number


def issues_of(client):
    """What is wrong with the draft that is open here."""
    drafts = drafts_of(client)
    return drafts.look(drafts.open(code_of(client)), services_of(client.application).clock().date()).mistakes


def lacking(client):
    """What is missing but signatures, which lapse with what they covered."""
    return {i.element for i in issues_of(client) if "signature" not in i.element}


def other_device(client):
    """A second browser with the same draft open."""
    other = client_of(client.application)
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update(mine)
    return other


FORGED = ["att-forged", "att-" + "0" * 32, "..", "", "att-x' OR 1=1", "𬎆"]


@pytest.mark.parametrize("forged", FORGED)
def test_a_made_up_file_or_signature_is_not_kept_and_not_submitted(client, someone, forged):
    person, intent = someone
    filled(client, intent)
    assert issues_of(client) == []
    page = person.get("/apply/catering/materials")
    material = next(n.get("name") for n in page.all("input", type="hidden") if (n.get("name") or "").endswith("/kept"))
    send(client, page, **{material.replace("/", "__"): forged})
    wrong = issues_of(client)
    assert {i.code for i in wrong} == {"required"}
    assert material.removesuffix("/kept") in {i.element for i in wrong}
    page = person.get("/apply/catering/sign-off")
    kept = {n.get("name"): forged for n in page.all("input", type="hidden") if "/kept" in (n.get("name") or "")}
    response = send(client, page, action="submit", **kept)
    assert response.status_code == 422
    assert "请签名" in Page(response).text
    with pytest.raises(NotComplete):
        submit(drafts_of(client), code_of(client), services_of(client.application).clock())


def test_a_file_of_another_case_or_another_field_is_not_there(client, someone, answers_of):
    person, intent = someone
    filled(client, intent)
    stranger = PlainApplicant(client_of(client.application), "catering")
    stranger.begin(answers_of("catering", 3)[0].facts)
    filled(stranger.client, intent)
    theirs = drafts_of(client).open(code_of(stranger.client)).answers["materials"]
    mine = drafts_of(client).open(code_of(client)).answers["materials"]
    first, second = list(mine)[:2]
    page = person.get("/apply/catering/materials")
    send(client, page, **{f"materials.{first}/kept".replace("/", "__"): theirs[first][0]})
    assert lacking(client) == {f"materials.{first}"}
    filled(client, intent)
    page = person.get("/apply/catering/materials")
    mine = drafts_of(client).open(code_of(client)).answers["materials"]
    send(client, page, **{f"materials.{first}/kept".replace("/", "__"): mine[second][0]})
    assert lacking(client) == {f"materials.{first}"}


def test_ids_written_into_a_stored_draft_are_not_believed_at_submission(client, someone):
    _, intent = someone
    code = filled(client, intent)
    drafts = drafts_of(client)
    with drafts.store.write() as session:
        case = session.scalar(select(Case))
        case.answers = {**intent.answers, "facts": case.answers["facts"]}
    with pytest.raises(NotComplete) as refused:
        submit(drafts, code, services_of(client.application).clock())
    assert {i.code for i in refused.value.issues} == {"required"}
    with drafts.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Filing)) == 0


def test_what_was_changed_elsewhere_is_shown_before_it_is_signed(client, someone):
    person, intent = someone
    page = ready_to_sign(person, intent)
    other = PlainApplicant(other_device(client), "catering")
    entity = other.get("/apply/catering/entity")
    send(other.client, entity, **{"entity--name": "永康市另一家餐饮店"})
    response = person.press(page, intent)
    assert response.status_code == 409
    told = Page(response)
    assert "永康市另一家餐饮店" in told.text
    assert intent.answers["entity"]["name"] in told.text
    with drafts_of(client).store.read() as session:
        assert session.scalar(select(func.count()).select_from(Filing)) == 0
        signed = select(func.count()).select_from(Attachment).where(Attachment.media_type.contains("signature"))
        assert session.scalar(signed) == 0
    address = person.press(told, intent).location
    assert address.startswith("/cases/YK"), "what is signed now has been shown"
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{address}/filings.zip").data))
    assert "永康市另一家餐饮店" in "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".json"))


def test_rows_changed_elsewhere_are_named_one_by_one(client, someone):
    person, intent = someone
    page = ready_to_sign(person, intent)
    other = PlainApplicant(other_device(client), "catering")
    send(other.client, other.get("/apply/catering/staff"), **{"staff__0__name": "示例新员工"})
    told = Page(person.press(page, intent))
    assert "（第 1 行）" in told.text
    assert "示例新员工" in told.text


def test_other_answers_to_the_guiding_questions_are_named_in_words(client, someone):
    person, intent = someone
    page = ready_to_sign(person, intent)
    now = services_of(client.application).clock()
    drafts_of(client).set_facts(code_of(client), {"entity_kind": "company", "holds_licence": True}, now)
    told = Page(person.press(page, intent)).text
    assert "以什么身份经营：您看到的是“个体工商户”，现在是“公司”" in told
    assert "是否已经有营业执照：您看到的是“否”，现在是“是”" in told


def test_a_signature_without_a_page_that_was_seen_signs_nothing(client, someone):
    person, intent = someone
    page = ready_to_sign(person, intent)
    known = person.filled(page, intent)[1]["_seen"][0]
    for seen in ("", "x", "gAAAAA", "\0", known[:-4]):
        address, data = person.filled(page, intent)
        changed = {**data, "_seen": [seen], "_action": "submit"}
        response = client.post(address, data=changed, content_type="multipart/form-data")
        assert response.status_code == 409
        assert "还没有签署" in Page(response).text
    assert issues_of(client)


def test_a_later_change_voids_exactly_the_signatures_that_covered_it(client, someone):
    person, intent = someone
    filled(client, intent)
    assert issues_of(client) == []
    drainage, field = "/apply/catering/drainage", "drainage--tap_water_m3"
    send(client, person.get(drainage), action="refresh", **{field: "7.5"})
    unsigned = {i.element for i in issues_of(client)}
    forms = {path.split(".")[1] for path in unsigned}
    assert forms == {"drainage-permit"}, unsigned
    page = person.get("/apply/catering/sign-off")
    assert "签署之后，内容又改过" in page.text
    signed = str(intent.answers["drainage"]["tap_water_m3"])
    send(client, person.get(drainage), action="refresh", **{field: signed})
    assert issues_of(client) == [], "what was signed stands again"


def test_an_answer_that_nobody_files_voids_nothing(client, someone):
    _, intent = someone
    code = filled(client, intent)
    drafts = drafts_of(client)
    with drafts.store.write() as session:
        case = session.scalar(select(Case))
        case.answers = {**case.answers, "nothing": {"here": 1}}
    assert issues_of(client) == []
    assert json.dumps(drafts.open(code).answers["nothing"])


def test_every_print_shows_what_was_signed_and_uploaded_and_no_id(client, someone):
    _, intent = someone
    number = submitted(client, intent)
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/cases/{number}/filings.zip").data))
    prints = [name for name in archive.namelist() if name.endswith(".pdf") and "/attachments/" not in name]
    assert len(prints) == 5
    shown = 0
    for name in prints:
        opened = pdfplumber.open(io.BytesIO(archive.read(name)))
        text = "".join(page.extract_text() for page in opened.pages)
        assert "att-" not in text
        assert "演示签名人" in text, name
        assert "输入姓名签署" in text
        shown += sum(len(page.images) for page in opened.pages)
    assert shown > 0
    manifest = json.loads(archive.read("manifest.json"))
    for filing in manifest["cases"][number].values():
        assert {f"{number}/attachments/{one}" for one in filing["attachments"]} <= set(archive.namelist())


def test_one_character_that_no_font_has_does_not_hold_back_a_zip(client, someone):
    _, intent = someone
    number = submitted(client, intent)
    with drafts_of(client).store.write() as session:  # as it was kept before such characters were refused
        for one in session.scalars(select(Filing)):
            one.values = json.loads(
                json.dumps(one.values).replace(json.dumps(intent.answers["entity"]["name"])[1:-1], "\\ud83d\\ude00")
            )
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/cases/{number}/filings.zip").data))
    data = archive.read(f"{number}/food-business-licence.pdf")
    assert "U+1F600" in pdfplumber.open(io.BytesIO(data)).pages[0].extract_text()
