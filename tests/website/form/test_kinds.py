"""Each kind of field binds what a page says, shows an answer and says it; nothing that it cannot show is lost."""

import io

import pytest
from tiny import department, library, rows, subject, text, whole
from werkzeug.datastructures import FileStorage, MultiDict

import formengine
from formengine import MISSING
from web.cases.given import GivenRow, KeptFile, TypedName, Upload
from web.form.bind import bind_section
from web.form.kinds import KINDS
from web.form.sheet import Sheet

FEW = {"type": "string", "oneOf": [{"const": "1", "title": "甲"}, {"const": "2", "title": "乙"}]}
MANY = {"enum": [str(n) for n in range(9)]}
ADDRESS = {
    "type": "object",
    "x-kind": "address",
    "properties": {"town": {"title": "镇", "type": "string"}, "no": {"title": "号", "type": "string"}},
    "required": ["town"],
}
NODES = {
    "few": FEW,
    "many": MANY,
    "several": {"type": "array", "items": FEW, "uniqueItems": True},
    "yes": {"type": "boolean"},
    "number": {"type": "number", "x-unit": "平方米", "x-sample": [1, 9]},
    "whole": whole(),
    "day": {"type": "string", "format": "date"},
    "line": text(),
    "long": text(maxLength=500),
    "tel": {"type": "string", "format": "mobile"},
    "file": {"type": "string", "format": "attachment-id"},
    "place": ADDRESS,
}
KIND_OF = {
    **{"few": "radio", "many": "select", "several": "choices", "yes": "yes_no", "number": "number", "whole": "number"},
    **{"day": "date", "line": "text", "long": "textarea", "tel": "text", "file": "upload", "place": "parts"},
}


@pytest.fixture(scope="module")
def sheet():
    plain = {code: {"x-element": f"shop.{code}"} for code in NODES if code != "place"}
    place = {"place": {"type": "string", "x-element": {"join": {"address": "shop.place"}}}}
    columns = {name: {"title": name, "x-element": f"staff.{name}"} for name in ("name", "age")}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": {"properties": columns}}
    own = {
        "one": {"type": "boolean", "const": True, "x-element": {"own": "consent"}},
        "sign": {"type": "string", "format": "attachment-id", "x-element": {"own": "signature"}},
    }
    materials = [{"id": "lease", "title": "租约"}]
    form = department("a", {**plain, **place, "t": table, **own}, required=[], **{"x-materials": materials})
    people = rows({"name": text(), "age": whole(0, 99)})
    made = library({"shop": subject(NODES), "staff": people}, {"a": form})
    return Sheet(formengine.merge(made, "try"))


@pytest.mark.parametrize(("name", "kind"), KIND_OF.items())
def test_a_field_has_its_kind(sheet, name, kind):
    assert sheet.by_path[f"shop.{name}"].kind.name == kind


def test_lists_materials_and_acts_have_kinds_too(sheet):
    kinds = {path: sheet.by_path[path].kind.name for path in ("staff", "materials.lease", "own.a.one", "own.a.sign")}
    assert list(kinds.values()) == ["table", "uploads", "declaration", "signature"]


def test_every_kind_has_a_name_of_its_own():
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert KINDS[-1].name == "text"


def answer(sheet, path, *texts, **more):
    """What a page says that sends these texts under a field's name."""
    entry = sheet.by_path[path]
    sent = [(entry.name, one) for one in texts] + [(f"{entry.name}/{key}", one) for key, one in more.items()]
    return entry.kind.answer(entry, entry.name, MultiDict(sent))


@pytest.mark.parametrize(
    ("name", "typed", "wanted"),
    [
        ("few", "0", "1"),
        ("few", "", MISSING),
        ("few", "7", "7"),
        ("many", "8", "8"),
        ("yes", "yes", True),
        ("yes", "no", False),
        ("yes", "perhaps", "perhaps"),
        ("number", "１，２３４．５", 1234.5),
        ("number", "1,234", 1234),
        ("number", "12,34", "12,34"),
        ("number", "-3", -3),
        ("number", "three", "three"),
        ("number", "9" * 20, "9" * 20),
        ("number", "1e5", "1e5"),
        ("number", " ", MISSING),
        ("whole", "3.0", 3),
        ("whole", "3.5", 3.5),
        ("day", "2026年1月2日", "2026-01-02"),
        ("day", "20260102", "2026-01-02"),
        ("day", "2026.1.2", "2026-01-02"),
        ("day", "2026-1", "2026-1"),
        ("line", "  甲\u200b乙 ", "甲乙"),
        ("line", "\ud800", "\ufffd"),
        ("long", "一\r\n二", "一\n二"),
        ("tel", "138 0013 8000", "13800138000"),
        ("tel", "１３８００１３８０００", "13800138000"),
        ("tel", "12", "12"),
    ],
)
def test_what_was_typed_is_bound_and_what_cannot_be_read_stays_as_it_was(sheet, name, typed, wanted):
    found = answer(sheet, f"shop.{name}", typed)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("texts", "more", "wanted"),
    [
        ((), {}, MISSING),
        (("0", "1", "0"), {}, ["1", "2"]),
        ((), {"none": "1"}, []),
        (("0",), {"stray": '["9"]'}, ["1", "9"]),
        ((), {"stray": '["9"]'}, ["9"]),
        ((), {"stray": "5"}, 5),
    ],
)
def test_several_choices_keep_what_the_page_had_no_place_for(sheet, texts, more, wanted):
    assert answer(sheet, "shop.several", *texts, **more) == wanted


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"town": " 甲镇 ", "no": ""}, {"town": "甲镇"}),
        ({"town": "", "no": " "}, MISSING),
        ({"town": "甲镇", "stray": '{"old": "旧"}'}, {"old": "旧", "town": "甲镇"}),
        ({"stray": '"全文"'}, "全文"),
    ],
)
def test_an_address_is_bound_box_by_box(sheet, more, wanted):
    assert answer(sheet, "shop.place", **more) == wanted


def test_files_are_kept_dropped_and_added(sheet):
    new = FileStorage(io.BytesIO(b"%PDF"), filename="租\u200b约.pdf")
    name = "materials.lease"
    data = MultiDict([(f"{name}/kept", "one"), (f"{name}/kept", "two"), (f"{name}/drop", "one"), (name, new)])
    entry = sheet.by_path[name]
    assert entry.kind.answer(entry, name, data) == [KeptFile("two"), Upload("租约.pdf", b"%PDF")]
    assert answer(sheet, name, kept="one") == [KeptFile("one")]
    assert answer(sheet, name) is MISSING
    empty = FileStorage(io.BytesIO(), filename="")
    assert entry.kind.answer(entry, name, MultiDict([(name, empty)])) is MISSING


def test_of_one_file_the_new_one_takes_the_place_of_the_old(sheet):
    entry, new = sheet.by_path["shop.file"], FileStorage(io.BytesIO(b"%PDF"), filename="b.pdf")
    data = MultiDict([("shop.file/kept", "old"), ("shop.file", new)])
    assert entry.kind.answer(entry, "shop.file", data) == Upload("b.pdf", b"%PDF")
    assert answer(sheet, "shop.file", kept="old") == KeptFile("old")


@pytest.mark.parametrize(
    ("typed", "more", "wanted"),
    [
        ("示例 甲", {}, TypedName("示例 甲")),
        ("  示例　甲 ", {"was": "示例 甲", "kept": "s1"}, KeptFile("s1")),
        ("别人", {"was": "示例 甲", "kept": "s1"}, TypedName("别人")),
        ("", {"was": "示例 甲", "kept": "s1"}, MISSING),
        pytest.param("甲" * 99, {}, TypedName("甲" * 60), id="far too long"),
    ],
)
def test_an_unchanged_signature_keeps_its_id(sheet, typed, more, wanted):
    assert answer(sheet, "own.a.sign", typed, **more) == wanted


def test_a_tick_is_a_tick(sheet):
    assert answer(sheet, "own.a.one", "yes") is True
    assert answer(sheet, "own.a.one", "no") is MISSING
    assert answer(sheet, "own.a.one") is MISSING


def test_rows_are_bound_by_their_ids_and_empty_ones_are_dropped(sheet):
    sent = [("staff/rows", n) for n in ("2", "0", "1", "x", "999999")]
    sent += [(f"staff/{n}/_fields", "staff.name staff.age") for n in range(3)]
    sent += [("staff/0/id", "r0"), ("staff/0/name", "甲"), ("staff/1/name", " "), ("staff/2/age", "7")]
    entry = sheet.by_path["staff"]
    assert entry.kind.answer(entry, "staff", MultiDict(sent)) == [
        GivenRow("r0", {"staff.name": "甲", "staff.age": MISSING}),
        GivenRow("", {"staff.name": MISSING, "staff.age": 7}),
    ]


def test_a_suggestion_left_as_it_is_stores_nothing(sheet):
    assert answer(sheet, "shop.line", "甲", given="甲") is MISSING
    assert answer(sheet, "shop.line", "乙", given="甲") == "乙"
    assert answer(sheet, "shop.several", "0", given="0") is MISSING
    assert answer(sheet, "shop.several", given="0") == []


@pytest.mark.parametrize(
    ("name", "value", "strays"),
    [
        ("few", "1", []),
        ("few", "9", ["9"]),
        ("few", 1, [1]),
        ("yes", True, []),
        ("yes", 1, [1]),
        ("several", ["1", "9"], [["9"]]),
        ("several", "1", ["1"]),
        ("number", 3, []),
        ("number", "three", []),
        ("number", True, [True]),
        ("line", {"a": 1}, [{"a": 1}]),
        ("place", {"town": "甲", "old": "旧"}, [{"old": "旧"}]),
        ("place", "全文", ["全文"]),
    ],
)
def test_what_a_field_cannot_show_is_told(sheet, name, value, strays):
    entry = sheet.by_path[f"shop.{name}"]
    assert entry.kind.strays(entry, value) == strays


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("shop.few", "2", "乙"),
        ("shop.several", ["1", "2"], "甲、乙"),
        ("shop.yes", False, "否"),
        ("shop.number", 3.0, "3 平方米"),
        ("shop.number", "three", "three"),
        ("shop.place", {"no": "5号", "town": "甲镇"}, "甲镇5号"),
        ("shop.file", "x1", "甲.pdf"),
        ("materials.lease", ["x1", "x2"], "甲.pdf、（文件）"),
        ("own.a.sign", "x1", "已签署：甲.pdf"),
        ("own.a.one", True, "已阅读并同意"),
        ("staff", [{}, {}], "2 行"),
    ],
)
def test_an_answer_is_said_as_it_is_read(sheet, path, value, said):
    entry = sheet.by_path[path]
    assert entry.kind.said(entry, value, {"x1": "甲.pdf"}) == said


def test_only_fields_that_stood_on_the_page_are_touched(sheet):
    section = next(one for one in sheet.sections if "shop.line" in one.paths)
    data = MultiDict([("_fields", "shop.line shop.none"), ("shop.line", "甲"), ("shop.many", "1")])
    assert bind_section(section, data) == {"shop.line": "甲"}
    assert bind_section(section, MultiDict([("shop.line", "甲")])) == {}


def test_a_stray_that_the_page_was_not_given_is_not_believed(sheet):
    section = next(one for one in sheet.sections if "shop.line" in one.paths)
    data = MultiDict([("_fields", "shop.line"), ("shop.line", ""), ("shop.line/stray", '{"made": "up"}')])
    assert bind_section(section, data) == {"shop.line": MISSING}
    assert bind_section(section, data, strays={'{"made": "up"}'}) == {"shop.line": {"made": "up"}}
