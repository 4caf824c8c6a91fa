"""Write ``formengine/formats/characters.py``: which characters the fonts in the repository can print.

``python scripts/characters.py`` after a font was changed; a test compares the table with the fonts.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from formengine.pdf.fonts import characters

TARGET = Path(__file__).parent.parent / "formengine" / "formats" / "characters.py"
HEAD = '''"""Which characters our fonts can print: ranges of code points, hexadecimal. Made by scripts/characters.py."""

PRINTED = """
{}
"""
'''


def ranges(points: Iterable[int]) -> list[tuple[int, int]]:
    """Runs of neighbouring numbers."""
    found: list[list[int]] = []
    for point in sorted(points):
        if found and point == found[-1][1] + 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return [(first, last) for first, last in found]


def table() -> str:
    """The module's text."""
    words = [f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in ranges(map(ord, characters()))]
    return HEAD.format(textwrap.fill(" ".join(words), 116, break_on_hyphens=False))


if __name__ == "__main__":
    TARGET.write_text(table(), "utf-8")
