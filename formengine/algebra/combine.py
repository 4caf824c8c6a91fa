"""Schemas that stand at one place, combined into one: the order of work over the words of ``keywords`` and
``containers``, and the words that only stand side by side."""

from __future__ import annotations

from collections.abc import Callable

from .containers import arrays, objects, quiet
from .jsonvalue import CONSTRAINTS, HOUSEKEEPING, SCOPED_WORDS, SINGLE_WORDS, Schema, constraints, text
from .keywords import (
    ALL_TYPES,
    EmptyError,
    Part,
    Types,
    Values,
    choice_list,
    distinct,
    meet_types,
    numbers,
    strings,
    write_types,
)
from .prove import takes
from .references import recursive

_REACH = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "dependentSchemas"})
_REF = "#/$defs/"


class Scope:
    """Combines schemas whose references all name definitions of one table."""

    def __init__(self, table: dict[str, Schema]) -> None:
        self.table = table
        self.fixed = recursive(table) if table else set()

    def judge(self, schema: Schema, value: object) -> bool | None:
        """Whether a schema takes a value, formats aside; ``None`` where that cannot be told."""
        if isinstance(schema, dict) and self.table:
            schema = {**schema, "$defs": self.table}
        return takes(schema, value)

    def meet(self, schemas: list[Schema], at: str) -> Schema:
        """All schemas in one; raises ``EmptyError`` where no value of any type is left."""
        parts, wholes = self._flat(schemas, at)
        if not parts:
            return _with_extra({}, wholes)
        types = meet_types(parts, at)
        words, extra, types = self._typed(parts, types, at)
        sides, more = self._side_by_side(parts, at)
        extra += more
        body = {**words, **sides}
        rest = _with_extra(body, extra + wholes)
        values = Values(parts, at).words(types, rest if isinstance(rest, dict) else {}, self.table)
        kind = {} if types == ALL_TYPES else {"type": write_types(types)}
        for word in values.keys() & body.keys():  # labelled choices beside another anyOf
            extra.append({word: body.pop(word)})
        if values:
            extra = [member for member in extra if not self._said_by(values, member)]
        return _with_extra({**_annotations(parts), **kind, **values, **body}, extra + wholes)

    def _said_by(self, values: Part, member: Part) -> bool:
        """Whether every listed value satisfies a member anyway; formats that no validator knows say nothing."""
        labelled = [one["const"] for one in values.get("oneOf") or values.get("anyOf") or ()]
        listed = [values["const"]] if "const" in values else list(values.get("enum", [])) or labelled
        return "format" not in text(member) and all(self.judge(member, value) is True for value in listed)

    def _flat(self, schemas: list[Schema], at: str) -> tuple[list[Part], list[Part]]:
        """The schemas without ``allOf``, references opened where something stands beside them."""
        parts, wholes = self._opened(schemas, at, False)
        said = sum(len(constraints(part)) for part in [*parts, *wholes])
        if said > 1 and any("$ref" in part for part in parts):
            parts, wholes = self._opened(schemas, at, True)
        return parts, wholes

    def _opened(self, schemas: list[Schema], at: str, open_refs: bool) -> tuple[list[Part], list[Part]]:
        parts: dict[str, Part] = {}
        wholes: dict[str, Part] = {}
        todo = list(reversed(schemas))
        while todo:
            schema = todo.pop()
            if schema is False:
                raise EmptyError(at, False, next((s for s in schemas if s is not False), True), schemas)
            if schema is True or not schema:
                continue
            part = _closed(schema)
            if "$id" in part or SCOPED_WORDS & part.keys():
                dropped = {"$schema"} if "$id" in part else HOUSEKEEPING
                part = {word: value for word, value in part.items() if word not in dropped}
                wholes[text(part)] = part
                continue
            rest = {word: value for word, value in part.items() if word not in HOUSEKEEPING and word != "allOf"}
            if isinstance(rest.get("$ref"), str) and open_refs:
                todo += self._target(rest)
            todo += reversed(part.get("allOf", []))
            if rest:
                parts[text(rest)] = rest
        return list(parts.values()), list(wholes.values())

    def _target(self, rest: Part) -> list[Schema]:
        """The definition that a part names, taken out of the part; nothing if it leads back to itself."""
        name = rest["$ref"].removeprefix(_REF).replace("~1", "/").replace("~0", "~")
        if name in self.fixed or name not in self.table:
            return []
        del rest["$ref"]
        return [self.table[name]]

    def _typed(self, parts: list[Part], types: Types, at: str) -> tuple[Part, list[Part], Types]:
        """The words of each type that is left; a type whose words exclude each other is dropped."""
        words: Part = {}
        extra: list[Part] = []
        reason: EmptyError | None = None
        groups: list[tuple[Types, Callable[[], tuple[Part, list[Part]]]]] = [
            (frozenset({"integer", "fraction"}), lambda: numbers(parts, types, at)),
            (frozenset({"string"}), lambda: strings(parts, types, at)),
            (frozenset({"array"}), lambda: arrays(parts, self, at)),
            (frozenset({"object"}), lambda: objects(parts, self, at)),
        ]
        left = types
        for names, combined in groups:
            if not names & types:
                continue
            try:
                own, more = combined()
            except EmptyError as found:
                left, reason = left - names, reason or found
            else:
                words |= own
                extra += more
        if not left and reason is not None:
            raise reason
        return words, extra, left

    def _side_by_side(self, parts: list[Part], at: str) -> tuple[Part, list[Part]]:
        """The words that cannot be combined: the first of each stays, the others become ``allOf`` members."""
        words: Part = {}
        extra: list[Part] = []
        said = [
            *({word: part[word]} for word in SINGLE_WORDS for part in parts if word in part),
            *(branch for part in parts for branch in self._branches(part, at)),
            *self._negations(parts, at),
            *self._conditions(parts, at),
        ]
        for one in distinct(said):
            if words.keys() & one.keys():
                extra.append(one)
            else:
                words |= one
        return words, extra

    def _branches(self, part: Part, at: str) -> list[Part]:
        """``anyOf`` and ``oneOf`` without the branches that take nothing; labelled choices are values, not branches."""
        found: list[Part] = []
        choice = choice_list(part)
        for word in ("anyOf", "oneOf"):
            if word not in part or (choice and choice[0] == word):
                continue
            branches = [quiet(self, [branch], at)[0] for branch in part[word]]
            kept = [branch for branch in branches if branch is not False]
            if not kept:
                raise EmptyError(at, {word: part[word]}, True, [part])
            if not (word == "anyOf" and True in [branch for branch in kept if isinstance(branch, bool)]):
                found.append({word: kept})
        return found

    def _negations(self, parts: list[Part], at: str) -> list[Part]:
        refused = distinct(quiet(self, [part["not"]], at)[0] for part in parts if "not" in part)
        refused = [schema for schema in refused if schema is not False]
        if any(schema is True for schema in refused):
            raise EmptyError(at, {"not": True}, True, parts)
        if len(refused) > 1:
            return [{"not": {"anyOf": refused}}]
        return [{"not": schema} for schema in refused]

    def _conditions(self, parts: list[Part], at: str) -> list[Part]:
        groups: dict[str, list[Part]] = {}
        for part in parts:
            if "if" in part and part.keys() & {"then", "else"}:
                groups.setdefault(text(part["if"]), []).append(part)
        found = []
        for group in groups.values():
            words: Part = {"if": group[0]["if"]}
            for word in ("then", "else"):
                schema, _ = quiet(self, [part.get(word, True) for part in group], at)
                words |= {} if schema is True else {word: schema}
            if len(words) > 1:
                found.append(words)
        return found


def _closed(schema: Part) -> Part:
    """A schema whose ``unevaluated...`` words see no other schema, said with ``additionalProperties`` and ``items``."""
    if not (SCOPED_WORDS & schema.keys()) or _REACH & schema.keys():
        return schema
    new = dict(schema)
    if "unevaluatedProperties" in new:
        new.setdefault("additionalProperties", new.pop("unevaluatedProperties"))
    if "unevaluatedItems" in new and "contains" not in new:
        rest = new.pop("unevaluatedItems")
        new.setdefault("items", rest)
    return new


def _annotations(parts: list[Part]) -> Part:
    found: Part = {}
    for part in parts:
        for word, value in part.items():
            if word not in CONSTRAINTS:
                found.setdefault(word, value)
    return found


def _with_extra(words: Part, extra: list[Part]) -> Schema:
    members = distinct(extra)
    if not members:
        return words or True
    if not words and len(members) == 1:
        return dict(members[0])
    return {**words, "allOf": members}
