"""Failures gathered into mistakes: one for each place, the most telling first, consequences marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..binding.base import Source
from ..merging.form import MergedForm
from ..model import Issue
from ..paths import holders
from .finding import Finding
from .messages import sentence


def gathered(form: MergedForm, findings: list[Finding]) -> list[Issue]:
    """One issue per place, in the form's order; what only follows from another mistake says from which."""
    return _Gatherer(form).issues(findings)


class _Gatherer:
    def __init__(self, form: MergedForm) -> None:
        self.form = form

    def issues(self, findings: list[Finding]) -> list[Issue]:
        places: dict[str, list[Finding]] = {}
        for found in findings:
            places.setdefault(found.pointer, []).append(found)
        strong = {where for where, group in places.items() if any(not f.weak for f in group)}
        named = Places(dict.fromkeys(strong, True))
        kept = {w: g for w, g in places.items() if w in strong or not self._follows(g, named)}
        order = {path: i for i, path in enumerate(self.form.fields)}
        causes = self._causes(kept)
        issues = [(self._sort_key(order, group), self._issue(where, group, causes)) for where, group in kept.items()]
        return [issue for _, issue in sorted(issues, key=lambda item: item[0])]

    def _causes(self, places: dict[str, list[Finding]]) -> dict[str, str | None]:
        """For each place the first mistake in the chain that leads to it; None where it stands on its own."""
        known = Places({where: any(f.code == "type" for f in group) for where, group in places.items()})
        direct = {where: self._cause(where, group, known) for where, group in places.items()}
        roots: dict[str, str | None] = {}
        for where in places:
            seen, at = {where}, direct[where]
            while at is not None and direct[at] is not None and at not in seen:
                seen.add(at)
                at = direct[at]
            roots[where] = None if at in (None, where) else at
        return roots

    def _follows(self, group: list[Finding], strong: Places) -> bool:
        """A department's refusal that a named mistake already explains needs no line of its own."""
        return strong.touched(read for f in group for read in (*f.reads, f.pointer)) is not None

    def _sort_key(self, order: dict[str, int], group: list[Finding]) -> tuple[int, str]:
        return min(order.get(f.path, len(order)) for f in group), group[0].pointer

    def _issue(self, where: str, group: list[Finding], causes: dict[str, str | None]) -> Issue:
        group = sorted(group, key=lambda f: (f.weak, f.rank))
        first = group[0]
        message = first.message or sentence(first.code, first.params)
        params = {k: v for k, v in first.params.items() if isinstance(v, str | int | float)}
        departments = self._who([f.source for f in group if f.code == first.code or not f.weak])
        return Issue(where, first.path, first.code, message, tuple(departments), causes[where], params)

    def _cause(self, where: str, group: list[Finding], places: Places) -> str | None:
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


class Places:
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
