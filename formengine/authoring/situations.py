"""The situations that a scenario's guiding questions can lead to: which of them have to be tried, and why those.

Trying every combination of answers grows beyond any measure with the number of questions. What can go wrong asks for
far less:

- limits that exclude each other do so in every larger set of forms too, so for each data element only the *largest*
  sets of forms are tried that some answers call for together and that ask for it;
- whatever else answers decide (what is shown, which case is taken) is tried with every pair of answers, and with all
  optional forms at once and none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from math import prod
from typing import Any

from allpairspy import AllPairs

from ..conditions import FALSE, TRUE, Atom, Cond, all_of, canonical, negate, parse, paths_of
from ..evaluate import compile_condition, value_test
from ..merging.plan import before, choice_values, fixed_facts
from ..paths import MISSING
from ..templates.library import Library, Scenario, entries_at
from ..templates.schemas import constraint

Facts = dict[str, Any]
MOST_SETS = 40
"""Of so many largest sets of forms around one data element each is tried; of more, every two of the forms."""
MOST_FIXED = 8
"""So many combinations of the facts that are settled in merging are each tried with the largest sets; of more, every
two of their values."""
PATIENCE = 20_000
"""So many answers are tried in looking for facts that call for certain forms."""


def reachable_facts(library: Library, scenario: Scenario) -> list[Facts]:
    """Facts that together lead to everything that can go wrong with the scenario, as far as ``Situations`` knows."""
    return Situations(library, scenario).tried()


class Situations:
    """What the guiding questions of one scenario can be answered, and which forms the answers call for."""

    def __init__(self, library: Library, scenario: Scenario) -> None:
        self.library, self.scenario, self.calls = library, scenario, scenario.calls
        fixed = fixed_facts(library, scenario)
        self.fixed = [name for name in scenario.facts if name in fixed]
        self.values = {name: self._values(name) for name in scenario.facts}
        self.gave_up = 0
        """How often looking for facts ended without an answer."""
        self.in_pairs: set[str] = set()
        """The data elements around which only every two forms were tried together."""

    @property
    def number(self) -> int:
        """How many combinations of answers there are that conditions can tell apart."""
        return prod(len(values) for values in self.values.values())

    def tried(self) -> list[Facts]:
        """The facts to try, without repetitions: typical, all optional forms, none, every pair, the largest sets."""
        known = _each_once([self._typical(), *self._all_and_none(), *self._pairs()])
        return _each_once([*known, *self._largest(known)])

    # -- what a question can be answered -----------------------------------------------------------------------

    def _values(self, name: str) -> list[Any]:
        """One answer of each kind that conditions tell apart, the typical one first; MISSING where none is needed."""
        node = self.scenario.facts[name]
        test = value_test(canonical(constraint(node, self.library.codes)))
        atoms = self._atoms(f"facts.{name}")
        ends = [node[word] for word in ("minimum", "maximum") if word in node]
        listed = choice_values(self.library, node)
        usual = self.scenario.typical_facts.get(name, MISSING)
        known = [usual, *(listed or [*ends, *_around(atoms, node), *node.get("examples", []), 0, 1, ""])]
        allowed = [value for value in known if value is not MISSING and test(value)]
        kinds: dict[Any, Any] = {}
        for value in allowed:
            same = value if name in self.fixed else None
            told = tuple(value_test(atom.text)(value) for atom in atoms)
            kinds.setdefault((canonical(same), told, canonical(value) if value in ends else ""), value)
        optional = name not in self.scenario.raw.get("required", ())
        return [*kinds.values(), *([MISSING] if optional or not kinds else [])]

    def _atoms(self, path: str) -> list[Atom]:
        """Everything that conditions ask of a fact, those of the scenario first."""
        read = [*(v for _, k, v in entries_at(self.scenario.raw) if k == path), *self.library.facts_read.get(path, ())]
        found = dict.fromkeys(parse({path: value}) for value in read)
        return [cond for cond in found if isinstance(cond, Atom)]

    # -- which answers to try ----------------------------------------------------------------------------------

    def _typical(self) -> Facts:
        return _facts({name: values[0] for name, values in self.values.items()} | self.scenario.typical_facts)

    def _all_and_none(self) -> Iterator[Facts]:
        for given in self._settled():
            for wishes in (list(self.calls.values()), [negate(cond) for cond in self.calls.values()]):
                found = self._with_most([], wishes, given)
                if found is not None:
                    yield found

    def _pairs(self) -> Iterator[Facts]:
        names = list(self.values)
        if len(names) < 2:
            yield from (_facts({name: value}) for name in names for value in self.values[name])
            return
        for row in AllPairs([self.values[name] for name in names]):
            yield _facts(dict(zip(names, row, strict=True)))

    def _largest(self, known: list[Facts]) -> Iterator[Facts]:
        """Facts that call for the largest sets of forms around each data element, where none of the known do."""
        scopes, groups = [_scope(facts) for facts in known], self._groups()
        for given in self._settled():
            mine = [scope for scope in scopes if _scope(given).items() <= scope.items()]
            for name, group in groups:
                possible = [cond for cond in group if self.find([cond], given) is not None]
                for together in self._sets(name, possible, given):
                    if any(all(compile_condition(cond)(scope) for cond in together) for scope in mine):
                        continue
                    found = self._with_most(list(together), list(self.calls.values()), given)
                    if found is not None:
                        mine.append(_scope(found))
                        yield found

    def _settled(self) -> list[Facts]:
        """The combinations of the facts that are settled in merging: each of them, or every pair of many."""
        options = [[(name, value) for value in self.values[name]] for name in self.fixed]
        if prod(len(values) for values in options) <= MOST_FIXED or len(options) < 2:
            return [dict(row) for row in product(*options)]
        return [dict(row) for row in AllPairs(options)]

    def _groups(self) -> list[tuple[str, tuple[Cond, ...]]]:
        """For each data element the conditions under which each form asks for it; alike groups once, large ones first.

        A form does not ask for what a licence decided before it yields in the same case.
        """
        earlier, found = before(self.scenario), dict[frozenset[Cond], str]()
        askers: dict[str, list[str]] = {}
        for form in self.calls:
            for path in sorted(touched(self.library, form)):
                askers.setdefault(path, []).append(form)
        for path, forms in askers.items():
            group = frozenset(self._asks(form, path, earlier.get(form, set())) for form in forms) - {FALSE}
            found.setdefault(group, path)
        order = sorted(found, key=lambda group: (-len(group), found[group]))
        return [(found[group], tuple(sorted(group, key=str))) for group in order]

    def _asks(self, form: str, path: str, earlier: set[str]) -> Cond:
        yields = [other for other in sorted(earlier) if other in self.calls and path in self._yields(other)]
        return all_of([self.calls[form], *(negate(self.calls[other]) for other in yields)])

    def _yields(self, form: str) -> dict[str, str]:
        licence = self.library.licences.get(self.library.forms[form].licence or "")
        return licence.yields if licence is not None else {}

    def _sets(self, name: str, conds: list[Cond], given: Facts) -> list[tuple[Cond, ...]]:
        """The largest sets of conditions that some facts meet together; every two of them where there are too many."""
        found: list[frozenset[Cond]] = []

        def grow(chosen: list[Cond], rest: list[Cond]) -> None:
            if len(found) > MOST_SETS or any(one.issuperset([*chosen, *rest]) for one in found):
                return
            if self.find([*chosen, *rest], given) is not None:
                found.append(frozenset([*chosen, *rest]))
                return
            if self.find([*chosen, rest[0]], given) is not None:
                grow([*chosen, rest[0]], rest[1:])
            grow(chosen, rest[1:])

        grow([], conds)
        if len(found) <= MOST_SETS:
            return [tuple(one) for one in found if one]
        self.in_pairs.add(name)
        return [pair for pair in combinations(conds, 2) if self.find(pair, given) is not None]

    # -- looking for answers -----------------------------------------------------------------------------------

    def _with_most(self, wanted: list[Cond], wishes: list[Cond], given: Facts) -> Facts | None:
        """Facts that meet all that is wanted, and as many wishes as can be, earlier ones first; None where none do."""
        best = self.find(wanted, given)
        for wish in wishes if best is not None else ():
            found = best if compile_condition(wish)(_scope(best or {})) else self.find([*wanted, wish], given)
            if found is not None:
                best, wanted = found, [*wanted, wish]
        return best

    def find(self, wanted: Iterable[Cond], given: Facts) -> Facts | None:
        """Facts that meet these conditions and agree with those given, the rest typical; None where there are none."""
        conds = [cond for cond in wanted if cond != TRUE]
        read = {cond: [name for name in self.values if f"facts.{name}" in set(paths_of(cond))] for cond in conds}
        order = list(dict.fromkeys(name for names in read.values() for name in names if name not in given))
        chosen = {name: values[0] for name, values in self.values.items()} | given
        scope = _scope({name: value for name, value in chosen.items() if name not in order})
        due: dict[int, list[Any]] = {}
        for cond, names in read.items():
            last = max((order.index(name) for name in names if name in order), default=-1)
            due.setdefault(last, []).append(compile_condition(cond))
        if not all(test(scope) for test in due.get(-1, ())):
            return None
        steps = 0

        def go(index: int) -> bool:
            nonlocal steps
            if index == len(order):
                return True
            path = f"facts.{order[index]}"
            for value in self.values[order[index]]:
                steps += 1
                if steps > PATIENCE:
                    return False
                chosen[order[index]] = value
                scope.pop(path, None)
                if value is not MISSING:
                    scope[path] = value
                if all(test(scope) for test in due.get(index, ())) and go(index + 1):
                    return True
            scope.pop(path, None)
            return False

        met = go(0)
        self.gave_up += steps > PATIENCE
        return _facts(chosen) if met else None


def _each_once(found: Iterable[Facts]) -> list[Facts]:
    return list({canonical(facts): facts for facts in found}.values())


def _facts(values: Facts) -> Facts:
    return {name: value for name, value in values.items() if value is not MISSING}


def _scope(facts: Facts) -> Facts:
    return {f"facts.{name}": value for name, value in facts.items() if value is not MISSING}


def _around(atoms: list[Atom], node: dict[str, Any]) -> Iterator[Any]:
    """Numbers at and beside every bound that a condition names."""
    step = node.get("multipleOf", 1 if node.get("type") == "integer" else 0.5)
    for atom in atoms:
        for value in atom.schema.values() if isinstance(atom.schema, dict) else ():
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield from (value, value - step, value + step)


def touched(library: Library, form: str) -> frozenset[str]:
    """Every data element and list that a department form reads, and what those are computed from."""
    todo = [name for node in library.forms[form].raw.get("properties", {}).values() for name in _named(node)]
    seen: set[str] = set()
    while todo:
        path = library.locate(todo.pop())[0]
        if path in seen or not (path in library.elements or path in library.lists):
            continue
        seen.add(path)
        element = library.elements.get(path)
        if element is not None:
            todo += [element.table] if element.table else []
            todo += [source for derivation in element.derivations for source in derivation.sources]
    return frozenset(seen)


def _named(node: object, inside: bool = False) -> Iterator[str]:
    """Every word in what the bindings of a field say."""
    if isinstance(node, dict):
        for key, part in node.items():
            if inside:
                yield key
            yield from _named(part, inside or key == "x-element")
    elif isinstance(node, list):
        for part in node:
            yield from _named(part, inside)
    elif inside and isinstance(node, str):
        yield node
