"""How a page and the server speak of answers: the names of inputs, and what their endings mean."""

from __future__ import annotations

import re

from formengine import Place, name_of, subject_of

SHOWN = "_fields"
"""The hidden input that lists which fields stood on the page; no others are touched."""
STRAY = "/stray"
"""What a page cannot show of an answer: kept until somebody lets it go."""
NONE = "/none"
"""Nothing is chosen, though something would be filled in."""
GIVEN = "/given"
"""What was suggested: left as it is, nothing is stored."""
KEPT, DROP, WAS, OF = "/kept", "/drop", "/was", "/of"
"""Files that are there, and that are to go; the name that signed before; the texts that an act is about."""
ROWS, ROW_ID = "/rows", "id"
"""The places of the rows of a table, and each row's id."""


def input_name(place: Place) -> str:
    """The name of the input where a value is entered: ``staff/0/name``, ``shop.place/town``."""
    path = place.path
    if place.row is not None:
        path = f"{subject_of(path)}/{place.row}/{name_of(path)}"
    return "/".join([path, *map(str, place.keys)])


def element_id(name: str) -> str:
    """The HTML id of the input with this name."""
    return "f-" + name.replace("/", "--")


def row_numbers(texts: list[str]) -> list[int]:
    """The places of the rows that stood on a page, in order."""
    return sorted({int(text) for text in texts if re.fullmatch(r"[0-9]{1,5}", text)})
