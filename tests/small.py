# ruff: noqa: E501
"""A small set of templates that is whole and without fault: one of each kind, for tests of what an author gets wrong."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from tiny import CODES, COMPLETE, DIALECT

SHOP = {
    "$schema": DIALECT,
    "title": "店铺",
    "type": "object",
    "x-section": "shop",
    "properties": {
        "name": {"title": "店名", "type": "string", "minLength": 1, "maxLength": 40, "examples": ["好店"], "x-sensitivity": "none"},
        "kind": {"title": "类别", "oneOf": [{"const": "big", "title": "大"}, {"const": "small", "title": "小"}], "x-sensitivity": "none"},
        "colour": {"title": "颜色", "type": "string", "x-codes": "colour", "x-sensitivity": "none"},
        "area": {"title": "面积", "type": "number", "minimum": 1, "maximum": 900, "x-sample": [5, 90], "x-sensitivity": "none"},
        "price": {
            "title": "租金", "type": "number", "minimum": 0, "maximum": 9000, "x-sample": [5, 90], "x-sensitivity": "none",
            "x-when": {"shop.kind": "big", "shop.area": {"minimum": 10}},
            "x-default": [{"when": {"facts.new": True}, "value": 100}],
        },
        "size": {"title": "规模", "type": "number", "x-sensitivity": "none", "x-derive": [{"function": "copy", "from": ["shop.area"]}]},
        "no": {"title": "证号", "type": "string", "pattern": "^[0-9]{4}$", "examples": ["1234"], "x-sensitivity": "none"},
    },
    "x-rules": [{"id": "roomy", "rule": "area > 0.0", "message": "太小", "field": "area"}],
}  # fmt: skip
STAFF = {
    "$schema": DIALECT,
    "title": "人员",
    "type": "array",
    "maxItems": 50,
    "x-unique": ["name"],
    "items": {
        "type": "object",
        "properties": {
            "name": {"title": "姓名", "$ref": "person.json#/$defs/name"},
            "cooks": {"title": "是否下厨", "type": "boolean", "x-sensitivity": "none"},
        },
        "allOf": [
            {"if": {"properties": {"cooks": {"const": True}}, "required": ["cooks"]}, "then": {"required": ["name"]}}
        ],
    },
}
PERSON = {
    "$schema": DIALECT,
    "title": "人",
    "type": "object",
    "properties": {},
    "$defs": {
        "name": {
            "title": "姓名",
            "type": "string",
            "minLength": 1,
            "maxLength": 20,
            "examples": ["甲"],
            "x-sensitivity": "personal",
        }
    },
}
RECORD = {
    **COMPLETE["departments"],
    "$id": "record",
    "title": "备案表",
    "x-department": {"id": "bureau", "title": "局"},
    "x-kind": "record",
    "x-days": {"legal": 5, "promised": 2},
    "x-licence": "paper",
    "x-materials": [{"id": "lease", "title": "租约", "when": {"shop.kind": "big"}}],
    "x-rules": [{"id": "wide", "rule": "mj > 0.0", "message": "太小", "field": "mj"}],
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "mc": {"title": "名称", "x-element": "shop.name", "type": "string", "maxLength": 30},
        "lb": {"title": "类别", "x-element": {"map": {"element": "shop.kind", "codes": {"big": "1", "small": "2"}}}, "enum": ["1", "2"]},
        "ys": {"title": "颜色", "x-element": "shop.colour", "type": "string"},
        "mj": {"title": "面积", "x-element": "shop.area", "type": "number"},
        "zj": {"title": "租金", "x-element": {"choose": [{"when": {"shop.kind": "big"}, "then": "shop.price"}]}, "type": "number"},
        "gm": {"title": "规模", "x-element": "shop.size", "type": "number"},
        "ry": {
            "title": "人员",
            "x-element": {"rows": {"list": "staff", "where": {"staff.cooks": True}}},
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"xm": {"title": "姓名", "x-element": "staff.name", "$ref": "#/$defs/short"}},
                "required": ["xm"],
            },
        },
        "cn": {"title": "承诺", "x-element": {"own": "declaration"}, "type": "boolean", "const": True},
    },
    "required": ["mc", "lb", "ys", "mj", "ry", "cn"],
    "$defs": {"short": {"type": "string", "maxLength": 10}},
}  # fmt: skip
PERMIT = {
    **COMPLETE["departments"],
    "$id": "permit",
    "title": "许可表",
    "x-department": {"id": "office", "title": "办"},
    "x-kind": "licence",
    "x-days": {"legal": 5, "promised": None},
    "x-materials": [],
    "type": "object",
    "additionalProperties": False,
    "properties": {"zh": {"title": "证号", "x-element": "shop.no", "type": "string"}},
    "required": ["zh"],
}
PAPER = {
    **COMPLETE["licences"],
    "$id": "paper",
    "title": "执照",
    "x-forms": ["record"],
    "x-yields": {"shop.no": "no"},
    "properties": {
        "no": {"title": "证号", "x-element": {"own": "number"}, "type": "string"},
        "mc": {"title": "名称", "x-element": "shop.name", "type": "string"},
    },
}
OPEN = {
    **COMPLETE["forms"],
    "$id": "open",
    "title": "开店",
    "type": "object",
    "properties": {"new": {"title": "是否新办", "description": "决定办不办许可", "type": "boolean"}},
    "required": ["new"],
    "x-forms": [{"form": "record", "reason": "都要备案"}, {"form": "permit", "when": {"facts.new": True}}],
    "x-order": [{"before": "record", "after": "permit", "reason": "先备案"}],
    "x-typical": {"facts": {"new": True}, "answers": {"shop.kind": "small"}, "reasons": {"new": "多数"}},
    "x-samples": {"shop.name": ["好店"]},
    "x-defaults": {"shop.area": 20},
    "x-rules": [
        {"id": "named", "rule": "shop.name != ''", "message": "没有名称", "reads": ["shop.name"], "field": "shop.name"}
    ],
}
SMALL: dict[str, dict[str, Any]] = {
    "elements": {"shop": SHOP, "staff": STAFF, "person": PERSON},
    "codes": {"colour": CODES},
    "departments": {"record": RECORD, "permit": PERMIT},
    "licences": {"paper": PAPER},
    "forms": {"open": OPEN},
}


def small() -> dict[str, dict[str, Any]]:
    """The whole set, to be changed."""
    return copy.deepcopy(SMALL)


def written(folder: Path, kinds: dict[str, dict[str, Any]]) -> tuple[Path, Path]:
    """The set as files: the folder of templates and that of scenarios."""
    for kind, documents in kinds.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, data in documents.items():
            text = json.dumps(data, ensure_ascii=False, indent=1)
            (folder / kind / f"{name}.json").write_text(text, "utf-8")
    return folder, folder / "forms"
