"""What differs between two states of a draft, field by field; and rows as they stand once some are given."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from formengine import MISSING, MergedForm, Resolved, name_of, value_at

from .given import GivenRow, KeptFile, TypedName, Upload


@dataclass(frozen=True)
class Change:
    """A field that differs: what stands now, and what was seen or is given; MISSING where there is nothing.

    ``row`` counts from 1: of a column the row it is in, of a list the row that is there (``True``) or not.
    """

    path: str
    theirs: Any
    yours: Any
    row: int | None = None


def differences(form: MergedForm, seen: dict[str, Any], now: dict[str, Any]) -> Iterator[Change]:
    """Every visible answer, acts aside, that is no longer what was seen; lists row by row."""
    before, after = (Resolved(form, answers, suggest=True) for answers in (seen, now))
    for one in form.fields.values():
        if one.table or one.act or not (one.asked or one.kind == "fact"):
            continue
        if one.path in before.rows or one.path in after.rows:
            yield from _row_differences(form, one.path, before, after)
            continue
        old, new = (known.stored.get(one.path, MISSING) for known in (before, after))
        if old != new:
            yield Change(one.path, new, old)


def _row_differences(form: MergedForm, name: str, before: Resolved, after: Resolved) -> Iterator[Change]:
    old, new = ({row.id: row for row in known.rows.get(name, ())} for known in (before, after))
    columns = [one.path for one in form.fields.values() if one.table == name and one.asked]
    for row_id in dict.fromkeys([*old, *new]):
        place = (new[row_id] if row_id in new else old[row_id]).index + 1
        if row_id not in old or row_id not in new:
            yield Change(name, row_id in new, row_id in old, place)
            continue
        for column in columns:
            left, right = (row.stored.columns.get(column, MISSING) for row in (old[row_id], new[row_id]))
            if left != right:
                yield Change(column, right, left, place)


def lost(old: Resolved, new: Resolved) -> Iterator[Change]:
    """Every visible answer, acts aside, that other templates do not ask for, or have no place for; lists row by row."""
    for path, value in old.stored.items():
        known = old.form.fields.get(path)
        if known is None or known.act or path in old.rows:
            continue
        if new.stored.get(path, MISSING) != value:
            yield Change(path, MISSING, value)
    for name, rows in old.rows.items():
        there = {row.id: row.stored.columns for row in new.rows.get(name, ())}
        for row in rows:
            for column, value in row.stored.columns.items():
                if there.get(row.id, {}).get(column, MISSING) != value:
                    yield Change(column, MISSING, value, row.index + 1)


def conflicts(answers: dict[str, Any], given: dict[str, Any]) -> Iterator[Change]:
    """Where what is given says otherwise than what was saved meanwhile."""
    for path, value in given.items():
        if not has_files(value):
            theirs = value_at(answers, path)
            yours = given_rows(theirs, value, plain) if is_rows(value) else plain(path, value)
            if theirs != yours:
                yield Change(path, theirs, yours)


# -- what is given ---------------------------------------------------------------------------------------------


def is_rows(value: object) -> bool:
    """Whether rows of a list are given."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, GivenRow) for one in value)


def has_files(value: object) -> bool:
    """Whether there are new files or signatures in what is given."""
    if isinstance(value, GivenRow):
        return any(has_files(one) for one in value.cells.values())
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, Upload | TypedName) or any(has_files(one) for one in inside)


def plain(_path: str, value: object) -> object:
    """What is given as it stands in answers, files under their ids."""
    if isinstance(value, list) and not is_rows(value):
        return [plain(_path, one) for one in value]
    return value.id if isinstance(value, KeptFile) else value


def given_rows(theirs: object, yours: list[GivenRow], keep: Callable[[str, Any], Any]) -> object:
    """The rows as they stand once those given are written over what is there; MISSING where none is left."""
    there = theirs if isinstance(theirs, list) else []
    known = {row["id"]: row for row in there if isinstance(row, dict) and "id" in row}
    out = []
    for row in yours:
        made = dict(known.get(row.id, {"id": row.id or secrets.token_hex(4)}))
        for column, cell in row.cells.items():
            value = cell if cell is MISSING else keep(column, cell)
            made.pop(name_of(column), None)
            if value is not MISSING:
                made[name_of(column)] = value
        if set(made) - {"id"}:
            out.append(made)
    return out or MISSING
