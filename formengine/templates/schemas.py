"""Reading schemas: what constrains, what merely annotates, and which choices a schema offers."""

from __future__ import annotations

from typing import Any

from ..algebra.jsonvalue import LISTED_SCHEMAS, NAMED_SCHEMAS, ONE_SCHEMA, Schema
from ..paths import keys_in
from ..words import yes_no

ANNOTATIONS = frozenset(
    {"title", "description", "examples", "default", "$comment", "$schema", "$id", "deprecated", "readOnly", "writeOnly"}
)


VALUES = ("const", "enum", "examples", "default")
"""Under these words stand values, not schemas."""


def is_annotation(keyword: str) -> bool:
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def is_choice_list(options: object) -> bool:
    """Whether a ``oneOf`` is a plain list of choices (const, and perhaps a title)."""
    return isinstance(options, list) and bool(options) and all(isinstance(o, dict) and "const" in o for o in options)


def constraint(schema: Schema, codes: dict[str, list[tuple[str, str]]] | None = None) -> Schema:
    """The schema without annotations; lists of choices become ``enum``, code lists too when ``codes`` is given."""
    if not isinstance(schema, dict):
        return schema
    out: dict[str, Any] = {}
    for keyword, value in schema.items():
        if not is_annotation(keyword) and keyword != "$defs":
            out.update(_constrain_keyword(keyword, value, codes))
    name = schema.get("x-codes")
    if codes and name in codes and "enum" not in out:
        out["enum"] = [code for code, _ in codes[name]]
    if "enum" in out and all(isinstance(v, str) for v in out["enum"]):
        out.pop("type", None)
    return out


def _constrain_keyword(keyword: str, value: Any, codes: dict[str, list[tuple[str, str]]] | None) -> dict[str, Any]:
    if keyword == "oneOf" and is_choice_list(value):
        return {"enum": [option["const"] for option in value]}
    if keyword in ONE_SCHEMA:
        return {keyword: constraint(value, codes)}
    if keyword in LISTED_SCHEMAS:
        return {keyword: [constraint(part, codes) for part in value]}
    if keyword in NAMED_SCHEMAS:
        return {keyword: {name: constraint(part, codes) for name, part in value.items()}}
    return {keyword: value}


def choices(schema: Schema, codes: dict[str, list[tuple[str, str]]] | None = None) -> list[tuple[Any, str]]:
    """The choices of a field, or of the items of a list of choices: ``[(code, title)]``, empty where it has none."""
    if not isinstance(schema, dict):
        return []
    if is_choice_list(schema.get("oneOf")):
        return [(option["const"], str(option.get("title", option["const"]))) for option in schema["oneOf"]]
    listed = (codes or {}).get(schema.get("x-codes", ""))
    if listed:
        allowed = schema.get("enum")
        return [(code, title) for code, title in listed if allowed is None or code in allowed]
    if "enum" in schema:
        return [(value, yes_no(value) if isinstance(value, bool) else str(value)) for value in schema["enum"]]
    return choices(schema["items"], codes) if isinstance(schema.get("items"), dict) else []


def inline_local(document: dict[str, Any]) -> dict[str, Any]:
    """A document with every ``#/…`` reference replaced by what it names; keywords beside a reference win.

    The references lead somewhere, and not round: ``references`` has looked at them.
    """
    found: dict[str, Any] = _inlined(document, document)
    return found


def _inlined(node: object, root: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(part, root) for part in node]
    if not isinstance(node, dict):
        return node
    if not isinstance(node.get("$ref"), str):
        return {key: value if key in VALUES else _inlined(value, root) for key, value in node.items()}
    target: Any = root
    for key in keys_in(node["$ref"][1:]):
        target = target[int(key)] if isinstance(target, list) else target[key]
    return _inlined({**target, **{key: value for key, value in node.items() if key != "$ref"}}, root)


def is_table(schema: Schema) -> bool:
    """Whether the field is a table: an array of objects with columns."""
    if not isinstance(schema, dict):
        return False
    items = schema.get("items")
    return isinstance(items, dict) and schema.get("type") == "array" and bool(items.get("properties"))
