"""``check`` finds what an author got wrong, at its place, and nothing else; it never ends in a traceback."""

import copy
import json
import os
import random
import shutil
import time
from pathlib import Path

import pytest
from tiny import TODAY, checked, department, library, rows, subject, text, whole

import formengine
from formengine.authoring.check import check_paths

ROOT = Path(__file__).parent.parent.parent.parent
EXAMPLE = ROOT / "docs" / "example"


@pytest.fixture
def example(tmp_path):
    """A copy of the example templates, to be spoiled."""
    shutil.copytree(EXAMPLE, tmp_path / "example")
    return tmp_path / "example"


FORM, DICTIONARY, SCENARIO = "departments/stall-record.json", "elements/stall.json", "forms/stall.json"


UNASKED = '[{"facts.sels": true}, {"facts.entity_kind": "individual"}]'


def errors(folder):
    return [fault for fault in check_paths([folder]).faults if fault.severity == "error"]


def spoil(folder, name, old, new):
    path = folder / name
    written = path.read_text("utf-8")
    assert old in written
    path.write_text(written.replace(old, new, 1), "utf-8")


def test_the_example_is_without_fault(example):
    assert errors(example) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "says"),
    [
        (FORM, '"type": "number", "maximum": 3', '"maximum": 5, "type": "number", "maximum": 3', "twice", "maximum"),
        (FORM, '"maxLength": 30', '"maxLenght": 30', "keyword", "maxLength"),
        (FORM, '"type": "integer", "maximum": 2', '"type": "integer", "maxLength": 2', "keyword", "没有意义"),
        (DICTIONARY, '"type": "boolean"', '"type": "boolean", "minimum": 1', "keyword", "没有意义"),
        (FORM, '"format": "date"', '"formt": "date"', "keyword", "format"),
        (FORM, '"format": "date"', '"format": "dat"', "format", "date"),
        (FORM, '"type": "string", "maxLength": 30', '"type": "string", "pattern": "(?=a)"', "pattern", "前后查找"),
        (FORM, '"x-element": "operator.name"', '"x-elment": "operator.name"', "meta", "x-elment"),
        (FORM, '"gas ? width >= 1.2 : true"', '"gas > width"', "rule", "比较"),
        (FORM, '"gas ? width >= 1.2 : true"', '"widht > 1.2"', "rule", "widht"),
        (FORM, '"maximum": 3', '"maximum": NaN', "unreadable", "NaN"),
        (FORM, '"maximum": 3', '"maximum": 1e400', "unreadable", "过大"),
        (FORM, '"maximum": 3', '"minimum": 9', "conflict", "不能同时满足"),
        (DICTIONARY, '"minimum": 0.5, "maximum": 6', '"minimum": 6, "maximum": 0.5', "conflict", "不能同时满足"),
        (SCENARIO, '"form": "stall-record"', '"form": "stall-recrod"', "form", "stall-recrod"),
        (SCENARIO, '"form": "stall-record"', f'"form": "stall-record", "when": {UNASKED}', "facts", "facts.sels"),
        (
            SCENARIO,
            '"x-order": []',
            '"x-order": [{"before": "stall-record", "after": "stal", "reason": "先后"}]',
            "order",
            "stal",
        ),
    ],
)
def test_a_slip_is_named_once_at_its_place(example, name, old, new, code, says):
    spoil(example, name, old, new)
    found = errors(example)
    assert [fault.code for fault in found] == [code], [str(f) for f in found]
    assert says in found[0].message
    assert found[0].line > 0


def test_a_byte_order_mark_and_another_encoding_are_named(example):
    path = example / FORM
    written = path.read_text("utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + written.encode())
    assert [(f.code, "BOM" in f.message) for f in errors(example)] == [("json", True)]
    path.write_bytes(written.encode("gbk"))
    assert [(f.code, "UTF-8" in f.message, f.line > 0) for f in errors(example)] == [("utf-8", True, True)]


def test_references_that_go_round_are_named(example):
    spoil(example, FORM, '"type": "string", "maxLength": 30', '"$ref": "#/$defs/a"')
    spoil(example, FORM, '"$id"', '"$defs": {"a": {"$ref": "#/$defs/a"}}, "$id"')
    assert [f.code for f in errors(example)] == ["ref"]


def test_what_is_required_and_never_asked_is_a_dead_end():
    agent = {
        "agent": subject(
            {
                "appointed": {"type": "boolean", "x-when": {"facts.new": True}},
                "name": text(**{"x-when": {"agent.appointed": True}}),
            }
        )
    }
    form = department("f", {"agent": {"type": "string", "x-element": "agent.name"}})
    faults = [f for f in checked(library(agent, {"f": form})).faults if f.severity == "error"]
    assert [f.code for f in faults] == ["dead-end"]
    assert "agent.name" in faults[0].message
    asked = library(agent, {"f": form}, facts={"new": {"title": "新办", "type": "boolean"}}, typical={"new": True})
    assert [f.message for f in checked(asked).faults if f.code == "dead-end" and '"new":true' in f.message] == []


def test_a_limit_that_one_kind_of_document_cannot_meet_is_a_dead_end():
    person = {
        "p": subject(
            {
                "kind": {"type": "string", "enum": ["111", "414"]},
                "number": {"type": "string", "minLength": 4, "maxLength": 30, "x-kind": "id-number"},
            },
            allOf=[
                {
                    "if": {"properties": {"kind": {"const": "414"}}, "required": ["kind"]},
                    "then": {"properties": {"number": {"format": "passport"}}},
                }
            ],
        )
    }

    def form(**limit):
        kind = {"x-element": "p.kind", "enum": ["111", "414"]}
        return department("f", {"k": kind, "n": {"type": "string", "x-element": "p.number", **limit}})

    faults = [f for f in checked(library(person, {"f": form(minLength=18)})).faults if f.code == "dead-end"]
    assert len(faults) == 1
    assert "f表" in faults[0].message
    assert [f for f in checked(library(person, {"f": form(minLength=9)})).faults if f.code == "dead-end"] == []


def test_a_part_of_an_address_is_compared_with_that_part():
    parts = {name: {"title": name, "type": "string", "minLength": 1, "maxLength": 20} for name in ("county", "town")}
    place = {
        "s": subject({"address": {"type": "object", "properties": parts, "required": ["town"], "x-kind": "address"}})
    }
    county = {"type": "string", "x-element": "s.address.county", "minLength": 1, "maxLength": 20}
    town = {"type": "string", "x-element": "s.address.town", "maxLength": 10}
    report = checked(library(place, {"f": department("f", {"c": county, "t": town})}))
    assert [f for f in report.faults if f.severity == "error"] == []
    assert report.proofs["refuted"] == 0
    assert report.proofs["proved"] >= 2


def test_what_cannot_be_decided_is_tried_and_said():
    world = {"s": subject({"a": whole(), "b": whole()})}
    made = {}
    for name, rule in (("f", "a > b"), ("g", "b > a")):
        properties = {"a": {"type": "integer", "x-element": "s.a"}, "b": {"type": "integer", "x-element": "s.b"}}
        found = {"id": "r", "rule": rule, "message": "不合", "basis": "", "field": "a"}
        made[name] = department(name, properties, **{"x-rules": [found]})
    faults = checked(library(world, made)).faults
    assert [f.code for f in faults if f.code in ("undecided", "conflict")] == ["undecided"]
    del made["g"]
    assert [f.code for f in checked(library(world, made)).faults if f.code == "undecided"] == []


JUNK = [None, True, 0, -1, 1.5, "", "x", "字" * 50, [], {}, [[]], [{}], {"x": 1}, {"": {}}, "#/$defs/x", "(", "a.b"]
RENAMED = ["x-when", "x-element", "if", "type", "x-derive", "allOf", "title", "x-codes"]


def spoiled(document, rng):
    """A document with one thing changed, taken away, renamed or doubled."""
    out = copy.deepcopy(document)
    way, node = [], out
    while isinstance(node, dict | list) and node and (not way or rng.random() < 0.8):
        key = rng.choice(list(node) if isinstance(node, dict) else list(range(len(node))))
        way.append((node, key))
        node = node[key]
    holder, key = way[-1]
    what = rng.randrange(4)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, dict):
        holder[rng.choice([*RENAMED, key + "s"])] = holder.pop(key)
    elif what == 2 and isinstance(holder, dict):
        holder[rng.choice(["x-when", "x-default", "items", "$ref", "x-rules", "oneOf", "x-codes"])] = rng.choice(JUNK)
    else:
        holder[key] = rng.choice(JUNK)
    return out


def test_no_template_makes_it_end_in_a_traceback(example):
    seed = int(os.environ.get("CHECK_SEED", random.randrange(10**6)))
    print("CHECK_SEED", seed)
    rng = random.Random(seed)
    documents = {name: json.loads((example / name).read_text("utf-8")) for name in (FORM, DICTIONARY, SCENARIO)}
    until = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "10"))
    tried = 0
    while time.monotonic() < until:
        name = rng.choice(list(documents))
        changed = json.dumps(spoiled(documents[name], rng), ensure_ascii=False, indent=1)
        (example / name).write_text(changed, "utf-8")
        try:
            report = check_paths([example])
        except Exception as error:
            raise AssertionError(f"seed {seed}, {name}: {changed}") from error
        assert all(fault.message for fault in report.faults)
        tried += 1
        (example / name).write_text(json.dumps(documents[name], ensure_ascii=False), "utf-8")
    assert tried > 5


def test_limits_written_with_a_fraction_of_zero_are_limits():
    people = {"t": {**rows({"n": text(minLength=2.0)}), "maxItems": 3.0}}
    items = {
        "type": "object",
        "properties": {"n": {"title": "n", "type": "string", "x-element": "t.n", "maxLength": 3.0}},
    }
    table = {"type": "array", "x-element": {"rows": {"list": "t"}}, "minItems": 2.0, "items": items}
    made = library(people, {"f": department("f", {"t": table})})
    assert [fault for fault in checked(made).faults if fault.severity == "error"] == []
    form = formengine.merge(made, "try")
    answers = formengine.sample(form, 1, TODAY)
    assert 2 <= len(answers["t"]) <= 3
    assert "2.0" not in json.dumps(form.schema)
    assert [i.code for i in formengine.validate(form, {"t": [{"n": "甲乙"}]}, TODAY)] == ["min_rows"]
