"""One JSON Schema that accepts exactly what several accept together."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import combinations

from ..errors import MergeConflict
from . import prove
from .combine import Scope
from .jsonvalue import Schema, constraints, plain_numbers, step, text, walk
from .keywords import EmptyError
from .references import localise, reachable

#: Words whose emptiness is not seen while combining: they need a proof at the end.
_HARD = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "contains", "$ref", "uniqueItems", "propertyNames"})
_HARD |= {"dependentSchemas", "patternProperties", "$id"}


def intersect(*schemas: Schema) -> Schema:
    """The schema that an instance satisfies exactly when it satisfies every one given (draft 2020-12).

    Words that can be combined are; only those that cannot (two patterns, two conditions, ...) stay in ``allOf``.
    The first annotation (``title``, ``x-...``) of each name wins. Raises ``MergeConflict`` where no value at all
    satisfies them together and that can be proved; where it cannot be decided the schema is returned. Raises
    ``FormEngineError`` for what is no schema that can be read (``1e400``, two schemas of one ``$id``, endless depth).
    """
    plain = [plain_numbers(schema) for schema in schemas]
    try:
        written = tuple(json.dumps(schema, ensure_ascii=False) for schema in plain)
    except TypeError:  # decimals: not JSON text, so not cached
        return _intersect(plain)
    answer: Schema = json.loads(_cached(written))
    return answer


@lru_cache(maxsize=20_000)
def _cached(written: tuple[str, ...]) -> str:
    return json.dumps(_intersect([json.loads(part) for part in written]), ensure_ascii=False)


def _intersect(schemas: list[Schema]) -> Schema:
    parts, table = localise(schemas)
    scope = Scope(table)
    try:
        result = scope.meet(parts, "")
    except EmptyError as reason:
        raise _conflict(reason, table) from None
    except RecursionError:
        result = {"allOf": [part for part in parts if part is not True]}
    result = _dressed(result, schemas, table)
    _refuse_empty(result, parts, table)
    return result


def _dressed(result: Schema, schemas: list[Schema], table: dict[str, Schema]) -> Schema:
    """The result with its definitions and the first ``$schema``."""
    if result is True and any(isinstance(schema, dict) for schema in schemas):
        result = {}
    if not isinstance(result, dict):
        return result
    named = [schema["$schema"] for schema in schemas if isinstance(schema, dict) and "$schema" in schema]
    needed = reachable(result, table)
    return {
        **({"$schema": named[0]} if named else {}),
        **{word: value for word, value in result.items() if word != "$schema"},
        **({"$defs": needed} if needed else {}),
    }


def _refuse_empty(result: Schema, parts: list[Schema], table: dict[str, Schema]) -> None:
    """Raise ``MergeConflict`` if the whole is proved empty by other means than combining word by word."""
    words = [part for part in walk(result) if isinstance(part, dict)]
    if any(part.keys() & {"format"} for part in words):
        clash = _format_clash(result, "")
        if clash is not None:
            raise _conflict(clash, table)
    if any(part.keys() & _HARD for part in words) and prove.empty(result) is True:
        left, right = _culprits(parts, table)
        raise _conflict(EmptyError("", left, right, parts), table)


def _format_clash(schema: Schema, at: str) -> EmptyError | None:
    """Two formats, or a format and a pattern, that no string meets, where a string must stand."""
    if not isinstance(schema, dict):
        return None
    if schema.get("type") == "string":
        found = prove.format_clash(schema)
        return EmptyError(at, *found) if found else None
    if schema.get("type") == "object":
        for name in schema.get("required", []):
            clash = _format_clash(schema.get("properties", {}).get(name, True), step(at, name))
            if clash is not None:
                return clash
    if schema.get("type") == "array" and schema.get("minItems", 0) > 0:
        first = [*schema.get("prefixItems", []), schema.get("items", True)][0]
        return _format_clash(first, f"{at}/0")
    return None


def _culprits(parts: list[Schema], table: dict[str, Schema]) -> tuple[Schema, Schema]:
    """The first two schemas that exclude each other; otherwise the first and all the others."""
    for left, right in combinations(parts, 2):
        if prove.empty(_whole({"allOf": [left, right]}, table)):
            return left, right
    return parts[0], (parts[1] if len(parts) == 2 else {"allOf": parts[1:]})


def _whole(schema: Schema, table: dict[str, Schema]) -> Schema:
    if not isinstance(schema, dict) or not table:
        return schema
    return {**schema, "$defs": table}


def _conflict(reason: EmptyError, table: dict[str, Schema]) -> MergeConflict:
    left, right = reason.left, reason.right
    pairs = [(left, right), *combinations([part for part in reason.parts if constraints(part)], 2)]
    found, witness = False, None
    for one, other in [*pairs, *[(b, a) for a, b in pairs]]:
        found, witness = prove.difference_witness(_whole(other, table), _whole(one, table))
        if found:
            break
    message = f"no value at {reason.pointer or '/'} satisfies both {text(left)} and {text(right)}"
    return MergeConflict(message, pointer=reason.pointer, left=left, right=right, witness=witness, has_witness=found)
