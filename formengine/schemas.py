"""Reading schemas: what constrains, what merely annotates, and which choices a schema offers."""

from __future__ import annotations

from typing import Any

Schema = Any

ANNOTATIONS = frozenset(
    {"title", "description", "examples", "default", "$comment", "$schema", "$id", "deprecated", "readOnly", "writeOnly"}
)
_ONE = ("items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas")


def is_annotation(keyword: str) -> bool:
    return keyword in ANNOTATIONS or keyword.startswith("x-")


def is_choice_list(options: Any) -> bool:
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
    if keyword in _ONE:
        return {keyword: constraint(value, codes)}
    if keyword in _MANY:
        return {keyword: [constraint(part, codes) for part in value]}
    if keyword in _NAMED:
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
        return [
            (value, {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value))
            for value in schema["enum"]
        ]
    return choices(schema["items"], codes) if isinstance(schema.get("items"), dict) else []


def resolve_local(node: Schema, root: dict[str, Any]) -> Schema:
    """Follow a ``#/…`` reference; keywords beside it win."""
    seen: set[str] = set()
    while isinstance(node, dict) and str(node.get("$ref", "")).startswith("#/") and node["$ref"] not in seen:
        seen.add(node["$ref"])
        target: Any = root
        for part in node["$ref"][2:].split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = {**target, **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def is_table(schema: Schema) -> bool:
    """Whether the field is a table: an array of objects with columns."""
    items = schema.get("items") if isinstance(schema, dict) else None
    return isinstance(items, dict) and schema.get("type") == "array" and bool(items.get("properties"))


def pointer(*parts: Any) -> str:
    """A JSON pointer out of raw parts (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
