"""The dictionary's own rules hold whichever department asks: of a subject, of each row, of a list as a whole."""

import pytest
from tiny import TODAY, department, library, rows, subject, text, whole

import formengine
from formengine.merging.subjects import concerns, declared_rules


def rule(name, text_, field):
    return {"id": name, "rule": text_, "message": f"不合 {name}", "field": field}


SHOP = subject({"area": whole(), "used": whole()}, **{"x-rules": [rule("used", "used <= area", "used")]})
STAFF = {
    **rows({"name": text(), "from": whole(), "to": whole()}, **{"x-rules": [rule("order", "from <= to", "to")]}),
    "x-rules": [rule("one", "rows.exists(r, r.from == 0)", "from")],
    "x-unique": ["name"],
}


def asked(*columns):
    shop = {name: {"x-element": f"shop.{name}", "type": "integer"} for name in ("area", "used")}
    found = {name: {"title": name, "x-element": f"staff.{name}"} for name in columns}
    table = {"t": {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": {"properties": found}}}
    form = department("a", {**shop, **(table if columns else {})}, required=[])
    return formengine.merge(library({"shop": SHOP, "staff": STAFF}, {"a": form}), "try")


def broken(form, answers):
    return [
        (i.code, i.pointer) for i in formengine.validate(form, answers, TODAY) if "rule" in i.code or "unique" in i.code
    ]


def test_a_rule_of_a_subject_holds_of_what_is_asked_of_it():
    form = asked()
    assert broken(form, {"shop": {"area": 5, "used": 6}}) == [("rule:shop_used", "/shop/used")]
    assert broken(form, {"shop": {"area": 6, "used": 6}}) == []
    assert broken(form, {"shop": {"used": 6}}) == []


def test_a_rule_of_a_row_holds_of_each_row():
    form = asked("name", "from", "to")
    staff = [{"name": "甲", "from": 0, "to": 1}, {"name": "乙", "from": 3, "to": 2}]
    assert broken(form, {"staff": staff}) == [("rule:staff_order", "/staff/1/to")]


def test_a_rule_of_a_list_holds_of_all_rows_together():
    form = asked("name", "from", "to")
    found = broken(form, {"staff": [{"name": "甲", "from": 1, "to": 1}]})
    assert [code for code, _ in found] == ["rule:staff_one"]


def test_no_two_rows_are_alike_where_the_dictionary_says_so():
    form = asked("name", "from", "to")
    staff = [{"name": "甲", "from": 0, "to": 1}, {"name": "乙", "from": 0, "to": 1}, {"name": "甲", "from": 0, "to": 1}]
    assert broken(form, {"staff": staff}) == [("rule:staff_name_unique", "/staff/2/name")]
    assert broken(form, {"staff": staff[:2]}) == []
    assert broken(form, {"staff": [{"from": 0, "to": 1}, {"from": 0, "to": 1}]}) == []


def test_a_rule_on_what_nobody_asks_is_not_there():
    form = asked("name", "from")
    assert {one.id for one in form.rules if one.subject == "staff"} == {"staff_one", "staff_name_unique"}


def test_a_shared_rule_concerns_a_subject_with_all_that_it_reads():
    shared = {"allOf": [{"x-rules": [rule("age", "birth < '2000-01-01'", "birth")]}]}
    made = library(
        {"boss": subject({"birth": text()}, **shared), "firm": subject({"name": text()}, **shared)},
        {"a": department("a", {"b": {"x-element": "boss.birth", "type": "string"}})},
    )
    found = {name: list(declared_rules(made.subjects[name])) for name in ("boss", "firm")}
    assert all(one.shared and one.where == "/allOf/0/x-rules/0" for rules in found.values() for one in rules)
    assert concerns(found["boss"][0].rule, made.subjects["boss"])
    assert not concerns(found["firm"][0].rule, made.subjects["firm"])
    assert [one.id for one in formengine.merge(made, "try").rules] == ["boss_age"]


@pytest.mark.parametrize("text_", ["area >", "nothing > 1", "used > 'a'"])
def test_a_rule_that_cannot_be_used_names_its_file(text_):
    shop = {**SHOP, "x-rules": [rule("bad", text_, "used")]}
    form = department("a", {"u": {"x-element": "shop.used", "type": "integer"}})
    with pytest.raises(formengine.TemplateError, match="bad") as caught:
        formengine.merge(library({"shop": shop}, {"a": form}), "try")
    assert [(fault.path, fault.pointer) for fault in caught.value.faults] == [("elements/shop", "/x-rules/0/rule")]
