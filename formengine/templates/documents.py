"""Template documents: their texts, and where in them each value stands; from files or from memory, all of a set alike.

Nothing is interpreted here. What cannot be read at all (no JSON, no UTF-8, a key written twice) is gathered as faults.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..algebra.jsonvalue import plain_numbers
from ..errors import Fault, FormEngineError, TemplateError
from ..paths import holders, keys_in
from ..reading import DEPTH, is_json
from .positions import positions, repeated

HERE = Path(__file__).parent.parent
STANDARD_TEMPLATES = HERE / "templates_std"
STANDARD_FORMS = HERE.parent / "forms"
KINDS = ("elements", "codes", "departments", "licences", "forms")
"""The folders of templates; what stands in one is of one kind."""
Data = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """One template: its kind, its name (the file's without ending), what it says; ``text`` where it came from one."""

    kind: str
    name: str
    data: Data
    path: str
    text: str = ""

    @property
    def key(self) -> str:
        """``kind/name``: what faults and versions call it."""
        return f"{self.kind}/{self.name}"

    @cached_property
    def places(self) -> dict[str, tuple[int, int]]:
        """Line and column of every JSON pointer; none for a document without a text."""
        return positions(self.text) if self.text else {}


class Documents:
    """A set of templates, and the faults of what could not be read."""

    def __init__(self, documents: Iterable[Document], faults: Iterable[Fault] = ()) -> None:
        self.by_key = {one.key: one for one in documents}
        self.faults = tuple(faults)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.by_key.values())

    def of(self, kind: str) -> dict[str, Data]:
        """What the documents of a kind say, by name."""
        return {one.name: one.data for one in self if one.kind == kind}

    def placed(self, fault: Fault) -> Fault:
        """A fault whose path is a document's key, with the document's own path, and its line and column there."""
        document = self.by_key.get(fault.path)
        if document is None:
            return fault
        named = (fault.pointer, *holders(fault.pointer), "")
        line, column = next((document.places[where] for where in named if where in document.places), (0, 0))
        return replace(fault, path=document.path, line=line, column=column)

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Raise ``TemplateError`` with these faults, each at its place, if there are any."""
        placed = [self.placed(fault) for fault in faults]
        if placed:
            raise TemplateError(placed)

    @property
    def _whole(self) -> bytes:
        """What all of them say, in their order: the order of fields is that of the pages."""
        return json.dumps([[one.key, one.data] for one in self], ensure_ascii=False, separators=(",", ":")).encode()

    @cached_property
    def digest(self) -> str:
        """sha-256 (hex) of what all of them say, wherever their files stand."""
        return hashlib.sha256(self._whole).hexdigest()

    def packed(self) -> bytes:
        """What all of them say, to be kept and unpacked again."""
        return zlib.compress(self._whole, 9)


def unpacked(data: bytes) -> Documents:
    """The documents that were packed."""
    return Documents(_document(*_named(key), said) for key, said in json.loads(zlib.decompress(data)))


def _named(key: str) -> tuple[str, str]:
    kind, _, name = key.partition("/")
    return kind, name


def _document(kind: str, name: str, data: Data) -> Document:
    return Document(kind, name, data, f"{kind}/{name}.json")


def documents_of(**kinds: Mapping[str, Any]) -> Documents:
    """Documents that are in memory already: for each kind ``{name: document}``."""
    found, faults = [], []
    for kind in KINDS:
        for name, given in kinds.get(kind, {}).items():
            try:
                found.append(_document(kind, name, plain_numbers(given)))
            except FormEngineError as error:
                faults.append(Fault(f"{kind}/{name}.json", "unreadable", str(error)))
    return Documents(found, faults)


def read_documents(
    templates: Path | str | Iterable[Path | str] = STANDARD_TEMPLATES, forms: Path | str = STANDARD_FORMS
) -> Documents:
    """The documents of some folders: ``templates`` is one like ``templates_std``, or several of them, later ones adding
    to earlier ones; ``forms`` the folder of scenarios."""
    folders = [Path(templates)] if isinstance(templates, str | Path) else [Path(one) for one in templates]
    places = [(kind, folder / kind) for kind in KINDS[:-1] for folder in folders]
    reader = _Reader()
    found = [one for kind, folder in [*places, ("forms", Path(forms))] for one in reader.folder(kind, folder)]
    return Documents(found, reader.faults)


class _Reader:
    """Reads folders of JSON files and gathers what cannot be read in them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def folder(self, kind: str, folder: Path) -> Iterator[Document]:
        for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
            text = self._text(path)
            data = self._data(path, text) if text is not None else None
            if text is not None and data is not None:
                yield Document(kind, path.stem, data, str(path), text)

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self._fault(path, "utf-8", "文件不是 UTF-8 编码（可能是 GBK），请另存为 UTF-8", line)
        except OSError as error:
            self._fault(path, "unreadable", f"读不出来：{error}")
        return None

    def _data(self, path: Path, text: str) -> Data | None:
        try:
            found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            hint = "文件开头有 BOM，请另存为不带 BOM 的 UTF-8" if text[:1] == "\ufeff" else error.msg
            self._fault(path, "json", f"不是合法的 JSON：{hint}", error.lineno, error.colno)
        except _RepeatedError:
            for where, line, column in repeated(text):
                key = keys_in(where)[-1]
                self._fault(path, "twice", f"“{key}”写了两次，前一个会被后一个盖掉，请删去一个或改名", line, column)
        except (RecursionError, ValueError) as error:
            self._fault(path, "unreadable", f"读不出来：{error}")
        else:
            return self._whole(path, found)
        return None

    def _whole(self, path: Path, found: object) -> Data | None:
        if not isinstance(found, dict):
            self._fault(path, "json", "模板须是一个 JSON 对象")
        elif not is_json(found):
            self._fault(path, "unreadable", f"嵌套超过 {DEPTH} 层，或者有半个字符、过大的数")
        else:
            plain: Data = plain_numbers(found)
            return plain
        return None

    def _fault(self, path: Path, code: str, message: str, line: int = 1, column: int = 1) -> None:
        self.faults.append(Fault(str(path), code, message, "", line, column))


class _RepeatedError(Exception):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> Data:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedError
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"JSON 里不能有 {name}")
