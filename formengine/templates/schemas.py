"""Reading schemas: what constrains, what merely annotates, and which choices a schema offers."""

from __future__ import annotations

from typing import Any

from ..algebra.jsonvalue import LISTED_SCHEMAS, NAMED_SCHEMAS, ONE_SCHEMA
from ..errors import ReferenceFault
from ..paths import keys_in
from ..words import yes_no

Schema = Any

ANNOTATIONS = frozenset(
    {"title", "description", "examples", "default", "$comment", "$schema", "$id", "deprecated", "readOnly", "writeOnly"}
)


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

    Raises ``ReferenceFault``.
    """
    found: dict[str, Any] = _inlined(document, document, ())
    return found


def _inlined(node: Any, root: dict[str, Any], trail: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_inlined(part, root, trail) for part in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {
            key: value if key in ("const", "enum", "examples", "default") else _inlined(value, root, trail)
            for key, value in node.items()
        }
    if reference in trail:
        raise ReferenceFault(f"引用绕成了圈：{' → '.join([*trail[trail.index(reference) :], reference])}")
    target = _target(reference, root)
    rest = {key: value for key, value in node.items() if key != "$ref"}
    if not isinstance(target, dict):
        return target if not rest else _inlined(rest, root, trail)
    return _inlined({**target, **rest}, root, (*trail, reference))


def _target(reference: str, root: dict[str, Any]) -> Any:
    if not reference.startswith("#/"):
        raise ReferenceFault(f"引用 {reference} 不在本文件里；部门表只能引用自己的 #/$defs/…")
    target: Any = root
    try:
        for key in keys_in(reference[1:]):
            target = target[key]
    except (KeyError, TypeError):
        raise ReferenceFault(f"引用 {reference} 不存在") from None
    return target


def is_table(schema: Schema) -> bool:
    """Whether the field is a table: an array of objects with columns."""
    items = schema.get("items") if isinstance(schema, dict) else None
    return isinstance(items, dict) and schema.get("type") == "array" and bool(items.get("properties"))
