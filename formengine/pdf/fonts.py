"""Fonts: which one has a character, how wide it is, and subsets small enough to embed quickly.

Sizes are points, widths millimetres. fpdf2 drops a character that its font lacks with only a log line; here every
character is looked up first, and what no font has is refused by name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import uharfbuzz as hb

from ..errors import FormEngineError

FOLDER = Path(__file__).parent / "fonts"
FILES = {"regular": "NotoSansSC-Regular.ttf", "bold": "NotoSansSC-Bold.ttf", "rare": "HanaMinB.ttf"}
POINT_MM = 25.4 / 72


class MissingGlyphs(FormEngineError):
    """Characters that no font in the repository has; ``characters`` lists them."""

    def __init__(self, characters: list[str]) -> None:
        named = "、".join(f"“{c}”(U+{ord(c):04X})" if c.isprintable() else f"U+{ord(c):04X}" for c in characters)
        super().__init__(f"这些字符印不出来，请更换：{named}")
        self.characters = characters


@cache
def _face(name: str) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(FOLDER / FILES[name])))


@cache
def _font(name: str) -> hb.Font:
    return hb.Font(_face(name))


@lru_cache(maxsize=65536)
def face_for(character: str, bold: bool) -> str | None:
    """The name of the first font that has the character; None where none has."""
    for name in ("bold" if bold else "regular", "rare"):
        if _font(name).get_nominal_glyph(ord(character)):
            return name
    return None


@lru_cache(maxsize=65536)
def _advance(character: str, bold: bool) -> float:
    name = face_for(character, bold)
    if name is None:
        return 1.0
    glyph = _font(name).get_nominal_glyph(ord(character))
    return float(_font(name).get_glyph_h_advance(glyph)) / float(_face(name).upem)


def characters() -> set[str]:
    """Every character that some font has a glyph for, in both weights."""
    regular, bold, rare = (set(_face(name).unicodes) for name in ("regular", "bold", "rare"))
    return {chr(point) for point in (regular & bold) | rare}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in mm."""
    return sum(_advance(c, bold) for c in text) * size * POINT_MM


def clean(text: str) -> str:
    """Text as it can be printed: tabs and odd spaces become spaces, other control characters are refused.

    Raises ``MissingGlyphs``. Line feeds stay.
    """
    out = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        kind = unicodedata.category(character)
        out.append(" " if character == "\t" or kind == "Zs" else character)
    check("".join(out))
    return "".join(out)


def legible(text: str) -> str:
    """Text that is printed whatever is in it: ``〓`` (the printer's mark for a missing letter) stands for the rest."""
    plain = "".join(" " if unicodedata.category(c) in ("Zs", "Cc", "Zl", "Zp") else c for c in text)
    return "".join(c if face_for(c, False) else "〓" for c in plain)


def check(text: str) -> None:
    """Raise ``MissingGlyphs`` naming every character that no font has."""
    missing = [c for c in dict.fromkeys(text) if c != "\n" and face_for(c, False) is None]
    if missing:
        raise MissingGlyphs(missing)


def runs(text: str, bold: bool) -> Iterator[tuple[str, str]]:
    """The text in pieces that one font can print: ``(font, piece)``."""
    start, current = 0, None
    for index, character in enumerate(text):
        name = face_for(character, bold)
        if name != current and index:
            yield current or "regular", text[start:index]
            start = index
        current = name
    if text:
        yield current or "regular", text[start:]


def subset(name: str, characters: set[str]) -> bytes:
    """A TrueType font with only these characters."""
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).set({ord(c) for c in characters} | {32})
    return bytes(hb.subset(_face(name), wanted).blob.data)
