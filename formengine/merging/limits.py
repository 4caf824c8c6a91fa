"""Limits that hold together on one value: whether any value meets them, and which two exclude each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from ..algebra.intersect import intersect
from ..binding.base import Binding, Source
from ..binding.bindings import Element
from ..binding.composed import Derive, Join
from ..conditions import TRUE, Cond, canonical
from ..errors import MergeConflict
from ..evaluate import value_test
from .field import Field
from .form import MergedForm


@dataclass(frozen=True)
class Clash:
    """Limits that exclude each other: at which path, whose, when, and the conflict with its witness."""

    path: str
    sources: tuple[Source, ...]
    guard: Cond
    conflict: MergeConflict

    @property
    def stops(self) -> bool:
        """Whether it stops the merge: two departments, or every applicant, meet it."""
        forms = {source.form for source in self.sources if source.form}
        return len(forms) > 1 or self.guard == TRUE


@dataclass(frozen=True)
class Limit:
    """A limit on one value: under which guard, as a schema, and whose. ``given`` is the limit as it is written."""

    guard: Cond
    schema: Any
    source: Source
    given: Any


def conflict_of(schemas: list[Any]) -> MergeConflict | None:
    """The conflict of limits that no value meets together; None where some may."""
    unique = {canonical(schema): schema for schema in schemas}
    if len(unique) < 2 and True not in unique.values():
        return _listed_conflict(list(unique.values()))
    ranges, plain = [s for s in unique.values() if _is_decimal(s)], [s for s in unique.values() if not _is_decimal(s)]
    try:
        if len(ranges) > 1:
            intersect(*(schema["x-decimal"] for schema in ranges), {"type": "number"})
        intersect(*plain, True)
    except MergeConflict as conflict:
        return conflict
    return _listed_conflict(plain)


def _listed_conflict(schemas: list[Any]) -> MergeConflict | None:
    """Values that one limit lists and that the others, formats of ours included, all refuse."""
    for schema in schemas:
        if not isinstance(schema, dict) or not schema.keys() & {"enum", "const"}:
            continue
        values = [schema["const"]] if "const" in schema else schema["enum"]
        tests = [(other, value_test(canonical(other))) for other in schemas]
        if any(all(test(value) for _, test in tests) for value in values):
            continue
        refusing = next(other for other, test in tests if not test(values[0]))
        return MergeConflict("", left=schema, right=refusing, witness=values[0], has_witness=True)
    return None


def culprits(limits: list[Limit], found: MergeConflict, base: object) -> tuple[Limit, Limit, MergeConflict]:
    """Two of the limits that exclude each other, given what the dictionary says the value is; a limit that the
    dictionary itself excludes goes before; otherwise the first and the last party."""
    own = next((one for one in limits if one.source.kind == "element"), limits[0])
    pairs = sorted(combinations(limits, 2), key=lambda pair: -sum(bool(one.source.form) for one in pair))
    alone = [(one, own) for one in limits if one is not own]
    for tried, more in ((pairs, []), (alone, [base]), (pairs, [base])):
        for left, right in tried:
            schemas = [left.schema, *more] if tried is alone else [left.schema, right.schema, *more]
            conflict = conflict_of(schemas)
            if conflict is not None:
                return left, right, conflict
    parties = [one for one in limits if one.source.form] or limits
    return parties[0], parties[-1], found


def as_decimal(schema: dict[str, Any]) -> dict[str, Any]:
    """A range of a decimal text, which no JSON Schema says: kept aside, compared with its like alone."""
    return {"x-decimal": schema}


def _is_decimal(schema: object) -> bool:
    return isinstance(schema, dict) and "x-decimal" in schema


def conjoined(schemas: Iterable[Any]) -> object:
    try:
        return intersect(*schemas, True)
    except MergeConflict:
        return True


def text_lengths(schema: object, inner: tuple[str, ...]) -> tuple[int, int | None]:
    """The shortest and longest text of a value as one line; of an object all its parts, in a row."""
    node = schema
    for key in inner:
        node = node.get("properties", {}).get(key, {}) if isinstance(node, dict) else {}
    if not isinstance(node, dict):
        return 0, None
    parts = node.get("properties")
    if not parts:
        return (int(node.get("minLength", 0)), node.get("maxLength")) if node.get("type") == "string" else (0, None)
    lengths = {name: text_lengths(part, ()) for name, part in parts.items()}
    longest = [high for _, high in lengths.values()]
    least = sum(low for name, (low, _) in lengths.items() if name in node.get("required", ()))
    return least, None if None in longest else sum(high or 0 for high in longest)


def same_value(binding: Binding) -> object:
    """What tells computed values apart: the element's path, or the function with its sources."""
    if isinstance(binding, Element):
        return binding.path, ()
    if isinstance(binding, Derive):
        sources = tuple(path for source in binding.sources for path in source.needs())
        return "", ((binding.function, sources),)
    return (binding, ()) if isinstance(binding, Join) else None


def named_conflict(form: MergedForm, field: Field, left: Limit, right: Limit, found: MergeConflict) -> MergeConflict:
    parties = tuple(dict.fromkeys(party_name(form, one.source) for one in (left, right)))
    named = "”与“".join(parties)
    text = (
        f"“{field.title}”（{field.path}）：“{named}”的限制不能同时满足："
        f"{canonical(left.given)} 与 {canonical(right.given)}"
    )
    witness, has_witness = _witness(left, right, found)
    if has_witness:
        text += f"；例如 {canonical(witness)} 一方接受、另一方拒绝"
    return MergeConflict(
        text,
        pointer="/" + field.path.replace(".", "/"),
        left=left.given,
        right=right.given,
        parties=parties,
        witness=witness,
        has_witness=has_witness,
    )


def _witness(left: Limit, right: Limit, found: MergeConflict) -> tuple[Any, bool]:
    """A value that one of the two takes and the other refuses."""
    if _is_decimal(left.schema):
        bound = next((v for w, v in left.schema["x-decimal"].items() if w != "type"), None)
        return (format(Decimal(str(bound)), "f"), True) if bound is not None else (None, False)
    return found.witness, found.has_witness


def party_name(form: MergedForm, source: Source) -> str:
    """``部门《表名》“栏目”`` of who sets a limit; the data dictionary where no form does."""
    if source.form in form.library.forms:
        department = form.library.forms[source.form]
        return f"{department.department.get('title', '')}《{department.title}》的“{source.label}”"
    return "数据字典" if source.kind == "element" else f"联办事项《{form.scenario.title}》"
