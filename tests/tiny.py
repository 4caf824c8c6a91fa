"""Tiny libraries, each for the one feature that a test is about."""

from __future__ import annotations

from typing import Any

from formengine.templates.library import Library, build_library

TODAY = "2026-11-23"
COLOURS = [("1", "红"), ("2", "绿"), ("3", "蓝")]


def department(name: str, properties: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A department form with these properties, all required unless ``required`` says otherwise."""
    titled = {c: {"title": c, **n} if isinstance(n, dict) else n for c, n in properties.items()}
    return {
        "$id": name,
        "title": f"{name}表",
        "x-department": {"id": f"{name}-bureau", "title": f"{name}局"},
        "x-kind": "licence",
        "x-days": {"legal": 5, "promised": 2},
        "x-materials": [],
        "type": "object",
        "additionalProperties": False,
        "properties": titled,
        "required": list(properties),
        **rest,
    }


def subject(properties: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A dictionary file of one object."""
    return {"title": "主体", "type": "object", "properties": _titled(properties), **rest}


def rows(properties: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A dictionary file of one list."""
    return {"title": "名单", "type": "array", "items": {"type": "object", "properties": _titled(properties), **rest}}


def _titled(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: {"title": name, "x-sensitivity": "none", **node} for name, node in properties.items()}


def text(**rest: Any) -> dict[str, Any]:
    """A free text with examples."""
    return {"type": "string", "minLength": 1, "maxLength": 40, "examples": ["甲", "乙丙"], **rest}


def whole(low: int = 0, high: int = 1000, **rest: Any) -> dict[str, Any]:
    """An integer with a sampling range."""
    return {"type": "integer", "minimum": low, "maximum": high, "x-sample": [low, high], **rest}


def library(
    subjects: dict[str, Any],
    forms: dict[str, dict[str, Any]],
    *,
    facts: dict[str, Any] | None = None,
    typical: dict[str, Any] | None = None,
    scenario: dict[str, Any] | None = None,
    licences: dict[str, Any] | None = None,
) -> Library:
    """A library with the one scenario ``try`` that files all these forms."""
    document = {
        "title": "试办事项",
        "type": "object",
        "properties": facts or {},
        "required": list(facts or {}),
        "x-forms": [{"form": name} for name in forms],
        "x-typical": {"facts": typical or {}},
        **(scenario or {}),
    }
    return build_library(subjects, {"colour": COLOURS}, forms, licences or {}, {"try": document})
