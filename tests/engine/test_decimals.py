"""Numbers as exact decimals, and back to what the receiving schema wants."""

from decimal import Decimal

import pytest

from formengine.decimals import EXACT, as_type, number, rounded, total
from formengine.paths import MISSING


@pytest.mark.parametrize(
    ("value", "found"),
    [(1, "1"), (1.1, "1.1"), ("2.50", "2.50"), (Decimal("3"), "3"), (10**300, "1" + "0" * 300)],
)
def test_what_is_a_number_is_exact(value, found):
    assert number(value) == Decimal(found)


@pytest.mark.parametrize("value", [True, None, "", "x", "1,000", [], {}, MISSING, "NaN", "Infinity"])
def test_what_is_none_is_none(value):
    assert number(value) is None


@pytest.mark.parametrize(
    ("value", "schema", "given"),
    [
        ("1.50", {"type": "string"}, "1.5"),
        ("1.0", {"type": "number"}, 1),
        ("1.5", {"type": "number"}, 1.5),
        ("1.5", {"type": "integer"}, 2),
        ("2.5", {"type": "integer"}, 3),
        ("7", None, 7),
    ],
)
def test_a_decimal_takes_the_form_that_is_wanted(value, schema, given):
    found = as_type(Decimal(value), schema)
    assert found == given
    assert type(found) is type(given)


def test_what_is_no_decimal_stays():
    assert as_type("text", {"type": "number"}) == "text"
    assert as_type(MISSING, {"type": "number"}) is MISSING


def test_sums_and_products_are_exact_however_long():
    assert total([Decimal("0.1")] * 3) == Decimal("0.3")
    huge = EXACT.add(EXACT.power(Decimal(10), 500), Decimal(1))
    assert str(EXACT.multiply(huge, huge)).endswith("2" + "0" * 499 + "1")
    assert total([]) == 0


@pytest.mark.parametrize(
    ("value", "decimals", "found"), [("1.005", 2, "1.01"), ("-1.005", 2, "-1.01"), ("2.4", 0, "2")]
)
def test_halves_are_rounded_away_from_zero(value, decimals, found):
    assert rounded(Decimal(value), decimals) == Decimal(found)
