"""Licences issued for a demonstration: numbers of the right shape, plainly nobody's."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from ..answers.licence import Issuance
from ..conditions import canonical
from ..evaluate import value_test
from ..formats import FORMATS
from ..merging.form import MergedForm
from ..templates.library import Licence
from ..templates.schemas import constraint
from ..words import day


def demo_issue(form: MergedForm, answers: object, today: str) -> Issuance:
    """Issue every licence of a case for a demonstration: numbers of the right shape, made from a fixed seed."""
    issued = Issuance()
    for one in form.bound:
        licence = form.library.licences.get(one.form.licence or "")
        if licence is None or licence.id in issued.licences:
            continue
        rng = random.Random(f"{form.scenario.id}/{licence.id}")
        issued.licences.append(licence.id)
        issued.own[licence.id] = {
            code: _own_value(licence, code, node, rng, today)
            for code, node in licence.raw["properties"].items()
            if isinstance(node.get("x-element"), dict) and "own" in node["x-element"]
        }
        if licence.yields.get("entity.uscc") in issued.own[licence.id]:
            issued.own[licence.id][licence.yields["entity.uscc"]] = _credit_code(form, rng)
        for element, prop in licence.yields.items():
            issued.elements[element] = _yielded(form, licence, element, prop, issued, rng, today)
    return issued


def _credit_code(form: MergedForm, rng: random.Random) -> str:
    """A credit code for the kind of applicant: the second digit is 1 for a company, 2 for an individual (GB 32100)."""
    wanted = "92" if form.plan.static.get("entity.kind") == "individual" else "91"
    while not (code := FORMATS["uscc"].generate(rng)).startswith(wanted):
        pass
    return code


def _own_value(licence: Licence, code: str, node: dict[str, Any], rng: random.Random, today: str) -> object:
    kind = node["x-element"]["own"]
    if kind == "authority":
        return licence.raw["x-issuer"]["title"]
    if kind in ("valid_until", "valid_period"):
        return _validity(licence, kind, date.fromisoformat(today))
    if node.get("format") == "date" or kind == "date":
        return today
    return _number(node, rng)


def _validity(licence: Licence, kind: str, start: date) -> str:
    """The last day of validity (ISO), or the period as printed: whole years, to the eve of the anniversary."""
    years = int(licence.raw["x-validity"]["years"])
    leap_day = (start.month, start.day) == (2, 29)
    anniversary = start.replace(year=start.year + years, day=28 if leap_day else start.day)
    end = anniversary if leap_day else anniversary - timedelta(days=1)
    return end.isoformat() if kind == "valid_until" else f"{_printed(start)}至{_printed(end)}"


def _printed(one: date) -> str:
    return day(one.year, one.month, one.day)


def _number(node: dict[str, Any], rng: random.Random) -> object:
    """A number of the right shape: by format, from the examples, or a plain running number."""
    if node.get("format") in FORMATS:
        return FORMATS[node["format"]].generate(rng)
    fitting = [v for v in node.get("examples", ()) if value_test(canonical(constraint(node)))(v)]
    return rng.choice(fitting) if fitting else str(node.get("const", f"示例字第{rng.randrange(1, 9999):04d}号"))


def _yielded(
    form: MergedForm, licence: Licence, element: str, prop: str, issued: Issuance, rng: random.Random, today: str
) -> object:
    known = issued.own[licence.id].get(prop)
    if known is not None:
        return known
    node = {**licence.raw["properties"].get(prop, {}), **form.library.elements[element].raw}
    return today if node.get("format") == "date" else _number(node, rng)
