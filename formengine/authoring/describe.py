"""Conditions and limits in plain Chinese, for people who ask why."""

from __future__ import annotations

from collections.abc import Iterator

from ..algebra.jsonvalue import words_of
from ..binding.base import Clause
from ..conditions import FALSE, TRUE, All, AnyOf, Atom, Cond, Has, Not
from ..merging.field import Field
from ..merging.form import MergedForm
from ..merging.limits import party_name
from ..templates.schemas import choices
from ..words import said


def say(form: MergedForm, cond: Cond) -> str:
    """A condition as a Chinese clause: ``“取得方式”为“租赁”``."""
    if cond == TRUE:
        return "任何情况"
    if cond == FALSE:
        return "不会出现"
    if isinstance(cond, Atom):
        return _atom(form, cond)
    if isinstance(cond, Not):
        return f"并非（{say(form, cond.part)}）"
    if isinstance(cond, Has):
        who = _title(form, cond.path)
        return f"“{who}”里至少有 {cond.minimum} 行：{say(form, cond.where)}"
    assert isinstance(cond, All | AnyOf)
    word = "，且" if isinstance(cond, All) else "，或者"
    return word.join(say(form, part) for part in cond.parts)


def _title(form: MergedForm, path: str) -> str:
    known = form.fields.get(path)
    return known.title if known else path


def _atom(form: MergedForm, cond: Atom) -> str:
    title, schema = _title(form, cond.path), words_of(cond.schema)
    if not schema:
        return f"填了“{title}”"
    if "contains" in schema:
        return f"“{title}”含{_values(form, cond.path, schema['contains'])}"
    if "const" in schema or "enum" in schema:
        return f"“{title}”为{_values(form, cond.path, schema)}"
    return f"“{title}”{'、'.join(limits(schema)) or '符合要求'}"


def _values(form: MergedForm, path: str, schema: object) -> str:
    known = form.fields.get(path)
    titles = dict(known.choices) if known else {}
    values = schema.get("enum", [schema.get("const")]) if isinstance(schema, dict) else []
    return "或".join(f"“{said(value, titles)}”" for value in values)


_LIMITS = {
    "minimum": "不小于 {}",
    "maximum": "不大于 {}",
    "exclusiveMinimum": "大于 {}",
    "exclusiveMaximum": "小于 {}",
    "minLength": "至少 {} 字",
    "maxLength": "至多 {} 字",
    "pattern": "写法 {}",
    "format": "格式 {}",
    "minItems": "至少 {} 项",
    "maxItems": "至多 {} 项",
    "multipleOf": "{} 的整数倍",
    "const": "须为 {}",
}


def limits(schema: object) -> Iterator[str]:
    """The limits of a schema on one value, each as a short phrase."""
    if not isinstance(schema, dict):
        return
    for keyword, phrase in _LIMITS.items():
        if keyword in schema:
            yield phrase.format(schema[keyword])
    if "enum" in schema or "oneOf" in schema:
        yield f"{len(choices(schema)) or len(schema.get('enum', []))} 个选项之一"
    for part in schema.get("allOf", ()):
        yield from limits(part)


def explain(form: MergedForm, element: str | None = None) -> Iterator[str]:
    """Lines that say who asks for what, under which label, with which limit, and why.

    Raises ``KeyError`` for an element that this form does not ask.
    """
    if element is not None:
        yield from _explain_field(form, form.fields[element])
        return
    for field in form.fields.values():
        yield from _explain_field(form, field)


def _explain_field(form: MergedForm, field: Field) -> Iterator[str]:
    yield f"{field.title}  [{field.path}]"
    yield f"  来源：{_origin(field)}"
    if field.kind not in ("fact", "system"):
        yield f"  何时问：{say(form, field.visible)}"
    for reach, derivation in field.derivations:
        origins = "、".join(_title(form, source) for source in derivation.sources)
        yield f"  {say(form, reach)}时不问，由 {origins} 得出（{derivation.function}）"
    for source in field.sources:
        if source.form in form.library.forms:
            one = form.library.forms[source.form]
            yield f"  {one.department.get('title', '')}《{one.title}》称“{source.label}”"
    for clause in field.clauses:
        yield from _explain_clause(form, clause)


def _origin(field: Field) -> str:
    names = {
        "fact": "引导问题",
        "guide": "引导问题（不送任何部门，只决定问什么）",
        "system": "提交时由系统写入",
        "own": "该部门单独要求",
        "material": "上传材料",
        "list": "共用的表",
    }
    return names.get(field.kind, "数据元")


def _explain_clause(form: MergedForm, clause: Clause) -> Iterator[str]:
    who = party_name(form, clause.source)
    when = "" if clause.guard == TRUE else f"（{say(form, clause.guard)}时）"
    if clause.kind == "required":
        yield f"  必填{when}：{who}要求"
    elif clause.kind == "rows":
        least = f"至少 {clause.minimum} 行" if clause.minimum else ""
        most = f"至多 {clause.maximum} 行" if clause.maximum is not None else ""
        where = "" if clause.where == TRUE else f"（{say(form, clause.where)}的）"
        yield f"  {where}{least}{most}{when}：{who}要求"
    elif clause.kind in ("value", "residual"):
        phrases = "、".join(limits(clause.schema))
        if phrases:
            yield f"  {phrases}{when}：{who}"
