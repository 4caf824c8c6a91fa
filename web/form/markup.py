"""The pieces of a field's HTML that stay the same from request to request, made once and kept.

Everything that comes from a template or a person is escaped here; nothing that a person typed is kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

KEPT = 50_000


_MODES = {"tel": ("mobile", "phone", "landline"), "numeric": ("postcode", "integer"), "email": ("email",)}
_LINES = {
    "text": "",
    "date": ' inputmode="numeric" data-date placeholder="年-月-日，如 2026-03-08"',
    "decimal": ' inputmode="decimal"',
    **{k: f' inputmode="{mode}"' for mode, kinds in _MODES.items() for k in kinds},
}
LINES = frozenset(_LINES)
"""The kinds of one-line input; each brings up the right keyboard."""


@lru_cache(KEPT)
def line(kind: str, purpose: str) -> Markup:
    """The attributes of a one-line input; ``purpose`` tells the browser what about the person it is (WCAG 1.3.5)."""
    return Markup(_LINES[kind]) + Markup(' autocomplete="{}"').format(purpose or "off")


@lru_cache(KEPT)
def label(title: str, unit: str, tag: str) -> Markup:
    """A field's title with its unit, and what is said of whether it may stay empty."""
    shown = escape(title)
    if unit:
        shown += Markup('<span class="unit">（{}）</span>').format(unit)
    return shown + Markup('<span class="opt"> {}</span>').format(tag) if tag else shown


@lru_cache(KEPT)
def hint(text: str, id_: str) -> Markup:
    """The hint under a title."""
    return Markup('<p class="hint" id="{}-hint">{}</p>').format(id_, text) if text else Markup("")


def errors(texts: list[str], id_: str) -> Markup:
    """The sentences that say what is wrong, one a line."""
    line = Markup('<p class="error" id="{}-error{}">{}</p>')
    return Markup("").join(line.format(id_, index, text) for index, text in enumerate(texts, 1))


@lru_cache(KEPT)
def attributes(has_hint: bool, mistakes: int, wrong: bool, decides: bool, id_: str) -> Markup:
    """What ties an input to its hint and its mistakes, and says that it decides what else is asked."""
    ids = ([f"{id_}-hint"] if has_hint else []) + [f"{id_}-error{index}" for index in range(1, mistakes + 1)]
    out = Markup(' aria-describedby="{}"').format(" ".join(ids)) if ids else Markup("")
    out += Markup(' aria-invalid="true"') if wrong else Markup("")
    return out + (Markup(" data-decides") if decides else Markup(""))


Choices = tuple[tuple[str, Any, str], ...]


def options(choices: Choices, chosen: object) -> Markup:
    """The options of a drop-down list."""
    made = _options(choices)
    found = next((index for index, (_, value, _) in enumerate(choices) if value == chosen), None)
    if found is None:
        return made[0]
    before, after = made[1][found]
    return before + Markup(" selected") + after


@lru_cache(4096)
def _options(choices: Choices) -> tuple[Markup, list[tuple[Markup, Markup]]]:
    """The whole list, and for each option the list cut where ``selected`` would stand."""
    pieces = [Markup('<option value="{}">{}</option>').format(key, title) for key, _, title in choices]
    whole = Markup("").join(pieces)
    cuts, done = [], 0
    for key, _, _ in choices:
        place = done + len(Markup('<option value="{}"').format(key))
        cuts.append((whole[:place], whole[place:]))
        done += len(pieces[len(cuts) - 1])
    return whole, cuts


@lru_cache(KEPT)
def ticks(choices: Choices, kind: str, name: str, decides: bool) -> tuple[tuple[Markup, Markup], ...]:
    """Radio buttons or boxes: for each, the HTML before and after where ``checked`` would stand."""
    begin = Markup('<label><input type="{}" name="{}" value="{}"')
    end = Markup(" data-decides> {}</label>") if decides else Markup("> {}</label>")
    return tuple((begin.format(kind, name, key), end.format(title)) for key, _, title in choices)


def ticked(choices: Choices, kind: str, name: str, decides: bool, chosen: object) -> Markup:
    """The whole group, those in ``chosen`` (one value, or a list for boxes) ticked."""
    out = []
    for (before, after), (_, value, _) in zip(ticks(choices, kind, name, decides), choices, strict=True):
        on = value in chosen if isinstance(chosen, list) else chosen is not None and value == chosen
        out.append(f"{before} checked{after}" if on else f"{before}{after}")
    return Markup("".join(out))
