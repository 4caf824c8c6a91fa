# ruff: noqa: E501
"""The shape of templates: every slip is named once, at its place, by its code; from files and from memory alike."""

import pytest
from small import small, written

from formengine import TemplateError, merge
from formengine.authoring.check import check
from formengine.paths import keys_in
from formengine.templates.build import build, library_of, load_library
from formengine.templates.documents import documents_of, read_documents, unpacked

GONE = object()
SHOP, STAFF, PERSON = "elements/shop", "elements/staff", "elements/person"
RECORD, PAPER, OPEN, COLOUR = "departments/record", "licences/paper", "forms/open", "codes/colour"
SLIPS = [
    # the document, where something is put (or taken out), what; the fault's code, its pointer, and a word it says
    (SHOP, "/properties/size/x-derive/0/function", GONE, "meta", "/properties/size/x-derive/0", "function"),
    (SHOP, "/properties/size/x-derive/0/function", "copi", "meta", "/properties/size/x-derive/0/function", "copi"),
    (SHOP, "/properties/price/x-when", 3, "meta", "/properties/price/x-when", "3"),
    (SHOP, "/x-when", "big", "meta", "/x-when", "big"),
    (SHOP, "/properties/name", 7, "meta", "/properties/name", "对象"),
    (SHOP, "/properties", [], "meta", "/properties", "对象"),
    (SHOP, "/properties/name/title", GONE, "meta", "/properties/name", "title"),
    (SHOP, "/properties/name/x-sensitivity", "secret", "meta", "/properties/name/x-sensitivity", "personal"),
    (SHOP, "/properties/name/x-exmaples", ["x"], "meta", "/properties/name/x-exmaples", "x-exmaples"),
    (SHOP, "/properties/name/maxLength", "40", "schema", "/properties/name/maxLength", "整数"),
    (SHOP, "/properties/name/maxlength", 40, "keyword", "/properties/name/maxlength", "maxLength"),
    (SHOP, "/properties/name/type", "strng", "schema", "/properties/name/type", "strng"),
    (SHOP, "/properties/name/pattern", "(?<=a)b", "pattern", "/properties/name/pattern", "前后查找"),
    (SHOP, "/properties/price/x-when/shop.area", {"minimum": "1"}, "meta", "/properties/price/x-when/shop.area/minimum", "数"),
    (SHOP, "/properties/price/x-when/shop.area", {"minimun": 1}, "keyword", "/properties/price/x-when/shop.area/minimun", "minimum"),
    (SHOP, "/properties/price/x-default/0", {"when": True}, "meta", "/properties/price/x-default/0", "写法"),
    (SHOP, "/x-rules/0/id", GONE, "meta", "/x-rules/0", "id"),
    (SHOP, "/type", "list", "meta", "/type", "array"),
    (STAFF, "/items/properties/name/$ref", "person.json#/$defs/nam", "ref", "/items/properties/name/$ref", "不存在"),
    (STAFF, "/items/properties/name/$ref", "nobody.json#/$defs/name", "ref", "/items/properties/name/$ref", "不存在"),
    (STAFF, "/items", [], "meta", "/items", "对象"),
    (STAFF, "/items/allOf", {}, "meta", "/items/allOf", "列表"),
    (PERSON, "/$defs/name/$ref", "#/$defs/name", "ref", "/$defs/name/$ref", "圈"),
    (PERSON, "/$defs/name/x-derive", [{}], "meta", "/$defs/name/x-derive/0", "function"),
    (RECORD, "/properties/mc/x-element", GONE, "meta", "/properties/mc", "x-element"),
    (RECORD, "/properties/mc/x-element", {"element": "shop.name", "own": "answer"}, "meta", "/properties/mc/x-element", "1"),
    (RECORD, "/properties/mc/x-element", {"elment": "shop.name"}, "meta", "/properties/mc/x-element/elment", "element"),
    (RECORD, "/properties/lb/x-element/map/codes", GONE, "meta", "/properties/lb/x-element/map", "codes"),
    (RECORD, "/properties/zj/x-element/choose/0/then", GONE, "meta", "/properties/zj/x-element/choose/0", "then"),
    (RECORD, "/properties/zj/x-element/choose/0/when", 5, "meta", "/properties/zj/x-element/choose/0/when", "5"),
    (RECORD, "/properties/ry/x-element/rows/list", GONE, "meta", "/properties/ry/x-element/rows", "list"),
    (RECORD, "/properties/ry/items/properties/xm/$ref", "#/$defs/long", "ref", "/properties/ry/items/properties/xm/$ref", "不存在"),
    (RECORD, "/properties/ry/items/properties/xm/$ref", "person.json#/$defs/name", "ref", "/properties/ry/items/properties/xm/$ref", "本文件"),
    (RECORD, "/properties/ry/items/properties/xm", "staff.name", "meta", "/properties/ry/items/properties/xm", "对象"),
    (RECORD, "/properties/mj/x-element", {"unit": {"element": "shop.area", "multiply": 10}}, "meta", "/properties/mj/x-element/unit/multiply", "文字"),
    (RECORD, "/required", "mc", "schema", "/required", "列表"),
    (RECORD, "/x-rules/0/id", GONE, "meta", "/x-rules/0", "id"),
    (RECORD, "/x-rules/0", "mj > 0", "meta", "/x-rules/0", "对象"),
    (RECORD, "/x-materials/0/when", [], "meta", "/x-materials/0/when", "1"),
    (RECORD, "/x-department/id", GONE, "meta", "/x-department", "id"),
    (RECORD, "/x-days/legal", "五", "meta", "/x-days/legal", "整数"),
    (RECORD, "/x-license", "paper", "meta", "/x-license", "x-licence"),
    (RECORD, "/$id", "rekord", "id", "/$id", "record"),
    (RECORD, "/allOf", [{"if": []}], "schema", "/allOf/0/if", "对象"),
    (PAPER, "/properties/mc/x-element", {"own": "nothing"}, "meta", "/properties/mc/x-element/own", "nothing"),
    (PAPER, "/x-issuer/title", GONE, "meta", "/x-issuer", "title"),
    (PAPER, "/x-yields", ["shop.no"], "meta", "/x-yields", "对象"),
    (OPEN, "/x-forms/0/form", GONE, "meta", "/x-forms/0", "form"),
    (OPEN, "/x-forms", [], "meta", "/x-forms", "1"),
    (OPEN, "/x-order/0/after", GONE, "meta", "/x-order/0", "after"),
    (OPEN, "/x-forms/1/when", {"new": True}, "meta", "/x-forms/1/when/new", "new"),
    (OPEN, "/x-typical/facts", GONE, "meta", "/x-typical", "facts"),
    (OPEN, "/x-rules/0/reads", "shop.name", "meta", "/x-rules/0/reads", "列表"),
    (OPEN, "/x-days/promised", -1, "meta", "/x-days/promised", "0"),
    (OPEN, "/properties/new/description", GONE, "meta", "/properties/new", "description"),
    (COLOUR, "/oneOf/0/title", GONE, "meta", "/oneOf/0", "title"),
    (COLOUR, "/oneOf/0/const", 1, "meta", "/oneOf/0/const", "文字"),
]  # fmt: skip
NAMES = [
    # what templates say of each other, once each of them has its shape
    (SHOP, "/properties/colour/x-codes", "color", "codes", "/properties/colour/x-codes", "color"),
    (SHOP, "/properties/size/x-derive/0/from/0", "shop.aera", "element", "/properties/size/x-derive", "shop.aera"),
    (SHOP, "/properties/price/x-default/0/value", -5, "default", "/properties/price/x-default", "-5"),
    (SHOP, "/properties/price/x-default/0/when", {"facts.nwe": True}, "facts", "/properties/price/x-default/0/when/facts.nwe", "facts.new"),
    (SHOP, "/x-rules/0/rule", "aera > 0.0", "rule", "/x-rules/0/rule", "aera"),
    (SHOP, "/x-rules/0/field", "aera", "rule", "/x-rules/0/field", "aera"),
    (STAFF, "/x-unique/0", "nmae", "unique", "/x-unique/0", "nmae"),
    (RECORD, "/x-licence", "papper", "licence", "/x-licence", "papper"),
    (RECORD, "/x-rules/0/rule", "mj > 'x'", "rule", "/x-rules/0/rule", "比较"),
    (RECORD, "/x-rules/0/field", "mjj", "rule", "/x-rules/0/field", "mjj"),
    (PAPER, "/x-yields/shop.no", "number", "yields", "/x-yields/shop.no", "number"),
    (OPEN, "/x-forms/0/form", "rekord", "form", "/x-forms/0/form", "rekord"),
    (OPEN, "/x-forms/1/when", {"facts.nwe": True}, "facts", "/x-forms/1/when", "facts.nwe"),
    (OPEN, "/x-order/0/after", "permitt", "order", "/x-order/0/after", "permitt"),
    (OPEN, "/x-defaults/shop.area", -3, "default", "/x-defaults/shop.area", "-3"),
    (OPEN, "/x-samples/shop.nmae", ["x"], "element", "/x-samples/shop.nmae", "shop.nmae"),
    (OPEN, "/x-constants", {"shop.nmae": "x"}, "element", "/x-constants/shop.nmae", "shop.nmae"),
    (OPEN, "/required", ["new", "old"], "facts", "/required", "old"),
    (OPEN, "/x-typical/facts/new", "yes", "typical", "/x-typical/facts/new", "yes"),
    (OPEN, "/x-typical/facts", {}, "typical", "/x-typical/facts/new", "是否新办"),
    (OPEN, "/properties/new/x-element", "shop.new", "element", "/properties/new/x-element", "shop.new"),
]  # fmt: skip


def spoiled(key, where, what):
    """The small set with one thing changed."""
    kinds = small()
    kind, _, name = key.partition("/")
    *way, last = keys_in(where)
    node = kinds[kind][name]
    for step in way:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if isinstance(node, list):
        node[int(last)] = what
    elif what is GONE:
        del node[last]
    else:
        node[last] = what
    return kinds


def of(faults):
    return [(fault.code, fault.pointer) for fault in faults]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return read_documents(*written(tmp_path_factory.mktemp("whole"), small()))


def test_the_small_set_is_without_fault(whole):
    assert [str(fault) for fault in check(whole).faults] == []
    assert check(documents_of(**small())).faults == []


@pytest.mark.parametrize(("key", "where", "what", "code", "at", "says"), [*SLIPS, *NAMES])
def test_a_slip_is_named_once_at_its_place_on_disk_and_in_memory(tmp_path, key, where, what, code, at, says):
    kinds = spoiled(key, where, what)
    on_disk = check(read_documents(*written(tmp_path, kinds))).faults
    assert of(on_disk) == [(code, at)], [str(fault) for fault in on_disk]
    (fault,) = on_disk
    assert says in fault.message
    assert fault.path == str(tmp_path / f"{key}.json")
    assert standing_at(fault) is not None
    in_memory = check(documents_of(**kinds)).faults
    assert of(in_memory) == [(code, at)]
    assert [one.message for one in in_memory] == [fault.message]
    assert in_memory[0].path == f"{key}.json"


def standing_at(fault):
    """The line that a fault names, where it has one."""
    with open(fault.path, encoding="utf-8") as stream:
        lines = stream.read().split("\n")
    return lines[fault.line - 1][fault.column - 1 :] if fault.line and fault.column else None


@pytest.mark.parametrize(("key", "where", "what", "code", "at", "says"), SLIPS)
def test_what_has_not_its_shape_is_not_made_a_library(tmp_path, key, where, what, code, at, says):
    kinds = spoiled(key, where, what)
    for made in (lambda: library_of(documents_of(**kinds)), lambda: load_library(*written(tmp_path, kinds))):
        with pytest.raises(TemplateError) as refused:
            made()
        assert of(refused.value.faults) == [(code, at)]


def test_all_slips_of_all_files_are_named_at_once(tmp_path):
    kinds = small()
    kinds["elements"]["shop"]["properties"]["size"]["x-derive"] = [{}]
    kinds["elements"]["staff"]["x-when"] = 3
    kinds["departments"]["record"]["x-rules"][0].pop("id")
    kinds["departments"]["record"]["properties"]["mc"].pop("title")
    kinds["forms"]["open"]["x-order"][0].pop("after")
    folder, forms = written(tmp_path, kinds)
    (folder / "departments" / "permit.json").write_text("{", "utf-8")
    found = check(read_documents(folder, forms)).faults
    assert sorted((fault.code, fault.path.rsplit("/", 1)[1]) for fault in found) == [
        ("json", "permit.json"),
        ("meta", "open.json"),
        ("meta", "record.json"),
        ("meta", "record.json"),
        ("meta", "shop.json"),
        ("meta", "staff.json"),
    ]
    assert all(fault.line for fault in found)


def test_a_fault_points_at_the_very_word(tmp_path):
    kinds = spoiled(RECORD, "/properties/mc/maxLength", "30")
    (fault,) = check(read_documents(*written(tmp_path, kinds))).faults
    assert standing_at(fault).startswith('"30"')
    assert str(fault).startswith(f"{tmp_path}/departments/record.json:{fault.line}:{fault.column}: error schema ")


def test_what_documents_say_has_one_digest_wherever_their_files_stand(whole, tmp_path):
    other = read_documents(*written(tmp_path, small()))
    assert other.digest == whole.digest
    kinds = small()
    kinds["forms"]["open"]["title"] = "另一件事"
    assert documents_of(**kinds).digest != whole.digest


def test_the_order_of_fields_is_part_of_what_documents_say():
    kinds = small()
    properties = kinds["departments"]["record"]["properties"]
    kinds["departments"]["record"]["properties"] = dict(reversed(properties.items()))
    assert documents_of(**kinds).digest != documents_of(**small()).digest


def test_documents_that_are_packed_are_the_same_again(whole):
    again = unpacked(whole.packed())
    assert again.digest == whole.digest
    assert [one.key for one in again] == [one.key for one in whole]
    old, new = (merge(build(one), "open", {"new": True}) for one in (whole, again))
    assert old.fingerprint == new.fingerprint
