"""Looking at answers clause by clause: where the mistakes are, and who refuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..binding.base import Clause, Source
from ..conditions import TRUE, paths_of
from ..evaluate import compile_condition, value_test
from ..formats import named, unprintable
from ..judges import Failure, failures
from ..merging.form import MergedForm
from ..merging.plan import fact_problems
from ..merging.rules import Rule
from ..model import Filing, Issue
from ..paths import MISSING, keys_in, keys_of, pointer, subject_of
from ..rows import Scope
from .finding import RANK, Finding, Locator
from .gather import gathered
from .messages import type_name, verb_for, why_format
from .refusals import Refusals
from .resolve import Resolved
from .rules import Broken


class Inspection:
    """Looks at every clause on answers that something is wrong with."""

    def __init__(self, form: MergedForm, resolved: Resolved, filings: dict[str, Filing]) -> None:
        self.form, self.answers, self.resolved, self.filings = form, resolved.answers, resolved, filings
        self.at, self.lists = Locator(form, resolved), form.library.lists

    def issues(self, rules: list[Broken]) -> list[Issue]:
        """One issue per place, most telling first at that place, consequences marked."""
        findings = [*self._shapes(), *self._facts(), *self._clauses(), *self._characters(), *self._rules(rules)]
        refusals = Refusals(self.form, self.resolved, self.filings)
        findings += refusals.findings()
        findings += refusals.unexplained(findings)
        return gathered(self.form, findings)

    # -- what can be wrong -------------------------------------------------------------------------------------

    def _shapes(self) -> Iterator[Finding]:
        """Subjects that are not objects, lists that are not lists of objects."""
        heads = {keys_of(path)[0]: None for path, f in self.form.fields.items() if f.kind != "list" and not f.table}
        for head in heads:
            value = self.answers.get(head, MISSING)
            if value is not MISSING and not isinstance(value, dict):
                yield self._shape(pointer(head), head, "object")
            elif head == "own" and isinstance(value, dict):
                for name, inner in value.items():
                    if name in self.form.forms and not isinstance(inner, dict):
                        yield self._shape(pointer("own", name), f"own.{name}", "object")
        for name, one in self.form.fields.items():
            if one.kind == "list" and name in self.resolved.stored:
                yield from self._list_shape(name, self.answers[name])

    def _list_shape(self, name: str, rows: object) -> Iterator[Finding]:
        if not isinstance(rows, list):
            yield self._shape(pointer(name), name, "array")
            return
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                yield self._shape(pointer(name, index), name, "object")
            elif "id" in row and (not isinstance(row["id"], str) or not 1 <= len(row["id"]) <= 64):
                yield self._shape(pointer(name, index, "id"), name, "string")

    def _shape(self, where: str, path: str, kind: str) -> Finding:
        title = self.at.title(path)
        params = {"title": title, "wanted": type_name(kind)}
        return Finding(where, path, "type", params, Source("", title, path, "element"), frozenset(), rank=-1)

    def _facts(self) -> Iterator[Finding]:
        """Facts that the scenario does not take at all."""
        given = self.answers.get("facts", {})
        for where, text in fact_problems(self.form.library, self.form.scenario, given):
            name = keys_in(where)[-1]
            if f"facts.{name}" not in self.form.fields:
                source = Source("", name, f"facts.{name}", "scenario")
                yield Finding(where, f"facts.{name}", "facts", {"title": name}, source, frozenset(), text)

    def _characters(self) -> Iterator[Finding]:
        """Characters that cannot be printed."""
        for place, text in self.resolved.texts():
            odd = unprintable(text)
            if odd:
                title = self.at.part_title(place.path, list(place.keys)) or self.at.title(place.path)
                params = {"title": title, "which": named(odd)}
                source = Source("", title, place.path, "element")
                rank = RANK["characters"]
                yield Finding(place.pointer, place.path, "characters", params, source, frozenset(), rank=rank)

    def _clauses(self) -> Iterator[Finding]:
        for clause in self.form.clauses:
            name = self._row_list(clause)
            if name:
                for row in self.resolved.rows.get(name, ()):
                    if compile_condition(clause.guard)(row.stored):
                        yield from self._one(clause, row.stored, row.index)
            elif compile_condition(clause.guard)(self.resolved.stored):
                yield from self._one(clause, self.resolved.stored, None)

    def _row_list(self, clause: Clause) -> str:
        if clause.kind in ("value", "required", "residual"):
            known = self.form.fields.get(clause.path)
            return known.table or "" if known else ""
        return clause.path if clause.kind == "hold" and clause.path in self.lists else ""

    def _one(self, clause: Clause, scope: Scope, index: int | None) -> Iterator[Finding]:
        if clause.kind == "value":
            value = self._value(clause.path, scope)
            if value is not MISSING and not value_test(clause.text)(value):
                yield from self._failures(clause, value, index)
            return
        if clause.kind == "required" and self._value(clause.path, scope) is not MISSING:
            return
        reads = self.at.pointers(clause.guard, index)
        where = self.at.pointer(clause.path, index)
        if clause.kind == "required":
            if self._value(clause.path, scope) is MISSING:
                known = self.form.fields.get(clause.path)
                asked = self.at.pointers(known.when, index) if known else frozenset()
                yield self._finding(clause, where, "required", {}, reads | asked)
        elif clause.kind == "rows":
            yield from self._count(clause, where, reads)
        elif clause.kind == "hold" and not compile_condition(clause.condition)(scope):
            yield from self._hold(clause, index, reads)

    def _value(self, path: str, scope: Scope) -> object:
        if path in self.lists:
            value = self.answers.get(path, MISSING) if path in self.resolved.stored else MISSING
            return value
        return scope.get(path, MISSING)

    def _count(self, clause: Clause, where: str, reads: frozenset[str]) -> Iterator[Finding]:
        rows = self.resolved.rows.get(clause.path, [])
        test = compile_condition(clause.where)
        chosen = [row for row in rows if test(row.stored)]
        columns = set(paths_of(clause.where))
        inner = frozenset(self.at.pointer(path, row.index) for path in columns for row in rows)
        extra = {"where": self._selection(clause)}
        if len(chosen) < clause.minimum:
            yield self._finding(clause, where, "min_rows", {"limit": clause.minimum, **extra}, reads | inner)
        elif clause.maximum is not None and len(chosen) > clause.maximum:
            yield self._finding(clause, where, "max_rows", {"limit": clause.maximum, **extra}, reads | inner)

    def _selection(self, clause: Clause) -> str:
        return "" if clause.where == TRUE else f"“{clause.source.label}”"

    def _hold(self, clause: Clause, index: int | None, reads: frozenset[str]) -> Iterator[Finding]:
        paths = [p for p in dict.fromkeys(paths_of(clause.condition)) if p in self.form.fields]
        plain = [p for p in paths if index is not None or not self.at.is_column(p)]
        path = next((p for p in plain if self._absent(p, index)), plain[0] if plain else clause.path)
        named = [p for p in paths if p == path or not self.at.is_column(path)]
        params = {"title": "”“".join(self.at.title(p) for p in named[:4]) or clause.source.label}
        read = self.at.pointers(clause.condition, index)
        code = "facts" if clause.source.kind == "scenario" else "hold"
        found = self._finding(clause, self.at.pointer(path, index), code, params, reads | read)
        yield replace(found, path=path)

    def _absent(self, path: str, index: int | None) -> bool:
        known = self.form.fields[path]
        if known.table and index is not None:
            return path not in self.resolved.rows[known.table][index].stored.columns
        return path not in self.resolved.stored

    def _rules(self, rules: Iterable[Broken]) -> Iterator[Finding]:
        for rule, rows in rules:
            text = f"{rule.message}（依据：{rule.basis}）" if rule.basis else rule.message
            column = self.at.is_column(rule.path)
            places: list[tuple[str, int | None]] = [(rule.cell, row) for row in rows]
            places = places or [(rule.path, 0) if column else (self.at.asked_at(rule.path), None)]
            everywhere = frozenset(p for path in rule.reads for p in self.at.all_pointers(path))
            for path, row in places:
                where = self.at.pointer(path, row)
                reads = self._row_reads(rule, row) if rows and row is not None else everywhere
                yield Finding(where, path, f"rule:{rule.id}", {}, rule.source, reads - {where}, text, rank=50)

    def _row_reads(self, rule: Rule, row: int) -> frozenset[str]:
        """What a rule about each row reads for one of them: its own columns, and what stands outside the list."""
        table = subject_of(rule.cell) + "."
        paths = [path for path in rule.reads if path != table[:-1]]
        own = {self.at.pointer(path, row) for path in paths if path.startswith(table)}
        return frozenset(own.union(*(self.at.all_pointers(path) for path in paths if not path.startswith(table))))

    # -- failures of one value ---------------------------------------------------------------------------------

    def _failures(self, clause: Clause, value: object, index: int | None) -> Iterator[Finding]:
        reads, where = self.at.pointers(clause.guard, index), self.at.pointer(clause.path, index)
        for failure in failures(clause.text, value):
            yield self._failure(clause, where, reads, failure)

    def _failure(self, clause: Clause, where: str, reads: frozenset[str], failure: Failure) -> Finding:
        path = list(failure.keys)
        params: dict[str, Any] = {} if failure.keyword == "required" else {"limit": failure.limit}
        code = _telling(clause, failure, params)
        either = _either(clause.schema) if failure.keyword == "anyOf" and not path else []
        if either:
            names = [self.at.part_title(clause.path, [part]) or part for part in either]
            code, path, params = "either", either[:1], {"parts": "”“".join(names)}
        found = self._finding(clause, where + pointer(*path), code, params, reads)
        named = self.at.part_title(clause.path, path)
        return replace(found, params={**found.params, "title": named}) if named else found

    def _finding(self, clause: Clause, where: str, code: str, params: dict[str, Any], reads: frozenset[str]) -> Finding:
        known = self.form.fields.get(clause.path)
        unit = str(known.raw.get("x-unit", "")) if known else ""
        title = known.title if known else clause.source.label
        if known is not None and known.kind == "fact" and clause.source.kind == "scenario" and code != "required":
            code = "facts" if code == "const" or clause.schema != known.schema else code
        hint = str(known.raw.get("description", "")) if known else ""
        full = {"title": title, "unit": unit, "verb": verb_for(known), "hint": f"：{hint}" if hint else "", **params}
        return Finding(where, clause.path, code, full, clause.source, reads - {where}, rank=RANK.get(code, 40))


def _either(schema: object) -> list[str]:
    """The parts of which one has to be there, where that is all that an ``anyOf`` says."""
    options = schema.get("anyOf", ()) if isinstance(schema, dict) else ()
    plain = all(isinstance(one, dict) and set(one) == {"required"} and len(one["required"]) == 1 for one in options)
    return [one["required"][0] for one in options] if plain else []


def _telling(clause: Clause, failure: Failure, params: dict[str, Any]) -> str:
    """A more telling code than the keyword's where there is one, with its parameters."""
    code, limit, value = failure.keyword, failure.limit, failure.value
    if code == "format":
        params["why"] = why_format(str(limit), value)
    elif code == "type":
        params["wanted"] = type_name(limit)
    elif code == "const":
        params["wanted"] = "是" if limit is True else limit
        return "declaration" if limit is True and clause.path.startswith("own.") else code
    elif code == "minLength" and limit == 1:
        return "blank"
    elif code == "maxLength":
        params["actual"] = len(value)
    return code
