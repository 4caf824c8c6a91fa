"""Each binding of one value carries it to the department, its limits back to the answers, and the value home again."""

import pytest
from tiny import TODAY, codes, department, library, one_form, subject, text, whole

from formengine import MergeConflict, TemplateError, join, merge, split, validate
from formengine.answers.join import lossy


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
    halved = {"unit": {"element": "shop.seats", "multiply": "0.5"}}
    forms = {
        "reg": department("reg", {"mc": {"x-element": "shop.name", "type": "string"}}, **{"x-licence": "paper"}),
        "food": department("food", {"half": {"x-element": halved}, "all": {"x-element": "shop.seats"}}),
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
