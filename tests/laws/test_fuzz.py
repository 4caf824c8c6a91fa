"""Any JSON, and what is no JSON, as answers: no traceback, and no acceptance that any judge refuses.

``FUZZ_SECONDS`` says how long, ``FUZZ_SEEDS`` which seeds (comma-separated); they are printed.
"""

import copy
import json
import os
import random
import time

import pytest
from cases import CASES, TODAY, WIDEST, merged, submission

import formengine
from formengine.formats import FORMATS

SECONDS = float(os.environ.get("FUZZ_SECONDS", "12"))
SEEDS = [int(seed) for seed in os.environ.get("FUZZ_SEEDS", "").split(",") if seed] or [None]
CHOSEN = [case for case in CASES if case in WIDEST]
KEYS = [
    "", "id", "x", "\ud800", "a" * 300, "/", "~", "é", "#", "#raw", "#id", "facts", "own", "name", "𠀀", "0",
    "__class__",
]  # fmt: skip
LEAVES = [
    None, True, False, 0, -1, 1, 2.0, 1.5, 1e-320, 1e308, -1e308, 10**30, 10**400, 10**5000, float("nan"), float("inf"),
    "", " ", "\n", "\0", "x", "1", "01", "111", "1e400", "\ud800", "\udc00\ud800", "字" * 2000, "a\n", "2026-02-30",
    "2026-02-28", "13800138000", "330722197001010012", "att-0123456789", "<script>", "{{7*7}}", "%s", "${x}", "\u202e",
    "😀", "individual", "company", "A" * 40 + "_", "９", "١", b"x", (1, 2), {1, 2}, object(), 3 + 4j,
]  # fmt: skip


PLAIN = [leaf for leaf in LEAVES if isinstance(leaf, bool | None) or (isinstance(leaf, str) and "\ud800" not in leaf)]
PLAIN += [0, -1, 1, 2.0, 1.5, 1e-320, 1e308, 10**30]


def anything(rng, depth=0, plain=None):
    """Any value; in half the cases one that is JSON."""
    plain = rng.random() < 0.6 if plain is None else plain
    roll = rng.random()
    if roll < 0.55 or depth > 4:
        return rng.choice(PLAIN if plain else LEAVES)
    if roll < 0.65:
        return FORMATS[rng.choice(list(FORMATS))].generate(rng)
    if roll < 0.8:
        return [anything(rng, depth + 1, plain) for _ in range(rng.choice((0, 1, 2, 3, 40)))]
    if roll < 0.82 and not plain:
        return deep(rng.choice((70, 500, 3000)), rng.choice(("list", "dict")))
    keys = [key for key in KEYS if key != "\ud800"] if plain else [*KEYS, 5, None]
    return {rng.choice(keys): anything(rng, depth + 1, plain) for _ in range(rng.randrange(4))}


def deep(levels, kind):
    value = "x"
    for _ in range(levels):
        value = [value] if kind == "list" else {"a": value}
    return value


def places(value, keys=()):
    yield keys
    if isinstance(value, dict | list) and len(keys) < 10:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*keys, key))


def spoil(answers, rng, fields):
    """One change anywhere: a value put, taken away, moved, doubled, or one under a path of the form."""
    way = rng.choice(list(places(answers))[1:] or [("x",)])
    what = rng.randrange(6)
    node = answers
    for key in way[:-1]:
        node = node[key]
    if what == 0:
        path = rng.choice(fields).split(".", 2 if rng.random() < 0.5 else 1)
        node = answers
        for key in path[:-1]:
            if not isinstance(node, dict):
                return
            node = node.setdefault(key, {})
        if isinstance(node, dict):
            node[path[-1]] = anything(rng)
    elif what == 1:
        del node[way[-1]]
    elif what == 2 and isinstance(node, dict):
        node[rng.choice(KEYS if rng.random() < 0.3 else KEYS[:3])] = anything(rng)
    elif what == 3 and isinstance(node[way[-1]], list):
        times = rng.choice((2, 60)) if len(list(places(node[way[-1]]))) < 300 else 1
        node[way[-1]] = node[way[-1]] * times + [anything(rng)]
    elif what == 4:
        other = answers.get(rng.choice(["facts", "entity", "case"]), 1)
        node[way[-1]] = dict.fromkeys(other, "x") if isinstance(other, dict) else other
    else:
        node[way[-1]] = anything(rng)


def look(form, answers, where):
    """Judge and split; the claims of the engine about what it accepts and what it says."""
    issues = formengine.validate(form, answers, TODAY)
    for issue in issues:
        json.dumps(issue.as_json()).encode()
        assert issue.message, where
        assert "{" not in issue.message or "{" in json.dumps(str(answers)), where
    try:
        filings = formengine.split(form, answers)
    except formengine.FormEngineError:
        assert issues, where
        return
    if not issues:
        assert form.validator.is_valid(answers), where
        for form_id, filing in filings.items():
            assert form.department_validators[form_id].is_valid(filing.values), where
            json.dumps(filing.values, allow_nan=False).encode()
        formengine.join(form, filings)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answers_end_in_a_traceback_and_none_are_taken_that_a_judge_refuses(seed):
    seed = random.randrange(10**6) if seed is None else seed
    print("FUZZ_SEEDS", seed)
    rng = random.Random(seed)
    until = time.monotonic() + SECONDS
    tried = 0
    while time.monotonic() < until:
        scenario, facts = rng.choice(CHOSEN)
        form = merged(scenario, facts)
        fields = list(form.fields)
        answers = copy.deepcopy(submission(scenario, facts, rng.randrange(4)))
        for step in range(rng.choice((1, 1, 2, 5, 20))):
            spoil(answers, rng, fields)
            where = f"seed {seed}, {scenario} {dict(facts)}, try {tried}, step {step}"
            try:
                look(form, answers, where)
            except (AssertionError, formengine.FormEngineError):
                raise
            except Exception as error:
                raise AssertionError(f"{where}: {error!r}") from error
        tried += 1
    assert tried > 10
