"""Answers looked at: what is asked and visible, what is computed, row by row."""

import copy

import pytest
from tiny import department, library, rows, subject, text, whole

import formengine
from formengine.answers.resolve import Resolved
from formengine.paths import Place

SHOP = subject(
    {
        "name": text(),
        "kind": {"enum": ["big", "small"]},
        "area": whole(**{"x-when": {"shop.kind": "big"}}),
        "double": {"type": "number", "x-derive": [{"function": "sum", "from": ["shop.area", "shop.area"]}]},
        "sign": text(**{"x-default": [{"function": "copy", "from": ["shop.name"]}]}),
    }
)
STAFF = rows(
    {
        "name": text(),
        "cooks": {"type": "boolean"},
        "card": text(**{"x-when": {"staff.cooks": True}}),
        "badge": text(**{"x-default": [{"function": "copy", "from": ["staff.name"]}]}),
    }
)


@pytest.fixture(scope="module")
def form():
    shop = {"name": "string", "area": "integer", "double": "number", "sign": "string"}
    properties = {code: {"x-element": f"shop.{code}", "type": kind} for code, kind in shop.items()}
    columns = {name: {"title": name, "x-element": f"staff.{name}"} for name in ("name", "cooks", "card", "badge")}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": {"properties": columns}}
    made = department("a", {"kind": {"x-element": "shop.kind"}, **properties, "t": table}, required=[])
    return formengine.merge(library({"shop": SHOP, "staff": STAFF}, {"a": made}), "try")


def test_what_is_not_asked_is_not_there_and_what_is_computed_is_known_and_not_stored(form):
    answers = {"shop": {"name": "甲", "kind": "big", "area": 3}}
    found = Resolved(form, answers)
    assert found.stored["shop.area"] == 3
    assert found.values["shop.double"] == 6
    assert "shop.double" not in found.stored
    small = Resolved(form, {"shop": {**answers["shop"], "kind": "small"}})
    assert "shop.area" not in small.stored
    assert small.visible_answers() == {"shop": {"kind": "small", "name": "甲"}}


def test_answers_that_are_not_asked_come_back_with_what_asks_for_them(form):
    answers = {"shop": {"kind": "small", "area": 3}}
    before = copy.deepcopy(answers)
    Resolved(form, answers)
    assert answers == before
    answers["shop"]["kind"] = "big"
    assert Resolved(form, answers).stored["shop.area"] == 3


def test_each_row_is_looked_at_on_its_own(form):
    people = [{"id": "r1", "cooks": True, "card": "1"}, {"cooks": False, "card": "2"}, {"id": "r3"}]
    found = Resolved(form, {"staff": people})
    assert [row.stored.columns.get("staff.card") for row in found.rows["staff"]] == ["1", None, None]
    assert [row.id for row in found.rows["staff"]] == ["r1", "#2", "r3"]
    visible = found.visible_answers()["staff"]
    assert visible == [{"id": "r1", "cooks": True, "card": "1"}, {"cooks": False}, {"id": "r3"}]


def test_a_suggestion_is_taken_only_where_that_is_wanted_and_nothing_was_answered(form):
    answers = {"shop": {"name": "甲"}, "staff": [{"name": "乙"}, {"name": "丙", "badge": "丁"}]}
    assert "shop.sign" not in Resolved(form, answers).stored
    found = Resolved(form, answers, suggest=True)
    assert found.given == {Place("shop.sign"): "甲", Place("staff.badge", 0): "乙"}
    assert found.completed()["shop"] == {"name": "甲", "sign": "甲"}
    assert [row["badge"] for row in found.completed()["staff"]] == ["乙", "丁"]
    assert "sign" not in answers["shop"]


def test_an_answer_of_nothing_is_an_answer(form):
    found = Resolved(form, {"shop": {"name": "甲", "sign": ""}}, suggest=True)
    assert found.given == {}
    assert found.stored["shop.sign"] == ""


@pytest.mark.parametrize(
    "answers",
    [None, [], "text", {"shop": 5}, {"shop": [1]}, {"staff": 5}, {"staff": [None, 5, [], "x"]}, {"staff": {"name": 1}}],
)
def test_answers_of_any_shape_are_looked_at_and_nothing_is_made_up(form, answers):
    found = Resolved(form, answers, suggest=True)
    assert found.given == {}
    assert found.visible_answers().keys() <= {"shop", "staff"}
    if isinstance(answers, dict) and isinstance(answers.get("staff"), list):
        assert found.visible_answers()["staff"] == answers["staff"]


def test_every_visible_text_is_told_with_its_place(form):
    answers = {"shop": {"name": "甲", "kind": "small", "area": "not asked"}, "staff": [{"name": "乙"}]}
    found = {place.pointer: said for place, said in Resolved(form, answers).texts()}
    assert found == {"/shop/name": "甲", "/shop/kind": "small", "/staff/0/name": "乙"}


def test_what_a_licence_yields_stands_among_the_values(form):
    assert Resolved(form, {}, {"shop.name": "甲"}).values["issued:shop.name"] == "甲"
