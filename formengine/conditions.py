"""Conditions over answers: a small boolean algebra.

A condition is parsed from the short form (``{"entity.kind": "company"}``) or pulled back from a department form's
``if``, and simplified where facts already decide it.
An absent value makes an atom false.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .algebra.jsonvalue import Schema
from .errors import MixedConditionError
from .ranges import range_verdict, verdict


def canonical(value: object) -> str:
    """JSON text that is equal for equal values, whatever the order of their keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Cond:
    """Base of all conditions; values, compared by content."""


@dataclass(frozen=True)
class Const(Cond):
    """Always true or always false."""

    value: bool


@dataclass(frozen=True)
class Atom(Cond):
    """The value at ``path`` is present and valid against ``schema`` (kept as canonical JSON)."""

    path: str
    text: str = "{}"

    @property
    def schema(self) -> Schema:
        found: Schema = json.loads(self.text)
        return found


@dataclass(frozen=True)
class All(Cond):
    parts: tuple[Cond, ...]


@dataclass(frozen=True)
class AnyOf(Cond):
    parts: tuple[Cond, ...]


@dataclass(frozen=True)
class Not(Cond):
    part: Cond


@dataclass(frozen=True)
class Has(Cond):
    """At least ``minimum`` rows of the list ``path`` satisfy ``where`` (a condition on one row)."""

    path: str
    where: Cond
    minimum: int = 1


TRUE = Const(True)


FALSE = Const(False)


def atom(path: str, schema: Schema) -> Cond:
    """``path`` is present and valid against ``schema``."""
    return FALSE if schema is False else Atom(path, canonical({} if schema is True else schema))


def present(path: str) -> Cond:
    return Atom(path)


def all_of(parts: Iterable[Cond]) -> Cond:
    """Conjunction, flattened, without repetitions, and simplified by what its own plain parts already say."""
    found: dict[Cond, None] = {}
    for part in parts:
        if part == FALSE:
            return FALSE
        found.update(dict.fromkeys(part.parts if isinstance(part, All) else () if part == TRUE else (part,)))
    if any(isinstance(p, Not) and p.part in found for p in found):
        return FALSE
    return _conjunction(tuple(found))


@lru_cache(maxsize=65536)
def _conjunction(parts: tuple[Cond, ...]) -> Cond:
    units: list[Cond] = [part for part in parts if _is_unit(part)]
    kept: list[Cond] = []
    for part in parts:
        others = [u for u in units if u is not part]
        simpler = assume(part, others) if part not in units or isinstance(part, Not) else _needless(part, others)
        if simpler == FALSE:
            return FALSE
        if simpler != TRUE:
            kept.append(simpler)
    if tuple(kept) != parts:
        return all_of(kept)
    return TRUE if not kept else kept[0] if len(kept) == 1 else All(parts)


def _needless(part: Cond, units: list[Cond]) -> Cond:
    """A plain atom: FALSE where another plain part rules it out, TRUE for mere presence that another implies."""
    if not isinstance(part, Atom):
        return part
    if any(_verdict(part, unit) is False for unit in units):
        return FALSE
    implied = part.text == "{}" and any(isinstance(u, Atom) and u.path == part.path for u in units)
    return TRUE if implied else part


def units_of(cond: Cond) -> list[Cond]:
    """The atoms and negated atoms that must all hold wherever the condition does."""
    if isinstance(cond, All):
        return [unit for part in cond.parts for unit in units_of(part)]
    if isinstance(cond, Not) and isinstance(cond.part, AnyOf):
        return [unit for part in cond.part.parts for unit in units_of(negate(part))]
    return [cond] if _is_unit(cond) else []


def _is_unit(cond: Cond) -> bool:
    return isinstance(cond, Atom) or (isinstance(cond, Not) and isinstance(cond.part, Atom))


def assume(cond: Cond, units: Sequence[Cond]) -> Cond:
    """The condition where all ``units`` (atoms and negated atoms) are known to hold."""
    if not units or isinstance(cond, Const | Has):
        return cond
    if isinstance(cond, Atom):
        verdicts = [v for v in (_verdict(cond, unit) for unit in units) if v is not None]
        return Const(verdicts[0]) if verdicts else cond
    if isinstance(cond, Not):
        return negate(assume(cond.part, units))
    assert isinstance(cond, All | AnyOf)
    parts = [assume(part, units) for part in cond.parts]
    return all_of(parts) if isinstance(cond, All) else any_of(parts)


def _verdict(node: Atom, unit: Cond) -> bool | None:
    """What a known atom (or negated atom) says about another one on the same path; None where nothing."""
    known = unit.part if isinstance(unit, Not) else unit
    if not isinstance(known, Atom) or known.path != node.path:
        return None
    if isinstance(unit, Not):
        return False if known.text in (node.text, "{}") or range_verdict(node.text, known.text) else None
    if node.text in (known.text, "{}"):
        return True
    return verdict(known.text, node.text)


def any_of(parts: Iterable[Cond]) -> Cond:
    """Disjunction, flattened, without repetitions and without parts that another part implies."""
    found: dict[Cond, None] = {}
    for part in parts:
        if part == TRUE:
            return TRUE
        found.update(dict.fromkeys(part.parts if isinstance(part, AnyOf) else () if part == FALSE else (part,)))
    if any(isinstance(p, Not) and p.part in found for p in found):
        return TRUE
    kept = tuple(p for p in found if not any(q is not p and implies_plainly(p, q) for q in found))
    return FALSE if not kept else kept[0] if len(kept) == 1 else AnyOf(kept)


def implies_plainly(strong: Cond, weak: Cond) -> bool:
    """Whether ``strong`` implies ``weak`` by its outer form alone (sound, not complete)."""
    members, wanted = parts_of(strong), parts_of(weak)
    return len(members) > len(wanted) and all(w in members for w in wanted)


def negate(cond: Cond) -> Cond:
    """The opposite; constants and double negations vanish."""
    if isinstance(cond, Const):
        return Const(not cond.value)
    return cond.part if isinstance(cond, Not) else Not(cond)


def parse(short: Any) -> Cond:
    """Read the short form: an object = all hold, a list = any holds, a plain value = const.

    >>> parse({"entity.kind": "company"})
    Atom(path='entity.kind', text='{"const":"company"}')
    """
    if isinstance(short, bool):
        return Const(short)
    if isinstance(short, list):
        return any_of(parse(item) for item in short)
    return all_of(_parse_entry(path, wanted) for path, wanted in short.items())


def _parse_entry(path: str, wanted: object) -> Cond:
    if isinstance(wanted, list):
        return atom(path, {"enum": wanted})
    return atom(path, wanted if isinstance(wanted, dict) else {"const": wanted})


def parts_of(cond: Cond) -> tuple[Cond, ...]:
    """What must all hold where the condition does: the parts of a conjunction, or the condition itself."""
    return cond.parts if isinstance(cond, All) else (cond,)


def typed(node: Atom, kind: object) -> Atom:
    """A condition on a value of this JSON type with, for numbers, the type said, so that ranges can be told apart."""
    if kind not in ("number", "integer") or not isinstance(node.schema, dict) or "type" in node.schema:
        return node
    return Atom(node.path, canonical({**node.schema, "type": kind}))


def paths_of(cond: Cond) -> Iterator[str]:
    """Every path that the condition reads, lists and columns included."""
    if isinstance(cond, Atom):
        yield cond.path
    elif isinstance(cond, All | AnyOf):
        for part in cond.parts:
            yield from paths_of(part)
    elif isinstance(cond, Not):
        yield from paths_of(cond.part)
    elif isinstance(cond, Has):
        yield cond.path
        yield from paths_of(cond.where)


def atoms_of(cond: Cond) -> Iterator[Atom]:
    """Every atom in the condition, those about rows included."""
    if isinstance(cond, Atom):
        yield cond
    elif isinstance(cond, All | AnyOf):
        for part in cond.parts:
            yield from atoms_of(part)
    elif isinstance(cond, Not):
        yield from atoms_of(cond.part)
    elif isinstance(cond, Has):
        yield from atoms_of(cond.where)


def plain_paths(cond: Cond) -> Iterator[str]:
    """Every path that the condition reads by itself, not in asking for rows."""
    if isinstance(cond, Atom):
        yield cond.path
    elif isinstance(cond, All | AnyOf):
        for part in cond.parts:
            yield from plain_paths(part)
    elif isinstance(cond, Not):
        yield from plain_paths(cond.part)


def has_rows(cond: Cond) -> bool:
    """Whether the condition asks for rows: that is always a condition on the answers, whatever row it is read in."""
    if isinstance(cond, All | AnyOf):
        return any(has_rows(part) for part in cond.parts)
    return has_rows(cond.part) if isinstance(cond, Not) else isinstance(cond, Has)


def rewrite(cond: Cond, replace: Callable[[Atom], Cond]) -> Cond:
    """The condition with every atom replaced, simplified on the way up."""
    if isinstance(cond, Atom):
        return replace(cond)
    if isinstance(cond, All):
        return all_of(rewrite(part, replace) for part in cond.parts)
    if isinstance(cond, AnyOf):
        return any_of(rewrite(part, replace) for part in cond.parts)
    if isinstance(cond, Not):
        return negate(rewrite(cond.part, replace))
    if isinstance(cond, Has):
        where = rewrite(cond.where, replace)
        return FALSE if where == FALSE else Has(cond.path, where, cond.minimum)
    return cond


def split_guard(cond: Cond, name: str) -> Iterator[tuple[Cond, Cond]]:
    """Split a guard into ``(about the answers, about one row of the list)`` pairs, any of which suffices."""
    if not name:
        yield cond, TRUE
        return
    outside: list[Cond] = []
    inside: list[Cond] = []
    for part in parts_of(cond):
        reads = {path.startswith(name + ".") for path in plain_paths(part)}
        if not has_rows(part) and reads == {True}:
            inside.append(part)
        elif True not in reads:
            outside.append(part)
        else:
            for option in _options(part):
                yield from split_guard(all_of([*(p for p in parts_of(cond) if p is not part), option]), name)
            return
    yield all_of(outside), all_of(inside)


def _options(part: Cond) -> tuple[Cond, ...]:
    """The alternatives of a condition that mixes row and answers."""
    if isinstance(part, AnyOf):
        return part.parts
    if isinstance(part, Not) and isinstance(part.part, All):
        return tuple(negate(p) for p in part.part.parts)
    if isinstance(part, Not) and isinstance(part.part, AnyOf):
        return (all_of(negate(p) for p in part.part.parts),)
    raise MixedConditionError("condition", "条件把行内栏目与表外栏目混在一起，无法拆开")
