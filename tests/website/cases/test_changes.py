"""Two states of a draft compared field by field, and rows written over those that are there."""

import pytest
from tiny import department, library, rows, subject, text

import formengine
from formengine import MISSING, Resolved
from web.cases.changes import Change, conflicts, differences, given_rows, has_files, is_rows, lost, plain
from web.cases.given import GivenRow, KeptFile, TypedName, Upload


def form_of(*names, columns=("name", "job")):
    shop = {name: {"x-element": f"shop.{name}", "type": "string"} for name in names}
    cells = {name: {"title": name, "x-element": f"staff.{name}"} for name in columns}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": {"properties": cells}}
    act = {"d": {"type": "boolean", "const": True, "x-element": {"own": "declaration"}}}
    made = department("a", {**shop, "t": table, **act}, required=[])
    subjects = {
        "shop": subject({"name": text(), "tel": text(), "old": text()}),
        "staff": rows({"name": text(), "job": text()}),
    }
    return formengine.merge(library(subjects, {"a": made}), "try")


FORM = form_of("name", "tel")
SEEN = {"shop": {"name": "甲", "tel": "1"}, "staff": [{"id": "x", "name": "乙"}, {"id": "y", "name": "丙"}]}


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (SEEN, []),
        ({**SEEN, "shop": {"name": "丁", "tel": "1"}}, [Change("shop.name", "丁", "甲")]),
        ({**SEEN, "shop": {"name": "甲"}}, [Change("shop.tel", MISSING, "1")]),
        ({**SEEN, "staff": SEEN["staff"][::-1]}, []),
        ({**SEEN, "staff": SEEN["staff"][:1]}, [Change("staff", False, True, 2)]),
        (
            {**SEEN, "staff": [{"id": "x", "name": "乙", "job": "厨师"}, SEEN["staff"][1], {"id": "z", "name": "戊"}]},
            [Change("staff.job", "厨师", MISSING, 1), Change("staff", True, False, 3)],
        ),
        ({**SEEN, "own": {"a": {"d": True}}}, []),
        ({**SEEN, "shop": {**SEEN["shop"], "old": "nobody asks"}}, []),
    ],
)
def test_every_visible_answer_that_is_no_longer_what_was_seen_is_named(now, wanted):
    assert list(differences(FORM, SEEN, now)) == wanted


@pytest.mark.parametrize(
    ("new", "wanted"),
    [
        (form_of("name", "tel", "old"), []),
        (form_of("name"), [Change("shop.tel", MISSING, "1")]),
        (
            form_of("name", "tel", columns=("job",)),
            [Change("staff.name", MISSING, "乙", 1), Change("staff.name", MISSING, "丙", 2)],
        ),
    ],
)
def test_what_other_templates_have_no_place_for_is_named(new, wanted):
    assert list(lost(Resolved(FORM, SEEN), Resolved(new, SEEN))) == wanted


def cell(_path, value):
    return value


def test_rows_are_written_over_those_with_their_ids_and_what_was_not_given_stays():
    there = [{"id": "x", "name": "甲", "job": "厨师"}, {"id": "y", "name": "乙"}]
    given = [
        GivenRow("y", {"staff.name": "丙"}),
        GivenRow("x", {"staff.name": MISSING}),
        GivenRow("", {"staff.name": "丁"}),
    ]
    first, second, third = given_rows(there, given, cell)
    assert first == {"id": "y", "name": "丙"}
    assert second == {"id": "x", "job": "厨师"}
    assert third["name"] == "丁"
    assert len(third["id"]) == 8
    assert there[0]["name"] == "甲"


@pytest.mark.parametrize("there", [None, 5, "text", [None, 7], []])
def test_rows_are_given_whatever_stood_there(there):
    assert given_rows(there, [GivenRow("x", {"staff.name": "甲"})], cell) == [{"id": "x", "name": "甲"}]
    assert given_rows(there, [GivenRow("x", {"staff.name": MISSING})], cell) is MISSING


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"shop.name": "甲"}, []),
        ({"shop.name": "丁"}, [Change("shop.name", "甲", "丁")]),
        ({"shop.tel": MISSING}, [Change("shop.tel", "1", MISSING)]),
        ({"materials.lease": [KeptFile("f1")]}, [Change("materials.lease", MISSING, ["f1"])]),
        ({"materials.lease": [Upload("a.pdf", b"")]}, []),
        ({"own.a.s": TypedName("甲")}, []),
        ({"staff": [GivenRow("x", {"staff.name": "乙"}), GivenRow("y", {"staff.name": "丙"})]}, []),
    ],
)
def test_what_says_otherwise_than_what_was_saved_meanwhile_is_a_conflict(given, wanted):
    assert list(conflicts(SEEN, given)) == wanted


def test_rows_and_files_are_told_from_plain_values():
    row = GivenRow("x", {"staff.file": Upload("a.pdf", b"")})
    assert is_rows([row])
    assert not is_rows([])
    assert not is_rows(["甲"])
    assert has_files([row])
    assert not has_files([GivenRow("x", {"staff.name": "甲"})])
    assert plain("materials.lease", [KeptFile("f1"), KeptFile("f2")]) == ["f1", "f2"]
