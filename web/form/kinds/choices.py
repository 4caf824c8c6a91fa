"""What is chosen: one of a few, one of many, several, yes or no."""

from __future__ import annotations

from typing import Any

from formengine import MISSING, said

from .. import markup
from ..entries import YES_NO, Choices, Data, Described, Entry, Kind, Names, clean
from ..protocol import GIVEN, NONE

RADIO_LIMIT = 6
"""Up to so many choices stand as radio buttons, more in a drop-down list."""


def among(value: object, known: list[Any]) -> bool:
    """Whether a value is one of these; 1 is not true."""
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in known)


class Choice(Kind):
    """One of the choices, sent by its key."""

    def choices(self, entry: Entry) -> Choices:
        """What can be chosen."""
        return entry.choices

    def bind(self, entry: Entry, text: str) -> object:
        known = self.choices(entry)
        return next((value for key, value, _ in known if key == text), text.strip() or MISSING)

    def strays(self, entry: Entry, value: object) -> list[Any]:
        return [] if among(value, [one for _, one, _ in self.choices(entry)]) else [value]

    def key(self, entry: Entry, value: object) -> str:
        chosen = value if isinstance(value, list) else [value]
        return " ".join(key for key, one, _ in self.choices(entry) if one in chosen)

    def said(self, entry: Entry, value: object, names: Names) -> str:
        return said(value, {one: title for _, one, title in entry.choices if not isinstance(one, bool)})


class Radio(Choice):
    """One of a few."""

    name = "radio"

    def fits(self, one: Described) -> bool:
        return 0 < one.options <= RADIO_LIMIT

    def inner(self, entry: Entry, name: str, value: object) -> list[Any]:
        return [markup.ticked(self.choices(entry), "radio", name, entry.decides, value)]


class YesNo(Radio):
    """是 or 否."""

    name = "yes_no"

    def fits(self, one: Described) -> bool:
        return one.type == "boolean"

    def choices(self, entry: Entry) -> Choices:
        return entry.choices or YES_NO


class Select(Choice):
    """One of many."""

    name = "select"

    def fits(self, one: Described) -> bool:
        return one.options > 0

    def inner(self, entry: Entry, name: str, value: object) -> list[Any]:
        return [markup.options(entry.choices, value)]


class Several(Choice):
    """Any number of the choices."""

    name = "choices"

    def fits(self, one: Described) -> bool:
        return one.type == "array" and one.options > 0

    def read(self, entry: Entry, name: str, data: Data) -> object:
        found = [self.bind(entry, clean(key)) for key in dict.fromkeys(data.getlist(name))]
        emptied = f"{name}{GIVEN}" in data or f"{name}{NONE}" in data
        return [value for value in found if value is not MISSING] or ([] if emptied else MISSING)

    def with_strays(self, answer: Any, strays: list[Any]) -> object:
        """Options that are gone stand beside those that are chosen."""
        gone = [value for one in strays if isinstance(one, list) for value in one]
        if gone:
            return [*([] if answer is MISSING else answer), *gone]
        return super().with_strays(answer, strays)

    def inner(self, entry: Entry, name: str, value: object) -> list[Any]:
        listed = value if isinstance(value, list) else []
        return [markup.ticked(entry.choices, "checkbox", name, entry.decides, listed)]

    def strays(self, entry: Entry, value: object) -> list[Any]:
        known = [one for _, one, _ in entry.choices]
        return [[one] for one in value if not among(one, known)] if isinstance(value, list) else [value]
