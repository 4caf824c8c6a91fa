"""Merged form → WTForms: binds what a page sends back to answers. It decides nothing about validity.

What cannot be read as its type is kept as it was typed: the engine then says what is wrong with it, and the page shows
it again. A field that was left empty is ``MISSING``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field
from wtforms.form import BaseForm

from formengine.formats import one_writing
from formengine.paths import MISSING, name_of
from web.cases.attachments import KeptFile, TypedName, Upload

from .sheet import Entry, Section, Sheet

STRAY = "/stray"
"""The end of the names of inputs that keep what a page cannot show."""
NONE = "/none"
"""The end of the names of inputs that say that nothing is chosen, though something would be filled in."""
SHOWN = "_fields"
"""The hidden input that lists which fields stood on the page; no others are touched."""


def clean(text: Any) -> str:
    """Typed text in one writing: without what nobody sees, and without half a character, which no page can hold."""
    return one_writing(re.sub("[\ud800-\udfff]", "\ufffd", str(text)))


class AnswerField(Field):  # type: ignore[misc]
    """One entry of a sheet; ``answer`` is what the page said about it."""

    def __init__(self, entry: Entry, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(entry.title, **kwargs)
        self.entry, self.sheet = entry, sheet
        self.answer: Any = MISSING

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read this field out of the form data."""
        self.answer = MISSING if self._left(formdata) else self.with_strays(self.read(formdata), self._strays(formdata))
        self.data = None if self.answer is MISSING else self.answer

    def _left(self, formdata: Any) -> bool:
        """Whether a suggested value was left as it was: nothing is stored, and it follows what it depends on."""
        given = formdata.get(f"{self.name}/given")
        return given is not None and " ".join(map(clean, formdata.getlist(self.name))).strip() == clean(given).strip()

    def _strays(self, formdata: Any) -> list[Any]:
        """What the page could not show, and nobody let go."""
        return [json.loads(text) for text in formdata.getlist(f"{self.name}{STRAY}")]

    def with_strays(self, answer: Any, strays: list[Any]) -> Any:
        """What was answered now takes the place of what could not be shown."""
        return strays[0] if answer is MISSING and strays else answer

    def read(self, formdata: Any) -> Any:
        """The answer, ``MISSING`` where it is empty."""
        return self.bind(clean(formdata.get(self.name, "")))

    def bind(self, text: str) -> Any:
        """One typed text as an answer."""
        text = text.replace("\r\n", "\n").strip()
        return self.entry.in_writing(text) or MISSING


class NumberField(AnswerField):
    """A number, full-width digits and thousands commas allowed."""

    def bind(self, text: str) -> Any:
        plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
        plain = plain.replace(",", "") if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain) else plain
        if re.fullmatch(r"-?[0-9]{1,15}", plain):
            return int(plain)
        if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,10}", plain):
            value = float(plain)
            return int(value) if self.entry.integer and value.is_integer() else value
        return text.strip() or MISSING


class DateField(AnswerField):
    """A date: 2026-01-02, 2026年1月2日, 2026/1/2, 2026.1.2 or 20260102; half a date stays as it was typed."""

    def bind(self, text: str) -> Any:
        plain = re.sub(r"\s*([-/.年月日])\s*", r"\1", unicodedata.normalize("NFKC", text).strip())
        found = re.fullmatch(r"([0-9]{4})[-/. 年]([0-9]{1,2})[-/. 月]([0-9]{1,2})日?", plain)
        found = found or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", plain)
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else (plain or MISSING)


class ChoiceField(AnswerField):
    """One of the choices, sent by its key."""

    def bind(self, text: str) -> Any:
        return next((value for key, value, _ in self.entry.choices if key == text), text.strip() or MISSING)


class ChoicesField(ChoiceField):
    """Any number of the choices."""

    def read(self, formdata: Any) -> Any:
        found = [self.bind(clean(key)) for key in dict.fromkeys(formdata.getlist(self.name))]
        emptied = f"{self.name}/given" in formdata or f"{self.name}{NONE}" in formdata
        return [value for value in found if value is not MISSING] or ([] if emptied else MISSING)

    def with_strays(self, answer: Any, strays: list[Any]) -> Any:
        """Options that are gone stand beside those that are chosen."""
        gone = [value for one in strays if isinstance(one, list) for value in one]
        if gone:
            return [*([] if answer is MISSING else answer), *gone]
        return super().with_strays(answer, strays)


class YesNoField(AnswerField):
    """是 or 否."""

    def bind(self, text: str) -> Any:
        return {"yes": True, "no": False}.get(text, text.strip() or MISSING)


class DeclarationField(AnswerField):
    """A tick under a text."""

    def bind(self, text: str) -> Any:
        return True if text == "yes" else MISSING


class PartsField(AnswerField):
    """An address, box by box."""

    def read(self, formdata: Any) -> Any:
        texts = {key: clean(formdata.get(f"{self.name}/{key}", "")).strip() for key, _ in self.entry.parts}
        return {key: text for key, text in texts.items() if text} or MISSING

    def with_strays(self, answer: Any, strays: list[Any]) -> Any:
        """Parts that are gone stand beside those that are filled in."""
        gone = {key: value for one in strays if isinstance(one, dict) for key, value in one.items()}
        if gone:
            return {**gone, **({} if answer is MISSING else answer)}
        return super().with_strays(answer, strays)


class UploadsField(AnswerField):
    """Files: the kept ones by id, new ones as ``Upload``."""

    def read(self, formdata: Any) -> Any:
        dropped = set(formdata.getlist(f"{self.name}/drop"))
        kept: list[Any] = [KeptFile(text) for text in formdata.getlist(f"{self.name}/kept") if text not in dropped]
        found = [one for one in formdata.getlist(self.name) if isinstance(one, FileStorage) and one.filename]
        kept += [Upload(clean(one.filename), one.stream.read()) for one in found]
        return kept or MISSING


class UploadField(UploadsField):
    """One file; a new one takes the place of the old."""

    def read(self, formdata: Any) -> Any:
        found = super().read(formdata)
        return MISSING if found is MISSING else found[-1]


class SignatureField(AnswerField):
    """A name typed as signature; an unchanged one keeps its id."""

    def read(self, formdata: Any) -> Any:
        typed = " ".join(clean(formdata.get(self.name, "")).split())[:60]
        kept = str(formdata.get(f"{self.name}/kept", ""))
        if kept and typed == str(formdata.get(f"{self.name}/was", "")).strip():
            return KeptFile(kept)
        return TypedName(typed) if typed else MISSING


class ActField(AnswerField):
    """One tick under several departments' texts: ``{path: True or MISSING}`` for those that stood on the page."""

    def read(self, formdata: Any) -> Any:
        shown = set(formdata.getlist(f"{self.name}/of")) & set(self.entry.paths)
        return {path: self.made(formdata, path) for path in self.entry.paths if path in shown}

    def made(self, formdata: Any, path: str) -> Any:
        """The own answer at ``path``."""
        return True if formdata.get(self.name) == "yes" else MISSING


class ActSignatureField(ActField):
    """One signature under several departments' forms; an unchanged one keeps its ids."""

    def made(self, formdata: Any, path: str) -> Any:
        typed = " ".join(clean(formdata.get(self.name, "")).split())[:60]
        kept = str(formdata.get(f"{self.name}/kept/{path}", ""))
        if kept and typed == str(formdata.get(f"{self.name}/was", "")).strip():
            return KeptFile(kept)
        return TypedName(typed) if typed else MISSING


class TableField(AnswerField):
    """Rows, each with its id and the columns that stood on the page; rows left wholly empty are dropped."""

    def read(self, formdata: Any) -> Any:
        rows = [self._row(formdata, index) for index in self._indexes(formdata)]
        return [row for row in rows if row is not None] or MISSING

    def _indexes(self, formdata: Any) -> Iterable[int]:
        numbers = {int(text) for text in formdata.getlist(f"{self.name}/rows") if re.fullmatch(r"[0-9]{1,5}", text)}
        return sorted(numbers)

    def _row(self, formdata: Any, index: int) -> dict[str, Any] | None:
        prefix = f"{self.name}/{index}"
        shown = set(str(formdata.get(f"{prefix}/{SHOWN}", "")).split())
        columns = [c for c in self.sheet.columns[self.entry.path] if c.path in shown]
        names = {c.path: f"{prefix}/{name_of(c.path)}" for c in columns}
        bound = bind_fields(self.sheet, {names[c.path]: c for c in columns}, formdata)
        cells = {c.path: bound[names[c.path]] for c in columns}
        row_id = str(formdata.get(f"{prefix}/id", ""))[:64]
        if cells and all(value is MISSING for value in cells.values()):
            return None
        return {"id": row_id, "cells": cells}


FIELDS: dict[str, type[AnswerField]] = {
    "text": AnswerField,
    "textarea": AnswerField,
    "number": NumberField,
    "date": DateField,
    "radio": ChoiceField,
    "select": ChoiceField,
    "choices": ChoicesField,
    "yes_no": YesNoField,
    "declaration": DeclarationField,
    "parts": PartsField,
    "upload": UploadField,
    "uploads": UploadsField,
    "signature": SignatureField,
    "act": ActField,
    "act_signature": ActSignatureField,
    "table": TableField,
}
"""The one table from an entry's kind to what binds it; each has its macro in ``templates/fields.html``."""


def bind_section(
    sheet: Sheet, section: Section, formdata: MultiDict[str, Any], strays: Container[str] = ()
) -> dict[str, Any]:
    """What a page said: ``{path: answer or MISSING}`` for every field of the section that stood on it.

    ``strays`` is what the page had no place for (as JSON): only that is kept unseen.
    """
    formdata = MultiDict([(k, v) for k, v in formdata.items(multi=True) if not k.endswith(STRAY) or v in strays])
    shown = set(str(formdata.get(SHOWN, "")).split())
    found = bind_fields(sheet, {e.name: e for e in section.entries if e.path in shown}, formdata)
    made = [found.pop(e.name) for e in section.entries if e.members and e.name in found]
    return {**found, **{path: value for one in made for path, value in one.items()}}


def bind_fields(sheet: Sheet, entries: dict[str, Entry], formdata: MultiDict[str, Any]) -> dict[str, Any]:
    """Bind entries by the names they have on the page."""
    unbound: dict[str, Any] = {name: _field(entry, sheet) for name, entry in entries.items()}
    form = BaseForm(unbound)
    form.process(formdata)
    return {name: field.answer for name, field in form._fields.items()}


def _field(entry: Entry, sheet: Sheet) -> Callable[..., Any]:
    return FIELDS[entry.kind](entry, sheet)


def bind_facts(scenario: Any, formdata: MultiDict[str, Any]) -> dict[str, Any]:
    """The guiding questions as answered, as far as they are; an unreadable answer is kept as typed."""
    facts: dict[str, Any] = {}
    for name, node in scenario.facts.items():
        text = clean(formdata.get(name, "")).strip()
        if text:
            facts[name] = _fact(node, text)
    return facts


def _fact(node: dict[str, Any], text: str) -> Any:
    if node.get("type") == "boolean":
        return {"yes": True, "no": False}.get(text, text)
    if node.get("type") in ("number", "integer"):
        plain = unicodedata.normalize("NFKC", text)
        if re.fullmatch(r"[0-9]{1,9}", plain):
            return int(plain)
        return float(plain) if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,4}", plain) else text
    return text
