"""Which files and signatures of a draft stand: those of this case and field, and what still covers what is filed."""

import pytest
from tiny import department, library, rows, subject, text

import formengine
from web.cases.catalogue import Catalogue
from web.cases.standing import Kept, covered, form_of, mentions, replaced, without_lapsed, without_lost
from web.store import Vault

FILE = {"type": "string", "format": "attachment-id"}


@pytest.fixture(scope="module")
def served():
    cells = {name: {"title": name, "x-element": f"staff.{name}"} for name in ("name", "scan")}
    table = {"type": "array", "x-element": {"rows": {"list": "staff"}}, "items": {"properties": cells}}
    own = {"s": {**FILE, "x-element": {"own": "signature"}}}
    forms = {
        "a": department("a", {"n": {"x-element": "shop.name", "type": "string"}, "t": table, **own}, required=[]),
        "b": department("b", {"m": {"x-element": "shop.tel", "type": "string"}, **own}, required=[]),
    }
    forms["a"]["x-materials"] = [{"id": "lease", "title": "租约"}]
    subjects = {"shop": subject({"name": text(), "tel": text()}), "staff": rows({"name": text(), "scan": FILE})}
    return Catalogue(library(subjects, forms)).serve("try", {})


ANSWERS = {
    "shop": {"name": "甲", "tel": "1"},
    "staff": [{"id": "x", "scan": "f1"}, {"id": "y", "scan": "f2"}],
    "materials": {"lease": ["f3", "f4"]},
    "own": {"a": {"s": "s1"}, "b": {"s": "s2"}},
}
KNOWN = {
    "f1": Kept("staff.scan", None),
    "f3": Kept("materials.lease", None),
    "f4": Kept("staff.scan", None),
    "s1": Kept("own.a.s", "mark-a"),
    "s2": Kept("own.b.s", "mark-b"),
}


def test_a_file_stands_only_where_it_was_uploaded(served):
    found = without_lost(served.files, ANSWERS, KNOWN)
    assert found["staff"] == [{"id": "x", "scan": "f1"}, {"id": "y"}]
    assert found["materials"] == {"lease": ["f3"]}
    assert found["own"] == ANSWERS["own"]
    assert ANSWERS["staff"][1]["scan"] == "f2"


def test_where_every_file_stands_the_answers_are_the_same(served):
    answers = {"shop": {"name": "甲"}, "staff": [{"scan": "f1"}]}
    assert without_lost(served.files, answers, KNOWN) is answers
    assert mentions(served.files, answers)
    assert not mentions(served.files, {"shop": {"name": "甲"}, "staff": 5})


def test_what_is_no_id_at_all_stays_to_be_refused(served):
    answers = {"staff": [{"scan": 7}, None], "materials": {"lease": [{"a": 1}]}}
    assert without_lost(served.files, answers, {}) == answers


def test_a_signature_lapses_where_it_no_longer_covers_what_is_filed(served):
    signed = {path: served.files[path] for path in served.signatures}
    marks = {"a": "mark-a", "b": "another"}
    kept, gone = without_lapsed(signed, ANSWERS, KNOWN, marks)
    assert gone == ("own.b.s",)
    assert kept["own"]["a"] == {"s": "s1"}
    assert kept["own"]["b"] == {}
    same, none = without_lapsed(signed, ANSWERS, KNOWN, {**marks, "b": "mark-b"})
    assert same is ANSWERS
    assert none == ()


@pytest.mark.parametrize(
    ("changed", "forms"),
    [
        ({}, set()),
        ({"shop": {"name": "乙", "tel": "1"}}, {"a"}),
        ({"shop": {"name": "甲", "tel": "2"}}, {"b"}),
        ({"materials": {"lease": ["f3"]}}, {"a"}),
        ({"own": {"a": {"s": "s9"}, "b": {"s": "s9"}}}, set()),
        ({"staff": []}, {"a"}),
    ],
)
def test_a_change_marks_exactly_the_departments_that_receive_it(served, changed, forms):
    vault = Vault(["0" * 43 + "="])

    def marks(answers):
        return covered(vault, served, formengine.split(served.form, answers), answers, served.signatures)

    before, after = marks(ANSWERS), marks({**ANSWERS, **changed})
    assert {name for name in before if before[name] != after[name]} == forms


def test_an_own_answer_belongs_to_its_form():
    assert form_of("own.a.s") == "a"
    assert form_of("materials.lease") == ""


def test_every_id_is_replaced_by_what_is_given_for_its_field(served):
    found = replaced(ANSWERS, served.files, lambda path, one: f"new {path}")
    assert found["materials"] == {"lease": ["new materials.lease"] * 2}
    assert [row["scan"] for row in found["staff"]] == ["new staff.scan"] * 2
    assert found["own"]["a"] == {"s": "new own.a.s"}
    assert found["shop"] == ANSWERS["shop"]
