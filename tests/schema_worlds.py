"""Random schemas over all words of draft 2020-12, and random values that come near their limits.

Kept away from what validators judge differently: decimal multiples, ``\\d``, newlines.
"""

from __future__ import annotations

import random
from typing import Any

Schema = dict[str, Any] | bool
PATTERNS = ["^a", "b$", "^[a-c]+$", "^b+$", "c", "^(ab|b)c?$", "^.{2,3}$", "^$"]
KEYS = ["a", "b", "ab", "c"]
KEY_PATTERNS = ["^a", "b$", "^c$", "."]
STRINGS = ["", "a", "b", "c", "ab", "bc", "abc", "bb", "cccc", "2026-01-02", "x@y.cn"]
SCALARS: list[Any] = [None, True, False, 0, 1, 1.0, 2, 3, 4, 5, 6, 2.5, 0.5, -1, 12, *STRINGS]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]


def value(rng: random.Random, depth: int = 2) -> Any:
    """A JSON value of the small world that the schemas talk about."""
    kind = rng.random()
    if depth == 0 or kind < 0.5:
        return rng.choice(SCALARS)
    if kind < 0.72:
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return {name: value(rng, depth - 1) for name in rng.sample(KEYS, rng.randrange(4))}


def schema(rng: random.Random, depth: int = 2, refs: bool = False) -> Schema:
    """A random schema; with ``refs`` it may name the definitions ``d`` and ``e`` and itself."""
    if rng.random() < 0.06:
        return rng.random() < 0.6
    words = [*_SCALAR_WORDS, *(_INNER_WORDS if depth else [])]
    out: dict[str, Any] = {}
    if rng.random() < 0.5:
        out["type"] = rng.choice(TYPES) if rng.random() < 0.75 else rng.sample(TYPES, 2)
    for make in rng.sample(words, rng.choice([0, 1, 1, 2, 3])):
        out |= make(rng, lambda: schema(rng, depth - 1, refs))
    if refs and rng.random() < 0.3:
        out["$ref"] = rng.choice(["#/$defs/d", "#/$defs/e"])
    if rng.random() < 0.1:
        out["title"] = "t"
    return out


def document(rng: random.Random) -> Schema:
    """A schema with definitions, the recursive one guarded by ``properties``."""
    root = schema(rng, 2, refs=True)
    if not isinstance(root, dict):
        return root
    again: dict[str, Any] = {"properties": {rng.choice(KEYS): {"$ref": rng.choice(["#/$defs/e", "#"])}}}
    return {
        **root,
        "$defs": {"d": schema(rng, 1), "e": {**again, **_numbers(rng, bool), "type": ["object", "integer"]}},
    }


def _numbers(rng: random.Random, _: Any) -> dict[str, Any]:
    words = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
    return {rng.choice(words): rng.choice([0, 1, 2, 2.5, 3, 5])}


def _multiple(rng: random.Random, _: Any) -> dict[str, Any]:
    return {"multipleOf": rng.choice([1, 2, 3, 0.5, 1.5, 2.5])}


def _lengths(rng: random.Random, _: Any) -> dict[str, Any]:
    return {rng.choice(["minLength", "maxLength"]): rng.randrange(4)}


def _pattern(rng: random.Random, _: Any) -> dict[str, Any]:
    return {"pattern": rng.choice(PATTERNS)}


def _format(rng: random.Random, _: Any) -> dict[str, Any]:
    return {"format": rng.choice(["date", "email", "unheard-of"])}


def _listed(rng: random.Random, _: Any) -> dict[str, Any]:
    values = [value(rng, 1) for _ in range(rng.randrange(1, 5))]
    kind = rng.random()
    if kind < 0.3:
        return {"const": values[0]}
    if kind < 0.6:
        return {"enum": values}
    return {rng.choice(["oneOf", "anyOf"]): [{"const": v, "title": str(v)} for v in values]}


def _sizes(rng: random.Random, _: Any) -> dict[str, Any]:
    return {rng.choice(["minItems", "maxItems", "minProperties", "maxProperties"]): rng.randrange(4)}


def _required(rng: random.Random, _: Any) -> dict[str, Any]:
    if rng.random() < 0.3:
        return {"dependentRequired": {rng.choice(KEYS): [rng.choice(KEYS)]}}
    return {"required": rng.sample(KEYS, rng.choice([1, 1, 2]))}


def _properties(rng: random.Random, inner: Any) -> dict[str, Any]:
    return {"properties": {name: inner() for name in rng.sample(KEYS, rng.choice([1, 2, 3]))}}


def _patterned(rng: random.Random, inner: Any) -> dict[str, Any]:
    return {"patternProperties": {p: inner() for p in rng.sample(KEY_PATTERNS, rng.choice([1, 2]))}}


def _object(rng: random.Random, inner: Any) -> dict[str, Any]:
    out = _properties(rng, inner) | {"additionalProperties": rng.choice([False, False, inner()])}
    return out | (_patterned(rng, inner) if rng.random() < 0.5 else {})


def _names(rng: random.Random, inner: Any) -> dict[str, Any]:
    return {"propertyNames": rng.choice([{"pattern": rng.choice(PATTERNS)}, {"maxLength": 1}, {"enum": ["a", "b"]}])}


def _dependent(rng: random.Random, inner: Any) -> dict[str, Any]:
    return {"dependentSchemas": {rng.choice(KEYS): inner()}}


def _items(rng: random.Random, inner: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"items": inner()} if rng.random() < 0.7 else {}
    if rng.random() < 0.5 or not out:
        out["prefixItems"] = [inner() for _ in range(rng.choice([1, 2]))]
    return out | ({"uniqueItems": True} if rng.random() < 0.3 else {})


def _contains(rng: random.Random, inner: Any) -> dict[str, Any]:
    out = {"contains": rng.choice([inner(), {"type": "integer"}])}
    if rng.random() < 0.4:
        out["minContains"] = rng.randrange(3)
    return out | ({"maxContains": rng.randrange(1, 3)} if rng.random() < 0.4 else {})


def _branches(rng: random.Random, inner: Any) -> dict[str, Any]:
    return {rng.choice(["anyOf", "oneOf", "allOf"]): [inner() for _ in range(rng.choice([1, 2, 2]))]}


def _negated(rng: random.Random, inner: Any) -> dict[str, Any]:
    return {"not": inner()}


def _conditional(rng: random.Random, inner: Any) -> dict[str, Any]:
    condition = rng.choice([{"type": "integer"}, {"properties": {"a": {"const": 1}}, "required": ["a"]}, inner()])
    return {"if": condition} | rng.choice([{"then": inner()}, {"else": inner()}, {"then": inner(), "else": inner()}])


def _unevaluated(rng: random.Random, inner: Any) -> dict[str, Any]:
    word = rng.choice(["unevaluatedProperties", "unevaluatedItems"])
    return _branches(rng, inner) | {word: rng.choice([False, inner()])} | rng.choice([{}, _properties(rng, inner)])


_SCALAR_WORDS = [_numbers, _numbers, _multiple, _lengths, _pattern, _pattern, _format, _listed, _sizes, _required]
_INNER_WORDS = [
    _properties, _properties, _patterned, _object, _object, _names, _dependent, _items, _items, _contains, _branches,
    _negated, _conditional, _conditional, _unevaluated,
]  # fmt: skip
