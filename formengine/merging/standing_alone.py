"""The printed schema for judges that know nothing of this project: each format's pattern beside it, and a list of what
no JSON Schema says (``x-beyond-schema``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..algebra.jsonvalue import SCOPED_WORDS, everywhere, subschemas
from ..formats import FORMATS
from ..judges import format_of, with_pattern
from .form import MergedForm

CHARACTERS = "每个文字都须能印到申请表上：不能有表情图画、看不见的符号和字库没有的字"
CHOOSING = {"anyOf", "oneOf", "not", "contains", "propertyNames", *SCOPED_WORDS}
"""The words that refuse in their own name what a schema inside them refuses."""


def with_patterns(schema: object) -> Any:
    """The schema with the pattern of every format of ours beside it: what is refused but for check digits."""
    return everywhere(schema, _with_pattern_beside)


def _with_pattern_beside(schema: dict[str, Any]) -> dict[str, Any]:
    known = format_of(schema)
    return with_pattern(schema, *known.patterns) if known else schema


def beyond_schema(form: MergedForm) -> list[dict[str, Any]]:
    """What ``validate`` refuses and the printed schema does not, each with its code, where it is, and why."""
    found = [{"code": "characters", "element": "", "message": CHARACTERS}]
    found += _check_digits(form)
    for rule in form.rules:
        found.append({"code": f"rule:{rule.id}", "element": rule.path, "message": rule.message})
    return [*found, *_residuals(form)]


def _check_digits(form: MergedForm) -> Iterator[dict[str, Any]]:
    for field in form.fields.values():
        told = {found for c in field.clauses if c.kind == "value" for found in formats_in(c.schema)}
        for name, code in sorted(told):
            if FORMATS[name].beyond:
                text = f"{FORMATS[name].title}：{FORMATS[name].beyond}"
                yield {"code": code, "element": field.path, "format": name, "message": text}


def formats_in(schema: Any, code: str = "format") -> Iterator[tuple[str, str]]:
    """The formats of ours that a schema names, at any depth, each with the code of what they refuse: that of the word
    that chooses among schemas, where the format stands in one of these."""
    if not isinstance(schema, dict):
        return
    known = format_of(schema)
    if known:
        yield known.name, code
    for word, value in schema.items():
        inner = word if word in CHOOSING and code == "format" else code
        for part in subschemas({word: value}):
            yield from formats_in(part, inner)


def _residuals(form: MergedForm) -> Iterator[dict[str, Any]]:
    """Limits on what a department receives that are not limits on what is answered: lines joined, units, sums."""
    seen = set()
    for clause in form.clauses:
        key = (clause.path, clause.source.form, clause.source.label)
        if clause.kind == "residual" and key not in seen:
            seen.add(key)
            title = form.library.forms[clause.source.form].title if clause.source.form in form.library.forms else ""
            text = f"拆到《{title}》“{clause.source.label}”以后的值须合该表的限制"
            yield {"code": "residual", "element": clause.path, "form": clause.source.form, "message": text}
