"""What the applicant's pages show, worked out from a draft: no request, no response here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from formengine import Issue
from formengine.paths import MISSING, Place, name_of
from web.cases.drafts import Draft
from web.sheet import QUESTIONS, SIGN_OFF, Entry, Section, Sheet, Shown, element_id, say


@dataclass(frozen=True)
class Task:
    """A line of the task list."""

    section: Section
    state: str
    todo: int


@dataclass(frozen=True)
class Mistake:
    """A line of the summary on top: what is wrong, and where to mend it."""

    message: str
    section: str
    anchor: str


@dataclass
class Answer:
    """A line of the check page."""

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


def tasks(draft: Draft, issues: list[Issue]) -> list[Task]:
    """Every section with its state: nothing entered, something to do, done."""
    sheet, resolved = draft.served.sheet, draft.resolved
    todo: dict[str, int] = {}
    for issue in issues:
        home = sheet.section_of_issue(issue) or ""
        todo[home] = todo.get(home, 0) + 1
    out = []
    for section in sheet.sections:
        if not any(e.visible(resolved.stored) for e in section.entries):
            continue
        begun = any(_begun(resolved, path) for e in section.entries for path in e.paths)
        left = todo.get(section.id, 0)
        out.append(Task(section, "done" if not left else "begun" if begun else "new", left))
    return out


def _begun(resolved: Any, path: str) -> bool:
    return resolved.stored.get(path) not in (None, [], {}) and Place(path) not in resolved.given


def neighbours(draft: Draft, section: Section) -> tuple[Section | None, Section | None]:
    """The visible sections before and after one."""
    resolved = draft.resolved
    shown = [s for s in draft.served.sheet.sections if any(e.visible(resolved.stored) for e in s.entries)]
    ids = [s.id for s in shown]
    if section.id not in ids:
        return None, shown[0] if shown else None
    index = ids.index(section.id)
    return shown[index - 1] if index else None, shown[index + 1] if index + 1 < len(shown) else None


def mistakes(sheet: Sheet, issues: list[Issue], only: str | None = None) -> list[Mistake]:
    """The summary of mistakes, of one section or of all, in the order of the pages."""
    out = []
    for issue in sorted(issues, key=sheet.place_of):
        section = sheet.section_of_issue(issue) or SIGN_OFF
        if only in (None, section):
            name = sheet.name_of(issue)
            anchor = f"q-{name.removeprefix('facts.')}" if section == QUESTIONS else element_id(name)
            out.append(Mistake(sheet.sentence(issue), section, anchor))
    return list(dict.fromkeys(out))


def shown_paths(shown: list[Shown]) -> set[str]:
    """The paths of all fields that a person must or should fill in here, columns included."""
    plain = [one for one in shown if not one.folded]
    columns = [cell for one in plain for row in one.rows if not row.blank for cell in row.fields if not cell.folded]
    return {one.entry.path for one in [*plain, *columns]}


@dataclass(frozen=True)
class Reader:
    """Reads answers back: what stands in a draft, with names of files, mistakes, and addresses of pages.

    ``section_at`` gives the address of a section, ``facts_at`` that of the guiding questions.
    """

    draft: Draft
    names: dict[str, str]
    wrong: dict[str, list[str]] = field(default_factory=dict)
    section_at: Callable[[str], str] = lambda _section: ""
    facts_at: str = ""

    def answers_of(self, section: Section) -> list[Answer]:
        """What was answered in a section; computed values too, marked as such."""
        resolved = self.draft.resolved
        found = []
        for entry in (one for e in section.entries for one in (e.members or (e,))):
            line = self._line(entry, resolved.stored, resolved.values, entry.name)
            if line is None:
                continue
            line.given = Place(entry.path) in resolved.given
            if entry.is_list:
                line.rows = list(self._rows(entry))
                line.text = "" if line.rows else line.text
                if not (line.rows or line.wrong):
                    continue
            found.append(line)
        return found

    def _rows(self, entry: Entry) -> Iterator[list[Answer]]:
        resolved = self.draft.resolved
        for row in resolved.rows.get(entry.path, ()):
            cells = []
            for column in self.draft.served.sheet.columns[entry.path]:
                name = f"{entry.path}/{row.index}/{name_of(column.path)}"
                cell = self._line(column, row.stored, row.values, name)
                if cell is not None:
                    cell.given = Place(column.path, row.index) in resolved.given
                    cells.append(cell)
            yield cells

    def _line(self, entry: Entry, stored: Any, values: Any, name: str) -> Answer | None:
        value = values.get(entry.path, MISSING)
        asked = entry.visible(stored)
        bad = any(key == name or key.startswith(f"{name}/") for key in self.wrong)
        if (value is MISSING and not bad) or not (asked or entry.computed):
            return None
        text = "（未填）" if value is MISSING else read(entry, value, self.names)
        change, source = (self._at(entry.path, name), "") if asked else self._source(entry, stored, name)
        return Answer(entry.title, text, entry.departments, change, source, computed=not asked, wrong=bad)

    def _at(self, path: str, name: str) -> str:
        sheet = self.draft.served.sheet
        section = sheet.section_of.get(path, "")
        address = self.section_at(section) if section else ""
        return f"{address}#{element_id(sheet.act_of.get(path, name))}" if address else ""

    def _source(self, entry: Entry, stored: Any, name: str) -> tuple[str, str]:
        """Where what a value is computed from can be changed, and what that is called."""
        for path in entry.field.sources_now(stored):
            origin = self.draft.served.sheet.by_path.get(path)
            if path.startswith("facts."):
                known = self.draft.served.form.scenario.facts.get(path.removeprefix("facts."), {})
                return (f"{self.facts_at}#q-{path.removeprefix('facts.')}" if self.facts_at else ""), str(
                    known["title"]
                )
            if origin is None:
                continue
            here = name.rpartition("/")[0] if origin.field.table and origin.field.table == entry.field.table else ""
            spot = f"{here}/{name_of(path)}" if here else (origin.field.table or origin.name)
            scope = stored if here or not origin.field.table else self.draft.resolved.stored
            if origin.field.table or origin.visible(scope):
                return self._at(origin.field.table or path, spot), origin.title
            further = self._source(origin, scope, spot)
            if further[0]:
                return further
        return "", ""


def read(entry: Entry, value: Any, names: dict[str, str]) -> str:
    """A value as text; files by their names."""
    if entry.kind in ("upload", "uploads", "signature"):
        ids = value if isinstance(value, list) else [value]
        known = [names.get(str(one), "（文件）") for one in ids]
        return ("已签署：" if entry.kind == "signature" else "") + "、".join(known)
    if entry.kind == "declaration":
        return "已阅读并同意" if value is True else ""
    return say(entry, value)
