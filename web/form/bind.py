"""What a page sends back, bound to answers by WTForms, each input by its kind. It decides nothing about validity.

What cannot be read as its type is kept as it was typed: the engine then says what is wrong with it, and the page shows
it again. A field that was left empty is ``MISSING``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.form import BaseForm

from formengine import MISSING

from .entries import Entry, Section, clean
from .protocol import SHOWN, STRAY

Data = MultiDict[str, Any]
__all__ = ["bind_questions", "bind_section", "clean"]


class AnswerField(Field):  # type: ignore[misc]
    """One entry as WTForms processes it; ``answer`` is what the page said about it."""

    def __init__(self, entry: Entry, **kwargs: Any) -> None:
        super().__init__(entry.title, **kwargs)
        self.entry, self.answer = entry, MISSING

    def process(self, formdata: Data, data: object = None, extra_filters: object = None) -> None:
        """Read this field out of the form data."""
        self.answer = self.entry.kind.answer(self.entry, self.name, formdata)
        self.data = None if self.answer is MISSING else self.answer


def bind_section(section: Section, data: Data, strays: Container[str] = ()) -> dict[str, Any]:
    """What a page said: ``{path: answer or MISSING}`` for every field of the section that stood on it.

    ``strays`` is what the page had no place for (as JSON): only that is kept unseen.
    """
    data = MultiDict([(k, v) for k, v in data.items(multi=True) if not k.endswith(STRAY) or v in strays])
    there = set(str(data.get(SHOWN, "")).split())
    found: dict[str, Any] = {}
    for entry, answer in _bound((e for e in section.entries if e.path in there), data):
        found.update(answer if entry.members else {entry.path: answer})
    return found


def bind_questions(entries: Iterable[Entry], data: Data) -> dict[str, Any]:
    """The guiding questions as answered, as far as they are: ``{name of the fact: answer}``."""
    return {entry.name: answer for entry, answer in _bound(entries, data) if answer is not MISSING}


def _bound(entries: Iterable[Entry], data: Data) -> Iterable[tuple[Entry, Any]]:
    form = BaseForm({entry.name: AnswerField(entry) for entry in entries})
    form.process(data)
    return [(field.entry, field.answer) for field in form]
