"""Documents become a library. Their shape has been judged: nothing here looks at whether it may."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..algebra.jsonvalue import words_of
from ..conditions import TRUE
from ..paths import keys_in
from .documents import STANDARD_FORMS, STANDARD_TEMPLATES, Data, Documents, read_documents, unpacked
from .library import DataElement, DepartmentForm, Derivation, Library, Licence, Scenario, Subject, Suggestion
from .references import target_of
from .schemas import VALUES, choices, constraint, inline_local
from .shape import shape_faults


def load_library(
    templates: Path | str | Iterable[Path | str] = STANDARD_TEMPLATES, forms: Path | str = STANDARD_FORMS
) -> Library:
    """Read all templates.

    ``templates`` is a folder like ``templates_std``, or several of them, later ones adding to earlier ones; ``forms``
    the folder of scenario files. Raises ``TemplateError`` listing every fault of every file.
    """
    return library_of(read_documents(templates, forms))


def library_of(documents: Documents) -> Library:
    """The library of a set of documents, once their shape is judged; raises ``TemplateError`` with every fault."""
    documents.refuse(shape_faults(documents))
    return build(documents)


def unpack_library(packed: bytes) -> Library:
    """The library of templates that were kept (``Library.packed``); their shape was judged when they were read."""
    return build(unpacked(packed))


def build(documents: Documents) -> Library:
    """The library of documents whose shape is good."""
    elements = documents.of("elements")
    subjects = {name: _subject(name, _inline(data, elements, name)) for name, data in elements.items()}
    codes = {name: _code_list(data) for name, data in documents.of("codes").items()}
    library = Library(
        subjects=subjects,
        elements={},
        forms={name: DepartmentForm(name, inline_local(data)) for name, data in documents.of("departments").items()},
        licences={name: Licence(name, inline_local(data)) for name, data in documents.of("licences").items()},
        scenarios={name: Scenario(name, data) for name, data in documents.of("forms").items()},
        codes=codes,
        documents=documents,
    )
    for subject in subjects.values():
        for attribute, node in subject.node.get("properties", {}).items():
            element = _element(library, subject, attribute, node)
            library.elements[element.id] = element
    return library


def _subject(name: str, found: Data) -> Subject:
    return Subject(name, str(found.get("title", name)), found, found.get("type") == "array")


def _code_list(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["const"], entry["title"]) for entry in document.get("oneOf", [])]


def _inline(node: object, subjects: dict[str, Any], home: str) -> Any:
    """Replace ``$ref`` into dictionary files by what it names; keywords beside the reference win."""
    if isinstance(node, list):
        return [_inline(item, subjects, home) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {k: part if k in VALUES else _inline(part, subjects, home) for k, part in node.items()}
    name, where = target_of(reference, home)
    target: Any = subjects[name]
    for key in keys_in(where):
        target = target[int(key)] if isinstance(target, list) else target[key]
    return _inline({**target, **{key: value for key, value in node.items() if key != "$ref"}}, subjects, name)


def _element(library: Library, subject: Subject, attribute: str, node: dict[str, Any]) -> DataElement:
    raw = {**node}
    if subject.raw.get("x-section"):
        raw.setdefault("x-section", subject.raw["x-section"])
    when = node.get("x-when", subject.raw.get("x-when"))
    derivations = tuple(_derivation(library, case) for case in node.get("x-derive", []))
    return DataElement(
        id=f"{subject.id}.{attribute}",
        title=str(node.get("title", attribute)),
        raw=raw,
        schema=words_of(constraint(node, library.codes)),
        when=TRUE if when is None else library.condition(when),
        derivations=derivations,
        choices=tuple(choices(node, library.codes)),
        table=subject.id if subject.is_list else None,
        suggestions=tuple(_suggestion(library, case) for case in node.get("x-default", [])),
    )


def _suggestion(library: Library, case: dict[str, Any]) -> Suggestion:
    when = library.condition(case["when"]) if "when" in case else TRUE
    return Suggestion(when, case["value"]) if "value" in case else Suggestion(when, None, _derivation(library, case))


def scenario_suggestions(library: Library, given: object) -> tuple[Suggestion, ...]:
    """What a scenario fills in for one element: a value, or a list of ``{"when": …, "value": …}``."""
    cases = given if isinstance(given, list) and given and all(_is_case(one) for one in given) else [{"value": given}]
    return tuple(_suggestion(library, case) for case in cases)


def _is_case(one: object) -> bool:
    return isinstance(one, dict) and "value" in one and set(one) <= {"when", "value"}


def _derivation(library: Library, case: dict[str, Any]) -> Derivation:
    when = library.condition(case["when"]) if "when" in case else TRUE
    extra = tuple(sorted((k, v) for k, v in case.items() if k not in ("when", "function", "from")))
    return Derivation(when, case["function"], tuple(case.get("from", ())), extra)
