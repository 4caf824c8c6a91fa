"""What several tests share: the real library, and its merged forms, made once."""

from __future__ import annotations

import functools
import os
import shutil
import sys
from pathlib import Path

import pytest

import formengine

sys.path.insert(0, str(Path(__file__).parent))
from standard import LIBRARY


@pytest.fixture(scope="session")
def node() -> str:
    """The JavaScript engine that a test judges by; skipped loudly without one, where that is allowed."""
    found = shutil.which("node")
    if found is None and os.environ.get("REQUIRE_ALL"):
        pytest.fail("没有 node：apt-get install nodejs")
    return found or pytest.skip("没有 node：apt-get install nodejs")


@pytest.fixture(scope="session")
def real() -> formengine.Library:
    """The standard templates and scenarios."""
    return LIBRARY


@functools.lru_cache(maxsize=64)
def _merged(scenario: str, facts: tuple) -> formengine.MergedForm:
    return formengine.merge(LIBRARY, scenario, dict(facts))


@pytest.fixture(scope="session")
def merged():
    """``merged(scenario, **facts)``: the form, typical facts where none are given."""

    def get(scenario: str, **facts):
        known = {**LIBRARY.scenario(scenario).typical_facts, **facts}
        return _merged(scenario, tuple(sorted(known.items())))

    return get
