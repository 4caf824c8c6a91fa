"""The words of scalar values, combined over all schemas that stand at one place.

Every function takes the schemas (dicts) and gives the words of the result; where no value of its type is left it
raises ``EmptyError`` with the two limits that exclude each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from math import ceil, floor, gcd
from typing import Any

from .jsonvalue import CONSTRAINTS, Schema, key, text, type_of
from .prove import no_difference, no_string, takes

Part = dict[str, Any]
Types = frozenset[str]
ORDER = ("object", "array", "string", "number", "integer", "boolean", "null")
ALL_TYPES: Types = frozenset({"object", "array", "string", "integer", "fraction", "boolean", "null"})


class EmptyError(Exception):
    """Nothing is left at ``pointer``: ``left`` and ``right`` exclude each other; ``parts`` are all schemas there."""

    def __init__(self, pointer: str, left: Schema, right: Schema, parts: Iterable[Schema] = ()) -> None:
        super().__init__(pointer)
        self.pointer, self.left, self.right = pointer, left, right
        self.parts = list(parts) or [left, right]


def types_of(part: Part) -> Types:
    """The types that a schema's ``type`` lets through."""
    declared = part.get("type")
    if declared is None:
        return ALL_TYPES
    names = {declared} if isinstance(declared, str) else set(declared)
    return frozenset(names | ({"integer", "fraction"} if "number" in names else set())) & ALL_TYPES


def write_types(types: Types) -> object:
    """The ``type`` word for a set of types."""
    names = set(types) - {"fraction"} | ({"number"} if "fraction" in types else set())
    if "number" in names:
        names.discard("integer")
    ordered = [name for name in ORDER if name in names]
    return ordered[0] if len(ordered) == 1 else ordered


def meet_types(parts: list[Part], at: str) -> Types:
    """The types that all let through."""
    left, types = parts[0], ALL_TYPES
    for part in parts:
        narrower = types & types_of(part)
        if not narrower:
            raise EmptyError(at, {"type": left.get("type", [])}, {"type": part.get("type", [])}, parts)
        if narrower != types:
            left = part
        types = narrower
    return types


def extreme(parts: list[Part], word: str, choose: Callable[[Iterable[Any]], Any]) -> Any:
    """The strictest of one word's values, ``None`` where nobody sets it."""
    values = [part[word] for part in parts if word in part]
    return choose(values) if values else None


def as_fraction(number: object) -> Fraction:
    """The decimal value that a JSON number was written as."""
    return Fraction(number) if isinstance(number, int) else Fraction(str(number))


def _bound(parts: list[Part], word: str, exclusive: str, sign: int) -> tuple[Part, Fraction, bool] | None:
    best: tuple[Part, Fraction, bool] | None = None
    for part in parts:
        for name in (word, exclusive):
            if name not in part:
                continue
            found = ({name: part[name]}, as_fraction(part[name]), name == exclusive)
            if best is None or (sign * found[1], found[2]) > (sign * best[1], best[2]):
                best = found
    return best


def lcm(left: Fraction, right: Fraction) -> Fraction:
    """The smallest positive number that is a multiple of both."""
    numerators = left.numerator * right.denominator, right.numerator * left.denominator
    return Fraction(numerators[0] * numerators[1] // gcd(*numerators), left.denominator * right.denominator)


def _write_number(value: Fraction) -> int | float | None:
    if value.denominator == 1:
        return value.numerator
    try:
        return float(value) if as_fraction(float(value)) == value else None
    except (OverflowError, ValueError):
        return None


def _multiple(parts: list[Part]) -> tuple[Part, Fraction | None, list[Part]]:
    """The common ``multipleOf``, its exact value, and those that no JSON number could say together."""
    word: Part = {}
    exact: Fraction | None = None
    extra: list[Part] = []
    for part in parts:
        if "multipleOf" not in part:
            continue
        own = as_fraction(part["multipleOf"])
        together = own if exact is None else lcm(exact, own)
        written = part["multipleOf"] if together == own else _write_number(together)
        if exact is not None and together == exact:
            continue
        exact = together
        if written is None:
            extra.append({"multipleOf": part["multipleOf"]})
        else:
            word = {"multipleOf": written}
    return word, exact, extra


def numbers(parts: list[Part], types: Types, at: str) -> tuple[Part, list[Part]]:
    """Range and divisor of the numbers; and what has to stay in ``allOf``."""
    low = _bound(parts, "minimum", "exclusiveMinimum", 1)
    high = _bound(parts, "maximum", "exclusiveMaximum", -1)
    multiple, exact, extra = _multiple(parts)
    if low and high and _no_number(low, high, exact, "fraction" not in types):
        if low[1] < high[1] and multiple:
            raise EmptyError(at, multiple, low[0] | high[0], parts)
        raise EmptyError(at, low[0], high[0], parts)
    return {**(low[0] if low else {}), **(high[0] if high else {}), **multiple}, extra


def _no_number(
    low: tuple[Part, Fraction, bool], high: tuple[Part, Fraction, bool], grid: Fraction | None, whole: bool
) -> bool:
    if whole:
        grid = Fraction(1) if grid is None else lcm(grid, Fraction(1))
    if grid is None:
        return low[1] > high[1] or (low[1] == high[1] and (low[2] or high[2]))
    first, last = ceil(low[1] / grid), floor(high[1] / grid)
    first += 1 if low[2] and first * grid == low[1] else 0
    last -= 1 if high[2] and last * grid == high[1] else 0
    return first > last


def strings(parts: list[Part], types: Types, at: str) -> tuple[Part, list[Part]]:
    """Lengths and patterns of the strings; all patterns but the first go to ``allOf``."""
    least, most = extreme(parts, "minLength", max), extreme(parts, "maxLength", min)
    if least and most is not None and least > most:
        raise EmptyError(at, {"minLength": least}, {"maxLength": most}, parts)
    patterns = list(dict.fromkeys(part["pattern"] for part in parts if "pattern" in part))
    lengths = {k: v for k, v in (("minLength", least), ("maxLength", most)) if v is not None}
    if patterns and (len(patterns) > 1 or lengths) and no_string(tuple(patterns), least or 0, most):
        raise _string_conflict(patterns, lengths, at, parts)
    patterns = _telling(patterns, least or 0, most)
    words = {**lengths, **({"pattern": patterns[0]} if patterns else {})}
    return words, [{"pattern": pattern} for pattern in patterns[1:]]


def _telling(patterns: list[str], least: int, most: int | None) -> list[str]:
    """The patterns without those that the others imply for strings of these lengths."""
    kept = list(patterns)
    for pattern in reversed(patterns):
        others = tuple(other for other in kept if other != pattern)
        if others and no_difference(others, pattern, least, most):
            kept.remove(pattern)
    return kept


def _string_conflict(patterns: list[str], lengths: Part, at: str, parts: list[Part]) -> EmptyError:
    for index, first in enumerate(patterns):
        for second in patterns[index + 1 :]:
            if no_string((first, second), 0, None):
                return EmptyError(at, {"pattern": first}, {"pattern": second}, parts)
    rest: Part = {"allOf": [{"pattern": p} for p in patterns[1:]]} if len(patterns) > 1 else {}
    return EmptyError(at, {"pattern": patterns[0]}, {**rest, **lengths}, parts)


def choice_list(part: Part) -> tuple[str, list[Part]] | None:
    """The word (``oneOf`` or ``anyOf``) and members of a list of labelled constants; ``None`` if it is not one."""
    for word in ("oneOf", "anyOf"):
        members = part.get(word)
        if not members or not all(isinstance(member, dict) and "const" in member for member in members):
            continue
        plain = all(not (member.keys() & CONSTRAINTS - {"const"}) and "$id" not in member for member in members)
        if plain and len({key(member["const"]) for member in members}) == len(members):
            return word, members
    return None


class Values:
    """The listed values (``enum``, ``const``, labelled choices) that all schemas allow; labels survive."""

    def __init__(self, parts: list[Part], at: str) -> None:
        self.at, self.parts = at, parts
        self.kept: list[Any] | None = None
        self.word, self.labels = "enum", dict[Any, Part]()
        self.limit: Part = {}
        for part in parts:
            self._add(part)

    def _add(self, part: Part) -> None:
        if "const" in part:
            self._narrow([part["const"]], {"const": part["const"]})
            if self.word == "enum":
                self.word = "const"
        if "enum" in part:
            self._narrow(part["enum"], {"enum": part["enum"]})
        choice = choice_list(part)
        if choice:
            self._narrow([member["const"] for member in choice[1]], {choice[0]: choice[1]})
            if self.word in {"enum", "const"}:
                self.word = choice[0]
                self.labels = {key(member["const"]): member for member in choice[1]}

    def _narrow(self, values: list[Any], limit: Part) -> None:
        allowed = {key(value): value for value in values}
        if self.kept is None:
            self.kept, self.limit = list(allowed.values()), limit
            return
        before, self.kept = self.kept, [value for value in self.kept if key(value) in allowed]
        if not self.kept:
            raise EmptyError(self.at, self.limit, limit, self.parts)
        if len(self.kept) < len(before):
            self.limit = {"enum": self.kept} if len(self.kept) < len(allowed) else limit

    def words(self, types: Types, rest: Part, definitions: dict[str, Schema]) -> Part:
        """The word for the values that the rest of the result lets through; raises where none is."""
        if self.kept is None:
            return {}
        kept = [v for v in self.kept if type_of(v) in types and _fits(v, rest, definitions)]
        if not kept:
            raise EmptyError(self.at, self.limit, self._refusing(types, rest, definitions), self.parts)
        if self.labels:
            return {self.word: [self.labels[key(value)] for value in kept]}
        return {"const": kept[0]} if self.word == "const" else {"enum": kept}

    def _refusing(self, types: Types, rest: Part, definitions: dict[str, Schema]) -> Part:
        value = (self.kept or [None])[0]
        if type_of(value) not in types:
            return {"type": write_types(types)}
        single = ({word: limit} for word, limit in rest.items() if word in CONSTRAINTS)
        return next((limit for limit in single if not _fits(value, limit, definitions)), rest)


def _fits(value: object, rest: Part, definitions: dict[str, Schema]) -> bool:
    if not (rest.keys() & CONSTRAINTS - {"type", "format"}):
        return True
    return takes({**rest, "$defs": definitions} if definitions else rest, value) is not False


def distinct(items: Iterable[Any]) -> list[Any]:
    """Without repetitions, in order."""
    return list({text(item): item for item in items}.values())
