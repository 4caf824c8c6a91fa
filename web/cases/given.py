"""What can be given as a value of a case besides plain JSON: files, signatures, rows by their ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    data: bytes


@dataclass(frozen=True)
class KeptFile:
    """A file or signature that is said to be there already, by its id: looked up before it is believed."""

    id: str


@dataclass(frozen=True)
class TypedName:
    """A signature made by typing one's name."""

    name: str


@dataclass(frozen=True)
class GivenRow:
    """A row of a list, by its id: the columns that are given, ``{path: value or MISSING}``; others stay."""

    id: str
    cells: dict[str, Any]
