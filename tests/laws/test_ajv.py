"""The printed schema alone, judged by ajv: it refuses what we refuse, but for what ``x-beyond-schema`` lists."""

import copy
import json
import random
import subprocess
from pathlib import Path

import pytest
from cases import CASES, LIBRARY, SEEDS, TODAY, WIDEST, merged, submission

import formengine
from formengine.formats import FORMATS
from formengine.judges import matches

AJV = Path(__file__).parent / "ajv" / "judge.js"
CHOSEN = [case for case in CASES if case in WIDEST][: 4 if SEEDS < 40 else None]
ODD = [
    "", "x", " ", "\n", "字" * 300, "13800138000", "2026-02-30", "2026-02-28", "330722197001010012", "0", "-1", "1e3",
    0, -1, 1.5, 2.0, 10**12, True, False, None, [], {}, ["x"], [["x"]], [{}], {"x": 1}, "𠀀", "a\n", "01", "1",
]  # fmt: skip


def judged(node, pairs):
    """What ajv says of each answers under each schema."""
    done = subprocess.run(
        [node, str(AJV)], input=json.dumps(pairs), capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def places(value, keys=()):
    """Every place in the answers."""
    if keys:
        yield keys
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*keys, key))


def spoiled(answers, rng):
    """The answers with one value changed, taken away or added."""
    out = copy.deepcopy(answers)
    *way, last = rng.choice(list(places(out)))
    node = out
    for key in way:
        node = node[key]
    what = rng.randrange(4)
    if what == 0 and isinstance(node, dict):
        del node[last]
    elif what == 1 and isinstance(node[last], str) and node[last]:
        at = rng.randrange(len(node[last]))
        node[last] = node[last][:at] + rng.choice("0A x中\n") + node[last][at + 1 :]
    elif what == 2 and isinstance(node[last], list):
        node[last] = node[last] * 2 or [rng.choice(ODD)]
    else:
        node[last] = rng.choice(ODD)
    return out


def explained(issues, beyond):
    """Whether the schema says of itself that it cannot tell any of these mistakes."""
    everywhere = {entry["code"] for entry in beyond if entry["code"].startswith("rule:")} | {"characters"}
    listed = {(entry["code"], entry["element"]) for entry in beyond}
    return all(
        issue.code in everywhere or (issue.code, issue.element) in listed or issue.because is not None
        for issue in issues
    )


def test_ajv_agrees_on_generated_and_spoiled_submissions_but_for_what_is_listed(node):
    seed = random.randrange(10**6)
    print("seed", seed)
    rng = random.Random(seed)
    pairs = []
    for scenario, facts in CHOSEN:
        form = merged(scenario, facts)
        good = [submission(scenario, facts, s) for s in range(4)]
        bad = [spoiled(rng.choice(good), rng) for _ in range(150 if SEEDS < 40 else 600)]
        pairs.append((form.schema, good + bad))
    refused = 0
    for (scenario, facts), (schema, tried), verdicts in zip(CHOSEN, pairs, judged(node, pairs), strict=True):
        for answers, taken in zip(tried, verdicts, strict=True):
            issues = formengine.validate(merged(scenario, facts), answers, TODAY)
            refused += not taken
            where = f"{scenario} {dict(facts)}: {[(i.pointer, i.code) for i in issues][:5]}"
            if taken:
                assert explained(issues, schema["x-beyond-schema"]), where
            else:
                assert issues, where
    assert refused > len(pairs) * 30


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_ajv_refuses_by_pattern_what_a_format_refuses_but_for_check_digits(name, node):
    rng = random.Random(name)
    values = [FORMATS[name].generate(rng) for _ in range(30)]
    for value in list(values):
        at = rng.randrange(len(value))
        values += [value[:at] + rng.choice("0A9Zx-/中 ") + value[at + 1 :], value + rng.choice("0A\n "), value[1:]]
    schema = {"allOf": [{"pattern": pattern} for pattern in FORMATS[name].patterns]}
    for value, taken in zip(values, judged(node, [(schema, values)])[0], strict=True):
        ours = FORMATS[name].check(value)
        assert taken == all(matches(pattern, value) for pattern in FORMATS[name].patterns)
        assert taken or not ours, value
        if taken and not ours:
            assert "校验" in FORMATS[name].explain(value), value


@pytest.mark.parametrize("scenario", sorted(LIBRARY.scenarios))
def test_every_format_stands_beside_its_pattern_and_what_no_schema_says_is_listed(scenario):
    form = merged(*next(case for case in CASES if case[0] == scenario))
    seen = 0
    todo = [form.schema]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            if node.get("format") in FORMATS and "x-element" not in node.get("format", ""):
                said = [node.get("pattern"), *(part.get("pattern") for part in node.get("allOf", []))]
                assert set(FORMATS[node["format"]].patterns) <= set(said)
                seen += 1
            todo += [value for word, value in node.items() if word != "x-beyond-schema"]
        elif isinstance(node, list):
            todo += node
    assert seen > 20
    listed = form.schema["x-beyond-schema"]
    assert {"characters", "format", "residual"} <= {entry["code"] for entry in listed}
    assert {f"rule:{r['id']}" for one in form.bound for r in one.form.rules} <= {entry["code"] for entry in listed}
    assert all(entry["message"] for entry in listed)
