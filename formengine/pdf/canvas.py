"""Pages as plain marks: what a document says, before any file format. Millimetres from the top left corner.

This is the one narrow door between the documents and the format they are written in.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont

from .fonts import FILES, POINT_MM, runs, subset, width

CREATED = datetime(2020, 1, 1, tzinfo=UTC)
"""The same document is the same bytes: no clock is read."""


@dataclass(frozen=True)
class Text:
    """A line of text; ``y`` is its base line."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    thick: float = 0.2


@dataclass(frozen=True)
class Image:
    """A picture in its box; ``told`` is what it shows, for who cannot see it."""

    x: float
    y: float
    width: float
    height: float
    data: bytes
    told: str


Mark = Text | Line | Image


@dataclass
class Canvas:
    """Pages of one size, each a list of marks."""

    page_width: float
    page_height: float
    pages: list[list[Mark]] = field(default_factory=list)

    def new_page(self) -> None:
        self.pages.append([])

    def text(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Put a line of text on the current page."""
        if text.strip():
            self.pages[-1].append(Text(x, y, text, size, bold))

    def centred(self, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Put a line in the middle of the page's width."""
        self.text((self.page_width - width(text, size, bold=bold)) / 2, y, text, size, bold=bold)

    def line(self, x1: float, y1: float, x2: float, y2: float, thick: float = 0.2) -> None:
        """Draw a line on the current page."""
        self.pages[-1].append(Line(x1, y1, x2, y2, thick))

    def image(self, x: float, y: float, width: float, height: float, data: bytes, told: str) -> None:
        """Put a picture on the current page."""
        self.pages[-1].append(Image(x, y, width, height, data, told))

    def box(self, x: float, y: float, w: float, h: float, thick: float = 0.2) -> None:
        """Draw a rectangle as four lines."""
        for a, b, c, d in ((x, y, x + w, y), (x, y + h, x + w, y + h), (x, y, x, y + h), (x + w, y, x + w, y + h)):
            self.line(a, b, c, d, thick)

    def tick_box(self, x: float, y: float, size: float, *, ticked: bool) -> None:
        """Draw a box of ``size`` mm with its top at ``y``; ticked ones hold a check mark of two lines."""
        self.box(x, y, size, size, 0.18)
        if ticked:
            self.line(x + size * 0.2, y + size * 0.55, x + size * 0.42, y + size * 0.8, 0.4)
            self.line(x + size * 0.42, y + size * 0.8, x + size * 0.85, y + size * 0.18, 0.4)


def to_pdf(canvas: Canvas, title: str) -> bytes:
    """The pages as a PDF; the same pages give the same bytes."""
    pdf = FPDF(unit="mm", format=(canvas.page_width, canvas.page_height))
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(CREATED)
    pdf.set_title(title)
    pdf.set_lang("zh-CN")
    pdf.set_producer("formengine")
    with tempfile.TemporaryDirectory() as folder:
        _add_fonts(pdf, canvas, Path(folder))
        for page in canvas.pages:
            pdf.add_page()
            for mark in page:
                _draw(pdf, mark)
        return bytes(pdf.output())


def _add_fonts(pdf: FPDF, canvas: Canvas, folder: Path) -> None:
    used: dict[str, set[str]] = {}
    for page in canvas.pages:
        for mark in page:
            if isinstance(mark, Text):
                for name, piece in runs(mark.text, mark.bold):
                    used.setdefault(name, set()).update(piece)
    for name in (n for n in FILES if n in used):
        path = folder / f"{name}.ttf"
        path.write_bytes(subset(name, used[name]))
        pdf.add_font(name, fname=path)
        font = pdf.fonts[name]
        if isinstance(font, TTFFont):
            font.ttfont.recalcBBoxes = False  # the outlines stay as they are: measuring them anew was half of a print


def _draw(pdf: FPDF, mark: Mark) -> None:
    if isinstance(mark, Line):
        pdf.set_line_width(mark.thick)
        pdf.line(mark.x1, mark.y1, mark.x2, mark.y2)
        return
    if isinstance(mark, Image):
        pdf.image(io.BytesIO(mark.data), mark.x, mark.y, mark.width, mark.height, alt_text=mark.told)
        return
    x = mark.x
    for name, piece in runs(mark.text, mark.bold):
        pdf.set_font(name, size=mark.size)
        pdf.text(x, mark.y, piece)
        x += width(piece, mark.size, bold=mark.bold)


__all__ = ["POINT_MM", "Canvas", "Image", "Line", "Text", "to_pdf"]
