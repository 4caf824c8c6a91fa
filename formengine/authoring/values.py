"""One value for a field of a sample: by its options, its limits, its format, its kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ..formats import FORMATS
from ..merging.field import Field
from ..paths import MISSING
from ..words import plain

COMMON = 0.85
"""How often a choice falls on the options that the dictionary calls common (``x-sample``)."""


def draw(field: Field, schema: object, rng: random.Random, today: str) -> object:
    """One value for a field under these limits, or MISSING; the caller checks it."""
    if schema is False:
        return MISSING
    body = schema if isinstance(schema, dict) else {}
    raw = field.raw
    if "const" in body:
        return body["const"]
    if "enum" in body:
        return _from_options(body["enum"], raw, rng)
    kinds = body.get("type", raw.get("type"))
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "boolean":
        return rng.random() < 0.5
    if kind in ("integer", "number"):
        return _number(body, raw, rng, kind)
    if kind == "array":
        return _choices(field, body, rng)
    if kind == "object":
        return {key: _text(part, part, rng, today) for key, part in raw.get("properties", {}).items()}
    return _text(body, raw, rng, today)


def _from_options(values: list[Any], raw: dict[str, Any], rng: random.Random) -> object:
    liked = [v for v in raw.get("x-sample", ()) if v in values]
    return rng.choice(liked if liked and rng.random() < COMMON else values)


def _number(body: dict[str, Any], raw: dict[str, Any], rng: random.Random, kind: str) -> object:
    low, high = raw.get("x-sample", [0, 100])
    low = max(low, body.get("minimum", low), body.get("exclusiveMinimum", low))
    high = max(low, min(high, body.get("maximum", high), body.get("exclusiveMaximum", high)))
    if kind == "integer":
        return rng.randint(int(low), int(high))
    value = round(rng.uniform(float(low), float(high)), int(raw.get("x-decimals", 1)))
    return int(value) if value == int(value) else value


def _choices(field: Field, body: dict[str, Any], rng: random.Random) -> object:
    items = body.get("items", {})
    if not isinstance(items, dict):
        return MISSING
    if "enum" not in items:
        return [FORMATS["attachment-id"].generate(rng)] if items.get("format") == "attachment-id" else MISSING
    forced = [wanted for wanted in _contained(body) if wanted in items["enum"]]
    barred = set(_barred(body))
    rest = [v for v in items["enum"] if v not in forced and v not in barred]
    room = min(len(rest), body.get("maxItems", 100) - len(forced))
    least = min(room, max(body.get("minItems", 0) - len(forced), 0 if forced else 1))
    most = min(room, max(least, 3))
    count = rng.randint(min(least, most), most)
    chosen = {*forced, *rng.sample(rest, count)}
    return [v for v in items["enum"] if v in chosen]


def _contained(body: dict[str, Any]) -> Iterator[Any]:
    for part in [body, *body.get("allOf", ())]:
        inner = part.get("contains") if isinstance(part, dict) else None
        if isinstance(inner, dict):
            yield inner.get("const", inner.get("enum", [None])[0])


def _barred(body: dict[str, Any]) -> Iterator[Any]:
    for part in [body, *body.get("allOf", ())]:
        inner = part.get("not", {}).get("contains") if isinstance(part, dict) else None
        if isinstance(inner, dict):
            yield from inner.get("enum", [inner.get("const")])


def _text(body: dict[str, Any], raw: dict[str, Any], rng: random.Random, today: str) -> object:
    names = [body.get("format"), *(p.get("format") for p in body.get("allOf", ()) if isinstance(p, dict))]
    name = next((n for n in names if n), raw.get("format"))
    if name == "date":
        return _date(raw, rng, today)
    if name == "decimal":
        low, high = raw.get("x-sample", [1, 100])
        return plain(Decimal(rng.randint(int(low) * 10, int(high) * 10)) / 10)
    if name in FORMATS or raw.get("x-kind") == "id-number":
        return FORMATS[name if name in FORMATS else "citizen-id"].generate(rng)
    if "examples" in raw:
        return rng.choice(raw["examples"])
    return "示例文字"


def _date(raw: dict[str, Any], rng: random.Random, today: str) -> str:
    """A day within the days from today that the dictionary gives; else one in the past year."""
    low, high = raw.get("x-sample", [-300, -5])
    return (date.fromisoformat(today) + timedelta(days=rng.randint(low, high))).isoformat()
