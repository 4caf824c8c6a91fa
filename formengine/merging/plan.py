"""What facts decide before anything is merged: which forms apply, what is fixed, what a licence will yield.

Facts are of two kinds. A **fixed** fact (a yes/no or a short list that fixes an element, or that conditions of the
dictionary and of the forms read) is settled while merging. Every other fact is **open**: it decides which forms apply
and is otherwise read from the answers, so that all facts that call for the same forms share one merged form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..algebra.jsonvalue import Schema, words_of
from ..binding.base import Env
from ..conditions import FALSE, TRUE, Atom, Cond, Const, Not, canonical, negate, rewrite, typed, units_of
from ..errors import Fault, FormEngineError, TemplateError
from ..evaluate import compile_condition, value_test
from ..templates.library import Library, Scenario
from ..templates.schemas import choices, constraint

FEW = 16
"""A fact with more choices is never fixed: each of them would be a merged form of its own."""


@dataclass(frozen=True)
class Plan:
    """The applicable forms in the scenario's order; ``static`` maps fixed paths to values.

    ``facts`` are the ones it was made for; others with the same ``plan_key`` lead to the same plan. ``open`` are the
    paths of the open facts, ``holds`` says, form by form, what of them makes it apply, or not.
    """

    scenario: Scenario
    facts: dict[str, Any]
    forms: tuple[str, ...]
    static: dict[str, Any]
    issued: dict[str, dict[str, tuple[str, str]]]
    open: frozenset[str]
    holds: tuple[Cond, ...]

    def env(self, library: Library, form: str) -> Env:
        """What is known while ``form`` is bound."""
        return Env(library, form, self.static, self.issued.get(form, {}), self.open, self.known)

    def expected(self, name: str) -> bool:
        """Whether an open fact has to be answered for this plan."""
        called = any(isinstance(unit, Atom) and unit.path == f"facts.{name}" for unit in self.known)
        return called or name in self.scenario.raw.get("required", ())

    @cached_property
    def known(self) -> tuple[Cond, ...]:
        """The atoms and negated atoms that hold of the open facts wherever the plan applies."""
        return tuple(dict.fromkeys(unit for cond in self.holds for unit in units_of(cond)))

    @cached_property
    def copied(self) -> dict[str, str]:
        """The elements that an open fact answers: ``{element: name of the fact}``."""
        facts = self.scenario.facts.items()
        return {node["x-element"]: name for name, node in facts if "x-element" in node and f"facts.{name}" in self.open}

    def limits(self, library: Library, name: str) -> list[Any]:
        """What the value of an open fact has to satisfy for this plan: its own schema first, then what calls for, or
        rules out, the forms; of a fact with choices the choices that are left."""
        node = self.scenario.facts[name]
        own = constraint(node, library.codes)
        told = [unit for unit in self.known if _atom_of(unit).path == f"facts.{name}"]
        listed = [value for value in choice_values(library, node) if all(_agrees(unit, value) for unit in told)]
        if listed:
            return [{"const": listed[0]} if len(listed) == 1 else {"enum": listed}]
        return [own, *(_said(unit) for unit in told)]

    def told(self, library: Library) -> dict[str, Any]:
        """The facts whose value the plan tells: those that are fixed, and those that only one value lets apply."""
        return {name: value for name, value in self.facts.items() if self._tells(library, name)}

    def _tells(self, library: Library, name: str) -> bool:
        if f"facts.{name}" not in self.open:
            return True
        first = self.limits(library, name)[0]
        return self.expected(name) and isinstance(first, dict) and "const" in first


def _atom_of(unit: Cond) -> Atom:
    found = unit.part if isinstance(unit, Not) else unit
    assert isinstance(found, Atom)
    return found


def _agrees(unit: Cond, value: object) -> bool:
    return value_test(_atom_of(unit).text)(value) is not isinstance(unit, Not)


_OPPOSITE = {
    "minimum": "exclusiveMaximum",
    "exclusiveMinimum": "maximum",
    "maximum": "exclusiveMinimum",
    "exclusiveMaximum": "minimum",
}


def _said(unit: Cond) -> Schema:
    """What a unit says of a present value, as a schema."""
    schema = _atom_of(unit).schema
    if not isinstance(unit, Not):
        return schema
    words = [(word, limit) for word, limit in words_of(schema).items() if word != "type"]
    if len(words) == 1 and words[0][0] in _OPPOSITE:
        return {_OPPOSITE[words[0][0]]: words[0][1]}
    return {"not": schema}


def choice_values(library: Library, node: dict[str, Any]) -> list[Any]:
    """The values that a fact can take, where it lists them."""
    listed = [value for value, _ in choices(node, library.codes)]
    return listed or ([False, True] if node.get("type") == "boolean" else [])


def fixed_facts(library: Library, scenario: Scenario) -> frozenset[str]:
    """The names of the facts that are settled while merging."""
    needed = scenario.raw.get("required", ())
    return frozenset(
        name
        for name, node in scenario.facts.items()
        if name in needed
        and ("x-element" in node or f"facts.{name}" in library.facts_read)
        and 0 < len(choice_values(library, node)) <= FEW
    )


def make_plan(library: Library, scenario: Scenario, facts: dict[str, Any] | None) -> Plan:
    """Check the facts and work out the plan; raises ``FormEngineError`` for facts the scenario does not take."""
    given = scenario.typical_facts if facts is None else facts
    _refuse_problems(library, scenario, given)
    forms = applicable_forms(scenario, given)
    if unknown := [name for name in forms if name not in library.forms]:
        where = f"forms/{scenario.id}.json"
        raise TemplateError([Fault(where, "form", f"没有部门申请表“{name}”的模板") for name in unknown])
    fixed = fixed_facts(library, scenario)
    static = {f"facts.{name}": value for name, value in given.items() if name in fixed}
    for name, node in scenario.facts.items():
        if "x-element" in node and name in fixed:
            static[node["x-element"]] = given[name]
    holds = tuple(_holds(scenario, forms, static))
    static.update(scenario.constants)
    still_open = frozenset(f"facts.{name}" for name in scenario.facts if name not in fixed)
    return Plan(scenario, dict(given), forms, static, _issued(library, scenario, forms), still_open, holds)


def plan_key(library: Library, scenario: Scenario, facts: dict[str, Any]) -> tuple[Any, ...]:
    """What tells plans apart: two sets of facts with the same key lead to the same merged form.

    Raises ``FormEngineError`` for facts that the scenario does not take.
    """
    _refuse_problems(library, scenario, facts)
    fixed = sorted(fixed_facts(library, scenario))
    return scenario.id, tuple((name, canonical(facts[name])) for name in fixed), applicable_forms(scenario, facts)


def _refuse_problems(library: Library, scenario: Scenario, facts: object) -> None:
    problems = list(fact_problems(library, scenario, facts))
    if problems:
        raise FormEngineError("情形有误：" + "；".join(text for _, text in problems))


def fact_problems(library: Library, scenario: Scenario, facts: object) -> list[tuple[str, str]]:
    """``[(pointer, sentence)]`` for facts that are missing, unknown or out of range."""
    if not isinstance(facts, dict):
        return [("/facts", "情形须是一个对象")]
    found = []
    for name, value in facts.items():
        node = scenario.facts.get(name)
        if node is None:
            found.append((f"/facts/{name}", f"没有名为“{name}”的情形"))
        elif not value_test(canonical(constraint(node, library.codes)))(value):
            found.append(
                (f"/facts/{name}", f"“{node.get('title', name)}”的回答 {canonical(value)[:80]} 不在可选范围内")
            )
    for name in scenario.raw.get("required", ()):
        if name not in facts:
            found.append((f"/facts/{name}", f"请回答“{scenario.facts.get(name, {}).get('title', name)}”"))
    return found


def applicable_forms(scenario: Scenario, facts: dict[str, Any]) -> tuple[str, ...]:
    """The ids of the forms that these facts call for, in the scenario's order."""
    scope = {f"facts.{name}": value for name, value in facts.items()}
    return tuple(form for form, when in scenario.calls.items() if compile_condition(when)(scope))


def _holds(scenario: Scenario, forms: tuple[str, ...], static: dict[str, Any]) -> Iterator[Cond]:
    """What has to hold of the open facts for exactly these forms to apply."""

    def settle(node: Atom) -> Cond:
        if node.path in static:
            return Const(value_test(node.text)(static[node.path]))
        name = node.path.removeprefix("facts.")
        if name not in scenario.facts:  # nobody is asked: it is never so
            return FALSE
        bounds = isinstance(node.schema, dict) and node.schema.keys() & _OPPOSITE.keys()
        return typed(node, scenario.facts[name].get("type")) if bounds else node

    for form, when in scenario.calls.items():
        cond = rewrite(when, settle)
        cond = cond if form in forms else negate(cond)
        if cond not in (TRUE, FALSE):
            yield cond


def before(scenario: Scenario) -> dict[str, set[str]]:
    """For each form, every form whose decision comes before its own (transitively)."""
    direct: dict[str, set[str]] = {}
    for edge in scenario.raw.get("x-order", ()):
        direct.setdefault(edge["after"], set()).add(edge["before"])
    closed: dict[str, set[str]] = {}
    for form in direct:
        todo, seen = list(direct[form]), set[str]()
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo.extend(direct.get(one, ()))
        closed[form] = seen
    return closed


def _issued(library: Library, scenario: Scenario, forms: tuple[str, ...]) -> dict[str, dict[str, tuple[str, str]]]:
    earlier = before(scenario)
    out: dict[str, dict[str, tuple[str, str]]] = {}
    for form in forms:
        for other in forms:
            licence = library.licences.get(library.forms[other].licence or "") if other in library.forms else None
            if licence is not None and other in earlier.get(form, set()):
                for element in licence.yields:
                    out.setdefault(form, {})[element] = (other, licence.id)
    return out
