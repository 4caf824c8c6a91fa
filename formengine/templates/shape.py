"""The shape of templates, judged before anything in them is interpreted: every fault of every document, all at once.

Each document is judged by its meta-schema, as a JSON Schema, and word by word; all together by their references.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

import jsonschema
import jsonschema_rs
from jsonschema.exceptions import ValidationError

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
from ..errors import Fault
from ..formats import FORMATS
from ..judges import compiled
from ..paths import pointer
from ..patterns import fault as pattern_fault
from .documents import STANDARD_TEMPLATES, Document, Documents
from .references import reference_faults
from .schemas import ANNOTATIONS

METAS = {
    "elements": "elements",
    "codes": "code-list",
    "departments": "department-form",
    "licences": "licence",
    "forms": "scenario",
}
"""Each kind of template and its meta-schema."""
META = STANDARD_TEMPLATES / "meta"
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
CONDITIONS = ("when", "x-when", "where")
"""Under these words stand conditions, whose values may be schemas."""


def shape_faults(documents: Documents) -> Iterator[Fault]:
    """Everything that is wrong with a set of documents as they stand: what could not be read first."""
    yield from documents.faults
    for document in documents:
        yield from _each_once(_document_faults(document))
    yield from reference_faults(documents)


def _each_once(faults: Iterable[Fault]) -> Iterator[Fault]:
    """One fault for each place, and none as a JSON Schema inside what is wrong already."""
    named: list[str] = []
    for fault in faults:
        inside = any(where and fault.pointer.startswith(where + "/") for where in named)
        if fault.pointer not in named and not (inside and fault.code == "schema"):
            named.append(fault.pointer)
            yield fault


def _document_faults(document: Document) -> Iterator[Fault]:
    for where, text in _meta_faults(document):
        yield Fault(document.key, "meta", f"{where or '文件'}：{text}", where)
    given = document.data.get("$id", document.name)
    if given != document.name:
        yield Fault(document.key, "id", f"$id 是“{given}”，应与文件名“{document.name}”相同", "/$id")
    for where, text in _schema_faults(document.data):
        yield Fault(document.key, "schema", f"{where}：不是合法的 JSON Schema：{text}", where)
    if document.kind != "codes":
        yield from keyword_faults(document.data, document.key)
        for where, condition in _conditions(document.data, ""):
            yield from _condition_faults(condition, document.key, where)


# -- by its meta-schema ----------------------------------------------------------------------------------------


@cache
def _meta(kind: str) -> tuple[Any, Any]:
    """The meta-schema of a kind of template, compiled twice: to judge quickly, and to explain."""
    document = json.loads((META / f"{METAS[kind]}.json").read_text("utf-8"))
    return compiled(document), jsonschema.Draft202012Validator(document)


def _meta_faults(document: Document) -> Iterator[tuple[str, str]]:
    """``(pointer, sentence)`` of everything that the meta-schema refuses."""
    judge, explainer = _meta(document.kind)
    if judge.is_valid(document.data):
        return
    told: dict[str, list[Any]] = {}
    for error in (one for whole in explainer.iter_errors(document.data) for one in _telling(whole)):
        told.setdefault(pointer(*error.absolute_path), []).append(error)
    for where, errors in told.items():  # a keyword misspelt explains that it is missing
        for error in [e for e in errors if _is_name(e)] or errors:
            yield from _explained(where, error)


def _telling(error: ValidationError) -> Iterator[ValidationError]:
    """The errors behind one: of several ways to write something, those of the one that was meant."""
    ways: dict[Any, list[Any]] = {}
    for inner in error.context or () if error.validator in ("oneOf", "anyOf") else ():
        ways.setdefault(inner.schema_path[0], []).append(inner)
    meant = [way for way in ways.values() if not any(e.validator == "type" and not len(e.path) for e in way)]
    if len(meant) == 1 and error.validator != "propertyNames":
        for inner in meant[0]:
            yield from _telling(inner)
    else:
        yield error


def _is_name(error: ValidationError) -> bool:
    """Whether the mistake is in the name of a keyword."""
    return "propertyNames" in error.absolute_schema_path


_TYPES = {
    **{"object": "对象 {…}", "array": "列表 […]", "string": "文字", "boolean": "true 或 false"},
    **{"number": "数", "integer": "整数", "null": "null"},
}


def _explained(where: str, error: ValidationError) -> Iterator[tuple[str, str]]:
    """A refusal of a meta-schema in Chinese; what is about a key stands at the key."""
    value, limit, word = error.instance, error.validator_value, str(error.validator)
    if _is_name(error) and isinstance(value, str):
        yield where + pointer(value), f"不认识的关键字“{value}”{_instead(value, _own_words())}"
    elif word == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in (name for name in value if name not in known):
            yield where + pointer(name), f"不认识的关键字“{name}”{_instead(name, known)}"
    else:
        yield where, _sentence(word, limit, value, str(error.message)[:160])


def _sentence(word: str, limit: object, value: object, message: str) -> str:
    shown = json.dumps(value, ensure_ascii=False)[:60]
    text = _SENTENCES.get(word)
    return text(limit, shown, message) if text else message


def _of_types(limit: Any, shown: str, message: str) -> str:
    kinds = [limit] if isinstance(limit, str) else limit
    return f"须是{'或'.join(_TYPES[kind] for kind in kinds)}，这里是 {shown}"


def _among(limit: object, shown: str, message: str) -> str:
    return f"须是 {json.dumps(limit, ensure_ascii=False)[:200]} 之一，这里是 {shown}"


_SENTENCES: dict[str, Callable[[Any, str, str], str]] = {
    "required": lambda limit, shown, message: f"缺少关键字 {message.split(' is a required')[0]}",
    "type": _of_types,
    "enum": _among,
    "const": lambda limit, shown, message: f"须是 {json.dumps(limit, ensure_ascii=False)}，这里是 {shown}",
    "pattern": lambda limit, shown, message: f"{shown} 的写法不对，须合 {limit}",
    "minItems": lambda limit, shown, message: f"至少要 {limit} 项",
    "minLength": lambda limit, shown, message: "不能是空的",
    "minProperties": lambda limit, shown, message: f"至少要写 {limit} 项",
    "maxProperties": lambda limit, shown, message: f"只能写 {limit} 项，这里是 {shown}",
    "uniqueItems": lambda limit, shown, message: f"不能有重复的项：{shown}",
    "oneOf": lambda limit, shown, message: f"写法不对：{shown}",
    "anyOf": lambda limit, shown, message: f"写法不对：{shown}",
}
"""The Chinese sentence for each word of a meta-schema that refuses something."""


@cache
def _own_words() -> list[str]:
    """Every keyword of ours that the meta-schemas know."""
    written = "".join(path.read_text("utf-8") for path in META.glob("*.json"))
    return sorted(set(re.findall(r'"(x-[a-z-]+)"', written)))


# -- as a JSON Schema ------------------------------------------------------------------------------------------


def _schema_faults(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """``(pointer, sentence)`` of every place where the document is no JSON Schema."""
    meta = jsonschema.Draft202012Validator.META_SCHEMA
    bare = {word: value for word, value in document.items() if word not in ("$schema", "$id")}
    if jsonschema_rs.meta.is_valid({"$schema": meta["$id"], **bare}):
        return
    for error in jsonschema.Draft202012Validator(meta).iter_errors(bare):
        for inner in _telling(error):
            text = _sentence(str(inner.validator), inner.validator_value, inner.instance, str(inner.message)[:160])
            yield pointer(*inner.absolute_path), text


def keyword_faults(node: object, path: str, where: str = "") -> Iterator[Fault]:
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


def _inner_faults(word: str, value: object, path: str, here: str) -> Iterator[Fault]:
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


def _conditions(node: object, where: str) -> Iterator[tuple[str, Any]]:
    """Every condition in a document, with its pointer."""
    if isinstance(node, dict):
        for word, part in node.items():
            if word in CONDITIONS:
                yield where + pointer(word), part
            yield from _conditions(part, where + pointer(word))
    elif isinstance(node, list):
        for index, part in enumerate(node):
            yield from _conditions(part, f"{where}/{index}")


def _condition_faults(condition: object, path: str, where: str) -> Iterator[Fault]:
    if isinstance(condition, list):
        for index, part in enumerate(condition):
            yield from _condition_faults(part, path, f"{where}/{index}")
    elif isinstance(condition, dict):
        for read, wanted in condition.items():
            yield from keyword_faults(wanted, path, where + pointer(read))


def _fits(word: str, declared: object) -> bool:
    """Whether a keyword can say anything of values of the declared type."""
    types = [declared] if isinstance(declared, str) else declared
    if (
        word not in _WORDS_OF
        or not isinstance(types, list)
        or not all(isinstance(one, str) and one in _TYPES for one in types)
    ):
        return True
    return any(one in _WORDS_OF[word] for one in types)


def _instead(word: str, known: Iterable[Any]) -> str:
    near = get_close_matches(word, [str(one) for one in known], 1)
    return f"，是不是“{near[0]}”？" if near else ""
