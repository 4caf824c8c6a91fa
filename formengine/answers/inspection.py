"""Looking at answers clause by clause: where the mistakes are, who refuses, and what follows from what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..binding.base import Clause, Source
from ..binding.bound import BoundForm
from ..binding.composed import Choose, Rows
from ..conditions import TRUE, Cond, compile_condition, paths_of, value_test
from ..formats import named, unprintable
from ..judges import Failure, failures, failures_of
from ..merging.form import MergedForm
from ..merging.plan import fact_problems
from ..merging.rules import Rule, origins
from ..model import Filing, Issue
from ..paths import MISSING, Place, holders, keys_in, keys_of, pointer, subject_of
from .messages import sentence, type_name, verb_for, why_format
from .resolve import Resolved
from .rules import Broken

_Reads = set[tuple[str, bool]]
MANY = 100
"""A list of more rows is one place where something depends on all of them."""


@dataclass
class _Finding:
    """One failure: where, what, who refuses, and the pointers that the refusal depends on."""

    pointer: str
    path: str
    code: str
    params: dict[str, Any]
    source: Source
    reads: frozenset[str]
    message: str = ""
    rank: int = 0
    weak: bool = False
    departments: list[Source] = field(default_factory=list)


class Inspection:
    """Looks at every clause on answers that something is wrong with."""

    def __init__(self, form: MergedForm, answers: Any, resolved: Resolved, filings: dict[str, Filing]) -> None:
        self.form, self.answers, self.resolved, self.filings = form, answers, resolved, filings
        self.lists = form.library.lists
        self.behind: dict[tuple[str, str, str], _Reads] = {}
        self.places: dict[tuple[str, str], list[int]] = {}

    def issues(self, rules: list[Broken]) -> list[Issue]:
        """One issue per place, most telling first at that place, consequences marked."""
        findings = [*self._shapes(), *self._facts(), *self._clauses(), *self._characters(), *self._rules(rules)]
        findings += self._departments()
        findings += self._unexplained(findings)
        return self._gather(findings)

    # -- what can be wrong -------------------------------------------------------------------------------------

    def _shapes(self) -> Iterator[_Finding]:
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

    def _list_shape(self, name: str, rows: Any) -> Iterator[_Finding]:
        if not isinstance(rows, list):
            yield self._shape(pointer(name), name, "array")
            return
        for index, row in enumerate(rows):
            if not isinstance(row, dict):
                yield self._shape(pointer(name, index), name, "object")
            elif "id" in row and (not isinstance(row["id"], str) or not 1 <= len(row["id"]) <= 64):
                yield self._shape(pointer(name, index, "id"), name, "string")

    def _shape(self, where: str, path: str, kind: str) -> _Finding:
        title = self._title(path)
        params = {"title": title, "wanted": type_name(kind)}
        return _Finding(where, path, "type", params, Source("", title, path, "element"), frozenset(), rank=-1)

    def _facts(self) -> Iterator[_Finding]:
        """Facts that the scenario does not take at all."""
        given = self.answers.get("facts", {})
        for where, text in fact_problems(self.form.library, self.form.scenario, given):
            name = keys_in(where)[-1]
            if f"facts.{name}" not in self.form.fields:
                source = Source("", name, f"facts.{name}", "scenario")
                yield _Finding(where, f"facts.{name}", "facts", {"title": name}, source, frozenset(), text)

    def _characters(self) -> Iterator[_Finding]:
        """Characters that cannot be printed."""
        for place, text in self.resolved.texts():
            odd = unprintable(text)
            if odd:
                title = self._part_title(place.path, list(place.keys)) or self._title(place.path)
                params = {"title": title, "which": named(odd)}
                source = Source("", title, place.path, "element")
                rank = _RANK["characters"]
                yield _Finding(place.pointer, place.path, "characters", params, source, frozenset(), rank=rank)

    def _clauses(self) -> Iterator[_Finding]:
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

    def _one(self, clause: Clause, scope: Any, index: int | None) -> Iterator[_Finding]:
        if clause.kind == "value":
            value = self._value(clause.path, scope)
            if value is not MISSING and not value_test(clause.text)(value):
                yield from self._failures(clause, value, index)
            return
        if clause.kind == "required" and self._value(clause.path, scope) is not MISSING:
            return
        reads = self._pointers(clause.guard, index)
        where = self._pointer(clause.path, index)
        if clause.kind == "required":
            if self._value(clause.path, scope) is MISSING:
                known = self.form.fields.get(clause.path)
                asked = self._pointers(known.when, index) if known else frozenset()
                yield self._finding(clause, where, "required", {}, reads | asked)
        elif clause.kind == "rows":
            yield from self._count(clause, where, reads)
        elif clause.kind == "hold" and not compile_condition(clause.condition)(scope):
            yield from self._hold(clause, index, reads)

    def _value(self, path: str, scope: Any) -> Any:
        if path in self.lists:
            value = self.answers.get(path, MISSING) if path in self.resolved.stored else MISSING
            return value
        return scope.get(path, MISSING)

    def _count(self, clause: Clause, where: str, reads: frozenset[str]) -> Iterator[_Finding]:
        rows = self.resolved.rows.get(clause.path, [])
        test = compile_condition(clause.where)
        chosen = [row for row in rows if test(row.stored)]
        columns = set(paths_of(clause.where))
        inner = frozenset(self._pointer(path, row.index) for path in columns for row in rows)
        extra = {"where": self._selection(clause)}
        if len(chosen) < clause.minimum:
            yield self._finding(clause, where, "min_rows", {"limit": clause.minimum, **extra}, reads | inner)
        elif clause.maximum is not None and len(chosen) > clause.maximum:
            yield self._finding(clause, where, "max_rows", {"limit": clause.maximum, **extra}, reads | inner)

    def _selection(self, clause: Clause) -> str:
        return "" if clause.where == TRUE else f"“{clause.source.label}”"

    def _hold(self, clause: Clause, index: int | None, reads: frozenset[str]) -> Iterator[_Finding]:
        paths = [p for p in dict.fromkeys(paths_of(clause.condition)) if p in self.form.fields]
        plain = [p for p in paths if index is not None or not self._is_column(p)]
        path = next((p for p in plain if self._absent(p, index)), plain[0] if plain else clause.path)
        named = [p for p in paths if p == path or not self._is_column(path)]
        params = {"title": "”“".join(self._title(p) for p in named[:4]) or clause.source.label}
        read = self._pointers(clause.condition, index)
        code = "facts" if clause.source.kind == "scenario" else "hold"
        found = self._finding(clause, self._pointer(path, index), code, params, reads | read)
        yield replace(found, path=path)

    def _absent(self, path: str, index: int | None) -> bool:
        known = self.form.fields[path]
        if known.table and index is not None:
            return path not in self.resolved.rows[known.table][index].stored.columns
        return path not in self.resolved.stored

    def _rules(self, rules: Iterable[Broken]) -> Iterator[_Finding]:
        for rule, rows in rules:
            text = f"{rule.message}（依据：{rule.basis}）" if rule.basis else rule.message
            column = self._is_column(rule.path)
            places: list[tuple[str, int | None]] = [(rule.cell, row) for row in rows]
            places = places or [(rule.path, 0) if column else (self._asked_at(rule.path), None)]
            everywhere = frozenset(p for path in rule.reads for p in self._all_pointers(path))
            for path, row in places:
                where = self._pointer(path, row)
                reads = self._row_reads(rule, row) if rows and row is not None else everywhere
                yield _Finding(where, path, f"rule:{rule.id}", {}, rule.source, reads - {where}, text, rank=50)

    def _row_reads(self, rule: Rule, row: int) -> frozenset[str]:
        """What a rule about each row reads for one of them: its own columns, and what stands outside the list."""
        table = subject_of(rule.cell) + "."
        paths = [path for path in rule.reads if path != table[:-1]]
        own = {self._pointer(path, row) for path in paths if path.startswith(table)}
        return frozenset(own.union(*(self._all_pointers(path) for path in paths if not path.startswith(table))))

    def _departments(self) -> Iterator[_Finding]:
        """What a department's own schema still refuses in its filing: limits that no clause over answers says."""
        for one in self._refusing():
            yield from self._refusals(one, self.filings[one.form.id].values)

    def _refusing(self) -> Iterator[BoundForm]:
        """The forms whose own schema refuses their filing."""
        for one in self.form.bound:
            if not self.form.department_validators[one.form.id].is_valid(self.filings[one.form.id].values):
                yield one

    def _unexplained(self, findings: list[_Finding]) -> Iterator[_Finding]:
        """A department that refuses, and nothing found says why: that is a mistake of its own, never silence."""
        for one in self._refusing():
            if not any(f.source.form in ("", one.form.id) for f in findings):
                source = Source(one.form.id, one.form.title)
                yield _Finding("", "", "unexplained_form", {"form": one.form.title}, source, frozenset(), rank=99)

    def _refusals(self, one: BoundForm, values: dict[str, Any]) -> Iterator[_Finding]:
        for failure in failures_of(self.form.department_validators[one.form.id], values):
            code, column, index = _field_of(failure)
            if code not in one.bindings:
                continue
            found = self._refusal(one, code, column, index, failure)
            if found is not None:
                yield found

    def _refusal(self, one: BoundForm, code: str, column: str, index: int | None, failure: Failure) -> _Finding | None:
        binding, row, table = one.bindings[code], None, ""
        node = one.form.raw["properties"][code]
        if isinstance(binding, Rows) and column:
            table = binding.table
            ids = self._places(one, code)
            row = ids[index] if index is not None and index < len(ids) else None
            inner = dict(binding.columns).get(column)
            if inner is None:
                return None
            node, binding = node["items"]["properties"][column], inner
        anchor = self._asked_at(binding.anchor())
        label = str(node.get("title", code))
        known = self.form.fields.get(anchor)
        place = row if known is not None and known.table else None
        if known is not None and known.table and place is None:
            place = 0
        where = self._pointer(anchor, place)
        reads: set[str] = set()
        for path, all_rows in self._origins(one, code, column, binding, table):
            reads |= self._all_pointers(path) if all_rows or row is None else {self._pointer(path, row)}
        params = {
            "title": self._title(anchor),
            "form": one.form.title,
            "label": label,
            "detail": _detail(failure),
        }
        source = Source(one.form.id, label, code)
        return _Finding(where, anchor, "residual", params, source, frozenset(reads - {where}), rank=90, weak=True)

    def _origins(self, one: BoundForm, code: str, column: str, binding: Any, table: str) -> _Reads:
        """Every path that a department's value rests on, worked out once for each of its fields."""
        key = (one.form.id, code, column)
        if key not in self.behind:
            paths = [*origins(binding), *self._deciders(one, code, binding)]
            self.behind[key] = {read for path in paths for read in self._behind_path(path, table)}
        return self.behind[key]

    def _deciders(self, one: BoundForm, code: str, binding: Any) -> set[str]:
        return set(paths_of(one.visible.get(code, TRUE))) | (binding.guards() if isinstance(binding, Choose) else set())

    def _behind_path(self, path: str, table: str, all_rows: bool = False, seen: frozenset[str] = frozenset()) -> _Reads:
        """A path and everything that it is computed from, or that decides about it, however far back; with each,
        whether it is read in every row of the table, because something outside the table reads it."""
        known = self.form.fields.get(path)
        all_rows = all_rows or not path.startswith(table + ".")
        if known is None or path in seen:
            return {(path, all_rows)}
        nearer = set(paths_of(known.when))
        for reach, derivation in known.derivations:
            nearer |= set(paths_of(reach)) | set(derivation.sources)
        return {(path, all_rows)}.union(*(self._behind_path(p, table, all_rows, seen | {path}) for p in nearer))

    def _places(self, one: BoundForm, code: str) -> list[int]:
        """The places, in the shared list, of the rows that a table selects."""
        binding, key = one.bindings[code], (one.form.id, code)
        assert isinstance(binding, Rows)
        if key not in self.places:
            self.places[key] = [row.place for row in binding.selected(self.resolved.values)]
        return self.places[key]

    # -- failures of one value ---------------------------------------------------------------------------------

    def _failures(self, clause: Clause, value: Any, index: int | None) -> Iterator[_Finding]:
        reads, where = self._pointers(clause.guard, index), self._pointer(clause.path, index)
        for failure in failures(clause.text, value):
            yield self._failure(clause, where, reads, failure)

    def _failure(self, clause: Clause, where: str, reads: frozenset[str], failure: Failure) -> _Finding:
        path = list(failure.keys)
        params: dict[str, Any] = {} if failure.keyword == "required" else {"limit": failure.limit}
        code = _telling(clause, failure, params)
        either = _either(clause.schema) if failure.keyword == "anyOf" and not path else []
        if either:
            names = [self._part_title(clause.path, [part]) or part for part in either]
            code, path, params = "either", either[:1], {"parts": "”“".join(names)}
        found = self._finding(clause, where + pointer(*path), code, params, reads)
        named = self._part_title(clause.path, path)
        return replace(found, params={**found.params, "title": named}) if named else found

    def _part_title(self, path: str, keys: list[Any]) -> str:
        known = self.form.fields.get(path)
        parts = known.raw.get("properties", {}) if known else {}
        return str(parts[keys[0]].get("title", keys[0])) if keys and keys[0] in parts else ""

    def _finding(
        self, clause: Clause, where: str, code: str, params: dict[str, Any], reads: frozenset[str]
    ) -> _Finding:
        known = self.form.fields.get(clause.path)
        unit = str(known.raw.get("x-unit", "")) if known else ""
        title = known.title if known else clause.source.label
        if known is not None and known.kind == "fact" and clause.source.kind == "scenario" and code != "required":
            code = "facts" if code == "const" or clause.schema != known.schema else code
        hint = str(known.raw.get("description", "")) if known else ""
        full = {"title": title, "unit": unit, "verb": verb_for(known), "hint": f"：{hint}" if hint else "", **params}
        return _Finding(where, clause.path, code, full, clause.source, reads - {where}, rank=_RANK.get(code, 40))

    # -- pointers ----------------------------------------------------------------------------------------------

    def _is_column(self, path: str) -> bool:
        known = self.form.fields.get(path)
        return bool(known and known.table)

    def _pointer(self, path: str, index: int | None) -> str:
        if self._is_column(path):
            return pointer(subject_of(path)) if index is None else Place(path, index).pointer
        return Place(path).pointer

    def _pointers(self, cond: Cond, index: int | None) -> frozenset[str]:
        found: set[str] = set()
        for path in paths_of(cond):
            if self._is_column(path) and index is not None:
                found.add(self._pointer(path, index))
            else:
                found |= self._all_pointers(path)
        return frozenset(found)

    def _asked_at(self, path: str) -> str:
        """Where a value outside tables can be changed: itself, or what it is computed from for these answers."""
        seen: set[str] = set()
        while (known := self.form.fields.get(path)) is not None and not known.table and path not in seen:
            seen.add(path)
            path = next(iter(known.sources_now(self.resolved.stored)), path)
        return path

    def _all_pointers(self, path: str) -> set[str]:
        """Every place of a path: each row for a column, of a long list the list itself."""
        if not self._is_column(path):
            return {self._pointer(path, None)}
        name = subject_of(path)
        count = len(self.resolved.rows.get(name, ()))
        return {pointer(name)} if count > MANY else {self._pointer(path, i) for i in range(count)}

    def _title(self, path: str) -> str:
        known = self.form.fields.get(path)
        if known is not None:
            return known.title
        subject = self.form.library.subjects.get(path)
        return subject.title if subject else path

    # -- gathering ---------------------------------------------------------------------------------------------

    def _gather(self, findings: list[_Finding]) -> list[Issue]:
        places: dict[str, list[_Finding]] = {}
        for found in findings:
            places.setdefault(found.pointer, []).append(found)
        strong = {where for where, group in places.items() if any(not f.weak for f in group)}
        named = _Places(dict.fromkeys(strong, True))
        kept = {w: g for w, g in places.items() if w in strong or not self._follows(g, named)}
        order = {path: i for i, path in enumerate(self.form.fields)}
        causes = self._causes(kept)
        issues = [(self._sort_key(order, group), self._issue(where, group, causes)) for where, group in kept.items()]
        return [issue for _, issue in sorted(issues, key=lambda item: item[0])]

    def _causes(self, places: dict[str, list[_Finding]]) -> dict[str, str | None]:
        """For each place the first mistake in the chain that leads to it; None where it stands on its own."""
        known = _Places({where: any(f.code == "type" for f in group) for where, group in places.items()})
        direct = {where: self._cause(where, group, known) for where, group in places.items()}
        roots: dict[str, str | None] = {}
        for where in places:
            seen, at = {where}, direct[where]
            while at is not None and direct[at] is not None and at not in seen:
                seen.add(at)
                at = direct[at]
            roots[where] = None if at in (None, where) else at
        return roots

    def _follows(self, group: list[_Finding], strong: _Places) -> bool:
        """A department's refusal that a named mistake already explains needs no line of its own."""
        return strong.touched(read for f in group for read in (*f.reads, f.pointer)) is not None

    def _sort_key(self, order: dict[str, int], group: list[_Finding]) -> tuple[int, str]:
        return min(order.get(f.path, len(order)) for f in group), group[0].pointer

    def _issue(self, where: str, group: list[_Finding], causes: dict[str, str | None]) -> Issue:
        group = sorted(group, key=lambda f: (f.weak, f.rank))
        first = group[0]
        message = first.message or sentence(first.code, first.params)
        params = {k: v for k, v in first.params.items() if isinstance(v, str | int | float)}
        departments = self._who([f.source for f in group if f.code == first.code or not f.weak])
        return Issue(where, first.path, first.code, message, tuple(departments), causes[where], params)

    def _cause(self, where: str, group: list[_Finding], places: _Places) -> str | None:
        """Another mistake that every refusal at this place depends on."""
        strong = [f for f in group if not f.weak] or group
        touched = [places.touched(f.reads, where) for f in strong]
        return touched[0] if all(touched) else None

    def _who(self, sources: list[Source]) -> list[dict[str, str]]:
        """Who is behind a refusal; for the dictionary's and the scenario's own limits, whoever uses the value."""
        found: dict[tuple[str, str], dict[str, str]] = {}
        for source in sources:
            for one in self._behind(source):
                form = self.form.library.forms.get(one.form)
                if form is not None:
                    name = form.department.get("title", "")
                    found[one.form, one.label] = {"form": one.form, "department": name, "label": one.label}
        return list(found.values())

    def _behind(self, source: Source) -> Iterable[Source]:
        if source.form:
            return [source]
        known = self.form.fields.get(source.code)
        if known is not None and known.sources:
            return known.sources
        if known is not None and known.consumers:
            return [Source(name, known.title) for name in self.form.forms if name in known.consumers]
        return [Source(name, source.label) for name in self.form.forms]


_RANK = {
    "required": 0,
    "type": 1,
    "blank": 2,
    "enum": 3,
    "const": 3,
    "characters": 4,
    "format": 5,
    "declaration": 3,
    "min_rows": 6,
}


class _Places:
    """Where mistakes are; finds those that a value depends on without looking at each of them.

    A read touches a mistake about the same value or a part of it, and, where the mistake is that something is no object
    or list at all (``whole``), one about what holds it.
    """

    def __init__(self, places: dict[str, bool]) -> None:
        self.whole = {place for place, whole in places.items() if whole}
        self.least: dict[str, list[str]] = {}
        for place in places:
            for holder in (place, *holders(place)):
                known = self.least.setdefault(holder, [])
                known.append(place)
                known.sort()
                del known[2:]

    def touched(self, reads: Iterable[str], but: str = "") -> str | None:
        """The first mistake, by pointer, that one of the reads depends on, itself excepted."""
        found = [place for read in reads for place in self._near(read) if place != but]
        return min(found, default=None)

    def _near(self, read: str) -> Iterator[str]:
        yield from self.least.get(read, ())
        yield from (holder for holder in holders(read) if holder in self.whole)


def _either(schema: Any) -> list[str]:
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


def _field_of(failure: Failure) -> tuple[str, str, int | None]:
    """The department's field a failure is about: ``(code, column, row)``."""
    path = failure.keys
    code = str(path[0]) if path else ""
    index = path[1] if len(path) > 1 and isinstance(path[1], int) else None
    column = str(path[2]) if len(path) > 2 and index is not None else ""
    return code, column, index


def _detail(failure: Failure) -> str:
    texts = {
        "maxLength": f"不能超过 {failure.limit} 个字",
        "minLength": f"不能少于 {failure.limit} 个字",
        "maximum": f"不能大于 {failure.limit}",
        "minimum": f"不能小于 {failure.limit}",
        "required": "不能为空",
    }
    return texts.get(failure.keyword, "不符合该表的限制")
