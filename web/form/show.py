"""What stands on a page for given answers: each field with its value, its mistakes, and whether it stands open.

Values are always shown from the answers, so that a mistake is shown as it was typed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup

from formengine import MISSING, Cells, Issue, Place, Resolved, Scope

from . import markup
from .entries import OPTIONAL, Entry, Section
from .protocol import element_id, input_name
from .sheet import Sheet
from .signposts import Signposts

Wrong = dict[str, list[str]]
"""The sentences of mistakes by the name of the input where each belongs."""


@dataclass
class Shown:
    """One field on a page, for given answers."""

    entry: Entry
    name: str
    value: Any
    folded: bool
    errors: list[str] = field(default_factory=list)
    part_errors: dict[str, list[str]] = field(default_factory=dict)
    rows: list[ShownRow] = field(default_factory=list)
    members: list[Shown] = field(default_factory=list)
    given: bool = False
    """Whether the value is a suggestion that nobody has changed."""
    refills: bool = False
    """Of choices: whether something is suggested here, so that choosing nothing has to be said to stay."""
    tag: str = ""
    """What is said behind the title: that it may stay empty, or that one of several has to be filled in."""

    @property
    def id(self) -> str:
        """The HTML id of the input."""
        return element_id(self.name)

    @property
    def wrong(self) -> bool:
        return bool(self.errors or self.part_errors)

    @property
    def label(self) -> Markup:
        """The title as HTML."""
        return markup.label(self.entry.title, self.entry.unit, self.tag)

    @property
    def notes(self) -> Markup:
        """Hint and mistakes as HTML."""
        hint = markup.hint(self.entry.hint, self.id)
        return hint + markup.errors(self.errors, self.id) if self.errors else hint

    @property
    def inner(self) -> list[Any] | None:
        """What the answer puts into the field's HTML; ``None`` where the macro looks at the whole answer."""
        return self.entry.kind.inner(self.entry, self.name, self.value)

    @cached_property
    def strays(self) -> list[tuple[str, str]]:
        """What of the answer the field cannot show, as JSON and in words: it is kept until somebody lets it go."""
        found = self.entry.kind.strays(self.entry, self.value) if self.value is not None else []
        return [(json.dumps(one, ensure_ascii=False), _in_words(self.entry, one)) for one in found]

    @property
    def said(self) -> str:
        """The value as it is read."""
        return self.entry.kind.said(self.entry, self.value, {})

    @property
    def given_key(self) -> str:
        """A suggested value as the page sends it back when it is left as it is."""
        return self.entry.kind.key(self.entry, self.value)

    @property
    def attributes(self) -> Markup:
        """What the input is, and what it says of its notes."""
        entry = self.entry
        tied = markup.attributes(bool(entry.hint), len(self.errors), self.wrong, entry.decides, self.id)
        return markup.line(entry.line, entry.purpose) + tied if entry.line else tied

    @property
    def group_attributes(self) -> Markup:
        """What the group of several inputs says of its notes."""
        return markup.attributes(bool(self.entry.hint), len(self.errors), False, False, self.id)


@dataclass
class ShownRow:
    """One row of a table on a page."""

    index: int
    id: str
    fields: list[Shown]
    errors: list[str] = field(default_factory=list)
    blank: bool = False

    @property
    def paths(self) -> str:
        """The columns that the row shows, parted by blanks."""
        return " ".join([one.entry.path for one in self.fields])

    @property
    def folded(self) -> list[Shown]:
        return [one for one in self.fields if one.folded]

    @property
    def plain(self) -> list[Shown]:
        return [one for one in self.fields if not one.folded]


def _in_words(entry: Entry, value: object) -> str:
    if isinstance(value, dict | list):
        return "、".join(map(str, value.values() if isinstance(value, dict) else value))
    return entry.kind.said(entry, value, {}) if isinstance(value, str | int | float) else json.dumps(value)


def show(
    sheet: Sheet,
    section: Section,
    resolved: Resolved,
    issues: Iterable[Issue] = (),
    blank: dict[str, int] | None = None,
) -> list[Shown]:
    """The visible fields of a section, values and mistakes in place; ``blank`` adds empty rows to tables."""
    wrong = Signposts(sheet).mistakes(issues)
    found = []
    for entry in section.entries:
        if entry.visible(resolved.stored):
            shown = _shown(entry, resolved.stored, entry.name, wrong)
            if entry.is_list:
                shown.rows = _rows(entry, resolved, shown, wrong, (blank or {}).get(entry.path, 0))
            shown.given = Place(entry.path) in resolved.given and not shown.wrong
            found.append(shown)
    return found


def _shown(entry: Entry, scope: Scope, name: str, wrong: Wrong) -> Shown:
    needed = entry.required(scope)
    shown = Shown(entry, name, scope.get(entry.path), False, list(dict.fromkeys(wrong.get(name, []))))
    if entry.members:
        shown.members = [_shown(one, scope, one.name, {}) for one in entry.members if one.visible(scope)]
        done = all(one.value is not None for one in shown.members)
        shown.value = shown.members[0].value if shown.members and done else None
    if entry.parts and wrong:
        keyed = ((key, wrong.get(f"{name}/{key}")) for key, _ in entry.parts)
        shown.part_errors = {key: found for key, found in keyed if found}
    together = next((said for when, said in entry.together if when(scope)), "") if entry.together else ""
    if entry.field.suggestions and entry.kind.name == "choices":
        shown.refills = entry.field.suggestion(scope) is not MISSING
    shown.tag = "" if needed or entry.steers else together or OPTIONAL
    kept_open = entry.is_open or entry.is_list or entry.steers or bool(together) or entry.field.kind == "material"
    shown.folded = not (needed or kept_open)
    return shown


def _rows(entry: Entry, resolved: Resolved, shown: Shown, wrong: Wrong, blank: int) -> list[ShownRow]:
    rows = resolved.rows.get(entry.path, [])
    made = [_row(entry, row.stored, row.index, row.id, wrong) for row in rows]
    for row in made:
        for cell in row.fields:
            cell.given = Place(cell.entry.path, row.index) in resolved.given and not cell.wrong
    least = blank or (1 if not made and entry.required(resolved.stored) else 0)
    for index in range(len(made), len(made) + least):
        made.append(_blank_row(entry, Cells(resolved.stored, entry.path, index), index, wrong))
    return made


def _row(entry: Entry, scope: Scope, index: int, row_id: str, wrong: Wrong) -> ShownRow:
    fields = [
        _shown(column, scope, input_name(Place(column.path, index)), wrong)
        for column in entry.columns
        if column.visible(scope)
    ]
    return ShownRow(index, row_id, fields, wrong.get(f"{entry.path}/{index}", []))


def _blank_row(entry: Entry, scope: Cells, index: int, wrong: Wrong) -> ShownRow:
    """A row that does not exist yet, with what is suggested for it."""
    row = ShownRow(index, secrets.token_hex(4), [], wrong.get(f"{entry.path}/{index}", []), True)
    for column in entry.columns:
        if column.visible(scope):
            offered = column.field.suggestion(scope) if column.field.suggestions else MISSING
            if offered is not MISSING:
                scope.columns[column.path] = offered
            row.fields.append(_shown(column, scope, input_name(Place(column.path, index)), wrong))
            row.fields[-1].given = offered is not MISSING
    return row
