"""What facts decide before anything is merged: which forms apply, what is fixed, what a licence will yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .bindings import Env
from .conditions import canonical, compile_condition, value_test
from .errors import Fault, FormEngineError, TemplateError
from .library import Library, Scenario
from .schemas import constraint


@dataclass(frozen=True)
class Plan:
    """The applicable forms in the scenario's order; ``static`` maps fixed paths to values."""

    scenario: Scenario
    facts: dict[str, Any]
    forms: tuple[str, ...]
    static: dict[str, Any]
    issued: dict[str, dict[str, tuple[str, str]]]

    def env(self, library: Library, form: str) -> Env:
        """What is known while ``form`` is bound."""
        return Env(library, form, self.static, self.issued.get(form, {}))


def make_plan(library: Library, scenario: Scenario, facts: dict[str, Any] | None) -> Plan:
    """Check the facts and work out the plan; raises ``FormEngineError`` for facts the scenario does not take."""
    given = scenario.typical_facts if facts is None else facts
    problems = list(fact_problems(library, scenario, given))
    if problems:
        raise FormEngineError("情形有误：" + "；".join(text for _, text in problems))
    static = {f"facts.{name}": value for name, value in given.items()}
    for name, node in scenario.facts.items():
        if "x-element" in node and name in given:
            static[node["x-element"]] = given[name]
    forms = applicable_forms(scenario, given)
    if unknown := [name for name in forms if name not in library.forms]:
        where = f"forms/{scenario.id}.json"
        raise TemplateError([Fault(where, "form", f"没有部门申请表“{name}”的模板") for name in unknown])
    static.update(scenario.constants)
    return Plan(scenario, dict(given), forms, static, _issued(library, scenario, forms))


def fact_problems(library: Library, scenario: Scenario, facts: Any) -> list[tuple[str, str]]:
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
            found.append((f"/facts/{name}", f"请回答“{scenario.facts[name].get('title', name)}”"))
    return found


def applicable_forms(scenario: Scenario, facts: dict[str, Any]) -> tuple[str, ...]:
    """The ids of the forms that these facts call for, in the scenario's order."""
    from .conditions import parse

    scope = {f"facts.{name}": value for name, value in facts.items()}
    chosen = []
    for entry in [*scenario.forms, *scenario.optional_forms]:
        if compile_condition(parse(entry.get("when", True)))(scope):
            chosen.append(entry["form"])
    return tuple(dict.fromkeys(chosen))


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
