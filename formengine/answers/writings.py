"""Answers as people write them, brought to the way in which their fields are kept: codes, numbers of telephones, texts.

Judging and splitting take answers as they stand. Whoever takes them in (the site, the command line) brings them to one
writing first, so that ``+86 138 0013 8000`` is a mobile number and a full-width digit a digit.
"""

from __future__ import annotations

import unicodedata

from ..formats import FORMATS, normalise, one_writing
from ..judges import matches
from ..merging.field import Field
from ..merging.form import MergedForm
from ..reading import is_json


def formats_of(field: Field) -> tuple[str, ...]:
    """The formats of ours that a field or some condition on it wants, its own first."""
    schemas = [field.schema, *(c.schema for c in field.clauses if c.kind == "value")]
    named = [schema.get("format") for schema in schemas if isinstance(schema, dict)]
    return tuple(name for name in dict.fromkeys(named) if name in FORMATS)


def in_writing(field: Field, text: str) -> str:
    """A typed text as the field's formats write it, where that makes it right; numbers and codes only."""
    known = formats_of(field)
    for name in known:
        if FORMATS[name].check(folded := normalise(name, text)):
            return folded
    own = field.schema.get("format") if isinstance(field.schema, dict) else None
    if own in FORMATS:
        return normalise(str(own), text)
    folded = unicodedata.normalize("NFKC", text).strip().upper()
    for clause in field.clauses:
        pattern = clause.schema.get("pattern") if clause.kind == "value" and isinstance(clause.schema, dict) else None
        if pattern and matches(pattern, folded) and not matches(pattern, text):
            return folded
    return text


def in_one_writing(form: MergedForm, answers: object) -> object:
    """The answers with every text in the writing of its field; what is no JSON is returned as it is."""
    if not isinstance(answers, dict) or not is_json(answers):
        return answers
    return {key: _inside(form, key, value) for key, value in answers.items()}


def _inside(form: MergedForm, path: str, value: object) -> object:
    field = form.fields.get(path)
    if isinstance(value, str):
        text = one_writing(value)
        plain = field is not None and not field.choices and field.kind in ("element", "own", "guide")
        return in_writing(field, text) if plain and field is not None else text
    if isinstance(value, list):
        return [_inside(form, path, item) for item in value]
    if isinstance(value, dict):
        return {key: _inside(form, f"{path}.{key}", inner) for key, inner in value.items()}
    return value
