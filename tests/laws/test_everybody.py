"""Everybody fits: people without 民族 or identity card, places without county or road, numbers in any writing."""

import copy
import json

import pytest
from cases import CASES, TODAY, merged, submission
from commands import run

import formengine
from formengine.answers.writings import in_one_writing
from formengine.formats.check_digits import citizen_digit

CATERING = next(case for case in CASES if case[0] == "catering" and ("entity_kind", "individual") in case[1])
COMPANY = next(case for case in CASES if case[0] == "catering" and ("entity_kind", "company") in case[1])
HOTEL = next(case for case in CASES if case[0] == "hotel")


def found(case, change, seed=2):
    """``{pointer: code}`` of the mistakes after a change of a valid submission."""
    answers = copy.deepcopy(submission(*case, seed))
    change(answers)
    return {i.pointer: i.code for i in formengine.validate(merged(*case), answers, TODAY)}


def number_of(birth, prefix="330784", order="001"):
    body = prefix + birth + order
    return body + citizen_digit(body)


@pytest.mark.parametrize(
    "address",
    [
        {"province": "广东省", "city": "东莞市", "town": "虎门镇", "number": "8号"},
        {"province": "海南省", "city": "儋州市", "town": "那大镇", "street": "中兴大街", "number": "1号"},
        {"province": "北京市", "county": "东城区", "town": "景山街道", "street": "五四大街", "number": "1号"},
        {"province": "湖北省", "county": "仙桃市", "town": "彭场镇", "number": "2号"},
        {"number": "8号", "town": "虎门镇", "city": "东莞市", "province": "广东省"},
    ],
)
def test_an_address_without_county_or_prefecture_or_road_is_taken_and_filed_in_order(address):
    form, answers = merged(*CATERING), copy.deepcopy(submission(*CATERING, 2))
    answers["premises"]["address"] = address
    assert formengine.validate(form, answers, TODAY) == []
    parts = ("province", "city", "county", "town", "street", "number")
    line = "".join(address[part] for part in parts if part in address)
    filings = formengine.split(form, answers)
    assert line in filings["fire-safety-public-venue"].values.values()
    assert filings["food-business-licence"].values["premises"] == address
    for form_id, filing in filings.items():
        assert form.department_validators[form_id].is_valid(filing.values)


def test_an_address_needs_a_prefecture_or_a_county():
    def change(answers):
        answers["premises"]["address"] = {"province": "湖北省", "town": "彭场镇", "number": "2号"}

    assert found(CATERING, change) == {"/premises/address/city": "either"}


@pytest.mark.parametrize("id_type", ["414", "553", "516", "511", "154", "990"])
def test_who_has_no_ethnicity_of_the_56_need_not_claim_one(id_type):
    numbers = {
        "414": "G12345678",
        "553": "USA330784010112",
        "516": "H12345678",
        "511": "12345678",
        "154": number_of("19800101", "810000"),
        "990": "X-1234",
    }

    def change(answers):
        person = answers["operator"]
        person |= {"id_type": id_type, "id_number": numbers[id_type], "sex": "1", "birth_date": "1980-01-01"}
        del person["ethnicity"]
        for row in answers["staff"]:
            row |= {"id_type": "414", "id_number": f"E1234567{answers['staff'].index(row)}", "sex": "2"}
            row.pop("ethnicity", None)

    assert found(CATERING, change) == {}


def test_a_citizen_says_which():
    def change(answers):
        answers["operator"] |= {"id_type": "111", "id_number": number_of("19800101")}
        del answers["operator"]["ethnicity"]

    assert found(CATERING, change) == {"/operator/ethnicity": "required"}


def test_a_hotel_lists_foreign_staff():
    def change(answers):
        for index, row in enumerate(answers["staff"]):
            row |= {"id_type": "414", "id_number": f"E1234567{index}", "sex": "2", "birth_date": "1990-05-05"}
            row.pop("ethnicity", None)

    assert found(HOTEL, change, 1) == {}


@pytest.mark.parametrize(("code", "title"), [("97", "其他"), ("98", "外国血统中国籍人士")])
def test_the_standards_two_further_values_are_there(code, title):
    form, answers = merged(*CATERING), copy.deepcopy(submission(*CATERING, 2))
    answers["operator"]["ethnicity"] = code
    assert formengine.validate(form, answers, TODAY) == []
    assert formengine.split(form, answers)["individual-business-registration"].values["ethnicity"] == title


@pytest.mark.parametrize(
    ("birth", "taken"),
    [("20900101", False), ("20261124", False), ("18020101", False), ("20261123", True), ("19001231", True)],
)
def test_an_identity_number_is_judged_against_today(birth, taken):
    def change(answers):
        answers["operator"] |= {"id_type": "111", "id_number": number_of(birth)}

    assert found(CATERING, change) == ({} if taken else {"/operator/id_number": "rule:operator_id_born"})


@pytest.mark.parametrize(
    ("sex", "birth", "wrong"),
    [
        ("1", "1980-01-01", {}),
        ("2", "1980-01-01", {"sex": "rule:staff_id_sex"}),
        ("1", "1980-01-02", {"birth_date": "rule:staff_id_birth_date"}),
        ("2", "1981-01-01", {"sex": "rule:staff_id_sex", "birth_date": "rule:staff_id_birth_date"}),
    ],
)
def test_an_identity_number_agrees_with_sex_and_birth_date_beside_it(sex, birth, wrong):
    def change(answers):
        five_star = number_of("19800101", "933840")
        answers["staff"][0] |= {"id_type": "553", "id_number": five_star, "sex": sex, "birth_date": birth}

    assert found(HOTEL, change, 1) == {f"/staff/0/{column}": code for column, code in wrong.items()}


@pytest.mark.parametrize(("birth", "taken"), [("2099-01-01", False), ("1802-01-01", False), ("1990-01-01", True)])
def test_a_birth_date_that_is_asked_is_in_the_past(birth, taken):
    def change(answers):
        person = {"id_type": "414", "id_number": "E12345678", "sex": "1", "birth_date": birth}
        answers["staff"][0] |= person

    assert found(HOTEL, change, 1) == ({} if taken else {"/staff/0/birth_date": "rule:staff_born"})


def test_one_identity_number_is_one_row():
    def change(answers):
        first = answers["staff"][0]
        answers["staff"] = [{**copy.deepcopy(first), "id": f"r{i}"} for i in range(3)]

    codes = found(HOTEL, change, 1)
    assert {p: c for p, c in codes.items() if c.endswith("unique")} == {
        "/staff/1/id_number": "rule:staff_id_number_unique",
        "/staff/2/id_number": "rule:staff_id_number_unique",
    }


def test_owners_of_ninety_percent_each_are_one_too_many():
    seed = next(s for s in range(80) if "beneficial_owners" in submission(*COMPANY, s))

    def change(answers):
        answers["own"]["company-registration"]["beneficial_exempt"] = False
        one = answers["beneficial_owners"][0] | {"relation": "ownership", "share_percent": 90}
        answers["beneficial_owners"] = [one, {**one, "id": "x2", "is": "other", "id_number": number_of("19800102")}]

    codes = found(COMPANY, change, seed)
    assert codes.get("/beneficial_owners") == "rule:beneficial_owners_ownership"


WRITTEN = [
    ("+86 138 0013 8000", "13800138000"),
    ("138-0013-8000", "13800138000"),
    ("\u202d138 0013 8000\u202c", "13800138000"),
    ("+852 6123 4567", "+85261234567"),
]


@pytest.mark.parametrize(("typed", "kept"), WRITTEN)
def test_a_mobile_number_is_taken_as_people_write_it(typed, kept):
    form, answers = merged(*CATERING), copy.deepcopy(submission(*CATERING, 2))
    answers["operator"]["mobile"] = typed
    brought = in_one_writing(form, answers)
    assert brought["operator"]["mobile"] == kept
    assert formengine.validate(form, brought, TODAY) == []
    assert answers["operator"]["mobile"] == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *WRITTEN,
        ("（0579）87101234", "0579-87101234"),
        ("0579 87101234", "0579-87101234"),
        ("(0579)87101234", "0579-87101234"),
        ("0579-87101234转801", "0579-87101234-801"),
        ("4008-123-456", "4008123456"),
        ("95588", "95588"),
    ],
)
def test_a_telephone_number_is_taken_and_filed_in_one_writing(typed, kept):
    form, answers = merged(*CATERING), copy.deepcopy(submission(*CATERING, 2))
    answers["entity"]["phone"] = typed
    brought = in_one_writing(form, answers)
    assert formengine.validate(form, brought, TODAY) == []
    assert formengine.split(form, brought)["individual-business-registration"].values["phone"] == kept


def test_the_command_line_brings_answers_to_one_writing_too(tmp_path):
    answers = copy.deepcopy(submission(*CATERING, 2))
    answers["entity"]["phone"] = "\u202d（0579）87101234转801\u202c"
    code, out, _ = run("validate", "catering", "-", "--today", TODAY, stdin=json.dumps(answers))
    assert (code, out) == (0, "[]\n")
    assert run("split", "catering", "-", "--today", TODAY, "-o", tmp_path, stdin=json.dumps(answers))[0] == 0
    filed = json.loads((tmp_path / "individual-business-registration.json").read_text("utf-8"))
    assert filed["phone"] == "0579-87101234-801"
