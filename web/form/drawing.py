"""Fields drawn by the macros of ``fields.html``.

Of most fields everything but the answer is the same from request to request. Such a macro is called once with a mark
where the answer goes; its output is cut at the marks and kept, and each request only puts its answers in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from .entries import Entry
from .show import Shown

KEPT = 50_000
MARK = "\ue000"
"""A private-use character: no title, hint or name holds it."""


def draw_fields(app: Flask) -> None:
    """Give templates ``fields``, which draws shown fields, and ``fold``, which draws them folded."""

    @lru_cache
    def macro(kind: str) -> Callable[..., Markup]:
        found: Callable[..., Markup] = getattr(app.jinja_env.get_template("fields.html").module, kind)
        return found

    @lru_cache(KEPT)
    def pieces(entry: Entry, name: str, tag: str) -> tuple[str, ...]:
        shown = Shown(entry, name, None, False, tag=tag)
        inner = [Markup(MARK)] * max(1, len(entry.parts))
        return tuple(str(macro(entry.kind.name)(shown, inner)).split(MARK))

    def field(shown: Shown, page: dict[str, Any]) -> Markup:
        drawn = entry(shown, page)
        if shown.value is not None and shown.strays:
            return drawn + macro("stray")(shown)
        if shown.given:
            return macro("given")(shown, drawn)
        return drawn + macro("emptied")(shown) if shown.refills else drawn

    def entry(shown: Shown, page: dict[str, Any]) -> Markup:
        inner = shown.inner
        if inner is None:
            return macro(shown.entry.kind.name)(shown, page)
        if shown.wrong:
            return macro(shown.entry.kind.name)(shown, inner)
        found = pieces(shown.entry, shown.name, shown.tag)
        out = [found[0]]
        for one, piece in zip(inner, found[1:], strict=False):
            out += (escape(one), piece)
        return Markup("".join(out))

    def fields(shown: Iterable[Shown], page: dict[str, Any]) -> Markup:
        return Markup("\n").join([field(one, page) for one in shown])

    def fold(shown: list[Shown], page: dict[str, Any]) -> Markup:
        return macro("fold")(shown, page)

    app.jinja_env.globals.update(fields=fields, fold=fold, is_filled=is_filled)


def is_filled(shown: Iterable[Shown]) -> bool:
    """Whether a fold holds an answer or a mistake, so that it has to stand open."""
    return any(one.value is not None or one.wrong for one in shown)
