"""Tables under conditions: what is demanded of their columns stands in the printed schema too."""

import random

import jsonschema
import pytest
from tiny import TODAY, department, library, rows, subject, text

from formengine import MergeConflict, merge, split, validate

STAFF = rows({"name": text(), "card": text(), "cooks": {"type": "boolean"}})
SUBJECTS = {"staff": STAFF, "shop": subject({"kind": {"enum": ["big", "small"]}})}
KIND = {"x-element": "shop.kind", "enum": ["big", "small"]}


def table(**more):
    columns = {
        "xm": {"title": "姓名", "x-element": "staff.name", "type": "string"},
        "zh": {"title": "证号", "x-element": "staff.card", "type": "string"},
        "cf": {"title": "厨师", "x-element": "staff.cooks", "type": "boolean"},
    }
    items = {"type": "object", "properties": columns, **more}
    return {"x-element": {"rows": {"list": "staff"}}, "type": "array", "items": items}


def form_with(when, then, otherwise=None, **more):
    whole = {"if": when, "then": then, **({"else": otherwise} if otherwise else {})}
    form = department("a", {"lx": KIND, "ry": table(**more)}, required=["lx"], allOf=[whole])
    return merge(library(SUBJECTS, {"a": form}), "try")


def verdicts(form, answers):
    """Whether the printed schema, the department's own schema and the engine take the answers."""
    filed = split(form, answers)["a"].values
    return (
        jsonschema.Draft202012Validator(form.schema).is_valid(answers),
        jsonschema.Draft202012Validator(form.library.forms["a"].raw).is_valid(filed),
        validate(form, answers, TODAY) == [],
    )


COOKS_ROW = {"properties": {"cf": {"const": True}}, "required": ["cf"]}
BIG = {"properties": {"lx": {"const": "big"}}, "required": ["lx"]}
CARD = {"properties": {"ry": {"items": {"required": ["zh"]}}}}
SHORT = {"properties": {"ry": {"items": {"properties": {"xm": {"maxLength": 2}}}}}}
COOK = {
    "properties": {"ry": {"contains": {"properties": {"cf": {"const": True}}, "required": ["cf"]}}},
    "required": ["ry"],
}


@pytest.mark.parametrize(
    ("kind", "row", "good"),
    [
        ("big", {"name": "甲"}, False),
        ("big", {"name": "甲", "card": "K"}, True),
        ("small", {"name": "甲"}, True),
    ],
)
def test_a_column_that_is_required_under_a_condition(kind, row, good):
    form = form_with(BIG, CARD)
    answers = {"shop": {"kind": kind}, "staff": [{"id": "1", **row}]}
    assert verdicts(form, answers) == (good, good, good)
    if not good:
        assert [(i.pointer, i.code) for i in validate(form, answers, TODAY)] == [("/staff/0/card", "required")]


@pytest.mark.parametrize(
    ("kind", "name", "good"), [("big", "三个字", False), ("big", "两字", True), ("small", "三个字", True)]
)
def test_a_limit_on_a_column_under_a_condition(kind, name, good):
    form = form_with(BIG, SHORT)
    answers = {"shop": {"kind": kind}, "staff": [{"id": "1", "name": name}]}
    assert verdicts(form, answers) == (good, good, good)


@pytest.mark.parametrize(
    ("people", "good"),
    [
        ([{"cooks": False}], False),
        ([{"cooks": False, "card": "K"}], True),
        ([{"cooks": True}], True),
        ([{"cooks": True}, {"cooks": False}], True),
    ],
)
def test_what_is_demanded_of_every_row_where_no_row_is_such(people, good):
    form = form_with({"not": COOK}, CARD)
    answers = {"shop": {"kind": "big"}, "staff": [{"id": str(i), **one} for i, one in enumerate(people)]}
    assert verdicts(form, answers) == (good, good, good)


@pytest.mark.parametrize(
    ("people", "good"),
    [([{"cooks": True}, {"card": "K"}], False), ([{"cooks": True, "card": "K"}, {"card": "L"}], True), ([{}], True)],
)
def test_what_is_demanded_of_every_row_where_some_row_is_such(people, good):
    form = form_with(COOK, CARD)
    answers = {"shop": {"kind": "big"}, "staff": [{"id": str(i), **one} for i, one in enumerate(people)]}
    assert verdicts(form, answers) == (good, good, good)


@pytest.mark.parametrize(
    ("kind", "row", "good"),
    [
        ("big", {"cooks": True}, False),
        ("big", {"cooks": False}, True),
        ("small", {"cooks": True}, True),
        ("big", {"cooks": True, "card": "K"}, True),
    ],
)
def test_a_condition_on_the_row_inside_a_condition_on_the_answers(kind, row, good):
    cook = {"if": {"properties": {"cf": {"const": True}}, "required": ["cf"]}, "then": {"required": ["zh"]}}
    form = form_with(BIG, {"properties": {"ry": {"items": cook}}})
    answers = {"shop": {"kind": kind}, "staff": [{"id": "1", **row}]}
    assert verdicts(form, answers) == (good, good, good)


@pytest.mark.parametrize(
    ("kind", "row", "good"),
    [("big", {"cooks": True}, False), ("big", {"cooks": True, "card": "K"}, True), ("small", {"cooks": True}, True)],
)
def test_a_column_that_is_there_only_under_a_condition_on_its_row(kind, row, good):
    hides = {"if": {"properties": {"cf": {"const": True}}, "required": ["cf"]}, "else": {"properties": {"zh": False}}}
    form = form_with(BIG, CARD, None, allOf=[hides])
    answers = {"shop": {"kind": kind}, "staff": [{"id": "1", **row}]}
    assert verdicts(form, answers) == (good, good, good)


NO_CARD = {"properties": {"ry": {"items": {"properties": {"zh": False}}}}}
NO_CARD_FOR_COOKS = {"properties": {"ry": {"items": {"if": COOKS_ROW, "then": {"properties": {"zh": False}}}}}}


@pytest.mark.parametrize(
    ("hides", "kind", "cooks", "filed"),
    [
        (NO_CARD, "big", True, False),
        (NO_CARD, "small", True, True),
        (NO_CARD_FOR_COOKS, "big", True, False),
        (NO_CARD_FOR_COOKS, "big", False, True),
        (NO_CARD_FOR_COOKS, "small", True, True),
    ],
)
def test_a_column_that_a_condition_on_the_answers_takes_away_is_not_filed(hides, kind, cooks, filed):
    form = form_with(BIG, hides)
    answers = {"shop": {"kind": kind}, "staff": [{"id": "1", "cooks": cooks, "card": "K"}]}
    assert verdicts(form, answers) == (True, True, True)
    assert ("zh" in split(form, answers)["a"].values["ry"][0]) is filed


def test_what_only_a_hidden_column_asks_for_is_not_asked():
    form = form_with(BIG, NO_CARD, {"properties": {"ry": {"items": {"required": ["zh"]}}}})
    row = {"id": "1", "name": "甲"}
    assert verdicts(form, {"shop": {"kind": "big"}, "staff": [row]}) == (True, True, True)
    assert verdicts(form, {"shop": {"kind": "small"}, "staff": [row]}) == (False, False, False)


ROW_TESTS = [COOKS_ROW, {"properties": {"xm": {"const": "甲"}}, "required": ["xm"]}, {"required": ["zh"]}]
FORM_TESTS = [BIG, COOK, {"not": COOK}, {"not": BIG}, {"anyOf": [BIG, COOK]}, {"allOf": [BIG, {"not": COOK}]}]
DEMANDS = [
    {"required": ["zh"]},
    {"required": ["xm"]},
    {"properties": {"xm": {"maxLength": 2}}},
    {"properties": {"zh": {"minLength": 2}}},
    {"properties": {"zh": False}},
    {"anyOf": [{"required": ["xm"]}, {"required": ["zh"]}]},
]


def random_condition(rng):
    """A condition on the form whose consequence is about the columns, perhaps under one on the row."""
    items = rng.choice(DEMANDS)
    if rng.random() < 0.5:
        items = {"if": rng.choice(ROW_TESTS[:2]), rng.choice(["then", "else"]): items}
    return {"if": rng.choice(FORM_TESTS), rng.choice(["then", "else"]): {"properties": {"ry": {"items": items}}}}


def random_answers(rng):
    people = [
        {
            "id": str(index),
            **({"name": rng.choice(["甲", "三个字"])} if rng.random() < 0.6 else {}),
            **({"card": rng.choice(["K", "K2"])} if rng.random() < 0.5 else {}),
            **({"cooks": rng.random() < 0.5} if rng.random() < 0.7 else {}),
        }
        for index in range(rng.randrange(4))
    ]
    return {"shop": {"kind": rng.choice(["big", "small"])}, **({"staff": people} if people else {})}


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_conditions_the_printed_schema_the_engine_and_the_department_agree(seed):
    rng = random.Random(seed)
    form = department(
        "a", {"lx": KIND, "ry": table()}, required=["lx"], allOf=[random_condition(rng) for _ in range(2)]
    )
    try:
        merged = merge(library(SUBJECTS, {"a": form}), "try")
    except MergeConflict:
        return
    for _ in range(40):
        answers = random_answers(rng)
        printed, departments, ours = verdicts(merged, answers)
        assert printed == departments == ours, (form["allOf"], answers)
