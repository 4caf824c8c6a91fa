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

from .formats import FORMATS, rust_formats
from .patterns import for_engine

Schema = Any


class Failure(NamedTuple):
    """One refusal: the keyword, its limit, the keys that lead to the value, and the value."""

    keyword: str
    limit: Any
    keys: tuple[Any, ...]
    value: Any


def compiled(schema: Schema) -> Any:
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


def compiled_to_refuse(schema: Schema) -> Any:
    """A validator of the same verdicts, quicker: a format that patterns say whole is judged by them, without asking
    Python. It names such a refusal ``pattern``."""
    return compiled(_patterns_for_formats(schema))


def _patterns_for_formats(schema: Schema) -> Schema:
    if isinstance(schema, list):
        return [_patterns_for_formats(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out = {
        word: value if word in _NO_SCHEMAS or word.startswith("x-") else _patterns_for_formats(value)
        for word, value in schema.items()
    }
    known = FORMATS.get(out["format"]) if isinstance(out.get("format"), str) else None
    if known is not None and not known.beyond:
        del out["format"]
        for pattern in known.patterns:
            out = {**out, "pattern": pattern} if "pattern" not in out else _also(out, {"pattern": pattern})
    return out


def _also(schema: dict[str, Any], member: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "allOf": [*schema.get("allOf", ()), member]}


_NO_SCHEMAS = frozenset({"const", "enum", "default", "examples", "required"})


def engine_schema(schema: Schema) -> Schema:
    """The schema with every pattern restated for the engine."""
    if isinstance(schema, list):
        return [engine_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out: dict[str, Any] = {}
    for word, value in schema.items():
        if word == "pattern" and isinstance(value, str):
            out[word] = for_engine(value)
        elif word == "patternProperties" and isinstance(value, dict):
            out[word] = {for_engine(name): engine_schema(part) for name, part in value.items()}
        elif word in ("properties", "$defs", "dependentSchemas") and isinstance(value, dict):
            out[word] = {name: engine_schema(part) for name, part in value.items()}
        elif word in _NO_SCHEMAS or word.startswith("x-"):
            out[word] = value
        else:
            out[word] = engine_schema(value)
    return out


@lru_cache(maxsize=8192)
def _judge(text: str) -> Any:
    return compiled(json.loads(text))


def test_of(text: str) -> Callable[[Any], bool]:
    """A test of one value against a schema given as canonical JSON."""
    found: Callable[[Any], bool] = _judge(text).is_valid
    return found


def failures(text: str, value: Any) -> Iterator[Failure]:
    """Why a value is refused by a schema given as canonical JSON: every refusal, none where it is taken."""
    return failures_of(_judge(text), value)


def failures_of(judge: Any, value: Any) -> Iterator[Failure]:
    """Every refusal of a compiled schema."""
    for error in judge.iter_errors(value):
        path = list(error.schema_path)
        kind = error.kind
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
