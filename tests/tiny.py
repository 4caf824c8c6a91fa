"""Tiny libraries, each for the one feature that a test is about."""

from __future__ import annotations

from typing import Any

from formengine import Issue, MergedForm, merge
from formengine.authoring.check import Report, check
from formengine.templates.build import library_of
from formengine.templates.documents import Documents, documents_of
from formengine.templates.library import Library

TODAY = "2026-11-23"
COLOURS = [("1", "红"), ("2", "绿"), ("3", "蓝")]


DIALECT = "https://json-schema.org/draft/2020-12/schema"
CODES = {
    "$schema": "../meta/code-list.json",
    "$id": "colour",
    "title": "颜色",
    "type": "string",
    "x-confidence": "knowledge",
    "oneOf": [{"const": code, "title": title} for code, title in COLOURS],
}
COMPLETE: dict[str, dict[str, Any]] = {
    "elements": {"$schema": DIALECT},
    "departments": {"$schema": DIALECT, "x-basis": [], "x-confidence": "knowledge"},
    "licences": {
        "$schema": DIALECT,
        "type": "object",
        "x-forms": ["a"],
        "x-issuer": {"id": "bureau", "title": "局"},
        "x-page": {"original": None},
        "x-confidence": "knowledge",
    },
    "forms": {
        "$schema": DIALECT,
        "x-days": {"promised": 5},
        "x-order": [],
        "x-sections": [],
        "x-confidence": "knowledge",
    },
}
"""What every template has to say, and no test here is about."""


def complete(kind: str, documents: dict[str, Any]) -> dict[str, Any]:
    """Documents with what each of them has to say besides."""
    named = kind in ("departments", "licences", "forms")
    whole = {n: {**COMPLETE[kind], **({"$id": n} if named else {}), **d} for n, d in documents.items()}
    for one in whole.values() if kind == "licences" else ():
        own = {"x-element": {"own": "number"}}
        one["properties"] = {code: {"title": code, **own, **node} for code, node in one["properties"].items()}
    return whole


def changed(documents: Documents, gone: tuple[str, ...] = (), **kinds: dict[str, Any]) -> Documents:
    """The documents with others in their places, or beside them, and without those whose keys are ``gone``."""
    new = {f"{kind}/{name}": data for kind, found in kinds.items() for name, data in found.items()}
    whole = {key: one.data for key, one in documents.by_key.items() if key not in gone} | new
    found: dict[str, dict[str, Any]] = {}
    for key, data in whole.items():
        kind, _, name = key.partition("/")
        found.setdefault(kind, {})[name] = data
    return documents_of(**found)


def checked(library: Library, *args: Any, **more: Any) -> Report:
    """What ``check`` says of the templates of a library."""
    return check(library.documents, *args, **more)


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
        "properties": {name: {"title": name, "description": "试问", **node} for name, node in (facts or {}).items()},
        "required": list(facts or {}),
        "x-forms": [{"form": name} for name in forms],
        "x-typical": {"facts": typical or {}, "reasons": {}},
        **(scenario or {}),
    }
    document["x-typical"] = {"reasons": {}, **document["x-typical"]}
    return library_of(
        documents_of(
            elements=complete("elements", subjects),
            codes={"colour": CODES},
            departments=complete("departments", forms),
            licences=complete("licences", licences or {}),
            forms=complete("forms", {"try": document}),
        )
    )


def one_form(subjects: dict[str, Any], properties: dict[str, Any], **rest: Any) -> MergedForm:
    """The merged form of the one department form ``a``, as ``department`` makes it."""
    return merge(library(subjects, {"a": department("a", properties, **rest)}), "try")


def codes(issues: list[Issue]) -> list[tuple[str, str]]:
    """Where each mistake is, and what it is."""
    return [(issue.pointer, issue.code) for issue in issues]
