"""Each binding carries a value to the department, its limits back to the answers, and the value home again."""

import pytest
from tiny import TODAY, department, library, rows, subject, text, whole

from formengine import MergeConflict, TemplateError, join, merge, split, validate
from formengine.answers.join import lossy


def codes(issues):
    return [(i.pointer, i.code) for i in issues]


def one_form(subjects, properties, **rest):
    return merge(library(subjects, {"a": department("a", properties, **rest)}), "try")


def test_an_element_is_the_same_value_on_both_sides():
    form = one_form(
        {"shop": subject({"name": text()})}, {"mc": {"x-element": "shop.name", "type": "string", "maxLength": 3}}
    )
    answers = {"shop": {"name": "小店"}}
    filings = split(form, answers)
    assert filings["a"].values == {"mc": "小店"}
    assert join(form, filings) == answers
    assert codes(validate(form, {"shop": {"name": "很长的店名"}}, TODAY)) == [("/shop/name", "maxLength")]


def test_a_map_gives_the_department_its_own_code_and_takes_only_codes_it_knows():
    sex = {"oneOf": [{"const": "m", "title": "男"}, {"const": "f", "title": "女"}, {"const": "x", "title": "其他"}]}
    form = one_form(
        {"person": subject({"sex": sex})},
        {"xb": {"x-element": {"map": {"element": "person.sex", "codes": {"m": "1", "f": "2"}}}, "enum": ["1", "2"]}},
    )
    answers = {"person": {"sex": "f"}}
    assert split(form, answers)["a"].values == {"xb": "2"}
    assert join(form, split(form, answers)) == answers
    assert codes(validate(form, {"person": {"sex": "x"}}, TODAY)) == [("/person/sex", "enum")]


def test_a_many_to_one_map_is_lossy_and_is_left_out_of_the_join():
    kind = {"enum": ["a", "b", "c"]}
    form = one_form(
        {"doc": subject({"kind": kind})},
        {
            "lx": {
                "x-element": {"map": {"element": "doc.kind", "codes": {"a": "1", "b": "9", "c": "9"}}},
                "enum": ["1", "9"],
            }
        },
    )
    filings = split(form, {"doc": {"kind": "b"}})
    assert filings["a"].values == {"lx": "9"}
    assert join(form, filings) == {}


def test_a_map_over_a_list_of_choices_maps_each_item():
    many = {"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b"]}}
    binding = {"map": {"element": "doc.kinds", "codes": {"a": "1", "b": "2"}}}
    form = one_form(
        {"doc": subject({"kinds": many})},
        {"lx": {"x-element": binding, "type": "array", "items": {"enum": ["1", "2"]}, "minItems": 1}},
    )
    assert split(form, {"doc": {"kinds": ["b", "a"]}})["a"].values == {"lx": ["2", "1"]}
    assert codes(validate(form, {"doc": {"kinds": []}}, TODAY)) == [("/doc/kinds", "minItems")]
    assert split(form, {})["a"].values == {}


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


def test_a_unit_is_converted_and_rounded_half_up():
    binding = {"unit": {"element": "shop.capital_wan", "multiply": "10000", "decimals": 0, "as": "integer"}}
    form = one_form(
        {"shop": subject({"capital_wan": {"type": "string", "format": "decimal"}})},
        {"je": {"x-element": binding, "type": "integer", "maximum": 20000}},
    )
    assert split(form, {"shop": {"capital_wan": "1.23455"}})["a"].values == {"je": 12346}
    assert codes(validate(form, {"shop": {"capital_wan": "2.5"}}, TODAY)) == [("/shop/capital_wan", "residual")]


def test_a_range_in_the_departments_unit_is_asked_of_a_number_in_its_own():
    binding = {"unit": {"element": "shop.area", "multiply": "0.5"}}
    form = one_form({"shop": subject({"area": whole()})}, {"mj": {"x-element": binding, "maximum": 20}})
    assert codes(validate(form, {"shop": {"area": 41}}, TODAY)) == [("/shop/area", "maximum")]
    assert split(form, {"shop": {"area": 39}})["a"].values == {"mj": 19.5}


def test_options_of_one_list_become_yes_and_no_and_come_back_when_all_are_asked():
    powers = {"type": "array", "uniqueItems": True, "items": {"enum": ["p", "q"]}}
    properties = {
        c: {
            "x-element": {"option": {"element": "agent.powers", "code": c, "yes": "同意", "no": "不同意"}},
            "enum": ["同意", "不同意"],
        }
        for c in ("p", "q")
    }
    form = one_form({"agent": subject({"powers": powers})}, properties)
    answers = {"agent": {"powers": ["q"]}}
    assert split(form, answers)["a"].values == {"p": "不同意", "q": "同意"}
    assert join(form, split(form, answers)) == answers


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


def test_a_constant_is_filed_and_never_asked():
    form = one_form(
        {"shop": subject({"name": text()})},
        {
            "mc": {"x-element": "shop.name", "type": "string"},
            "lx": {"x-element": {"constant": "新设"}, "const": "新设"},
        },
    )
    assert split(form, {"shop": {"name": "店"}})["a"].values == {"mc": "店", "lx": "新设"}
    assert list(form.schema["properties"]) == ["shop"]


def test_a_constant_that_the_department_does_not_take_is_a_conflict():
    lib = library(
        {"shop": subject({"kind": {"enum": ["x", "y"]}})},
        {"a": department("a", {"lx": {"x-element": "shop.kind", "enum": ["x"]}})},
        scenario={"x-constants": {"shop.kind": "y"}},
    )
    with pytest.raises(MergeConflict, match="a表"):
        merge(lib, "try")


def test_office_fields_are_neither_asked_nor_filed():
    form = one_form(
        {"shop": subject({"name": text()})},
        {
            "mc": {"x-element": "shop.name", "type": "string"},
            "yj": {"x-element": {"office": "受理人意见"}, "type": "string"},
        },
        required=["mc"],
    )
    assert split(form, {"shop": {"name": "店"}})["a"].values == {"mc": "店"}


def test_own_answers_belong_to_one_form_alone():
    declared = {"x-element": {"own": "declaration"}, "type": "boolean", "const": True}
    lib = library({"shop": subject({"name": text()})}, {n: department(n, {"cn": declared}) for n in ("a", "b")})
    form = merge(lib, "try")
    answers = {"own": {"a": {"cn": True}, "b": {"cn": False}}}
    assert codes(validate(form, answers, TODAY)) == [("/own/b/cn", "declaration")]
    assert [d["form"] for d in validate(form, answers, TODAY)[0].departments] == ["b"]


def test_an_issued_value_stands_open_until_the_licence_yields_it():
    subjects = {
        "shop": subject({"name": text(), "code": {"type": "string", "pattern": "^[0-9]{4}$", "examples": ["1234"]}})
    }
    forms = {
        "reg": department("reg", {"mc": {"x-element": "shop.name", "type": "string"}}, **{"x-licence": "paper"}),
        "food": department("food", {"dm": {"x-element": "shop.code", "type": "string"}}),
    }
    order = {"x-order": [{"before": "reg", "after": "food", "reason": "先照后证"}]}
    paper = {
        "paper": {
            "title": "执照",
            "properties": {"no": {"title": "号", "x-element": {"own": "number"}}},
            "x-yields": {"shop.code": "no"},
        }
    }
    form = merge(library(subjects, forms, scenario=order, licences=paper), "try")
    answers = {"shop": {"name": "店"}}
    assert validate(form, answers, TODAY) == []
    waiting = split(form, answers)["food"]
    assert waiting.values == {}
    assert waiting.pending == ({"code": "dm", "element": "shop.code", "form": "reg", "licence": "paper"},)
    assert split(form, answers, issued={"shop.code": "1234"})["food"].values == {"dm": "1234"}
    other_way = {"x-order": [{"before": "food", "after": "reg", "reason": "先证后照"}]}
    asked = merge(library(subjects, forms, scenario=other_way, licences=paper), "try")
    assert codes(validate(asked, answers, TODAY)) == [("/shop/code", "required")]


def test_an_issued_value_reaches_each_department_in_its_own_unit():
    subjects = {"shop": subject({"name": text(), "seats": whole()})}
    dozens = {"unit": {"element": "shop.seats", "multiply": "0.5"}}
    forms = {
        "reg": department("reg", {"mc": {"x-element": "shop.name", "type": "string"}}, **{"x-licence": "paper"}),
        "food": department("food", {"half": {"x-element": dozens}, "all": {"x-element": "shop.seats"}}),
    }
    paper = {
        "title": "执照",
        "properties": {"no": {"title": "号", "x-element": {"own": "number"}, "type": "integer"}},
        "x-yields": {"shop.seats": "no"},
    }
    order = {"x-order": [{"before": "reg", "after": "food", "reason": "先照后证"}]}
    form = merge(library(subjects, forms, scenario=order, licences={"paper": paper}), "try")
    answers = {"shop": {"name": "店"}}
    assert {one["code"] for one in split(form, answers)["food"].pending} == {"half", "all"}
    issued = split(form, answers, issued={"shop.seats": 5})["food"]
    assert (issued.values, issued.pending) == ({"half": 2.5, "all": 5}, ())


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


def test_a_copied_element_is_asked_once_and_bound_by_both_departments():
    person = {
        "is": {"enum": ["self", "other"]},
        "phone": text(**{"x-derive": [{"when": {"contact.is": "self"}, "function": "copy", "from": ["boss.phone"]}]}),
    }
    subjects = {"boss": subject({"phone": text()}), "contact": subject(person)}
    forms = {
        "a": department("a", {"dh": {"x-element": "boss.phone", "type": "string"}}, required=[]),
        "b": department("b", {"lxdh": {"x-element": "contact.phone", "type": "string", "maxLength": 2}}),
    }
    form = merge(library(subjects, forms), "try")
    assert split(form, {"boss": {"phone": "丁"}, "contact": {"is": "self"}})["b"].values == {"lxdh": "丁"}
    assert codes(validate(form, {"contact": {"is": "self"}}, TODAY)) == [("/boss/phone", "required")]
    issues = validate(form, {"boss": {"phone": "很长的"}, "contact": {"is": "self"}}, TODAY)
    assert codes(issues) == [("/boss/phone", "maxLength")]
    assert issues[0].departments[0]["form"] == "b"
    assert validate(form, {"boss": {"phone": "很长的"}, "contact": {"is": "other", "phone": "戊"}}, TODAY) == []
    answers = {"contact": {"is": "other", "phone": "戊"}}
    assert join(form, split(form, answers)) == {"contact": {"phone": "戊"}}


def test_an_unknown_element_is_a_template_fault_that_names_form_and_field():
    lib = library(
        {"shop": subject({"name": text()})},
        {"a": department("a", {"mc": {"x-element": "shop.nmae", "type": "string"}})},
    )
    with pytest.raises(TemplateError, match=r"shop\.nmae"):
        merge(lib, "try")


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


def test_a_list_of_which_an_option_is_not_filed_is_left_out_and_listed():
    options = [{"const": code, "title": code} for code in "abc"]
    many = {"type": "array", "uniqueItems": True, "items": {"oneOf": options}}
    subjects = {"shop": subject({"tags": many, "all": {"type": "boolean"}})}
    properties = {"k": {"x-element": "shop.all", "type": "boolean"}}
    for code in "abc":
        properties[code] = {"x-element": {"option": {"element": "shop.tags", "code": code}}, "type": "boolean"}
    hidden = {"if": {"properties": {"k": {"const": False}}, "required": ["k"]}, "then": {"properties": {"c": False}}}
    made = department("f", properties, allOf=[hidden], required=["k", "a", "b"])
    form = merge(library(subjects, {"f": made}), "try")
    assert lossy(form) == ["shop.tags"]
    whole = {"shop": {"all": True, "tags": ["a", "c"]}}
    assert join(form, split(form, whole)) == whole
    part = {"shop": {"all": False, "tags": ["a", "c"]}}
    assert validate(form, part, TODAY) == []
    assert split(form, part)["f"].values == {"k": False, "a": True, "b": False}
    assert join(form, split(form, part)) == {"shop": {"all": False}}


def test_what_only_some_rows_carry_is_listed(real):
    form = merge(real, "hotel")
    assert "staff.id_type" in lossy(form)
