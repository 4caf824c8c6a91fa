"""Several schemas in one document: every local ``$ref`` finds its definition again, under a name nobody else uses."""

from __future__ import annotations

import hashlib
import re
from typing import Any
from urllib.parse import unquote

from ..errors import FormEngineError
from .jsonvalue import DEFINITIONS, HOUSEKEEPING, Schema, rebuild, subschemas, text, walk

_ODD = re.compile(r"[^0-9A-Za-z_.-]")
_FOREIGN = frozenset({"$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"})
_MARKS = ('"$ref"', '"$id"', '"$dynamicRef"', '"$recursiveRef"')


def localise(schemas: list[Schema]) -> tuple[list[Schema], dict[str, Schema]]:
    """The schemas with their references rewritten to ``#/$defs/...`` of one common table, and that table.

    A schema whose references cannot be rewritten (dynamic ones, ones that leave the document, embedded ``$id``)
    becomes a resource of its own: it gets an ``$id`` and is left whole.
    """
    table: dict[str, Schema] = {}
    owners: dict[str, str] = {}
    _refuse_shared_ids(schemas)
    return [_Document(schema, table, owners).rewritten() for schema in schemas], table


def _refuse_shared_ids(schemas: list[Schema]) -> None:
    """Raise where two different schemas that have to stay whole go by one ``$id``: a reference to it means neither."""
    known: dict[str, str] = {}
    for schema in schemas:
        if isinstance(schema, dict) and _Document(schema, {}, {}).is_foreign():
            for part in _with_definitions(schema):
                name = part.get("$id")
                if isinstance(name, str) and known.setdefault(name, text(part)) != text(part):
                    raise FormEngineError(f"两个不同的 JSON Schema 用了同一个 $id “{name}”，引用它的分不清是哪一个")


class _Document:
    """One input schema and the new names of what it refers to."""

    def __init__(self, root: Schema, table: dict[str, Schema], owners: dict[str, str]) -> None:
        self.root, self.table, self.owners = root, table, owners
        self.names: dict[str, str] = {}

    def rewritten(self) -> Schema:
        if not isinstance(self.root, dict):
            return self.root
        written = text(self.root)
        if not any(mark in written for mark in _MARKS):
            return self.root
        if self.is_foreign():
            name = "urn:formengine:" + hashlib.sha256(written.encode()).hexdigest()[:16]
            return {"$id": name, **{word: value for word, value in self.root.items() if word != "$schema"}}
        return self._rewrite(self.root)

    def is_foreign(self) -> bool:
        """Whether its references cannot be rewritten."""
        everything = list(_with_definitions(self.root))
        if any(_FOREIGN & part.keys() for part in everything):
            return True
        refs = [part["$ref"] for part in everything if "$ref" in part]
        embedded = any("$id" in part for part in everything if part is not self.root)
        return any(self._find(ref) is None for ref in refs) or (embedded and bool(refs))

    def _rewrite(self, schema: Schema) -> Schema:
        if not isinstance(schema, dict):
            return schema
        plain = {word: value for word, value in schema.items() if word not in HOUSEKEEPING}
        new = rebuild(plain, self._rewrite)
        if isinstance(new, dict) and "$ref" in new:
            new["$ref"] = "#/$defs/" + self._name(new["$ref"]).replace("~", "~0").replace("/", "~1")
        return new

    def _name(self, ref: str) -> str:
        if ref not in self.names:
            signature = self._signature(ref)
            wish = _ODD.sub("_", unquote(ref).rstrip("/").rpartition("/")[2].lstrip("#"))
            name, count = wish or "root", 1
            while self.owners.get(name, signature) != signature:
                count += 1
                name = f"{wish or 'root'}_{count}"
            self.names[ref] = name
            if name not in self.owners:
                self.owners[name] = signature
                target = self._find(ref)
                self.table[name] = True if target is None else self._rewrite(target)
        return self.names[ref]

    def _signature(self, ref: str) -> str:
        """All that a reference means: equal signatures of two documents are the same definition."""
        seen: dict[str, Any] = {}
        todo = [ref]
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen[at] = target = self._find(at)
            todo += [p["$ref"] for p in walk({} if target is None else target) if isinstance(p, dict) and "$ref" in p]
        return text([ref, seen])

    def _find(self, ref: str) -> Schema | None:
        """The target of a local reference, ``None`` where there is none."""
        if not isinstance(ref, str) or not ref.startswith("#"):
            return None
        if ref in {"#", "#/"}:
            return self.root
        fragment = unquote(ref[1:])
        if not fragment.startswith("/"):
            return next((p for p in _with_definitions(self.root) if p.get("$anchor") == fragment), None)
        at: Any = self.root
        for token in fragment[1:].split("/"):
            name = token.replace("~1", "/").replace("~0", "~")
            if isinstance(at, list) and name.isdigit() and int(name) < len(at):
                at = at[int(name)]
            elif isinstance(at, dict) and name in at:
                at = at[name]
            else:
                return None
        return at if isinstance(at, dict | bool) else None


def _with_definitions(schema: Schema) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    todo: list[Schema] = [schema]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            found.append(part)
            todo += subschemas(part)
            for word in DEFINITIONS:
                todo += part.get(word, {}).values()
    return found


def refers(schema: Schema) -> set[str]:
    """The names of the definitions that a rewritten schema names itself."""
    return {
        part["$ref"][len("#/$defs/") :].replace("~1", "/").replace("~0", "~")
        for part in walk(schema)
        if isinstance(part, dict) and str(part.get("$ref", "")).startswith("#/$defs/")
    }


def reachable(schema: Schema, table: dict[str, Schema]) -> dict[str, Schema]:
    """Of the table, the definitions that the schema needs, directly or not."""
    needed: dict[str, Schema] = {}
    todo = sorted(refers(schema))
    while todo:
        name = todo.pop(0)
        if name not in needed and name in table:
            needed[name] = table[name]
            todo += sorted(refers(table[name]))
    return needed


def recursive(table: dict[str, Schema]) -> set[str]:
    """The names of the definitions that lead back to themselves."""
    direct = {name: refers(schema) & table.keys() for name, schema in table.items()}
    found = set()
    for name in direct:
        seen: set[str] = set()
        todo = list(direct[name])
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo += direct[at]
        if name in seen:
            found.add(name)
    return found
