"""What is declared and signed: for one department, or once for several."""

from __future__ import annotations

from typing import Any

from formengine import MISSING
from web.cases.given import KeptFile, TypedName

from ..entries import Data, Described, Entry, Kind, Names, clean
from ..protocol import KEPT, OF, WAS
from .files import Files


class Declaration(Kind):
    """A tick under a text."""

    name = "declaration"

    def fits(self, one: Described) -> bool:
        return one.field.act in ("declaration", "consent") and one.type == "boolean"

    def bind(self, entry: Entry, text: str) -> object:
        return True if text == "yes" else MISSING

    def inner(self, entry: Entry, name: str, value: object) -> list[Any]:
        return [" checked" if value is True else ""]

    def strays(self, entry: Entry, value: object) -> list[Any]:
        return [] if value is True else [value]

    def said(self, entry: Entry, value: object, names: Names) -> str:
        return "已阅读并同意" if value is True else ""


def signed(name: str, kept: str, data: Data) -> object:
    """A name typed as signature; an unchanged one keeps its id."""
    typed = " ".join(clean(data.get(name, "")).split())[:60]
    if kept and typed == str(data.get(f"{name}{WAS}", "")).strip():
        return KeptFile(kept)
    return TypedName(typed) if typed else MISSING


class Signature(Files):
    """A name typed as signature."""

    name = "signature"

    def fits(self, one: Described) -> bool:
        return one.field.act == "signature"

    def read(self, entry: Entry, name: str, data: Data) -> object:
        return signed(name, str(data.get(f"{name}{KEPT}", "")), data)

    def inner(self, entry: Entry, name: str, value: object) -> list[Any] | None:
        return None

    def said(self, entry: Entry, value: object, names: Names) -> str:
        return "已签署：" + super().said(entry, value, names)


class Act(Kind):
    """One tick under several departments' texts: ``{path: True or MISSING}`` for those that stood on the page."""

    name = "act"

    def read(self, entry: Entry, name: str, data: Data) -> object:
        there = set(data.getlist(f"{name}{OF}")) & set(entry.paths)
        return {path: self.made(name, path, data) for path in entry.paths if path in there}

    def made(self, name: str, path: str, data: Data) -> object:
        """The own answer at ``path``."""
        return True if data.get(name) == "yes" else MISSING

    def strays(self, entry: Entry, value: object) -> list[Any]:
        return []


class ActSignature(Act):
    """One signature under several departments' forms; an unchanged one keeps its ids."""

    name = "act_signature"
    has_files = True

    def made(self, name: str, path: str, data: Data) -> object:
        return signed(name, str(data.get(f"{name}{KEPT}/{path}", "")), data)
