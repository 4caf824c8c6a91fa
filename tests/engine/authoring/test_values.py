"""A value drawn for a field is one that its limits take, the same for the same seed, and plainly a sample."""

import random
from datetime import date

import pytest
from tiny import COLOURS, TODAY, department, library, subject

import formengine
from formengine.authoring.values import draw
from formengine.conditions import canonical
from formengine.evaluate import value_test

NODES = {
    "text": {"type": "string", "maxLength": 9, "examples": ["示例一", "示例二"]},
    "whole": {"type": "integer", "minimum": 3, "maximum": 7, "x-sample": [0, 100]},
    "part": {"type": "number", "exclusiveMinimum": 0, "x-sample": [1, 2], "x-decimals": 2},
    "money": {"type": "string", "format": "decimal", "x-sample": [1, 9]},
    "yes": {"type": "boolean"},
    "code": {"type": "string", "x-codes": "colour"},
    "liked": {"type": "string", "x-codes": "colour", "x-sample": ["2"]},
    "several": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": ["a", "b", "c"]}},
    "day": {"type": "string", "format": "date"},
    "born": {"type": "string", "format": "date", "x-sample": [-21900, -7320]},
    "until": {"type": "string", "format": "date", "x-sample": [30, 1400]},
    "today": {"type": "string", "format": "date", "x-sample": [0, 0]},
    "id": {"type": "string", "x-kind": "id-number"},
    "uscc": {"type": "string", "format": "uscc"},
    "tel": {"type": "string", "format": "mobile"},
}


@pytest.fixture(scope="module")
def fields():
    made = department("a", {code: {"x-element": f"shop.{code}"} for code in NODES}, required=[])
    return formengine.merge(library({"shop": subject(NODES)}, {"a": made}), "try").fields


def drawn(fields, name, seed):
    one = fields[f"shop.{name}"]
    return draw(one, one.schema, random.Random(seed), TODAY)


@pytest.mark.parametrize("name", NODES)
def test_what_is_drawn_is_taken_and_is_the_same_for_the_same_seed(fields, name):
    takes = value_test(canonical(fields[f"shop.{name}"].schema))
    for seed in range(40):
        value = drawn(fields, name, seed)
        assert takes(value), value
        assert value == drawn(fields, name, seed)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("day", -300, -5), ("born", -21900, -7320), ("until", 30, 1400), ("today", 0, 0)]
)
def test_days_are_drawn_within_what_the_dictionary_says(fields, name, low, high):
    found = {(date.fromisoformat(drawn(fields, name, seed)) - date.fromisoformat(TODAY)).days for seed in range(60)}
    assert low <= min(found) <= max(found) <= high


def test_codes_that_are_common_are_drawn_more_often(fields):
    liked = [drawn(fields, "liked", seed) for seed in range(200)]
    even = [drawn(fields, "code", seed) for seed in range(200)]
    assert set(even) == {code for code, _ in COLOURS}
    assert liked.count("2") > even.count("2")
