"""Rules in a form: each row is judged on its own, money is a number, and a rule that cannot be used is refused."""

import pytest
from cases import CASES, TODAY, merged, submission
from tiny import checked, department, library, rows, subject, text

import formengine

MONEY = {"type": "string", "format": "decimal"}


def form_with(rule, columns=None, **more):
    """A form with a table of partners, a sum and one rule."""
    columns = columns or {"s": {"type": "number", "title": "份额", "x-element": "partners.share"}}
    table = {
        "type": "array",
        "x-element": {"rows": {"list": "partners"}},
        "items": {"type": "object", "properties": columns},
    }
    whole = {"title": "合计", "x-element": "s.whole", **MONEY}
    found = {
        "id": "r",
        "rule": rule,
        "message": "不合规则，请改正",
        "basis": "",
        "field": "t",
        **more,
    }
    made = department("f", {"t": table, "c": whole}, required=[], **{"x-rules": [found]})
    share = {"type": "number", "minimum": 0, "maximum": 100, "x-sample": [1, 50]}
    primary = {"type": "boolean"}
    people = rows({"name": text(), "share": share, "paid": {**MONEY, "x-sample": [1, 9]}, "primary": primary})
    return library({"partners": people, "s": subject({"whole": {**MONEY, "x-sample": [1, 9]}})}, {"f": made})


PAID = {"w": {"title": "出资", "x-element": "partners.paid", **MONEY}}
PRIMARY = {"p": {"title": "主要联系人", "x-element": "partners.primary", "type": "boolean"}}


@pytest.mark.parametrize(
    ("rule", "columns", "answers", "broken"),
    [
        ("t.all(p, p.s <= 60)", None, {"partners": [{"share": 90}, {}]}, True),
        ("t.all(p, p.s <= 60)", None, {"partners": [{}, {"share": 90}]}, True),
        ("t.all(p, p.s <= 60)", None, {"partners": [{}, {"share": 60}]}, False),
        ("t.exists_one(p, p.p == true)", PRIMARY, {"partners": [{"primary": True}, {}]}, False),
        ("t.exists_one(p, p.p == true)", PRIMARY, {"partners": [{"primary": True}, {"primary": True}]}, True),
        ("sum(t.map(r, r.w)) == c", PAID, {"partners": [{"paid": "0.1"}, {"paid": "0.20"}],
         "s": {"whole": "0.3"}}, False),
        ("sum(t.map(r, r.w)) == c", PAID, {"partners": [{"paid": "0.1"}, {"paid": "0.2"}],
         "s": {"whole": "0.31"}}, True),
        ("sum(t.map(r, r.w)) == c", PAID, {"partners": [{"paid": "0.1"}]}, False),
        ("t.all(r, r.w <= 10.0)", PAID, {"partners": [{"paid": "9"}, {"paid": "10.01"}]}, True),
        ("c <= 100.00", PAID, {"s": {"whole": "100.01"}}, True),
    ],
)  # fmt: skip
def test_a_rule_judges_what_is_there(rule, columns, answers, broken):
    form = formengine.merge(form_with(rule, columns), "try")
    assert ["rule:r" in i.code for i in formengine.validate(form, answers, TODAY)] == [True] * broken


@pytest.mark.parametrize(
    "rule",
    ["c == '100.00'", "age(c) > 1", "'x' in c", "t.all(r, r.none > 1)", "nothing > 1", "c +", "c", "frobnicate(c)"],
)
def test_a_rule_that_cannot_be_used_is_named_by_check(rule):
    made = form_with(rule, PAID)
    faults = [fault for fault in checked(made).faults if fault.severity == "error"]
    assert faults
    assert {fault.code for fault in faults} == {"rule"}


def test_an_unusable_rule_stops_the_merge_not_the_applicant():
    with pytest.raises(formengine.TemplateError, match="比较"):
        formengine.merge(form_with("c == '100.00'", PAID), "try")


def test_the_first_pollutant_over_its_limit_is_refused_though_the_second_has_none():
    scenario, facts = next(case for case in CASES if case[0] == "catering")
    form = merged(scenario, facts)
    seed = next(s for s in range(60) if len(submission(scenario, facts, s).get("pollutants", [])) >= 2)
    answers = {**submission(scenario, facts, seed)}
    rows_ = [dict(row) for row in answers["pollutants"]]
    rows_[0] |= {"concentration": 500, "limit": 300}
    rows_[0]["item"] = next(code for code, _ in form.fields["pollutants.item"].choices if code not in ("A", "ph"))
    rows_[1].pop("limit", None)
    answers["pollutants"] = rows_
    rule = [i for i in formengine.validate(form, answers, TODAY) if i.code.startswith("rule:")]
    assert [i.pointer for i in rule] == ["/pollutants/0/concentration"]
