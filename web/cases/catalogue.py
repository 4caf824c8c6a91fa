"""The scenarios as applicants meet them, and merged forms, each made once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from formengine import Field, Library, MergedForm, Scenario, merge, number_asked, plan_key

KEPT_FORMS = 128


@dataclass(frozen=True)
class Served:
    """A merged form and its fingerprints; ``key`` tells it from every other."""

    key: Hashable
    form: MergedForm
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
        """The fields whose answers are ids of files and signatures, columns included."""
        return {path: one for path, one in self.form.fields.items() if one.asked and one.holds_files}

    @cached_property
    def signatures(self) -> Set[str]:
        """The paths of the signatures."""
        return {path for path, one in self.form.fields.items() if one.act == "signature"}

    @cached_property
    def acts(self) -> Set[str]:
        """The paths of everything that is done in signing."""
        return {path for path, one in self.form.fields.items() if one.act}

    @cached_property
    def system(self) -> Mapping[str, Set[str]]:
        """For each department form the fields that rest on what is set at submission (date, number)."""
        return self.form.resting_on("case")


class Catalogue:
    """The library of templates in use now, and merged forms of it and of earlier ones.

    Facts that lead to the same forms, constants and conditions share one merged form, so numbers that applicants type
    make no new ones; the latest ``KEPT_FORMS`` are in memory. A form that several want at once is merged once.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._served: OrderedDict[Hashable, Served] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def scenario(self, scenario_id: str) -> Scenario:
        """Raises ``UnknownScenario``."""
        return self.library.scenario(scenario_id)

    def serve(self, scenario_id: str, facts: dict[str, Any], library: Library | None = None) -> Served:
        """The merged form for these facts, of the templates in use now or of others.

        Raises ``FormEngineError`` for facts that the scenario does not take, and where there is no such scenario.
        """
        library = library or self.library
        key = (library.digest, *plan_key(library, library.scenario(scenario_id), facts))
        with self._lock:
            found = self._found(key)
            if found is not None:
                return found
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                found = self._found(key)
            return found or self._make(key, library, scenario_id, facts)

    def _found(self, key: Hashable) -> Served | None:
        if key in self._served:
            self._served.move_to_end(key)
        return self._served.get(key)

    def _make(self, key: Hashable, library: Library, scenario_id: str, facts: dict[str, Any]) -> Served:
        try:
            form = merge(library, scenario_id, facts)
            made = Served(key, form, form.fingerprint, form.fingerprint_meaning)
            with self._lock:
                self._served[key] = made
                while len(self._served) > KEPT_FORMS:
                    self._served.popitem(last=False)
            return made
        finally:
            with self._lock:
                self._making.pop(key, None)
