"""What stands on the pages of a form: sections and their order, fields with values and mistakes, answers read back."""

import pytest
from tiny import TODAY, department, library, rows, subject, text, whole

import formengine
from formengine import Place, Resolved
from web.cases.changes import Change
from web.form.changes import EMPTY, told
from web.form.protocol import element_id, input_name, row_numbers
from web.form.reader import Reader
from web.form.sheet import QUESTIONS, SIGN_OFF, Sheet
from web.form.show import show
from web.form.signposts import Signposts

SHOP = subject(
    {
        "area": whole(1, 900, **{"x-when": {"shop.kind": "big"}, "x-unit": "平方米"}),
        "name": text(),
        "kind": {"oneOf": [{"const": "big", "title": "大"}, {"const": "small", "title": "小"}]},
        "sign": text(**{"x-default": [{"function": "copy", "from": ["shop.name"]}]}),
        "copy": text(**{"x-derive": [{"function": "copy", "from": ["shop.name"]}]}),
    },
    **{"x-section": "shop"},
)
STAFF = rows({"name": text(), "cooks": {"type": "boolean"}, "card": text(**{"x-when": {"staff.cooks": True}})})
DECLARED = {"type": "boolean", "const": True, "x-element": {"own": "declaration"}}
FACT = {"type": "boolean"}


@pytest.fixture(scope="module")
def sheet():
    shop = {name: {"x-element": f"shop.{name}"} for name in ("area", "name", "kind", "sign", "copy")}
    columns = {name: {"title": name, "x-element": f"staff.{name}"} for name in ("name", "cooks", "card")}
    inside = {"properties": columns, "required": ["name"]}
    table = {"type": "array", "minItems": 1, "x-element": {"rows": {"list": "staff"}}, "items": inside}
    forms = {
        "a": department("a", {**shop, "t": table, "d": DECLARED}, required=["name", "t", "d"]),
        "b": department("b", {"n": {"x-element": "shop.name", "maxLength": 3}, "d": DECLARED}, required=["d"]),
    }
    sections = [{"id": "staff", "title": "人员"}, {"id": "shop", "title": "店铺"}]
    made = library(
        {"shop": SHOP, "staff": STAFF},
        forms,
        facts={"new": FACT},
        typical={"new": True},
        scenario={"x-sections": sections},
    )
    return Sheet(formengine.merge(made, "try", {"new": True}))


def section(sheet, path):
    return sheet.by_id[sheet.section_of[path]]


def looked(sheet, answers):
    whole_ = {"facts": {"new": True}, **answers}
    return Resolved(sheet.form, whole_), formengine.validate(sheet.form, whole_, TODAY)


GOOD = {"shop": {"name": "甲", "kind": "big", "area": 5}, "staff": [{"id": "r1", "name": "乙"}]}


# -- protocol --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place("shop.name"), "shop.name"),
        (Place("shop.place", None, ("town",)), "shop.place/town"),
        (Place("staff.name", 0), "staff/0/name"),
        (Place("staff.place", 3, ("town",)), "staff/3/place/town"),
    ],
)
def test_the_name_of_an_input_says_where_its_value_stands(place, name):
    assert input_name(place) == name
    assert "/" not in element_id(name)


def test_only_numbers_are_rows():
    assert row_numbers(["2", "0", "2", "x", "-1", "1.5", "", "123456"]) == [0, 2]


# -- sections --------------------------------------------------------------------------------------------------


def test_sections_stand_as_the_scenario_wants_and_signing_comes_last(sheet):
    assert [(one.id, one.title) for one in sheet.sections] == [
        ("staff", "人员"),
        ("shop", "店铺"),
        (SIGN_OFF, "声明与签署"),
    ]
    assert sheet.section_of["staff.card"] == sheet.section_of["staff"]


def test_what_decides_stands_before_what_it_decides_else_the_dictionarys_order_holds(sheet):
    paths = [one.path for one in section(sheet, "shop.name").entries]
    assert paths.index("shop.kind") < paths.index("shop.area") < paths.index("shop.name") < paths.index("shop.sign")
    assert "shop.copy" not in paths
    columns = [one.path for one in sheet.by_path["staff"].columns]
    assert columns == ["staff.name", "staff.cooks", "staff.card"]


def test_declarations_of_two_departments_are_one_entry(sheet):
    (act,) = sheet.signing.entries
    assert act.paths == ("own.a.d", "own.b.d")
    assert act.departments == ("a局", "b局")
    assert sheet.act_of == dict.fromkeys(act.paths, act.name)


def test_an_entry_says_who_gets_its_value_and_whether_it_decides(sheet):
    assert sheet.by_path["shop.name"].departments == ("a局", "b局")
    assert sheet.by_path["shop.kind"].decides
    assert not sheet.by_path["shop.name"].decides


# -- shown -----------------------------------------------------------------------------------------------------


def fields(sheet, path, answers, **more):
    resolved, issues = looked(sheet, answers)
    found = show(sheet, section(sheet, path), resolved, issues if more.pop("judged", False) else (), **more)
    return {one.entry.path: one for one in found}


def test_a_field_that_is_not_asked_is_not_shown(sheet):
    assert "shop.area" in fields(sheet, "shop.name", GOOD)
    assert "shop.area" not in fields(sheet, "shop.name", {"shop": {"kind": "small", "area": 5}})


def test_what_may_stay_empty_says_so_and_is_folded(sheet):
    found = fields(sheet, "shop.name", GOOD)
    assert (found["shop.name"].tag, found["shop.name"].folded) == ("", False)
    assert (found["shop.sign"].tag, found["shop.sign"].folded) == ("选填", True)


def test_a_mistake_stands_at_its_field_as_it_was_typed(sheet):
    found = fields(sheet, "shop.name", {"shop": {"name": "甲乙丙丁", "kind": "big", "area": "many"}}, judged=True)
    assert found["shop.name"].errors == ["“name”最多 3 个字，现有 4 个，请删减"]
    assert found["shop.area"].value == "many"
    assert found["shop.area"].wrong
    assert "f-shop.area" in found["shop.area"].attributes


def test_a_table_that_needs_a_row_shows_one_and_more_where_they_are_added(sheet):
    assert [row.blank for row in fields(sheet, "staff", {})["staff"].rows] == [True]
    found = fields(sheet, "staff", GOOD, blank={"staff": 2})["staff"].rows
    assert [(row.index, row.id if not row.blank else "") for row in found] == [(0, "r1"), (1, ""), (2, "")]
    assert len({row.id for row in found}) == 3


def test_each_row_shows_its_own_columns(sheet):
    staff = [{"id": "x", "name": "甲", "cooks": True}, {"id": "y", "name": "乙"}]
    found = fields(sheet, "staff", {"staff": staff})["staff"].rows
    assert [row.paths for row in found] == ["staff.name staff.cooks staff.card", "staff.name staff.cooks"]
    assert [cell.name for cell in found[1].fields] == ["staff/1/name", "staff/1/cooks"]


def test_a_suggestion_is_shown_as_given(sheet):
    resolved = Resolved(sheet.form, {"facts": {"new": True}, **GOOD}, suggest=True)
    found = {one.entry.path: one for one in show(sheet, section(sheet, "shop.name"), resolved)}
    assert (found["shop.sign"].value, found["shop.sign"].given, found["shop.sign"].given_key) == ("甲", True, "甲")
    assert not found["shop.name"].given


# -- signposts -------------------------------------------------------------------------------------------------


def test_every_mistake_leads_to_an_input_of_a_section(sheet):
    answers = {"shop": {"name": "甲乙丙丁", "kind": "big", "area": "x"}, "staff": [{"name": ""}, {"cooks": True}]}
    _, issues = looked(sheet, answers)
    posts = Signposts(sheet)
    found = {posts.name_of(issue): posts.section_of(issue) for issue in issues}
    staff, shop = sheet.section_of["staff"], sheet.section_of["shop.name"]
    assert found == {
        "shop.name": shop,
        "shop.area": shop,
        "staff/0/name": staff,
        "staff/1/name": staff,
        sheet.signing.entries[0].name: SIGN_OFF,
    }


def test_an_act_that_is_not_made_is_named_once(sheet):
    _, issues = looked(sheet, GOOD)
    said = {sentence for sentences in Signposts(sheet).mistakes(issues).values() for sentence in sentences}
    assert said == {"请阅读各项声明和承诺，并勾选同意"}


def test_mistakes_are_in_reading_order(sheet):
    answers = {"shop": {"name": "甲乙丙丁", "kind": "big", "area": "x"}, "staff": [{"name": "乙"}, {"name": ""}]}
    _, issues = looked(sheet, answers)
    posts = Signposts(sheet)
    names = [posts.name_of(issue) for issue in sorted(issues, key=posts.place_of)]
    assert names.index("shop.area") < names.index("shop.name")
    assert names[-1] == names[-2] == sheet.signing.entries[0].name


def test_a_mistake_in_the_facts_leads_to_the_questions(sheet):
    issues = formengine.validate(sheet.form, {**GOOD, "facts": {"new": "perhaps"}}, TODAY)
    assert QUESTIONS in {Signposts(sheet).section_of(issue) for issue in issues}


# -- read back -------------------------------------------------------------------------------------------------


def read(sheet, path, answers, **more):
    resolved, _ = looked(sheet, answers)
    reader = Reader(sheet, resolved, {}, section_at=lambda name: f"/{name}", facts_at="/facts", **more)
    return {line.title: line for line in reader.answers_of(section(sheet, path))}


def test_answers_are_read_back_with_where_they_can_be_changed(sheet):
    lines = read(sheet, "shop.name", GOOD)
    assert (lines["kind"].text, lines["area"].text) == ("大", "5 平方米")
    assert lines["name"].change == f"/{sheet.section_of['shop.name']}#f-shop.name"
    assert lines["name"].departments == ("a局", "b局")
    assert "sign" not in lines


def test_rows_are_read_back_row_by_row(sheet):
    staff = read(sheet, "staff", {"staff": [{"name": "甲", "cooks": True}, {"name": "乙"}]})["名单"]
    assert [[cell.text for cell in row] for row in staff.rows] == [["甲", "是"], ["乙"]]
    assert staff.rows[1][0].change.endswith("#f-staff--1--name")


def test_what_is_wrong_and_missing_is_read_back_as_not_filled_in(sheet):
    line = read(sheet, "shop.name", {"shop": {"kind": "big"}}, wrong={"shop.name": ["请填写"]})["name"]
    assert (line.text, line.wrong) == ("（未填）", True)


# -- what differs ----------------------------------------------------------------------------------------------


def test_what_differs_is_told_in_words_in_the_order_of_the_pages(sheet):
    changes = [
        Change("staff.cooks", True, formengine.MISSING, 2),
        Change("staff", True, False, 3),
        Change("shop.name", formengine.MISSING, "甲"),
        Change("shop.kind", "big", "small"),
    ]
    found = [(one.title, one.theirs, one.yours) for one in told(sheet, changes)]
    assert found == [
        ("名单（第 2 行）cooks", "是", EMPTY),
        ("名单（第 3 行）", "有这一行", "没有这一行"),
        ("kind", "大", "小"),
        ("name", EMPTY, "甲"),
    ]
