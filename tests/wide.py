"""A scenario as wide as any will be: five real forms and optional ones, each behind a question of its own."""

from __future__ import annotations

import copy
from typing import Any

from standard import LIBRARY
from tiny import changed

from formengine.templates.build import library_of
from formengine.templates.library import Library

MODELS = ("food-business-licence", "drainage-permit", "signboard-setup", "public-place-hygiene")
QUESTION = {"description": "决定要不要办这张表", "type": "boolean"}


def wide(options: int, library: Library | None = None, models: tuple[str, ...] = MODELS) -> Library:
    """The real templates with the one scenario ``wide``: a hotel's five forms, and so many optional ones.

    The optional forms are the real ones of ``models`` in turn, from the second round on as forms of other departments.
    """
    real = library or LIBRARY
    made, entries, facts = {}, [], {}
    for index in range(options):
        model, fact = models[index % len(models)], f"wants_{index}"
        name = f"{model}-{index}"
        made[name] = copied(real.forms[model].raw, name, index)
        entries.append({"form": name, "when": {f"facts.{fact}": True}, "reason": f"第 {index + 1} 个附加事项"})
        facts[fact] = {**QUESTION, "title": f"是否办第 {index + 1} 个附加事项"}
    raw = copy.deepcopy(real.scenarios["hotel"].raw)
    kept = {name: raw["properties"][name] for name in ("entity_kind", "holds_licence")}
    raw |= {"$id": "wide", "properties": {**kept, **facts}, "required": [*kept, *facts], "x-optional-forms": entries}
    there = {entry["form"] for entry in [*raw["x-forms"], *entries]}
    raw["x-order"] = [edge for edge in raw["x-order"] if {edge["before"], edge["after"]} <= there]
    typical = raw["x-typical"]["facts"]
    raw["x-typical"] = {
        **raw["x-typical"],
        "facts": {**{name: typical[name] for name in kept}, **dict.fromkeys(facts, False)},
    }
    gone = tuple(f"forms/{name}" for name in real.scenarios)
    return library_of(changed(real.documents, gone, departments=made, forms={"wide": raw}))


def copied(raw: dict[str, Any], name: str, index: int) -> dict[str, Any]:
    """A form as another department's own: the same fields under another id, without the licence."""
    made = {key: value for key, value in copy.deepcopy(raw).items() if key != "x-licence"}
    department = {"id": f"department-{index}", "title": f"第 {index + 1} 部门"}
    return {**made, "$id": name, "title": f"{raw['title']}之{index + 1}", "x-department": department}


def limited(library: Library, form: str, code: str, **limit: Any) -> Library:
    """The library with one field of one form limited further."""
    raw = copy.deepcopy(library.forms[form].raw)
    raw["properties"][code] |= limit
    return library_of(changed(library.documents, departments={form: raw}))
