"""Which files and signatures in a draft stand.

An id in the answers counts only where a file of this very case was uploaded for this very field, and a signature only
while what it covers is what would be filed: its department's values and materials, other signatures aside.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import partial
from typing import Any

from formengine import MISSING, Field, Filing, canonical, keys_of, value_at
from web.store import Vault

from .catalogue import Served

Marks = dict[str, str]
"""For each department form a keyed digest of what it would receive."""


@dataclass(frozen=True)
class Kept:
    """What the store knows of an uploaded file or a signature."""

    path: str
    covers: str | None


def covered(vault: Vault, served: Served, filings: Mapping[str, Filing], answers: object, aside: Set[str]) -> Marks:
    """``{form id: digest}`` of what each department would receive, left out own answers at the paths ``aside``, and
    what is set at submission."""
    out = {}
    for name, filing in filings.items():
        left_out = served.system[name]
        values = {
            code: _without(value, code, left_out)
            for code, value in filing.values.items()
            if f"own.{name}.{code}" not in aside and code not in left_out
        }
        wanted = (f"materials.{one['id']}" for one in served.form.library.forms[name].materials)
        files = {path: value for path in wanted if (value := value_at(answers, path)) is not MISSING}
        out[name] = vault.mark(canonical([values, files]).encode("utf-8", "surrogatepass"))
    return out


def _without(value: object, code: str, left_out: Set[str]) -> object:
    """The rows of a table without columns that are left out; any other value as it is."""
    gone = {name.partition("/")[2] for name in left_out if name.startswith(f"{code}/")}
    if not gone or not isinstance(value, list):
        return value
    return [{column: cell for column, cell in row.items() if column not in gone} for row in value]


def mentions(fields: Mapping[str, Field], answers: dict[str, Any]) -> bool:
    """Whether any file or signature is named in the answers."""
    return any(True for path, one in fields.items() for _ in _places(answers, path, one))


def without_lost(fields: Mapping[str, Field], answers: dict[str, Any], known: Mapping[str, Kept]) -> dict[str, Any]:
    """The answers without ids that no file of this case and field stands behind; the same answers where all stand."""
    tests = {path: partial(is_of, known, path) for path in fields}
    return _kept(answers, fields, tests)


def is_of(known: Mapping[str, Kept], path: str, id_: str) -> bool:
    """Whether a file of this case was uploaded for this field."""
    return id_ in known and known[id_].path == path


def without_lapsed(
    signatures: Mapping[str, Field], answers: dict[str, Any], known: Mapping[str, Kept], marks: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The answers without signatures that no longer cover what would be filed (``marks``, form by form), and those."""
    tests = {path: partial(_still_covers, known, marks.get(form_of(path), "")) for path in signatures}
    kept = _kept(answers, signatures, tests)
    gone = [p for p, one in signatures.items() if any(_places(answers, p, one)) and not any(_places(kept, p, one))]
    return kept, tuple(gone)


def _still_covers(known: Mapping[str, Kept], mark: str, id_: str) -> bool:
    return id_ in known and known[id_].covers == mark


def form_of(path: str) -> str:
    """The department form that an own answer belongs to; empty for answers that are shared."""
    return keys_of(path)[1] if path.startswith("own.") else ""


def _kept(
    answers: dict[str, Any], fields: Mapping[str, Field], tests: Mapping[str, Callable[[str], bool]]
) -> dict[str, Any]:
    """The answers with only those ids that pass their field's test; copied where one does not."""
    found = ((path, value) for path, one in fields.items() for _, _, value in _places(answers, path, one))
    if all(tests[path](id_) for path, value in found for id_ in _ids(value)):
        return answers
    out = copy.deepcopy(answers)
    for path, one in fields.items():
        _keep(out, path, one, tests[path])
    return out


def _ids(value: object) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _places(answers: dict[str, Any], path: str, one: Field) -> Iterator[tuple[dict[str, Any], str, Any]]:
    """Where a field's answers stand: ``(object, key, value)``, one for each row of a table."""
    *way, last = keys_of(path)
    if one.table:
        rows = answers.get(one.table)
        found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    else:
        holder: Any = answers
        for key in way:
            holder = holder.get(key) if isinstance(holder, dict) else None
        found = [holder] if isinstance(holder, dict) else []
    for node in found:
        if last in node:
            yield node, last, node[last]


def _keep(answers: dict[str, Any], path: str, one: Field, stands: Callable[[str], bool]) -> None:
    """Leave only the ids that stand; what is no id at all stays, for the engine to refuse."""
    for node, key, value in list(_places(answers, path, one)):
        if isinstance(value, list):
            left = [v for v in value if not isinstance(v, str) or stands(v)]
            if left:
                node[key] = left
            else:
                del node[key]
        elif isinstance(value, str) and not stands(value):
            del node[key]


def replaced(answers: dict[str, Any], fields: Mapping[str, Field], give: Callable[[str, Field], str]) -> dict[str, Any]:
    """The answers with every id at these fields replaced by what ``give(path, field)`` makes."""
    out = copy.deepcopy(answers)
    for path, one in fields.items():
        for node, key, value in list(_places(out, path, one)):
            node[key] = [give(path, one) for _ in value] if isinstance(value, list) else give(path, one)
    return out
