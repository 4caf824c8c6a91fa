"""The one table from an issue's code to its Chinese sentence. Every sentence says what to do."""

from __future__ import annotations

from typing import Any

from ..formats import FORMATS
from ..merging.field import Field
from ..words import said

MESSAGES = {
    "required": "请{verb}“{title}”",
    "type": "“{title}”的内容形式不对，应为{wanted}",
    "enum": "“{title}”请从给出的选项中选择",
    "const": "“{title}”须为“{wanted}”",
    "declaration": "请阅读并勾选“{title}”",
    "minimum": "“{title}”不能小于 {limit}{unit}",
    "exclusiveMinimum": "“{title}”须大于 {limit}{unit}",
    "maximum": "“{title}”不能大于 {limit}{unit}",
    "exclusiveMaximum": "“{title}”须小于 {limit}{unit}",
    "multipleOf": "“{title}”须是 {limit} 的整数倍",
    "minLength": "“{title}”至少要 {limit} 个字，请补充完整",
    "blank": "请填写“{title}”，不能留空",
    "maxLength": "“{title}”最多 {limit} 个字，现有 {actual} 个，请删减",
    "pattern": "“{title}”的写法不对，请改正{hint}",
    "format": "“{title}”{why}",
    "minItems": "“{title}”至少选（填）{limit} 项",
    "maxItems": "“{title}”最多 {limit} 项",
    "uniqueItems": "“{title}”里有重复的项，请删去重复的",
    "additionalProperties": "“{title}”里有现在没有的栏目，请重新填写",
    "contains": "“{title}”缺少必选的项，请补选",
    "not": "“{title}”里有不能用的内容，请改正{hint}",
    "either": "“{parts}”至少填一栏",
    "min_rows": "“{title}”里{where}至少要 {limit} 人（行），请添加",
    "max_rows": "“{title}”里{where}最多 {limit} 人（行），请删减",
    "hold": "“{title}”等几项至少要填一项，或者填写得互相矛盾，请核对",
    "residual": "“{title}”按《{form}》“{label}”的要求填写：{detail}",
    "characters": "“{title}”里的{which}印不到申请表上，请删去或者换一个写法",
    "text": "“{title}”里有不完整的字符，请删去重新填写",
    "unreadable": "“{title}”里有读不了的内容，请删去重新填写",
    "unexplained": "部门的表不收这份申报内容，系统说不出是哪一栏的缘故，请联系窗口人员",
    "unexplained_form": "《{form}》不收这份申报内容，系统说不出是哪一栏的缘故，请联系窗口人员",
    "facts": "申报内容与所选情形不一致，请核对“{title}”",
    "invalid": "“{title}”填写有误，请核对",
}
"""``code -> sentence``; the placeholders are the issue's params."""

_TYPES = {
    "string": "文字",
    "number": "数字",
    "integer": "整数",
    "boolean": "是或否",
    "array": "列表",
    "object": "一组栏目",
}


def sentence(code: str, params: dict[str, Any]) -> str:
    """The sentence for a code; unknown codes fall back to a general one."""
    template = MESSAGES.get(code, MESSAGES["invalid"])
    return template.format_map({key: said(value) for key, value in params.items()})


def type_name(kind: object) -> str:
    """The Chinese name of a JSON Schema type."""
    kinds = kind if isinstance(kind, list) else [kind]
    return "或".join(_TYPES.get(str(k), str(k)) for k in kinds)


def verb_for(field: Field | None) -> str:
    """What one does with the field: 填写, 选择, 上传, 签署 …"""
    if field is None:
        return "填写"
    if field.kind == "material" or field.schema.get("format") == "attachment-id":
        return "签署" if field.raw.get("x-own") in ("signature", "seal") else "上传"
    if field.raw.get("x-own") in ("declaration", "consent"):
        return "阅读并勾选"
    return "选择" if field.choices or field.schema.get("type") == "boolean" else "填写"


def why_format(name: str, value: object) -> str:
    """Why a value does not have the format, and what to do about it."""
    known = FORMATS.get(name)
    if known is not None and known.explain is not None and isinstance(value, str):
        return "：" + known.explain(value)
    return f"不是正确的{known.title if known else name}，请核对"
