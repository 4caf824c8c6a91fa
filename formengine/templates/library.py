"""What templates say: data elements, department forms, licences, scenarios, codes; read once, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..conditions import Atom, Cond, any_of, atom, canonical, parse, paths_of, rewrite
from ..errors import UnknownScenario
from ..evaluate import compile_condition
from ..paths import pointer
from .documents import Documents
from .schemas import is_table

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
        found: dict[str, Any] = self.raw["items"] if self.is_list else self.raw
        return found

    def where(self, attribute: str) -> str:
        """The JSON pointer of an attribute in the subject's own document."""
        return ("/items" if self.is_list else "") + pointer("properties", attribute)


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

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """The form's fields, by their codes."""
        return dict(self.raw["properties"])

    def columns(self, code: str) -> dict[str, dict[str, Any]]:
        """The columns of a field that is a table, by their codes; none for any other field."""
        node = self.raw["properties"][code]
        return dict(node["items"]["properties"]) if is_table(node) else {}


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
    def entries(self) -> tuple[tuple[dict[str, Any], Cond], ...]:
        """The entries of the scenario's forms in their order, each with the condition on facts that calls for it."""
        return tuple((entry, parse(entry.get("when", True))) for entry in [*self.forms, *self.optional_forms])

    @cached_property
    def calls(self) -> dict[str, Cond]:
        """For each form of the scenario, in its order, the condition on facts that calls for it."""
        found: dict[str, list[Cond]] = {}
        for entry, when in self.entries:
            found.setdefault(entry["form"], []).append(when)
        return {form: any_of(whens) for form, whens in found.items()}

    def calling(self, facts: dict[str, Any]) -> list[dict[str, Any]]:
        """The entries, each form once, that these facts call for."""
        scope = {f"facts.{name}": value for name, value in facts.items()}
        found: dict[str, dict[str, Any]] = {}
        for entry, when in self.entries:
            if compile_condition(when)(scope):
                found.setdefault(entry["form"], entry)
        return list(found.values())

    @cached_property
    def decided_by(self) -> dict[str, list[dict[str, Any]]]:
        """For each fact the entries whose condition reads it."""
        read = [(entry, set(paths_of(when))) for entry, when in self.entries]
        return {name: [entry for entry, paths in read if f"facts.{name}" in paths] for name in self.facts}

    @property
    def typical_facts(self) -> dict[str, Any]:
        return dict(self.raw.get("x-typical", {}).get("facts", {}))

    @property
    def returning_facts(self) -> dict[str, Any]:
        """The facts of the typical applicant who comes again; the typical ones where nothing changes."""
        return {**self.typical_facts, **self.raw.get("x-typical", {}).get("returning", {})}

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
    documents: Documents = field(default_factory=lambda: Documents(()), repr=False)

    @property
    def digest(self) -> str:
        """What tells one set of templates from another: sha-256 (hex) of all that they say."""
        return self.documents.digest

    def packed(self) -> bytes:
        """The templates, to be kept; ``unpack_library`` makes them a library again."""
        return self.documents.packed()

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
            for _, key, value in entries_at(document):
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

    def condition(self, short: object) -> Cond:
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


def entries_at(node: object, where: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every key in a document with its value, however deep: ``(the value's pointer, key, value)``."""
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, part in parts:
        here = where + pointer(key)
        if isinstance(key, str):
            yield here, key, part
        yield from entries_at(part, here)
