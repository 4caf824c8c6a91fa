"""The only reader of templates: five kinds of JSON files become one frozen library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..algebra.jsonvalue import plain_numbers
from ..conditions import TRUE, Atom, Cond, any_of, atom, canonical, parse, rewrite
from ..errors import Fault, FormEngineError, ReferenceFault, TemplateError, UnknownScenario
from ..reading import DEPTH, is_json
from .positions import positions, repeated
from .schemas import choices, constraint, inline_local
from .shape import keyword_faults, shape_faults

HERE = Path(__file__).parent.parent
STANDARD_TEMPLATES = HERE / "templates_std"
STANDARD_FORMS = HERE.parent / "forms"
Codes = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Derivation:
    """One way to compute an element: when it applies, which function, from which paths."""

    when: Cond
    function: str
    sources: tuple[str, ...]
    params: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """A value filled in for the applicant, who can change it: given (``value``) or computed."""

    when: Cond
    value: Any = None
    derivation: Derivation | None = None


@dataclass(frozen=True)
class DataElement:
    """A data element (数据元) of the dictionary; ``id`` is ``subject.attribute``."""

    id: str
    title: str
    raw: dict[str, Any] = field(repr=False)
    schema: dict[str, Any] = field(repr=False)
    when: Cond
    derivations: tuple[Derivation, ...]
    choices: tuple[tuple[Any, str], ...] = field(repr=False)
    table: str | None = None
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def sensitivity(self) -> str:
        """``none``, ``personal`` or ``sensitive``."""
        return str(self.raw.get("x-sensitivity", "none"))

    @property
    def is_system(self) -> bool:
        return bool(self.raw.get("x-system"))

    @property
    def options(self) -> dict[Any, str]:
        return dict(self.choices)


@dataclass(frozen=True)
class Subject:
    """One file of the dictionary: an object, or a list of rows."""

    id: str
    title: str
    raw: dict[str, Any] = field(repr=False)
    is_list: bool

    @property
    def node(self) -> dict[str, Any]:
        """The object schema that holds the attributes: the items of a list."""
        node = self.raw.get("items", {}) if self.is_list else self.raw
        return node if isinstance(node, dict) else {}


@dataclass(frozen=True)
class DepartmentForm:
    """A department form (部门申请表): exactly what that department receives."""

    id: str
    raw: dict[str, Any] = field(repr=False)

    @property
    def title(self) -> str:
        return str(self.raw.get("title", self.id))

    @property
    def department(self) -> dict[str, str]:
        """``{"id", "title"}`` of the department."""
        return dict(self.raw.get("x-department", {}))

    @property
    def licence(self) -> str | None:
        return self.raw.get("x-licence")

    @property
    def days(self) -> dict[str, Any]:
        """``{"legal", "promised"}`` working days; None where none is set."""
        return dict(self.raw.get("x-days", {}))

    @property
    def materials(self) -> list[dict[str, Any]]:
        return list(self.raw.get("x-materials", []))

    @property
    def rules(self) -> list[dict[str, Any]]:
        return list(self.raw.get("x-rules", []))


@dataclass(frozen=True)
class Licence:
    """A licence (证照): captions, numbering, validity, and the elements that it yields to later forms."""

    id: str
    raw: dict[str, Any] = field(repr=False)

    @property
    def title(self) -> str:
        return str(self.raw.get("title", self.id))

    @property
    def yields(self) -> dict[str, str]:
        """``{element: property of the licence}``."""
        return dict(self.raw.get("x-yields", {}))


@dataclass(frozen=True)
class Scenario:
    """A joint-registration scenario (联办事项)."""

    id: str
    raw: dict[str, Any] = field(repr=False)

    @property
    def title(self) -> str:
        return str(self.raw.get("title", self.id))

    @property
    def facts(self) -> dict[str, dict[str, Any]]:
        """The guiding questions: ``{fact: schema}``."""
        return dict(self.raw.get("properties", {}))

    @property
    def forms(self) -> list[dict[str, Any]]:
        return list(self.raw.get("x-forms", []))

    @property
    def optional_forms(self) -> list[dict[str, Any]]:
        return list(self.raw.get("x-optional-forms", []))

    @cached_property
    def calls(self) -> dict[str, Cond]:
        """For each form of the scenario, in its order, the condition on facts that calls for it."""
        found: dict[str, list[Cond]] = {}
        for entry in [*self.forms, *self.optional_forms]:
            found.setdefault(entry["form"], []).append(parse(entry.get("when", True)))
        return {form: any_of(whens) for form, whens in found.items()}

    @property
    def typical_facts(self) -> dict[str, Any]:
        return dict(self.raw.get("x-typical", {}).get("facts", {}))

    @property
    def typical_answers(self) -> dict[str, Any]:
        return dict(self.raw.get("x-typical", {}).get("answers", {}))

    @property
    def constants(self) -> dict[str, Any]:
        """Elements whose value the scenario fixes."""
        return dict(self.raw.get("x-constants", {}))

    @property
    def rules(self) -> list[dict[str, Any]]:
        return list(self.raw.get("x-rules", []))


@dataclass(frozen=True)
class Library:
    """All templates, read once; nothing in it changes after loading."""

    subjects: dict[str, Subject]
    elements: dict[str, DataElement]
    forms: dict[str, DepartmentForm]
    licences: dict[str, Licence]
    scenarios: dict[str, Scenario]
    codes: Codes
    files: dict[str, Path]

    def scenario(self, scenario_id: str) -> Scenario:
        """The scenario with this id; raises ``UnknownScenario``."""
        if scenario_id not in self.scenarios:
            known = "、".join(sorted(self.scenarios))
            raise UnknownScenario(f"没有联办事项“{scenario_id}”；现有：{known}")
        return self.scenarios[scenario_id]

    @cached_property
    def facts_read(self) -> dict[str, list[Any]]:
        """For each fact (``facts.<name>``) that conditions of the dictionary and of the department forms read, what
        they ask of it."""
        found: dict[str, list[Any]] = {}
        for document in [*(s.raw for s in self.subjects.values()), *(f.raw for f in self.forms.values())]:
            for key, value in entries(document):
                if key.startswith("facts."):
                    found.setdefault(key, []).append(value)
        return found

    @cached_property
    def dictionary(self) -> str:
        """The whole data dictionary with its code lists, as one text."""
        return canonical([{name: subject.raw for name, subject in self.subjects.items()}, self.codes])

    @cached_property
    def lists(self) -> frozenset[str]:
        """The subjects that are lists of rows."""
        return frozenset(s.id for s in self.subjects.values() if s.is_list)

    def locate(self, path: str) -> tuple[str, tuple[str, ...]]:
        """Split a path into the element (or own / facts path) and the keys inside its value.

        >>> # premises.address.town -> ("premises.address", ("town",))
        """
        parts = path.split(".")
        if parts[0] in ("own", "facts", "materials"):
            depth = 3 if parts[0] == "own" else 2
        else:
            depth = 1 if len(parts) == 1 else 2
        return ".".join(parts[:depth]), tuple(parts[depth:])

    def condition(self, short: Any) -> Cond:
        """Parse a short-form condition; an atom inside a value becomes an atom on the element."""
        return rewrite(parse(short), self._normal_atom)

    def _normal_atom(self, node: Atom) -> Cond:
        element, inner = self.locate(node.path)
        if not inner:
            return node
        schema: Any = node.schema
        for key in reversed(inner):
            schema = {"properties": {key: schema}, "required": [key]}
        return atom(element, schema)


def load_library(
    templates: Path | str | Iterable[Path | str] = STANDARD_TEMPLATES, forms: Path | str = STANDARD_FORMS
) -> Library:
    """Read all templates.

    ``templates`` is a folder like ``templates_std``, or several of them, later ones adding to earlier ones; ``forms``
    the folder of scenario files. Raises ``TemplateError`` listing every file that cannot be read.
    """
    folders = [Path(templates)] if isinstance(templates, str | Path) else [Path(t) for t in templates]
    reader = _Reader()
    subjects = reader.read(folders, "elements")
    codes = {name: _code_list(doc) for name, doc in reader.read(folders, "codes").items()}
    departments = reader.read(folders, "departments")
    licences = reader.read(folders, "licences")
    scenarios = reader.read_folder(Path(forms))
    if reader.faults:
        raise TemplateError(reader.faults)
    try:
        return _built(subjects, codes, departments, licences, scenarios, reader.files)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise TemplateError([Fault("", "template", f"模板之间对不上：{error!r}")]) from error


def build_library(
    subjects: dict[str, Any],
    codes: Codes,
    departments: dict[str, Any],
    licences: dict[str, Any],
    scenarios: dict[str, Any],
    files: dict[str, Path] | None = None,
) -> Library:
    """A library out of documents already in memory: ``{id: document}`` for each kind; raises ``TemplateError``."""
    kinds = {"elements": subjects, "departments": departments, "licences": licences, "forms": scenarios}
    whole = {kind: _plain(kind, found) for kind, found in kinds.items()}
    faults = [
        fault for kind, found in whole.items() for name, doc in found.items() for fault in _patterns(kind, name, doc)
    ]
    if faults:
        raise TemplateError(faults)
    return _built(whole["elements"], codes, whole["departments"], whole["licences"], whole["forms"], files or {})


def _built(
    subjects: dict[str, Any],
    codes: Codes,
    departments: dict[str, Any],
    licences: dict[str, Any],
    scenarios: dict[str, Any],
    files: dict[str, Path],
) -> Library:
    """The library of documents that were looked at by themselves."""
    resolved = {name: _inline(doc, subjects, name) for name, doc in subjects.items()}
    found = {n: Subject(n, str(d.get("title", n)), d, d.get("type") == "array") for n, d in resolved.items()}
    library = Library(
        subjects=found,
        elements={},
        forms={name: DepartmentForm(name, _whole(doc, "departments", name)) for name, doc in departments.items()},
        licences={name: Licence(name, _whole(doc, "licences", name)) for name, doc in licences.items()},
        scenarios={name: Scenario(name, doc) for name, doc in scenarios.items()},
        codes=codes,
        files=files,
    )
    for subject in found.values():
        for attribute, node in subject.node.get("properties", {}).items():
            element = _element(library, subject, attribute, node)
            library.elements[element.id] = element
    return library


def entries(node: Any) -> Iterator[tuple[str, Any]]:
    """Every key in a document with its value, however deep."""
    if isinstance(node, dict):
        yield from node.items()
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from entries(part)


def located(fault: Fault) -> Fault:
    """A fault with the line and column that its pointer has in its file; as it is where there is no such file."""
    if fault.line or not fault.path or not Path(fault.path).is_file():
        return fault
    try:
        places = positions(Path(fault.path).read_text("utf-8"))
    except (OSError, ValueError, IndexError, RecursionError):
        return fault
    where = fault.pointer
    while where and where not in places:
        where = where.rpartition("/")[0]
    line, column = places.get(where, (1, 1))
    return replace(fault, line=line, column=column)


def _plain(kind: str, documents: dict[str, Any]) -> dict[str, Any]:
    """The documents with limits such as ``2.0`` as the whole numbers that they are."""
    found = {}
    for name, document in documents.items():
        try:
            found[name] = plain_numbers(document)
        except FormEngineError as error:
            raise TemplateError([Fault(f"{kind}/{name}.json", "unreadable", str(error))]) from None
    return found


def _patterns(kind: str, name: str, document: dict[str, Any]) -> Iterator[Fault]:
    """The patterns of a document that no judge can be given."""
    return (fault for fault in keyword_faults(document, f"{kind}/{name}.json") if fault.code == "pattern")


class _Reader:
    """Reads folders of JSON files and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.files: dict[str, Path] = {}

    def read(self, folders: list[Path], kind: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for folder in folders:
            found.update(self.read_folder(folder / kind, kind))
        return found

    def read_folder(self, folder: Path, kind: str = "forms") -> dict[str, Any]:
        found: dict[str, Any] = {}
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            document = self._document(path)
            if document is not None:
                found[path.stem] = document
                self.files[f"{kind}/{path.stem}"] = path
                self.faults += [located(fault) for fault in shape_faults(kind, path.stem, document, str(path))]
        return found

    def _document(self, path: Path) -> dict[str, Any] | None:
        try:
            text = path.read_bytes().decode("utf-8")
            document = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            hint = "文件开头有 BOM，请另存为不带 BOM 的 UTF-8" if text[:1] == "\ufeff" else error.msg
            self._fault(path, "json", f"不是合法的 JSON：{hint}", error.lineno, error.colno)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self._fault(path, "utf-8", "文件不是 UTF-8 编码（可能是 GBK），请另存为 UTF-8", line, 1)
        except _RepeatedError:
            for where, line, column in repeated(text):
                key = where.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
                self._fault(path, "twice", f"“{key}”写了两次，前一个会被后一个盖掉，请删去一个或改名", line, column)
        except (OSError, RecursionError, ValueError) as error:
            self._fault(path, "unreadable", f"读不出来：{error}", 1, 1)
        else:
            if isinstance(document, dict) and is_json(document):
                found: dict[str, Any] = plain_numbers(document)
                return found
            if isinstance(document, dict):
                self._fault(path, "unreadable", f"嵌套超过 {DEPTH} 层，或者有半个字符、过大的数", 1, 1)
                return None
            self._fault(path, "json", "模板须是一个 JSON 对象", 1, 1)
        return None

    def _fault(self, path: Path, code: str, message: str, line: int = 0, column: int = 0) -> None:
        self.faults.append(Fault(str(path), code, message, "", line, column))


class _RepeatedError(Exception):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedError
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"JSON 里不能有 {name}")


def _code_list(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["const"], entry["title"]) for entry in document.get("oneOf", [])]


def _whole(document: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    """A document without references to its own definitions."""
    try:
        return inline_local(document)
    except ReferenceFault as error:
        raise TemplateError([Fault(f"{kind}/{name}.json", "ref", str(error))]) from None


def _inline(node: Any, subjects: dict[str, Any], home: str, trail: tuple[str, ...] = ()) -> Any:
    """Replace ``$ref`` into dictionary files by what it names; keywords beside the reference win."""
    if isinstance(node, list):
        return [_inline(item, subjects, home, trail) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: _inline(value, subjects, home, trail) for key, value in node.items()}
    file, _, fragment = reference.partition("#")
    here = f"{Path(file).stem if file else home}#{fragment}"
    if here in trail:
        circle = " → ".join([*trail[trail.index(here) :], here])
        raise TemplateError([Fault(f"elements/{home}.json", "ref", f"引用绕成了圈：{circle}")])
    target: Any = subjects.get(Path(file).stem if file else home)
    try:
        for part in fragment.strip("/").split("/"):
            target = target[part]
    except (KeyError, TypeError):
        raise TemplateError([Fault(f"elements/{home}.json", "ref", f"引用 {reference} 不存在")]) from None
    merged = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return _inline(merged, subjects, Path(file).stem if file else home, (*trail, here))


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
        schema=constraint(node, library.codes),
        when=TRUE if when is None else library.condition(when),
        derivations=derivations,
        choices=tuple(choices(node, library.codes)),
        table=subject.id if subject.is_list else None,
        suggestions=tuple(_suggestion(library, case) for case in node.get("x-default", [])),
    )


def _suggestion(library: Library, case: dict[str, Any]) -> Suggestion:
    when = library.condition(case["when"]) if "when" in case else TRUE
    return Suggestion(when, case["value"]) if "value" in case else Suggestion(when, None, _derivation(library, case))


def scenario_suggestions(library: Library, given: Any) -> tuple[Suggestion, ...]:
    """What a scenario fills in for one element: a value, or a list of ``{"when": …, "value": …}``."""
    cases = given if isinstance(given, list) and given and all(_is_case(one) for one in given) else [{"value": given}]
    return tuple(_suggestion(library, case) for case in cases)


def _is_case(one: Any) -> bool:
    return isinstance(one, dict) and "value" in one and set(one) <= {"when", "value"}


def _derivation(library: Library, case: dict[str, Any]) -> Derivation:
    when = library.condition(case["when"]) if "when" in case else TRUE
    extra = tuple(sorted((k, v) for k, v in case.items() if k not in ("when", "function", "from")))
    return Derivation(when, case["function"], tuple(case.get("from", ())), extra)
