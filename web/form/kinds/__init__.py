"""The kinds of fields: each in one class that binds what a page says, shows an answer, and says it in words."""

from __future__ import annotations

from ..entries import Data, Described, Kind, Names, clean
from .choices import Radio, Select, Several, YesNo
from .files import Files, OneFile
from .parts import Parts
from .signing import Act, ActSignature, Declaration, Signature
from .table import Table
from .text import Date, Number, Text, Textarea

KINDS: tuple[Kind, ...] = (
    Table(),
    Declaration(),
    Signature(),
    Files(),
    OneFile(),
    Several(),
    Radio(),
    Select(),
    Parts(),
    YesNo(),
    Number(),
    Date(),
    Textarea(),
    Text(),
)
"""Every kind of field, in the order in which they are asked whether a field is theirs; the last takes any."""
ACT_KINDS: dict[str, tuple[Kind, str]] = {
    "declaration": (Act(), "声明和承诺"),
    "signature": (ActSignature(), "签名"),
}
"""Acts that are made once for several departments: the kind of entry, and its title."""


def kind_of(one: Described) -> Kind:
    """The kind of a field."""
    return next(kind for kind in KINDS if kind.fits(one))


__all__ = ["ACT_KINDS", "KINDS", "Data", "Described", "Kind", "Names", "clean", "kind_of"]
