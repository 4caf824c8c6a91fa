"""Splitting: a submission becomes one filing per department form, each holding that form's fields and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .bindings import Binding, Issued, Rows
from .clauses import BoundForm
from .conditions import MISSING, TRUE, compile_condition, value_test
from .conditions import canonical as canonical_json
from .errors import FormEngineError
from .form import MergedForm
from .model import Filing
from .resolve import Resolved, row_ids


def split(form: MergedForm, answers: Any, issued: dict[str, Any] | None = None) -> dict[str, Filing]:
    """One ``Filing`` per department form, in the form's order.

    ``issued`` gives values that licences of this case have yielded, ``{element: value}``; those still to come are
    listed as ``pending``. Only visible answers count. Raises ``FormEngineError`` for issued values that the data
    dictionary refuses.
    """
    _check_issued(form, issued or {})
    return split_resolved(form, Resolved(form, answers, issued))


def split_resolved(form: MergedForm, resolved: Resolved) -> dict[str, Filing]:
    """Split answers that are already resolved."""
    return {one.form.id: _file(one, resolved) for one in form.bound}


def _check_issued(form: MergedForm, issued: dict[str, Any]) -> None:
    if not isinstance(issued, dict):
        raise FormEngineError("核发的值须是一个对象：{数据元: 值}")
    for element, value in issued.items():
        known = form.library.elements.get(element)
        if known is None:
            raise FormEngineError(f"数据字典里没有“{element}”")
        if not value_test(canonical_json(known.schema))(value):
            raise FormEngineError(f"核发的“{known.title}”{canonical_json(value)[:60]} 不符合数据字典")


def _file(one: BoundForm, resolved: Resolved) -> Filing:
    values: dict[str, Any] = {}
    pending = []
    rows: dict[str, tuple[str, ...]] = {}
    computed: set[str] = set()
    for code, binding in one.bindings.items():
        shown = one.visible.get(code, TRUE)
        if shown != TRUE and not compile_condition(shown)(resolved.stored):
            continue
        value = binding.value(resolved.values)
        if value is not MISSING:
            values[code] = value
        elif isinstance(binding, Issued):
            pending.append({"code": code, "element": binding.element, "form": binding.form, "licence": binding.licence})
        if isinstance(binding, Rows) and value is not MISSING:
            chosen = [row[""] for row in binding.selected(resolved.values)]
            rows[code] = tuple(row_ids(chosen))
            computed.update(_computed_columns(code, binding, rows[code], chosen))
        elif value is not MISSING and not _answered(binding, resolved.stored):
            computed.add(code)
    return Filing(one.form.id, values, tuple(pending), rows, frozenset(computed))


def _answered(binding: Binding, stored: Any) -> bool:
    """Whether a value that is carried whole stands in the answers themselves."""
    return not binding.lossless or all(path in stored for path in binding.needs())


def _computed_columns(code: str, binding: Rows, ids: tuple[str, ...], rows: list[Any]) -> Iterator[str]:
    derived = [(column, inner) for column, inner in binding.columns if inner.lossless]
    for row_id, row in zip(ids, rows, strict=True):
        for column, inner in derived:
            if any(path not in row and path.startswith(binding.table + ".") for path in inner.needs()):
                yield f"{code}/{row_id}/{column}"
