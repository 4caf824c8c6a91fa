"""Whether some value meets several limits together, and which two of them exclude each other."""

import pytest

from formengine.binding.base import Source
from formengine.conditions import TRUE, parse
from formengine.errors import MergeConflict
from formengine.merging.limits import Clash, Limit, as_decimal, conflict_of, conjoined, culprits, text_lengths

A, B, OWN = Source("a", "甲", "x"), Source("b", "乙", "y"), Source("", "名", "shop.x", "element")


@pytest.mark.parametrize(
    ("schemas", "conflict"),
    [
        ([{"minimum": 1}], False),
        ([{"minimum": 1}, {"minimum": 1}], False),
        ([{"minimum": 5, "type": "number"}, {"maximum": 5, "type": "number"}], False),
        ([{"minimum": 6, "type": "number"}, {"maximum": 5, "type": "number"}], True),
        ([{"enum": ["a"]}, {"enum": ["a", "b"]}], False),
        ([{"enum": ["a"]}, {"const": "b"}], True),
        ([{"enum": ["abc"]}, {"type": "string", "format": "uscc"}], True),
        ([{"enum": ["abc"], "format": "uscc"}], True),
        ([{"type": "string"}, {"type": "integer"}], True),
        ([as_decimal({"minimum": 6}), as_decimal({"maximum": 5})], True),
        ([as_decimal({"minimum": 5}), as_decimal({"maximum": 5}), {"type": "string"}], False),
        ([True, {"type": "string"}], False),
    ],
)
def test_limits_that_no_value_meets_together_are_a_conflict(schemas, conflict):
    assert (conflict_of(schemas) is not None) is conflict


def limit(schema, source):
    return Limit(TRUE, schema, source, schema)


def test_of_many_limits_the_two_that_exclude_each_other_are_named():
    limits = [limit({"minimum": n, "type": "number"}, Source(f"f{n}", str(n), "x")) for n in range(4)]
    low = limit({"maximum": 2, "type": "number"}, A)
    left, right, _ = culprits([*limits, low], MergeConflict(""), True)
    assert {left.source.form, right.source.form} == {"f3", "a"}


def test_a_limit_that_the_dictionary_excludes_goes_against_the_dictionary_where_no_two_forms_clash():
    own = limit({"maximum": 5, "type": "number"}, OWN)
    limits = [own, limit({"minimum": 9, "type": "number"}, A), limit({"minimum": 1, "type": "number"}, B)]
    left, right, _ = culprits(limits, MergeConflict(""), True)
    assert {left.source, right.source} == {OWN, A}


def test_where_no_two_clash_the_first_and_the_last_party_are_named():
    limits = [limit({"type": "number"}, OWN), limit({"minimum": 1}, A), limit({"minimum": 2}, B)]
    left, right, conflict = culprits(limits, MergeConflict("三者"), True)
    assert (left.source, right.source, str(conflict)) == (A, B, "三者")


@pytest.mark.parametrize(
    ("sources", "guard", "stops"),
    [
        ((A, B), parse({"shop.kind": "big"}), True),
        ((A, OWN), TRUE, True),
        ((A, OWN), parse({"shop.kind": "big"}), False),
        ((A, A), parse({"shop.kind": "big"}), False),
    ],
)
def test_a_clash_stops_the_merge_where_two_departments_or_everybody_meet_it(sources, guard, stops):
    assert Clash("shop.x", sources, guard, MergeConflict("")).stops is stops


ADDRESS = {
    "properties": {
        "road": {"type": "string", "minLength": 2, "maxLength": 9},
        "no": {"type": "string", "maxLength": 4},
    },
    "required": ["road"],
}


@pytest.mark.parametrize(
    ("schema", "inner", "wanted"),
    [
        ({"type": "string", "minLength": 3}, (), (3, None)),
        ({"type": "string", "maxLength": 3}, (), (0, 3)),
        ({"type": "integer"}, (), (0, None)),
        (ADDRESS, (), (2, 13)),
        (ADDRESS, ("no",), (0, 4)),
        (ADDRESS, ("none",), (0, None)),
        ({"properties": {"a": {"type": "string"}}, "required": ["a"]}, (), (0, None)),
        (True, ("a",), (0, None)),
    ],
)  # fmt: skip
def test_a_value_has_a_shortest_and_a_longest_text(schema, inner, wanted):
    assert text_lengths(schema, inner) == wanted


def test_limits_are_joined_and_those_that_exclude_each_other_say_nothing():
    assert conjoined([{"minimum": 1}, {"maximum": 3}]) == {"minimum": 1, "maximum": 3}
    assert conjoined([{"type": "string"}, {"type": "number"}]) is True
    assert conjoined([]) is True
