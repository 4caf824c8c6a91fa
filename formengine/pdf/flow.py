"""A flow of headings, fields and tables down A4 pages, with page numbers; nothing is ever cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .canvas import Canvas
from .files import Picture
from .fonts import POINT_MM, clean, legible, width
from .linebreak import break_lines

A4 = (210.0, 297.0)
MARGIN = 16.0
FOOT = 14.0
SIZE = 9.5
TABLE_SIZE = 8.5
PAD = 1.4
PICTURE_HEIGHT = 90.0
"""No picture takes more of a page's height (mm)."""


@dataclass(frozen=True)
class Piece:
    """A piece of a line: text, or a tick box before it (``ticked`` None where there is no box)."""

    text: str
    ticked: bool | None = None


class Flow:
    """Lays out one document; ``finish`` gives the canvas with page numbers."""

    def __init__(self, title: str) -> None:
        self.title = clean(title)
        self.canvas = Canvas(*A4)
        self.inner = A4[0] - 2 * MARGIN
        self.y = 0.0
        self._page()

    # -- pages -------------------------------------------------------------------------------------------------

    def _page(self) -> None:
        self.canvas.new_page()
        self.y = MARGIN
        if len(self.canvas.pages) > 1:
            self.canvas.text(MARGIN, self.y + 2, self.title, 8)
            self.canvas.line(MARGIN, self.y + 3.5, A4[0] - MARGIN, self.y + 3.5, 0.1)
            self.y += 7

    @property
    def room(self) -> float:
        """Millimetres left on the page."""
        return A4[1] - FOOT - self.y

    def need(self, height: float) -> None:
        """Begin a new page unless so much room is left."""
        if self.room < height:
            self._page()

    def finish(self) -> Canvas:
        """Number the pages."""
        total = len(self.canvas.pages)
        for index, page in enumerate(self.canvas.pages):
            self.canvas.pages.append(page)  # draw on this page, then put it back
            self.canvas.centred(A4[1] - 8, f"第 {index + 1} 页 / 共 {total} 页", 8)
            self.canvas.pages.pop()
        return self.canvas

    # -- blocks ------------------------------------------------------------------------------------------------

    def heading(self) -> None:
        """The title of the document."""
        for text in break_lines(self.title, lambda t: width(t, 16, bold=True), self.inner):
            self.canvas.centred(self.y + 6, text, 16, bold=True)
            self.y += 8.5

    def note(self, text: str, *, size: float = 8) -> None:
        """A small paragraph across the page."""
        for line in break_lines(clean(text), lambda t: width(t, size), self.inner):
            self.need(size * POINT_MM * 1.5)
            self.y += size * POINT_MM * 1.45
            self.canvas.text(MARGIN, self.y, line, size)
        self.y += 1

    def section(self, text: str) -> None:
        """A heading within the document."""
        self.need(22)
        self.y += 7.5
        self.canvas.text(MARGIN, self.y, clean(text), 11, bold=True)
        self.y += 2

    def field(self, label: str, pieces: Sequence[Piece], *, note: str = "") -> None:
        """A labelled row: the label on the left where it fits on a line, above the value where it does not."""
        label, column = clean(label), 56.0
        beside = width(label, SIZE) <= column - 2 * PAD
        left = MARGIN + (column if beside else 0)
        room = self.inner - (column if beside else 0) - 2 * PAD
        lines = [[Piece(t)] for t in break_lines(clean(note), lambda t: width(t, 8), room)] if note else []
        rows = [(line, 8.0) for line in lines] + [(line, SIZE) for line in pack(pieces, SIZE, room)]
        if not beside:
            above = break_lines(label, lambda t: width(t, SIZE), self.inner - 2 * PAD)
            rows = [([Piece(t)], SIZE) for t in above] + rows
        self._bordered(label if beside else "", left, rows)

    def signature(self, label: str, name: str, note: str) -> None:
        """A labelled row with a name typed as signature, large, and how it was made."""
        label, name, note = clean(label), legible(name), legible(note)
        size, height, column = 17.0, 13.0, 56.0
        while width(name, size, bold=True) > self.inner - column - 2 * PAD and size > 8:
            size -= 1
        above = break_lines(label, lambda t: width(t, SIZE), column - 2 * PAD)
        height = max(height, len(above) * SIZE * POINT_MM * 1.5 + 2 * PAD)
        self.need(height)
        for index, text in enumerate(above):
            self.canvas.text(MARGIN + PAD, self.y + PAD + (index + 0.74) * SIZE * POINT_MM * 1.5, text, SIZE)
        self.canvas.text(MARGIN + column + PAD, self.y + 7.4, name, size, bold=True)
        self.canvas.text(MARGIN + column + PAD, self.y + 11.4, note, 7)
        self.canvas.box(MARGIN, self.y, self.inner, height)
        self.canvas.line(MARGIN + column, self.y, MARGIN + column, self.y + height)
        self.y += height

    def picture(self, caption: str, picture: Picture) -> None:
        """A picture in a bordered box across the page, its caption under it."""
        caption = legible(caption)
        scale = min((self.inner - 2 * PAD) / picture.width, PICTURE_HEIGHT / picture.height, 0.2)
        wide, high = picture.width * scale, picture.height * scale
        lines = break_lines(caption, lambda t: width(t, 8), self.inner - 2 * PAD)
        step = 8 * POINT_MM * 1.5
        height = high + 2 * PAD + len(lines) * step
        self.need(height)
        self.canvas.image(MARGIN + PAD, self.y + PAD, wide, high, picture.data, caption)
        for index, text in enumerate(lines):
            self.canvas.text(MARGIN + PAD, self.y + PAD + high + (index + 0.85) * step, text, 8)
        self.canvas.box(MARGIN, self.y, self.inner, height)
        self.y += height

    def _bordered(self, label: str, left: float, rows: list[tuple[list[Piece], float]]) -> None:
        """Rows of pieces in one bordered box, continued on the next page where the room ends."""
        step = SIZE * POINT_MM * 1.5
        while rows:
            self.need(step + 2 * PAD)
            count = max(1, int((self.room - 2 * PAD) / step))
            part, rows = rows[:count], rows[count:]
            top, height = self.y, len(part) * step + 2 * PAD
            if label:
                self.canvas.text(MARGIN + PAD, top + PAD + step * 0.74, label, SIZE)
            for index, (pieces, size) in enumerate(part):
                self._pieces(left + PAD, top + PAD + index * step, step, pieces, size)
            self.canvas.box(MARGIN, top, self.inner, height)
            if left > MARGIN:
                self.canvas.line(left, top, left, top + height)
            self.y += height

    def _pieces(self, x: float, top: float, step: float, pieces: Sequence[Piece], size: float) -> None:
        for piece in pieces:
            if piece.ticked is not None:
                self.canvas.tick_box(x, top + (step - 3) / 2, 3, ticked=piece.ticked)
                x += 4
            self.canvas.text(x, top + step * 0.74, piece.text, size)
            x += width(piece.text, size) + (4 if piece.ticked is not None else 0)

    # -- tables ------------------------------------------------------------------------------------------------

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A bordered table; columns that do not fit beside each other follow as further parts, by row number."""
        header = [clean(h) for h in header]
        rows = [[clean(cell) for cell in row] for row in rows]
        numbered = [[str(i + 1), *row] for i, row in enumerate(rows)]
        widths = [self._column(["序", *header], numbered, i) for i in range(len(header) + 1)]
        for columns in self._groups(widths):
            chosen = [0, *columns]
            spare = self.inner - sum(widths[c] for c in chosen)
            sizes = [widths[c] + (spare / len(columns) if c else 0) for c in chosen]
            self._part([["序", *header][c] for c in chosen], [[row[c] for c in chosen] for row in numbered], sizes)
            self.y += 2

    def _column(self, header: list[str], rows: list[list[str]], index: int) -> float:
        cells = [header[index], *(row[index] for row in rows)]
        natural = max(width(part, TABLE_SIZE) for cell in cells for part in cell.split("\n")) + 2 * PAD + 0.2
        return min(natural, self.inner - (9.0 if index else 0))

    def _groups(self, widths: list[float]) -> list[list[int]]:
        """Columns side by side as long as they fit without wrapping; the row number leads each group."""
        groups: list[list[int]] = []
        used = self.inner
        for index in range(1, len(widths)):
            if used + widths[index] > self.inner:
                groups.append([])
                used = widths[0]
            groups[-1].append(index)
            used += widths[index]
        return groups

    def _part(self, header: list[str], rows: list[list[str]], widths: list[float]) -> None:
        self.need(16)
        self._row(header, widths)
        for row in rows:
            lines = self._lines(row, widths)
            while any(lines):
                step = TABLE_SIZE * POINT_MM * 1.45
                if self.room < step + 2 * PAD:
                    self._page()
                    self._row(header, widths)
                count = max(1, int((self.room - 2 * PAD) / step))
                self._cells([cell[:count] for cell in lines], widths)
                lines = [cell[count:] for cell in lines]

    def _lines(self, row: list[str], widths: list[float]) -> list[list[str]]:
        return [
            break_lines(cell, lambda t: width(t, TABLE_SIZE), size - 2 * PAD)
            for cell, size in zip(row, widths, strict=True)
        ]

    def _row(self, row: list[str], widths: list[float]) -> None:
        self._cells(self._lines(row, widths), widths)

    def _cells(self, lines: list[list[str]], widths: list[float]) -> None:
        step = TABLE_SIZE * POINT_MM * 1.45
        height = max(len(cell) for cell in lines) * step + 2 * PAD
        x = MARGIN
        for cell, size in zip(lines, widths, strict=True):
            for index, text in enumerate(cell):
                self.canvas.text(x + PAD, self.y + PAD + (index + 0.76) * step, text, TABLE_SIZE)
            x += size
        edges = [MARGIN]
        for size in widths:
            edges.append(edges[-1] + size)
        for left, right in pairwise(edges):
            self.canvas.line(left, self.y, right, self.y)
            self.canvas.line(left, self.y + height, right, self.y + height)
        for edge in edges:
            self.canvas.line(edge, self.y, edge, self.y + height)
        self.y += height


def pack(pieces: Sequence[Piece], size: float, room: float) -> list[list[Piece]]:
    """Pieces in lines: text wraps, boxes keep their option together where it fits on a line."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for piece in pieces:
        lead = 0.0 if piece.ticked is None else 4.0
        wide = width(piece.text, size) + lead
        if lines[-1] and used + wide > room:
            lines.append([])
            used = 0.0
        if wide <= room:
            lines[-1].append(piece)
            used += wide + 4
            continue
        parts = break_lines(piece.text, lambda t: width(t, size), room - lead)
        lines[-1].append(Piece(parts[0], piece.ticked))
        lines.extend([Piece(part)] for part in parts[1:])
        used = room
    return lines
