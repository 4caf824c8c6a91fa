"""Values that are computed, or suggested, from others: by the functions that the data dictionary names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..binding.functions import FUNCTIONS, look_up
from ..decimals import as_type
from ..evaluate import Test
from ..paths import MISSING
from ..rows import Scope
from ..templates.library import Derivation, Suggestion


def suggested(
    suggestions: Iterable[tuple[Test, Suggestion]], stored: Scope, values: Scope, raw: dict[str, Any]
) -> object:
    """The value that the first suggestion whose test holds gives, or MISSING."""
    for when, suggestion in suggestions:
        if when(stored):
            derivation = suggestion.derivation
            return compute(derivation, values, raw) if derivation else suggestion.value
    return MISSING


def compute(derivation: Derivation, values: Scope, raw: dict[str, Any]) -> object:
    """The value a derivation gives, or MISSING; ``values`` may be those of one row."""
    args = [look_up(values, source) for source in derivation.sources]
    params = {**dict(derivation.params), "index": getattr(values, "place", 0)}
    return as_type(FUNCTIONS[derivation.function](args, params), raw)
