"""What differs between two states of a form, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formengine import MISSING, said
from web.cases.changes import Change

from .sheet import Sheet

EMPTY = "（空）"


@dataclass(frozen=True)
class Told:
    """A field that differs: what stands now, and what was seen or is given."""

    title: str
    theirs: str
    yours: str


def told(sheet: Sheet, changes: Iterable[Change]) -> list[Told]:
    """Changes in words, in the order of the pages."""
    order = {path: place for place, path in enumerate(path for s in sheet.sections for path in s.paths)}
    found = sorted(changes, key=lambda one: order.get(one.path.partition(".")[0], order.get(one.path, -1)))
    return [_told(sheet, one) for one in found]


def _told(sheet: Sheet, one: Change) -> Told:
    form = sheet.form
    table = form.fields[one.path].table
    title = form.fields[table or one.path].title
    if one.row is not None:
        title = f"{title}（第 {one.row} 行）" + (form.fields[one.path].title if table else "")
    return Told(title, *(_words(sheet, one, value) for value in (one.theirs, one.yours)))


def _words(sheet: Sheet, one: Change, value: object) -> str:
    entry = sheet.by_path.get(one.path)
    if entry is not None and entry.is_list:
        if one.row is not None:
            return "有这一行" if value else "没有这一行"
        return f"{len(value) if isinstance(value, list) else 0} 行"
    if value is MISSING:
        return EMPTY
    if entry is None:
        return said(value, dict(sheet.form.fields[one.path].choices)) or EMPTY
    if entry.kind.has_files:
        return f"{len(value) if isinstance(value, list) else 1} 个文件"
    return entry.kind.said(entry, value, {})
