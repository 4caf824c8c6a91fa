"""What the pages of a merged form show: sections, their fields in reading order, and how each is entered.

A ``Sheet`` is made once per merged form and decides nothing about validity: what is visible, required or wrong it asks
of the engine. Values are always shown from the answers, so that a mistake is shown as it was typed.
"""

from __future__ import annotations

import dataclasses
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from formengine import Issue, MergedForm
from formengine.answers.resolve import Resolved, suggested
from formengine.answers.writings import in_writing
from formengine.binding.composed import Rows
from formengine.conditions import TRUE, All, AnyOf, Atom, Cond, Has, Not, any_of, paths_of
from formengine.evaluate import Test, compile_condition
from formengine.merging.acts import KINDS, acts
from formengine.merging.field import Field
from formengine.paths import MISSING, Place, keys_in, keys_of, name_of, subject_of
from formengine.rows import Cells
from formengine.templates.schemas import choices
from formengine.words import said

from . import markup

RADIO_LIMIT = 6
"""Up to so many choices stand as radio buttons, more in a drop-down list."""
TEXTAREA_FROM = 200
"""Texts that may be longer than this get several lines."""
OPTIONAL = "选填"
YES_NO = (("yes", True, "是"), ("no", False, "否"))
LINE_KINDS = ("text", "textarea", "number", "date")
TICKED = ("radio", "choices", "yes_no")
ACTS = {"declaration": ("act", "声明和承诺"), "signature": ("act_signature", "签名")}
"""Kinds of acts that are made once for several departments: the kind of entry, and its title."""
NOT_YET = {"act": "请阅读各项声明和承诺，并勾选同意", "act_signature": "请签名"}
PURPOSES = {
    **dict.fromkeys(("mobile", "phone", "landline"), "tel"),
    **{"email": "email", "postcode": "postal-code", "person-name": "name"},
    **{"province": "address-level1", "city": "address-level2", "county": "address-level3", "town": "address-level4"},
    **{"street": "address-line1", "number": "address-line2"},
}
"""For formats, kinds and parts of addresses the HTML autocomplete token of what people fill in about themselves."""
SIGN_OFF = "sign-off"
"""The section where everything is declared and signed, at the end."""
QUESTIONS = "facts"
"""Where the guiding questions stand: on the scenario's own page."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One field of the merged form as it is entered. ``kind`` names the input (see ``forms.FIELDS``)."""

    path: str
    name: str
    title: str
    kind: str
    hint: str
    unit: str
    section: str
    departments: tuple[str, ...]
    choices: tuple[tuple[str, Any, str], ...]
    """``(key in the page, value in the answers, title)``"""
    parts: tuple[tuple[str, str], ...]
    format: str
    max_length: int | None
    integer: bool
    is_open: bool
    text: str
    decides: bool
    computed: bool
    field: Field = dataclasses.field(repr=False, compare=False)
    visible: Test = dataclasses.field(repr=False, compare=False)
    required: tuple[Test, ...] = dataclasses.field(repr=False, compare=False)
    together: tuple[tuple[Test, str], ...] = dataclasses.field(default=(), repr=False, compare=False)
    """Where at least one of several fields has to be filled in: when, and what the field then says of it."""
    steers: bool = False
    """Whether it decides which departments get the row: it is neither required nor optional."""
    purpose: str = ""
    """The HTML autocomplete token, for what people fill in about themselves."""
    members: tuple[Entry, ...] = ()
    """The own answers that an act of declaring or signing makes; empty for all other entries."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the answers stand."""
        return tuple(one.path for one in self.members) or (self.path,)

    @property
    def is_list(self) -> bool:
        return self.kind == "table"

    def part_note(self, key: str) -> str:
        """What stands behind the label of one part of an address: that it may be left out, or one of several."""
        raw = self.field.raw
        either = [one["required"] for one in raw.get("anyOf", ()) if set(one) == {"required"}]
        if any(key in names for names in either):
            return f"{'两' if len(either) == 2 else len(either)}栏至少填一栏"
        return "" if key in raw.get("required", ()) else OPTIONAL

    def part_purpose(self, key: str) -> str:
        """The autocomplete tokens of one part of an address."""
        token = PURPOSES.get(key, "")
        return f"section-{subject_of(self.path)} {token}" if token and not self.field.table else "off"

    def in_writing(self, text: str) -> str:
        """A typed text as the field's formats write it, where that makes it right; numbers and codes only."""
        return in_writing(self.field, text)

    @cached_property
    def line(self) -> str:
        """The kind of line, empty for what is entered otherwise."""
        if self.kind == "number":
            return "integer" if self.integer else "decimal"
        if self.kind == "text":
            return self.format if self.format in markup.LINES else "text"
        return "date" if self.kind == "date" else ""


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    id: str
    title: str
    entries: tuple[Entry, ...]


@dataclass
class Shown:
    """One field on a page, for given answers."""

    entry: Entry
    name: str
    value: Any
    folded: bool
    errors: list[str] = dataclasses.field(default_factory=list)
    part_errors: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    rows: list[ShownRow] = dataclasses.field(default_factory=list)
    members: list[Shown] = dataclasses.field(default_factory=list)
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
        entry, value = self.entry, self.value
        kind = entry.kind
        if kind in LINE_KINDS:
            return ["" if value is None or self.strays else said(value)]
        if kind in TICKED:
            return [self.ticks]
        if kind == "select":
            return [markup.options(entry.choices, value)]
        if kind == "parts":
            known = value if isinstance(value, dict) else {}
            return [said(known.get(key, "")) for key, _ in entry.parts]
        if kind == "declaration":
            return [" checked" if value is True else ""]
        return [] if kind in ("upload", "uploads") and not value else None

    @cached_property
    def strays(self) -> list[tuple[str, str]]:
        """What of the answer the field cannot show, as JSON and in words: it is kept until somebody lets it go."""
        return [
            (json.dumps(one, ensure_ascii=False), _in_words(self.entry, one)) for one in strays(self.entry, self.value)
        ]

    @property
    def said(self) -> str:
        """The value as it is read."""
        return say(self.entry, self.value)

    @property
    def given_key(self) -> str:
        """A suggested value as the page sends it back when it is left as it is."""
        entry, value = self.entry, self.value
        if entry.kind in ("choices", "radio", "select", "yes_no"):
            listed = value if isinstance(value, list) else [value]
            return " ".join(key for key, v, _ in entry.choices or YES_NO if v in listed)
        return said(value)

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

    @property
    def ticks(self) -> Markup:
        """Radio buttons or boxes as HTML."""
        entry, value = self.entry, self.value
        if entry.kind == "choices":
            listed = value if isinstance(value, list) else []
            return markup.ticked(entry.choices, "checkbox", self.name, entry.decides, listed)
        return markup.ticked(entry.choices or YES_NO, "radio", self.name, entry.decides, value)


@dataclass
class ShownRow:
    """One row of a table on a page."""

    index: int
    id: str
    fields: list[Shown]
    errors: list[str] = dataclasses.field(default_factory=list)
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


def element_id(name: str) -> str:
    """The HTML id of the input with this name."""
    return "f-" + name.replace("/", "--")


class Sheet:
    """All pages of one merged form."""

    def __init__(self, form: MergedForm) -> None:
        self.form = form
        self._deciders = _deciders(form)
        self._steering = _steering(form)
        entries = [self._entry(one) for one in form.fields.values() if one.asked and one.kind != "fact"]
        self.by_path = {one.path: one for one in entries}
        self.columns: dict[str, tuple[Entry, ...]] = {}
        for one in entries:
            if one.is_list:
                mine = [e for e in entries if e.field.table == one.path]
                self.columns[one.path] = tuple(_reading_order(form, mine))
        self.sections = tuple(self._sections([e for e in entries if not e.field.table]))
        self.by_id = {one.id: one for one in self.sections}
        self.signing = next((s for s in self.sections if s.id == "sign-off"), Section(SIGN_OFF, "声明与签署", ()))
        self.section_of = {path: s.id for s in self.sections for e in s.entries for path in e.paths}
        self.act_of = {path: e.name for e in self.signing.entries if e.members for path in e.paths}
        self.by_path.update({e.path: e for e in self.signing.entries})
        for table, columns in self.columns.items():
            self.section_of.update({c.path: self.section_of[table] for c in columns})

    # -- made once ---------------------------------------------------------------------------------------------

    def _entry(self, one: Field) -> Entry:
        node = self._printed(one)
        options = _choices(one, node, self._deciders)
        parts = one.raw.get("properties", {}) if one.raw.get("x-kind") == "address" else {}
        return Entry(
            path=one.path,
            name=one.path,
            title=one.title,
            kind=_kind(one, node, options),
            hint="" if one.raw.get("x-own") in KINDS else str(one.raw.get("description", "")),
            unit=str(one.raw.get("x-unit", "")),
            section=self._section_id(one),
            departments=tuple(self._departments(one)),
            choices=tuple((str(index), value, title) for index, (value, title) in enumerate(options)),
            parts=tuple((key, str(part.get("title", key))) for key, part in parts.items()),
            format=str(_said(one, node, "format") or ""),
            max_length=_said(one, node, "maxLength"),
            integer=_said(one, node, "type") == "integer",
            is_open=bool(one.raw.get("x-open")),
            text=str(one.raw.get("description", "")) if one.raw.get("x-own") in KINDS else "",
            decides=one.path in self._deciders,
            computed=bool(one.derivations),
            field=one,
            visible=compile_condition(one.visible),
            required=tuple(compile_condition(guard) for guard in _needed_when(one)),
            together=tuple(self._together(one.path)),
            steers=bool(one.table) and one.path in self._steering,
            purpose=_purpose(one),
        )

    def _together(self, path: str) -> Iterator[tuple[Test, str]]:
        """Where a department wants at least one of several fields, this one among them."""
        for clause in self.form.clauses:
            wanted = clause.condition
            if clause.kind == "hold" and isinstance(wanted, AnyOf) and all(isinstance(p, Atom) for p in wanted.parts):
                paths = dict.fromkeys(paths_of(wanted))
                if path in paths and all(p in self.form.fields and self.form.fields[p].asked for p in paths):
                    others = "”“".join(self.form.fields[p].title for p in paths if p != path)
                    yield compile_condition(clause.guard), f"与“{others}”至少填一项"

    def _printed(self, one: Field) -> dict[str, Any]:
        node: Any = self.form.schema
        keys = keys_of(one.path)
        if one.table:
            node, keys = node.get("properties", {}).get(one.table, {}).get("items", {}), keys[1:]
        for key in keys:
            node = node.get("properties", {}).get(key, {})
        return node if isinstance(node, dict) else {}

    def _departments(self, one: Field) -> Iterator[str]:
        seen = set()
        for source in one.sources:
            known = self.form.library.forms.get(source.form)
            title = known.department.get("title", "") if known else ""
            if title and title not in seen:
                seen.add(title)
                yield title

    def _section_id(self, one: Field) -> str:
        if one.raw.get("x-own") in KINDS:
            return SIGN_OFF
        if one.section and one.section != "own":
            return one.section
        if one.kind == "list":
            inside = [f for f in self.form.fields.values() if f.table == one.path and f.section]
            return str(inside[0].section if inside else one.raw.get("x-section") or one.path)
        decided = [f for f in self.form.fields.values() if one.path in set(paths_of(f.visible)) and f.path != one.path]
        homes = [self._section_id(f) for f in decided if f.section != "own"]
        return homes[0] if homes else "own"

    def _sections(self, entries: list[Entry]) -> Iterator[Section]:
        titles = {s["id"]: s["title"] for s in self.form.scenario.raw.get("x-sections", ())}
        known = [name for name in titles if name not in ("facts", "own", "materials")]
        others = [e.section for e in entries if e.section not in titles and e.section != "sign-off"]
        titles.update({"own": "其他事项", SIGN_OFF: "声明与签署"})
        for name in dict.fromkeys([*known, *others, "own", "materials", SIGN_OFF]):
            inside = [e for e in entries if e.section == name]
            if name == "sign-off":
                inside = list(self._acts(inside))
            if inside:
                title = titles.get(name) or self._subject_title(name)
                yield Section(name, title, tuple(_reading_order(self.form, inside)))

    def _acts(self, entries: list[Entry]) -> Iterator[Entry]:
        """Own answers that one act makes, as one entry."""
        by_path = {one.path: one for one in entries}
        for act in acts(self.form):
            members = tuple(by_path[path] for path in act.paths if path in by_path)
            if len(members) > 1 and act.kind in ACTS:
                kind, title = ACTS[act.kind]
                path = f"act.{act.id}"
                yield dataclasses.replace(
                    members[0],
                    path=path,
                    name=path,
                    title=title,
                    kind=kind,
                    departments=tuple(dict.fromkeys(d for one in members for d in one.departments)),
                    visible=_some([one.visible for one in members]),
                    required=tuple(test for one in members for test in one.required),
                    members=members,
                )
            else:
                yield from members

    def _subject_title(self, name: str) -> str:
        subject = self.form.library.subjects.get(name)
        return subject.title if subject else name

    # -- for given answers -------------------------------------------------------------------------------------

    def show(
        self, section: Section, resolved: Resolved, issues: Iterable[Issue] = (), blank: dict[str, int] | None = None
    ) -> list[Shown]:
        """The visible fields of a section, values and mistakes in place; ``blank`` adds empty rows to tables."""
        wrong = self.mistakes(issues)
        scope = resolved.stored
        found = []
        for entry in section.entries:
            if entry.visible(scope):
                shown = self._shown(entry, scope, entry.name, wrong, (blank or {}).get(entry.path, 0))
                shown.given = Place(entry.path) in resolved.given and not shown.wrong
                for row in shown.rows:
                    for one in row.fields:
                        one.given |= Place(one.entry.path, row.index) in resolved.given and not one.wrong
                found.append(shown)
        return found

    def _shown(self, entry: Entry, scope: Any, name: str, wrong: dict[str, list[str]], blank: int = 0) -> Shown:
        value = scope.get(entry.path)
        needed = any(test(scope) for test in entry.required)
        shown = Shown(entry, name, value, False, list(dict.fromkeys(wrong.get(name, []))))
        if entry.members:
            shown.members = [self._shown(one, scope, one.name, {}) for one in entry.members if one.visible(scope)]
            done = all(one.value is not None for one in shown.members)
            shown.value = shown.members[0].value if shown.members and done else None
        if entry.parts:
            keyed = ((key, wrong.get(f"{name}/{key}")) for key, _ in entry.parts)
            shown.part_errors = {key: found for key, found in keyed if found}
        if entry.is_list:
            shown.rows = self._rows(entry, scope, value, wrong, blank, needed)
        together = next((said for when, said in entry.together if when(scope)), "")
        shown.refills = entry.kind == "choices" and self._offered(entry, scope) is not None
        shown.tag = "" if needed or entry.steers else together or OPTIONAL
        kept_open = entry.is_open or entry.is_list or entry.steers or bool(together) or entry.field.kind == "material"
        shown.folded = not (needed or kept_open)
        return shown

    def _rows(
        self, entry: Entry, around: Any, value: Any, wrong: dict[str, list[str]], blank: int, needed: bool
    ) -> list[ShownRow]:
        rows = list(value) if isinstance(value, list) else []
        made = [self._row(entry, row, index, row.row.id, wrong) for index, row in enumerate(rows)]
        for index in range(len(made), len(made) + (blank or (1 if needed and not made else 0))):
            made.append(self._row(entry, Cells(around, entry.path, index), index, secrets.token_hex(4), wrong, True))
        return made

    def _row(
        self, entry: Entry, scope: Any, index: int, row_id: str, wrong: dict[str, list[str]], blank: bool = False
    ) -> ShownRow:
        fields = []
        for column in self.columns[entry.path]:
            if column.visible(scope):
                name = f"{entry.path}/{index}/{name_of(column.path)}"
                offered = self._offered(column, scope) if blank else None
                if offered is not None:
                    scope.columns[column.path] = offered
                fields.append(self._shown(column, scope, name, wrong))
                fields[-1].given = offered is not None
        return ShownRow(index, row_id, fields, wrong.get(f"{entry.path}/{index}", []), blank)

    def _offered(self, entry: Entry, scope: Any) -> Any:
        """What is suggested where nothing is answered."""
        tests = [(compile_condition(when), one) for when, one in entry.field.suggestions]
        value = suggested(tests, scope, scope, entry.field.raw)
        return None if value is MISSING else value

    def mistakes(self, issues: Iterable[Issue]) -> dict[str, list[str]]:
        """The sentences of the issues by the name of the input where each belongs."""
        found: dict[str, list[str]] = {}
        for issue in issues:
            found.setdefault(self.name_of(issue), []).append(self.sentence(issue))
        return found

    def sentence(self, issue: Issue) -> str:
        """What to do about an issue; an act that is still to be made is named once, not by each text."""
        if issue.code == "required" and issue.element in self.act_of:
            return NOT_YET[self.by_path[self.act_of[issue.element]].kind]
        return issue.message

    def name_of(self, issue: Issue) -> str:
        """The name of the input that an issue is about."""
        keys = keys_in(issue.pointer)
        if not keys:
            return ""
        if keys[0] in self.columns:
            tail = self._within(f"{keys[0]}.{keys[2]}", keys[3:]) if len(keys) > 2 else ""
            return "/".join(keys[:3]) + tail
        depth = 3 if keys[0] == "own" else 2
        path = self._home(".".join(keys[:depth]))
        path = self.act_of.get(path, path)
        return path + self._within(path, keys[depth:])

    def _home(self, path: str, seen: frozenset[str] = frozenset()) -> str:
        """Where a value is entered; of one that is computed, where the first of what it is computed from is."""
        known = self.form.fields.get(path)
        if known is None or path in self.section_of or path in seen:
            return path
        sources = dict.fromkeys(s for _, derivation in known.derivations for s in derivation.sources)
        homes = (self._home(self._table_of(source), seen | {path}) for source in sources)
        return next((home for home in homes if home in self.section_of), path)

    def _table_of(self, path: str) -> str:
        known = self.form.fields.get(path)
        return (known.table if known else None) or path

    def _within(self, path: str, keys: list[str]) -> str:
        entry = self.by_path.get(path)
        return f"/{keys[0]}" if entry and keys and keys[0] in dict(entry.parts) else ""

    def place_of(self, issue: Issue) -> tuple[int, ...]:
        """Where on the pages an issue stands, to be compared: section, field, row, column, part."""
        name, _, rest = self.name_of(issue).partition("/")
        section = self.section_of_issue(issue)
        ids = [s.id for s in self.sections]
        entries = [e.path for e in self.by_id[section].entries] if section in self.by_id else []
        column = [c.path for c in self.columns.get(name, ())]
        row, _, inner = rest.partition("/")
        where = f"{name}.{inner.partition('/')[0]}"
        parts = [key for key, _ in self.by_path[name].parts] if name in self.by_path else []
        return (
            ids.index(section) if section in ids else len(ids),
            entries.index(name) if name in entries else len(entries),
            int(row) if row.isdigit() else -1,
            column.index(where) if where in column else -1,
            parts.index(rest) if rest in parts else -1,
        )

    def section_of_issue(self, issue: Issue) -> str | None:
        """The id of the section where an issue can be mended; None where no page can."""
        keys = keys_in(issue.pointer)
        if keys[:1] == ["facts"]:
            return QUESTIONS
        for path in (issue.element, ".".join(keys[:3]), self._home(".".join(keys[:2])), keys[0] if keys else ""):
            if path in self.section_of:
                return self.section_of[path]
        return None

    def text(self, entry: Entry, value: Any) -> str:
        """A value as it is read, not as it is coded."""
        return say(entry, value)


def _some(tests: list[Test]) -> Test:
    """A test that holds where one of these does."""
    return lambda scope: any(test(scope) for test in tests)


def say(entry: Entry, value: Any) -> str:
    """A value in Chinese: titles for codes, 是 / 否, an address in one line, numbers with their unit."""
    if isinstance(value, dict):
        return "".join(said(value.get(key)) for key, _ in entry.parts)
    text = said(value, {v: title for _, v, title in entry.choices if not isinstance(v, bool)})
    number = isinstance(value, int | float) and not isinstance(value, bool) and not entry.choices
    return f"{text} {entry.unit}" if number and entry.unit else text


def strays(entry: Entry, value: Any) -> list[Any]:
    """The parts of an answer that the entry's field has no place for: options that are gone, parts of an address that
    are gone, values of another kind."""
    if value is None:
        return []
    kind, known = entry.kind, [v for _, v, _ in entry.choices or YES_NO]
    if kind in ("radio", "select", "yes_no"):
        return [] if _among(value, known) else [value]
    if kind == "choices":
        return [[v] for v in value if not _among(v, known)] if isinstance(value, list) else [value]
    if kind == "parts":
        names = dict(entry.parts)
        gone = {k: v for k, v in value.items() if k not in names} if isinstance(value, dict) else value
        return [gone] if gone or not isinstance(value, dict) else []
    if kind in LINE_KINDS:
        return [] if isinstance(value, str | int | float) and not isinstance(value, bool) else [value]
    if kind == "declaration":
        return [] if value is True else [value]
    if kind == "table":
        return [] if isinstance(value, list) else [value]
    return [] if kind in ("act", "act_signature") or isinstance(value, str | list) else [value]


def _among(value: Any, known: list[Any]) -> bool:
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in known)


def _in_words(entry: Entry, value: Any) -> str:
    if isinstance(value, dict | list):
        return "、".join(map(str, value.values() if isinstance(value, dict) else value))
    return say(entry, value) if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)


def _said(one: Field, node: dict[str, Any], keyword: str) -> Any:
    """A keyword of the printed schema; where that says it only under conditions, of the dictionary."""
    known = one.schema if isinstance(one.schema, dict) else {}
    return node.get(keyword, known.get(keyword))


def _kind(one: Field, node: dict[str, Any], options: list[tuple[Any, str]]) -> str:
    own = one.raw.get("x-own")
    kind = _said(one, node, "type")
    if one.kind == "list":
        return "table"
    if own in ("declaration", "consent") and kind == "boolean":
        return "declaration"
    if own == "signature":
        return "signature"
    if one.kind == "material":
        return "uploads"
    if _said(one, node, "format") == "attachment-id":
        return "upload"
    if kind == "array" and options:
        return "choices"
    if options:
        return "radio" if len(options) <= RADIO_LIMIT else "select"
    if one.raw.get("x-kind") == "address":
        return "parts"
    if kind in ("boolean", "number", "integer"):
        return "yes_no" if kind == "boolean" else "number"
    if _said(one, node, "format") == "date":
        return "date"
    return "textarea" if (_said(one, node, "maxLength") or 0) > TEXTAREA_FROM else "text"


def _choices(one: Field, node: dict[str, Any], deciders: dict[str, set[str]]) -> list[tuple[Any, str]]:
    """The options that some department takes here; of what only steers the form, those that steer it."""
    printed = choices(node) or choices(node.get("items", {}))
    titles = dict(one.choices)
    options = [(value, titles.get(value, title)) for value, title in printed] if printed else list(one.choices)
    if one.kind == "guide" and one.schema.get("type") == "array":
        read = deciders.get(one.path, set())
        return [(value, title) for value, title in options if value in read] or options
    return options


def _needed_when(one: Field) -> list[Cond]:
    """The guards of what requires the field, a table where some row is required."""
    found = [c.guard for c in one.clauses if c.kind == "required" or (c.kind == "rows" and c.minimum)]
    whole = any_of(found)
    return [whole] if whole == TRUE else found


def _steering(form: MergedForm) -> set[str]:
    """The columns that decide which departments get a row."""
    wheres = [b.where for one in form.bound for b in one.bindings.values() if isinstance(b, Rows)]
    return {path for where in wheres for path in paths_of(where)}


def _purpose(one: Field) -> str:
    """What a person fills in about themselves, as HTML's autocomplete names it; nothing for rows, which are others."""
    known = one.schema if isinstance(one.schema, dict) else {}
    token = PURPOSES.get(str(known.get("format", one.raw.get("x-kind", ""))), "")
    return f"section-{subject_of(one.path)} {token}" if token and not one.table and one.kind == "element" else ""


def _deciders(form: MergedForm) -> dict[str, set[str]]:
    """For each path that some condition reads, the texts that the conditions compare it with."""
    found: dict[str, set[str]] = {}
    conditions: list[Cond] = [f.visible for f in form.fields.values()]
    for clause in form.clauses:
        conditions += [clause.guard, clause.where, clause.condition]
    for one in form.bound:
        conditions += [b.where for b in one.bindings.values() if hasattr(b, "where")]
    for condition in set(conditions):
        for atom in _atoms(condition):
            found.setdefault(atom.path, set()).update(re.findall(r'"([^"\\]+)"', atom.text))
    return found


def _atoms(cond: Cond) -> Iterator[Atom]:
    if isinstance(cond, Atom):
        yield cond
    elif isinstance(cond, All | AnyOf):
        for part in cond.parts:
            yield from _atoms(part)
    elif isinstance(cond, Not):
        yield from _atoms(cond.part)
    elif isinstance(cond, Has):
        yield from _atoms(cond.where)


def _reading_order(form: MergedForm, entries: list[Entry]) -> list[Entry]:
    """Subject by subject, each in the dictionary's order; what decides stands before what it decides."""
    subjects = _subjects_in_order(entries)
    rank: dict[str, tuple[int, int]] = {}
    for entry in entries:
        subject = subject_of(entry.path)
        rank[entry.path] = (subjects.index(subject), _place(form, entry.path))
    waiting = sorted(entries, key=lambda e: rank[e.path])
    inside = {e.path for e in entries}
    out: list[Entry] = []
    done: set[str] = set()

    def place(entry: Entry) -> None:
        if entry.path in done:
            return
        done.add(entry.path)
        for path in sorted(set(paths_of(entry.field.visible)) & inside, key=lambda p: rank[p]):
            place(next(e for e in entries if e.path == path))
        out.append(entry)

    for entry in waiting:
        place(entry)
    return out


def _subjects_in_order(entries: list[Entry]) -> list[str]:
    """Subjects as they come, but whose values others copy stands before them."""
    copied: dict[str, set[str]] = {}
    for entry in entries:
        sources = {subject_of(s) for _, derivation in entry.field.derivations for s in derivation.sources}
        copied.setdefault(subject_of(entry.path), set()).update(sources)
    out: dict[str, None] = {}

    def place(subject: str, trail: tuple[str, ...]) -> None:
        for other in copied:
            if other in copied[subject] and other not in (*trail, subject):
                place(other, (*trail, subject))
        out.setdefault(subject)

    for subject in copied:
        place(subject, ())
    return list(out)


def _place(form: MergedForm, path: str) -> int:
    subject, _, attribute = path.partition(".")
    known = form.library.subjects.get(subject)
    names = list(known.node.get("properties", {})) if known else list(form.fields)
    name = attribute if known else path
    return names.index(name) if name in names else len(names)
