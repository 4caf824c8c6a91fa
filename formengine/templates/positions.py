"""Where in a JSON text each value stands, so that an author is sent to the line and column of a mistake."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import decoder
from typing import Any

scanstring: Any = decoder.scanstring  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"[^\s,\]\}]+")


def positions(text: str) -> dict[str, tuple[int, int]]:
    """``{JSON pointer: (line, column)}`` of every value, counted from 1; the text must be valid JSON."""
    found: dict[str, int] = {}
    _value(text, _skip(text, 0), "", found)
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    return {where: _place(starts, offset) for where, offset in found.items()}


def repeated(text: str) -> list[tuple[str, int, int]]:
    """``(pointer, line, column)`` of every key that its object has already; the text must be valid JSON."""
    again: list[tuple[str, int]] = []
    _value(text, _skip(text, 0), "", {}, again)
    starts = [0, *(m.end() for m in re.finditer("\n", text))]
    return [(where, *_place(starts, offset)) for where, offset in again]


def _place(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


Again = list[tuple[str, int]] | None


def _value(text: str, at: int, where: str, found: dict[str, int], again: Again = None) -> int:
    found[where] = at
    if text[at] == "{":
        return _object(text, at + 1, where, found, again)
    if text[at] == "[":
        return _array(text, at + 1, where, found, again)
    if text[at] == '"':
        return int(scanstring(text, at + 1)[1])
    match = _SCALAR.match(text, at)
    return match.end() if match else at + 1


def _object(text: str, at: int, where: str, found: dict[str, int], again: Again) -> int:
    at, keys = _skip(text, at), set()
    while text[at] != "}":
        begin = at
        key, at = scanstring(text, at + 1)
        at = _skip(text, _skip(text, at) + 1)
        inner = where + "/" + key.replace("~", "~0").replace("/", "~1")
        if again is not None and key in keys:
            again.append((inner, begin))
        keys.add(key)
        at = _skip(text, _value(text, at, inner, found, again))
        at = _skip(text, at + 1) if text[at] == "," else at
    return at + 1


def _array(text: str, at: int, where: str, found: dict[str, int], again: Again) -> int:
    at, index = _skip(text, at), 0
    while text[at] != "]":
        at = _skip(text, _value(text, at, f"{where}/{index}", found, again))
        at, index = (_skip(text, at + 1) if text[at] == "," else at), index + 1
    return at + 1
