"""Conditions and limits are said in plain Chinese, and every field says who asks for it and why."""

import pytest
from tiny import department, library, rows, subject, text, whole

import formengine
from formengine.authoring.describe import explain, limits, say
from formengine.conditions import FALSE, TRUE, all_of, any_of, atom, negate, parse, present

SHOP = subject(
    {
        "kind": {"title": "规模", "oneOf": [{"const": "big", "title": "大"}, {"const": "small", "title": "小"}]},
        "area": whole(1, 900, title="面积"),
        "uses": {"title": "用途", "type": "array", "items": {"oneOf": [{"const": "eat", "title": "堂食"}]}},
        "copy": {"title": "抄写", "type": "integer", "x-derive": [{"function": "copy", "from": ["shop.area"]}]},
    }
)
STAFF = rows({"name": text(title="姓名"), "cooks": {"title": "下厨", "type": "boolean"}})


@pytest.fixture(scope="module")
def form():
    shop = {name: {"title": f"表上的{name}", "x-element": f"shop.{name}"} for name in ("kind", "area", "uses", "copy")}
    inside = {"properties": {"n": {"title": "姓名", "x-element": "staff.name"}}}
    rows_of = {"rows": {"list": "staff", "where": {"staff.cooks": True}}}
    table = {"type": "array", "minItems": 1, "x-element": rows_of, "items": inside}
    big = {"properties": {"kind": {"const": "big"}}, "required": ["kind"]}
    rule = {"if": big, "then": {"required": ["area"]}, "else": {"properties": {"area": False}}}
    shop["area"]["maximum"] = 500
    made = department("a", {**shop, "t": table}, required=["kind", "t"], **rule)
    return formengine.merge(library({"shop": SHOP, "staff": STAFF}, {"a": made}), "try")


@pytest.mark.parametrize(
    ("cond", "said"),
    [
        (TRUE, "任何情况"),
        (FALSE, "不会出现"),
        (present("shop.area"), "填了“面积”"),
        (parse({"shop.kind": "big"}), "“规模”为“大”"),
        (atom("shop.kind", {"enum": ["big", "small"]}), "“规模”为“大”或“小”"),
        (atom("shop.uses", {"contains": {"const": "eat"}}), "“用途”含“堂食”"),
        (atom("shop.area", {"minimum": 3, "maximum": 9}), "“面积”不小于 3、不大于 9"),
        (parse({"staff.cooks": True}), "“下厨”为“是”"),
        (negate(parse({"shop.kind": "big"})), "并非（“规模”为“大”）"),
        (all_of([parse({"shop.kind": "big"}), present("shop.area")]), "“规模”为“大”，且填了“面积”"),
        (any_of([parse({"shop.kind": "big"}), present("shop.uses")]), "“规模”为“大”，或者填了“用途”"),
    ],
)
def test_a_condition_is_said_with_titles(form, cond, said):
    assert say(form, cond) == said


def test_which_rows_are_meant_is_said_too(form):
    told = say(form, next(c.where for c in form.clauses if c.kind == "rows"))
    assert told == "“下厨”为“是”"


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"minLength": 2, "maxLength": 9}, ["至少 2 字", "至多 9 字"]),
        ({"enum": ["a", "b"]}, ["2 个选项之一"]),
        ({"allOf": [{"minimum": 1}, {"format": "date"}]}, ["不小于 1", "格式 date"]),
        ({"type": "string"}, []),
        (True, []),
    ],
)
def test_limits_are_short_phrases(schema, said):
    assert list(limits(schema)) == said


def told(form, element):
    return "\n".join(explain(form, element))


def test_a_field_says_who_asks_for_it_when_and_under_which_name(form):
    area = told(form, "shop.area")
    assert "面积  [shop.area]" in area
    assert "a局《a表》称“表上的area”" in area
    assert "不大于 500" in area
    assert "必填（“规模”为“大”时）" in area


def test_what_is_computed_says_from_what(form):
    assert "由 面积 得出（copy）" in told(form, "shop.copy")


def test_what_only_decides_says_so(form):
    assert "引导问题（不送任何部门，只决定问什么）" in told(form, "staff.cooks")


def test_every_field_is_explained_and_an_unknown_one_is_not(form):
    whole_ = "\n".join(explain(form))
    assert all(f"[{path}]" in whole_ for path in form.fields)
    with pytest.raises(KeyError):
        told(form, "shop.nothing")
