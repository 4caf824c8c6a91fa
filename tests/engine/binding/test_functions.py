"""The named functions that compute values: exact numbers, and nothing where a source allows none."""

from decimal import Decimal

import pytest

from formengine.binding.functions import FUNCTIONS, look_up
from formengine.formats import FORMATS
from formengine.paths import MISSING
from formengine.rows import Cells

CITIZEN = "11010519491231002X"


def test_the_number_that_the_cases_use_is_one():
    assert FORMATS["citizen-id"].check(CITIZEN)


@pytest.mark.parametrize(
    ("name", "args", "params", "wanted"),
    [
        ("copy", ["甲"], {}, "甲"),
        ("copy", [MISSING], {}, MISSING),
        ("sex_of_citizen_id", [CITIZEN], {}, "2"),
        ("birth_date_of_citizen_id", [CITIZEN], {}, "1949-12-31"),
        ("birth_date_of_citizen_id", ["110105194912310021"], {}, MISSING),
        ("birth_date_of_citizen_id", [MISSING], {}, MISSING),
        ("age", ["1949-12-31", "2026-12-30"], {}, Decimal(76)),
        ("age", ["1949-12-31", "2026-12-31"], {}, Decimal(77)),
        ("age", ["1949-12-31", "today"], {}, MISSING),
        ("age", ["1949-12-31", MISSING], {}, MISSING),
        ("row_number", [], {"index": 2}, Decimal(3)),
        ("row_number", [], {"index": 2, "prefix": "R"}, "R3"),
        ("count", [["a", "b", MISSING]], {}, Decimal(2)),
        ("count", [[]], {}, Decimal(0)),
        ("count", [MISSING], {}, MISSING),
        ("sum", [0.1, 0.2], {}, Decimal("0.3")),
        ("sum", [[1, 2], "3.50"], {}, Decimal("6.50")),
        ("sum", [[1, MISSING]], {}, Decimal(1)),
        ("sum", [[1, "three"]], {}, MISSING),
        ("sum", [[]], {}, MISSING),
        ("product", [0.1, 3], {}, Decimal("0.3")),
        ("product", ["1.005", 100], {"decimals": 0}, Decimal(101)),
        ("product", [2, MISSING], {}, MISSING),
        ("scale", [10], {"factor": 0.35}, Decimal("3.5")),
        ("scale", [MISSING], {"factor": 0.35}, MISSING),
        ("sum_product", [[1, 2], [10, 20]], {}, Decimal(50)),
        ("sum_product", [[1, MISSING], [10, 20]], {}, MISSING),
        ("sum_product", [[], []], {}, MISSING),
        ("sum_product", [5, [1]], {}, MISSING),
        ("share_percent", [1, 3], {"decimals": 2}, Decimal("33.33")),
        ("share_percent", [1, 0], {}, MISSING),
        ("share_percent", [MISSING, 3], {}, MISSING),
        ("join", ["北京市", MISSING, "朝阳区"], {}, "北京市朝阳区"),
        ("join", ["甲", "", "乙"], {"separator": "、"}, "甲、乙"),
        ("join", [MISSING, ""], {"separator": "、"}, MISSING),
        ("join", [3.50, True], {"separator": " "}, "3.5 是"),
    ],
)
def test_what_a_function_gives(name, args, params, wanted):
    assert FUNCTIONS[name](args, params) == wanted


def answers():
    found = {"shop.name": "好店"}
    rows = [Cells(found, "staff", index) for index in range(2)]
    rows[0].columns["staff.name"] = "甲"
    return {**found, "staff": rows}


def test_a_column_asked_of_the_whole_answers_gives_all_its_values():
    assert look_up(answers(), "staff.name") == ["甲", MISSING]
    assert look_up(answers(), "shop.name") == "好店"
    assert look_up(answers(), "shop.area") is MISSING
    assert look_up(answers(), "guests.name") is MISSING


def test_a_column_asked_of_its_row_is_the_rows_own():
    first, second = answers()["staff"]
    assert look_up(first, "staff.name") == "甲"
    assert look_up(second, "staff.name") is MISSING
    assert look_up(second, "shop.name") == "好店"
