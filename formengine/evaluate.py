"""Conditions evaluated: fast tests of values and of whole scopes, compiled once."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .algebra.jsonvalue import Schema
from .conditions import All, AnyOf, Atom, Cond, Const, Has, Not
from .judges import test_of
from .paths import MISSING
from .rows import Scope

Test = Callable[[Scope], bool]


@lru_cache(maxsize=8192)
def value_test(text: str) -> Callable[[Any], bool]:
    """A fast test of one value against a schema given as canonical JSON."""
    schema = json.loads(text)
    quick = _quick_test(schema)
    if quick is not None:
        return quick
    return test_of(text)


def _quick_test(schema: Schema) -> Callable[[Any], bool] | None:
    """The commonest conditions without a validator: anything, one of some texts, a list that holds a text."""
    if schema == {}:
        return lambda value: True
    if not isinstance(schema, dict) or len(schema) != 1:
        return None
    if isinstance(schema.get("const"), bool):
        wanted = schema["const"]
        return lambda value: value is wanted
    allowed = _texts(schema)
    if allowed is not None:
        return lambda value: isinstance(value, str) and value in allowed
    inside = _texts(schema.get("contains", {}))
    if inside is not None:  # as in JSON Schema, what is not a list passes
        return lambda value: not isinstance(value, list) or any(isinstance(v, str) and v in inside for v in value)
    return None


def _texts(schema: Schema) -> frozenset[str] | None:
    """The texts that a ``const`` or ``enum`` schema lists; None for any other schema."""
    if not isinstance(schema, dict) or len(schema) != 1:
        return None
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return frozenset(values) if values is not None and all(isinstance(v, str) for v in values) else None


def compile_condition(cond: Cond) -> Test:
    """A function from a scope to the verdict.

    A scope maps element paths to values; a list path maps to its rows, each a scope of that list's columns.
    """
    return _compile(cond)


@lru_cache(maxsize=16384)
def _compile(cond: Cond) -> Test:
    if isinstance(cond, Const):
        value = cond.value
        return lambda scope: value
    if isinstance(cond, Atom):
        return _compile_atom(cond)
    if isinstance(cond, Not):
        part = _compile(cond.part)
        return lambda scope: not part(scope)
    if isinstance(cond, Has):
        return _compile_has(cond)
    assert isinstance(cond, All | AnyOf)
    tests = tuple(_compile(part) for part in cond.parts)
    if isinstance(cond, All):
        return lambda scope: all(test(scope) for test in tests)
    return lambda scope: any(test(scope) for test in tests)


def _compile_atom(cond: Atom) -> Test:
    path, test = cond.path, value_test(cond.text)

    def run(scope: Scope) -> bool:
        value = scope.get(path, MISSING)
        return value is not MISSING and test(value)

    return run


def _compile_has(cond: Has) -> Test:
    where, path, minimum = _compile(cond.where), cond.path, cond.minimum

    def run(scope: Scope) -> bool:
        rows = scope.get(path, MISSING)
        if not isinstance(rows, list):
            return False
        return sum(1 for row in rows if where(row)) >= minimum

    return run
