"""What departments ask under different conditions; sections that come and go; answers that a page has no place for."""

from __future__ import annotations

import itertools
import json

import pytest
from tiny import department, library, subject, text

from web.cases.submission import submit
from web.demo import demo_file
from web.services import services_of
from web.store.models import Case

from .applicant import Page, PlainApplicant
from .conftest import Clock, client_of, make_site
from .test_given import send
from .test_signing import code_of, drafts_of


def only_if(switch, *codes):
    """Fields that the department has only where a switch is on."""
    gone = dict.fromkeys(codes, False)
    return {
        "if": {"properties": {switch: {"const": True}}, "required": [switch]},
        "then": {"required": list(codes)},
        "else": {"properties": gone},
    }


def shop_library(kinds=("red", "green", "blue")):
    """Two departments that ask for one width, each under a switch of its own; a section that goes with a switch."""
    width = {"title": "宽度", "x-element": "shop.width", "type": "string"}
    sign = department(
        "sign",
        {"sign": {"x-element": "shop.sign", "type": "boolean"}, "width": width, "name": {"x-element": "shop.name"}},
        required=["sign", "name"],
        allOf=[only_if("sign", "width")],
    )
    terrace = department(
        "terrace",
        {
            "terrace": {"x-element": "shop.terrace", "type": "boolean"},
            "width": width,
            "kind": {"x-element": "shop.kind", "type": "string"},
            "tags": {"x-element": "shop.tags", "type": "array", "items": {"type": "string"}},
            "seats": {"x-element": "garden.seats", "type": "string"},
        },
        required=["terrace"],
        allOf=[only_if("terrace", "width", "seats")],
    )
    choices = [{"const": kind, "title": f"“{kind}”类"} for kind in kinds]
    shop = subject(
        {
            "sign": {"type": "boolean"},
            "terrace": {"type": "boolean"},
            "width": text(),
            "name": text(),
            "kind": {"type": "string", "oneOf": choices, "x-open": True},
            "tags": {
                "type": "array",
                "uniqueItems": True,
                "items": {"type": "string", "oneOf": choices},
                "x-open": True,
            },
        }
    )
    sections = [{"id": "shop", "title": "店铺"}, {"id": "garden", "title": "露台"}]
    return library(
        {"shop": {**shop, "x-section": "shop"}, "garden": {**subject({"seats": text()}), "x-section": "garden"}},
        {"sign": sign, "terrace": terrace},
        scenario={"x-sections": sections},
    )


@pytest.fixture
def open_with(new_database, settings_of):
    """``open_with(library)``: an applicant with an open case on the site of these templates, the database kept."""
    url = new_database("sqlite")
    settings, clients = settings_of(url), []

    def open_(templates):
        client = client_of(make_site(settings, templates, Clock()))
        person = PlainApplicant(client, "try")
        if clients:
            with clients[0].session_transaction() as mine, client.session_transaction() as theirs:
                theirs.update(mine)
        else:
            person.begin({})
        clients.append(client)
        return person

    return open_


def fill(person, section, action="next", **given):
    """Fill in a section by its inputs' names."""
    return send(person.client, person.get(f"/apply/try/{section}"), action=action, **given)


def answers_of(person):
    """The draft's answers."""
    return drafts_of(person.client).open(code_of(person.client)).answers


YES_NO = {True: "yes", False: "no"}


@pytest.mark.parametrize(("first", "second"), list(itertools.product([True, False], repeat=2)))
def test_a_shared_field_is_kept_while_anybody_asks_and_filed_to_exactly_those(open_with, first, second):
    person = open_with(shop_library())
    fill(person, "shop", **{"shop--sign": "yes", "shop--terrace": "yes", "shop--name": "甲店"})
    fill(person, "shop", **{"shop--width": "示例宽"})
    fill(person, "garden", **{"garden--seats": "示例座"})
    fill(person, "shop", **{"shop--sign": YES_NO[first], "shop--terrace": YES_NO[second]})
    asked = bool(Page(person.client.get("/apply/try/shop")).all("input", name="shop.width"))
    assert asked == (first or second)
    drafts, code = drafts_of(person.client), code_of(person.client)
    number = submit(drafts, code, services_of(person.client.application).clock())
    filed = {one.form: one.values for one in drafts.filings(code)}
    assert ("width" in filed["sign"], "width" in filed["terrace"]) == (first, second)
    assert ("seats" in filed["terrace"]) == second
    with drafts.store.read() as session:
        kept = json.dumps(session.query(Case).one().answers, ensure_ascii=False)
    assert ("示例宽" in kept) == (first or second)
    with person.client.session_transaction() as session:
        session["cases"] = {number: code}
    shown = person.client.get(f"/cases/{number}").get_data(as_text=True)
    assert ("示例宽" in shown) == (first or second)
    assert ("示例座" in shown) == second


def test_what_a_hidden_section_holds_is_filed_nowhere_and_is_back_when_it_is_shown_again(open_with):
    person = open_with(shop_library())
    fill(person, "shop", **{"shop--sign": "no", "shop--terrace": "yes", "shop--name": "甲店"})
    fill(person, "shop", **{"shop--width": "示例宽"})
    fill(person, "garden", **{"garden--seats": "示例座"})
    fill(person, "shop", **{"shop--terrace": "no"})
    assert "/apply/try/garden" not in person.sections()
    assert "示例座" not in person.get("/apply/try/check").text
    drafts = drafts_of(person.client)
    assert drafts.look(drafts.open(code_of(person.client)), Clock()().date()).mistakes == []
    fill(person, "shop", **{"shop--terrace": "yes"})
    page = person.get("/apply/try/garden")
    assert page.one("input", name="garden.seats").get("value") == "示例座"
    fill(person, "garden")
    assert "示例座" in person.get("/apply/try/check").text


def test_an_option_that_is_gone_is_kept_shown_and_named_until_somebody_chooses_again(open_with):
    person = open_with(shop_library())
    fill(person, "shop", **{"shop--sign": "no", "shop--terrace": "no", "shop--name": "甲店", "shop--kind": "2"})
    send(person.client, person.get("/apply/try/shop"), **{"shop--tags": ["0", "2"]})
    before = answers_of(person)["shop"]
    assert (before["kind"], before["tags"]) == ("blue", ["red", "blue"])
    later = open_with(shop_library(kinds=("red", "green")))
    page = later.get("/apply/try/shop")
    assert page.text.count("原来填的是“blue”") == 2
    assert answers_of(later)["shop"] == before, "looking deletes nothing"
    for _ in range(2):
        response = send(later.client, later.get("/apply/try/shop"))
        assert response.status_code == 422
        assert any("kind" in text for text in Page(response).errors())
    assert sorted(answers_of(later)["shop"]["tags"]) == ["blue", "red"], "saving deletes nothing"
    assert answers_of(later)["shop"]["kind"] == "blue"
    page = later.get("/apply/try/shop")
    chosen = {"shop--kind": "1", "shop--tags": ["0"], "shop--tags__stray": []}
    assert send(later.client, page, **chosen).status_code == 302
    assert answers_of(later)["shop"]["kind"] == "green"
    assert answers_of(later)["shop"]["tags"] == ["red"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("operator", "name"), ["x"]),
        (("operator", "id_type"), "999"),
        (("premises", "address"), {"province": "浙江省", "gone": "旧栏目"}),
        (("premises", "address"), "浙江省永康市"),
        (("fire", "facilities"), "not a list"),
        (("fire", "exits"), {"a": 1}),
        (("premises", "is_military"), "maybe"),
        (("extinguishers",), "not a list"),
    ],
)
def test_whatever_stands_in_a_draft_survives_looking_and_saving(quick_site, path, value, answers_of):
    form, answers = answers_of("catering", 1, entity_kind="individual", holds_licence=False)
    client = client_of(quick_site)
    person = PlainApplicant(client, "catering")
    person.begin(form.facts)
    drafts = drafts_of(client)
    odd = json.loads(json.dumps(answers))
    node = odd
    for key in path[:-1]:
        node = node.setdefault(key, {})
    node[path[-1]] = value
    with drafts.store.write() as session:
        case = session.query(Case).one()
        case.answers = {**odd, "facts": case.answers["facts"]}
    for address in person.sections():
        if not address.endswith("sign-off"):
            send(client, person.get(address), action="refresh")
    kept = drafts.open(code_of(client)).answers
    for key in path:
        kept = kept[key]
    assert kept == value
    wrong = drafts.look(drafts.open(code_of(client)), services_of(quick_site).clock().date()).mistakes
    assert any(i.pointer.startswith("/" + "/".join(path)) for i in wrong)


def test_what_a_page_could_not_show_is_kept_and_nothing_made_up_beside_it(quick_site, answers_of):
    form, answers = answers_of("catering", 1, entity_kind="individual", holds_licence=False)
    client = client_of(quick_site)
    person = PlainApplicant(client, "catering")
    person.begin(form.facts)
    drafts_of(client).replace(code_of(client), answers, services_of(quick_site).clock(), demo_file)
    for made_up in ('[["x"]]', '{"a": 1}', "[" * 5000, "NaN", "1e999", '"x"', ""):
        for section in ("food", "fire", "premises"):
            strays = {
                "food--items_catering": [],
                "food--items_catering__stray": made_up,
                "fire--facilities__stray": made_up,
            }
            page = person.get(f"/apply/catering/{section}")
            send(client, page, action="refresh", **strays, **{"premises--address__stray": made_up})
        assert person.client.get("/apply/catering").status_code == 200
        kept = drafts_of(client).open(code_of(client)).answers
        assert kept["fire"]["facilities"] == answers["fire"]["facilities"]
        assert kept["premises"]["address"] == answers["premises"]["address"]
        assert "items_catering" not in kept["food"]
