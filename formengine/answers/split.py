"""Splitting: a submission becomes one filing per department form, each holding that form's fields and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..binding.base import Issued
from ..binding.bound import BoundForm
from ..binding.composed import Rows
from ..conditions import canonical as canonical_json
from ..errors import FormEngineError
from ..evaluate import value_test
from ..judges import failures_of
from ..merging.form import MergedForm, Part
from ..model import Filing
from ..paths import MISSING
from ..reading import is_json
from ..rows import Row, Scope
from .resolve import Resolved


def split(form: MergedForm, answers: object, issued: dict[str, Any] | None = None) -> dict[str, Filing]:
    """One ``Filing`` per department form, in the form's order.

    ``issued`` gives values that licences of this case have yielded, ``{element: value}``; those still to come are
    listed as ``pending``, and what is made of them is left open. Only visible answers count. Raises ``FormEngineError``
    for issued values that the data dictionary or a department refuses, and for answers that are no JSON.
    """
    if not is_json(answers):
        raise FormEngineError("申报内容里有读不了的内容，没有拆表")
    _check_issued(form, issued or {})
    filings = filings_of(form, Resolved(form, answers, issued))
    if issued:
        _judge_issued(form, filings)
    return filings


def filings_of(form: MergedForm, resolved: Resolved) -> dict[str, Filing]:
    """The filings of answers that are resolved."""
    return {one.form.id: _file(form, one, resolved) for one in form.bound}


def _check_issued(form: MergedForm, issued: dict[str, Any]) -> None:
    if not isinstance(issued, dict):
        raise FormEngineError("核发的值须是一个对象：{数据元: 值}")
    for element, value in issued.items():
        known = form.library.elements.get(element)
        if known is None:
            raise FormEngineError(f"数据字典里没有“{element}”")
        if not value_test(canonical_json(known.schema))(value):
            raise FormEngineError(f"核发的“{known.title}”{canonical_json(value)[:60]} 不符合数据字典")


def _judge_issued(form: MergedForm, filings: dict[str, Filing]) -> None:
    """Refuse issued values that a department does not take where they now stand."""
    for one in form.bound:
        made = {code: list(binding.issued()) for code, binding in one.bindings.items()}
        for failure in failures_of(form.department_validators[one.form.id], filings[one.form.id].values):
            code = str(failure.keys[0]) if failure.keys else ""
            if made.get(code) and code in filings[one.form.id].values:
                label = one.form.raw["properties"][code].get("title", code)
                titles = "、".join(form.library.elements[i.element].title for i in made[code])
                value = canonical_json(filings[one.form.id].values[code])[:60]
                raise FormEngineError(
                    f"核发的“{titles}”填到《{one.form.title}》“{label}”是 {value}，不合该表的限制（{failure.keyword}）"
                )


def _file(form: MergedForm, one: BoundForm, resolved: Resolved) -> Filing:
    values: dict[str, Any] = {}
    pending = []
    rows: dict[str, tuple[str, ...]] = {}
    computed: list[str] = []
    stored, found = resolved.stored, resolved.values
    for part in form.parts[one.form.id]:
        if part.shown is not None and not part.shown(found):  # what is computed decides too
            continue
        open_ = list(_pending(part, found)) if part.may_wait else []
        pending += open_
        if open_ and not part.is_rows:
            continue
        if part.is_rows:
            assert isinstance(part.binding, Rows)
            selected = part.binding.selected(found)
            value = part.binding.filed(selected)
            if value is not MISSING:
                values[part.code] = value
                chosen = [cells.row for cells in selected if cells.row is not None]
                rows[part.code] = tuple(row.id for row in chosen)
                computed += _computed_columns(part, chosen)
            continue
        value = found.get(part.path, MISSING) if part.path else part.binding.value(found)
        if value is MISSING:
            continue
        values[part.code] = value
        if part.derived and part.derived not in stored:
            computed.append(part.code)
    return Filing(one.form.id, values, tuple(pending), rows, frozenset(computed))


def _pending(part: Part, found: Scope) -> Iterator[dict[str, str]]:
    """What a field still waits for; of a table's column, named ``table/column``."""
    binding = part.binding
    if not isinstance(binding, Rows):
        yield from _open(part.code, binding.waits(found))
        return
    rows = binding.selected(found)
    for column, inner in binding.columns if rows else ():
        yield from _open(f"{part.code}/{column}", inner.waits(rows[0]))


def _open(code: str, waiting: Iterator[Issued]) -> Iterator[dict[str, str]]:
    for one in dict.fromkeys(waiting):
        yield {"code": code, "element": one.element, "form": one.form, "licence": one.licence}


def _computed_columns(part: Part, rows: list[Row]) -> Iterator[str]:
    for row in rows if part.columns else ():
        for column, path in part.columns:
            if path not in row.stored.columns:
                yield f"{part.code}/{row.id}/{column}"
