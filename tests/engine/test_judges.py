"""The one judge of values: it refuses and says why, by keyword, limit and place."""

import pytest

from formengine.conditions import canonical
from formengine.judges import compiled, compiled_to_refuse, failures, matches, with_pattern
from formengine.judges import test_of as judge_of


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ({"maxLength": 2}, "三个字", ("maxLength", 2, ())),
        ({"minimum": 3}, 2, ("minimum", 3, ())),
        ({"enum": ["a"]}, "b", ("enum", ["a"], ())),
        ({"properties": {"a": {"const": 1}}}, {"a": 2}, ("const", 1, ("a",))),
        ({"required": ["a"]}, {}, ("required", "a", ("a",))),
        ({"items": {"type": "string"}}, ["x", 3], ("type", "string", (1,))),
        ({"properties": {"a": False}}, {"a": 1}, ("additionalProperties", None, ("a",))),
        ({"items": False}, ["x"], ("type", None, (0,))),
        ({"format": "date"}, "2026-02-30", ("format", "date", ())),
    ],
)
def test_a_refusal_says_keyword_limit_and_place(schema, value, told):
    (failure,) = failures(canonical(schema), value)
    assert (failure.keyword, failure.keys) == (told[0], told[2])
    if told[1] is not None:
        assert str(told[1]) in str(failure.limit)


def test_every_refusal_is_named():
    schema = {"required": ["a", "b"], "properties": {"c": {"maxLength": 1}}}
    found = sorted((one.keyword, one.keys) for one in failures(canonical(schema), {"c": "xx"}))
    assert found == [("maxLength", ("c",)), ("required", ("a",)), ("required", ("b",))]
    assert list(failures(canonical(schema), {"a": 1, "b": 2})) == []


@pytest.mark.parametrize("value", ["2026-01-31", "2026-02-30", "13800138000", 5, None])
def test_the_quick_judge_has_the_same_verdicts(value):
    for schema in ({"format": "date"}, {"format": "mobile"}, {"format": "citizen-id"}, {"type": "string"}):
        assert compiled(schema).is_valid(value) == compiled_to_refuse(schema).is_valid(value)


def test_a_meta_schema_named_by_the_schema_is_set_aside():
    assert compiled({"$schema": "../meta/x.json", "$id": "x", "type": "string"}).is_valid("a")


def test_patterns_are_those_of_json_schema():
    assert matches("^[\\p{Script=Han}]+$", "汉字")
    assert not matches("^a$", "a\n")
    assert judge_of('{"pattern":"^\\\\d+$"}')("１２") is False


def test_a_pattern_is_added_beside_those_that_are_there():
    assert with_pattern({}, "a", "b") == {"pattern": "a", "allOf": [{"pattern": "b"}]}
    assert with_pattern({"pattern": "a"}, "a") == {"pattern": "a"}
