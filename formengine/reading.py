"""What can be read at all: JSON as RFC 8259 and RFC 7493 have it, before anything is judged.

A Python caller can hand over more than JSON holds (NaN, tuples, keys that are numbers), and a JSON text can hold what
no file and no validator can (half of a surrogate pair, depth without end, numbers of thousands of digits).
"""

from __future__ import annotations

from typing import Any, NamedTuple

DEPTH = 64
"""The deepest nesting that is read."""
LARGEST = 10**308
"""Numbers beyond this are no JSON numbers that two programs agree on (RFC 8259 §6)."""
MOST = 5_000_000
"""The most values that are read at one level."""
LOOKED_AT = 300_000
"""The most values that are looked at one by one where something cannot be read."""
NAMED = 1000
"""So many places that cannot be read are named; what more there are is left out with them."""


class _Faults(list["Unreadable"]):
    """The first so many places; what is being looked at, because something may lead back to itself; and how many values
    may still be looked at, because it may lead to one thing many times."""

    left = LOOKED_AT

    def __init__(self) -> None:
        super().__init__()
        self.inside: set[int] = set()

    def append(self, fault: Unreadable) -> None:
        if len(self) < NAMED:
            super().append(fault)


class Unreadable(NamedTuple):
    """A place that cannot be read: the keys that lead there, and ``text`` (half characters) or ``unreadable``."""

    keys: tuple[Any, ...]
    code: str


def is_json(value: object) -> bool:
    """Whether a value is JSON that can be judged and filed."""
    return read(value) is not None


def read(value: object) -> str | None:
    """The texts of a value, a line each, where it is JSON that can be judged and filed; None for any other."""
    level: list[Any] = [value]
    texts: list[Any] = []
    keys: list[Any] = []
    for _ in range(DEPTH):
        below: list[Any] = []
        for one in level:
            kind = type(one)
            if kind is str:
                texts.append(one)
            elif kind is dict:
                keys += one
                below += one.values()
            elif kind is list:
                below += one
            elif kind is not bool and one is not None and not _is_number(one):
                return None
        if not below or len(below) > MOST:
            return None if below or not _is_text(keys) else _joined(texts)
        level = below
    return None


def _is_number(value: object) -> bool:
    """Whether it is a number (or boolean) of JSON's range; NaN is not."""
    return isinstance(value, int | float) and -LARGEST < value < LARGEST


def _joined(texts: list[Any]) -> str | None:
    try:
        whole = "\n".join(texts)
        whole.encode()
    except (TypeError, UnicodeEncodeError):
        return None
    return whole


def _is_text(texts: list[Any]) -> bool:
    return _joined(texts) is not None


def readable(value: object) -> tuple[Any, list[Unreadable]]:
    """The value without what cannot be read, and where that stood."""
    faults = _Faults()
    return _kept(value, (), faults), list(faults)


_DROPPED: Any = object()


def _kept(value: object, keys: tuple[Any, ...], faults: _Faults) -> object:
    faults.left -= 1
    round_again = id(value) in faults.inside or len(keys) >= DEPTH - 1 or faults.left <= 0
    if isinstance(value, dict | list) and not round_again:
        faults.inside.add(id(value))
        found = _kept_inside(value, keys, faults)
        faults.inside.discard(id(value))
        return found
    if isinstance(value, str) and not _is_text([value]):
        faults.append(Unreadable(keys, "text"))
        return _DROPPED
    if value is None or isinstance(value, str) or _is_number(value):
        return value
    faults.append(Unreadable(keys, "unreadable"))
    return _DROPPED


def _kept_inside(value: Any, keys: tuple[Any, ...], faults: _Faults) -> object:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in pairs:
        if not isinstance(key, str | int) or (isinstance(value, dict) and not isinstance(key, str)):
            faults.append(Unreadable(keys, "unreadable"))
        elif isinstance(key, str) and not _is_text([key]):
            faults.append(Unreadable(keys, "text"))
        else:
            kept = _kept(inner, (*keys, key), faults)
            found += [] if kept is _DROPPED else [(key, kept)]
    return dict(found) if isinstance(value, dict) else [inner for _, inner in found]
