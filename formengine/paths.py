"""Where a value stands: paths, JSON pointers, places in tables; and the one way to read and write answers there.

A path names a field: ``subject.attribute``, ``list.column``, ``facts.<name>``, ``materials.<id>``,
``own.<form>.<code>``, or a list itself. A ``Place`` is where one value of it stands: in which row of its list, under
which keys inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

MISSING: Any = object()
"""No value at all, where ``None`` would be JSON's null."""


def keys_of(path: str) -> tuple[str, ...]:
    """The keys that lead to a path's value in the answers: ``own.<form>.<code>`` has three, others two or one."""
    parts = path.split(".", 2)
    return tuple(parts) if parts[0] == "own" else tuple(path.split(".", 1))


def subject_of(path: str) -> str:
    """The subject or list that a path belongs to."""
    return path.partition(".")[0]


def name_of(path: str) -> str:
    """The attribute or column that a path names within its subject or list; empty for a list itself."""
    return path.partition(".")[2]


class Place(NamedTuple):
    """Where a value stands: its path, the index of the row for a column, and the keys inside the value."""

    path: str
    row: int | None = None
    keys: tuple[str | int, ...] = ()

    @property
    def pointer(self) -> str:
        """The JSON pointer into the answers; empty for no path at all."""
        if not self.path:
            return ""
        if self.row is not None:
            return pointer(subject_of(self.path), self.row, name_of(self.path), *self.keys)
        return pointer(*keys_of(self.path), *self.keys)

    def put(self, answers: dict[str, Any], value: object) -> None:
        """Set the whole value of the field here; in a row that is no object, or is not there, nothing is set."""
        if self.row is None:
            put(answers, self.path, value)
            return
        rows = answers.get(subject_of(self.path))
        row = rows[self.row] if isinstance(rows, list) and self.row < len(rows) else None
        if isinstance(row, dict):
            row[name_of(self.path)] = value


# -- answers by path -------------------------------------------------------------------------------------------


def value_at(answers: object, path: str) -> object:
    """The value at a path of nested answers, or MISSING."""
    node = answers
    for key in keys_of(path):
        if not isinstance(node, dict) or key not in node:
            return MISSING
        node = node[key]
    return node


def put(answers: dict[str, Any], path: str, value: object) -> None:
    """Set the value at a path; what stands in the way and is no object makes room. MISSING takes it away."""
    if value is MISSING:
        drop(answers, path)
        return
    *way, last = keys_of(path)
    node = answers
    for key in way:
        inner = node.get(key)
        if not isinstance(inner, dict):
            inner = node[key] = {}
        node = inner
    node[last] = value


def drop(answers: dict[str, Any], path: str) -> None:
    """Take the value at a path away, and the objects that held nothing else."""
    key, *rest = keys_of(path)
    if not rest:
        answers.pop(key, None)
    elif isinstance(answers.get(key), dict):
        _drop(answers[key], rest)
        if not answers[key]:
            del answers[key]


def _drop(node: dict[str, Any], keys: list[str]) -> None:
    key, *rest = keys
    if not rest:
        node.pop(key, None)
    elif isinstance(node.get(key), dict):
        _drop(node[key], rest)
        if not node[key]:
            del node[key]


# -- JSON pointers (RFC 6901) ----------------------------------------------------------------------------------


def pointer(*keys: str | int) -> str:
    """A JSON pointer out of raw keys."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def keys_in(where: str) -> list[str]:
    """The raw keys of a JSON pointer."""
    return [key.replace("~1", "/").replace("~0", "~") for key in where.split("/")[1:]]


def holders(where: str) -> Iterator[str]:
    """The pointers of what holds a value, the nearest first, the whole excepted."""
    while where := where.rpartition("/")[0]:
        yield where
