"""Limits that cannot be met together are refused with both names and a value that one side takes."""

import pytest
from tiny import department, library, rows, subject, text, whole

from formengine import MergeConflict, merge

SHOP = {
    "shop": subject({"name": text(), "area": {"type": "number", "x-sample": [1, 9]}, "kind": {"enum": ["1", "2", "3"]}})
}


def two(left, right, subjects=None, **rest):
    forms = {"a": department("a", {"x": left}, **rest), "b": department("b", {"y": right}, **rest)}
    return library(subjects or SHOP, forms)


@pytest.mark.parametrize(
    ("path", "left", "right"),
    [
        ("shop.area", {"type": "number", "minimum": 10}, {"type": "number", "maximum": 5}),
        ("shop.area", {"type": "number", "exclusiveMinimum": 5}, {"type": "number", "maximum": 5}),
        ("shop.kind", {"enum": ["1"]}, {"enum": ["2", "3"]}),
        ("shop.name", {"type": "string", "pattern": "^A"}, {"type": "string", "pattern": "^B"}),
        ("shop.name", {"type": "string", "minLength": 9}, {"type": "string", "maxLength": 3}),
        ("shop.name", {"type": "string", "format": "uscc"}, {"type": "string", "maxLength": 5, "format": "uscc"}),
    ],
)
@pytest.mark.parametrize("required", [True, False])
def test_limits_that_exclude_each_other_are_refused(path, left, right, required):
    if left.get("format") == "uscc":
        left = {**left, "minLength": 18}
    rest = {} if required else {"required": []}
    with pytest.raises(MergeConflict) as caught:
        merge(two({"x-element": path, **left}, {"x-element": path, **right}, **rest), "try")
    conflict = caught.value
    assert any("a表" in party for party in conflict.parties)
    assert any("b表" in party for party in conflict.parties)
    assert conflict.pointer == "/" + path.replace(".", "/")


def test_the_witness_is_taken_by_one_side_and_refused_by_the_other():
    with pytest.raises(MergeConflict) as caught:
        merge(
            two(
                {"x-element": "shop.area", "type": "number", "minimum": 10},
                {"x-element": "shop.area", "type": "number", "maximum": 5},
            ),
            "try",
        )
    conflict = caught.value
    assert conflict.has_witness
    assert (conflict.witness >= 10) != (conflict.witness <= 5)


def test_a_conflict_in_a_column_is_refused_too():
    subjects = {"staff": rows({"name": text(), "age": whole(0, 200)})}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}}

    def with_limit(limit):
        return {
            **table,
            "items": {
                "type": "object",
                "properties": {"nl": {"title": "年龄", "x-element": "staff.age", "type": "integer", **limit}},
            },
        }

    with pytest.raises(MergeConflict, match="a表"):
        merge(two(with_limit({"minimum": 60}), with_limit({"maximum": 16}), subjects), "try")


def test_a_table_that_must_be_longer_than_another_allows_is_refused():
    subjects = {"staff": rows({"name": text()})}
    items = {"type": "object", "properties": {"xm": {"title": "姓名", "x-element": "staff.name", "type": "string"}}}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": items}
    with pytest.raises(MergeConflict, match="至少要 3 行"):
        merge(two({**table, "minItems": 3}, {**table, "maxItems": 2}, subjects), "try")


def test_a_conflict_under_a_shared_condition_is_refused_and_under_opposite_ones_is_not():
    def conditional(kind, limit):
        return {
            "properties": {
                "k": {"title": "k", "x-element": "shop.kind", "enum": ["1", "2", "3"]},
                "m": {"title": "m", "x-element": "shop.area", "type": "number"},
            },
            "required": ["k"],
            "allOf": [
                {"if": {"properties": {"k": {"const": kind}}, "required": ["k"]}, "then": {"properties": {"m": limit}}}
            ],
        }

    def lib(left, right):
        forms = {n: {**department(n, {}), **conditional(*c)} for n, c in (("a", left), ("b", right))}
        return library(SHOP, forms)

    with pytest.raises(MergeConflict):
        merge(lib(("1", {"minimum": 10}), ("1", {"maximum": 5})), "try")
    assert merge(lib(("1", {"minimum": 10}), ("2", {"maximum": 5})), "try").fields


def test_limits_that_only_touch_are_merged():
    form = merge(
        two(
            {"x-element": "shop.area", "type": "number", "minimum": 5},
            {"x-element": "shop.area", "type": "number", "maximum": 5},
        ),
        "try",
    )
    shop = form.schema["properties"]["shop"]["properties"]["area"]
    assert shop.get("const", shop.get("minimum")) == 5
