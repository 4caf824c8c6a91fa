"""What was uploaded and signed, as a print shows it: pictures as pictures, other files by name, never by an id."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

PIXELS = 1400
"""The longer side of a printed picture: 200 dots an inch at the full width of a page."""
MOST_PIXELS = 80_000_000
"""Larger pictures are named, not printed: what opens to gigabytes is no photograph."""
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}


@dataclass(frozen=True)
class File:
    """What stands behind an attachment's id: ``kind`` is its media type, ``signature`` for a name typed as signature.

    ``note`` is printed small beside a signature (when and how it was made).
    """

    name: str
    kind: str
    data: bytes = b""
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture ready to be printed: upright, opaque, no larger than it is printed."""

    data: bytes
    width: int
    height: int


def picture_of(file: File) -> Picture | None:
    """The picture in a file; None where it holds none that can be opened."""
    if file.kind not in PICTURES:
        return None
    try:
        with Image.open(io.BytesIO(file.data), formats=[PICTURES[file.kind]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("RGB", (PIXELS, PIXELS))
            return _ready(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return None


def _ready(opened: Image.Image) -> Picture:
    opened.thumbnail((PIXELS, PIXELS))
    seen = opened.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=85)
    return Picture(out.getvalue(), *paper.size)
