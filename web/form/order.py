"""In which order entries are read: subject by subject, and what decides before what it decides."""

from __future__ import annotations

from formengine import MergedForm, name_of, subject_of

from .entries import Entry


def reading_order(form: MergedForm, entries: list[Entry]) -> list[Entry]:
    """Subject by subject, each in the dictionary's order; what decides stands before what it decides."""
    subjects = _subjects_in_order(entries)
    rank = {one.path: (subjects.index(subject_of(one.path)), _place(form, one.path)) for one in entries}
    by_path = {one.path: one for one in entries}
    out: dict[str, Entry] = {}
    begun: set[str] = set()

    def place(entry: Entry) -> None:
        if entry.path in begun:
            return
        begun.add(entry.path)
        for path in sorted(entry.field.reads & by_path.keys(), key=lambda path: rank[path]):
            place(by_path[path])
        out[entry.path] = entry

    for entry in sorted(entries, key=lambda one: rank[one.path]):
        place(entry)
    return list(out.values())


def _subjects_in_order(entries: list[Entry]) -> list[str]:
    """Subjects as they come, but whose values others copy stands before them."""
    copied: dict[str, set[str]] = {}
    for entry in entries:
        copied.setdefault(subject_of(entry.path), set()).update(subject_of(path) for path in entry.field.origins)
    out: dict[str, None] = {}

    def place(subject: str, trail: tuple[str, ...]) -> None:
        for other in copied:
            if other in copied[subject] and other not in (*trail, subject):
                place(other, (*trail, subject))
        out.setdefault(subject)

    for subject in copied:
        place(subject, ())
    return list(out)


def _place(form: MergedForm, path: str) -> int:
    known = form.library.subjects.get(subject_of(path))
    names = list(known.node.get("properties", {})) if known else list(form.fields)
    name = name_of(path) if known else path
    return names.index(name) if name in names else len(names)
