"""What the pages of a merged form show: sections, their fields in reading order, and how each is entered.

A ``Sheet`` is made once per merged form and decides nothing about validity: what is visible, required or wrong it asks
of the engine.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from threading import Lock
from typing import Any

from formengine import Field, Library, MergedForm, Scenario, acts, questions, said, subject_of

from .entries import PURPOSES, Described, Entry, Section, Test
from .kinds import ACT_KINDS, kind_of
from .order import reading_order

SIGN_OFF = "sign-off"
"""The section where everything is declared and signed, at the end."""
QUESTIONS = "facts"
"""Where the guiding questions stand: on the scenario's own page."""
OWN, MATERIALS = "own", "materials"
TITLES = {OWN: "其他事项", SIGN_OFF: "声明与签署"}


def described(one: Field, node: dict[str, Any], options: int) -> Described:
    """What tells which kind a field is of: what the printed schema says; where it says so only under conditions, the
    dictionary."""
    known = one.schema if isinstance(one.schema, dict) else {}
    told = {word: node.get(word, known.get(word)) for word in ("type", "format", "maxLength")}
    return Described(one, told["type"], told["format"], told["maxLength"] or 0, options)


class Sheet:
    """All pages of one merged form."""

    def __init__(self, form: MergedForm) -> None:
        self.form = form
        entries = [self._entry(one) for one in form.fields.values() if one.asked and one.kind != "fact"]
        columns = [e for e in entries if e.field.table]
        self.columns: dict[str, tuple[Entry, ...]] = {}
        for one in (e for e in entries if e.is_list):
            mine = reading_order(form, [e for e in columns if e.field.table == one.path])
            self.columns[one.path] = tuple(mine)
        whole = [self._with_columns(e) for e in entries if not e.field.table]
        self.by_path = {one.path: one for one in [*whole, *columns]}
        self.sections = tuple(self._sections(whole))
        self.by_id = {one.id: one for one in self.sections}
        self.signing = self.by_id.get(SIGN_OFF, Section(SIGN_OFF, TITLES[SIGN_OFF], ()))
        self.section_of = {path: s.id for s in self.sections for path in s.paths}
        self.act_of = {path: e.name for e in self.signing.entries if e.members for path in e.paths}
        self.by_path.update({e.path: e for e in self.signing.entries})
        for table, cells in self.columns.items():
            self.section_of.update({c.path: self.section_of[table] for c in cells})

    def _with_columns(self, entry: Entry) -> Entry:
        return dataclasses.replace(entry, columns=self.columns[entry.path]) if entry.is_list else entry

    def _entry(self, one: Field) -> Entry:
        node = self.form.printed(one.path)
        options = self._choices(one, node)
        told = described(one, node, len(options))
        parts = one.raw.get("properties", {}) if one.raw.get("x-kind") == "address" else {}
        text = str(one.raw.get("description", ""))
        return Entry(
            path=one.path,
            name=one.path,
            title=one.title,
            kind=kind_of(told),
            field=one,
            hint="" if one.act else text,
            unit=str(one.raw.get("x-unit", "")),
            section=self._section_id(one),
            departments=tuple(self._departments(one)),
            choices=tuple((str(index), value, title) for index, (value, title) in enumerate(options)),
            parts=tuple((key, str(part.get("title", key))) for key, part in parts.items()),
            format=str(told.format or ""),
            integer=told.type == "integer",
            text=text if one.act else "",
            decides=one.path in self.form.deciders,
            together=tuple(self._together(one.path)),
            steers=bool(one.table) and one.path in self.form.steering,
            purpose=_purpose(one),
        )

    def _choices(self, one: Field, node: dict[str, Any]) -> list[tuple[Any, str]]:
        """The options that some department takes here; of what only steers the form, those that steer it."""
        printed = [(value, title) for value, title in _printed_choices(node)]
        titles = dict(one.choices)
        options = [(value, titles.get(value, title)) for value, title in printed] if printed else list(one.choices)
        if one.kind == "guide" and isinstance(one.schema, dict) and one.schema.get("type") == "array":
            read = self.form.deciders.get(one.path, frozenset())
            return [(value, title) for value, title in options if value in read] or options
        return options

    def _together(self, path: str) -> Iterator[tuple[Test, str]]:
        for when, paths in self.form.either(path):
            others = "”“".join(self.form.fields[other].title for other in paths if other != path)
            yield when, f"与“{others}”至少填一项"

    def _departments(self, one: Field) -> Iterator[str]:
        forms = [self.form.library.forms[s.form] for s in one.sources if s.form in self.form.library.forms]
        yield from dict.fromkeys(form.department["title"] for form in forms)

    def _section_id(self, one: Field) -> str:
        if one.act:
            return SIGN_OFF
        if one.section and one.section != OWN:
            return one.section
        fields = self.form.fields.values()
        if one.kind == "list":
            inside = [f for f in fields if f.table == one.path and f.section]
            return str(inside[0].section if inside else one.raw.get("x-section") or one.path)
        homes = (self._section_id(f) for f in fields if one.path in f.reads and f is not one and f.section != OWN)
        return next(homes, OWN)

    def _sections(self, entries: list[Entry]) -> Iterator[Section]:
        titles = {s["id"]: s["title"] for s in self.form.scenario.raw.get("x-sections", ())}
        known = [name for name in titles if name not in (QUESTIONS, OWN, MATERIALS)]
        others = [e.section for e in entries if e.section not in titles and e.section != SIGN_OFF]
        titles.update(TITLES)
        for name in dict.fromkeys([*known, *others, OWN, MATERIALS, SIGN_OFF]):
            inside = [e for e in entries if e.section == name]
            if name == SIGN_OFF:
                inside = list(self._acts(inside))
            if inside:
                title = titles.get(name) or self._subject_title(name)
                yield Section(name, title, tuple(reading_order(self.form, inside)))

    def _acts(self, entries: list[Entry]) -> Iterator[Entry]:
        """Own answers that one act makes, as one entry."""
        by_path = {one.path: one for one in entries}
        for act in acts(self.form):
            members = tuple(by_path[path] for path in act.paths if path in by_path)
            if len(members) > 1 and act.kind in ACT_KINDS:
                kind, title = ACT_KINDS[act.kind]
                path, whose = f"act.{act.id}", tuple(dict.fromkeys(d for one in members for d in one.departments))
                whole = dataclasses.replace(members[0], path=path, name=path, title=title, kind=kind, members=members)
                yield dataclasses.replace(whole, departments=whose)
            else:
                yield from members

    def _subject_title(self, name: str) -> str:
        subject = self.form.library.subjects.get(name)
        return subject.title if subject else name


def _printed_choices(node: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """The choices that a printed schema lists, for the value or for each item of it."""
    for one in (node, node.get("items", {})):
        listed = one.get("oneOf", ()) if isinstance(one, dict) else ()
        if listed:
            yield from ((option["const"], str(option.get("title", option["const"]))) for option in listed)
            return
        if isinstance(one, dict) and "enum" in one:
            yield from ((value, said(value)) for value in one["enum"])
            return


def _purpose(one: Field) -> str:
    """What a person fills in about themselves, as HTML's autocomplete names it; nothing for rows, which are others."""
    known = one.schema if isinstance(one.schema, dict) else {}
    token = PURPOSES.get(str(known.get("format", one.raw.get("x-kind", ""))), "")
    return f"section-{subject_of(one.path)} {token}" if token and not one.table and one.kind == "element" else ""


def question_entries(library: Library, scenario: Scenario) -> list[Entry]:
    """The guiding questions as they are entered, before anything is merged; choices are sent by their values."""
    found = []
    for one in questions(library, scenario):
        name = one.path.partition(".")[2]
        told = described(one, one.raw, len(one.choices))
        choices = tuple((str(value), value, title) for value, title in one.choices)
        hint, unit = str(one.raw.get("description", "")), str(one.raw.get("x-unit", ""))
        found.append(Entry(one.path, name, one.title, kind_of(told), one, hint=hint, unit=unit, choices=choices))
    return found


class Sheets:
    """The sheets of merged forms and the questions of scenarios, each made once; the latest are in memory."""

    KEPT = 256

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def of(self, key: Hashable, form: MergedForm) -> Sheet:
        """The sheet of a form; ``key`` tells one form from another."""
        found: Sheet = self._once(key, lambda: Sheet(form))
        return found

    def questions(self, library: Library, scenario: Scenario) -> list[Entry]:
        """The guiding questions of a scenario as they are entered."""
        key = ("questions", library.documents.digest, scenario.id)
        found: list[Entry] = self._once(key, lambda: question_entries(library, scenario))
        return found

    def _once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self.KEPT:
                self._made.popitem(last=False)
        return made
