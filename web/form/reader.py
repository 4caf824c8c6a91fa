"""Answers read back: what was answered in a section, computed values too, with where each can be changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from formengine import MISSING, Place, Resolved, Scope, name_of

from .entries import Entry, Names, Section
from .protocol import element_id, input_name
from .sheet import Sheet

QUESTION = "q-"
"""What the ids of the guiding questions begin with, on the scenario's page."""


@dataclass
class Answer:
    """A line of what was answered."""

    title: str
    text: str
    departments: tuple[str, ...]
    change: str
    """The address where it can be changed; empty where it cannot."""
    source: str = ""
    """The title of what it is computed from."""
    computed: bool = False
    wrong: bool = False
    given: bool = False
    rows: list[list[Answer]] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Reads answers back: with names of files, mistakes by input, and addresses of pages.

    ``section_at`` gives the address of a section, ``facts_at`` that of the guiding questions.
    """

    sheet: Sheet
    resolved: Resolved
    names: Names
    wrong: dict[str, list[str]] = field(default_factory=dict)
    section_at: Callable[[str], str] = lambda _section: ""
    facts_at: str = ""

    def answers_of(self, section: Section) -> list[Answer]:
        """What was answered in a section; computed values too, marked as such."""
        found = []
        for entry in (one for e in section.entries for one in (e.members or (e,))):
            line = self._line(entry, self.resolved.stored, self.resolved.values, Place(entry.path))
            if line is None:
                continue
            if entry.is_list:
                line.rows = list(self._rows(entry))
                line.text = "" if line.rows else line.text
                if not (line.rows or line.wrong):
                    continue
            found.append(line)
        return found

    def _rows(self, entry: Entry) -> Iterator[list[Answer]]:
        for row in self.resolved.rows.get(entry.path, ()):
            places = ((column, Place(column.path, row.index)) for column in entry.columns)
            cells = (self._line(column, row.stored, row.values, place) for column, place in places)
            yield [cell for cell in cells if cell is not None]

    def _line(self, entry: Entry, stored: Scope, values: Scope, place: Place) -> Answer | None:
        value, name = values.get(entry.path, MISSING), input_name(place)
        asked = entry.visible(stored)
        bad = any(key == name or key.startswith(f"{name}/") for key in self.wrong)
        if (value is MISSING and not bad) or not (asked or entry.field.computed):
            return None
        text = "（未填）" if value is MISSING else entry.kind.said(entry, value, self.names)
        change, source = (self._at(entry.path, name), "") if asked else self._source(entry, stored, name)
        given = place in self.resolved.given
        return Answer(entry.title, text, entry.departments, change, source, computed=not asked, wrong=bad, given=given)

    def _at(self, path: str, name: str) -> str:
        section = self.sheet.section_of.get(path, "")
        address = self.section_at(section) if section else ""
        return f"{address}#{element_id(self.sheet.act_of.get(path, name))}" if address else ""

    def _source(self, entry: Entry, stored: Scope, name: str) -> tuple[str, str]:
        """Where what a value is computed from can be changed, and what that is called."""
        for path in entry.field.sources_now(stored):
            if path.startswith("facts."):
                title = self.sheet.form.fields[path].title
                return (f"{self.facts_at}#{QUESTION}{name_of(path)}" if self.facts_at else ""), title
            origin = self.sheet.by_path.get(path)
            if origin is None:
                continue
            here = name.rpartition("/")[0] if origin.field.table and origin.field.table == entry.field.table else ""
            spot = f"{here}/{name_of(path)}" if here else (origin.field.table or origin.name)
            scope = stored if here or not origin.field.table else self.resolved.stored
            if origin.field.table or origin.visible(scope):
                return self._at(origin.field.table or path, spot), origin.title
            further = self._source(origin, scope, spot)
            if further[0]:
                return further
        return "", ""
