"""The printed schema for judges that know nothing of this project: each format's pattern beside it, and a list of what
no JSON Schema says (``x-beyond-schema``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .form import MergedForm
from .formats import FORMATS
from .rules import rules_of_form

CHARACTERS = "每个文字都须能印到申请表上：不能有表情图画、看不见的符号和字库没有的字"


def with_patterns(schema: Any) -> Any:
    """The schema with the pattern of every format of ours beside it: what is refused but for check digits."""
    if isinstance(schema, list):
        return [with_patterns(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    out = {
        word: value if word in ("const", "enum", "default") or word.startswith("x-") else with_patterns(value)
        for word, value in schema.items()
    }
    name = out.get("format")
    if isinstance(name, str) and name in FORMATS:
        for pattern in FORMATS[name].patterns:
            _add(out, pattern)
    return out


def _add(schema: dict[str, Any], pattern: str) -> None:
    if schema.get("pattern", pattern) == pattern:
        schema["pattern"] = pattern
        return
    members = schema.setdefault("allOf", [])
    if {"pattern": pattern} not in members:
        members.append({"pattern": pattern})


def beyond_schema(form: MergedForm) -> list[dict[str, Any]]:
    """What ``validate`` refuses and the printed schema does not, each with its code, where it is, and why."""
    found = [{"code": "characters", "element": "", "message": CHARACTERS}]
    found += _check_digits(form)
    for rule in rules_of_form(form):
        found.append({"code": f"rule:{rule.id}", "element": rule.path, "message": rule.message})
    return [*found, *_residuals(form)]


def _check_digits(form: MergedForm) -> Iterator[dict[str, Any]]:
    for field in form.fields.values():
        names = {name for c in field.clauses if c.kind == "value" for name in formats_in(c.schema)}
        for name in sorted(names):
            if FORMATS[name].beyond:
                text = f"{FORMATS[name].title}：{FORMATS[name].beyond}"
                yield {"code": "format", "element": field.path, "format": name, "message": text}


def formats_in(schema: Any) -> Iterator[str]:
    """The formats of ours that a schema names, at any depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from formats_in(part)
    elif isinstance(schema, dict):
        for word, value in schema.items():
            if word == "format" and isinstance(value, str) and value in FORMATS:
                yield value
            elif word not in ("const", "enum"):
                yield from formats_in(value)


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
