"""A submission becomes a filing for each department, and the filings give it back."""

import itertools

import pytest
from tiny import department, library, rows, subject, text, whole

import formengine
from formengine.answers.join import lossy, merged_order

SHOP = subject({"name": text(), "area": whole(), "kinds": {"type": "array", "items": {"enum": ["a", "b"]}}})
STAFF = rows({"name": text(), "cooks": {"type": "boolean"}, "age": whole(0, 99)})


def table(*columns, **more):
    found = {name: {"title": name, "x-element": f"staff.{name}"} for name in columns}
    return {"type": "array", "x-element": {"rows": {"list": "staff", **more}}, "items": {"properties": found}}


def option(code):
    both = {"yes": "1", "no": "0"}
    return {"x-element": {"option": {"element": "shop.kinds", "code": code, **both}}, "enum": ["1", "0"]}


def merged(**forms):
    made = {name: department(name, properties, required=[]) for name, properties in forms.items()}
    return formengine.merge(library({"shop": SHOP, "staff": STAFF}, made), "try")


NAME = {"n": {"x-element": "shop.name", "type": "string"}}
PEOPLE = [
    {"id": "x", "name": "甲", "cooks": True, "age": 20},
    {"id": "y", "name": "乙", "cooks": False, "age": 30},
    {"id": "z", "name": "丙", "cooks": True, "age": 40},
]


def test_each_department_gets_its_own_fields_and_nothing_else():
    form = merged(a={**NAME, "t": table("name")}, b={"m": {"x-element": "shop.area", "type": "integer"}})
    filings = formengine.split(form, {"shop": {"name": "甲", "area": 3}, "staff": PEOPLE[:1]})
    assert {name: filing.values for name, filing in filings.items()} == {
        "a": {"n": "甲", "t": [{"name": "甲"}]},
        "b": {"m": 3},
    }


def test_rows_of_several_tables_come_back_as_one_list_in_their_order():
    form = merged(
        a={"t": table("name", "cooks", where={"staff.cooks": True})},
        b={"t": table("name", "cooks", "age")},
    )
    answers = {"staff": PEOPLE}
    filings = formengine.split(form, answers)
    assert filings["a"].rows["t"] == ("x", "z")
    assert formengine.join(form, filings) == answers
    only = formengine.join(form, {"a": filings["a"]})["staff"]
    assert [row["id"] for row in only] == ["x", "z"]


def test_what_no_filing_carries_whole_is_listed_and_left_out():
    form = merged(a={**NAME, "k": option("a")})
    assert lossy(form) == ["shop.kinds"]
    filings = formengine.split(form, {"shop": {"name": "甲", "kinds": ["a"]}})
    assert formengine.join(form, filings) == {"shop": {"name": "甲"}}


@pytest.mark.parametrize("chosen", [[], ["a"], ["b"], ["a", "b"]])
def test_a_list_of_choices_comes_back_where_every_option_is_filed_by_somebody(chosen):
    form = merged(a={"k": option("a")}, b={"k": option("b")})
    assert lossy(form) == []
    answers = {"shop": {"kinds": chosen}}
    assert formengine.join(form, formengine.split(form, answers)) == answers


def test_what_decides_and_nobody_receives_is_listed():
    form = merged(a={"t": table("name", where={"staff.cooks": True})})
    assert "staff.cooks" in lossy(form)


def orders_of(ids):
    for size in range(1, len(ids) + 1):
        yield from itertools.combinations(ids, size)


def test_one_order_respects_the_order_of_every_table():
    whole_order = ("a", "b", "c", "d")
    for left, right in itertools.product(orders_of(whole_order), repeat=2):
        found = merged_order([left, right])
        assert set(found) == {*left, *right}
        for order in (left, right):
            assert [one for one in found if one in order] == list(order)


def test_orders_that_contradict_each_other_still_give_every_row_once():
    assert sorted(merged_order([("a", "b"), ("b", "a"), ("c",)])) == ["a", "b", "c"]
    assert merged_order([]) == []


@pytest.mark.parametrize("answers", [float("nan"), {"shop": {"name": "\ud800"}}, {1: 2}])
def test_what_is_no_json_is_not_filed(answers):
    with pytest.raises(formengine.FormEngineError, match="读不了"):
        formengine.split(merged(a=NAME), answers)


@pytest.mark.parametrize(
    ("issued", "says"),
    [({"shop.nothing": 1}, "数据字典里没有"), ({"shop.area": "big"}, "不符合数据字典"), ([1], "须是一个对象")],
)
def test_issued_values_that_cannot_be_are_refused(issued, says):
    with pytest.raises(formengine.FormEngineError, match=says):
        formengine.split(merged(a=NAME), {}, issued)
