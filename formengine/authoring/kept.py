"""Results that are kept from one check to the next: what did not change is not worked out again.

A result is found by the hash of everything that it rests on: the code of the engine and the versions of the libraries
that judge, and the templates or clauses that it is about. Nothing has to be told that something changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..folder import write_bytes

HERE = Path(__file__).parent.parent
JUDGES = ("jsonschema", "jsonschema-rs", "greenery", "allpairspy")
MOST = 6000
"""So many results are kept; the oldest make room."""


@cache
def engine() -> str:
    """What tells one version of the engine from another."""
    found = hashlib.sha256(" ".join(version(name) for name in JUDGES).encode())
    for path in sorted(HERE.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()


def digest(*parts: str) -> str:
    """The hash of some texts together with the engine's own."""
    found = hashlib.sha256(engine().encode())
    for part in parts:
        found.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    return found.hexdigest()


class Kept:
    """Results in one file of a folder, read once and written once; without a folder nothing is kept.

    A file that cannot be read is as good as none; where the folder cannot be written, nothing is kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = folder / "checked.json" if folder else None
        self.known = self._read()
        self.used: dict[str, Any] = {}
        self.taken = 0
        """How many results were taken as they were kept."""

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_bytes()) if self.path else {}
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def get(self, key: str, work: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
        """The result under this key, worked out where it is not there or not of the right shape."""
        if key in self.used:
            return self.used[key]
        if key in self.known and fits(self.known[key]):
            self.taken += 1
            found = self.known[key]
        else:
            found = work()
        self.used[key] = found
        return found

    def save(self) -> None:
        """Write the results of this run, and of earlier ones as far as there is room."""
        if self.path is None:
            return
        older = {key: value for key, value in self.known.items() if key not in self.used}
        room = max(0, MOST - len(self.used))
        whole = {**dict(list(older.items())[-room:] if room else []), **self.used}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(self.path, json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        except OSError:
            return
