"""Printing a merged form's clauses as one JSON Schema that a stock validator can judge answers by.

Clauses without a guard are combined into the field they speak of; clauses under a guard stand in ``if`` / ``then``,
those about rows inside the list's ``items``. What no JSON Schema over the answers can say (``residual``) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..algebra.intersect import intersect
from ..algebra.jsonvalue import Schema
from ..binding.base import Clause
from ..conditions import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    Atom,
    Cond,
    Has,
    Not,
    all_of,
    any_of,
    canonical,
    negate,
    rewrite,
    split_guard,
)
from ..paths import keys_of
from .field import Field
from .form import MergedForm

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass
class _Rows:
    where: Cond
    minimum: int
    maximum: int | None


@dataclass
class _Node:
    """What holds under one guard: limits by path, required paths, row counts, conditions, and rows' own guards."""

    values: dict[str, list[Schema]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    rows: dict[str, list[_Rows]] = field(default_factory=dict)
    holds: list[Cond] = field(default_factory=list)
    in_rows: dict[str, dict[Cond, _Node]] = field(default_factory=dict)

    def add(self, clause: Clause) -> None:
        if clause.kind == "value":
            self.values.setdefault(clause.path, []).append(clause.schema)
        elif clause.kind == "required":
            self.required.add(clause.path)
        elif clause.kind == "rows":
            self.rows.setdefault(clause.path, []).append(_Rows(clause.where, clause.minimum, clause.maximum))
        elif clause.kind == "hold":
            self.holds.append(clause.condition)


def assemble(form: MergedForm) -> dict[str, Any]:
    """The merged form's JSON Schema (draft 2020-12), deterministic for the same clauses."""
    return _Assembler(form).schema()


class _Assembler:
    def __init__(self, form: MergedForm) -> None:
        self.form, self.fields, self.lists = form, form.fields, form.library.lists
        self.nodes: dict[Cond, _Node] = {TRUE: _Node()}
        self.shown: dict[str, Cond] = {}

    def schema(self) -> dict[str, Any]:
        for clause in self.form.clauses:
            if clause.kind != "residual":
                self._place(clause)
        root = self._object(self.nodes[TRUE], base=True)
        guarded = [(canonical(self._print(g)), g, n) for g, n in self.nodes.items() if g != TRUE]
        for _, guard, node in sorted(guarded, key=lambda item: item[0]):
            then = self._object(node)
            if then:
                root.setdefault("allOf", []).append({"if": self._print(guard), "then": then})
        head = {
            "$schema": DIALECT,
            "title": self.form.scenario.title,
            "type": "object",
            "x-scenario": self.form.scenario.id,
        }
        return {**head, "x-forms": list(self.form.forms), **root}

    def _place(self, clause: Clause) -> None:
        name = self._list_of(clause)
        clause = self._seen(clause)
        if name and clause.kind == "hold" and list(split_guard(clause.condition, name)) != [(TRUE, clause.condition)]:
            against = all_of([clause.guard, negate(clause.condition)])  # what a row cannot say by itself
            clause = replace(clause, guard=against, condition=FALSE)
        for outside, inside in split_guard(clause.guard, name):
            node = self.nodes.setdefault(outside, _Node())
            if name:
                node = node.in_rows.setdefault(name, {}).setdefault(inside, _Node())
            node.add(clause)

    def _list_of(self, clause: Clause) -> str:
        if clause.kind in ("value", "required"):
            return self.fields[clause.path].table or "" if clause.path in self.fields else ""
        if clause.kind == "hold" and clause.path in self.lists:
            return clause.path
        return ""

    def _seen(self, clause: Clause) -> Clause:
        guard, condition = self._only_seen(clause.guard), self._only_seen(clause.condition)
        return replace(clause, guard=guard, condition=condition, where=self._only_seen(clause.where))

    def _only_seen(self, cond: Cond) -> Cond:
        """An answer that is not asked counts as absent: say so beside every atom that reads one."""
        return rewrite(cond, self._seen_atom)

    def _seen_atom(self, node: Atom) -> Cond:
        if node.path not in self.shown:
            self.shown[node.path] = TRUE  # while its own condition is worked out
            one = self.fields.get(node.path)
            self.shown[node.path] = TRUE if one is None or one.kind == "list" else self._only_seen(one.visible)
            if one is not None and one.table and self.shown[node.path] != TRUE:
                parts = split_guard(self.shown[node.path], one.table)
                self.shown[node.path] = any_of(inside for _, inside in parts)
        return all_of([self.shown[node.path], node])

    def _print(self, cond: Cond, row: str = "") -> Schema:
        return print_condition(cond, row)

    # -- objects -----------------------------------------------------------------------------------------------

    def _object(self, node: _Node, *, base: bool = False) -> dict[str, Any]:
        root: dict[str, Any] = {}
        for path in self._paths(node, base):
            one = self.fields.get(path)
            if one is None or one.table:
                continue
            body = self._list_body(node, path, base) if one.kind == "list" else self._value(node, path, base)
            if body:
                _at(root, keys_of(path), body, typed=base)
        for path in sorted(node.required):
            if path in self.fields and not self.fields[path].table:
                _require(root, keys_of(path))
        for path in sorted(node.rows):
            if any(rows.minimum for rows in node.rows[path]):
                _require(root, (path,))
        self._add_holds(root, node.holds)
        return root

    def _add_holds(self, root: dict[str, Any], holds: list[Cond], row: str = "") -> None:
        printed = [self._print(cond, row) for cond in holds]
        for schema in sorted({canonical(p): p for p in printed}.values(), key=canonical):
            root.setdefault("allOf", []).append(schema)

    def _paths(self, node: _Node, base: bool) -> list[str]:
        if base:
            asked = [p for p, f in self.fields.items() if (f.asked or f.kind in ("fact", "system")) and not f.table]
            return [*asked]
        return sorted({*node.values, *node.rows, *node.in_rows})

    def _value(self, node: _Node, path: str, base: bool) -> dict[str, Any]:
        schemas = node.values.get(path, [])
        combined = _combined(schemas)
        return annotated(self.form, self.fields[path], combined) if base else combined

    def _list_body(self, node: _Node, path: str, base: bool) -> dict[str, Any]:
        body = _combined(node.values.get(path, []))
        for rows in sorted(node.rows.get(path, []), key=lambda r: (str(r.where), r.minimum, r.maximum or 0)):
            _add_rows(body, rows, self._print(rows.where, path))
        items = self._items(path, node.in_rows.get(path, {}), base)
        if items:
            row = body.get("items", {})
            shape = {"properties": {**row.get("properties", {}), **items.get("properties", {})}} if row else {}
            body["items"] = {**row, **items, **shape}
        return {**annotation(self.form, self.fields[path]), **body} if base else body

    def _items(self, name: str, nodes: dict[Cond, _Node], base: bool) -> dict[str, Any]:
        items = self._row_object(name, nodes.get(TRUE, _Node()), base)
        guarded = [(canonical(self._print(g, name)), g, n) for g, n in nodes.items() if g != TRUE]
        for _, guard, node in sorted(guarded, key=lambda item: item[0]):
            then = self._row_object(name, node, False)
            if then:
                items.setdefault("allOf", []).append({"if": self._print(guard, name), "then": then})
        return items

    def _row_object(self, name: str, node: _Node, base: bool) -> dict[str, Any]:
        columns = [p for p, f in self.fields.items() if f.table == name and f.asked] if base else sorted(node.values)
        body: dict[str, Any] = {}
        for path in columns:
            schema = self._value(node, path, base)
            if schema:
                body.setdefault("properties", {})[path.split(".", 1)[1]] = schema
        if node.required:
            body["required"] = sorted(path.split(".", 1)[1] for path in node.required)
        self._add_holds(body, node.holds, name)
        return body


def _combined(schemas: list[Schema]) -> dict[str, Any]:
    unique = sorted({canonical(s): s for s in schemas}.values(), key=canonical)
    if not unique:
        return {}
    found = unique[0] if len(unique) == 1 else intersect(*unique)
    return dict(found) if isinstance(found, dict) else {"not": {}} if found is False else {}


def _at(root: dict[str, Any], keys: tuple[str, ...], body: dict[str, Any], *, typed: bool) -> None:
    node = root
    for key in keys[:-1]:
        node = node.setdefault("properties", {}).setdefault(key, {"type": "object"} if typed else {})
    node.setdefault("properties", {})[keys[-1]] = body


def _require(root: dict[str, Any], keys: tuple[str, ...]) -> None:
    node = root
    for index, key in enumerate(keys):
        needed = node.setdefault("required", [])
        if key not in needed:
            needed.append(key)
        if index < len(keys) - 1:
            node = node.setdefault("properties", {}).setdefault(key, {})


def _add_rows(body: dict[str, Any], rows: _Rows, where: Schema) -> None:
    if rows.where == TRUE:
        low, high = rows.minimum, rows.maximum
        if low:
            body["minItems"] = max(low, body.get("minItems", 0))
        if high is not None:
            body["maxItems"] = min(high, body.get("maxItems", high))
        return
    count: dict[str, Any] = {"contains": where}
    if rows.minimum != 1:
        count["minContains"] = rows.minimum
    if rows.maximum is not None:
        count["maxContains"] = rows.maximum
    if "contains" in body:
        body.setdefault("allOf", []).append(count)
    else:
        body.update(count)


# -- annotations -----------------------------------------------------------------------------------------------


def annotation(form: MergedForm, one: Field) -> dict[str, Any]:
    """Title, hint and ``x-`` keywords of a field, with the departments that receive it and their own labels."""
    kept: dict[str, Any] = {
        k: one.raw[k] for k in ("description", "x-unit", "x-codes", "x-sensitivity", "x-standard") if k in one.raw
    }
    receivers: list[dict[str, str]] = []
    for source in one.sources:
        department = form.library.forms[source.form].department
        receivers.append({"form": source.form, "department": department.get("title", ""), "label": source.label})
    always = next((s for when, s in one.suggestions if when == TRUE and s.derivation is None), None)
    if always is not None and one.suggestions[0][1] is always:
        kept["default"] = always.value
    out: dict[str, Any] = {"title": one.title, **kept, "x-element": one.path, "x-section": one.section}
    return {**out, "x-departments": receivers} if receivers else out


def annotated(form: MergedForm, one: Field, schema: dict[str, Any]) -> dict[str, Any]:
    """The field's schema with its annotations; choices with their titles."""
    titles = dict(one.choices)
    body = _titled(schema, titles)
    if "items" in body and isinstance(body["items"], dict):
        body = {**body, "items": _titled(body["items"], titles)}
    parts = one.raw.get("properties")
    if parts and isinstance(body.get("properties"), dict):
        named = {k: {"title": parts[k]["title"], **v} if k in parts else v for k, v in body["properties"].items()}
        body = {**body, "properties": named}
    return {**annotation(form, one), **body}


def _titled(schema: dict[str, Any], titles: dict[Any, str]) -> dict[str, Any]:
    values = schema.get("enum")
    if not values or not titles or any(isinstance(v, bool) or v not in titles for v in values):
        return schema
    rest = {k: v for k, v in schema.items() if k != "enum"}
    wanted = set(values)
    return {**rest, "oneOf": [{"const": v, "title": t} for v, t in titles.items() if v in wanted]}


# -- conditions ------------------------------------------------------------------------------------------------


def print_condition(cond: Cond, row: str = "") -> Schema:
    """A condition as JSON Schema over the answers, or over one row of the list ``row``."""
    if cond in (TRUE, FALSE):
        return cond == TRUE
    if isinstance(cond, Atom):
        return _print_atom(cond, row)
    if isinstance(cond, Not):
        return {"not": print_condition(cond.part, row)}
    if isinstance(cond, AnyOf):
        return {"anyOf": sorted((print_condition(p, row) for p in cond.parts), key=canonical)}
    if isinstance(cond, Has):
        body: dict[str, Any] = {"type": "array", "contains": print_condition(cond.where, cond.path)}
        if cond.minimum != 1:
            body["minContains"] = cond.minimum
        return {"properties": {cond.path: body}, "required": [cond.path]}
    assert isinstance(cond, All)
    return _print_all([print_condition(part, row) for part in cond.parts])


def _print_atom(cond: Atom, row: str) -> Schema:
    keys = keys_of(cond.path)
    if row and cond.path.startswith(row + "."):
        keys = keys[1:]
    schema: Schema = cond.schema
    for key in reversed(keys):
        body = {"required": [key]}
        schema = {"properties": {key: schema}, **body} if schema not in (True, {}) else body
    return schema


def _print_all(parts: list[Schema]) -> Schema:
    """Conjunction: atoms about different values share one nested object, the rest stands in ``allOf``."""
    merged: dict[str, Any] = {}
    rest = []
    for part in sorted(parts, key=canonical):
        if not (isinstance(part, dict) and set(part) <= {"properties", "required"} and _overlay(merged, part)):
            rest.append(part)
    return {**merged, "allOf": rest} if rest else merged


def _overlay(into: dict[str, Any], part: dict[str, Any], *, dry: bool = True) -> bool:
    """Lay one nested object over another; False where both say something about the same value."""
    if dry and not _fits(into, part):
        return False
    for key in part.get("required", ()):
        into.setdefault("required", [])
        if key not in into["required"]:
            into["required"].append(key)
    into.get("required", []).sort()
    for key, body in part.get("properties", {}).items():
        known = into.setdefault("properties", {})
        if key in known:
            _overlay(known[key], body, dry=False)
        else:
            known[key] = _copy(body)
    return True


def _fits(into: dict[str, Any], part: dict[str, Any]) -> bool:
    for key, body in part.get("properties", {}).items():
        known = into.get("properties", {}).get(key)
        if known is None:
            continue
        plain = [isinstance(b, dict) and set(b) <= {"properties", "required"} for b in (known, body)]
        if not all(plain) or not _fits(known, body):
            return False
    return True


def _copy(schema: Schema) -> Schema:
    if isinstance(schema, dict):
        return {k: _copy(v) for k, v in schema.items()}
    return [_copy(v) for v in schema] if isinstance(schema, list) else schema
