"""An address, box by box."""

from __future__ import annotations

from typing import Any

from formengine import MISSING, said

from ..entries import Data, Described, Entry, Kind, Names, clean


class Parts(Kind):
    """A value made of parts, each in an input of its own."""

    name = "parts"

    def fits(self, one: Described) -> bool:
        return one.field.raw.get("x-kind") == "address"

    def read(self, entry: Entry, name: str, data: Data) -> object:
        texts = {key: clean(data.get(f"{name}/{key}", "")).strip() for key, _ in entry.parts}
        return {key: text for key, text in texts.items() if text} or MISSING

    def with_strays(self, answer: Any, strays: list[Any]) -> object:
        """Parts that are gone stand beside those that are filled in."""
        gone = {key: value for one in strays if isinstance(one, dict) for key, value in one.items()}
        if gone:
            return {**gone, **({} if answer is MISSING else answer)}
        return super().with_strays(answer, strays)

    def inner(self, entry: Entry, name: str, value: object) -> list[Any]:
        known = value if isinstance(value, dict) else {}
        return [said(known.get(key, "")) for key, _ in entry.parts]

    def strays(self, entry: Entry, value: object) -> list[Any]:
        names = dict(entry.parts)
        gone = {key: part for key, part in value.items() if key not in names} if isinstance(value, dict) else value
        return [gone] if gone or not isinstance(value, dict) else []

    def said(self, entry: Entry, value: object, names: Names) -> str:
        return "".join(said(value.get(key)) for key, _ in entry.parts) if isinstance(value, dict) else said(value)
