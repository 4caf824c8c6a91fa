"""一次告知: what a scenario will need for given facts, before anybody fills in anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from formengine import FormEngineError, MergedForm, Scenario
from formengine.authoring.describe import say
from formengine.conditions import TRUE, parse
from formengine.evaluate import compile_condition
from formengine.merging.plan import fact_problems
from formengine.templates.schemas import choices
from web.cases.catalogue import Catalogue


@dataclass(frozen=True)
class Question:
    """A guiding question: what it offers, and which forms it adds or drops."""

    name: str
    title: str
    hint: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    value: str
    problem: str
    effects: tuple[str, ...]


@dataclass(frozen=True)
class NeededForm:
    """A department form of the case and why it is needed."""

    title: str
    department: str
    reason: str
    legal_days: Any
    licence: str


@dataclass(frozen=True)
class Material:
    """A material to upload, and who wants it."""

    title: str
    note: str
    departments: tuple[str, ...]
    only_when: str


@dataclass(frozen=True)
class Notice:
    """Everything that is told once."""

    forms: tuple[NeededForm, ...]
    materials: tuple[Material, ...]
    waived: tuple[str, ...]
    promised_days: Any
    legal_days: int
    inputs: int
    """So many inputs at the least: what is asked whatever else is answered."""


def questions(catalogue: Catalogue, scenario: Scenario, facts: dict[str, Any], complain: bool) -> list[Question]:
    """The guiding questions, filled with ``facts``; ``complain`` puts what is wrong beside each."""
    problems = dict(fact_problems(catalogue.library, scenario, facts)) if complain else {}
    return [_question(catalogue, scenario, name, facts, problems) for name in scenario.facts]


def _question(
    catalogue: Catalogue, scenario: Scenario, name: str, facts: dict[str, Any], problems: dict[str, str]
) -> Question:
    node = scenario.facts[name]
    listed = tuple((str(value), title) for value, title in choices(node, catalogue.library.codes))
    if node.get("type") == "boolean":
        listed = (("yes", "是"), ("no", "否"))
    value = facts.get(name, "")
    text = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    effects = tuple(_effects(catalogue, scenario, name))
    hint, problem = str(node.get("description", "")), problems.get(f"/facts/{name}", "")
    return Question(name, str(node["title"]), hint, "radio" if listed else "number", listed, text, problem, effects)


def _effects(catalogue: Catalogue, scenario: Scenario, name: str) -> Any:
    for entry in [*scenario.forms, *scenario.optional_forms]:
        if f"facts.{name}" in json_keys(entry.get("when", {})):
            form = catalogue.library.forms.get(entry["form"])
            yield f"《{form.title if form else entry['form']}》：{entry['reason']}"


def json_keys(node: Any) -> set[str]:
    """Every key in a short-form condition."""
    if isinstance(node, list):
        return set().union(*(json_keys(part) for part in node)) if node else set()
    return set(node) if isinstance(node, dict) else set()


def notice(catalogue: Catalogue, scenario: Scenario, facts: dict[str, Any]) -> Notice | None:
    """What these facts call for; None while the questions are not all answered."""
    try:
        served = catalogue.serve(scenario.id, facts)
    except FormEngineError:
        return None
    form = served.form
    found = [m for one in form.bound for m in one.form.materials]
    waived = dict.fromkeys(m["title"] for m in found if m.get("waived") and not m.get("generated"))
    return Notice(
        forms=tuple(_needed(form, scenario, facts)),
        materials=tuple(_materials(form)),
        waived=tuple(waived),
        promised_days=scenario.raw.get("x-days", {}).get("promised"),
        legal_days=sum(int(one.form.days.get("legal") or 0) for one in form.bound),
        inputs=served.inputs(facts),
    )


def _needed(form: MergedForm, scenario: Scenario, facts: dict[str, Any]) -> Any:
    scope = {f"facts.{name}": value for name, value in facts.items()}
    seen = set()
    for entry in [*scenario.forms, *scenario.optional_forms]:
        if entry["form"] in seen or not compile_condition(parse(entry.get("when", True)))(scope):
            continue
        seen.add(entry["form"])
        one = form.library.forms[entry["form"]]
        licence = form.library.licences.get(one.licence or "")
        days = one.days.get("legal")
        title = licence.title if licence else ""
        yield NeededForm(one.title, one.department["title"], str(entry.get("reason", "")), days, title)


def _materials(form: MergedForm) -> Any:
    for one in form.fields.values():
        if one.kind == "material":
            names = (form.library.forms[s.form].department["title"] for s in one.sources)
            when = "" if one.visible == TRUE else say(form, one.visible)
            yield Material(one.title, str(one.raw.get("note", "")), tuple(dict.fromkeys(names)), when)
