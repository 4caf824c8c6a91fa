"""Templates change, what was answered does not: every case stays as it was answered, every draft is told."""

from __future__ import annotations

import copy
import io
import json
import zipfile

import pdfplumber
import pytest
from small import small
from sqlalchemy import select

import formengine
from formengine.templates.build import library_of
from formengine.templates.documents import documents_of
from web.form.sheet import Sheet
from web.services import services_of
from web.store.models import Case, Filing, TemplateSet

from .applicant import Intent, Page, PlainApplicant
from .conftest import PASSWORD, TODAY, Clock, logged_in, make_site

FACTS = {"new": True}


def before():
    """The templates that are answered."""
    kinds = small()
    kinds["elements"]["shop"]["properties"]["sign"] = {
        **kinds["elements"]["shop"]["properties"]["name"], "title": "招牌文字", "examples": ["招牌"],
    }  # fmt: skip
    kinds["departments"]["permit"]["properties"]["zp"] = {"title": "招牌", "x-element": "shop.sign", "type": "string"}
    kinds["departments"]["permit"]["required"] = ["zh", "zp"]
    return kinds


def retitled():
    """A label and the text of a declaration read otherwise, a code is another: nothing is lost."""
    kinds = before()
    record = kinds["departments"]["record"]
    record["title"] = "新备案表"
    record["properties"]["mc"]["title"] = "字号"
    record["properties"]["cn"]["description"] = "另一段承诺"
    record["properties"]["mianji"] = record["properties"].pop("mj")
    record["required"] = ["mianji" if code == "mj" else code for code in record["required"]]
    record["x-rules"][0] |= {"rule": "mianji > 0.0", "field": "mianji"}
    kinds["forms"]["open"]["title"] = "开新店"
    return kinds


def retired():
    """The permit is no longer asked for."""
    kinds = retitled()
    del kinds["departments"]["permit"]
    kinds["forms"]["open"]["x-forms"] = kinds["forms"]["open"]["x-forms"][:1]
    kinds["forms"]["open"]["x-order"] = []
    return kinds


def closed():
    """The scenario is no longer offered; another one is."""
    kinds = retired()
    kinds["forms"] = {"other": {**kinds["forms"]["open"], "$id": "other", "title": "别的事"}}
    return kinds


def library(kinds):
    return library_of(documents_of(**kinds))


OLD, RETITLED, RETIRED, CLOSED = (library(kinds) for kinds in (before(), retitled(), retired(), closed()))


class World:
    """One database under one set of templates after the other, seen by one browser."""

    def __init__(self, settings):
        self.settings, self.clock = settings, Clock()
        self.use(OLD)

    def use(self, templates):
        """Start the site anew with other templates."""
        cookies = getattr(getattr(self, "client", None), "_cookies", {})
        self.site = make_site(self.settings, templates, self.clock)
        self.client = self.site.test_client()
        self.client._cookies = cookies
        self.person = PlainApplicant(self.client, "open")
        return self

    @property
    def services(self):
        return services_of(self.site)

    def answers(self, seed=1):
        return formengine.sample(formengine.merge(OLD, "open", FACTS), seed, TODAY)

    def submitted(self):
        """A case that answered the old templates: its number."""
        self.person.begin(FACTS)
        where = self.person.fill_all(self.answers(), Sheet(formengine.merge(OLD, "open", FACTS)))
        return where.rpartition("/")[2]

    def drafted(self):
        """A draft in which the shop's section is filled in."""
        self.person.begin(FACTS)
        self.person.fill_section("/apply/open/shop", Intent(self.sheet(OLD), self.answers()))
        return self

    def sheet(self, templates):
        return Sheet(formengine.merge(templates, "open", FACTS))

    def officer(self, department):
        """A client of the department's desk."""
        self.services.accounts.create(department, "示例", "officer", PASSWORD, self.clock(), department)
        return logged_in(self.site.test_client(), department, PASSWORD)

    def rows(self, model):
        with self.services.store.read() as session:
            return session.scalars(select(model)).all()

    def code(self):
        with self.client.session_transaction() as session:
            return session["drafts"]["open"]


@pytest.fixture
def world(database, settings_of):
    return World(settings_of(database))


def print_of(response):
    assert response.status_code == 200
    with pdfplumber.open(io.BytesIO(response.data)) as found:
        return "".join(page.extract_text() for page in found.pages)


NEWER = pytest.mark.parametrize("newer", [RETITLED, RETIRED, CLOSED], ids=["retitled", "retired", "closed"])


@NEWER
def test_a_case_is_opened_printed_and_downloaded_as_it_was_answered(world, newer):
    number = world.submitted()
    shown = world.person.get(f"/cases/{number}").text
    world.use(newer)
    assert world.person.get(f"/cases/{number}").text == shown
    text = print_of(world.client.get(f"/cases/{number}/record.pdf"))
    assert "备案表" in text
    assert "名称" in text
    assert "字号" not in text
    assert "许可表" in print_of(world.client.get(f"/cases/{number}/permit.pdf"))
    values = json.loads(world.client.get(f"/cases/{number}/record.json").data)
    assert "mj" in values
    assert "mianji" not in values
    zipped = zipfile.ZipFile(io.BytesIO(world.client.get(f"/cases/{number}/filings.zip").data))
    manifest = json.loads(zipped.read("manifest.json"))
    assert {name: one["title"] for name, one in manifest["cases"][number].items()} == {
        "record": "备案表",
        "permit": "许可表",
    }


@NEWER
def test_the_desks_see_what_was_answered(world, newer):
    number = world.submitted()
    world.use(newer)
    world.services.accounts.create("clerk", "示例", "clerk", PASSWORD, world.clock())
    clerk = logged_in(world.site.test_client(), "clerk", PASSWORD)
    assert "开店" in Page(clerk.get("/window")).text
    page = Page(clerk.get(f"/window/cases/{number}")).text
    assert "开店" in page
    assert "备案表" in page
    assert "许可表" in page
    assert clerk.get(f"/window/cases/{number}/filings.zip").status_code == 200
    officer = world.officer("office")
    assert "许可表" in Page(officer.get("/department")).text
    (filing,) = [one.id for one in world.rows(Filing) if one.form == "permit"]
    assert "招牌" in Page(officer.get(f"/department/filings/{filing}")).text or officer
    assert "许可表" in print_of(officer.get(f"/department/filings/{filing}.pdf"))
    assert officer.get(f"/department/filings/{filing}.zip").status_code == 200


@NEWER
def test_a_case_is_judged_joined_and_corrected_by_what_it_answered(world, newer):
    world.submitted()
    world.use(newer)
    (case,) = world.rows(Case)
    served = world.services.drafts.served(case)
    assert served.fingerprint == case.fingerprint
    today = world.clock().date().isoformat()
    found = formengine.examine(served.form, case.answers, today)
    assert found.issues == ()
    stored = {one.form: one for one in world.rows(Filing)}
    assert {name: filing.values for name, filing in found.filings.items()} == {n: f.values for n, f in stored.items()}
    joined = formengine.join(served.form, found.filings)
    assert joined["shop"]["name"] == case.answers["shop"]["name"]
    told = [{"id": row["id"], "name": row["name"]} for row in case.answers["staff"] if row["cooks"]]
    assert joined["staff"] == told  # who cooks and who does not, no filing says
    corrected = copy.deepcopy(case.answers)
    corrected["shop"]["name"] = "改正后的店名"
    again = formengine.examine(served.form, corrected, today)
    assert again.issues == ()
    assert again.filings["record"].values == {**stored["record"].values, "mc": "改正后的店名"}
    corrected["shop"]["name"] = "长" * 31
    assert [issue.code for issue in formengine.examine(served.form, corrected, today).issues] == ["maxLength"]


def test_a_set_is_kept_once_and_every_case_and_filing_names_its_own(world):
    world.submitted()
    world.use(RETITLED)
    world.person.begin(FACTS)
    world.use(RETITLED)
    assert sorted(one.digest for one in world.rows(TemplateSet)) == sorted([OLD.digest, RETITLED.digest])
    old, new = world.rows(Case)
    assert (old.templates, old.title) == (OLD.digest, "开店")
    assert (new.templates, new.title) == (RETITLED.digest, "开新店")
    assert {one.templates for one in world.rows(Filing)} == {OLD.digest}
    assert world.services.versions.library(OLD.digest).scenarios["open"].title == "开店"


def test_a_draft_is_moved_where_nothing_is_lost_and_told_so(world):
    world.drafted().use(RETITLED)
    page = world.person.get("/apply/open")
    assert "部门的表格更新了" in page.text
    assert "部门的表格更新了" not in world.person.get("/apply/open").text
    (case,) = world.rows(Case)
    assert (case.templates, case.title) == (RETITLED.digest, "开新店")
    assert case.answers["shop"]["name"] == world.answers()["shop"]["name"]
    where = world.person.fill_all(world.answers(), world.sheet(RETITLED))
    record = next(one for one in world.rows(Filing) if one.form == "record")
    assert (record.title, record.templates) == ("新备案表", RETITLED.digest)
    assert "mianji" in record.values
    assert world.client.get(where + "/record.pdf").status_code == 200


def test_what_was_declared_for_a_form_that_reads_otherwise_is_declared_anew(world):
    world.drafted()
    drafts, code = world.services.drafts, world.code()
    with drafts.store.write() as session:
        case = drafts.case(session, code)
        case.answers = {**case.answers, "own": {"record": {"cn": True}}}
    assert world.use(RETITLED).services.drafts.renew(code, world.clock()).done
    assert "own" not in world.services.drafts.open(code).answers


def test_a_draft_that_would_lose_something_keeps_its_form_until_somebody_lets_it_go(world):
    world.drafted().use(RETIRED)
    page = world.person.get("/apply/open")
    assert "填写期间，部门的表格改了" in page.text
    assert "招牌文字：“招牌”" in page.text
    (case,) = world.rows(Case)
    assert case.templates == OLD.digest
    assert "招牌文字" in world.person.get("/apply/open/shop").text
    assert "招牌文字" in world.person.get("/apply/open/check").text
    action, standing = page.form(method="post", action="/apply/open")
    assert world.client.post(action, data={**dict(standing), "renew": "1"}).status_code == 302
    assert "填写期间" not in world.person.get("/apply/open").text
    assert "招牌文字" not in world.person.get("/apply/open/shop").text
    (case,) = world.rows(Case)
    assert case.templates == RETIRED.digest


def test_a_draft_that_keeps_its_form_is_saved_and_submitted_by_it(world):
    world.drafted().use(RETIRED)
    where = world.person.fill_all(world.answers(), world.sheet(OLD))
    assert {one.form: one.templates for one in world.rows(Filing)} == {"record": OLD.digest, "permit": OLD.digest}
    assert "许可表" in world.person.get(where).text


def test_a_draft_of_a_scenario_that_is_gone_is_told_so_and_still_filed(world):
    world.drafted().use(CLOSED)
    code = world.code()
    renewal = world.services.drafts.renew(code, world.clock())
    assert (renewal.done, renewal.lost) == (False, ())
    assert world.services.drafts.open(code).served.form.scenario.title == "开店"


def test_what_stood_on_an_open_page_is_saved_as_it_was_asked(world):
    world.person.begin(FACTS)
    page, intent = world.person.get("/apply/open/shop"), Intent(world.sheet(OLD), world.answers())
    world.use(RETITLED)
    assert world.person.press(page, intent).status_code in (200, 302, 422)
    (case,) = world.rows(Case)
    assert case.answers["shop"]["name"] == world.answers()["shop"]["name"]


def test_templates_that_change_elsewhere_move_a_draft_without_a_word(world):
    kinds = before()
    kinds["codes"]["colour"]["$comment"] = "别处的改动"
    world.drafted().use(library(kinds))
    assert "部门的表格更新了" not in world.person.get("/apply/open").text
    (case,) = world.rows(Case)
    assert case.templates == library(kinds).digest
