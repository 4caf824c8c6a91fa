"""Conditions evaluated: an absent value makes an atom false; quick tests have the verdict of the judge."""

import json

import pytest

from formengine.conditions import FALSE, TRUE, All, AnyOf, Atom, Has, Not, canonical, parse, present
from formengine.evaluate import compile_condition, value_test
from formengine.judges import test_of as judge_of
from formengine.rows import Cells

SCHEMAS = [
    {},
    True,
    {"const": True},
    {"const": False},
    {"const": "a"},
    {"const": 1},
    {"enum": ["a", "b"]},
    {"enum": ["a", 1]},
    {"contains": {"const": "a"}},
    {"contains": {"enum": ["a", "b"]}},
    {"minimum": 2},
    {"type": "string"},
    {"not": {"const": "a"}},
]
VALUES = [None, True, False, 0, 1, 1.0, 2, 2.5, "a", "b", "", [], ["a"], ["c"], [1], {}, {"a": 1}]


@pytest.mark.parametrize("schema", SCHEMAS, ids=canonical)
def test_a_quick_test_has_the_verdict_of_the_judge(schema):
    quick, judge = value_test(canonical(schema)), judge_of(json.dumps(schema))
    assert [quick(value) for value in VALUES] == [judge(value) for value in VALUES]


def test_an_absent_value_makes_an_atom_false_and_its_opposite_true():
    kind = parse({"shop.kind": "big"})
    assert not compile_condition(kind)({})
    assert compile_condition(Not(kind))({})
    assert not compile_condition(present("shop.kind"))({})
    assert compile_condition(present("shop.kind"))({"shop.kind": None})


@pytest.mark.parametrize(
    ("cond", "verdict"),
    [
        (TRUE, True),
        (FALSE, False),
        (All((present("a"), present("b"))), False),
        (AnyOf((present("a"), present("b"))), True),
        (Atom("a", '{"minimum":3}'), True),
        (Atom("a", '{"minimum":4}'), False),
    ],
)
def test_all_of_the_parts_or_any(cond, verdict):
    assert compile_condition(cond)({"a": 3}) is verdict


def rows(*flags):
    made = []
    for flag in flags:
        made.append(Cells({}, "staff"))
        made[-1].columns["staff.cooks"] = flag
    return {"staff": made}


@pytest.mark.parametrize(
    ("scope", "minimum", "verdict"),
    [
        (rows(True, False), 1, True),
        (rows(True, False), 2, False),
        (rows(True, True), 2, True),
        (rows(), 1, False),
        ({}, 1, False),
        ({"staff": "no list"}, 1, False),
    ],
)
def test_so_many_rows_are_such(scope, minimum, verdict):
    assert compile_condition(Has("staff", parse({"staff.cooks": True}), minimum))(scope) is verdict
