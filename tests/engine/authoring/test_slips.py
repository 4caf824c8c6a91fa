"""What templates say of each other and cannot be is named at its place; what is right is not."""

import copy

import pytest
from small import small
from tiny import changed

from formengine.authoring.slips import slips
from formengine.templates.build import library_of
from formengine.templates.documents import documents_of


def spoilt(key, way, value):
    """The faults of the small set with one value changed."""
    kind, _, name = key.partition("/")
    documents = documents_of(**small())
    data = copy.deepcopy(documents.by_key[key].data)
    node = data
    for step in way[:-1]:
        node = node[step]
    node[way[-1]] = value
    return [
        (f.path, f.code, f.pointer, f.message) for f in slips(library_of(changed(documents, **{kind: {name: data}})))
    ]


def test_a_set_without_fault_has_none():
    assert list(slips(library_of(documents_of(**small())))) == []


SHOP, STAFF = "elements/shop", "elements/staff"
RECORD, PAPER, OPEN = "departments/record", "licences/paper", "forms/open"


@pytest.mark.parametrize(
    ("key", "way", "value", "code", "says"),
    [
        (SHOP, ("properties", "colour", "x-codes"), "colours", "codes", "colours"),
        (SHOP, ("properties", "size", "x-derive", 0, "from"), ["shop.aera"], "element", "shop.aera"),
        (SHOP, ("properties", "price", "x-default", 0, "value"), "100", "default", "100"),
        (SHOP, ("properties", "area", "x-sample"), [90, 5], "sample", "[低, 高]"),
        (SHOP, ("properties", "area", "x-sample"), ["5", "90"], "sample", "[低, 高]"),
        (SHOP, ("properties", "area", "x-sample"), [5], "sample", "[低, 高]"),
        (SHOP, ("properties", "kind", "x-sample"), ["big", "medium"], "sample", "medium"),
        (SHOP, ("x-rules", 0, "rule"), "aera > 0.0", "rule", "aera"),
        (SHOP, ("x-rules", 0, "rule"), "area + 1", "rule", "是否"),
        (SHOP, ("x-rules", 0, "field"), "aera", "rule", "aera"),
        (STAFF, ("x-unique",), ["nmae"], "unique", "nmae"),
        (RECORD, ("x-licence",), "papier", "licence", "papier"),
        (RECORD, ("x-rules", 0, "field"), "jm", "rule", "jm"),
        (PAPER, ("x-yields",), {"shop.on": "no"}, "yields", "shop.on"),
        (OPEN, ("x-forms", 0, "form"), "rekord", "form", "rekord"),
        (OPEN, ("x-typical", "returning"), {"nwe": True}, "typical", "nwe"),
        (OPEN, ("x-typical", "returning"), {"new": "perhaps"}, "typical", "perhaps"),
    ],
)
def test_a_name_that_leads_nowhere_and_a_value_that_does_not_fit_are_named(key, way, value, code, says):
    found = [fault for fault in spoilt(key, way, value) if fault[1] == code]
    assert len(found) == 1
    path, _, where, message = found[0]
    assert path == key
    assert where.startswith("/" + "/".join(map(str, way[:2])))
    assert says in message


@pytest.mark.parametrize(
    ("sample", "good"),
    [([-300, -5], True), ([0, 0], True), ([0.5, 3], False), (["2026-01-01", "2026-02-01"], False), ([3, 1], False)],
)
def test_dates_are_sampled_by_days_from_today(sample, good):
    day = {"title": "日期", "type": "string", "format": "date", "x-sample": sample, "x-sensitivity": "none"}
    assert (spoilt(SHOP, ("properties", "day"), day) == []) is good


def test_a_fact_that_looks_like_one_that_is_asked_is_perhaps_that_one():
    found = spoilt(RECORD, ("x-materials", 0, "when"), {"facts.nwe": True})
    assert [(code, "facts.new" in message) for _, code, _, message in found] == [("facts", True)]
