"""A department form bound for one case: its bindings built, and its whole schema pulled back to the data elements.

Each statement of the department's schema (``statements``) is restated as a clause on elements through the form's
bindings.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ..algebra.jsonvalue import Schema, Words, words_of
from ..conditions import FALSE, TRUE, Atom, Cond, Has, all_of, negate, paths_of, rewrite
from ..errors import BindingError
from ..paths import pointer
from ..templates.library import DepartmentForm
from ..templates.schemas import constraint
from .base import Binding, Clause, Env, Source, to_elements
from .bind import bind
from .composed import Rows
from .statements import Statement, read_statements


@dataclass
class BoundForm:
    """A department form with its bindings built for one case.

    ``visible`` says when each field exists (on elements); ``clauses`` is all that the form demands of the answers.
    """

    form: DepartmentForm
    bindings: dict[str, Binding]
    visible: dict[str, Cond]
    clauses: list[Clause]

    def uses(self) -> Iterator[tuple[str, Cond, Source]]:
        """``(path, when, who)`` of every element that the form reads."""
        for code, binding in self.bindings.items():
            label = str(self.form.raw["properties"][code].get("title", code))
            shown = self.visible.get(code, TRUE)
            if isinstance(binding, Rows):
                yield binding.table, shown, Source(self.form.id, label, code)
                yield from self._column_uses(code, binding, shown)
            else:
                for path, when in binding.reads():
                    yield path, all_of([shown, when]), Source(self.form.id, label, code)

    def _column_uses(self, code: str, binding: Rows, shown: Cond) -> Iterator[tuple[str, Cond, Source]]:
        columns = self.form.raw["properties"][code]["items"]["properties"]
        hidden = dict(binding.hidden)
        for column, inner in binding.columns:
            label = str(columns[column].get("title", column))
            source = Source(self.form.id, label, f"{code}.{column}")
            for path, when in inner.reads():
                if path.startswith(binding.table + "."):
                    yield path, all_of([shown, binding.where, hidden.get(column, TRUE), when]), source
                else:
                    yield path, all_of([shown, Has(binding.table, binding.where), when]), source


def bind_form(form: DepartmentForm, env: Env) -> BoundForm:
    """Build all bindings of a form and pull its whole schema back; raises ``BindingError`` naming the field."""
    properties = dict(form.raw.get("properties", {}))
    bindings: dict[str, Binding] = {}
    for code, node in properties.items():
        with _named(form, code):
            bindings[code] = bind(node.get("x-element"), env, code=code, schema=node)
    with _named(form, ""):
        statements = list(read_statements(form.raw))
        visible = _hide(form, statements, bindings)
    clauses: list[Clause] = []
    for statement in statements:
        label = _label(statement, properties)
        source = Source(form.id, label, statement.code)
        with _named(form, statement.code):
            clauses += _pull(statement, source, bindings, visible, properties)
    return BoundForm(form, bindings, visible, clauses)


def _hide(form: DepartmentForm, statements: list[Statement], bindings: dict[str, Binding]) -> dict[str, Cond]:
    """When each field exists; the tables among the bindings are told when each of their columns does."""
    tables = {code: binding for code, binding in bindings.items() if isinstance(binding, Rows)}
    for code, table in tables.items():
        bindings[code] = tables[code] = _with_hidden_columns(table, form.raw["properties"][code])
    visible = _visibility(statements, bindings)
    for code, table in tables.items():
        bindings[code] = _hidden_from_outside(code, table, statements, bindings, visible)
    return visible


def _label(statement: Statement, properties: dict[str, Any]) -> str:
    """The field that a statement is about; of a condition on several, the first few."""
    codes = [statement.code] if statement.code else list(dict.fromkeys(paths_of(statement.condition)))[:3]
    return "、".join(str(properties.get(code, {}).get("title", code)) for code in codes)


@contextmanager
def _named(form: DepartmentForm, code: str) -> Iterator[None]:
    """What cannot be used is said with the field that it is about."""
    prefix = f"{form.title}（{form.id}）" + (f"的栏目“{code}”" if code else "")
    where = pointer("properties", code) if code else ""
    try:
        yield
    except BindingError as error:
        raise error.at(f"departments/{form.id}", where, f"{prefix}：") from error


def _visibility(statements: list[Statement], bindings: dict[str, Binding]) -> dict[str, Cond]:
    """When each field exists; fields hidden under a condition that reads hidden fields are worked out in order."""
    hidden: dict[str, list[Cond]] = {}
    for statement in statements:
        if statement.kind == "hidden":
            hidden.setdefault(statement.code, []).append(statement.guard)
    visible: dict[str, Cond] = {}

    def settle(code: str, trail: frozenset[str]) -> Cond:
        if code not in hidden:
            return TRUE
        if code in trail:
            raise BindingError("cycle", f"栏目“{code}”是否出现，取决于它自己")
        if code not in visible:
            visible[code] = all_of(negate(elements(guard, trail | {code})) for guard in hidden[code])
        return visible[code]

    def elements(cond: Cond, trail: frozenset[str]) -> Cond:
        def replace(node: Atom) -> Cond:
            if node.path not in bindings:
                return FALSE
            return all_of([settle(node.path, trail), bindings[node.path].condition(node.schema)])

        return rewrite(cond, replace)

    for code in hidden:
        settle(code, frozenset())
    return visible


def _with_hidden_columns(table: Rows, node: Schema) -> Rows:
    """The table with the conditions on a row under which that row has a column."""
    hidden = _visibility(list(read_statements(words_of(node).get("items", {}))), dict(table.columns))
    return replace(table, hidden=tuple(hidden.items()))


def _hidden_from_outside(
    code: str, table: Rows, statements: list[Statement], bindings: dict[str, Binding], visible: dict[str, Cond]
) -> Rows:
    """The same with columns that conditions on the form's other fields take away."""
    columns, inside = dict(table.columns), dict(table.hidden)
    hidden = dict(inside)
    for statement in statements:
        items = statement.schema.get("items") if statement.kind == "value" and statement.code == code else None
        if statement.guard == TRUE or items is None:
            continue
        outer = to_elements(statement.guard, bindings, visible)
        for inner in read_statements(items):
            if inner.kind == "hidden":
                guard = all_of([outer, to_elements(inner.guard, columns, inside)])
                hidden[inner.code] = all_of([hidden.get(inner.code, TRUE), negate(guard)])
    return replace(table, hidden=tuple(hidden.items()))


def _pull(
    statement: Statement,
    source: Source,
    bindings: dict[str, Binding],
    visible: dict[str, Cond],
    properties: dict[str, Any],
) -> Iterator[Clause]:
    guard = to_elements(statement.guard, bindings, visible)
    if guard == FALSE:
        return
    if statement.kind == "hold":
        condition = to_elements(statement.condition, bindings, visible)
        if condition != TRUE:
            yield Clause("hold", "", guard, source, condition=condition)
        return
    binding = bindings.get(statement.code)
    if binding is None or statement.kind == "hidden":
        return
    shown = visible.get(statement.code, TRUE)
    seen = all_of([guard, shown])
    if statement.kind == "required":
        yield from _never(all_of([guard, negate(shown)]), "", source)
        yield from binding.required(seen, source)
    else:
        yield from _pull_value(statement.schema, source, binding, seen, properties[statement.code])


def _never(guard: Cond, path: str, source: Source) -> Iterator[Clause]:
    """Where a department wants a value and does not take it, nothing can be filed: that is never so."""
    if guard != FALSE:
        yield Clause("hold", path, guard, source, condition=FALSE)


def _pull_value(schema: Schema, source: Source, binding: Binding, guard: Cond, node: Schema) -> Iterator[Clause]:
    bare = constraint(schema)
    if isinstance(binding, Rows):
        words, items = words_of(bare), words_of(schema).get("items")
        yield from binding.clauses({word: part for word, part in words.items() if word != "items"}, guard, source)
        if isinstance(items, dict):
            yield from _pull_columns(items, source, binding, guard, words_of(node)["items"]["properties"])
    elif bare != {}:
        yield from binding.clauses(bare, guard, source)


def _pull_columns(items: Schema, source: Source, table: Rows, guard: Cond, nodes: Words) -> Iterator[Clause]:
    """What is demanded of the columns of a table, by the table itself or under a condition."""
    columns, hidden = dict(table.columns), dict(table.hidden)
    titles = {column: str(nodes[column].get("title", column)) for column in columns}
    for statement in read_statements(items):
        inner_source = Source(source.form, titles.get(statement.code, source.label), f"{source.code}.{statement.code}")
        inner = all_of([table.where, to_elements(statement.guard, columns, hidden)])
        if statement.kind == "hold":
            condition = to_elements(statement.condition, columns, hidden)
            yield Clause("hold", table.table, all_of([guard, inner]), source, condition=condition)
        elif statement.kind in ("value", "required") and statement.code in columns:
            shown = hidden.get(statement.code, TRUE)
            if statement.kind == "required":
                yield from _never(all_of([guard, inner, negate(shown)]), table.table, inner_source)
            for clause in _column(statement, columns[statement.code], inner_source):
                yield _in_row(clause, table, guard, all_of([inner, shown, clause.guard]))


def _column(statement: Statement, binding: Binding, source: Source) -> Iterator[Clause]:
    if statement.kind == "required":
        return binding.required(TRUE, source)
    return binding.clauses(constraint(statement.schema), TRUE, source)


def _in_row(clause: Clause, table: Rows, guard: Cond, inner: Cond) -> Clause:
    """A column's clause under its table's guard; a column bound outside the list holds when any row is selected."""
    outside = clause.path and not clause.path.startswith(table.table + ".") and clause.kind in ("value", "required")
    when = all_of([guard, Has(table.table, inner)]) if outside else all_of([guard, inner])
    return replace(clause, guard=when)
