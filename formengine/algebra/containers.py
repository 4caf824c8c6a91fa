"""The words of arrays and objects, combined over all schemas that stand at one place."""

from __future__ import annotations

from typing import Protocol

from .jsonvalue import Schema, step, text
from .keywords import EmptyError, Part, distinct, extreme
from .prove import accepts, no_string


class Meeting(Protocol):
    """Who combines the schemas further inside."""

    def meet(self, schemas: list[Schema], at: str) -> Schema:
        """All of them in one; raises ``EmptyError``."""
        ...

    def judge(self, schema: Schema, value: object) -> bool | None:
        """Whether a schema takes a value; ``None`` where that cannot be told."""
        ...


def quiet(meeting: Meeting, schemas: list[Schema], at: str) -> tuple[Schema, EmptyError | None]:
    """All of them in one; ``False`` with the reason where nothing is left."""
    try:
        return meeting.meet(schemas, at), None
    except EmptyError as reason:
        return False, reason


def arrays(parts: list[Part], meeting: Meeting, at: str) -> tuple[Part, list[Part]]:
    """The words of arrays; a second ``contains`` goes to ``allOf``."""
    words, reason = _positions(parts, meeting, at)
    least, most = extreme(parts, "minItems", max) or 0, extreme(parts, "maxItems", min)
    if most is not None and least > most:
        raise EmptyError(at, {"minItems": least}, {"maxItems": most}, parts)
    room = len(words.get("prefixItems", [])) if words.get("items") is False else None
    if room is not None and least > room:
        raise reason or EmptyError(at, {"minItems": least}, {**words}, parts)
    words |= {"minItems": least} if least else {}
    words |= {"maxItems": most} if most is not None else {}
    if any(part.get("uniqueItems") for part in parts):
        words["uniqueItems"] = True
    limits = [limit for limit in (most, room) if limit is not None]
    contains = _contains(parts, meeting, min(limits) if limits else None, at)
    return {**words, **(contains[0] if contains else {})}, contains[1:]


def _positions(parts: list[Part], meeting: Meeting, at: str) -> tuple[Part, EmptyError | None]:
    """``prefixItems`` and ``items``; a position that takes nothing ends the array."""
    if not any("items" in part or "prefixItems" in part for part in parts):
        return {}, None
    prefix: list[Schema] = []
    longest = max(len(part.get("prefixItems", [])) for part in parts)
    for index in range(longest):
        here = [_position(part, index) for part in parts]
        schema, reason = quiet(meeting, here, step(at, index))
        if schema is False:
            return {**({"prefixItems": prefix} if prefix else {}), "items": False}, reason
        prefix.append(schema)
    rest, reason = quiet(meeting, [part.get("items", True) for part in parts], step(at, longest))
    words: Part = {"prefixItems": prefix} if prefix else {}
    return words | ({} if rest is True else {"items": rest}), reason


def _position(part: Part, index: int) -> Schema:
    prefix = part.get("prefixItems", [])
    schema: Schema = prefix[index] if index < len(prefix) else part.get("items", True)
    return schema


def _contains(parts: list[Part], meeting: Meeting, room: int | None, at: str) -> list[Part]:
    groups: dict[str, list[Part]] = {}
    for part in parts:
        if "contains" in part:
            groups.setdefault(text(part["contains"]), []).append(part)
    found = []
    for group in groups.values():
        least = max(part.get("minContains", 1) for part in group)
        most = extreme(group, "maxContains", min)
        wanted, _ = quiet(meeting, [group[0]["contains"]], at)
        words: Part = {"contains": wanted, **({} if least == 1 else {"minContains": least})}
        words |= {} if most is None else {"maxContains": most}
        if most is not None and least > most:
            least_words = {"contains": wanted, "minContains": least}
            raise EmptyError(at, least_words, {"contains": wanted, "minContains": 0, "maxContains": most}, parts)
        if least and wanted is False:
            raise EmptyError(at, words, {"items": group[0]["contains"]}, parts)
        if room is not None and least > room:
            raise EmptyError(at, words, {"maxItems": room}, parts)
        if least or most is not None:
            found.append(words)
    return found


def matches(pattern: str, name: str) -> bool:
    """Whether a property name matches a ``patternProperties`` key."""
    return accepts({"type": "string", "pattern": pattern}, name, False) is True


def _applying(part: Part, name: str) -> tuple[list[Schema], list[Schema]]:
    """What a schema says of one property: by its name (or as an additional one), and by its patterns."""
    named: list[Schema] = [part["properties"][name]] if name in part.get("properties", {}) else []
    patterned = [schema for pattern, schema in part.get("patternProperties", {}).items() if matches(pattern, name)]
    if not named and not patterned:
        named = [part.get("additionalProperties", True)]
    return named, patterned


class Properties:
    """``properties`` × ``patternProperties`` × ``additionalProperties`` of all schemas at one place."""

    def __init__(self, parts: list[Part], meeting: Meeting, at: str) -> None:
        self.parts, self.meeting, self.at = parts, meeting, at
        self.names = list(dict.fromkeys(name for part in parts for name in part.get("properties", {})))
        self.required = list(dict.fromkeys(name for part in parts for name in part.get("required", [])))
        self.closed = any(
            part.get("additionalProperties", True) is False and not part.get("patternProperties") for part in parts
        )
        self.extra: list[Part] = []
        self.reasons: dict[str, EmptyError] = {}
        self.words = self._words()

    def _words(self) -> Part:
        properties = {name: self._property(name, self.closed) for name in self.names}
        words: Part = {"properties": properties} if properties else {}
        if self.closed:
            return {**words, "additionalProperties": False}
        patterns = self._patterns()
        words |= {"patternProperties": patterns} if patterns else {}
        rest, _ = quiet(self.meeting, [p.get("additionalProperties", True) for p in self.parts], step(self.at, "*"))
        return words | ({} if rest is True else {"additionalProperties": rest})

    def _property(self, name: str, patterns_too: bool) -> Schema:
        schemas: list[Schema] = []
        for part in self.parts:
            named, patterned = _applying(part, name)
            schemas += named + (patterned if patterns_too else [])
        schema, reason = quiet(self.meeting, schemas, step(self.at, name))
        if reason is not None:
            self.reasons[name] = reason
        return schema

    def _patterns(self) -> dict[str, Schema]:
        patterns = list(dict.fromkeys(p for part in self.parts for p in part.get("patternProperties", {})))
        said: dict[str, list[Schema]] = {pattern: [] for pattern in patterns}
        for part in self.parts:
            for pattern, schema in part.get("patternProperties", {}).items():
                said[pattern].append(schema)
        for part in self.parts:
            rest = part.get("additionalProperties", True)
            own = part.get("patternProperties", {})
            foreign = [pattern for pattern in patterns if pattern not in own]
            if rest is True or rest == {} or not foreign:
                continue
            if all(self._apart(pattern, part) for pattern in foreign):
                for pattern in foreign:
                    said[pattern].append(rest)
            else:
                self.extra.append(_residue(part))
        return {pattern: quiet(self.meeting, schemas, step(self.at, "*"))[0] for pattern, schemas in said.items()}

    def _apart(self, pattern: str, part: Part) -> bool:
        """Whether a name that matches the pattern is always an additional one for this schema."""
        if any(matches(pattern, name) for name in part.get("properties", {})):
            return False
        return all(no_string((pattern, own), 0, None) for own in part.get("patternProperties", {}))

    def demand(self, name: str) -> None:
        """Raise ``EmptyError`` if the required property can take no value."""
        if name not in self.names or not self.closed:
            self._property(name, True)
        reason = self.reasons.get(name)
        if reason is not None and (reason.left is False or reason.right is False):
            raise EmptyError(self.at, {"required": [name]}, {"properties": {name: False}}, self.parts)
        if reason is not None:
            raise reason


def _residue(part: Part) -> Part:
    """What ``additionalProperties`` of one schema says, with all it needs to say it."""
    words: Part = {"properties": dict.fromkeys(part.get("properties", {}), True)}
    words["patternProperties"] = dict.fromkeys(part.get("patternProperties", {}), True)
    return {word: value for word, value in words.items() if value} | {
        "additionalProperties": part["additionalProperties"]
    }


def objects(parts: list[Part], meeting: Meeting, at: str) -> tuple[Part, list[Part]]:
    """The words of objects, and what has to stay in ``allOf``."""
    properties = Properties(parts, meeting, at)
    words = properties.words
    if properties.required:
        words["required"] = properties.required
        for name in properties.required:
            properties.demand(name)
    words |= _names(parts, words, meeting, at)
    words |= _dependent(parts, meeting, at)
    words |= _counts(parts, words, at)
    return words, properties.extra


def _names(parts: list[Part], words: Part, meeting: Meeting, at: str) -> Part:
    if not any("propertyNames" in part for part in parts):
        return {}
    schemas = [part.get("propertyNames", True) for part in parts]
    names, _ = quiet(meeting, [{"type": "string"}, *schemas], at)
    for name in words.get("required", []):
        if meeting.judge(names, name) is False:
            raise EmptyError(at, {"required": [name]}, {"propertyNames": names}, parts)
    return {} if names in (True, {"type": "string"}) else {"propertyNames": names}


def _dependent(parts: list[Part], meeting: Meeting, at: str) -> Part:
    required: dict[str, list[str]] = {}
    schemas: dict[str, list[Schema]] = {}
    for part in parts:
        for name, needed in part.get("dependentRequired", {}).items():
            required[name] = distinct([*required.get(name, []), *needed])
        for name, schema in part.get("dependentSchemas", {}).items():
            schemas.setdefault(name, []).append(schema)
    words: Part = {"dependentRequired": required} if required else {}
    if schemas:
        words["dependentSchemas"] = {name: quiet(meeting, every, at)[0] for name, every in schemas.items()}
    return words


def _counts(parts: list[Part], words: Part, at: str) -> Part:
    least, most = extreme(parts, "minProperties", max) or 0, extreme(parts, "maxProperties", min)
    required = words.get("required", [])
    if most is not None and least > most:
        raise EmptyError(at, {"minProperties": least}, {"maxProperties": most}, parts)
    if most is not None and len(required) > most:
        raise EmptyError(at, {"required": required}, {"maxProperties": most}, parts)
    if words.get("additionalProperties") is False and "patternProperties" not in words:
        possible = {name: schema for name, schema in words.get("properties", {}).items() if schema is not False}
        if len(possible) < least:
            closed = {"properties": words.get("properties", {}), "additionalProperties": False}
            raise EmptyError(at, {"minProperties": least}, closed, parts)
    return ({"minProperties": least} if least else {}) | ({"maxProperties": most} if most is not None else {})
