"""A licence as a plain, correct page: title, every caption with its value, footer."""

from __future__ import annotations

from typing import Any

from .canvas import POINT_MM, Canvas, to_pdf
from .filing import shown
from .fonts import clean, width
from .linebreak import break_lines

SIZES = (20.0, 18.0, 16.0, 14.0, 12.0, 11.0, 10.0, 9.0, 8.0)
"""Sizes (points) tried for captions and values, largest first."""


def render_licence(licence: dict[str, Any], values: dict[str, Any], *, duplicate: bool = False) -> bytes:
    """The licence template ``licence`` with ``values`` as PDF of the size it states; ``duplicate`` prints 副本.

    Long values wrap, then all text shrinks until it fits, then it goes on to a further page. Raises ``MissingGlyphs``.
    """
    page = licence["x-page"].get("duplicate" if duplicate else "original") or licence["x-page"]["original"]
    canvas = Canvas(float(page.get("width_mm") or 210), float(page.get("height_mm") or 297))
    title = clean(str(licence["title"])) + ("（副本）" if duplicate else "")
    rows = [
        (clean(str(node["title"])), shown(node, values.get(code)))
        for code, node in licence["properties"].items()
        if code in values or code in licence.get("required", ())
    ]
    _draw(canvas, title, rows, clean(str(licence.get("x-footer") or "")))
    return to_pdf(canvas, title)


def _draw(canvas: Canvas, title: str, rows: list[tuple[str, str]], footer: str) -> None:
    margin = min(canvas.page_width, canvas.page_height) * 0.08
    size = next((s for s in SIZES if _height(canvas, rows, s, margin) <= _room(canvas, margin)), SIZES[-1])
    _frame(canvas, title, footer, margin)
    y, left = margin + 38, _column(canvas, rows, size, margin)
    for row in rows:
        y = _row(canvas, _lines(canvas, *row, size, margin, left), size, margin, y, left, (title, footer))


def _room(canvas: Canvas, margin: float) -> float:
    return canvas.page_height - 2 * margin - 48


def _frame(canvas: Canvas, title: str, footer: str, margin: float) -> None:
    canvas.new_page()
    for inset, thick in ((margin * 0.4, 0.8), (margin * 0.55, 0.3)):
        canvas.box(inset, inset, canvas.page_width - 2 * inset, canvas.page_height - 2 * inset, thick)
    size = 34.0
    while width(title, size, bold=True) > canvas.page_width - 2 * margin:
        size -= 1
    canvas.centred(margin + 20, title, size, bold=True)
    for index, line in enumerate(break_lines(footer, lambda t: width(t, 9), canvas.page_width - 2 * margin)):
        canvas.centred(canvas.page_height - margin * 0.75 + index * 4 - 4, line, 9)


def _column(canvas: Canvas, rows: list[tuple[str, str]], size: float, margin: float) -> float:
    """The width of the captions: none of them wraps unless it would take half the page."""
    return min(max(width(label, size, bold=True) for label, _ in rows) + 1, (canvas.page_width - 2 * margin) / 2)


def _lines(
    canvas: Canvas, label: str, value: str, size: float, margin: float, left: float
) -> tuple[list[str], list[str]]:
    right = canvas.page_width - 2 * margin - left - 6
    return (
        break_lines(label, lambda t: width(t, size, bold=True), left),
        break_lines(value, lambda t: width(t, size), right),
    )


def _height(canvas: Canvas, rows: list[tuple[str, str]], size: float, margin: float) -> float:
    step, left = size * POINT_MM * 1.5, _column(canvas, rows, size, margin)
    return sum(max(len(part) for part in _lines(canvas, *row, size, margin, left)) * step + 2 for row in rows)


def _row(
    canvas: Canvas,
    lines: tuple[list[str], list[str]],
    size: float,
    margin: float,
    y: float,
    left: float,
    frame: tuple[str, str],
) -> float:
    labels, values = lines
    step = size * POINT_MM * 1.5
    for index in range(max(len(labels), len(values))):
        if y + step > canvas.page_height - margin - 8:
            _frame(canvas, *frame, margin)
            y = margin + 38
        y += step
        if index < len(labels):
            canvas.text(margin, y, labels[index], size, bold=True)
        if index < len(values):
            canvas.text(margin + left + 6, y, values[index], size)
    return y + 2
