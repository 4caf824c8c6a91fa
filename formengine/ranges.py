"""What one plain schema says of another: every value of the one is in the other, none is, or neither is known."""

from __future__ import annotations

import json
from functools import lru_cache
from math import inf
from typing import NamedTuple


def verdict(have: str, want: str) -> bool | None:
    """What a value that is valid against one schema (as canonical JSON) is against the other: valid (True), never valid
    (False), or it is not known."""
    left, right = _listed(have), _listed(want)
    if left is None or right is None:
        return range_verdict(have, want)
    return False if not left & right else True if left <= right else None


def range_verdict(have: str, want: str) -> bool | None:
    """The same of two ranges of numbers."""
    left, right = _range(have), _range(want)
    if left is None or right is None:
        return None
    if left.within(right):
        return True
    return False if left.apart(right) else None


class _Range(NamedTuple):
    """The numbers between two bounds, each ``(value, whether it is itself left out)``; ``typed``: numbers alone."""

    low: tuple[float, bool]
    high: tuple[float, bool]
    typed: bool

    def within(self, other: _Range) -> bool:
        """Whether all that is here is there too; what is no number passes a range without a type."""
        below = self.low[0] > other.low[0] or (self.low[0] == other.low[0] and self.low[1] >= other.low[1])
        above = self.high[0] < other.high[0] or (self.high[0] == other.high[0] and self.high[1] >= other.high[1])
        return below and above and (self.typed or not other.typed)

    def apart(self, other: _Range) -> bool:
        """Whether no value is in both."""
        pairs = ((self.low, other.high), (other.low, self.high))
        return (self.typed or other.typed) and any(
            low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1])) for low, high in pairs
        )


_RANGE_WORDS = {"type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const"}


@lru_cache(maxsize=8192)
def _range(text: str) -> _Range | None:
    """The range of numbers that a schema says; None for any other schema."""
    schema = json.loads(text)
    if not isinstance(schema, dict) or not schema or not set(schema) <= _RANGE_WORDS:
        return None
    numbers = [value for word, value in schema.items() if word != "type"]
    if schema.get("type", "number") not in ("number", "integer") or not numbers:
        return None
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in numbers):
        return None
    fixed = schema.get("const")
    lows = [(schema.get("minimum", -inf), False), (schema.get("exclusiveMinimum", -inf), True)]
    highs = [(schema.get("maximum", inf), False), (schema.get("exclusiveMaximum", inf), True)]
    if fixed is not None:
        lows, highs = [*lows, (fixed, False)], [*highs, (fixed, False)]
    low = max(lows, key=lambda bound: (bound[0], bound[1]))
    high = min(highs, key=lambda bound: (bound[0], not bound[1]))
    return _Range(low, high, "type" in schema or fixed is not None)


@lru_cache(maxsize=8192)
def _listed(text: str) -> frozenset[str] | None:
    """The values that a ``const`` or ``enum`` schema lists, as canonical JSON; None for any other schema."""
    schema = json.loads(text)
    if not isinstance(schema, dict) or set(schema) not in ({"const"}, {"enum"}):
        return None
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    return frozenset(json.dumps(v) for v in values) if all(isinstance(v, str | bool) for v in values) else None
