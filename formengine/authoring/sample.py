"""Complete, valid, realistic answers made from the templates alone: for demonstrations, tests and proofs by trial.

Fields are filled in the order in which they decide about each other; what a rule then refuses is drawn again.
The same form, seed and date give the same answers.
"""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from typing import Any

from ..algebra.intersect import intersect
from ..algebra.jsonvalue import words_of
from ..answers.resolve import Resolved
from ..conditions import FALSE, TRUE, AnyOf, Atom, Cond, Has, all_of, canonical, parts_of
from ..errors import FormEngineError, MergeConflict
from ..evaluate import compile_condition, value_test
from ..merging.field import Field
from ..merging.form import MergedForm
from ..model import Issue
from ..paths import MISSING, name_of, put
from ..rows import Cells, Scope
from ..validate import validate
from .values import draw

ATTEMPTS = 60


TAKEN = 0.5
"""How often what is suggested is left as it is."""


def sample(
    form: MergedForm,
    seed: int,
    today: str,
    *,
    answers: dict[str, Any] | None = None,
    optional: float = 0.4,
    suggested: bool = False,
    attempts: int = ATTEMPTS,
) -> dict[str, Any]:
    """Answers that every department accepts.

    ``answers`` fixes some values: ``{path: value}``; of a table, under its list's path, some columns of its rows.
    ``optional`` is the share of optional fields that are filled in; with ``suggested`` whatever is suggested is
    taken. Raises ``FormEngineError`` where no valid answers were found in so many ``attempts``.
    """
    for attempt in range(attempts):
        maker = _Maker(form, random.Random(f"{seed}/{attempt}"), today, answers or {}, optional, suggested)
        made = maker.make()
        problems = validate(form, made, today)
        for _ in range(ATTEMPTS):
            if not problems:
                return made
            if not maker.redraw(made, problems):
                break
            problems = validate(form, made, today)
    first = problems[0]
    raise FormEngineError(f"{form.scenario.id}（种子 {seed}）造不出合格的样例：{first.pointer} {first.message}")


@dataclass
class _Maker:
    form: MergedForm
    random: random.Random
    today: str
    fixed: dict[str, Any]
    optional: float
    suggested: bool = False
    scope: Any = None
    """What is stored so far: kept up to date while fields are filled in order."""

    def make(self) -> dict[str, Any]:
        """One pass over all fields in order."""
        out: dict[str, Any] = {}
        if self.form.facts:
            out["facts"] = self.form.facts
        self.scope = Resolved(self.form, out).stored
        for path, field in self.form.fields.items():
            if field.kind == "list":
                self._rows(field, out)
            elif field.table is None and field.kind != "fact" and field.visible != FALSE:
                self._fill(path, field, out)
            elif field.table:
                self._fill_column(field, out)
        return out

    def redraw(self, answers: dict[str, Any], problems: list[Issue]) -> bool:
        """Draw again what the problems are about; False where there is nothing to draw."""
        paths = self._blamed(problems)
        drawn = False
        for path in paths:
            field = self.form.fields.get(path)
            if field is None or path in self.fixed or field.kind in ("fact", "system"):
                continue
            self.scope = Resolved(self.form, answers).stored
            if field.kind == "list":
                if not self._shrink(field, answers):
                    self._grow(field, answers)
                drawn = True
            elif field.table:
                self._fill_column(field, answers, again=True)
                drawn = True
            else:
                drawn |= self._fill(path, field, answers, again=True)
        return drawn

    def _blamed(self, problems: list[Issue]) -> list[str]:
        found: dict[str, None] = {}
        for issue in problems:
            if issue.code.startswith("rule:"):
                for rule in self.form.rules:
                    if f"rule:{rule.id}" == issue.code:
                        found.update(dict.fromkeys(sorted(rule.reads)))
            elif issue.element:
                found[issue.element] = None
        return list(found)

    # -- plain fields ------------------------------------------------------------------------------------------

    def _fill(self, path: str, field: Field, out: dict[str, Any], *, again: bool = False) -> bool:
        """Fill a field in; whether there was anything to fill in."""
        if not compile_condition(field.visible)(self.scope):
            return False
        needed = self._needed(field, self.scope)
        if path in self.fixed:
            value = self.fixed[path]
        elif needed or again or field.suggestions or self.random.random() < self.optional:
            value = self._value(field, self.scope, required=needed)
        else:
            return False
        if value is not MISSING:
            put(out, path, value)
            self.scope[path] = value
        return value is not MISSING

    def _needed(self, field: Field, scope: Scope) -> bool:
        if field.kind == "system":
            return True
        if any(c.kind == "required" and compile_condition(c.guard)(scope) for c in field.clauses):
            return True
        return bool(field.raw.get("x-open")) and not field.table

    def _value(self, field: Field, scope: Scope, *, required: bool) -> object:
        schema = self._limits(field, scope)
        offered = self._suggestion(field, scope)
        if offered is not MISSING and value_test(canonical(schema))(offered):
            return offered
        liked = self._liked(field, schema)
        for _ in range(40):
            value = self.random.choice(liked) if liked else draw(field, schema, self.random, self.today)
            if value is not MISSING and value_test(canonical(schema))(value):
                return value
        if required:
            raise FormEngineError(
                f"“{field.title}”（{field.path}）造不出符合 {canonical(schema)} 的样例，"
                "请在数据字典里加 examples 或 x-sample"
            )
        return MISSING

    def _liked(self, field: Field, schema: object) -> list[Any]:
        """What the scenario says its applicants answer: examples of its own, the codes of its industries."""
        scenario = self.form.scenario.raw
        own = scenario.get("x-industries", ()) if field.raw.get("x-codes") == "industry" else ()
        found = [*scenario.get("x-samples", {}).get(field.path, own)]
        return [value for value in found if value_test(canonical(schema))(value)]

    def _suggestion(self, field: Field, scope: Scope) -> object:
        if not field.suggestions or not (self.suggested or self.random.random() < TAKEN):
            return MISSING
        return field.suggestion(scope)

    def _limits(self, field: Field, scope: Scope) -> object:
        schemas = [c.schema for c in field.clauses if c.kind == "value" and compile_condition(c.guard)(scope)]
        unique = {canonical(s): s for s in [field.schema, *schemas]}
        try:
            return intersect(*unique.values())
        except MergeConflict:
            return False

    # -- tables ------------------------------------------------------------------------------------------------

    def _rows(self, field: Field, out: dict[str, Any]) -> None:
        if not compile_condition(field.visible)(self.scope):
            return
        if field.path in self.fixed:
            rows = [{"id": f"r{i + 1}", **row} for i, row in enumerate(self.fixed[field.path])]
        else:
            rows = self._new_rows(field)
        if rows:
            out[field.path] = rows
            self.scope[field.path] = [Cells(self.scope, field.path, place) for place, _ in enumerate(rows)]

    def _new_rows(self, field: Field) -> list[dict[str, Any]]:
        """Rows that make every demand on the table met, and a few more; none where none are needed."""
        demands = self._demands(field)
        least = max((minimum for _, minimum in demands), default=0)
        if not least and self.random.random() >= self.optional:
            return []
        count = max(least, 1) + self.random.randrange(3)
        limits = [c.maximum for c in self.form.clauses if c.kind == "rows" and c.path == field.path and c.where == TRUE]
        highest = min((limit for limit in limits if limit is not None), default=count)
        rows: list[dict[str, Any]] = [{"id": f"r{i + 1}"} for i in range(max(min(count, highest), least, 1))]
        met: dict[int, list[Cond]] = {}
        for where, minimum in sorted(demands, key=lambda demand: -len(str(demand[0]))):  # the choosy ones first
            for _ in range(minimum):
                self._place(field.path, where, rows, met)
        return rows

    def _place(self, table: str, where: Cond, rows: list[dict[str, Any]], met: dict[int, list[Cond]]) -> None:
        """Make one more row such as ``where`` selects, without spoiling what a row was already made for."""
        for index in range(len(rows) + 1):
            held = met.setdefault(index, [])
            if where in held:
                continue
            row = copy.deepcopy(rows[index]) if index < len(rows) else {"id": f"r{index + 1}"}
            self._force(where, row)
            scope = Cells(self.scope, table, index)
            scope.columns.update({f"{table}.{column}": value for column, value in row.items()})
            if index == len(rows) or all(compile_condition(one)(scope) for one in [where, *held]):
                rows[index : index + 1] = [row]
                held.append(where)
                return

    def _demands(self, field: Field) -> list[tuple[Cond, int]]:
        """``(which rows, how many)`` that the answers so far ask of a table."""
        found = []
        for clause in self.form.clauses:
            if clause.kind == "rows" and clause.path == field.path:
                asked = clause.where, clause.minimum
            elif clause.kind == "hold" and isinstance(clause.condition, Has) and clause.condition.path == field.path:
                asked = clause.condition.where, clause.condition.minimum
            else:
                continue
            if compile_condition(self._outer(clause.guard))(self.scope):
                found.append(asked)
        return found

    def _shrink(self, field: Field, answers: dict[str, Any]) -> bool:
        """Take out rows that a table has too many of, the last first; whether there were any."""
        rows, scopes, drop = answers.get(field.path, []), self.scope.get(field.path, []), set[int]()
        for clause in self.form.clauses if field.path not in self.fixed else ():
            if clause.kind != "rows" or clause.path != field.path or clause.maximum is None:
                continue
            if compile_condition(clause.guard)(self.scope):
                test = compile_condition(clause.where)
                drop.update([index for index, scope in enumerate(scopes) if test(scope)][clause.maximum :])
        drop.update(range(field.schema.get("maxItems", len(rows)), len(rows)))
        answers[field.path] = [row for index, row in enumerate(rows) if index not in drop]
        return bool(drop)

    def _grow(self, field: Field, answers: dict[str, Any]) -> None:
        """Add the rows that a table still lacks."""
        rows = answers.setdefault(field.path, [])
        scopes = self.scope.setdefault(field.path, [])
        for where, minimum in self._demands(field):
            test = compile_condition(where)
            for _ in range(minimum - sum(1 for scope in scopes if test(scope))):
                row: dict[str, Any] = {"id": f"r{len(rows) + 1}"}
                self._force(where, row)
                rows.append(row)
                scopes.append(Cells(self.scope, field.path, len(scopes)))
        for column in self.form.fields.values():
            if column.table == field.path:
                self._fill_column(column, answers)

    def _outer(self, guard: Cond) -> Cond:
        """A guard that asks for rows which are only now being made counts as met."""
        return all_of(TRUE if isinstance(part, Has) else part for part in parts_of(guard))

    def _force(self, where: Cond, row: dict[str, Any]) -> None:
        """Make a row one that the condition selects."""
        for part in sorted(parts_of(where), key=lambda one: '"enum"' in str(one)):  # what leaves a choice comes last
            if isinstance(part, AnyOf):
                self._force(part.parts[0], row)
            elif isinstance(part, Atom):
                column = name_of(part.path)
                schema = words_of(part.schema)
                if "contains" in schema:
                    wanted = schema["contains"].get("enum", [schema["contains"].get("const")])
                    if not set(wanted) & set(row.setdefault(column, [])):
                        row[column].append(wanted[0])
                elif "const" in schema or "enum" in schema:
                    row[column] = schema.get("const", schema.get("enum", [None])[0])

    def _fixed_cell(self, field: Field, row: dict[str, Any], column: str) -> bool:
        given = self.fixed.get(field.table or "", ())
        return any(g.get("id", f"r{i + 1}") == row.get("id") and column in g for i, g in enumerate(given))

    def _fill_column(self, field: Field, out: dict[str, Any], *, again: bool = False) -> None:
        rows = out.get(field.table or "")
        if not isinstance(rows, list):
            return
        column = name_of(field.path)
        for row, scope in zip(rows, self.scope[field.table], strict=True):
            self._fill_cell(field, column, row, scope, again)

    def _fill_cell(self, field: Field, column: str, row: dict[str, Any], scope: Cells, again: bool) -> None:
        if not compile_condition(field.visible)(scope):
            row.pop(column, None)
            return
        keep = column in row and (not again or isinstance(row[column], list) or self._fixed_cell(field, row, column))
        needed = self._needed(field, scope)
        if not keep and (needed or again or field.suggestions or self.random.random() < self.optional):
            value = self._value(field, scope, required=needed)
            if value is not MISSING:
                row[column] = value
        if column in row:
            scope.columns[field.path] = row[column]
