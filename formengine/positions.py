"""Where in a JSON text each value stands, so that an author is sent to the line and column of a mistake."""

from __future__ import annotations

import re
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


def _place(starts: list[int], offset: int) -> tuple[int, int]:
    from bisect import bisect_right

    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, where: str, found: dict[str, int]) -> int:
    found[where] = at
    if text[at] == "{":
        return _object(text, at + 1, where, found)
    if text[at] == "[":
        return _array(text, at + 1, where, found)
    if text[at] == '"':
        return int(scanstring(text, at + 1)[1])
    match = _SCALAR.match(text, at)
    return match.end() if match else at + 1


def _object(text: str, at: int, where: str, found: dict[str, int]) -> int:
    at = _skip(text, at)
    while text[at] != "}":
        key, at = scanstring(text, at + 1)
        at = _skip(text, _skip(text, at) + 1)
        inner = where + "/" + key.replace("~", "~0").replace("/", "~1")
        at = _skip(text, _value(text, at, inner, found))
        at = _skip(text, at + 1) if text[at] == "," else at
    return at + 1


def _array(text: str, at: int, where: str, found: dict[str, int]) -> int:
    at, index = _skip(text, at), 0
    while text[at] != "]":
        at = _skip(text, _value(text, at, f"{where}/{index}", found))
        at, index = (_skip(text, at + 1) if text[at] == "," else at), index + 1
    return at + 1
