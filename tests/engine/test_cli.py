"""The command line: results on stdout, messages on stderr, exit codes as promised, bad input never a stack trace."""

import hashlib
import json
from pathlib import Path

import pytest
from commands import BOTH, run, run_process

ROOT = Path(__file__).parent.parent.parent


KEYS = {
    "id", "title", "forms", "optional_forms", "departments", "fields_before", "paper_typical", "asked_typical",
    "asked_full", "asked_returning", "materials_before", "materials_after", "days_legal", "days_promised",
}  # fmt: skip


@pytest.fixture(scope="module")
def listed():
    code, out, _ = run("list", "--json")
    assert code == 0
    return {row["id"]: row for row in json.loads(out)}


def test_list_shows_every_scenario_with_figures_that_the_engine_counted(listed):
    assert {"catering", "hotel"} <= set(listed)
    for row in listed.values():
        assert set(row) >= KEYS
        assert len(row["forms"]) == 5
        assert row["asked_typical"] <= row["asked_full"] <= row["fields_before"]
    code, out, _ = run("list")
    assert code == 0
    for row in listed.values():
        assert row["id"] in out
        assert str(row["fields_before"]) in out


def test_a_typical_applicant_is_asked_less_than_half(listed):
    for row in listed.values():
        assert row["asked_typical"] <= 0.45 * row["fields_before"], row


@pytest.mark.parametrize(("scenario", "command"), [("catering", run), ("hotel", run_process)])
def test_a_sample_is_valid_through_the_pipe(scenario, command):
    code, answers, _ = command("sample", scenario, "--seed", 1)
    assert code == 0
    assert command("validate", scenario, "-", stdin=answers)[:2] == (0, "[]\n")


def test_validate_lists_every_mistake_and_exits_1():
    answers = json.loads(run("sample", "catering", "--seed", 2)[1])
    del answers["entity"]["name"]
    answers["entity"]["staff_count"] = 10**9
    code, out, _ = run("validate", "catering", "-", stdin=json.dumps(answers))
    issues = json.loads(out)
    assert code == 1
    assert {"/entity/name", "/entity/staff_count"} <= {i["pointer"] for i in issues}
    assert all(set(i) == {"pointer", "element", "code", "message", "departments", "because"} for i in issues)


@pytest.mark.parametrize("scenario", ["catering", "hotel"])
def test_split_writes_a_filing_a_print_and_a_manifest_and_issued_values_fill_what_is_pending(scenario, tmp_path):
    import jsonschema

    (tmp_path / "a.json").write_text(run("sample", scenario, "--seed", 1)[1], "utf-8")
    code, out, _ = run("split", scenario, tmp_path / "a.json", "-o", tmp_path / "out")
    assert (code, out) == (0, "")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert len(manifest["filings"]) == 5
    pending = {}
    for form, entry in manifest["filings"].items():
        for name, digest in entry["files"].items():
            assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
        pending.update({p["element"]: p for p in entry["pending"]})
        schema = json.loads((ROOT / f"formengine/templates_std/departments/{form}.json").read_text("utf-8"))
        values = json.loads((tmp_path / "out" / f"{form}.json").read_text("utf-8"))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(values):
            assert error.validator == "required"
            missing = [c for c in error.validator_value if c not in error.instance]
            assert set(missing) <= {p["code"] for p in entry["pending"]}
    assert "entity.uscc" in pending
    issued = {
        "entity.uscc": "91330784MA2DE00172",
        "entity.established_on": "2026-11-20",
        "fire.opinion_number": "永消安检字〔2026〕第0001号",
    }
    (tmp_path / "issued.json").write_text(json.dumps({k: v for k, v in issued.items() if k in pending}), "utf-8")
    assert (
        run("split", scenario, tmp_path / "a.json", "--issued", tmp_path / "issued.json", "-o", tmp_path / "full")[0]
        == 0
    )
    for form in manifest["filings"]:
        schema = json.loads((ROOT / f"formengine/templates_std/departments/{form}.json").read_text("utf-8"))
        values = json.loads((tmp_path / "full" / f"{form}.json").read_text("utf-8"))
        jsonschema.Draft202012Validator(schema).validate(values)


def test_split_of_a_faulty_submission_writes_nothing(tmp_path):
    (tmp_path / "a.json").write_text('{"facts": {"entity_kind": "individual", "holds_licence": false}}', "utf-8")
    code, _, err = run("split", "catering", tmp_path / "a.json", "-o", tmp_path / "out")
    assert code == 1
    assert "没有拆表" in err
    assert not (tmp_path / "out").exists()


def test_merge_prints_a_schema_and_explain_says_who_asks():
    code, out, _ = run("merge", "catering")
    assert code == 0
    assert json.loads(out)["$schema"].endswith("2020-12/schema")
    code, out, _ = run("explain", "catering", "--element", "entity.name")
    assert code == 0
    for label in ("经营者名称", "排水户名称", "场所名称"):
        assert label in out


def test_merge_takes_facts(tmp_path):
    (tmp_path / "f.json").write_text('{"entity_kind": "company", "holds_licence": true}', "utf-8")
    schema = json.loads(run("merge", "catering", "--facts", tmp_path / "f.json")[1])
    assert "company-registration" not in schema["x-forms"]
    assert "uscc" in schema["properties"]["entity"]["properties"]


def test_intersect_prints_the_schema_or_the_conflict(tmp_path):
    for name, schema in (
        ("a", {"type": "integer", "minimum": 10}),
        ("b", {"maximum": 12}),
        ("c", {"type": "integer", "maximum": 5}),
    ):
        (tmp_path / name).write_text(json.dumps(schema))
    code, out, _ = run("intersect", tmp_path / "a", tmp_path / "b")
    assert (code, json.loads(out)) == (0, {"type": "integer", "minimum": 10, "maximum": 12})
    code, out, err = run("intersect", tmp_path / "a", tmp_path / "c")
    assert (code, out) == (1, "")
    assert "不能合并" in err


def test_a_licence_is_printed_from_its_values(tmp_path):
    licence = "food-business-licence"
    properties = json.loads((ROOT / f"formengine/templates_std/licences/{licence}.json").read_text("utf-8"))[
        "properties"
    ]
    values = {
        c: (n.get("format") == "date" and "2026-11-23") or "示例"
        for c, n in properties.items()
        if n.get("type") == "string"
    }
    (tmp_path / "v.json").write_text(json.dumps(values), "utf-8")
    code, _, err = run("licence", licence, tmp_path / "v.json", "-o", tmp_path / "x.pdf")
    assert code in (0, 1)
    assert (tmp_path / "x.pdf").exists() == (code == 0)
    assert code == 0 or "数据有误" in err


INDIVIDUAL = '"facts": {"entity_kind": "individual", "holds_licence": false}'
BAD = [
    *("", "{", "[]", "null", "3", '"x"', "{}", '{"facts": 3}', '{"facts": {"entity_kind": "alien"}}', '{"a": NaN}'),
    "[" * 100_000,
    '{"entity": "x", "staff": {"a": 1}, "own": [], ' + INDIVIDUAL + "}",
    '{"staff": [1, {"id": 7}, {"roles": "x"}], "premises": {"address": []}, ' + INDIVIDUAL + "}",
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_bad_input_is_named_in_a_line_and_exits_1(text):
    code, out, err = run("validate", "catering", "-", stdin=text)
    assert code == 1
    assert err.count("\n") <= 1
    assert out or err
    if out:
        assert json.loads(out)


@pytest.mark.parametrize("command", BOTH)
@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"\x00" * 100, b'{"entity": {"name": "\\ud800"}}'])
def test_bytes_that_are_not_text_are_named_in_a_line(raw, command):
    code, out, err = command("validate", "catering", "-", stdin=raw)
    assert code == 1
    assert out or err


@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "nowhere", "-"),
        ("merge", "nowhere"),
        ("validate", "catering", "no-such-file.json"),
        ("explain", "catering", "--element", "no.such"),
        ("licence", "no-such", "-", "-o", "x.pdf"),
        ("check", "no-such-file"),
        ("merge", "catering", "-o", "/no/such/folder/x.json"),
    ],
)
def test_what_does_not_exist_is_named_in_one_line(arguments):
    code, out, err = run(*arguments, stdin="{}")
    assert (code, out) == (1, "")
    assert err.strip()
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("frobnicate",), ("sample",), ("sample", "catering", "--seed", "x"), ("list", "--today", "2026-13-01")],
)
def test_wrong_use_exits_2(arguments):
    assert run(*arguments)[0] == 2


def test_a_process_exits_with_the_code_and_keeps_messages_from_results():
    assert run_process()[0] == 2
    code, out, err = run_process("merge", "nowhere")
    assert (code, out) == (1, "")
    assert "nowhere" in err


def test_the_date_can_be_set():
    answers = json.loads(run("sample", "catering", "--today", "2027-03-01")[1])
    assert answers["case"]["submitted_on"] == "2027-03-01"


@pytest.fixture(scope="module")
def two_cases(tmp_path_factory):
    """Two submissions of two scenarios, as files."""
    folder = tmp_path_factory.mktemp("cases")
    for scenario in ("catering", "hotel"):
        (folder / f"{scenario}.json").write_text(run("sample", scenario, "--seed", 3)[1], "utf-8")
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_split_leaves_nothing_of_another_case_in_the_folder(two_cases, tmp_path):
    out = tmp_path / "new" / "out"
    assert run("split", "hotel", two_cases / "hotel.json", "-o", out)[0] == 0
    hotel = names(out)
    assert run("split", "catering", two_cases / "catering.json", "-o", out)[0] == 0
    filings = json.loads((out / "manifest.json").read_text("utf-8"))["filings"]
    assert names(out) == sorted(["manifest.json", *(f"{form}.{kind}" for form in filings for kind in ("json", "pdf"))])
    assert names(out) != hotel
    assert names(out.parent) == ["out"]


def test_split_touches_no_file_that_it_did_not_write(two_cases, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    code, _, err = run("split", "catering", two_cases / "catering.json", "-o", tmp_path)
    assert code == 1
    assert "letter.txt" in err
    assert names(tmp_path) == ["letter.txt"]
    (tmp_path / "letter.txt").unlink()
    (tmp_path / "manifest.json").write_text("{}")
    assert run("split", "catering", two_cases / "catering.json", "-o", tmp_path)[0] == 1
    assert names(tmp_path) == ["manifest.json"]
    assert run("split", "catering", two_cases / "catering.json", "-o", tmp_path / "manifest.json")[0] == 1


def test_split_into_the_working_folder_replaces_its_files(two_cases, tmp_path):
    assert run("split", "hotel", two_cases / "hotel.json", "-o", ".", cwd=tmp_path)[0] == 0
    assert run("split", "catering", two_cases / "catering.json", "-o", ".", cwd=tmp_path)[0] == 0
    assert "hotel-special-industry.json" not in names(tmp_path)
    assert "food-business-licence.json" in names(tmp_path)


def test_a_write_that_fails_half_way_leaves_what_was_there(two_cases, tmp_path):
    import resource

    out = tmp_path / "out"
    assert run("split", "hotel", two_cases / "hotel.json", "-o", out)[0] == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    case = two_cases / "catering.json"
    assert run_process("split", "catering", case, "-o", out, preexec_fn=small_files)[0] == 1
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert names(tmp_path) == ["out"]
