"""Rules of the data dictionary: what holds of a person, an address, a list, whichever department asks for them.

They stand in ``x-rules`` of a dictionary file and read the subject's own attributes by name: at the object of a
subject, of one row of a list (inside ``items``), or of all rows (beside ``items``, as ``rows``). A shared definition
may carry rules too: those that read an attribute which the subject does not have do not concern it. ``x-unique`` names
the attributes in which no two rows of a list may be alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..binding.base import Source
from ..conditions import paths_of
from ..errors import ExpressionError
from ..rules.expressions import compile_expression
from ..rules.kinds import TEXT, Kind, kind_of, list_of, record
from ..rules.parsing import variables
from ..templates.library import Library, Subject
from .field import Field
from .rules import Rule, placed

ALIKE = "“{title}”与前面的一行相同，同一个人（单位）只填一行"


@dataclass(frozen=True)
class Declared:
    """A rule as a dictionary file states it: ``how`` it looks at its subject (see ``Rule``), where it stands, and
    whether it came with a shared definition."""

    how: str
    rule: dict[str, Any]
    where: str
    shared: bool = False


def declared_rules(subject: Subject) -> Iterator[Declared]:
    """Every rule that a dictionary file states."""
    inside = "/items" if subject.is_list else ""
    places = [("rows", subject.raw, "", False)] if subject.is_list else []
    places.append(("row" if subject.is_list else "one", subject.node, inside, False))
    parts = enumerate(subject.node.get("allOf", ()))
    places += [(places[-1][0], part, f"{inside}/allOf/{index}", True) for index, part in parts]
    for how, node, where, shared in places:
        for index, rule in enumerate(node.get("x-rules", ())):
            yield Declared(how, rule, f"{where}/x-rules/{index}", shared)


def kinds_of_subject(subject: Subject, how: str) -> dict[str, Kind]:
    """What a rule of a subject can read: its attributes or, of a list as a whole, ``rows``; and ``today``."""
    columns = {name: kind_of(node) for name, node in subject.node.get("properties", {}).items()}
    return {"today": TEXT, **({"rows": list_of(record(columns))} if how == "rows" else columns)}


def concerns(rule: Mapping[str, Any], subject: Subject) -> bool:
    """Whether a subject has all the attributes that a shared rule reads."""
    try:
        names = variables(rule["rule"])
    except ExpressionError:
        return True
    return {*names, rule["field"]} - {"today"} <= set(subject.node.get("properties", {}))


def subject_rules(library: Library, fields: Mapping[str, Field]) -> Iterator[Rule]:
    """The dictionary's rules on what these fields hold, compiled; each fails for whoever uses the value."""
    for subject in library.subjects.values():
        for one in declared_rules(subject):
            path = subject.id if one.how == "rows" else f"{subject.id}.{one.rule['field']}"
            if path in fields and not (one.shared and not concerns(one.rule, subject)):
                with placed(f"elements/{subject.id}", f"{one.where}/rule", f"规则 {one.rule['id']}："):
                    yield _rule(subject, fields[path], one.how, one.rule)
        for name in subject.raw.get("x-unique", ()) if subject.is_list else ():
            path = f"{subject.id}.{name}"
            if path in fields:
                yield _unique(subject, fields[path])


def _rule(subject: Subject, field: Field, how: str, rule: dict[str, Any]) -> Rule:
    kinds = kinds_of_subject(subject, how)
    names = variables(rule["rule"])
    read = {subject.id} if how == "rows" else {f"{subject.id}.{name}" for name in names - {"today"}}
    return Rule(
        f"{subject.id}_{rule['id']}",
        compile_expression(rule["rule"], kinds),
        tuple((name, kinds[name]) for name in sorted(names)),
        rule["message"],
        str(rule.get("basis", "")),
        field.path,
        frozenset(read),
        Source("", field.title, field.path, "element"),
        cell=field.path if how == "row" else "",
        subject=subject.id,
        how=how,
    )


def _unique(subject: Subject, field: Field) -> Rule:
    source = Source("", field.title, field.path, "element")
    computed = {path for reach, derivation in field.derivations for path in (*paths_of(reach), *derivation.sources)}
    message, reads = ALIKE.format(title=field.title), frozenset({field.path, *computed})
    name = f"{field.path.replace('.', '_')}_unique"
    return Rule(
        name, bool, (), message, "", field.path, reads, source, cell=field.path, subject=subject.id, how="unique"
    )
