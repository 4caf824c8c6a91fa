"""A guiding question that is answered with a number: one form for many numbers, and what a department says of it."""

from __future__ import annotations

import pytest
import tiny

from web.services import services_of

from .applicant import PlainApplicant
from .conftest import Clock, client_of, make_site

AREA = {
    "title": "店铺建筑面积",
    "description": "300 平方米起要消防检查",
    "type": "number",
    "minimum": 1,
    "x-element": "shop.area",
}


@pytest.fixture
def client(new_database, settings_of):
    world = {"shop": tiny.subject({"name": tiny.text(), "area": {"type": "number", "x-sample": [1, 5000]}})}
    forms = {
        "base": tiny.department("base", {"n": {"type": "string", "x-element": "shop.name"}}),
        "fire": tiny.department("fire", {"a": {"type": "number", "x-element": "shop.area", "maximum": 5000}}),
    }
    entries = [
        {"form": "base", "reason": "开业"},
        {"form": "fire", "when": {"facts.area": {"minimum": 300}}, "reason": "面积大"},
    ]
    rest = {"x-forms": entries, "x-typical": {"facts": {"area": 86}}}
    library = tiny.library(world, forms, facts={"area": AREA}, scenario=rest)
    return client_of(make_site(settings_of(new_database("sqlite")), library, Clock()))


def test_a_number_is_asked_once_and_a_department_that_refuses_it_is_named_where_it_can_be_changed(client):
    person = PlainApplicant(client, "try")
    page = person.get("/scenarios/try?area=6000")
    assert "2 个事项" in page.text
    action, standing = page.form(method="post", action="/apply/try")
    assert client.post(action, data=dict(standing)).status_code == 302
    page = person.get("/apply/try/check")
    links = {"".join(node.itertext()): node.get("href") for node in page.all("a")}
    (refused,) = [href for text, href in links.items() if "店铺建筑面积" in text and "5000" in text]
    assert refused == "/scenarios/try#q-area"
    page = person.get("/scenarios/try")
    assert "6000" in [node.get("value") for node in page.all("input", id="q-area")]
    _, standing = page.form(method="post", action="/apply/try")
    client.post("/apply/try", data={**dict(standing), "area": "4000"})
    assert "5000" not in person.get("/apply/try/check").text


def test_other_numbers_of_the_same_form_make_no_new_one(client):
    catalogue = services_of(client.application).catalogue
    for area in ("86", "87", "299.5", "8０"):
        assert client.get("/scenarios/try", query_string={"area": area}).status_code == 200
    assert len(catalogue._served) == 1
    assert client.get("/scenarios/try", query_string={"area": "-5"}).status_code == 200
    assert client.get("/scenarios/try", query_string={"area": "9" * 400}).status_code == 200
    assert len(catalogue._served) == 1
