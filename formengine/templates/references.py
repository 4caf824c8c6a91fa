"""``$ref`` in templates: into the data dictionary's files, or into the template itself; somewhere, and never round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ..errors import Fault
from ..paths import keys_in, pointer
from .documents import Document, Documents
from .schemas import VALUES

INLINED = ("elements", "departments", "licences")
"""The kinds of documents whose references are replaced by what they name."""
Place = tuple[str, str]
"""A document's key, and a JSON pointer in it."""


@dataclass(frozen=True)
class Site:
    """One reference: where it stands, what it says, and what it names."""

    key: str
    where: str
    reference: str
    target: Place


def target_of(reference: str, home: str) -> tuple[str, str]:
    """``(document's name, pointer)`` that a reference of the document ``home`` names."""
    file, _, where = reference.partition("#")
    return (PurePosixPath(file).stem if file else home), where


def reference_faults(documents: Documents) -> Iterator[Fault]:
    """References that lead nowhere, out of the templates, to what is no schema, or round."""
    sites = [site for one in documents if one.kind in INLINED for site in _sites(one)]
    good = []
    for site in sites:
        why = _wrong(site, documents)
        if why:
            yield Fault(site.key, "ref", why, f"{site.where}/$ref")
        else:
            good.append(site)
    yield from _circles(good)


def _sites(document: Document) -> Iterator[Site]:
    for where, reference in _references(document.data, ""):
        name, inner = target_of(reference, document.name)
        yield Site(document.key, where, reference, (f"{document.kind}/{name}", inner))


def _references(node: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield where, node["$ref"]
        for key, part in node.items():
            if key not in VALUES:
                yield from _references(part, where + pointer(key))
    elif isinstance(node, list):
        for index, part in enumerate(node):
            yield from _references(part, f"{where}/{index}")


def _wrong(site: Site, documents: Documents) -> str:
    key, where = site.target
    if not site.key.startswith("elements/") and not site.reference.startswith("#/"):
        return f"引用 {site.reference} 不在本文件里；这里只能引用自己的 #/$defs/…"
    target: Any = documents.by_key[key].data if key in documents.by_key else None
    try:
        for step in keys_in(where):
            target = target[int(step)] if isinstance(target, list) else target[step]
    except (KeyError, IndexError, ValueError, TypeError):
        target = None
    if target is None:
        return f"引用 {site.reference} 不存在"
    return "" if isinstance(target, dict) else f"引用 {site.reference} 指的不是一个 JSON Schema"


def _circles(sites: list[Site]) -> Iterator[Fault]:
    """One fault for each circle, where its first reference stands."""
    leads = {site: [other for other in sites if _within(other, site.target)] for site in sites}
    done: set[Site] = set()

    def visit(site: Site, trail: list[Site]) -> Iterator[Fault]:
        if site in trail:
            circle = trail[trail.index(site) :]
            text = " → ".join(one.reference for one in [*circle, site])
            yield Fault(circle[0].key, "ref", f"引用绕成了圈：{text}", f"{circle[0].where}/$ref")
        elif site not in done:
            for other in leads[site]:
                yield from visit(other, [*trail, site])
            done.add(site)

    for site in sites:
        yield from visit(site, [])


def _within(site: Site, target: Place) -> bool:
    """Whether a reference stands in what another one names."""
    key, where = target
    return site.key == key and (site.where == where or site.where.startswith(where + "/"))
