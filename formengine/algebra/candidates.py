"""Values worth trying on a schema: its constants, its boundaries and what lies just beyond them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .jsonvalue import Schema
from .regular import UndecidedError, find_string

_PLAIN: tuple[Any, ...] = ("a", "", 1, 0, None, True, False, 0.5, [], {}, "中文")
_FORMATS = {
    "date": "2026-02-28",
    "date-time": "2026-02-28T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "uri": "https://example.com/a",
    "uri-reference": "/a",
    "iri": "https://example.com/a",
    "iri-reference": "/a",
    "uri-template": "/{a}",
    "json-pointer": "/a",
    "relative-json-pointer": "0/a",
    "regex": "a+",
}
_WIDTH = 12
_DEPTH = 6

Judge = Callable[[Schema, Any], bool | None]


def candidates(schema: Schema, judge: Judge, root: Schema | None = None, depth: int = _DEPTH) -> Iterator[Any]:
    """Values near the limits of a schema, not all of them valid. ``judge`` picks the members of containers."""
    if isinstance(schema, dict) and depth:
        yield from _listed(schema)
        maker = _Maker(judge, schema if root is None else root, depth - 1)
        for source in (maker.inner, maker.strings, maker.numbers, maker.objects, maker.arrays):
            yield from source(schema)
    if depth == _DEPTH or not isinstance(schema, dict) or "type" not in schema:
        yield from _PLAIN


def _listed(schema: dict[str, Any]) -> Iterator[Any]:
    if "const" in schema:
        yield schema["const"]
    yield from schema.get("enum", [])
    if "default" in schema:
        yield schema["default"]
    yield from schema.get("examples", [])


class _Maker:
    def __init__(self, judge: Judge, root: Schema, depth: int) -> None:
        self.judge, self.root, self.depth = judge, root, depth

    def of(self, schema: Schema, width: int = _WIDTH) -> list[Any]:
        """Some candidates of an inner schema."""
        return list(islice(candidates(schema, self.judge, self.root, self.depth), width))

    def first(self, schema: Schema) -> object:
        """A valid value of an inner schema, or any value where none is found."""
        definitions = self.root.get("$defs", {}) if isinstance(self.root, dict) else {}
        whole = {**schema, "$defs": definitions} if isinstance(schema, dict) and definitions else schema
        tried = self.of(schema, 3 * _WIDTH) + list(_PLAIN)
        return next((value for value in tried if self.judge(whole, value)), tried[0])

    def inner(self, schema: dict[str, Any]) -> Iterator[Any]:
        """Of the branches, conditions and references."""
        for word in ("oneOf", "anyOf", "allOf"):
            for branch in schema.get(word, []):
                yield from self.of(branch)
                if isinstance(branch, dict):
                    yield from self.of({**{w: v for w, v in schema.items() if w != word}, **branch}, 4)
        for word in ("if", "then", "else", "not"):
            if word in schema:
                yield from self.of(schema[word])
        ref = schema.get("$ref", "")
        if isinstance(self.root, dict) and ref.startswith("#/$defs/"):
            yield from self.of(self.root.get("$defs", {}).get(ref[len("#/$defs/") :], True))

    def strings(self, schema: dict[str, Any]) -> Iterator[str]:
        """By pattern, by format, by length."""
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        if "pattern" in schema:
            for low, high in ((least, most), (0, None), (least + 1, most), (most or 0, most)):
                found = _string(schema["pattern"], low, high)
                if found is not None:
                    yield found
        if schema.get("format") in _FORMATS:
            yield _FORMATS[schema["format"]]
        if "minLength" in schema or "maxLength" in schema:
            lengths = {least, least - 1, least + 1, *([most, most + 1, most - 1] if most is not None else [])}
            yield from ("a" * length for length in sorted(lengths) if 0 <= length <= 3000)

    def numbers(self, schema: dict[str, Any]) -> Iterator[float]:
        """At the bounds, beside them, and multiples near them."""
        words = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        bounds = [schema[word] for word in words if word in schema]
        step = schema.get("multipleOf", 1)
        for bound in bounds:
            grid = bound - bound % step
            yield from (bound, bound + 1, bound - 1, grid, grid + step, bound + 0.5, bound - 0.5)
        if "multipleOf" in schema:
            yield from (step, 2 * step, step / 2)

    def objects(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The required properties alone, then each property varied, then one more or one less."""
        properties: dict[str, Schema] = schema.get("properties", {})
        required = schema.get("required", [])
        if not (properties or required or schema.get("type") == "object" or "additionalProperties" in schema):
            return
        rest = schema.get("additionalProperties", True)
        base = {name: self.first(properties.get(name, rest)) for name in required}
        yield dict(base)
        yield {**{name: self.first(inner) for name, inner in properties.items()}, **base}
        for name, inner in properties.items():
            yield from ({**base, name: value} for value in self.of(inner))
        yield {**base, "zzz": self.first(rest)}
        yield from ({k: v for k, v in base.items() if k != name} for name in required)

    def arrays(self, schema: dict[str, Any]) -> Iterator[list[Any]]:
        """The fewest items, the most, and each item varied."""
        if not (schema.keys() & {"items", "prefixItems", "minItems", "maxItems", "contains"}):
            return
        prefix, items = schema.get("prefixItems", []), schema.get("items", True)
        inner = [*prefix, schema.get("contains", items)]
        least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
        full = [self.first(inner[min(i, len(inner) - 1)]) for i in range(min(max(least, most) + 1, 20))]
        yield from (full[:size] for size in sorted({least, most, most + 1, 1, max(least - 1, 0)}))
        for value in self.of(inner[0]):
            yield [value, *full[1 : max(least, 1)]]


def _string(pattern: str, least: int, most: int | None) -> str | None:
    try:
        return find_string((pattern,), (), least, most)
    except UndecidedError:
        return None
