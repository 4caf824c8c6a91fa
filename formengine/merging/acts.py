"""Acts of declaring and signing: one tick or one signature that makes several departments' own answers.

Each department receives its own declaration and its own signature (``own`` bindings are never shared); but who signs
reads all the texts and signs once. Declarations that the law wants made apart, and signatures of different people,
stand apart: their fields carry ``x-act`` with a name of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from .field import ACTS, Field
from .form import MergedForm

TOGETHER = {"declaration": "declare", "signature": "sign", "seal": "seal"}
"""The act that an own answer belongs to where its field does not say; a consent is always an act of its own."""


@dataclass(frozen=True)
class Act:
    """One tick, signature or seal; ``fields`` are the own answers it makes, in the order of the forms."""

    id: str
    kind: str
    fields: tuple[Field, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(one.path for one in self.fields)


def acts(form: MergedForm) -> list[Act]:
    """The acts of a merged form: declarations first, then signatures and seals."""
    found: dict[tuple[str, str], list[Field]] = {}
    for one in form.fields.values():
        kind = one.act
        if kind and one.asked:
            found.setdefault((kind, str(one.raw.get("x-act") or TOGETHER.get(kind, one.path))), []).append(one)
    made = [Act(name, kind, tuple(fields)) for (kind, name), fields in found.items()]
    return sorted(made, key=lambda act: ACTS.index(act.kind))
