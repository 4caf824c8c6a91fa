# ruff: noqa: E501
"""A department's schema is read as small statements, each under its guard, and says what the schema says."""

import itertools
import random

import pytest
from jsonschema import Draft202012Validator

from formengine.binding.statements import read_condition, read_statements
from formengine.conditions import TRUE, all_of, atom, negate, present
from formengine.errors import BindingError
from formengine.evaluate import compile_condition

A_IS_1 = {"properties": {"a": {"const": 1}}, "required": ["a"]}
B_IS_1 = {"properties": {"b": {"const": 1}}, "required": ["b"]}


def read(schema):
    return [(one.kind, one.code, one.guard) for one in read_statements(schema)]


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"properties": {"a": {"minimum": 1}}}, [("value", "a", TRUE)]),
        ({"properties": {"a": False}}, [("hidden", "a", TRUE)]),
        ({"properties": {"a": True}}, []),
        ({"required": ["a", "b"]}, [("required", "a", TRUE), ("required", "b", TRUE)]),
        ({"dependentRequired": {"a": ["b"]}}, [("required", "b", present("a"))]),
        ({"if": A_IS_1, "then": {"required": ["b"]}}, [("required", "b", atom("a", {"const": 1}))]),
        ({"if": A_IS_1, "else": {"required": ["b"]}}, [("required", "b", negate(atom("a", {"const": 1})))]),
        (
            {"if": A_IS_1, "then": {"if": B_IS_1, "then": {"properties": {"c": False}}}},
            [("hidden", "c", all_of([atom("a", {"const": 1}), atom("b", {"const": 1})]))],
        ),
        ({"allOf": [{"required": ["a"]}, {"allOf": [{"required": ["b"]}]}]}, [("required", "a", TRUE), ("required", "b", TRUE)]),
        ({"not": A_IS_1}, [("hold", "", TRUE)]),
        (False, [("hold", "", TRUE)]),
        ({"title": "表", "type": "object", "additionalProperties": False, "x-kind": "licence", "$defs": {}}, []),
    ],
)  # fmt: skip
def test_a_schema_is_a_list_of_statements(schema, wanted):
    assert read(schema) == wanted


@pytest.mark.parametrize("keyword", ["patternProperties", "minProperties", "propertyNames", "contains"])
def test_what_cannot_be_taken_apart_is_refused_by_name(keyword):
    with pytest.raises(BindingError, match=keyword):
        list(read_statements({keyword: {}}))
    with pytest.raises(BindingError, match=keyword):
        read_condition({keyword: {}})


CODES = ("a", "b", "c")
VALUES = (None, 1, 2)


def some_schema(dice, depth=0):
    """A random schema of an object with what conditions are made of."""
    words = ["properties", "required", "allOf", "anyOf", "oneOf", "not", "if"]
    out = {}
    for word in dice.sample(words if depth < 3 else words[:2], dice.randint(1, 2)):
        if word == "properties":
            out[word] = {dice.choice(CODES): dice.choice([{"const": 1}, {"const": 2}, {"enum": [1, 2]}])}
        elif word == "required":
            out[word] = dice.sample(CODES, dice.randint(1, 2))
        elif word == "not":
            out[word] = some_schema(dice, depth + 1)
        elif word == "if":
            out |= {key: some_schema(dice, depth + 1) for key in ("if", "then", "else")}
        else:
            out[word] = [some_schema(dice, depth + 1) for _ in range(2)]
    return out


@pytest.mark.parametrize("seed", range(60))
def test_a_condition_says_of_every_object_what_a_stock_validator_says(seed):
    schema = some_schema(random.Random(seed))
    holds, judge = compile_condition(read_condition(schema)), Draft202012Validator(schema)
    for values in itertools.product(VALUES, repeat=len(CODES)):
        row = {code: value for code, value in zip(CODES, values, strict=True) if value is not None}
        assert holds(row) is judge.is_valid(row), (schema, row)
