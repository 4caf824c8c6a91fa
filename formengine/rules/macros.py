"""What ``all``, ``exists``, ``exists_one``, ``map`` and ``filter`` do with the elements of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .operations import NotApplicable

Scope = dict[str, Any]
Run = Callable[[Scope], Any]


def quantifier(name: str, target: Run, variable: str, body: Run, *, stop: bool) -> Run:
    """``all`` (stop at the first that is false) and ``exists`` (at the first that is true)."""

    def run(scope: Scope) -> bool:
        rows = target(scope)
        if not isinstance(rows, list):
            raise NotApplicable(name)
        inner = dict(scope)
        for row in rows:
            inner[variable] = row
            try:
                if body(inner) == stop:
                    return stop
            except NotApplicable:
                continue
        return not stop

    return run


def outcomes(rows: list[Any], variable: str, scope: Scope, runs: list[Run]) -> Iterator[tuple[Any, Any]]:
    """``(element, outcome)`` of every element that the body applies to; with two bodies the first selects."""
    inner = dict(scope)
    for row in rows:
        inner[variable] = row
        try:
            if len(runs) == 2 and not runs[0](inner):
                continue
            outcome = runs[-1](inner)
        except NotApplicable:
            continue
        yield row, outcome


GATHER: dict[str, Callable[[Iterator[tuple[Any, Any]]], Any]] = {
    "map": lambda pairs: [out for _, out in pairs],
    "filter": lambda pairs: [row for row, out in pairs if out],
    "exists_one": lambda pairs: sum(1 for _, out in pairs if out) == 1,
}
