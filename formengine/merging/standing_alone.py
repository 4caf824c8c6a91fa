"""The printed schema for judges that know nothing of this project: each format's pattern beside it, and a list of what
no JSON Schema says (``x-beyond-schema``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..algebra.jsonvalue import everywhere, walk
from ..formats import FORMATS
from ..judges import format_of, with_pattern
from .form import MergedForm

CHARACTERS = "每个文字都须能印到申请表上：不能有表情图画、看不见的符号和字库没有的字"


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
        names = {name for c in field.clauses if c.kind == "value" for name in formats_in(c.schema)}
        for name in sorted(names):
            if FORMATS[name].beyond:
                text = f"{FORMATS[name].title}：{FORMATS[name].beyond}"
                yield {"code": "format", "element": field.path, "format": name, "message": text}


def formats_in(schema: Any) -> Iterator[str]:
    """The formats of ours that a schema names, at any depth."""
    return (known.name for part in walk(schema) if isinstance(part, dict) and (known := format_of(part)))


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
