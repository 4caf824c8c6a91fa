"""What other systems got wrong and this one gets right: codes, cents, rare characters, branches, papers without end."""

import copy
import json

import pytest
from cases import CASES, TODAY, merged, submission
from tiny import department, library, subject, text

from formengine import join, merge, split, validate
from formengine.algebra.intersect import intersect
from formengine.formats import FORMATS
from formengine.judges import test_of as judge_of

COMPANY = next(case for case in CASES if case[0] == "catering" and ("entity_kind", "company") in case[1])
INDIVIDUAL = next(case for case in CASES if case[0] == "catering" and ("entity_kind", "individual") in case[1])


@pytest.mark.parametrize(
    ("code", "taken"), [("92141127MA0KD1Y64A", True), ("12440600MB2C07549J", True), ("1" * 18, False)]
)
def test_real_credit_codes_pass_and_nonsense_does_not(code, taken):
    assert FORMATS["uscc"].check(code) is taken


def test_whole_cents_pass_a_step_of_a_cent():
    judge = judge_of('{"multipleOf":0.01}')
    assert all(judge(cents / 100) for cents in range(20_000))
    assert judge(4.02)
    assert not judge(2.675)


@pytest.mark.parametrize(("count", "taken"), [(50, True), (51, False)])
def test_a_character_beyond_the_basic_plane_counts_once(count, taken):
    answers = copy.deepcopy(submission(*INDIVIDUAL, 2))
    answers["operator"]["name"] = "\U0002c386" * count
    codes = {i.code for i in validate(merged(*INDIVIDUAL), answers, TODAY) if i.pointer == "/operator/name"}
    assert codes - {"characters"} == (set() if taken else {"maxLength"})


@pytest.mark.parametrize(("until", "taken"), [("9999-12-31", True), ("长期", False), ("9999-02-30", False)])
def test_a_paper_that_is_valid_for_good_has_a_last_day_or_an_explanation(until, taken):
    seed = next(s for s in range(80) if "beneficial_owners" in submission(*COMPANY, s))
    answers = copy.deepcopy(submission(*COMPANY, seed))
    answers["own"]["company-registration"]["beneficial_exempt"] = False
    answers["beneficial_owners"][0]["id_expires_on"] = until
    where = "/beneficial_owners/0/id_expires_on"
    found = [i for i in validate(merged(*COMPANY), answers, TODAY) if i.pointer == where]
    assert [i.code for i in found] == ([] if taken else ["format"])


PART = {"type": "string", "minLength": 1, "maxLength": 20}
PARTS = {name: {"title": name, **PART} for name in ("province", "town", "number")}
ADDRESS = {"type": "object", "properties": PARTS, "required": list(PARTS), "x-kind": "address"}
BRANCH = {
    "entity": subject(
        {
            "kind": {"oneOf": [{"const": "company", "title": "公司"}, {"const": "partnership", "title": "合伙企业"}]},
            "name": text(),
            "term": text(**{"x-when": {"entity.kind": "partnership"}}),
        }
    ),
    "home": subject({"address": ADDRESS}),
    "branch": subject({"address": ADDRESS}),
}


KINDS = {"company": "1", "partnership": "2"}


def branch_form():
    """A branch's registration: two addresses in six boxes and as lines, a term for partnerships alone."""
    properties = {
        "qymc": {"type": "string", "x-element": "entity.name"},
        "lx": {"x-element": {"map": {"element": "entity.kind", "codes": KINDS}}, "enum": list(KINDS.values())},
        "zs": {"type": "string", "x-element": {"join": {"address": "home.address"}}},
        "cs": {"type": "object", "x-element": "branch.address", "properties": PARTS},
        "qx": {"type": "string", "x-element": "entity.term"},
    }
    condition = {
        "if": {"properties": {"lx": {"const": "2"}}, "required": ["lx"]},
        "then": {"required": ["qx"]},
        "else": {"properties": {"qx": False}},
    }
    made = department("reg", properties, required=["qymc", "lx", "zs", "cs"], allOf=[condition])
    return merge(library(BRANCH, {"reg": made}), "try")


@pytest.mark.parametrize("kind", ["company", "partnership"])
def test_a_branch_of_either_kind_is_split_and_joined_and_what_is_left_over_stays_out(kind):
    form = branch_form()
    home = {"province": "浙江省", "town": "东城街道", "number": "1号"}
    branch = {"province": "江西省", "town": "永丰街道", "number": "8号"}
    answers = {
        "entity": {"kind": kind, "name": "甲", "term": "乙"},
        "home": {"address": home},
        "branch": {"address": branch},
    }
    assert validate(form, answers, TODAY) == []
    filing = split(form, answers)["reg"].values
    assert (filing["zs"], filing["cs"]) == ("浙江省东城街道1号", branch)
    assert ("qx" in filing) is (kind == "partnership")
    back = join(form, split(form, answers))
    assert back["branch"] == {"address": branch}
    assert "home" not in back
    assert ("term" in back["entity"]) is (kind == "partnership")
    del answers["entity"]["term"]
    missing = [i.pointer for i in validate(form, answers, TODAY)]
    assert missing == (["/entity/term"] if kind == "partnership" else [])


def test_two_descriptions_of_one_business_accept_together_what_each_accepts():
    one = {
        "type": "object",
        "required": ["name", "type"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 50},
            "type": {"enum": ["cafe", "shop", "stall"]},
            "seats": {"type": ["integer", "null"], "minimum": 0},
        },
    }
    other = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "pattern": "^[^<>]*$"},
            "type": {"enum": ["stall", "cafe", "van"]},
            "seats": {"type": "integer", "maximum": 200},
        },
        "additionalProperties": False,
    }
    both = intersect(one, other)
    names, kinds = ["", "a", "<a>", "a" * 51, 1, None], ["cafe", "shop", "van", 2]
    seats = [-1, 0, 200, 201, 1.5, None, "x"]
    judges = [judge_of(json.dumps(schema)) for schema in (one, other, both)]
    for name in names:
        for kind in kinds:
            for seat in seats:
                for more in ({}, {"x": 1}):
                    value = {"name": name, "type": kind, "seats": seat, **more}
                    first, second, together = (judge(value) for judge in judges)
                    assert together is (first and second), value
