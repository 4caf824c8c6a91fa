"""Every scenario with every combination of facts that its guiding questions can give."""

from __future__ import annotations

import functools
import os
from itertools import product
from typing import Any

import jsonschema
import pytest

import formengine
from formengine.formats import python_checker
from formengine.situations import reachable_facts

TODAY = "2026-11-23"
SEEDS = int(os.environ.get("SEEDS", "12"))
LIBRARY = formengine.load_library()
SCENARIOS = sorted(LIBRARY.scenarios)
CASES = [
    (scenario, tuple(sorted(facts.items())))
    for scenario in SCENARIOS
    for facts in reachable_facts(LIBRARY, LIBRARY.scenarios[scenario])
]
THOROUGH = SEEDS >= 40
"""``make laws`` sets the number of seeds; with many of them every case is looked at answer by answer."""
WIDEST = [
    (scenario, facts)
    for scenario, facts in CASES
    if THOROUGH or all(value for key, value in facts if key != "holds_licence")
]
"""The cases with every optional form in them, or all of them."""


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
    """The seeds to try for a case: fewer where a scenario has many combinations of facts."""
    combinations = sum(1 for s, _ in CASES if s == scenario)
    return range(max(2, count * 4 // max(4, combinations)))


def params(cases: list[tuple[str, tuple]]) -> pytest.MarkDecorator:
    """A test for each case; with few seeds, those of a licence already held are left to the long run."""
    held = [() if THOROUGH or not dict(facts).get("holds_licence") else pytest.mark.long for _, facts in cases]
    found = [pytest.param(s, f, marks=m, id=f"{s}-{name(f)}") for (s, f), m in zip(cases, held, strict=True)]
    return pytest.mark.parametrize(("scenario", "facts"), found)


__all__ = [
    "CASES",
    "LIBRARY",
    "SCENARIOS",
    "SEEDS",
    "THOROUGH",
    "TODAY",
    "WIDEST",
    "merged",
    "name",
    "params",
    "plain",
    "product",
    "seeds",
    "submission",
]
