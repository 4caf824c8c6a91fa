"""Codes that open a case are typed by people; case numbers are given out once."""

import re
from datetime import date

import pytest

from web.cases.codes import begin_key, code_of, next_number, plain_code
from web.services import services_of


def test_one_page_has_one_code_and_nobody_guesses_it_without_the_secret():
    code = code_of("secret", "nonce")
    assert re.fullmatch(r"([A-Z2-7]{4}-){4}[A-Z2-7]{4}", code)
    assert code == code_of("secret", "nonce")
    assert len({code, code_of("secret", "other"), code_of("another", "nonce")}) == 3
    assert begin_key("nonce") != begin_key("other")


@pytest.mark.parametrize(
    "typed",
    [
        "ABOD-EFGI-2345-6723-ABCI",
        "abod efgi 2345 6723 abci",
        "ＡＢ0Ｄ－ＥＦＧ１－2345-6723-abc1",
        "  ABODEFGI23456723ABCI\n",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert plain_code(typed) == "ABODEFGI23456723ABCI"


@pytest.mark.parametrize("typed", ["", "查询码", "\ud800", "-" * 100_000])
def test_what_is_no_code_opens_nothing_and_costs_nothing(typed):
    assert plain_code(typed) == ""


def test_numbers_of_a_day_follow_each_other_and_every_day_begins_anew(site):
    store, days = services_of(site).store, [date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 24)]
    found = []
    for day in days:
        with store.write() as session:
            found.append(next_number(session, day))
    assert found == ["YK20261123000001", "YK20261123000002", "YK20261124000001"]
