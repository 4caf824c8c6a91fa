"""One field as it is entered, what every kind of field does, and the sections that entries stand in."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict

from formengine import MISSING, Field, Scope, in_writing, one_writing, said, subject_of

from . import markup
from .protocol import GIVEN, STRAY

Test = Callable[[Scope], bool]
Choices = tuple[tuple[str, Any, str], ...]
"""``(key in the page, value in the answers, title)``"""
OPTIONAL = "选填"
YES_NO: Choices = (("yes", True, "是"), ("no", False, "否"))
PURPOSES = {
    **dict.fromkeys(("mobile", "phone", "landline"), "tel"),
    **{"email": "email", "postcode": "postal-code", "person-name": "name"},
    **{"province": "address-level1", "city": "address-level2", "county": "address-level3", "town": "address-level4"},
    **{"street": "address-line1", "number": "address-line2"},
}
"""For formats, kinds and parts of addresses the HTML autocomplete token of what people fill in about themselves."""


Data = MultiDict[str, Any]
"""What a page sent."""
Names = Mapping[str, str]
"""The names of files, and of who signed, by id."""


class Described(NamedTuple):
    """What tells which kind a field is of."""

    field: Field
    type: object
    format: object
    max_length: int
    options: int


def clean(text: object) -> str:
    """Typed text in one writing: without what nobody sees, and without half a character, which no page can hold."""
    return one_writing(re.sub("[\ud800-\udfff]", "\ufffd", str(text)))


class Kind:
    """A kind of field; ``name`` is its macro in ``fields.html``."""

    name = ""
    line = ""
    """The kind of one-line input that it is, whatever the field."""
    has_files = False

    def fits(self, one: Described) -> bool:
        """Whether a field is of this kind; the first that fits is taken."""
        return False

    # -- binds -------------------------------------------------------------------------------------------------

    def answer(self, entry: Entry, name: str, data: Data) -> object:
        """What the page said under this name; MISSING where that is nothing, or what was suggested anyway."""
        if self._left(name, data):
            return MISSING
        strays = [json.loads(text) for text in data.getlist(f"{name}{STRAY}")]
        return self.with_strays(self.read(entry, name, data), strays)

    def _left(self, name: str, data: Data) -> bool:
        """Whether a suggested value was left as it was: nothing is stored, and it follows what it depends on."""
        given = data.get(f"{name}{GIVEN}")
        return given is not None and " ".join(map(clean, data.getlist(name))).strip() == clean(given).strip()

    def read(self, entry: Entry, name: str, data: Data) -> object:
        """The answer, MISSING where it is empty."""
        return self.bind(entry, clean(data.get(name, "")))

    def bind(self, entry: Entry, text: str) -> object:
        """One typed text as an answer; what cannot be read as its type is kept as it was typed."""
        return text or MISSING

    def choices(self, entry: Entry) -> Choices:
        """What can be chosen; nothing for what is typed."""
        return ()

    def with_strays(self, answer: object, strays: list[Any]) -> object:
        """What was answered now takes the place of what could not be shown."""
        return strays[0] if answer is MISSING and strays else answer

    # -- shows -------------------------------------------------------------------------------------------------

    def inner(self, entry: Entry, name: str, value: object) -> list[Any] | None:
        """What an answer puts into the field's HTML; ``None`` where the macro looks at the whole answer."""
        return None

    def strays(self, entry: Entry, value: object) -> list[Any]:
        """The parts of an answer that the field has no place for: options that are gone, values of another kind."""
        return [] if isinstance(value, str | list) else [value]

    def key(self, entry: Entry, value: object) -> str:
        """A suggested value as the page sends it back when it is left as it is."""
        return said(value)

    # -- says --------------------------------------------------------------------------------------------------

    def said(self, entry: Entry, value: object, names: Names) -> str:
        """A value as it is read, not as it is coded."""
        return said(value)


@dataclass(frozen=True, eq=False)
class Entry:
    """One field as it is entered; ``kind`` binds, shows and says it."""

    path: str
    name: str
    title: str
    kind: Kind
    field: Field = dataclasses.field(repr=False)
    hint: str = ""
    unit: str = ""
    section: str = ""
    departments: tuple[str, ...] = ()
    choices: Choices = ()
    parts: tuple[tuple[str, str], ...] = ()
    format: str = ""
    integer: bool = False
    text: str = ""
    """What is declared, of an act."""
    decides: bool = False
    """Whether other fields depend on it."""
    together: tuple[tuple[Test, str], ...] = ()
    """Where at least one of several fields has to be filled in: when, and what the field then says of it."""
    steers: bool = False
    """Whether it decides which departments get the row: it is neither required nor optional."""
    purpose: str = ""
    """The HTML autocomplete token, for what people fill in about themselves."""
    columns: tuple[Entry, ...] = ()
    """Of a table, in reading order."""
    members: tuple[Entry, ...] = ()
    """The own answers that an act of declaring or signing makes; empty for all other entries."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the answers stand."""
        return tuple(one.path for one in self.members) or (self.path,)

    @property
    def is_list(self) -> bool:
        return self.field.kind == "list"

    @property
    def is_open(self) -> bool:
        """Whether it stands open though it is optional."""
        return bool(self.field.raw.get("x-open"))

    @cached_property
    def visible(self) -> Test:
        """Whether it is asked; of an act, whether any of its texts is."""
        return _some([one.field.shown for one in self.members]) if self.members else self.field.shown

    @cached_property
    def required(self) -> Test:
        """Whether it has to be answered."""
        return _some([one.field.needed for one in self.members]) if self.members else self.field.needed

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
        """The kind of one-line input, empty for what is entered otherwise."""
        if self.kind.line:
            return self.kind.line
        if self.kind.name == "number":
            return "integer" if self.integer else "decimal"
        if self.kind.name == "text":
            return self.format if self.format in markup.LINES else "text"
        return ""


def _some(tests: list[Test]) -> Test:
    """A test that holds where one of these does."""
    return lambda scope: any(test(scope) for test in tests)


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    id: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the section's answers stand."""
        return tuple(path for entry in self.entries for path in entry.paths)
