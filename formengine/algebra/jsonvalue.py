"""JSON values and schemas as values: equality, canonical text, which keyword means what."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

from ..errors import FormEngineError

Schema = dict[str, Any] | bool
MAX_DEPTH = 200
Words = dict[str, Any]
"""What a schema says, word by word."""

ONE_SCHEMA = frozenset({"additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else"})
ONE_SCHEMA |= {"unevaluatedProperties", "unevaluatedItems", "contentSchema"}
LISTED_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
NAMED_SCHEMAS = frozenset({"properties", "patternProperties", "dependentSchemas"})
DEFINITIONS = frozenset({"$defs", "definitions"})
NUMBER_WORDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
STRING_WORDS = frozenset({"minLength", "maxLength", "pattern"})
ARRAY_WORDS = frozenset(
    {"prefixItems", "items", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"}
)
OBJECT_WORDS = frozenset({"properties", "patternProperties", "additionalProperties", "propertyNames", "required"})
OBJECT_WORDS |= {"dependentRequired", "dependentSchemas", "minProperties", "maxProperties"}
SINGLE_WORDS = ("format", "contentEncoding", "contentMediaType", "contentSchema", "dependencies", "$ref")
OTHER_WORDS = frozenset({"type", "enum", "const", "anyOf", "oneOf", "allOf", "not", "if", "then", "else"})
SCOPED_WORDS = frozenset({"unevaluatedProperties", "unevaluatedItems"})
CONSTRAINTS = frozenset().union(
    NUMBER_WORDS, STRING_WORDS, ARRAY_WORDS, OBJECT_WORDS, SINGLE_WORDS, OTHER_WORDS, SCOPED_WORDS
)
#: Words about the document, not about the value: dropped from every part.
HOUSEKEEPING = frozenset({"$schema", "$id", "$anchor", "$vocabulary"}) | DEFINITIONS


def words_of(schema: Schema) -> Words:
    """The words of a schema: ``true`` has none, ``false`` says that nothing is valid."""
    if isinstance(schema, dict):
        return schema
    return {} if schema else {"not": {}}


def text(value: object) -> str:
    """Canonical JSON of a value; equal text means equal value (not the other way round: 1 and 1.0)."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def plain_numbers(value: object, depth: int = 0) -> Any:
    """A JSON value with whole numbers written as such: ``2.0`` is ``2``. Raises ``FormEngineError`` for numbers beyond
    JSON's range and for nesting deeper than 200."""
    if depth > MAX_DEPTH:
        raise FormEngineError(f"JSON Schema 嵌套超过 {MAX_DEPTH} 层")
    if isinstance(value, float):
        if not isfinite(value):
            raise FormEngineError("JSON Schema 里有超出范围的数（如 1e400、NaN）")
        return int(value) if value.is_integer() else value
    if isinstance(value, list):
        return [plain_numbers(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {name: plain_numbers(inner, depth + 1) for name, inner in value.items()}
    return value


def key(value: object) -> Any:
    """A hashable that is equal exactly for equal JSON values: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, dict):
        return ("object", frozenset((name, key(part)) for name, part in value.items()))
    if isinstance(value, list | tuple):
        return ("array", tuple(key(part) for part in value))
    return value if value is not None else ("null",)


def type_of(value: Any) -> str:
    """The JSON type of a value; a number is ``integer`` or ``fraction``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list | tuple):
        return "array"
    return "integer" if value == int(value) else "fraction"


def subschemas(schema: Schema) -> Iterator[Schema]:
    """The schemas directly inside one, definitions excepted."""
    if not isinstance(schema, dict):
        return
    for word, value in schema.items():
        if word in ONE_SCHEMA:
            yield value
        elif word in LISTED_SCHEMAS and isinstance(value, list):
            yield from value
        elif (word in NAMED_SCHEMAS or word == "dependencies") and isinstance(value, dict):
            yield from (part for part in value.values() if isinstance(part, dict | bool))


def rebuild(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """The schema with every schema directly inside it changed, definitions excepted."""
    if not isinstance(schema, dict):
        return schema
    out: dict[str, Any] = {}
    for word, value in schema.items():
        if word in ONE_SCHEMA:
            out[word] = change(value)
        elif word in LISTED_SCHEMAS and isinstance(value, list):
            out[word] = [change(part) for part in value]
        elif (word in NAMED_SCHEMAS or word == "dependencies") and isinstance(value, dict):
            out[word] = {n: change(part) if isinstance(part, dict | bool) else part for n, part in value.items()}
        else:
            out[word] = value
    return out


def everywhere(schema: object, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The schema with every schema in it changed, the innermost first, definitions included."""
    if not isinstance(schema, dict):
        return schema
    new: Any = rebuild(schema, lambda part: everywhere(part, change))
    for word in DEFINITIONS & new.keys():
        if isinstance(new[word], dict):
            new[word] = {name: everywhere(part, change) for name, part in new[word].items()}
    return change(new)


def constraints(schema: Schema) -> dict[str, Any]:
    """The words of a schema that restrict; what is left out are annotations."""
    return {word: value for word, value in schema.items() if word in CONSTRAINTS} if isinstance(schema, dict) else {}


def walk(schema: Schema) -> Iterator[Schema]:
    """A schema and all inside it, definitions excepted."""
    yield schema
    for part in subschemas(schema):
        yield from walk(part)


def step(pointer: str, name: str | int) -> str:
    """A JSON pointer one step further."""
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
