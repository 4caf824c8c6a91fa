"""What is proved holds; what is planted wider is never proved."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schema_worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from formengine.algebra.prove import Verdict, accepts, covers, difference_witness, disjoint_patterns, empty

Schema = dict[str, Any] | bool
ID_NUMBER = "^[1-9][0-9]{5}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$"


def string(**words: Any) -> dict[str, Any]:
    return {"type": "string", **words}


def row(**columns: Any) -> dict[str, Any]:
    return {"type": "object", "properties": columns, "required": list(columns)}


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (string(pattern="^[0-9]{17}[0-9X]$"), string(pattern=ID_NUMBER)),
        (string(maxLength=18), string(pattern=ID_NUMBER)),
        (string(minLength=2, maxLength=50), string(minLength=2, maxLength=50, pattern="^[一-龥]+$")),
        (string(pattern="[0-9]"), string(pattern="^[0-9]{3}$", format="date")),
        (string(pattern="^.{1,200}$"), string(pattern="^.{1,100}$")),
        (string(maxLength=2000), string(maxLength=1000)),
        (string(pattern="^(?!a).+$"), string(pattern="^(?!a).+$", minLength=3)),
        (string(format="date"), string(format="date", maxLength=10)),
        (string(pattern="^[ab]$"), {"enum": ["a", "b"]}),
        ({"type": "number", "minimum": 0}, {"type": "integer", "minimum": 3}),
        (row(a=string(pattern="^[0-9]+$")), row(a=string(pattern="^[0-9]{3}$"), b={"type": "integer"})),
        (
            {"type": "array", "items": row(a=string(pattern="a"))},
            {"type": "array", "items": row(a=string(pattern="^a$")), "minItems": 1},
        ),
        ({"allOf": [{"pattern": "^a"}, {"pattern": "b$"}]}, string(pattern="^a+b+$")),
        (True, {"type": "null"}),
        ({"minimum": 3}, False),
    ],
)
def test_wider_schema_is_proved_to_cover(wide: Schema, narrow: Schema) -> None:
    assert covers(wide, narrow) is Verdict.PROVED


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (string(pattern=ID_NUMBER), string(pattern="^[0-9]{17}[0-9X]$")),
        (string(pattern="^[a-y]+$"), string(pattern="^[a-z]+$", maxLength=20)),
        (string(maxLength=49), string(minLength=2, maxLength=50)),
        (string(maxLength=17), string(pattern=ID_NUMBER)),
        (string(minLength=2), string()),
        (string(format="date"), string()),
        (string(format="date"), string(format="email")),
        (string(enum=["a"]), string(enum=["a", "b"])),
        (row(a=string(pattern="^[0-9]{3}$")), row(a=string(pattern="^[0-9]{3,4}$"))),
        (row(a=string(format="date")), row(a=string(maxLength=10))),
        ({"type": "array", "maxItems": 3}, {"type": "array", "maxItems": 4}),
        (row(a=True, b=True), row(a=True)),
    ],
)
def test_planted_wider_schema_is_refuted_with_a_witness(wide: Schema, narrow: Schema) -> None:
    assert covers(wide, narrow) is Verdict.REFUTED
    found, value = difference_witness(wide, narrow)
    assert found
    assert accepts(narrow, value)
    assert accepts(wide, value) is False


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (string(format="uscc"), string()),
        (string(format="uscc"), {"enum": ["x"]}),
        (string(pattern="^(?=a)a$"), string(pattern="^a$")),
        (string(pattern="^a.{30}b"), string(pattern="a.{30}b")),
        ({"$ref": "https://nowhere.example/x"}, string()),
    ],
)
def test_what_cannot_be_decided_is_never_proved(wide: Schema, narrow: Schema) -> None:
    assert covers(wide, narrow) is not Verdict.PROVED


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**40))
def test_verdicts_agree_with_values(seed: int) -> None:
    rng = random.Random(seed)
    wide, narrow = schema_worlds.schema(rng, 1), schema_worlds.schema(rng, 1)
    values = [schema_worlds.value(rng) for _ in range(30)] + schema_worlds.SCALARS
    outside = [value for value in values if accepts(narrow, value) and accepts(wide, value) is False]
    if outside:
        assert covers(wide, narrow) is not Verdict.PROVED
    found, value = difference_witness(wide, narrow)
    if found:
        assert covers(wide, narrow) is not Verdict.PROVED
        assert jsonschema_rs.Draft202012Validator(narrow, validate_formats=True).is_valid(value)
    inside = [value for value in values if accepts(narrow, value)]
    if inside:
        assert empty(narrow) is not True


def test_emptiness_is_known_unknown_or_denied() -> None:
    assert empty(False) is True
    assert empty({"type": "integer", "minimum": 3, "maximum": 2}) is True
    assert empty({"allOf": [{"type": "string", "pattern": "^a$"}, {"pattern": "^b$"}]}) is True
    assert empty({"type": "string"}) is False
    assert empty({"$ref": "https://nowhere.example/x"}) is None


def test_patterns_are_searches_with_anchors() -> None:
    assert disjoint_patterns("a", "b") is False
    assert disjoint_patterns("^a", "^b") is True
    assert disjoint_patterns("^(a|b)$", "^[^ab]$") is True
    assert disjoint_patterns("^a|b$", "^c+$") is True
    assert disjoint_patterns("^(?!a)b", "^a") is None
    assert disjoint_patterns("a.{40}b", "x.{40}y", "m.{40}n") is not True


def test_only_prove_uses_the_experimental_algebra() -> None:
    engine = Path(__file__).parent.parent.parent.parent / "formengine"
    users = {path.name for path in engine.rglob("*.py") if ".canonicalize(" in path.read_text(encoding="utf-8")}
    assert users == {"prove.py"}
