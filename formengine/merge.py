"""Merging, the verb; how it is done stands in ``merging``."""

from __future__ import annotations

from typing import Any

from .merging.form import MergedForm
from .merging.merge import build
from .merging.plan import make_plan
from .templates.library import Library


def merge(library: Library, scenario_id: str, facts: dict[str, Any] | None = None) -> MergedForm:
    """The merged form of a scenario for these facts (the scenario's typical facts where None).

    Raises ``UnknownScenario``; ``FormEngineError`` for facts the scenario does not take; ``TemplateError`` for
    templates that cannot be bound; ``MergeConflict`` for limits that no value can meet together.
    """
    return build(library, make_plan(library, library.scenario(scenario_id), facts))
