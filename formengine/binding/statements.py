"""A schema read as a list of small statements in a department's own codes; it knows no binding.

A statement is a limit on one field, a field that must be there, a field that is not there, or a condition that must
hold; each under a guard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..algebra.jsonvalue import Schema
from ..conditions import FALSE, TRUE, Cond, all_of, any_of, atom, negate, present
from ..errors import BindingError
from ..templates.schemas import constraint, is_annotation

_IGNORED = {"type", "additionalProperties", "unevaluatedProperties", "$defs"}


_CONDITION_ONLY = {"properties", "required", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"}


@dataclass(frozen=True)
class Statement:
    """``kind`` is value, required, hidden or hold; ``code`` the department's field; ``guard`` reads codes."""

    kind: str
    code: str
    guard: Cond
    schema: Any = None
    condition: Cond = TRUE


def read_statements(schema: Schema, guard: Cond = TRUE) -> Iterator[Statement]:
    """Every statement an object schema makes; raises ``BindingError`` on a keyword it cannot take apart."""
    if schema is False:
        yield Statement("hold", "", guard, condition=FALSE)
    if not isinstance(schema, dict):
        return
    for code, node in schema.get("properties", {}).items():
        if node is False:
            yield Statement("hidden", code, guard)
        elif node is not True:
            yield Statement("value", code, guard, schema=node)
    for code in schema.get("required", ()):
        yield Statement("required", code, guard)
    for code, needed in schema.get("dependentRequired", {}).items():
        for other in needed:
            yield Statement("required", other, all_of([guard, present(code)]))
    yield from _read_combined(schema, guard)
    unknown = [
        k
        for k in schema
        if not is_annotation(k) and k not in _IGNORED | _CONDITION_ONLY | {"dependentRequired", "allOf"}
    ]
    if unknown:
        raise BindingError("keyword", f"表一级不支持关键字 {'、'.join(unknown)}")


def _read_combined(schema: dict[str, Any], guard: Cond) -> Iterator[Statement]:
    for part in schema.get("allOf", ()):
        yield from read_statements(part, guard)
    if "if" in schema:
        when = read_condition(schema["if"])
        yield from read_statements(schema.get("then", True), all_of([guard, when]))
        yield from read_statements(schema.get("else", True), all_of([guard, negate(when)]))
    for keyword in ("anyOf", "oneOf", "not"):
        if keyword in schema:
            yield Statement("hold", "", guard, condition=read_condition({keyword: schema[keyword]}))


def read_condition(schema: Schema) -> Cond:
    """An object schema in a department's codes as a condition whose atoms are codes."""
    if isinstance(schema, bool):
        return TRUE if schema else FALSE
    needed = set(schema.get("required", ()))
    parts: list[Cond] = []
    for code, node in schema.get("properties", {}).items():
        held = atom(code, constraint(node))
        parts.append(held if code in needed else any_of([negate(present(code)), held]))
    parts.extend(present(code) for code in sorted(needed - set(schema.get("properties", {}))))
    parts.extend(read_condition(part) for part in schema.get("allOf", ()))
    if "anyOf" in schema:
        parts.append(any_of(read_condition(part) for part in schema["anyOf"]))
    if "oneOf" in schema:
        parts.append(_exactly_one([read_condition(part) for part in schema["oneOf"]]))
    if "not" in schema:
        parts.append(negate(read_condition(schema["not"])))
    if "if" in schema:
        when = read_condition(schema["if"])
        parts.append(any_of([negate(when), read_condition(schema.get("then", True))]))
        parts.append(any_of([when, read_condition(schema.get("else", True))]))
    unknown = [k for k in schema if not is_annotation(k) and k not in _CONDITION_ONLY | {"type"}]
    if unknown:
        raise BindingError("condition", f"条件里不支持关键字 {'、'.join(unknown)}")
    return all_of(parts)


def _exactly_one(parts: list[Cond]) -> Cond:
    return any_of(
        all_of([part, *(negate(other) for j, other in enumerate(parts) if j != i)]) for i, part in enumerate(parts)
    )
