"""Breaking lines as Chinese is set: no full stop at the start of a line, no opening bracket at its end, codes whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

NOT_FIRST = set("，。、；：？！）〕］｝》〉」』】〗〙〛”’…—％‰℃・ー,.;:?!)]}%")
"""Characters that may not begin a line (GB/T 15834 punctuation, closing brackets)."""
NOT_LAST = set("（〔［｛《〈「『【〖〘〚“‘([{￥＄$#№")
"""Characters that may not end a line."""
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z._@:/+%~#&=?-]*|\s+|.", re.DOTALL)

Width = Callable[[str], float]


def break_lines(text: str, measure: Width, most: float) -> list[str]:
    """The text in lines at most ``most`` wide; ``\\n`` always breaks; an over-long word is cut.

    Joining the lines gives the text again but for white space at the breaks.
    """
    return [line for part in text.split("\n") for line in _break(part, measure, most)]


def _break(text: str, measure: Width, most: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for unit in _units(text, measure, most):
        if line and measure((line + unit).rstrip()) > most:
            lines.append(line.rstrip())
            line = unit.lstrip()
        else:
            line += unit
    return [*lines, line.rstrip()]


def _units(text: str, measure: Width, most: float) -> Iterator[str]:
    """Pieces that must not be broken: a word or character with the punctuation bound to it."""
    unit = ""
    for token in _WORD.findall(text):
        bound = token[0] in NOT_FIRST or (unit != "" and unit[-1] in NOT_LAST)
        if unit and not bound:
            yield from _cut(unit, measure, most)
            unit = ""
        unit += token
    if unit:
        yield from _cut(unit, measure, most)


def _cut(unit: str, measure: Width, most: float) -> Iterator[str]:
    """A unit wider than a whole line has to be cut after all."""
    while measure(unit) > most and len(unit) > 1:
        keep = max(1, _fitting(unit, measure, most))
        yield unit[:keep]
        unit = unit[keep:]
    yield unit


def _fitting(unit: str, measure: Width, most: float) -> int:
    total, count = 0.0, 0
    for character in unit:
        total += measure(character)
        if total > most:
            break
        count += 1
    return count
