# ruff: noqa: E501
"""Every mistake is a Chinese sentence that says what to do."""

import re

import pytest
from tiny import department, library, rows, subject, text, whole

import formengine
from formengine.answers.messages import MESSAGES, sentence, type_name, verb_for, why_format

PARAMS = dict.fromkeys(
    ("verb", "title", "wanted", "limit", "unit", "actual", "hint", "why", "parts", "where", "form", "label", "detail", "which"),
    "某",
)  # fmt: skip


@pytest.mark.parametrize("code", MESSAGES)
def test_every_sentence_can_be_said_and_is_chinese(code):
    said = sentence(code, PARAMS)
    assert not re.search(r"[{}a-zA-Z]", said)
    assert said != sentence("never-heard-of", PARAMS) or code == "invalid"


def test_an_unknown_code_has_a_sentence_too():
    assert sentence("never-heard-of", {"title": "名称"}) == "“名称”填写有误，请核对"


@pytest.mark.parametrize(("limit", "said"), [(3.0, "3"), (0.1, "0.1"), (1e21, "1000000000000000000000"), (True, "是")])
def test_numbers_are_said_as_people_write_them(limit, said):
    assert sentence("minimum", {"title": "面积", "limit": limit, "unit": ""}) == f"“面积”不能小于 {said}"


@pytest.mark.parametrize(
    ("kind", "said"), [("string", "文字"), (["number", "null"], "数字或null"), ("array", "列表"), ("odd", "odd")]
)
def test_a_type_has_a_name(kind, said):
    assert type_name(kind) == said


def test_a_format_says_why_or_what_it_is():
    assert why_format("citizen-id", 5) == "不是正确的公民身份号码，请核对"
    assert why_format("citizen-id", "110105194912310021").startswith("：")
    assert why_format("unknown-format", "x") == "不是正确的unknown-format，请核对"


def field_of(node, **more):
    form = department(
        "a", {"x": {"x-element": "shop.x", **more}, "s": {"type": "string", "x-element": {"own": "signature"}}}
    )
    return formengine.merge(library({"shop": subject({"x": node})}, {"a": form}), "try").fields


@pytest.mark.parametrize(
    ("node", "verb"),
    [
        (text(), "填写"),
        ({"enum": ["1", "2"]}, "选择"),
        ({"type": "boolean"}, "选择"),
        ({"type": "string", "format": "attachment-id"}, "上传"),
    ],
)
def test_what_one_does_with_a_field_has_a_verb(node, verb):
    assert verb_for(field_of(node)["shop.x"]) == verb
    assert verb_for(None) == "填写"


STAFF = rows({"name": text(maxLength=4), "age": whole(18, 60)})
TABLE = {
    "type": "array",
    "minItems": 1,
    "x-element": {"rows": {"list": "staff"}},
    "items": {
        "properties": {
            "n": {"title": "姓名", "x-element": "staff.name"},
            "a": {"title": "年龄", "x-element": "staff.age"},
        },
        "required": ["n"],
    },
}


@pytest.mark.parametrize(
    ("staff", "pointer", "says"),
    [
        ([], "/staff", "至少要 1 人"),
        ([{"age": 20}], "/staff/0/name", "请填写“name”"),
        ([{"name": "甲乙丙丁戊"}], "/staff/0/name", "最多 4 个字，现有 5 个"),
        ([{"name": "甲", "age": 17}], "/staff/0/age", "不能小于 18"),
        ([{"name": "甲", "age": "17"}], "/staff/0/age", "应为整数"),
        ([{"name": ""}], "/staff/0/name", "不能留空"),
    ],
)
def test_a_mistake_in_a_row_is_said_at_its_cell(staff, pointer, says):
    form = formengine.merge(library({"staff": STAFF}, {"a": department("a", {"t": TABLE})}), "try")
    found = formengine.validate(form, {"staff": staff}, "2026-11-23")
    assert [issue.pointer for issue in found] == [pointer]
    assert says in found[0].message
    assert found[0].departments[0]["department"] == "a局"


@pytest.mark.parametrize(
    ("given", "pointers"),
    [("", ["/staff/1/id"]), ("x" * 65, ["/staff/1/id"]), (7, ["/staff/1/id"]), (None, ["/staff/1/id"]), ("x" * 64, [])],
)
def test_the_id_of_a_row_is_a_short_text(given, pointers):
    form = formengine.merge(library({"staff": STAFF}, {"a": department("a", {"t": TABLE})}), "try")
    answers = {"staff": [{"id": "a", "name": "甲"}, {"id": given, "name": "乙"}]}
    assert [issue.pointer for issue in formengine.validate(form, answers, "2026-11-23")] == pointers


def test_what_a_department_refuses_of_a_row_is_said_at_the_cell_it_comes_from():
    yuan = {"unit": {"element": "staff.wan", "multiply": "10000", "as": "integer"}}
    cells = {"y": {"title": "出资（元）", "x-element": yuan, "type": "integer", "maximum": 20000}}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": {"properties": cells}}
    staff = rows({"name": text(), "wan": {"type": "string", "format": "decimal"}})
    form = formengine.merge(library({"staff": staff}, {"a": department("a", {"t": table})}), "try")
    answers = {"staff": [{"wan": "1"}, {"wan": "2.5"}, {"wan": "2"}]}
    (issue,) = formengine.validate(form, answers, "2026-11-23")
    assert (issue.pointer, issue.code) == ("/staff/1/wan", "residual")
    assert "出资（元）" in issue.message
