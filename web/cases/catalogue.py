"""The scenarios as applicants meet them, and merged forms, each made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from formengine import Library, MergedForm, Scenario, merge
from formengine.authoring.count import number_asked
from formengine.merging.acts import KINDS
from formengine.merging.field import Field
from formengine.merging.plan import plan_key
from web.sheet import Sheet

from .standing import SIGNATURES, file_fields, own_paths

KEPT_FORMS = 128


@dataclass(frozen=True)
class Served:
    """A merged form, what its pages show, and its fingerprints."""

    form: MergedForm
    sheet: Sheet
    fingerprint: str
    meaning: str

    def inputs(self, facts: dict[str, Any]) -> int:
        """How many inputs stand open before anything but the guiding questions is answered, and those in this way."""
        return self._inputs if facts == self.form.facts else number_asked(self.form, {"facts": facts})

    @cached_property
    def _inputs(self) -> int:
        return number_asked(self.form, {"facts": self.form.facts})

    @cached_property
    def files(self) -> Mapping[str, Field]:
        """The fields whose answers are ids of files and signatures."""
        return file_fields(self.form)

    @cached_property
    def signatures(self) -> Set[str]:
        """The paths of the signatures."""
        return own_paths(self.form, SIGNATURES)

    @cached_property
    def acts(self) -> Set[str]:
        """The paths of everything that is done in signing."""
        return own_paths(self.form, KINDS)


class Catalogue:
    """The library of templates with its merged forms.

    Facts that lead to the same forms, constants and conditions share one merged form, so numbers that applicants type
    make no new ones; the latest ``KEPT_FORMS`` are in memory. A form that several want at once is merged once.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._served: OrderedDict[Any, Served] = OrderedDict()
        self._making: dict[Any, Lock] = {}
        self._lock = Lock()

    def scenario(self, scenario_id: str) -> Scenario:
        """Raises ``UnknownScenario``."""
        return self.library.scenario(scenario_id)

    def serve(self, scenario_id: str, facts: dict[str, Any]) -> Served:
        """The merged form for these facts; raises ``FormEngineError`` for facts that the scenario does not take."""
        key = plan_key(self.library, self.scenario(scenario_id), facts)
        with self._lock:
            found = self._found(key)
            if found is not None:
                return found
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                found = self._found(key)
            return found or self._make(key, scenario_id, facts)

    def _found(self, key: Any) -> Served | None:
        if key in self._served:
            self._served.move_to_end(key)
        return self._served.get(key)

    def _make(self, key: Any, scenario_id: str, facts: dict[str, Any]) -> Served:
        try:
            form = merge(self.library, scenario_id, facts)
            made = Served(form, Sheet(form), form.fingerprint, form.fingerprint_meaning)
            with self._lock:
                self._served[key] = made
                while len(self._served) > KEPT_FORMS:
                    self._served.popitem(last=False)
            return made
        finally:
            with self._lock:
                self._making.pop(key, None)
