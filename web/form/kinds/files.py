"""What is uploaded: one file, or several."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage

from formengine import MISSING
from web.cases.given import KeptFile, Upload

from ..entries import Data, Described, Entry, Kind, Names, clean
from ..protocol import DROP, KEPT


class Files(Kind):
    """Files: the kept ones by id, new ones as they came in."""

    name = "uploads"
    has_files = True

    def fits(self, one: Described) -> bool:
        return one.field.kind == "material"

    def read(self, entry: Entry, name: str, data: Data) -> Any:
        dropped = set(data.getlist(f"{name}{DROP}"))
        kept: list[Any] = [KeptFile(text) for text in data.getlist(f"{name}{KEPT}") if text not in dropped]
        found = [one for one in data.getlist(name) if isinstance(one, FileStorage) and one.filename]
        kept += [Upload(clean(one.filename), one.stream.read()) for one in found]
        return kept or MISSING

    def inner(self, entry: Entry, name: str, value: object) -> list[Any] | None:
        return None if value else []

    def said(self, entry: Entry, value: object, names: Names) -> str:
        ids = value if isinstance(value, list) else [value]
        return "、".join(names.get(str(one), "（文件）") for one in ids)


class OneFile(Files):
    """One file; a new one takes the place of the old."""

    name = "upload"

    def fits(self, one: Described) -> bool:
        return one.format == "attachment-id"

    def read(self, entry: Entry, name: str, data: Data) -> object:
        found = super().read(entry, name, data)
        return MISSING if found is MISSING else found[-1]
