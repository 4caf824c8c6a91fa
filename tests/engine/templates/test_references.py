"""A reference leads to a schema in the templates, and never round."""

import pytest

from formengine.templates.documents import documents_of
from formengine.templates.references import reference_faults, target_of

PERSON = {"$defs": {"name": {"type": "string"}, "list": [{"type": "string"}], "a/b": {"type": "string"}, "no": 5}}


def faults(elements=None, departments=None, licences=None, forms=None):
    documents = documents_of(
        elements={"person": PERSON, **(elements or {})},
        codes={},
        departments=departments or {},
        licences=licences or {},
        forms=forms or {},
    )
    return [(fault.pointer, fault.message) for fault in reference_faults(documents)]


@pytest.mark.parametrize(
    ("reference", "home", "target"),
    [
        ("#/$defs/name", "shop", ("shop", "/$defs/name")),
        ("person.json#/$defs/name", "shop", ("person", "/$defs/name")),
        ("../elements/person.json", "shop", ("person", "")),
        ("#", "shop", ("shop", "")),
    ],
)
def test_a_reference_names_a_document_and_a_place_in_it(reference, home, target):
    assert target_of(reference, home) == target


@pytest.mark.parametrize(
    "reference", ["person.json#/$defs/name", "person.json#/$defs/list/0", "person.json#/$defs/a~1b", "#/$defs/own"]
)
def test_a_reference_that_leads_to_a_schema_is_good(reference):
    shop = {"properties": {"name": {"$ref": reference}}, "$defs": {"own": {"type": "string"}}}
    assert faults({"shop": shop}) == []


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("person.json#/$defs/nmae", "不存在"),
        ("persons.json#/$defs/name", "不存在"),
        ("person.json#/$defs/list/1", "不存在"),
        ("person.json#/$defs/list/x", "不存在"),
        ("person.json#/$defs/no", "不是一个 JSON Schema"),
        ("person.json#/$defs/no/deeper", "不存在"),
        ("person.json#/$defs/list", "不是一个 JSON Schema"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_where_it_stands(reference, words):
    ((where, message),) = faults({"shop": {"properties": {"name": {"$ref": reference}}}})
    assert where == "/properties/name/$ref"
    assert reference in message
    assert words in message


@pytest.mark.parametrize("kind", ["departments", "licences"])
def test_a_form_and_a_licence_refer_to_themselves_alone(kind):
    ((where, message),) = faults(**{kind: {"a": {"properties": {"x": {"$ref": "person.json#/$defs/name"}}}}})
    assert where == "/properties/x/$ref"
    assert "只能引用自己的" in message
    assert faults(**{kind: {"a": {"properties": {"x": {"$ref": "#/$defs/y"}}, "$defs": {"y": {}}}}}) == []


def test_a_circle_is_told_once_whoever_is_led_into_it():
    one = {"$defs": {"x": {"items": {"$ref": "two.json#/$defs/y"}}, "z": {"$ref": "#/$defs/x"}}}
    two = {"$defs": {"y": {"anyOf": [{"$ref": "one.json#/$defs/x"}]}}}
    ((_, message),) = faults({"one": one, "two": two})
    assert "绕成了圈" in message
    assert "one.json#/$defs/x" in message
    assert "two.json#/$defs/y" in message


def test_a_schema_that_holds_itself_is_a_circle_and_two_ways_to_one_are_none():
    assert len(faults({"own": {"$defs": {"tree": {"items": {"$ref": "#/$defs/tree"}}}}})) == 1
    twice = {"$defs": {"leaf": {}, "pair": {"prefixItems": [{"$ref": "#/$defs/leaf"}, {"$ref": "#/$defs/leaf"}]}}}
    assert faults({"twice": twice}) == []


def test_what_stands_as_a_value_is_no_reference():
    values = {"const": {"$ref": "#/a"}, "enum": [{"$ref": "#/b"}], "examples": [{"$ref": "#/c"}]}
    assert faults({"shop": {"properties": {"name": {**values, "default": {"$ref": "#/d"}}}}}) == []
    assert faults(forms={"catering": {"properties": {"name": {"$ref": "#/nowhere"}}}}) == []  # its kind has none
