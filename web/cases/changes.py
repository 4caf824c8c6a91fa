"""What differs between two states of a draft, field by field; and rows as a page gives them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from formengine import MergedForm
from formengine.answers.resolve import Resolved
from formengine.paths import MISSING, name_of, value_at
from formengine.templates.schemas import choices
from formengine.words import said
from web.sheet import SIGN_OFF, Entry, Section, Sheet

from .attachments import KeptFile, TypedName, Upload


@dataclass(frozen=True)
class Conflict:
    """A field that was changed elsewhere since this page was opened: what stands now, and what this page says."""

    title: str
    theirs: str
    yours: str


def differences(form: MergedForm, sheet: Sheet, seen: dict[str, Any], now: dict[str, Any]) -> Iterator[Conflict]:
    """Every visible answer, signing aside, that is no longer what was seen; tables row by row."""
    before, after = (Resolved(form, answers, suggest=True).stored for answers in (seen, now))
    for name, node in form.scenario.facts.items():
        path = f"facts.{name}"
        if before.get(path) != after.get(path):
            yield Conflict(str(node["title"]), *(_fact(form, node, scope.get(path)) for scope in (after, before)))
    for section in sheet.sections:
        for entry in section.entries if section.id != SIGN_OFF else ():
            yield from _changed(sheet, entry, before.get(entry.path, MISSING), after.get(entry.path, MISSING))


def _changed(sheet: Sheet, entry: Entry, before: Any, after: Any) -> Iterator[Conflict]:
    if not entry.is_list:
        if before != after:
            yield Conflict(entry.title, say(sheet, entry, after), say(sheet, entry, before))
        return
    old, new = ({row.row.id: row for row in rows_of(rows)} for rows in (before, after))
    for row_id in dict.fromkeys([*old, *new]):
        place = list(new if row_id in new else old).index(row_id) + 1
        title = f"{entry.title}（第 {place} 行）"
        if row_id not in old or row_id not in new:
            there, gone = "有这一行", "没有这一行"
            yield Conflict(title, there if row_id in new else gone, there if row_id in old else gone)
            continue
        for column in sheet.columns[entry.path]:
            left, right = (row.get(column.path, MISSING) for row in (old[row_id], new[row_id]))
            if left != right:
                yield Conflict(f"{title}{column.title}", say(sheet, column, right), say(sheet, column, left))


def _fact(form: MergedForm, node: dict[str, Any], value: Any) -> str:
    """The answer to a guiding question in words."""
    return said(value, dict(choices(node, form.library.codes))) or "（空）"


def conflicts(sheet: Sheet, section: Section, answers: dict[str, Any], given: dict[str, Any]) -> Iterator[Conflict]:
    """Where a page says otherwise than what was saved meanwhile."""
    for entry in section.entries:
        if entry.path not in given or has_files(given[entry.path]):
            continue
        theirs, yours = value_at(answers, entry.path), plain(entry.path, given[entry.path])
        if entry.is_list:
            rows = given_rows(theirs, yours, plain) if is_rows(yours) else yours
            if theirs != rows:
                yield Conflict(entry.title, f"{len(rows_of(theirs))} 行", f"{len(rows_of(rows))} 行")
        elif theirs != yours:
            yield Conflict(entry.title, say(sheet, entry, theirs), say(sheet, entry, yours))


def say(sheet: Sheet, entry: Entry, value: Any) -> str:
    """A value as people read it."""
    if value is MISSING:
        return "（空）"
    if entry.kind in ("upload", "uploads", "signature"):
        return f"{len(value) if isinstance(value, list) else 1} 个文件"
    return sheet.text(entry, value)


# -- what a page says ------------------------------------------------------------------------------------------


def is_rows(value: Any) -> bool:
    """Whether a page said rows of a table."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) and "cells" in v for v in value)


def has_files(value: Any) -> bool:
    """Whether there are new files or signatures in what a page said."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, Upload | TypedName) or any(has_files(one) for one in inside)


def plain(_path: str, value: Any) -> Any:
    """What a page said, files under their ids."""
    if isinstance(value, list) and not is_rows(value):
        return [plain(_path, one) for one in value]
    return value.id if isinstance(value, KeptFile) else value


def rows_of(value: Any) -> list[Any]:
    """The rows; none where it is no list."""
    return value if isinstance(value, list) else []


def given_rows(theirs: Any, yours: Any, keep_value: Callable[[str, Any], Any] = lambda column, value: value) -> Any:
    """The rows as they stand once ``yours`` is written over ``theirs``; ``MISSING`` where none is left."""
    known = {r["id"]: r for r in rows_of(theirs) if isinstance(r, dict) and "id" in r}
    out = []
    for row in rows_of(yours):
        made = dict(known.get(row["id"], {"id": row["id"] or secrets.token_hex(4)}))
        for column, cell in row["cells"].items():
            name = name_of(column)
            value = cell if cell is MISSING else keep_value(column, cell)
            made.pop(name, None)
            if value is not MISSING:
                made[name] = value
        if set(made) - {"id"}:
            out.append(made)
    return out or MISSING
