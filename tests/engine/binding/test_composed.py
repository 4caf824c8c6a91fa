"""Bindings made of others: a line of parts, one case of several, computed values, and a selection of rows."""

import pytest
from tiny import TODAY, codes, department, library, one_form, rows, subject, text, whole

from formengine import join, merge, split, validate
from formengine.answers.join import lossy

ADDRESS = {
    "type": "object",
    "properties": {p: {"title": p, **text()} for p in ("town", "street")},
    "required": ["town", "street"],
}


def test_a_join_makes_one_line_and_its_limit_is_judged_on_the_line():
    form = one_form(
        {"shop": subject({"place": ADDRESS})},
        {"dz": {"x-element": {"join": {"address": "shop.place"}}, "type": "string", "maxLength": 6}},
    )
    assert split(form, {"shop": {"place": {"town": "东城", "street": "溪中路"}}})["a"].values == {"dz": "东城溪中路"}
    issues = validate(form, {"shop": {"place": {"town": "东城街道", "street": "溪中路"}}}, TODAY)
    assert codes(issues) == [("/shop/place", "residual")]
    assert "6" in issues[0].message
    assert issues[0].departments[0]["form"] == "a"
    assert join(form, split(form, {"shop": {"place": {"town": "东城", "street": "溪中路"}}})) == {}


def test_a_missing_part_of_an_address_is_named_by_itself():
    form = one_form(
        {"shop": subject({"place": ADDRESS})},
        {"dz": {"x-element": {"join": {"address": "shop.place"}}, "type": "string"}},
    )
    assert codes(validate(form, {"shop": {"place": {"town": "东城"}}}, TODAY)) == [("/shop/place/street", "required")]


def test_choose_takes_the_first_case_that_holds_and_hides_the_others():
    kind = {"oneOf": [{"const": "c", "title": "公司"}, {"const": "i", "title": "个体"}]}
    subjects = {"shop": subject({"kind": kind}), "boss": subject({"name": text()}), "owner": subject({"name": text()})}
    choose = {"choose": [{"when": {"shop.kind": "c"}, "then": "boss.name"}, {"then": "owner.name"}]}
    form = one_form(
        subjects, {"fr": {"x-element": choose, "type": "string"}, "lx": {"x-element": "shop.kind", "enum": ["c", "i"]}}
    )
    answers = {"shop": {"kind": "c"}, "boss": {"name": "甲"}, "owner": {"name": "藏着的"}}
    assert split(form, answers)["a"].values == {"fr": "甲", "lx": "c"}
    assert validate(form, answers, TODAY) == []
    assert codes(validate(form, {"shop": {"kind": "i"}, "boss": {"name": "甲"}}, TODAY)) == [
        ("/owner/name", "required")
    ]


STAFF = rows({"name": text(), "cooks": {"type": "boolean"}, "card": text()})
COOKS = {
    "x-element": {"rows": {"list": "staff", "where": {"staff.cooks": True}}},
    "type": "array",
    "minItems": 1,
    "maxItems": 2,
}
COLUMNS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "xm": {"title": "姓名", "x-element": "staff.name", "type": "string"},
        "zh": {"title": "证号", "x-element": "staff.card", "type": "string"},
    },
    "required": ["xm", "zh"],
}


def test_rows_selects_and_asks_its_columns_of_the_selected_rows_only():
    form = one_form({"staff": STAFF}, {"cs": {**COOKS, "items": COLUMNS}})
    answers = {
        "staff": [{"id": "1", "name": "甲", "cooks": False}, {"id": "2", "name": "乙", "cooks": True, "card": "K2"}]
    }
    filing = split(form, answers)["a"]
    assert filing.values == {"cs": [{"xm": "乙", "zh": "K2"}]}
    assert filing.rows == {"cs": ("2",)}
    assert join(form, {"a": filing}) == {"staff": [{"id": "2", "name": "乙", "card": "K2"}]}
    del answers["staff"][1]["card"]
    assert codes(validate(form, answers, TODAY)) == [("/staff/1/card", "required")]


def test_rows_without_an_id_or_with_the_same_one_stay_apart():
    form = one_form({"staff": STAFF}, {"cs": {**COOKS, "items": COLUMNS}})
    ids = ({"id": "1"}, {"id": "1"}, {}, {"id": "#5"}, {"id": "#5"}, {"id": 7})
    people = [{**one, "name": n, "cooks": True, "card": n} for one, n in zip(ids, "甲乙丙丁戊己", strict=True)]
    filing = split(form, {"staff": people})["a"]
    assert filing.rows == {"cs": ("1", "#2", "#3", "#5", "##5", "#6")}
    assert [row["name"] for row in join(form, {"a": filing})["staff"]] == list("甲乙丙丁戊己")


@pytest.mark.parametrize(("cooks", "code"), [(0, "min_rows"), (3, "max_rows")])
def test_the_number_of_selected_rows_is_limited_both_ways(cooks, code):
    form = one_form({"staff": STAFF}, {"cs": {**COOKS, "items": COLUMNS}})
    people = [{"id": str(i), "name": "甲", "cooks": i < cooks, "card": "K"} for i in range(4)]
    assert codes(validate(form, {"staff": people}, TODAY)) == [("/staff", code)]


def test_derive_computes_for_the_department_and_asks_what_it_needs():
    binding = {"derive": {"function": "sum_product", "from": ["signs.area", "signs.count"]}}
    subjects = {"signs": rows({"area": {"type": "number", "minimum": 0}, "count": whole(1, 9)})}
    items = {
        "type": "object",
        "properties": {
            "mj": {"title": "面积", "x-element": "signs.area", "type": "number"},
            "sl": {"title": "数量", "x-element": "signs.count", "type": "integer"},
        },
        "required": ["mj", "sl"],
    }
    form = one_form(
        subjects,
        {
            "zp": {"x-element": {"rows": {"list": "signs"}}, "type": "array", "minItems": 1, "items": items},
            "zmj": {"x-element": binding, "type": "number", "maximum": 10},
        },
    )
    assert split(form, {"signs": [{"area": 0.1, "count": 3}, {"area": 0.2, "count": 1}]})["a"].values["zmj"] == 0.5
    assert codes(validate(form, {"signs": [{"area": 6, "count": 2}]}, TODAY)) == [("/signs/0/area", "residual")]


def test_a_computed_value_that_is_there_demands_what_goes_with_it():
    total = {"derive": {"function": "product", "from": ["shop.area", "shop.yard"]}}
    form = one_form(
        {"shop": subject({"area": whole(), "yard": whole(), "note": text()})},
        {"total": {"x-element": total, "type": "number"}, "note": {"x-element": "shop.note", "type": "string"}},
        required=[],
        **{"if": {"required": ["total"]}, "then": {"required": ["note"]}},
    )
    assert codes(validate(form, {"shop": {"area": 1, "yard": 2}}, TODAY)) == [("/shop/note", "required")]
    assert validate(form, {"shop": {"area": 1}}, TODAY) == []
    assert validate(form, {}, TODAY) == []


def test_a_department_numbers_its_own_rows_whoever_else_is_on_the_list():
    subjects = {"staff": rows({"name": text(), "cook": {"type": "boolean"}})}
    columns = {
        "no": {"title": "no", "type": "integer", "x-element": {"derive": {"function": "row_number"}}},
        "name": {"title": "name", "type": "string", "x-element": "staff.name"},
    }
    table = {
        "type": "array",
        "x-element": {"rows": {"list": "staff", "where": {"staff.cook": True}}},
        "items": {"type": "object", "properties": columns, "required": ["name"]},
    }
    form = merge(library(subjects, {"a": department("a", {"cooks": table})}), "try")
    staff = [
        {"id": "1", "name": "甲", "cook": False},
        {"id": "2", "name": "乙", "cook": True},
        {"id": "3", "name": "丙", "cook": True},
    ]
    filed = split(form, {"staff": staff})["a"].values["cooks"]
    assert filed == [{"no": 1, "name": "乙"}, {"no": 2, "name": "丙"}]


def test_what_is_computed_decides_like_what_is_answered():
    """A copied choice opens the department's field that hangs on it, and picks the case of a choose."""
    kind = {"type": "string", "oneOf": [{"const": "own", "title": "自有"}, {"const": "lease", "title": "租赁"}]}
    derived = {**kind, "x-derive": [{"when": {"shop.same": True}, "function": "copy", "from": ["home.tenure"]}]}
    subjects = {
        "home": subject({"tenure": kind}),
        "shop": subject({"same": {"type": "boolean"}, "tenure": derived, "until": text()}),
    }
    cases = [{"when": {"shop.tenure": "lease"}, "then": {"constant": "L"}}, {"then": {"constant": "O"}}]
    form = one_form(
        subjects,
        {
            "home": {**kind, "x-element": "home.tenure"},
            "same": {"type": "boolean", "x-element": "shop.same"},
            "tenure": {**kind, "x-element": "shop.tenure"},
            "until": {"type": "string", "x-element": {"join": {"parts": ["shop.until"]}}},
            "code": {"type": "string", "x-element": {"choose": cases}},
        },
        required=["home", "same", "tenure"],
        allOf=[
            {
                "if": {"properties": {"tenure": {"const": "lease"}}, "required": ["tenure"]},
                "then": {"required": ["until"]},
                "else": {"properties": {"until": False}},
            }
        ],
    )
    answers = {"home": {"tenure": "lease"}, "shop": {"same": True, "until": "甲"}}
    assert validate(form, answers, TODAY) == []
    assert split(form, answers)["a"].values == {
        "home": "lease",
        "same": True,
        "tenure": "lease",
        "until": "甲",
        "code": "L",
    }


def test_what_only_some_rows_carry_is_listed(real):
    form = merge(real, "hotel")
    assert "staff.id_type" in lossy(form)
