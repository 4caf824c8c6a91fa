"""一次告知: what a scenario will need for given facts, before anybody fills in anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from formengine import FormEngineError, Library, MergedForm, Scenario, fact_problems, say
from web.cases.catalogue import Catalogue
from web.form.entries import Entry


@dataclass(frozen=True)
class Question:
    """A guiding question with its answer, and which forms it adds or drops."""

    entry: Entry
    key: str
    """The answer as the page sends it."""
    problem: str
    effects: tuple[str, ...]

    @cached_property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen: as the page sends it, and what it is called; none for what is typed."""
        return tuple((key, title) for key, _, title in self.entry.kind.choices(self.entry))


@dataclass(frozen=True)
class NeededForm:
    """A department form of the case and why it is needed."""

    title: str
    department: str
    reason: str
    legal_days: int | None
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
    promised_days: int | None
    legal_days: int
    inputs: int
    """So many inputs at the least: what is asked whatever else is answered."""


def asked(
    library: Library, scenario: Scenario, entries: Iterable[Entry], facts: dict[str, Any], complain: bool
) -> list[Question]:
    """The guiding questions, filled with ``facts``; ``complain`` puts what is wrong beside each."""
    problems = dict(fact_problems(library, scenario, facts)) if complain else {}
    return [
        Question(
            entry,
            entry.kind.key(entry, facts[entry.name]) or str(facts[entry.name]) if entry.name in facts else "",
            problems.get(f"/facts/{entry.name}", ""),
            tuple(_effects(library, scenario, entry.name)),
        )
        for entry in entries
    ]


def _effects(library: Library, scenario: Scenario, name: str) -> Iterator[str]:
    for entry in scenario.decided_by[name]:
        why = f"：{entry['reason']}" if "reason" in entry else ""
        yield f"《{library.forms[entry['form']].title}》{why}"


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
        promised_days=scenario.raw["x-days"]["promised"],
        legal_days=sum(int(one.form.days.get("legal") or 0) for one in form.bound),
        inputs=served.inputs(facts),
    )


def _needed(form: MergedForm, scenario: Scenario, facts: dict[str, Any]) -> Iterator[NeededForm]:
    for entry in scenario.calling(facts):
        one = form.library.forms[entry["form"]]
        licence = form.library.licences.get(one.licence or "")
        title = licence.title if licence else ""
        yield NeededForm(one.title, one.department["title"], entry.get("reason", ""), one.days.get("legal"), title)


def _materials(form: MergedForm) -> Iterator[Material]:
    for one in form.fields.values():
        if one.kind == "material":
            names = dict.fromkeys(form.library.forms[s.form].department["title"] for s in one.sources)
            when = "" if one.always else say(form, one.visible)
            yield Material(one.title, str(one.raw.get("note", "")), tuple(names), when)
