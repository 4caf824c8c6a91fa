"""What can be proved about JSON Schemas: emptiness, containment, disjoint patterns.

The only module that uses ``jsonschema_rs.canonicalize`` (experimental). Whatever it does not know counts as unknown,
never as proved. String schemas are decided here by regular languages (``regular``), formats by their names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from itertools import combinations, islice
from typing import Any

import jsonschema_rs

from .candidates import candidates
from .jsonvalue import CONSTRAINTS, DEFINITIONS, Schema, constraints, rebuild, text, walk
from .regular import UndecidedError, find_string

_STRING_WORDS = frozenset({"type", "pattern", "minLength", "maxLength", "format", "enum", "const", "allOf"})
_TRIES = 400
#: A pattern that every string of the format matches (not the other way round).
_FORMAT_SHAPES = {
    "date": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "date-time": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "time": "^[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
    "duration": "^P[0-9YMWDTHS]+$",
    "email": "@",
    "idn-email": "@",
    "ipv4": "^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$",
    "ipv6": "^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$",
    "uuid": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    "uri": "^[A-Za-z][A-Za-z0-9+.-]*:",
}


class Verdict(Enum):
    """The outcome of a proof: only ``PROVED`` may be relied on; ``REFUTED`` says it is certainly not so."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


def accepts(schema: Schema, value: object, formats: bool = True) -> bool | None:
    """Whether a schema takes a value, formats checked or not; ``None`` where no validator can be built."""
    try:
        return bool(_validator(text(schema), formats).is_valid(value))
    except (ValueError, jsonschema_rs.ReferencingError, TypeError):
        return None


def takes(schema: Schema, value: object) -> bool | None:
    """As ``accepts``, but ``False`` only where the schema refuses the value with and without formats."""
    first = accepts(schema, value, False)
    return first if first is not False else accepts(schema, value, True)


@lru_cache(maxsize=4000)
def _validator(written: str, formats: bool) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_bare(_read(written)), validate_formats=formats, offline=True)


def _read(written: str) -> Schema:
    schema: Schema = json.loads(written)
    return schema


@lru_cache(maxsize=4000)
def _canonical(written: str) -> jsonschema_rs.CanonicalSchema | None:
    try:
        return jsonschema_rs.canonicalize(_bare(_read(written)), validate_formats=True, offline=True)
    except ValueError:
        return None


def _bare(schema: Schema) -> Schema:
    """The schema without annotations and without ``$schema``, whose address a validator may not know."""
    if not isinstance(schema, dict):
        return schema
    keep = {word: value for word, value in schema.items() if word in CONSTRAINTS or word in _DOCUMENT}
    new = rebuild(keep, _bare)
    assert isinstance(new, dict)
    for word in DEFINITIONS & new.keys():
        new[word] = {name: _bare(part) for name, part in new[word].items()}
    return new


_DOCUMENT = DEFINITIONS | {"$id", "$anchor", "$dynamicRef", "$dynamicAnchor"}


def empty(schema: Schema) -> bool | None:
    """Whether no value satisfies the schema (formats checked); ``None`` where that is not known."""
    if not isinstance(schema, dict):
        return not schema
    own = _string_language(schema)
    if own is not None and own.only_strings:
        return own.is_empty()
    canonical = _canonical(text(schema))
    answer = None if canonical is None else str(canonical.satisfiability())
    return {"no": True, "yes": False}.get(answer or "")


def no_string(patterns: tuple[str, ...], least: int, most: int | None) -> bool | None:
    """Whether no string within these lengths matches all the patterns; ``None`` where that is not known."""
    try:
        return find_string(patterns, (), least, most) is None
    except UndecidedError:
        return None


def no_difference(patterns: tuple[str, ...], other: str, least: int, most: int | None) -> bool:
    """Whether it is proved that every string which matches all the patterns matches the other one too."""
    try:
        return find_string(patterns, (other,), least, most) is None
    except UndecidedError:
        return False


def disjoint_patterns(*patterns: str) -> bool | None:
    """Whether no string matches all the patterns; ``None`` where that is not known."""
    return no_string(patterns, 0, None)


def format_clash(schema: dict[str, Any]) -> tuple[Schema, Schema] | None:
    """Two limits of a string schema (formats, or a format and a pattern or length) that no string meets together."""
    members = [schema, *(part for part in schema.get("allOf", []) if isinstance(part, dict))]
    formats = [part["format"] for part in members if part.get("format") in _FORMAT_SHAPES]
    patterns = [part["pattern"] for part in members if "pattern" in part]
    limits = [({"format": name}, _FORMAT_SHAPES[name]) for name in dict.fromkeys(formats)]
    limits += [({"pattern": pattern}, pattern) for pattern in patterns]
    for (left, one), (right, other) in combinations(limits, 2):
        if "format" in left and disjoint_patterns(one, other):
            return left, right
    return _length_clash(schema, formats)


def _length_clash(schema: dict[str, Any], formats: list[str]) -> tuple[Schema, Schema] | None:
    lengths: dict[str, Any] = {word: schema[word] for word in ("minLength", "maxLength") if word in schema}
    for name in formats if lengths else []:
        if no_string((_FORMAT_SHAPES[name],), schema.get("minLength", 0), schema.get("maxLength")):
            return {"format": name}, lengths
    return None


class _Strings:
    """The strings that a schema takes, as far as its words are all about strings."""

    def __init__(self, members: list[dict[str, Any]]) -> None:
        self.patterns = tuple(dict.fromkeys(part["pattern"] for part in members if "pattern" in part))
        self.least = max(part.get("minLength", 0) for part in members)
        self.most = min((part["maxLength"] for part in members if "maxLength" in part), default=None)
        self.formats = {part["format"] for part in members if "format" in part}
        self.only_strings = any(part.get("type") == "string" for part in members)
        self.any_string = self.only_strings or not any("type" in part for part in members)
        self.listed = [list(part.get("enum", [])) for part in members if "enum" in part]
        self.listed += [[part["const"]] for part in members if "const" in part]

    def is_empty(self) -> bool | None:
        """``True`` if no string is left; ``None`` if not known (formats and lists are not looked at)."""
        none = no_string(self.patterns, self.least, self.most)
        return None if none is False and (self.formats or self.listed) else none

    def covers(self, narrow: _Strings) -> Verdict:
        """Whether all strings of ``narrow`` are among these; lists are not looked at."""
        if self.formats - narrow.formats:
            return Verdict.UNKNOWN
        patterns = [pattern for pattern in self.patterns if pattern not in narrow.patterns]
        try:
            if self.least > narrow.least and not self._none(narrow, narrow.least, self.least - 1):
                return Verdict.UNKNOWN
            longer = self.most is not None and (narrow.most is None or narrow.most > self.most)
            if longer and not self._none(narrow, (self.most or 0) + 1, narrow.most):
                return Verdict.UNKNOWN
            for pattern in patterns:
                if find_string(narrow.patterns, (pattern,), narrow.least, narrow.most) is not None:
                    return Verdict.UNKNOWN
        except UndecidedError:
            return Verdict.UNKNOWN
        return Verdict.PROVED

    @staticmethod
    def _none(narrow: _Strings, least: int, most: int | None) -> bool:
        """Whether ``narrow`` has no string of these lengths; its own bounds hold already."""
        least, most = max(least, narrow.least), most if narrow.most is None else min(most or narrow.most, narrow.most)
        return find_string(narrow.patterns, (), least, most) is None


def _string_language(schema: Schema) -> _Strings | None:
    if not isinstance(schema, dict):
        return None
    members = [constraints(part) for part in [schema, *schema.get("allOf", [])] if isinstance(part, dict)]
    plain = all(part.keys() <= _STRING_WORDS and part.get("type", "string") == "string" for part in members)
    nested = any("allOf" in part for part in members[1:]) or len(members) != 1 + len(schema.get("allOf", []))
    return _Strings(members) if plain and not nested and any(part for part in members) else None


def covers(wide: Schema, narrow: Schema) -> Verdict:
    """Whether every instance that is valid against ``narrow`` is valid against ``wide`` (formats checked)."""
    wide, narrow = _bare(wide), _bare(narrow)
    return _covers(text(wide), text(narrow))


@lru_cache(maxsize=20_000)
def _covers(wide_text: str, narrow_text: str) -> Verdict:
    wide, narrow = _read(wide_text), _read(narrow_text)
    if wide_text == narrow_text or wide is True or wide == {} or narrow is False:
        return Verdict.PROVED
    for decide in (_by_values, _by_language, _by_algebra, _by_clauses):
        verdict = decide(wide, narrow)
        if verdict is not Verdict.UNKNOWN:
            return verdict
    return Verdict.REFUTED if difference_witness(wide, narrow)[0] else Verdict.UNKNOWN


def _by_values(wide: Schema, narrow: Schema) -> Verdict:
    """Narrow lists its values: each is tried. A format no validator knows leaves it unknown."""
    if not isinstance(narrow, dict) or not narrow.keys() & {"enum", "const"} or _unknown_formats(wide):
        return Verdict.UNKNOWN
    values = [narrow["const"]] if "const" in narrow else narrow["enum"]
    taken = [value for value in values if accepts(narrow, value) is not False]
    verdicts = [accepts(wide, value) for value in taken]
    if all(verdicts):
        return Verdict.PROVED
    refused = any(v is False and accepts(narrow, value) for v, value in zip(verdicts, taken, strict=True))
    return Verdict.REFUTED if refused else Verdict.UNKNOWN


def _unknown_formats(schema: Schema) -> bool:
    parts = [part for part in walk(schema) if isinstance(part, dict)]
    return any(part.get("format") not in {None, *_FORMAT_SHAPES} or "$ref" in part for part in parts)


def _by_language(wide: Schema, narrow: Schema) -> Verdict:
    outer, inner = _string_language(wide), _string_language(narrow)
    if outer is None or inner is None or outer.listed or not inner.only_strings or not outer.any_string:
        return Verdict.UNKNOWN
    return outer.covers(inner)


def _by_algebra(wide: Schema, narrow: Schema) -> Verdict:
    outer, inner = _canonical(text(wide)), _canonical(text(narrow))
    if outer is None or inner is None:
        return Verdict.UNKNOWN
    try:
        answer = str(outer.covers(inner))
    except ValueError:
        return Verdict.UNKNOWN
    return {"yes": Verdict.PROVED, "no": Verdict.REFUTED}.get(answer, Verdict.UNKNOWN)


def _by_clauses(wide: Schema, narrow: Schema) -> Verdict:
    """Wide taken apart: its members of ``allOf``, its properties, its items, and the rest; all have to be proved."""
    if not isinstance(wide, dict) or not isinstance(narrow, dict) or "$ref" in text(wide) + text(narrow):
        return Verdict.UNKNOWN
    pairs = list(_clauses(wide, narrow))
    if len(pairs) < 2 and (not pairs or pairs[0] == (wide, narrow)):
        return Verdict.UNKNOWN
    return Verdict.PROVED if all(covers(*pair) is Verdict.PROVED for pair in pairs) else Verdict.UNKNOWN


def _clauses(wide: dict[str, Any], narrow: dict[str, Any]) -> Iterator[tuple[Schema, Schema]]:
    rest = dict(wide)
    for member in rest.pop("allOf", []):
        yield member, narrow
    if narrow.get("type") == "object" and not narrow.get("patternProperties") and _is_open(rest):
        for name, schema in rest.pop("properties", {}).items():
            yield schema, narrow.get("properties", {}).get(name, narrow.get("additionalProperties", True))
    if narrow.get("type") == "array" and "prefixItems" not in {**rest, **narrow} and "items" in rest:
        yield rest.pop("items"), narrow.get("items", True)
    words = [{word: value} for word, value in rest.items() if word in CONSTRAINTS]
    if len(words) > 1 and _is_open(rest) and not rest.keys() & _LINKED:
        yield from ((word, narrow) for word in words)
    elif words:
        yield rest, narrow


_LINKED = frozenset({"if", "then", "else", "contains", "minContains", "maxContains", "prefixItems", "items"})


def _is_open(schema: dict[str, Any]) -> bool:
    """Whether ``properties`` means the same without its neighbours."""
    return not schema.keys() & {"additionalProperties", "unevaluatedProperties", "unevaluatedItems"}


def difference_witness(wide: Schema, narrow: Schema) -> tuple[bool, Any]:
    """``(True, value)`` with a value that ``narrow`` takes and ``wide`` refuses, tried on a validator; or not found."""
    for value in islice(_suspects(_bare(wide), _bare(narrow)), _TRIES):
        if accepts(wide, value) is False and accepts(narrow, value):
            return True, value
    return False, None


def _suspects(wide: Schema, narrow: Schema) -> Iterator[Any]:
    yield from _strings_between(wide, narrow)
    yield from _inside(wide, narrow)
    yield from islice(candidates(narrow, accepts), _TRIES // 3)
    yield from islice(candidates(wide, accepts), _TRIES // 3)
    if isinstance(wide, dict) and isinstance(narrow, dict):
        yield from islice(candidates({**wide, **narrow}, accepts), _TRIES // 6)
        yield from islice(candidates(_subtracted(wide, narrow), accepts), _TRIES // 6)


def _inside(wide: Schema, narrow: Schema) -> Iterator[Any]:
    """A valid object or array of ``narrow`` with one property or item that ``wide`` refuses."""
    if not isinstance(wide, dict) or not isinstance(narrow, dict) or not wide.keys() & {"properties", "items"}:
        return
    base = next((v for v in islice(candidates(narrow, accepts), _TRIES // 3) if accepts(narrow, v)), None)
    if isinstance(base, dict):
        for name, outer in wide.get("properties", {}).items():
            found, value = difference_witness(outer, narrow.get("properties", {}).get(name, True))
            if found:
                yield {**base, name: value}
    if isinstance(base, list) and "items" in wide:
        found, value = difference_witness(wide["items"], narrow.get("items", True))
        if found:
            yield [value, *base[1:]]


def _strings_between(wide: Schema, narrow: Schema) -> Iterator[str]:
    outer, inner = _string_language(wide), _string_language(narrow)
    if outer is None or inner is None:
        return
    barred: list[tuple[str, ...]] = [(pattern,) for pattern in outer.patterns if pattern not in inner.patterns]
    ranges = [(barring, inner.least, inner.most) for barring in barred]
    ranges += [((), inner.least, inner.most), ((), max(inner.least, (outer.most or 0) + 1), inner.most)]
    for barring, least, most in ranges:
        try:
            found = find_string(inner.patterns, barring, least, most)
        except UndecidedError:
            continue
        if found is not None:
            yield found


def _subtracted(wide: Schema, narrow: Schema) -> Schema:
    outer, inner = _canonical(text(wide)), _canonical(text(narrow))
    if outer is None or inner is None:
        return False
    try:
        rest = inner.subtract(outer).to_json_schema()
    except ValueError:
        return False
    return rest if isinstance(rest, dict | bool) else False
