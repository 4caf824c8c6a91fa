"""What one plain schema says of another."""

import itertools

import pytest

from formengine.conditions import canonical
from formengine.evaluate import value_test
from formengine.ranges import range_verdict, verdict


@pytest.mark.parametrize(
    ("have", "want", "said"),
    [
        ({"const": "a"}, {"enum": ["a", "b"]}, True),
        ({"enum": ["a", "b"]}, {"const": "a"}, None),
        ({"const": "a"}, {"const": "b"}, False),
        ({"type": "number", "minimum": 5}, {"type": "number", "minimum": 3}, True),
        ({"type": "number", "minimum": 5}, {"type": "number", "maximum": 3}, False),
        ({"type": "number", "minimum": 3}, {"type": "number", "maximum": 3}, None),
        ({"type": "number", "exclusiveMinimum": 3}, {"type": "number", "maximum": 3}, False),
        ({"minimum": 5}, {"type": "number", "minimum": 3}, None),
        ({"const": 4}, {"type": "number", "minimum": 3}, True),
        ({"pattern": "a"}, {"const": "a"}, None),
        ({"const": "a"}, {"minimum": 3}, None),
        ({}, {"const": "a"}, None),
    ],
)
def test_what_is_said_of_every_value(have, want, said):
    assert verdict(canonical(have), canonical(want)) is said


BOUNDS = [{word: limit} for word in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum") for limit in (1, 2)]
NUMBERS = [0, 0.5, 1, 1.5, 2, 2.5, 3]


@pytest.mark.parametrize(("left", "right"), list(itertools.product(BOUNDS, BOUNDS)), ids=str)
def test_what_is_said_of_ranges_holds_of_numbers(left, right):
    have, want = ({"type": "number", **one} for one in (left, right))
    found = range_verdict(canonical(have), canonical(want))
    inside = [value for value in NUMBERS if value_test(canonical(have))(value)]
    kept = [value_test(canonical(want))(value) for value in inside]
    if found is True:
        assert all(kept)
    elif found is False:
        assert not any(kept)
