"""Where on the pages a mistake belongs: its input, its section, its place in reading order, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from formengine import Issue, Place, keys_in

from .protocol import input_name
from .sheet import QUESTIONS, Sheet

NOT_YET = {"act": "请阅读各项声明和承诺，并勾选同意", "act_signature": "请签名"}
"""What is still to be done where an act is not made yet: said once, not by each text."""


class Signposts:
    """Leads from the engine's mistakes to the pages of one form."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.form = sheet, sheet.form

    def mistakes(self, issues: Iterable[Issue]) -> dict[str, list[str]]:
        """The sentences of the issues by the name of the input where each belongs."""
        found: dict[str, list[str]] = {}
        for issue in issues:
            found.setdefault(self.name_of(issue), []).append(self.sentence(issue))
        return found

    def sentence(self, issue: Issue) -> str:
        """What to do about an issue; an act that is still to be made is named once, not by each text."""
        if issue.code == "required" and issue.element in self.sheet.act_of:
            return NOT_YET[self.sheet.by_path[self.sheet.act_of[issue.element]].kind.name]
        return issue.message

    def name_of(self, issue: Issue) -> str:
        """The name of the input that an issue is about."""
        keys = keys_in(issue.pointer)
        if not keys:
            return ""
        if keys[0] in self.sheet.columns:
            tail = self._within(f"{keys[0]}.{keys[2]}", keys[3:]) if len(keys) > 2 else ()
            return "/".join([*keys[:3], *tail])
        depth = 3 if keys[0] == "own" else 2
        path = self._home(".".join(keys[:depth]))
        path = self.sheet.act_of.get(path, path)
        return input_name(Place(path, None, self._within(path, keys[depth:])))

    def _home(self, path: str, seen: frozenset[str] = frozenset()) -> str:
        """Where a value is entered; of one that is computed, where the first of what it is computed from is."""
        known = self.form.fields.get(path)
        if known is None or path in self.sheet.section_of or path in seen:
            return path
        homes = (self._home(self._table_of(source), seen | {path}) for source in known.origins)
        return next((home for home in homes if home in self.sheet.section_of), path)

    def _table_of(self, path: str) -> str:
        known = self.form.fields.get(path)
        return (known.table if known else None) or path

    def _within(self, path: str, keys: list[str]) -> tuple[str, ...]:
        """The part of a value that has an input of its own."""
        entry = self.sheet.by_path.get(path)
        return (keys[0],) if entry and keys and keys[0] in dict(entry.parts) else ()

    def place_of(self, issue: Issue) -> tuple[int, ...]:
        """Where on the pages an issue stands, to be compared: section, field, row, column, part."""
        name, _, rest = self.name_of(issue).partition("/")
        section = self.section_of(issue)
        ids = [s.id for s in self.sheet.sections]
        entries = [e.path for e in self.sheet.by_id[section].entries] if section in self.sheet.by_id else []
        column = [c.path for c in self.sheet.columns.get(name, ())]
        row, _, inner = rest.partition("/")
        where = f"{name}.{inner.partition('/')[0]}"
        parts = [key for key, _ in self.sheet.by_path[name].parts] if name in self.sheet.by_path else []
        return (
            ids.index(section) if section in ids else len(ids),
            entries.index(name) if name in entries else len(entries),
            int(row) if row.isdigit() else -1,
            column.index(where) if where in column else -1,
            parts.index(rest) if rest in parts else -1,
        )

    def section_of(self, issue: Issue) -> str | None:
        """The id of the section where an issue can be mended; None where no page can."""
        keys = keys_in(issue.pointer)
        if keys[:1] == ["facts"]:
            return QUESTIONS
        places = self.sheet.section_of
        for path in (issue.element, ".".join(keys[:3]), self._home(".".join(keys[:2])), keys[0] if keys else ""):
            if path in places:
                return places[path]
        return None
