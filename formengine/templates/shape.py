"""The shape of a template, looked at before anything in it is interpreted: meta-schema, JSON Schema, keywords."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from ..algebra.jsonvalue import (
    ARRAY_WORDS,
    CONSTRAINTS,
    DEFINITIONS,
    LISTED_SCHEMAS,
    NAMED_SCHEMAS,
    NUMBER_WORDS,
    OBJECT_WORDS,
    ONE_SCHEMA,
    STRING_WORDS,
)
from ..errors import Fault, PatternError
from ..formats import FORMATS
from ..judges import compiled
from ..paths import pointer
from ..patterns import fault as pattern_fault
from .schemas import ANNOTATIONS

KINDS = {
    "elements": "elements",
    "codes": "code-list",
    "departments": "department-form",
    "licences": "licence",
    "forms": "scenario",
}
"""Each folder of templates and the meta-schema of what stands in it."""
META = Path(__file__).parent.parent / "templates_std" / "meta"
_KNOWN = CONSTRAINTS | ANNOTATIONS | DEFINITIONS | {"$ref", "$anchor", "$vocabulary", "unevaluatedProperties"}
_STANDARD_FORMATS = {
    "date-time", "time", "duration", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri", "uri-reference",
    "iri", "iri-reference", "uuid", "uri-template", "json-pointer", "relative-json-pointer", "regex",
}  # fmt: skip
_WORDS_OF = {
    **dict.fromkeys(NUMBER_WORDS, ("number", "integer")),
    **dict.fromkeys(STRING_WORDS | {"format"}, ("string",)),
    **dict.fromkeys(ARRAY_WORDS, ("array",)),
    **dict.fromkeys(OBJECT_WORDS, ("object",)),
}


@cache
def _meta(kind: str) -> tuple[Any, Any]:
    """The meta-schema of a kind of template, compiled twice: to judge quickly, and to explain."""
    document = json.loads((META / f"{KINDS[kind]}.json").read_text("utf-8"))
    return compiled(document), jsonschema.Draft202012Validator(document)


def shape_faults(kind: str, name: str, document: dict[str, Any], path: str) -> Iterator[Fault]:
    """Everything that is wrong with a template by itself."""
    judge, explainer = _meta(kind)
    if not judge.is_valid(document):
        told: dict[str, list[Any]] = {}
        for error in explainer.iter_errors(document):
            told.setdefault(pointer(*error.absolute_path), []).append(error)
        for where, errors in told.items():  # a keyword misspelt explains that it is missing
            for error in [e for e in errors if _is_name(e)] or errors:
                yield Fault(path, "meta", f"{where or '文件'}：{_short(error)}", where)
    if document.get("$id", name) != name:
        yield Fault(path, "id", f"$id 是“{document['$id']}”，应与文件名“{name}”相同", "/$id")
    yield from _schema_faults(document, path)
    if kind != "codes":
        yield from keyword_faults(document, path)


def _schema_faults(document: dict[str, Any], path: str) -> Iterator[Fault]:
    """Where the document is no JSON Schema."""
    bare = {word: value for word, value in document.items() if word not in ("$schema", "$id")}
    try:
        compiled({word: value for word, value in bare.items() if word not in DEFINITIONS})
    except PatternError:
        return  # named by its place
    except ValueError:
        try:
            jsonschema.Draft202012Validator.check_schema(bare)
        except jsonschema.SchemaError as error:
            where = pointer(*error.absolute_path)
            yield Fault(path, "schema", f"{where}：不是合法的 JSON Schema：{_short(error)}", where)


def _is_name(error: Any) -> bool:
    """Whether the mistake is in the name of a keyword."""
    return "propertyNames" in error.absolute_schema_path


@cache
def _own_words() -> list[str]:
    """Every keyword of ours that the meta-schemas know."""
    written = "".join(path.read_text("utf-8") for path in META.glob("*.json"))
    return sorted(set(re.findall(r'"(x-[a-z-]+)"', written)))


def _short(error: Any) -> str:
    if _is_name(error) and isinstance(error.instance, str):
        return f"不认识的关键字“{error.instance}”{_instead(error.instance, _own_words())}"
    words = {
        "required": "缺少必需的关键字：",
        "enum": "不在可用的取值里：",
        "additionalProperties": "有不认识的关键字：",
        "propertyNames": "有不认识的关键字：",
    }
    return words.get(str(error.validator), "") + str(error.message)[:160]


def keyword_faults(node: Any, path: str, where: str = "") -> Iterator[Fault]:
    """Keywords that do not exist or mean nothing for the type beside them; formats and patterns that nobody knows."""
    if not isinstance(node, dict):
        return
    for word, value in node.items():
        here = where + pointer(word)
        if word.startswith("x-"):
            continue
        if word not in _KNOWN:
            yield Fault(path, "keyword", f"不认识的关键字“{word}”{_instead(word, _KNOWN)}", here)
        elif not _fits(word, node.get("type")):
            yield Fault(path, "keyword", f"“{word}”对 type {json.dumps(node['type'])} 没有意义，请删去或改 type", here)
        if word == "format" and isinstance(value, str) and value not in FORMATS and value not in _STANDARD_FORMATS:
            yield Fault(path, "format", f"不认识的 format“{value}”{_instead(value, FORMATS)}", here)
        if word == "pattern" and isinstance(value, str) and pattern_fault(value):
            yield Fault(path, "pattern", pattern_fault(value), here)
        yield from _inner_faults(word, value, path, here)


def _inner_faults(word: str, value: Any, path: str, here: str) -> Iterator[Fault]:
    if word in ONE_SCHEMA:
        yield from keyword_faults(value, path, here)
    elif word in LISTED_SCHEMAS and isinstance(value, list):
        for index, part in enumerate(value):
            yield from keyword_faults(part, path, f"{here}/{index}")
    elif word in NAMED_SCHEMAS | DEFINITIONS and isinstance(value, dict):
        for name, part in value.items():
            if word == "patternProperties" and pattern_fault(name):
                yield Fault(path, "pattern", pattern_fault(name), here + pointer(name))
            yield from keyword_faults(part, path, here + pointer(name))


def _fits(word: str, declared: Any) -> bool:
    """Whether a keyword can say anything of values of the declared type."""
    types = [declared] if isinstance(declared, str) else declared
    if word not in _WORDS_OF or not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        return True
    return any(one in _WORDS_OF[word] for one in types)


def _instead(word: str, known: Any) -> str:
    near = get_close_matches(word, [str(one) for one in known], 1)
    return f"，是不是“{near[0]}”？" if near else ""
