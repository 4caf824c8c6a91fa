"""The kinds of values that rules compute with: read off a schema, compared, and values brought to them."""

from decimal import Decimal

import pytest

from formengine.rules.kinds import ANY, BOOL, INTEGER, NUMBER, TEXT, alike, brought_to, kind_of, list_of, record

CODES = {"colour": [("1", "红")]}


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "number"}, NUMBER),
        ({"type": "integer"}, NUMBER),
        ({"type": "boolean"}, BOOL),
        ({"type": "string"}, TEXT),
        ({"type": "string", "format": "decimal"}, NUMBER),
        ({"type": "string", "format": "date"}, TEXT),
        ({"type": "null"}, ANY),
        ({"type": ["string", "null"]}, ANY),
        ({"const": True}, BOOL),
        ({"enum": ["a", "b"]}, TEXT),
        ({"enum": ["a", 1]}, ANY),
        ({"oneOf": [{"const": 1, "title": "一"}, {"const": 2.5}]}, NUMBER),
        ({"x-codes": "colour"}, TEXT),
        ({"type": "array", "items": {"type": "string"}}, list_of(TEXT)),
        ({"type": "array"}, list_of(ANY)),
        ({"type": "object", "properties": {"a": {"type": "number"}}}, record({"a": NUMBER})),
        ({"properties": {"a": {}}}, record({"a": ANY})),
        (True, ANY),
        ({}, ANY),
    ],
)
def test_a_schema_has_a_kind(schema, kind):
    assert kind_of(schema, CODES) == kind


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        (NUMBER, INTEGER, True),
        (TEXT, NUMBER, False),
        (BOOL, NUMBER, False),
        (ANY, BOOL, True),
        (list_of(TEXT), list_of(ANY), True),
        (list_of(TEXT), list_of(BOOL), False),
        (list_of(TEXT), TEXT, False),
        (record({"a": TEXT}), record({"b": TEXT}), True),
    ],
)
def test_what_can_be_compared(left, right, wanted):
    assert alike(left, right) is alike(right, left) is wanted


ROW = record({"n": TEXT, "w": NUMBER})


@pytest.mark.parametrize(
    ("value", "kind", "wanted"),
    [
        (0.1, NUMBER, Decimal("0.1")),
        (3, ANY, Decimal(3)),
        ("12.50", NUMBER, Decimal("12.50")),
        ("12.50", TEXT, "12.50"),
        ("twelve", NUMBER, "twelve"),
        (True, NUMBER, True),
        (None, ANY, None),
        ([1, "a"], list_of(ANY), [Decimal(1), "a"]),
        ({"n": "a", "w": 2, "more": 3}, ROW, {"n": "a", "w": Decimal(2), "more": 3}),
        ({"n": "a"}, ROW, {"n": "a"}),
        ([{"w": 1.5}], list_of(ROW), [{"w": Decimal("1.5")}]),
        ({"deep": {"x": 1}}, ANY, {"deep": {"x": Decimal(1)}}),
    ],
)
def test_a_value_is_brought_to_its_kind_and_what_is_of_another_stays(value, kind, wanted):
    found = brought_to(value, kind)
    assert found == wanted
    assert type(found) is type(wanted)


def test_what_is_json_already_is_handed_on_as_it_is():
    rows = [{"n": "a"}]
    assert brought_to(rows, list_of(record({"n": TEXT}))) is rows


@pytest.mark.parametrize(
    ("kind", "words"),
    [(NUMBER, "数"), (list_of(TEXT), "列表（文字）"), (list_of(ANY), "列表"), (ROW, "一行"), (BOOL, "是否")],
)
def test_a_kind_is_named_in_chinese(kind, words):
    assert str(kind) == words
