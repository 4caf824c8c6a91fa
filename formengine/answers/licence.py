"""The values that a licence prints: from the answers through its bindings, its own from what was decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..binding.bind import bind
from ..merging.form import MergedForm
from ..paths import MISSING
from ..templates.library import Licence
from .resolve import Resolved


@dataclass
class Issuance:
    """What the departments of a case decided: licence ids, their own values, and the elements they yield."""

    licences: list[str] = field(default_factory=list)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    elements: dict[str, Any] = field(default_factory=dict)


def licence_values(form: MergedForm, licence: Licence, answers: object, issued: Issuance) -> dict[str, Any]:
    """The values of one licence's captions: from the answers through its bindings, its own from ``issued``."""
    resolved = Resolved(form, answers, issued.elements)
    for element, value in issued.elements.items():
        resolved.values.setdefault(element, value)
    env = form.plan.env(form.library, "")
    own = issued.own.get(licence.id, {})
    out: dict[str, Any] = {}
    for code, node in licence.raw["properties"].items():
        spec = node.get("x-element")
        if isinstance(spec, dict) and "own" in spec:
            value = own.get(code, MISSING)
        else:
            value = bind(spec, env, code=code, schema=node).value(resolved.values)
        if value is not MISSING:
            out[code] = value
    return out
