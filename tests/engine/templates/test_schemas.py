# ruff: noqa: E501
"""What of a schema constrains, which choices it offers, and what it is with its references in place."""

import pytest

from formengine.templates.schemas import choices, constraint, inline_local, is_choice_list, is_table

CODES = {"colour": [("1", "红"), ("2", "绿"), ("3", "蓝")]}


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"title": "名", "type": "string", "x-element": "a.b", "description": "…", "maxLength": 5}, {"type": "string", "maxLength": 5}),
        ({"oneOf": [{"const": "a", "title": "甲"}, {"const": "b"}], "type": "string"}, {"enum": ["a", "b"]}),
        ({"oneOf": [{"type": "string"}, {"title": "空", "type": "null"}]}, {"oneOf": [{"type": "string"}, {"type": "null"}]}),
        ({"type": "integer", "enum": [1, 2]}, {"type": "integer", "enum": [1, 2]}),
        ({"type": "string", "x-codes": "colour"}, {"enum": ["1", "2", "3"]}),
        ({"x-codes": "colour", "enum": ["1"]}, {"enum": ["1"]}),
        ({"x-codes": "unknown", "type": "string"}, {"type": "string"}),
        ({"properties": {"title": {"title": "题", "type": "string"}}}, {"properties": {"title": {"type": "string"}}}),
        ({"items": {"title": "项", "minimum": 1}, "not": {"title": "", "const": {"title": 1}}}, {"items": {"minimum": 1}, "not": {"const": {"title": 1}}}),
        ({"allOf": [{"title": "一"}, {"minLength": 1}], "$defs": {"a": {}}}, {"allOf": [{}, {"minLength": 1}]}),
        (True, True),
        (False, False),
    ],
)  # fmt: skip
def test_what_constrains_is_kept_and_what_merely_tells_is_not(schema, wanted):
    assert constraint(schema, CODES) == wanted


def test_without_code_lists_a_code_is_a_text():
    assert constraint({"type": "string", "x-codes": "colour"}) == {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"oneOf": [{"const": 1, "title": "一"}, {"const": 2}]}, [(1, "一"), (2, "2")]),
        ({"x-codes": "colour"}, CODES["colour"]),
        ({"x-codes": "colour", "enum": ["3", "9", "1"]}, [("1", "红"), ("3", "蓝")]),
        ({"enum": ["甲", True, False]}, [("甲", "甲"), (True, "是"), (False, "否")]),
        ({"type": "array", "items": {"x-codes": "colour"}}, CODES["colour"]),
        ({"type": "string"}, []),
        (True, []),
    ],
)
def test_the_choices_of_a_field_have_titles(schema, wanted):
    assert choices(schema, CODES) == wanted


@pytest.mark.parametrize(
    ("options", "is_list"),
    [([{"const": 1}], True), ([{"const": 1}, {"type": "null"}], False), ([], False), ({"const": 1}, False), (["a"], False)],
)  # fmt: skip
def test_a_list_of_choices_is_all_constants(options, is_list):
    assert is_choice_list(options) is is_list


def test_a_reference_is_replaced_by_what_it_names_and_what_stands_beside_it_wins():
    document = {
        "properties": {
            "a": {"$ref": "#/$defs/short", "title": "甲", "maxLength": 3},
            "b": {"items": {"$ref": "#/$defs/twice"}},
            "c": {"examples": [{"$ref": "#/$defs/short"}]},
        },
        "$defs": {"short": {"title": "短", "type": "string", "maxLength": 9}, "twice": {"$ref": "#/$defs/short"}},
    }
    found = inline_local(document)["properties"]
    assert found["a"] == {"title": "甲", "type": "string", "maxLength": 3}
    assert found["b"] == {"items": {"title": "短", "type": "string", "maxLength": 9}}
    assert found["c"] == {"examples": [{"$ref": "#/$defs/short"}]}


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": "array", "items": {"properties": {"a": {}}}}, True),
        ({"type": "array", "items": {"type": "string"}}, False),
        ({"type": "array", "items": {"properties": {}}}, False),
        ({"items": {"properties": {"a": {}}}}, False),
        ({"type": "array", "items": False}, False),
        (True, False),
    ],
)
def test_a_table_is_a_list_of_rows_with_columns(schema, wanted):
    assert is_table(schema) is wanted
