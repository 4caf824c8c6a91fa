"""What the applicant's pages show, worked out from a draft: no request, no response here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from formengine import Issue
from formengine.conditions import MISSING
from web.cases.drafts import Draft
from web.sheet import Entry, Section, Sheet, Shown, element_id, say


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
    anchor: str
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
    return dict.get(resolved.stored, path) not in (None, [], {}) and (path, None) not in resolved.given


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
    """The summary of mistakes, of one section or of all."""
    out = []
    for issue in issues:
        section = sheet.section_of_issue(issue) or "sign-off"
        if only in (None, section):
            out.append(Mistake(sheet.sentence(issue), section, element_id(sheet.name_of(issue))))
    return list(dict.fromkeys(out))


def shown_paths(shown: list[Shown]) -> set[str]:
    """The paths of all fields that a person must or should fill in here, columns included."""
    plain = [one for one in shown if not one.folded]
    columns = [cell for one in plain for row in one.rows if not row.blank for cell in row.fields if not cell.folded]
    return {one.entry.path for one in [*plain, *columns]}


def answers_of(draft: Draft, section: Section, names: dict[str, str], issues: list[Issue]) -> list[Answer]:
    """What was answered in a section, read back; computed values too, marked as such."""
    resolved, sheet = draft.resolved, draft.served.sheet
    wrong = sheet.mistakes(issues)
    found = []
    for entry in (one for e in section.entries for one in (e.members or (e,))):
        line = _line(entry, resolved.stored, resolved.values, entry.name, names, wrong)
        if line is None:
            continue
        line.given = (entry.path, None) in resolved.given
        if entry.is_list:
            line.rows = list(_rows(sheet, entry, resolved, names, wrong))
            line.text = "" if line.rows else line.text
            if not (line.rows or line.wrong):
                continue
        found.append(line)
    return found


def _rows(sheet: Sheet, entry: Entry, resolved: Any, names: dict[str, str], wrong: Any) -> Iterator[list[Answer]]:
    stored = dict.get(resolved.stored, entry.path)
    values = dict.get(resolved.values, entry.path)
    if isinstance(stored, list) and isinstance(values, list):
        for index, (row, known) in enumerate(zip(stored, values, strict=True)):
            cells = []
            for column in sheet.columns[entry.path]:
                name = f"{entry.path}/{index}/{column.path.partition('.')[2]}"
                cell = _line(column, row, known, name, names, wrong)
                if cell is not None:
                    cell.given = (column.path, index) in resolved.given
                    cells.append(cell)
            yield cells


def _line(
    entry: Entry, stored: Any, values: Any, name: str, names: dict[str, str], wrong: dict[str, list[str]]
) -> Answer | None:
    value = dict.get(values, entry.path, MISSING)
    asked = entry.visible(stored)
    bad = any(key == name or key.startswith(f"{name}/") for key in wrong)
    if value is MISSING and not bad:
        return None
    if not asked and not entry.computed:
        return None
    text = "（未填）" if value is MISSING else read(entry, value, names)
    return Answer(entry.title, text, entry.departments, element_id(name), computed=not asked, wrong=bad)


def read(entry: Entry, value: Any, names: dict[str, str]) -> str:
    """A value as text; files by their names."""
    if entry.kind in ("upload", "uploads", "signature"):
        ids = value if isinstance(value, list) else [value]
        known = [names.get(str(one), "（文件）") for one in ids]
        return ("已签署：" if entry.kind == "signature" else "") + "、".join(known)
    if entry.kind == "declaration":
        return "已阅读并同意" if value is True else ""
    return say(entry, value)
