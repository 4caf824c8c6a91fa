"""The kinds of value that a rule computes with; numbers and decimal texts are brought to exact decimals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ..formats import FORMATS
from ..templates.schemas import choices


@dataclass(frozen=True)
class Kind:
    """``any``, ``number``, ``integer`` (a number without a fraction, as CEL counts), ``text``, ``bool``, ``list`` of
    ``item``, or ``record`` with ``fields`` (``None``: not known)."""

    name: str
    item: Kind | None = None
    fields: tuple[tuple[str, Kind], ...] | None = None
    changed: tuple[tuple[str, Kind], ...] | None = field(default=None, compare=False, repr=False)
    """Of a record, the fields that a rule computes with in another form than JSON's; set when the kind is made."""

    @cached_property
    def as_it_is(self) -> bool:
        """Whether a rule computes with JSON's own values."""
        if self.name == "list":
            return self.item is not None and self.item.as_it_is
        return self.name in ("text", "bool") or (self.name == "record" and self.changed == ())

    def __str__(self) -> str:
        inner = f"（{self.item}）" if self.item and self.item != ANY else ""
        return _NAMES[self.name] + inner


_NAMES = {
    "any": "任意值",
    "number": "数",
    "integer": "整数",
    "text": "文字",
    "bool": "是否",
    "list": "列表",
    "record": "一行",
}
ANY, NUMBER, INTEGER, TEXT, BOOL = (Kind(name) for name in ("any", "number", "integer", "text", "bool"))
_TYPES = {"number": NUMBER, "integer": NUMBER, "string": TEXT, "boolean": BOOL}


def list_of(item: Kind) -> Kind:
    """A list of values of one kind."""
    return Kind("list", item)


def record(fields: Mapping[str, Kind]) -> Kind:
    """A row or a subject with these fields."""
    known = tuple(sorted(fields.items()))
    return Kind("record", fields=known, changed=tuple((name, kind) for name, kind in known if not kind.as_it_is))


def is_number(kind: Kind) -> bool:
    return kind.name in ("number", "integer", "any")


def alike(left: Kind, right: Kind) -> bool:
    """Whether two kinds can be compared."""
    if ANY in (left, right) or (is_number(left) and is_number(right)):
        return True
    if left.name == right.name == "list":
        return alike(left.item or ANY, right.item or ANY)
    return left.name == right.name


def kind_of(schema: object, codes: dict[str, list[tuple[str, str]]] | None = None) -> Kind:
    """The kind of the values of a schema; a decimal text (money) is a number."""
    if not isinstance(schema, dict):
        return ANY
    declared = schema.get("type")
    if declared == "array":
        return list_of(kind_of(schema.get("items"), codes))
    if declared == "object" or (declared is None and "properties" in schema):
        return record({name: kind_of(node, codes) for name, node in schema.get("properties", {}).items()})
    if declared == "string" and schema.get("format") == "decimal":
        return NUMBER
    if isinstance(declared, str):
        return _TYPES.get(declared, ANY)
    values = [schema["const"]] if "const" in schema else [value for value, _ in choices(schema, codes)]
    kinds = {_kind_of_value(value) for value in values}
    return kinds.pop() if len(kinds) == 1 and declared is None else ANY


def _kind_of_value(value: object) -> Kind:
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, str):
        return TEXT
    return NUMBER if isinstance(value, int | float) else ANY


def brought_to(value: object, kind: Kind) -> object:
    """A JSON value as a rule of that kind computes with it; what is of another kind stays as it is."""
    if kind.as_it_is or isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, str):
        return Decimal(value) if kind == NUMBER and FORMATS["decimal"].check(value) else value
    if isinstance(value, list):
        return [brought_to(item, kind.item or ANY) for item in value]
    if isinstance(value, dict):
        if kind.changed is None:
            return {key: brought_to(inner, ANY) for key, inner in value.items()}
        out = dict(value)
        for key, inner in kind.changed:
            if key in out:
                out[key] = brought_to(out[key], inner)
        return out
    return value
