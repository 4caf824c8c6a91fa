"""Formats and code lists: published vectors, the same verdict in both validators, reasons in Chinese, valid samples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import jsonschema
import jsonschema_rs
import pytest
from stdnum.cn import uscc as stdnum_uscc

import formengine.formats as formats
from formengine.formats import (
    FORMATS,
    age_on,
    check_digits,
    facts_of_citizen_id,
    normalise,
    python_checker,
    rust_formats,
)

TEMPLATES = Path(formats.__file__).parents[1] / "templates_std"
CODE_LISTS = sorted((TEMPLATES / "codes").glob("*.json"))
E_CERT = "1.2.156.3005.2."

GOOD: dict[str, list[str]] = {
    "uscc": [
        *("91420222MADXAY8RXJ", "91110108MA01EBFH9B", "11100000000013338W", "11430000006122244L"),
        *("113700000045046442", "11330105002500287C", "11100000MB0143028R"),
        *("91330784MA2DE00172", "92330784MA2DE0017Y", "91330784MA2DE0025W", "92330784MA2DE0025R"),
    ],
    "organization-code": ["MADXAY8RX", "MA01EBFH9", "MA2DE0017", "MA2DE0025"],
    "citizen-id": ["330784199003070016", "33072219700101002X", "330784200002290039", "330784198512310044"],
    "residence-permit-hmt": ["810000199408230021", "830000199201300022"],
    "passport": ["E12345678", "EA1234567", "C01X00T47", "123456789"],
    "hk-macao-permit": ["H12345678", "M1234567801"],
    "taiwan-permit": ["12345678", "1234567801"],
    "foreign-permanent-residence": ["USA330790010112", "GBR330585123101"],
    "military-officer-id": ["军字第1234567号", "南字第0123456号", "2012345"],
    "mobile": ["13800138000", "19912345678"],
    "landline": ["0579-87101234", "057987101234", "87101234", "010-62345678-801", "021-6234567"],
    "phone": [
        "13800138000",
        "0579-87101234",
        "400-820-8820",
        "8008208820",
        "4008208820",
        "95588",
        "0579-87101234-801",
        "+85261234567",
        "+14155552671",
    ],
    "postcode": ["321300", "010010"],
    "email": ["a@b.cn", "yong.kang+1@mail.example.com", "x_y@sub-domain.example.org"],
    "food-licence-number": [
        *("JY34202220183637", "JY11108071215650", "JY11105050876919"),
        *("JY13307840000015", "JY23307840000013", "JY33307840000017"),
    ],
    "prepackaged-filing-number": ["YB13307840000015", "YB23307840000013"],
    "food-production-licence-number": ["SC13307840000015"],
    "drug-operation-licence-number": ["琼AA898000001", "琼BA898000001", "浙DB579000001", "浙CB579000001"],
    "medical-device-filing-number": [
        *("浙杭食药监械经营备20171029号", "桂柳食药监械经营备20210631号"),
        *("皖马食药监械经营备20140017号", "浙金药监械经营备20240001号"),
    ],
    "tobacco-retail-licence-number": ["330784100001"],
    "seal-code": ["1301020100001"],
    "e-certificate-identifier": [
        E_CERT + "11100000000013338W011.11430000006122244L.20230000403.001.U",
        E_CERT + "11100000000013338W009.11330105002500287C.2025052201.002.0",
        E_CERT + "11100000MB03271699022.340100.000000016.001.9",
    ],
    "attachment-id": ["att-0abc", "att-2026-11-23-0001", "att-" + "a" * 64],
    "decimal": ["0", "0.5", "120", "85.50", "999999999999.999999"],
    "date": ["2026-03-08", "2024-02-29", "0001-01-01", "9999-12-31"],
}

BAD: dict[str, list[str]] = {
    "uscc": [
        *("91330784MA2DE00171", "92330784MA2DE0017X", "91330784MA2DE00272", "91330784ma2de00172"),
        *("91330784MA2DE0017", "330784000012345", "MA2DE0017", "913307840A2DEO0172", "9133O784MA2DE00172"),
    ],
    "organization-code": ["MA2DE0018", "MA2DE001-7", "MA2DE001", "ma2de0017"],
    "citizen-id": [
        *("330784199003070017", "330784199002300019", "330722700101002", "33072219700101002x"),
        *(
            "330784 19900307 0016",
            "030784199003070016",
            "330784170003070016",
            "33078419900307001A",
            "930784199003070016",
        ),
    ],
    "residence-permit-hmt": ["330784199003070016", "810000199408230022", "840000199408230021", "H12345678"],
    "passport": ["ABCDEFGH", "E123", "e12345678", "E1234 5678", "E12345678901234567"],
    "hk-macao-permit": ["C12345678", "h12345678", "H1234567", "H123456789"],
    "taiwan-permit": ["1234567", "123456789", "T12345678"],
    "foreign-permanent-residence": ["US3307900101121", "930784199003070016", "933840199013010018", "usa330790010112"],
    "military-officer-id": ["军字第号", "无", "军字第 1234567 号", "<b>1234</b>"],
    "mobile": ["12800138000", "1380013800", "138-0013-8000", "+8613800138000", "0579-87101234"],
    "landline": ["13800138000", "0579-17101234", "579-87101234", "0579 87101234", "0179-87101234"],
    "phone": ["12345", "500-820-8820", "110"],
    "postcode": ["32130", "3213000", "32130X"],
    "email": ["a b@c.d", "a@b", "a@@b.cn", "永康@例子.cn", "a@-b.cn", "@b.cn", "a@b..cn"],
    "food-licence-number": [
        "JY23307840000014",
        "JY43307840000013",
        "YB13307840000015",
        "jy13307840000015",
        "JY1330784",
    ],
    "prepackaged-filing-number": ["YB13307840000016", "YB33307840000015", "JY13307840000015"],
    "food-production-licence-number": ["SC13307840000016", "QS330784010001", "SC33307840000017"],
    "drug-operation-licence-number": ["浙EB579000001", "浙DC579000001", "浙DB5790001", "DB579000001", "浙db579000001"],
    "medical-device-filing-number": [
        "鄂汉食药监械经营备2018H006号",
        "浙金药监械经营备2024001",
        "药监械经营备20240001号",
    ],
    "tobacco-retail-licence-number": ["33078410000", "33078410000A"],
    "seal-code": ["130102010000", "130102010000A"],
    "e-certificate-identifier": [
        E_CERT + "11100000000013338W011.11430000006122244L.20230000403.001.V",
        E_CERT + "13661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M",
        "11100000000013338W011.11430000006122244L.20230000403.001.U",
    ],
    "attachment-id": ["att-abc", "att--abcd", "ATT-0abc", "att-../../etc", "att-" + "a" * 65],
    "decimal": ["", ".5", "5.", "01", "-1", "+1", "1e3", "1,200", "1.2345678", "1234567890123", "NaN", "00"],
    "date": [
        "2026-02-30",
        "2025-02-29",
        "2026-3-8",
        "20260308",
        "2026/03/08",
        "2026-13-01",
        "0000-01-01",
        "2026-W10-7",
    ],
}

WIDE = {ord(char): ord(char) + 0xFEE0 for char in map(chr, range(0x21, 0x7F))}


def mangled(good: str) -> list[str]:
    """What a value becomes that must be refused as it stands: no validator may be lenient about these."""
    return [
        *(good.translate(WIDE), good + "\n", "\n" + good, good + " ", " " + good, good + "\r\n"),
        *(good + "\x00", "\x00" + good, good + "\u2028", good + "\u200b", good + "𬎆", "𬎆", good * 2000),
        *("", " ", "\u3000", "\x00", "0" * 100_000, "٣" * 18, "१" * 11),
    ]


def corpus(name: str) -> list[str]:
    return GOOD[name] + BAD[name] + mangled(GOOD[name][0])


NAMES = sorted(FORMATS)


def test_every_format_has_examples_and_tells_its_source() -> None:
    assert sorted(GOOD) == sorted(BAD) == NAMES
    assert all(entry.name == name and entry.title and entry.source for name, entry in FORMATS.items())


@pytest.mark.parametrize("name", NAMES)
def test_published_and_synthetic_values(name: str) -> None:
    assert [text for text in GOOD[name] if not FORMATS[name].check(text)] == []
    assert [text for text in BAD[name] + mangled(GOOD[name][0]) if FORMATS[name].check(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_both_validators_give_the_same_verdict(name: str) -> None:
    schema = {"format": name}
    slow = jsonschema.Draft202012Validator(schema, format_checker=python_checker())
    fast = jsonschema_rs.validator_for(schema, validate_formats=True, formats=rust_formats())
    for text in corpus(name):
        assert slow.is_valid(text) == fast.is_valid(text) == FORMATS[name].check(text), text[:60]
    for other in (None, True, 13800138000, 1.5, [], {}):
        assert slow.is_valid(other)
        assert fast.is_valid(other)


@pytest.mark.parametrize("name", NAMES)
def test_half_a_surrogate_pair_is_refused(name: str) -> None:
    """jsonschema-rs cannot take such a string at all (no JSON text decodes to UTF-8 with it); ours just says no."""
    text = GOOD[name][0] + "\ud800"
    assert not FORMATS[name].check(text)
    assert FORMATS[name].explain(text)


@pytest.mark.parametrize("name", NAMES)
def test_refusals_are_explained_in_chinese(name: str) -> None:
    entry = FORMATS[name]
    assert all(entry.explain(text) == "" for text in GOOD[name])
    for text in BAD[name] + mangled(GOOD[name][0]):
        assert re.search(r"[\u4e00-\u9fff].*。$", entry.explain(text)), text[:60]
        assert len(entry.explain(text)) < 200


@pytest.mark.parametrize("name", NAMES)
def test_generated_values_are_valid_and_repeatable(name: str) -> None:
    entry = FORMATS[name]
    values = [entry.generate(Random(seed)) for seed in range(200)]
    assert [value for value in values if not entry.check(value) or entry.normalise(value) != value] == []
    assert values == [entry.generate(Random(seed)) for seed in range(200)]


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("citizen-id", "330722700101002", "15 位身份证号码自 2013 年 1 月 1 日起停用，请填写 18 位公民身份号码"),
        ("citizen-id", "330784199003070017", "校验码不对，请核对第 18 位"),
        ("citizen-id", "330784199002300019", "不是真实存在的日期"),
        ("citizen-id", "33078419900307001", "应为 18 位，现在是 17 位"),
        ("citizen-id", "33072219700101002x", "大写字母"),
        ("uscc", "91330784MA2DE00171", "请核对第 18 位"),
        ("uscc", "91330784MA2DE00272", "第 9 至 17 位"),
        ("uscc", "913307840A2DEO0172", "不用字母 I、O、S、V、Z"),
        ("uscc", "330784000012345", "15 位旧注册号"),
        ("mobile", "0579-87101234", "固定电话"),
        ("date", "2026-02-30", "没有这一天"),
        ("decimal", "1,200", "逗号"),
        ("food-licence-number", "YB13307840000015", "备案编号"),
        ("email", "", "请填写电子邮箱"),
    ],
)
def test_the_reason_is_the_right_one(name: str, text: str, part: str) -> None:
    assert part in FORMATS[name].explain(text)


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("citizen-id", " ３３０７２２１９７００１０１００２ｘ\u3000", "33072219700101002X"),
        ("uscc", "91330784 ma2de0017 2", "91330784MA2DE00172"),
        ("organization-code", "MA2DE001-7", "MA2DE0017"),
        ("mobile", "１３８００１３８０００\n", "13800138000"),
        ("landline", "０５７９－８７１０１２３４", "0579-87101234"),
        ("mobile", "138 0013 8000", "13800138000"),
        ("mobile", "+86 138 0013 8000", "13800138000"),
        ("mobile", "0086-138-0013-8000", "13800138000"),
        ("mobile", "8613800138000", "13800138000"),
        ("mobile", "\u202d138 0013 8000\u202c", "13800138000"),
        ("mobile", "+852 6123 4567", "+85261234567"),
        ("mobile", "00852-61234567", "+85261234567"),
        ("mobile", "1380013800O", "1380013800O"),
        ("phone", "（0579）87101234", "0579-87101234"),
        ("phone", "(0579)87101234", "0579-87101234"),
        ("phone", "0579 87101234", "0579-87101234"),
        ("phone", "0579-8710-1234", "0579-87101234"),
        ("phone", "+86 579 87101234", "0579-87101234"),
        ("phone", "+86 (0)579 87101234", "0579-87101234"),
        ("phone", "0579-87101234转801", "0579-87101234-801"),
        ("phone", "0579-87101234 分机 801", "0579-87101234-801"),
        ("phone", "4008-123-456", "4008123456"),
        ("phone", "95588", "95588"),
        ("phone", "8710 1234", "87101234"),
        ("phone", "138 0013 8000 / 0579-87101234", "138 0013 8000 / 0579-87101234"),
        ("email", " Shop@Example.com ", "Shop@Example.com"),
        ("attachment-id", "att-0abc", "att-0abc"),
        ("person-name", " 徐𬎆Ａ ", " 徐𬎆Ａ "),
    ],
)
def test_normalise_undoes_ordinary_typing_and_leaves_names_alone(name: str, typed: str, meant: str) -> None:
    assert normalise(name, typed) == meant
    assert normalise(name, meant) == meant


@pytest.mark.parametrize("code", [code for code in GOOD["uscc"] if code[:2] in ("91", "92", "11")])
def test_credit_codes_agree_with_stdnum(code: str) -> None:
    assert check_digits.uscc_digit(code[:17]) == stdnum_uscc.calc_check_digit(code[:17])


def test_facts_of_an_identity_number() -> None:
    assert facts_of_citizen_id("330784199003070016") == ("1990-03-07", "1")
    assert facts_of_citizen_id("33072219700101002X") == ("1970-01-01", "2")
    assert facts_of_citizen_id("810000199408230021") == ("1994-08-23", "2")
    for text in ("330784199003070017", "330722700101002", "USA330790010112", ""):
        with pytest.raises(ValueError, match="identity number"):
            facts_of_citizen_id(text)


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        ("2008-03-07", "2026-03-06", 17),
        ("2008-03-07", "2026-03-07", 18),
        ("2008-02-29", "2026-02-27", 17),
        ("2008-02-29", "2026-02-28", 18),
        ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20),
    ],
)
def test_age(born: str, today: str, age: int) -> None:
    assert age_on(born, today) == age


META = json.loads((TEMPLATES / "meta" / "code-list.json").read_text(encoding="utf-8"))
EXPECTED_SIZES = {
    **{"sex": 2, "ethnicity": 58, "education": 8, "political-status": 13, "identity-document": 8},
    **{"investor-document": 8, "enterprise-type": 56, "industry": 68, "division": 17, "currency": 5},
    **{"contribution-method": 7, "individual-composition": 2, "occupation": 8, "premises-tenure": 4, "country": 200},
}


def test_the_meta_schema_is_a_schema_and_explains_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(META)
    described = [*META["properties"].values(), *META["$defs"]["entry"]["properties"].values()]
    assert all(re.search(r"[\u4e00-\u9fff]", node["description"]) for node in described)


def test_no_code_list_is_missing() -> None:
    assert set(EXPECTED_SIZES) <= {path.stem for path in CODE_LISTS}


@pytest.mark.parametrize("path", CODE_LISTS, ids=lambda path: path.stem)
def test_code_list(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(META).iter_errors(document)] == []
    assert jsonschema_rs.validator_for(META).is_valid(document)
    assert (path.parent / document["$schema"]).resolve() == TEMPLATES / "meta" / "code-list.json"
    assert document["$id"] == path.stem
    codes = [entry["const"] for entry in document["oneOf"]]
    titles = [entry["title"] for entry in document["oneOf"]]
    assert len(codes) == len(set(codes)) == EXPECTED_SIZES.get(path.stem, len(codes))
    assert len(titles) == len(set(titles))
    assert all(entry.get("x-parent", codes[0]) in codes for entry in document["oneOf"])


@pytest.mark.parametrize(
    "broken",
    [
        {"oneOf": []},
        {"oneOf": [{"const": 1, "title": "男"}, {"const": "2", "title": "女"}]},
        {"oneOf": [{"const": "1", "titel": "男"}, {"const": "2", "title": "女"}]},
        {"x-confidence": "sure"},
        {"$id": "Sex"},
        {"x-standart": "GB/T 2261.1"},
    ],
)
def test_the_meta_schema_finds_an_authors_slips(broken: dict[str, object]) -> None:
    document = json.loads((TEMPLATES / "codes" / "sex.json").read_text(encoding="utf-8"))
    assert not jsonschema.Draft202012Validator(META).is_valid({**document, **broken})
