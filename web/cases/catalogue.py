"""The scenarios as applicants meet them, and merged forms, each made once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import rfc8785

from formengine import Library, MergedForm, Scenario, merge
from web.sheet import Sheet

KEPT_FORMS = 128


@dataclass(frozen=True)
class Served:
    """A merged form, what its pages show, and its fingerprints."""

    form: MergedForm
    sheet: Sheet
    fingerprint: str
    meaning: str


class Catalogue:
    """The library of templates with its merged forms, the latest ``KEPT_FORMS`` of them in memory."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._served: OrderedDict[bytes, Served] = OrderedDict()
        self._lock = Lock()

    def scenario(self, scenario_id: str) -> Scenario:
        """Raises ``UnknownScenario``."""
        return self.library.scenario(scenario_id)

    def serve(self, scenario_id: str, facts: dict[str, Any]) -> Served:
        """The merged form for these facts; raises ``FormEngineError`` for facts that the scenario does not take."""
        key = rfc8785.dumps([scenario_id, facts])
        with self._lock:
            found = self._served.get(key)
            if found is not None:
                self._served.move_to_end(key)
                return found
        form = merge(self.library, scenario_id, facts)
        made = Served(form, Sheet(form), form.fingerprint, form.fingerprint_meaning)
        with self._lock:
            self._served[key] = made
            while len(self._served) > KEPT_FORMS:
                self._served.popitem(last=False)
        return made
