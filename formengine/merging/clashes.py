"""Looking for limits that exclude each other: on one value, on rows, on lines made of parts, among conditions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from ..algebra.prove import empty
from ..binding.base import Clause, Source
from ..binding.bindings import Element, Unit
from ..binding.composed import Join
from ..conditions import (
    FALSE,
    TRUE,
    Atom,
    Cond,
    Has,
    Not,
    all_of,
    canonical,
    negate,
    parts_of,
    paths_of,
    plain_paths,
    present,
    rewrite,
    split_guard,
    typed,
)
from ..errors import MergeConflict
from ..rules.parsing import comparisons_of
from .assemble import print_condition
from .field import Field
from .form import MergedForm
from .limits import (
    Clash,
    Limit,
    as_decimal,
    conflict_of,
    conjoined,
    culprits,
    named_conflict,
    party_name,
    same_value,
    text_lengths,
)
from .standing_alone import with_patterns


class Finder:
    def __init__(self, form: MergedForm) -> None:
        self.form = form
        self.extra: dict[str, list[Limit]] = {}
        for path, limit in [*self._units(), *self._compared()]:
            self.extra.setdefault(path, []).append(limit)

    # -- limits on one value -----------------------------------------------------------------------------------

    def values(self, field: Field) -> Iterator[Clash]:
        """Clashes among the limits on one value; for each party one."""
        limits = [
            Limit(c.guard, with_patterns(c.schema), c.source, c.schema) for c in field.clauses if c.kind == "value"
        ]
        limits += self.extra.get(field.path, [])
        yield from self._among(field, limits)
        for computed in self._computed(field):
            yield from self._among(field, computed)

    def _among(self, field: Field, limits: list[Limit]) -> Iterator[Clash]:
        always = [one for one in limits if one.guard == TRUE]
        found = self._clash(field, always, TRUE)
        if found is not None:
            yield found
            return
        seen: set[tuple[Source, ...]] = set()
        for guard, together in self._meeting(field, limits, always):
            clash = self._clash(field, together, guard)
            if clash is not None and clash.sources not in seen:
                seen.add(clash.sources)
                yield clash

    def _meeting(self, field: Field, limits: list[Limit], always: list[Limit]) -> Iterator[tuple[Cond, list[Limit]]]:
        """Sets of limits that hold at the same time, each with its guard: those of one guard, then of two."""
        guards = list(dict.fromkeys(one.guard for one in limits if one.guard != TRUE))
        by_guard = {guard: [one for one in limits if one.guard == guard] for guard in guards}
        for guard in guards:
            yield guard, [*always, *by_guard[guard]]
        for left, right in combinations(guards, 2):
            both = all_of([left, right])
            if both != FALSE and self._new(by_guard[left], by_guard[right]):
                yield both, [*always, *by_guard[left], *by_guard[right]]

    def _new(self, left: list[Limit], right: list[Limit]) -> bool:
        """Whether two sets of limits say different things: the same limits twice need no look."""
        texts = [{canonical(one.schema) for one in side} for side in (left, right)]
        return not (texts[0] <= texts[1] or texts[1] <= texts[0])

    def _clash(self, field: Field, limits: list[Limit], guard: Cond) -> Clash | None:
        conflict = conflict_of([one.schema for one in limits])
        if conflict is None:
            return None
        settled = TRUE if guard == TRUE else self.settled(guard)
        if settled == FALSE:
            return None
        left, right, conflict = culprits(limits, conflict, with_patterns(field.schema))
        sources = tuple(dict.fromkeys([left.source, right.source]))
        return Clash(field.path, sources, guard, named_conflict(self.form, field, left, right, conflict))

    def settled(self, guard: Cond) -> Cond:
        """A guard, or FALSE where no answers of the right types satisfy it."""
        typed = rewrite(guard, self._typed)
        if typed == FALSE or self._contradicts_itself(typed):
            return FALSE
        tables = {f.table for p in paths_of(guard) if (f := self.form.fields.get(p)) and f.table}
        names = [name for name in tables if name and any(p.startswith(name + ".") for p in plain_paths(guard))]
        if len(names) > 1:
            return guard
        for outside, inside in split_guard(typed, names[0] if names else ""):
            if names and empty(print_condition(inside, names[0])) is True:
                continue
            if empty(print_condition(outside)) is not True:
                return guard
        return FALSE

    def _contradicts_itself(self, guard: Cond) -> bool:
        """Whether what a guard says of one value no value of its field satisfies."""
        told: dict[str, list[Any]] = {}
        parts = parts_of(guard)
        for part in parts:
            if isinstance(part, Atom):
                told.setdefault(part.path, []).append(part.schema)
        for part in parts:
            if isinstance(part, Not) and isinstance(part.part, Atom) and part.part.path in told:
                told[part.part.path].append({"not": part.part.schema})
        return any(
            conflict_of([*schemas, self.form.fields[path].schema]) is not None
            for path, schemas in told.items()
            if path in self.form.fields
        )

    def _typed(self, node: Atom) -> Cond:
        """A condition on a number with its type said, so that ranges can be told apart."""
        field = self.form.fields.get(node.path)
        return typed(node, field.schema.get("type") if field is not None and isinstance(field.schema, dict) else None)

    # -- limits that are written in another way ----------------------------------------------------------------

    def _units(self) -> Iterator[tuple[str, Limit]]:
        """Limits in another unit, as ranges of the element: of decimal texts no schema says them."""
        for clause in self.form.clauses:
            if clause.kind == "residual" and isinstance(clause.binding, Unit):
                found = clause.binding.range_of(clause.schema)
                if found:
                    yield clause.path, Limit(clause.guard, as_decimal(found), clause.source, clause.schema)

    def _compared(self) -> Iterator[tuple[str, Limit]]:
        """Rules that only compare fields with numbers, as ranges."""
        for one in self.form.bound:
            for rule in one.form.rules:
                for code, schema in comparisons_of(rule["rule"]):
                    binding = one.bindings.get(code)
                    if isinstance(binding, Element) and not binding.inner and binding.path in self.form.fields:
                        shown = one.visible.get(code, TRUE)
                        label = str(one.form.raw["properties"][code].get("title", code))
                        field = self.form.fields[binding.path]
                        text = isinstance(field.schema, dict) and field.schema.get("type") == "string"
                        limit = as_decimal(schema) if text else schema
                        yield binding.path, Limit(shown, limit, Source(one.form.id, label, code, "rule"), schema)

    def _computed(self, field: Field) -> Iterator[list[Limit]]:
        """Limits on values that are computed from this field's: those on one computed value belong together."""
        groups: dict[Any, list[Limit]] = {}
        for clause in self.form.clauses:
            if clause.kind != "residual" or clause.path != field.path or clause.binding is None:
                continue
            key = same_value(clause.binding)
            if key is not None:
                limit = Limit(clause.guard, with_patterns(clause.schema), clause.source, clause.schema)
                groups.setdefault(key, []).append(limit)
        for key, limits in groups.items():
            yield [*limits, *self._own_range(key)]

    def _own_range(self, key: Any) -> Iterator[Limit]:
        """What a computed value can be at all: the element's own schema, what its function gives, how many rows."""
        path, functions = key
        field = self.form.fields.get(path) if isinstance(path, str) else None
        if field is not None:
            source = Source("", field.title, path, "element")
            yield Limit(TRUE, with_patterns(field.schema), source, field.schema)
            functions = tuple((d.function, d.sources) for _, d in field.derivations)
        for function, sources in functions if len(functions) == 1 else ():
            schema = self._given_by(function, sources)
            if schema is not None:
                name = path if field else next(iter(sources), "")
                yield Limit(TRUE, schema, Source("", field.title if field else name, name, "element"), schema)

    def _given_by(self, function: str, sources: tuple[str, ...]) -> object:
        if function == "sex_of_citizen_id":
            return {"enum": ["1", "2"]}
        if function == "age":
            return {"type": "integer", "minimum": 0}
        if function == "count" and sources and sources[0] in self.form.fields:
            return {"type": "integer", **self._row_bounds(sources[0])}
        return None

    def _row_bounds(self, name: str) -> dict[str, int]:
        most = [
            c.maximum
            for c in self.form.clauses
            if c.kind == "rows" and c.path == name and c.maximum is not None and c.where == TRUE and c.guard == TRUE
        ]
        known = self.form.fields[name].schema.get("maxItems")
        most += [known] if known is not None else []
        return {"minimum": 0, **({"maximum": min(most)} if most else {})}

    # -- rows --------------------------------------------------------------------------------------------------

    def rows(self, field: Field) -> Iterator[Clash]:
        """Selections of rows that have to be more than another selection may be, or that no row can be in."""
        counts = [c for c in self.form.clauses if c.kind == "rows" and c.path == field.path]
        lows = [c for c in counts if c.minimum > 0]
        highs = [c for c in counts if c.maximum is not None]
        if field.kind == "list" and "maxItems" in field.schema:
            source = Source("", field.title, field.path, "element")
            highs.append(Clause("rows", field.path, TRUE, source, maximum=field.schema["maxItems"]))
        for low in lows:
            yield from self._no_such_row(field, low)
        for low, high in ((low, high) for low in lows for high in highs):
            if self._inside(low.where, high.where) and low.minimum > (high.maximum or 0):
                yield from self._too_many(field, [low], high)
        for left, right in combinations(lows, 2):
            if all_of([left.where, right.where]) == FALSE:
                for high in highs:
                    wide = self._inside(left.where, high.where) and self._inside(right.where, high.where)
                    if wide and left.minimum + right.minimum > (high.maximum or 0):
                        yield from self._too_many(field, [left, right], high)

    def _inside(self, narrow: Cond, wide: Cond) -> bool:
        """Whether every row of one selection is in the other."""
        return wide == TRUE or all_of([narrow, negate(wide)]) == FALSE

    def _too_many(self, field: Field, lows: list[Clause], high: Clause) -> Iterator[Clash]:
        guards = [one.guard for one in (*lows, high) if one.guard not in (TRUE, Has(one.path, one.where))]
        guard = all_of(guards)
        if self.settled(guard) == FALSE:
            return
        parties = tuple(dict.fromkeys(party_name(self.form, one.source) for one in (*lows, high)))
        least = sum(low.minimum for low in lows)
        wanted = "、".join(f"{party_name(self.form, low.source)}至少要 {low.minimum} 行" for low in lows)
        text = f"“{field.title}”：{wanted}，{party_name(self.form, high.source)}至多 {high.maximum} 行"
        conflict = MergeConflict(
            text,
            pointer="/" + field.path,
            left={"minItems": least},
            right={"maxItems": high.maximum},
            parties=parties,
            witness=[{}] * min(least, 1000),
            has_witness=True,
        )
        yield Clash(field.path, tuple(one.source for one in (*lows, high)), guard, conflict)

    def _no_such_row(self, field: Field, low: Clause) -> Iterator[Clash]:
        """A selection that has to hold rows, by a column whose own limits let no such row be."""
        for part in low.where.parts if hasattr(low.where, "parts") and not isinstance(low.where, Has) else (low.where,):
            if not isinstance(part, Atom) or part.path not in self.form.fields:
                continue
            column = self.form.fields[part.path]
            wanted = Limit(TRUE, with_patterns(part.schema), low.source, part.schema)
            limits = [
                Limit(TRUE, with_patterns(c.schema), c.source, c.schema)
                for c in column.clauses
                if c.kind == "value" and c.guard == TRUE
            ]
            conflict = conflict_of([wanted.schema, *(one.schema for one in limits)])
            guard = TRUE if low.guard == Has(low.path, low.where) else low.guard
            if conflict is not None and self.settled(guard) != FALSE:
                left, right, conflict = culprits([wanted, *limits], conflict, with_patterns(column.schema))
                named = named_conflict(self.form, column, left, right, conflict)
                yield Clash(field.path, (left.source, right.source), guard, named)

    # -- lines made of parts -----------------------------------------------------------------------------------

    def lines(self) -> Iterator[Clash]:
        """Lines that are always longer, or always shorter, than a department takes."""
        for clause in self.form.clauses:
            if clause.kind == "residual" and isinstance(clause.binding, Join) and isinstance(clause.schema, dict):
                shortest, longest, whose = self._lengths(clause.binding)
                most, least = clause.schema.get("maxLength"), clause.schema.get("minLength", 0)
                given = {word: clause.schema[word] for word in ("minLength", "maxLength") if word in clause.schema}
                if (most is not None and shortest > most) or (longest is not None and longest < least):
                    other = {"minLength": shortest} if most is not None and shortest > most else {"maxLength": longest}
                    yield from self._line(clause, given, other, whose)

    def _line(self, clause: Clause, given: Any, other: Any, whose: list[Source]) -> Iterator[Clash]:
        if clause.guard != TRUE and self.settled(clause.guard) == FALSE:
            return
        sources = tuple(dict.fromkeys([clause.source, *whose]))
        parties = tuple(dict.fromkeys(party_name(self.form, source) for source in sources))
        length = next(iter(other.values()))
        text = (
            f"{party_name(self.form, clause.source)}的限制 {canonical(given)} 不能满足："
            f"这一行由几栏连成，{'最短也有' if 'minLength' in other else '最长只有'} {length} 个字"
        )
        witness = "字" * min(length, 1000)
        conflict = MergeConflict(
            text,
            pointer="/" + clause.path.replace(".", "/"),
            left=given,
            right=other,
            parties=parties,
            witness=witness,
            has_witness=True,
        )
        yield Clash(clause.path, sources, clause.guard, conflict)

    def _lengths(self, binding: Join) -> tuple[int, int | None, list[Source]]:
        """The shortest and the longest line, and who besides the dictionary makes its parts so long or short."""
        shortest, longest, whose, needed = 0, 0, [], 0
        open_ended = False
        for part in binding.parts:
            if not isinstance(part, Element) or part.path not in self.form.fields:
                open_ended = True
                continue
            field = self.form.fields[part.path]
            always = [c for c in field.clauses if c.kind == "value" and c.guard == TRUE]
            schema = conjoined([c.schema for c in always])
            low, high = text_lengths(schema, part.inner)
            required = any(c.kind == "required" and c.guard == TRUE for c in field.clauses)
            if required and low:
                shortest, needed = shortest + low, needed + 1
                whose += [c.source for c in always if c.source.form]
            open_ended = open_ended or high is None
            longest += high or 0
        gaps = len(binding.separator) * max(needed - 1, 0)
        full = len(binding.separator) * max(len(binding.parts) - 1, 0)
        return shortest + gaps, None if open_ended else longest + full, whose

    # -- conditions --------------------------------------------------------------------------------------------

    def conditions(self) -> Iterator[Clash]:
        """Demands that something be answered, or be so or so, that exclude each other."""
        demands = [(c.guard, c.condition, c) for c in self.form.clauses if c.kind == "hold" and c.condition != FALSE]
        plain = [d for d in demands if not any(self._in_row(p) for p in paths_of(d[1]))]
        needed = [
            (c.guard, present(c.path), c)
            for c in self.form.clauses
            if c.kind == "required" and c.guard == TRUE and not self._in_row(c.path)
        ]
        reads = {cond: frozenset(paths_of(cond)) for _, cond, _ in [*plain, *needed]}
        for left, right in [*combinations(plain, 2), *((one, two) for one in plain for two in needed)]:
            if not reads[left[1]] & reads[right[1]]:
                continue
            guard = all_of([left[0], right[0]])
            both = rewrite(all_of([guard, left[1], right[1]]), self._typed)
            if self.settled(guard) == FALSE:
                continue
            if both == FALSE or empty(print_condition(both)) is True:
                yield self._excluding(guard, left[2], right[2], left[1], right[1])

    def _in_row(self, path: str) -> bool:
        field = self.form.fields.get(path)
        return field is not None and bool(field.table)

    def _excluding(self, guard: Cond, left: Clause, right: Clause, one: Cond, other: Cond) -> Clash:
        parties = (party_name(self.form, left.source), party_name(self.form, right.source))
        shown = (print_condition(one), print_condition(other))
        text = f"“{parties[0]}”与“{parties[1]}”的条件不能同时满足：{canonical(shown[0])} 与 {canonical(shown[1])}"
        path = next(iter(paths_of(one)), left.path)
        conflict = MergeConflict(
            text,
            pointer="/" + path.replace(".", "/"),
            left=shown[0],
            right=shown[1],
            parties=tuple(dict.fromkeys(parties)),
        )
        return Clash(path, (left.source, right.source), guard, conflict)
