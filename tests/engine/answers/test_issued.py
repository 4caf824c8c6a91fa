"""Values that a licence of the case will yield: open, wherever they stand, until they are there; then judged."""

import pytest
from tiny import TODAY, department, library, rows, subject, text

import formengine
from formengine import join, merge, split, validate

SUBJECTS = {
    "shop": subject(
        {
            "name": text(),
            "code": {"type": "string", "pattern": "^[0-9]{4}$", "examples": ["1234"]},
            "capital": {"type": "number", "x-sample": [1, 9]},
            "kind": {"type": "string", "oneOf": [{"const": "a", "title": "甲"}, {"const": "b", "title": "乙"}]},
            "address": {
                "type": "object",
                "properties": {k: {"title": k, "type": "string", "minLength": 1} for k in ("town", "number")},
                "required": ["town"],
            },
        }
    ),
    "staff": rows({"name": text()}),
}
YIELDS = {f"shop.{name}": name for name in ("code", "capital", "kind", "address")}
PAPER = {"paper": {"title": "执照", "properties": {name: {} for name in YIELDS.values()}, "x-yields": YIELDS}}
STRING = {"type": "string"}


def form_with(field, **rest):
    """The food office's form with one field, decided after the register's."""
    register = {"mc": {"x-element": "shop.name", **STRING}}
    forms = {
        "reg": department("reg", register, **{"x-licence": "paper"}),
        "food": department("food", {"x": {"title": "栏目", **field}}, **rest),
    }
    order = {"x-order": [{"before": "reg", "after": "food", "reason": "先照后证"}]}
    return merge(library(SUBJECTS, forms, scenario=order, licences=PAPER), "try")


ANSWERS = {"shop": {"name": "小店"}, "staff": [{"id": "r1", "name": "甲"}]}
BOUND = {
    "whole": ({"x-element": "shop.code", **STRING}, {"shop.code": "1234"}, "1234"),
    "line": (
        {"x-element": {"join": {"parts": ["shop.name", "shop.code"], "separator": "-"}}, **STRING},
        {"shop.code": "1234"},
        "小店-1234",
    ),
    "unit": (
        {"x-element": {"unit": {"element": "shop.capital", "multiply": "10000"}}, "type": "number"},
        {"shop.capital": 5},
        50000,
    ),
    "code": (
        {"x-element": {"map": {"element": "shop.kind", "codes": {"a": "1", "b": "2"}}}, **STRING},
        {"shop.kind": "b"},
        "2",
    ),
    "part": ({"x-element": "shop.address.town", **STRING}, {"shop.address": {"town": "镇", "number": "1"}}, "镇"),
    "computed": (
        {"x-element": {"derive": {"function": "join", "from": ["shop.code", "shop.name"]}}, **STRING},
        {"shop.code": "1234"},
        "1234小店",
    ),
    "chosen": (
        {
            "x-element": {"choose": [{"when": {"shop.name": "无"}, "then": "shop.name"}, {"then": "shop.code"}]},
            **STRING,
        },
        {"shop.code": "1234"},
        "1234",
    ),
}


@pytest.mark.parametrize("name", BOUND)
def test_what_is_made_of_an_issued_value_waits_for_it_whole(name):
    field, issued, wanted = BOUND[name]
    form = form_with(field)
    assert validate(form, ANSWERS, TODAY) == []
    waiting = split(form, ANSWERS)["food"]
    assert waiting.values == {}
    assert [(p["code"], p["element"]) for p in waiting.pending] == [("x", next(iter(issued)))]
    done = split(form, ANSWERS, issued)["food"]
    assert (done.values, done.pending) == ({"x": wanted}, ())
    assert join(form, split(form, ANSWERS, issued)) == {"shop": {"name": "小店"}}


def test_a_column_waits_too_and_the_rest_of_its_row_is_filed():
    name, code = ({"title": t, "x-element": e, **STRING} for t, e in (("n", "staff.name"), ("c", "shop.code")))
    items = {"type": "object", "properties": {"n": name, "c": code}, "required": ["n", "c"]}
    form = form_with({"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": items})
    assert validate(form, ANSWERS, TODAY) == []
    waiting = split(form, ANSWERS)["food"]
    assert waiting.values == {"x": [{"n": "甲"}]}
    assert [p["code"] for p in waiting.pending] == ["x/c"]
    assert split(form, ANSWERS, {"shop.code": "1234"})["food"].values == {"x": [{"n": "甲", "c": "1234"}]}


@pytest.mark.parametrize(
    ("field", "issued"),
    [
        ({"x-element": "shop.code", **STRING, "pattern": "^9"}, {"shop.code": "1234"}),
        ({**BOUND["line"][0], "maxLength": 5}, {"shop.code": "1234"}),
        ({**BOUND["unit"][0], "maximum": 10}, {"shop.capital": 5}),
        ({"x-element": "shop.code", **STRING}, {"shop.code": "12"}),
        ({"x-element": "shop.code", **STRING}, {"shop.nothing": "1234"}),
        ({"x-element": "shop.code", **STRING}, {"shop.code": float("nan")}),
        ({"x-element": "shop.code", **STRING}, ["shop.code"]),
    ],
)
def test_an_issued_value_that_somebody_refuses_is_refused_with_the_reason(field, issued):
    form = form_with(field)
    assert validate(form, ANSWERS, TODAY) == []
    with pytest.raises(formengine.FormEngineError, match=r"核发|数据字典"):
        split(form, ANSWERS, issued)


def test_a_fixed_value_is_filed_in_the_departments_unit():
    forms = {"f": department("f", {"x": {"title": "x", **BOUND["unit"][0]}})}
    made = library(SUBJECTS, forms, scenario={"x-constants": {"shop.capital": 5}})
    assert split(merge(made, "try"), {})["f"].values == {"x": 50000}


def test_an_issued_value_that_a_column_refuses_is_refused_too():
    name, code = ({"title": t, "x-element": e, **STRING} for t, e in (("n", "staff.name"), ("c", "shop.code")))
    items = {"type": "object", "properties": {"n": name, "c": {**code, "pattern": "^9"}}, "required": ["n", "c"]}
    form = form_with({"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": items})
    with pytest.raises(formengine.FormEngineError, match="核发"):
        split(form, ANSWERS, {"shop.code": "1234"})
