"""What the applicant's pages show beside the form itself: tasks, mistakes, the way from section to section."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formengine import Issue, Place, Resolved, name_of
from web.form.entries import Section
from web.form.protocol import element_id
from web.form.reader import QUESTION
from web.form.sheet import QUESTIONS, SIGN_OFF, Sheet
from web.form.show import Shown
from web.form.signposts import Signposts


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


def tasks(sheet: Sheet, resolved: Resolved, issues: Iterable[Issue]) -> list[Task]:
    """Every section with its state: nothing entered, something to do, done."""
    posts, todo = Signposts(sheet), dict[str, int]()
    for issue in issues:
        home = posts.section_of(issue) or ""
        todo[home] = todo.get(home, 0) + 1
    out = []
    for section in _visible(sheet, resolved):
        begun, left = any(_begun(resolved, path) for path in section.paths), todo.get(section.id, 0)
        out.append(Task(section, "done" if not left else "begun" if begun else "new", left))
    return out


def _visible(sheet: Sheet, resolved: Resolved) -> list[Section]:
    return [one for one in sheet.sections if any(e.visible(resolved.stored) for e in one.entries)]


def _begun(resolved: Resolved, path: str) -> bool:
    return resolved.stored.get(path) not in (None, [], {}) and Place(path) not in resolved.given


def neighbours(sheet: Sheet, resolved: Resolved, section: Section) -> tuple[Section | None, Section | None]:
    """The visible sections before and after one."""
    shown = _visible(sheet, resolved)
    ids = [one.id for one in shown]
    if section.id not in ids:
        return None, shown[0] if shown else None
    index = ids.index(section.id)
    return shown[index - 1] if index else None, shown[index + 1] if index + 1 < len(shown) else None


def mistakes(sheet: Sheet, issues: Iterable[Issue], only: str | None = None) -> list[Mistake]:
    """The summary of mistakes, of one section or of all, in the order of the pages."""
    posts, out = Signposts(sheet), []
    for issue in sorted(issues, key=posts.place_of):
        section = posts.section_of(issue) or SIGN_OFF
        if only in (None, section):
            name = posts.name_of(issue)
            anchor = QUESTION + name_of(name) if section == QUESTIONS else element_id(name)
            out.append(Mistake(posts.sentence(issue), section, anchor))
    return list(dict.fromkeys(out))


def shown_paths(shown: list[Shown]) -> set[str]:
    """The paths of all fields that a person must or should fill in here, columns included."""
    plain = [one for one in shown if not one.folded]
    columns = [cell for one in plain for row in one.rows if not row.blank for cell in row.fields if not cell.folded]
    return {one.entry.path for one in [*plain, *columns]}
