"""Which cases the laws are tried on: two scenarios in depth, every scenario in breadth.

The situations of a scenario are those that ``check`` tries (``reachable_facts``), never a product of all answers. In
depth each is tried with many seeds; in breadth with a few, which the hash of the case chooses: they differ from case to
case and are the same on every machine. ``SEEDS`` from 40 on (``make laws``) tries everything in depth; ``ONLY`` names
the scenarios to try, parted by commas.
"""

from __future__ import annotations

import functools
import hashlib
import os
import zlib
from typing import Any

import jsonschema
import pytest
from standard import LIBRARY

import formengine
from formengine.authoring.situations import reachable_facts
from formengine.formats import python_checker
from formengine.merging.plan import applicable_forms

TODAY = "2026-11-23"
SEEDS = int(os.environ.get("SEEDS", "12"))
THOROUGH = SEEDS >= 40
"""``make laws`` sets the number of seeds; with many of them every case is looked at answer by answer."""
ONLY = [name.strip() for name in os.environ.get("ONLY", "").split(",") if name.strip()]
if unknown := [name for name in ONLY if name not in LIBRARY.scenarios]:
    raise ValueError(f"ONLY={','.join(unknown)}：没有这样的联办事项；现有：{'、'.join(sorted(LIBRARY.scenarios))}")
SCENARIOS = [name for name in sorted(LIBRARY.scenarios) if name in ONLY or not ONLY]
IN_DEPTH = {"catering", "hotel"}
CASES = [
    (scenario, tuple(sorted(facts.items())))
    for scenario in SCENARIOS
    for facts in reachable_facts(LIBRARY, LIBRARY.scenarios[scenario])
]
DEEP = [case for case in CASES if THOROUGH or case[0] in IN_DEPTH]
BROAD = [case for case in CASES if case not in DEEP]


def forms_of(case: tuple[str, Any]) -> int:
    """How many forms the facts of a case call for."""
    return len(applicable_forms(LIBRARY.scenarios[case[0]], dict(case[1])))


WIDEST = [
    case
    for case in CASES
    if case[0] in IN_DEPTH and (THOROUGH or all(value for key, value in case[1] if key != "holds_licence"))
]
WIDEST += [max((c for c in CASES if c[0] == one), key=forms_of) for one in SCENARIOS if one not in IN_DEPTH]
"""The cases with every optional form in them, or all of them; of a scenario in breadth the one with most forms."""


def name(case: tuple[str, Any]) -> str:
    """A readable id of a case: scenario and the facts that are set."""
    if isinstance(case, str):
        return case
    return "-".join(f"{k}.{v}" if not isinstance(v, bool) else k for k, v in case if v is not False)


@functools.lru_cache(maxsize=64)
def merged(scenario: str, facts: tuple) -> formengine.MergedForm:
    """The form of a case, merged once."""
    return formengine.merge(LIBRARY, scenario, dict(facts))


@functools.lru_cache(maxsize=4096)
def submission(scenario: str, facts: tuple, seed: int) -> Any:
    """A generated submission; the share of optional answers varies with the seed. Callers must not change it."""
    optional = (0.0, 0.4, 1.0, 0.7)[seed % 4]
    return formengine.sample(merged(scenario, facts), seed, TODAY, optional=optional)


@functools.lru_cache(maxsize=64)
def plain(form_id: str) -> jsonschema.Draft202012Validator:
    """Plain jsonschema on a department form's own untouched file, formats asserted."""
    return jsonschema.Draft202012Validator(LIBRARY.forms[form_id].raw, format_checker=python_checker())


def seeds(scenario: str, facts: tuple, count: int = SEEDS) -> range:
    """The seeds to try for a case: fewer where a scenario has many situations; in breadth two that its hash chooses."""
    if (scenario, facts) in BROAD:
        first = hashlib.sha256(repr((scenario, facts)).encode()).digest()[0]
        return range(first, first + 2)
    combinations = sum(1 for s, _ in CASES if s == scenario)
    return range(max(2, count * 4 // max(4, combinations)))


def drawn(what: str, share: int) -> bool:
    """Whether something is tried where one in ``share`` is: its hash says, the same on every machine."""
    return zlib.crc32(what.encode()) % share == 0


def params(cases: list[tuple[str, tuple]]) -> pytest.MarkDecorator:
    """A test for each case; with few seeds, those of a licence already held are left to the long run."""
    held = [() if THOROUGH or not dict(facts).get("holds_licence") else pytest.mark.long for _, facts in cases]
    found = [pytest.param(s, f, marks=m, id=f"{s}-{name(f)}") for (s, f), m in zip(cases, held, strict=True)]
    return pytest.mark.parametrize(("scenario", "facts"), found)


__all__ = [
    "BROAD",
    "CASES",
    "DEEP",
    "IN_DEPTH",
    "LIBRARY",
    "SCENARIOS",
    "SEEDS",
    "THOROUGH",
    "TODAY",
    "WIDEST",
    "drawn",
    "merged",
    "name",
    "params",
    "plain",
    "seeds",
    "submission",
]
