"""``intersect``: a value is valid against the result exactly when it is valid against every input."""

from __future__ import annotations

import random
from typing import Any

import jsonschema_rs
import pytest
import schema_worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from formengine.algebra.intersect import intersect
from formengine.algebra.jsonvalue import walk
from formengine.errors import FormEngineError, MergeConflict

Schema = dict[str, Any] | bool


def verdicts(schema: Schema, values: list[Any], judge: str) -> list[bool]:
    bare = {k: v for k, v in schema.items() if k != "$schema"} if isinstance(schema, dict) else schema
    validator: Any = Draft202012Validator(bare)
    if judge != "jsonschema":
        validator = jsonschema_rs.Draft202012Validator(bare, validate_formats=judge == "rs with formats")
    return [bool(validator.is_valid(value)) for value in values]


def check_exact(schemas: list[Schema], values: list[Any]) -> None:
    """The law itself, by three judges; a conflict says that no value is valid for all (formats checked)."""
    try:
        result = intersect(*schemas)
    except MergeConflict:
        assert not any(all(row) for row in zip(*(verdicts(s, values, "rs with formats") for s in schemas), strict=True))
        return
    for judge in ("jsonschema", "rs", "rs with formats"):
        together = [all(row) for row in zip(*(verdicts(s, values, judge) for s in schemas), strict=True)]
        got = verdicts(result, values, judge)
        wrong = [v for v, a, b in zip(values, together, got, strict=True) if a != b]
        assert not wrong, f"{judge}: {wrong[0]!r} on {result}"


def conflict(*schemas: Schema) -> MergeConflict:
    with pytest.raises(MergeConflict) as caught:
        intersect(*schemas)
    return caught.value


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 2**40), st.sampled_from([2, 2, 2, 3]))
def test_result_accepts_exactly_what_all_accept(seed: int, count: int) -> None:
    rng = random.Random(seed)
    schemas = [schema_worlds.schema(rng) for _ in range(count)]
    check_exact(schemas, [schema_worlds.value(rng) for _ in range(40)] + schema_worlds.SCALARS)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**40))
def test_result_is_exact_with_references_of_the_same_name(seed: int) -> None:
    rng = random.Random(seed)
    schemas = [schema_worlds.document(rng) for _ in range(2)]
    check_exact(schemas, [schema_worlds.value(rng) for _ in range(30)] + schema_worlds.SCALARS)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**40))
def test_result_equals_the_intersection_of_the_oracle(seed: int) -> None:
    rng = random.Random(seed)
    schemas = [schema_worlds.schema(rng) for _ in range(2)]
    values = [schema_worlds.value(rng) for _ in range(30)] + schema_worlds.SCALARS
    left, right = (jsonschema_rs.canonicalize(schema, validate_formats=True) for schema in schemas)
    try:
        oracle = left.intersect(right)
    except ValueError:
        return
    try:
        result = intersect(*schemas)
    except MergeConflict:
        assert str(oracle.satisfiability()) != "yes"
        return
    assert verdicts(result, values, "rs with formats") == verdicts(oracle.to_json_schema(), values, "rs with formats")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**40))
def test_witness_of_a_conflict_is_taken_by_one_limit_and_refused_by_another(seed: int) -> None:
    rng = random.Random(seed)
    schemas = [schema_worlds.schema(rng, 1) for _ in range(2)]
    found: MergeConflict | None = None
    try:
        intersect(*schemas)
    except MergeConflict as reason:
        found = reason
    if found is not None and found.has_witness and found.pointer == "":
        assert not all(verdicts(schema, [found.witness], "rs with formats")[0] for schema in schemas)


def test_minimum_above_maximum_without_type_leaves_what_is_no_number() -> None:
    result = intersect({"minimum": 10}, {"maximum": 5})
    assert verdicts(result, [3, 7, 12, "x", None, [], {}], "jsonschema") == [
        False,
        False,
        False,
        True,
        True,
        True,
        True,
    ]


def test_minimum_above_maximum_of_a_number_is_a_conflict_with_both_limits() -> None:
    found = conflict({"type": "number", "minimum": 10}, {"maximum": 5})
    assert (found.pointer, found.left, found.right) == ("", {"minimum": 10}, {"maximum": 5})
    assert found.has_witness
    assert found.witness >= 10


def test_disjoint_patterns_are_a_conflict() -> None:
    found = conflict({"type": "string", "pattern": "^[0-9]+$"}, {"pattern": "^[A-Z]+$"})
    assert [found.left, found.right] == [{"pattern": "^[0-9]+$"}, {"pattern": "^[A-Z]+$"}]
    assert isinstance(found.witness, str)


def test_two_patterns_that_can_meet_stand_side_by_side() -> None:
    result = intersect({"type": "string", "pattern": "^a"}, {"pattern": "b$", "minLength": 3})
    assert result == {"type": "string", "minLength": 3, "pattern": "^a", "allOf": [{"pattern": "b$"}]}


def test_pattern_that_no_allowed_length_meets_is_a_conflict() -> None:
    assert conflict({"type": "string", "pattern": "^[0-9]{18}$"}, {"maxLength": 15}).right == {"maxLength": 15}


def test_disjoint_enums_are_a_conflict() -> None:
    found = conflict({"enum": ["a", "b"]}, {"enum": ["c"]})
    assert (found.left, found.right) == ({"enum": ["a", "b"]}, {"enum": ["c"]})
    assert found.witness in ("a", "b")


def test_enum_is_filtered_by_the_other_limits() -> None:
    assert intersect({"enum": [1, 2.5, "x", True, 30]}, {"type": "integer", "maximum": 9})["enum"] == [1]  # type: ignore[index]


def test_true_is_not_one_but_one_is_one_point_zero() -> None:
    assert intersect({"enum": [1, "a"]}, {"enum": [1.0, True]}) == {"enum": [1]}
    conflict({"const": True}, {"const": 1})
    conflict({"const": [0]}, {"enum": [[False]]})


def test_labelled_choices_keep_their_labels() -> None:
    choices = [{"const": "1", "title": "男"}, {"const": "2", "title": "女"}]
    assert intersect({"oneOf": choices}, {"enum": ["2", "3"]}) == {"oneOf": [choices[1]]}


def test_nested_objects_are_combined_inside() -> None:
    left = {"properties": {"a": {"properties": {"b": {"type": "number", "minimum": 3}}, "required": ["b"]}}}
    right = {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"maximum": 9}}}}}
    inner = {"type": "object", "properties": {"b": {"type": "number", "minimum": 3, "maximum": 9}}, "required": ["b"]}
    assert intersect(left, right) == {"type": "object", "properties": {"a": inner}}


def test_conflict_in_an_optional_property_forbids_that_property() -> None:
    left, right = {"properties": {"a": {"type": "number", "minimum": 9}}}, {"properties": {"a": {"maximum": 5}}}
    assert intersect({"type": "object"}, left, right) == {"type": "object", "properties": {"a": False}}


def test_conflict_in_a_required_property_is_a_conflict_there() -> None:
    left = {"type": "object", "properties": {"a/b": {"type": "number", "minimum": 9}}, "required": ["a/b"]}
    assert conflict(left, {"properties": {"a/b": {"maximum": 5}}}).pointer == "/a~1b"


def test_required_against_a_false_property_is_a_conflict() -> None:
    found = conflict({"type": "object", "required": ["x"]}, {"properties": {"x": False}})
    assert (found.left, found.right) == ({"required": ["x"]}, {"properties": {"x": False}})
    conflict({"type": "object", "required": ["x"]}, {"properties": {"y": True}, "additionalProperties": False})


def test_two_conditions_stand_side_by_side_and_equal_ones_are_combined() -> None:
    first = {"if": {"properties": {"k": {"const": 1}}}, "then": {"required": ["a"]}}
    second = {"if": {"properties": {"k": {"const": 2}}}, "then": {"required": ["b"]}}
    assert intersect(first, second) == {**first, "allOf": [second]}
    assert intersect(first, {**first, "then": {"required": ["c"]}}) == {**first, "then": {"required": ["a", "c"]}}


def test_arrays_of_objects_are_combined_row_by_row() -> None:
    left = {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}, "maxItems": 4}
    right = {"items": {"required": ["a"], "properties": {"a": {"minLength": 2}}}, "minItems": 1}
    row = {"type": "object", "properties": {"a": {"type": "string", "minLength": 2}}, "required": ["a"]}
    assert intersect(left, right) == {"type": "array", "items": row, "minItems": 1, "maxItems": 4}
    assert conflict(left, {"items": {"type": "string"}, "minItems": 1}).pointer == "/0"


def test_additional_properties_do_not_swallow_what_another_schema_names() -> None:
    left = {"properties": {"a": True}, "additionalProperties": False}
    check_exact([left, {"properties": {"b": {"type": "string"}}, "patternProperties": {"^a": {"type": "null"}}}],
                [{}, {"a": None}, {"a": 1}, {"b": "x"}, {"ab": None}])  # fmt: skip


def test_multiples_meet_in_their_least_common_multiple() -> None:
    assert intersect({"multipleOf": 4}, {"multipleOf": 6}) == {"multipleOf": 12}
    assert intersect({"multipleOf": 0.1}, {"multipleOf": 0.25}) == {"multipleOf": 0.5}
    conflict({"type": "integer", "multipleOf": 4, "minimum": 13}, {"multipleOf": 6, "maximum": 23})


def test_formats_that_no_string_meets_are_a_conflict_only_where_a_string_must_stand() -> None:
    found = conflict({"type": "string", "format": "date"}, {"format": "email"})
    assert (found.left, found.right) == ({"format": "date"}, {"format": "email"})
    conflict({"type": "string", "format": "date"}, {"pattern": "^[a-z]+$"})
    optional = intersect(
        {"properties": {"a": {"type": "string", "format": "date"}}}, {"properties": {"a": {"format": "email"}}}
    )
    assert verdicts(optional, [{"a": "x"}, {}], "jsonschema") == [True, True]


def test_no_all_of_where_its_words_can_be_combined() -> None:
    result = intersect({"allOf": [{"minimum": 1}, {"allOf": [{"maximum": 9}]}]}, {"allOf": [{"type": "integer"}]})
    assert result == {"type": "integer", "minimum": 1, "maximum": 9}


def test_definitions_of_the_same_name_are_kept_apart() -> None:
    left = {"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "string"}}}
    right = {"properties": {"b": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "integer"}}}
    check_exact([left, right], [{"a": "s", "b": 1}, {"a": 1}, {"b": "s"}, {"a": "s"}, {}])


def test_recursive_definitions_and_references_to_the_whole_document() -> None:
    tree = {"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"c": {"$ref": "#/$defs/n"}}}}}
    whole = {"$id": "https://example.com/t", "properties": {"c": {"$ref": "#"}, "v": {"type": "string"}}}
    values = [{}, {"c": {}}, {"c": 1}, {"c": {"v": 1}}, {"c": {"v": "s", "c": {"c": {}}}}, {"c": {"c": {"v": 2}}}, 5]
    check_exact([tree, whole], values)
    check_exact([tree, {**tree, "$defs": {"n": {"properties": {"c": {"$ref": "#/$defs/n"}, "v": False}}}}], values)


def test_unevaluated_words_keep_their_own_scope() -> None:
    scoped = {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False}
    check_exact([scoped, {"properties": {"b": {"type": "string"}}}], [{"a": 1}, {"b": "x"}, {"a": 1, "b": "x"}, {}])
    plain = intersect({"properties": {"a": True}, "unevaluatedProperties": False}, {"required": ["a"]})
    assert "allOf" not in walk(plain).__next__()  # type: ignore[operator]


def test_first_annotation_wins_and_all_survive() -> None:
    left = {"$schema": "meta/form.json", "title": "名称", "x-element": "entity.name", "type": "string"}
    right = {"$schema": "other", "title": "字号", "description": "d", "x-own": [1], "maxLength": 9}
    assert intersect(left, right) == {
        **left, "description": "d", "x-own": [1], "maxLength": 9
    }  # fmt: skip


def test_booleans_and_nothing() -> None:
    assert intersect() is True
    assert intersect(True, {"type": "string"}, {}) == {"type": "string"}
    conflict(False, {"type": "string"})


def test_what_cannot_be_decided_is_returned() -> None:
    result = intersect({"type": "string", "pattern": "^(?=a)a$"}, {"pattern": "^(?!a)b$"})
    assert verdicts(result, ["a", "b"], "rs") == [False, False]


def test_inputs_are_left_as_they_were() -> None:
    left = {"allOf": [{"properties": {"a": {"type": "string"}}}], "required": ["a"]}
    before = str(left)
    result = intersect(left, {"properties": {"a": {"minLength": 1}}})
    assert isinstance(result, dict)
    result["properties"]["a"]["minLength"] = 99
    assert str(left) == before
    assert intersect(left, {"properties": {"a": {"minLength": 1}}}) != result


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ({"pattern": "^[0-9]{4}$"}, {"pattern": "^[0-9]+$"}, {"pattern": "^[0-9]{4}$"}),
        ({"pattern": "^[0-9]+$"}, {"pattern": "^[0-9]{4}$"}, {"pattern": "^[0-9]{4}$"}),
        ({"enum": ["12", "ab"]}, {"allOf": [{"pattern": "1"}, {"pattern": "2$"}]}, {"enum": ["12"]}),
        ({"const": 6}, {"allOf": [{"multipleOf": 2}, {"multipleOf": 3}]}, {"const": 6}),
        ({"enum": [1, 2]}, {"anyOf": [{"minimum": 0}, {"type": "string"}]}, {"enum": [1, 2]}),
    ],
)
def test_an_all_of_stays_only_where_nothing_else_says_it(left, right, wanted):
    found = intersect(left, right)
    assert "allOf" not in found
    assert {word: found[word] for word in wanted} == wanted


@pytest.mark.parametrize(
    ("left", "right", "taken", "refused"),
    [
        ({"minLength": 2.0}, {"pattern": "^a*$", "maxLength": 3.0}, "aa", "aaaa"),
        ({"minimum": 2.0, "multipleOf": 1.0}, {"maximum": 4.0}, 3, 5),
        ({"minItems": 1.0}, {"maxItems": 2.0}, [1], [1, 2, 3]),
        ({"minProperties": 1.0}, {"required": ["a"]}, {"a": 1}, {}),
    ],
)
def test_limits_written_with_a_fraction_of_zero_are_numbers(left, right, taken, refused):
    found = intersect(left, right)
    assert not any(isinstance(value, float) for value in found.values())
    judge = jsonschema_rs.Draft202012Validator(found)
    assert judge.is_valid(taken)
    assert not judge.is_valid(refused)
    for schema in (left, right):
        assert jsonschema_rs.Draft202012Validator(schema).is_valid(taken)


@pytest.mark.parametrize("limit", [float("inf"), float("-inf"), float("nan")])
def test_a_limit_that_is_no_number_is_named(limit):
    with pytest.raises(FormEngineError, match="1e400"):
        intersect({"maximum": limit}, {"minimum": 1})


def test_schemas_of_any_depth_get_an_answer():
    deep = {}
    for _ in range(5000):
        deep = {"not": deep}
    with pytest.raises(FormEngineError, match="层"):
        intersect(deep, {})


def test_two_schemas_of_one_id_that_have_to_stay_whole_are_refused():
    left = {
        "$id": "https://example.com/s",
        "$dynamicRef": "#x",
        "$defs": {"x": {"$dynamicAnchor": "x", "type": "string"}},
    }
    right = {
        "$id": "https://example.com/s",
        "$dynamicRef": "#x",
        "$defs": {"x": {"$dynamicAnchor": "x", "maxLength": 3}},
    }
    with pytest.raises(FormEngineError, match=r"example\.com/s"):
        intersect(left, right)
    assert intersect(left, left) is not None


def test_two_schemas_of_one_id_without_references_are_combined():
    found = intersect({"$id": "https://example.com/s", "minimum": 1}, {"$id": "https://example.com/s", "maximum": 3})
    judge = jsonschema_rs.Draft202012Validator(found)
    assert [judge.is_valid(value) for value in (0, 1, 3, 4)] == [False, True, True, False]


@pytest.mark.parametrize("name", ["50%", "50%25", "a b", "a/b", "a~b", "名", "#", "%"])
def test_definitions_of_any_name_are_found_again(name):
    pointer = name.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace("#", "%23").replace(" ", "%20")
    left = {"$defs": {name: {"type": "array", "items": {"$ref": f"#/$defs/{pointer}"}, "maxItems": 2}}}
    left["$ref"] = f"#/$defs/{pointer}"
    found = intersect(left, {"minItems": 1})
    judge = jsonschema_rs.Draft202012Validator(found)
    assert judge.is_valid([[[], []]])
    assert not judge.is_valid([])
    assert not judge.is_valid([[[], [], []]])
