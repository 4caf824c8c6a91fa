"""The judge of values: every schema that answers and filings meet is compiled here; one engine refuses and explains.

It is jsonschema-rs, with this project's formats and patterns read as ECMA-262 (``patterns``). What it refuses it also
names (``failures``): no second validator, with another reading of ``$``, ``\\d`` or ``multipleOf``, is asked why.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import jsonschema_rs

from .algebra.jsonvalue import Schema, everywhere
from .formats import FORMATS, Format, rust_formats
from .patterns import for_engine

Judge = jsonschema_rs.Draft202012Validator
"""Judges values by one schema."""


class Failure(NamedTuple):
    """One refusal: the keyword, its limit, the keys that lead to the value, and the value."""

    keyword: str
    limit: Any
    keys: tuple[Any, ...]
    value: Any


def compiled(schema: Schema) -> Judge:
    """A validator with formats asserted; ``$schema`` of our meta-schemas is set aside. Raises ``PatternError``."""
    bare = {k: v for k, v in schema.items() if k not in ("$schema", "$id")} if isinstance(schema, dict) else schema
    return jsonschema_rs.Draft202012Validator(
        engine_schema(bare),
        validate_formats=True,
        formats=rust_formats(),
        pattern_options=jsonschema_rs.RegexOptions(),
        offline=True,
        mask="…",
    )


def compiled_to_refuse(schema: Schema) -> Judge:
    """A validator of the same verdicts, quicker: a format that patterns say whole is judged by them, without asking
    Python. It names such a refusal ``pattern``."""
    return compiled(everywhere(schema, _patterns_for_format))


def _patterns_for_format(schema: dict[str, Any]) -> dict[str, Any]:
    """One schema with patterns in place of a format that they say whole."""
    known = format_of(schema)
    if known is None or known.beyond:
        return schema
    return with_pattern({word: value for word, value in schema.items() if word != "format"}, *known.patterns)


def format_of(schema: dict[str, Any]) -> Format | None:
    """The format of ours that a schema names itself."""
    name = schema.get("format")
    return FORMATS.get(name) if isinstance(name, str) else None


def with_pattern(schema: dict[str, Any], *patterns: str) -> dict[str, Any]:
    """The schema with these patterns too: the first as its own, where it has none, the others in ``allOf``."""
    out = dict(schema)
    for pattern in patterns:
        if out.setdefault("pattern", pattern) != pattern and {"pattern": pattern} not in out.get("allOf", ()):
            out["allOf"] = [*out.get("allOf", ()), {"pattern": pattern}]
    return out


def engine_schema(schema: Schema) -> Schema:
    """The schema with every pattern restated for the engine."""
    found: Schema = everywhere(schema, _restated)
    return found


def _restated(schema: dict[str, Any]) -> dict[str, Any]:
    out = dict(schema)
    if isinstance(out.get("pattern"), str):
        out["pattern"] = for_engine(out["pattern"])
    if isinstance(out.get("patternProperties"), dict):
        out["patternProperties"] = {for_engine(name): part for name, part in out["patternProperties"].items()}
    return out


@lru_cache(maxsize=8192)
def _judge(text: str) -> Judge:
    return compiled(json.loads(text))


def test_of(text: str) -> Callable[[Any], bool]:
    """A test of one value against a schema given as canonical JSON."""
    found: Callable[[Any], bool] = _judge(text).is_valid
    return found


def failures(text: str, value: object) -> Iterator[Failure]:
    """Why a value is refused by a schema given as canonical JSON: every refusal, none where it is taken."""
    return failures_of(_judge(text), value)


def failures_of(judge: Judge, value: object) -> Iterator[Failure]:
    """Every refusal of a compiled schema."""
    for error in judge.iter_errors(value):
        path = list(error.schema_path)
        kind: Any = error.kind
        keyword = str(kind.name)
        if keyword == "falseSchema":
            keyword = "additionalProperties" if path and path[-1] != "items" else "type"
        keys = tuple(error.instance_path)
        if keyword == "required":
            keys = (*keys, kind.property)
        yield Failure(keyword, kind.value, keys, None if keyword == "required" else error.instance)


def matches(pattern: str, text: str) -> bool:
    """Whether an ECMA-262 pattern is found in the text; raises ``PatternError``."""
    return bool(_judge(json.dumps({"pattern": pattern})).is_valid(text))
