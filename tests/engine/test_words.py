"""A value as people read it, on pages, in sentences and on prints alike."""

from decimal import Decimal

import pytest

from formengine.paths import MISSING
from formengine.words import day, plain, said, yes_no


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.50, "1.5"),
        (100.0, "100"),
        (1e-7, "0.0000001"),
        (1e20, "100000000000000000000"),
        (Decimal("10.00"), "10"),
        (Decimal("1E+3"), "1000"),
        (-0.5, "-0.5"),
    ],
)
def test_a_number_is_written_without_exponent_and_needless_zeros(value, text):
    assert plain(value) == text
    assert said(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "是"),
        (False, "否"),
        ("店", "店"),
        ({"town": "东城", "street": "溪中路", "no": 3}, "东城溪中路3"),
        (["甲", 2, True], "甲、2、是"),
        (["甲", MISSING, "乙"], "甲、乙"),
        ([], ""),
    ],
)
def test_any_value_is_one_line(value, text):
    assert said(value) == text


def test_codes_are_read_by_their_titles():
    titles = {"1": "男", "2": "女", 3: "三"}
    assert said("1", titles) == "男"
    assert said(["2", "1", "9"], titles) == "女、男、9"
    assert said(3, titles) == "三"
    assert said({"sex": "1"}, titles) == "1"  # the titles are those of the field, not of its parts


def test_yes_and_no_are_never_taken_for_the_codes_one_and_zero():
    assert said(True, {1: "一"}) == yes_no(True) == "是"
    assert said(False, {0: "零"}) == yes_no(False) == "否"


def test_a_date_is_printed_with_its_units():
    assert day(2026, 3, 8) == "2026年03月08日"
