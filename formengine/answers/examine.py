"""One look at answers: what of them is visible and computed, the filings they become, and every mistake in them.

A quick judge (the merged JSON Schema, then each department's own schema on its filing, then the rules) says whether
anything is wrong. Only then each clause is looked at, and its failures are gathered into one issue per place;
an issue that only follows from another says so in ``because``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..formats import unprintable
from ..merging.form import MergedForm
from ..model import Filing, Issue
from ..paths import pointer
from ..reading import Unreadable, is_json, read, readable
from ..rows import Cells
from .inspection import Inspection
from .messages import sentence
from .resolve import Resolved
from .rules import broken_rules
from .split import filings_of


@dataclass(frozen=True)
class Examination:
    """Answers looked at once: ``answers`` with every suggestion taken that was asked for, as they were judged."""

    answers: Any
    resolved: Resolved
    filings: dict[str, Filing]
    issues: tuple[Issue, ...]


def examine(form: MergedForm, answers: object, today: str, *, suggest: bool = False) -> Examination:
    """Resolve, split and judge answers, each once.

    ``today`` (ISO date) is what ``age`` and ``today`` in rules refer to; with ``suggest`` what was not answered takes
    the value that is suggested for it.
    """
    texts = read(answers) if isinstance(answers, dict) else None
    kept, faults = (answers, []) if texts is not None else readable(answers)
    resolved = Resolved(form, kept, suggest=suggest)
    whole = resolved.completed() if suggest else resolved.answers
    filings = filings_of(form, resolved)
    if not isinstance(answers, dict):
        return Examination(whole, resolved, filings, (_whole("type", "申报内容须是一个 JSON 对象"),))
    issues = _issues(form, whole, resolved, filings, today, texts)
    return Examination(whole, resolved, filings, tuple(_with_unreadable(form, faults, issues) if faults else issues))


def _with_unreadable(form: MergedForm, faults: list[Unreadable], issues: list[Issue]) -> list[Issue]:
    broken = {issue.pointer: issue for issue in (_unreadable(form, fault) for fault in faults)}
    others = [issue for issue in issues if issue.pointer not in broken]
    order = {path: place for place, path in enumerate(form.fields)}
    return sorted([*broken.values(), *others], key=lambda issue: order.get(issue.element, len(order)))


def _issues(
    form: MergedForm, answers: object, resolved: Resolved, filings: dict[str, Filing], today: str, texts: str | None
) -> list[Issue]:
    """The mistakes in answers that are JSON; ``texts`` are all of theirs, where they are known."""
    rules = list(broken_rules(form, resolved, filings, today))
    printable = texts is not None and not unprintable(texts)
    if not rules and accepts(form, answers, filings) and (printable or is_printable(resolved)):
        return []
    return Inspection(form, resolved, filings).issues(rules) or [_whole("unexplained")]


def accepts(form: MergedForm, answers: object, filings: dict[str, Filing]) -> bool:
    """Whether the merged schema takes the answers and every department's own schema its filing (rules aside)."""
    if not form.validator.is_valid(answers):
        return False
    judges = form.department_validators
    return all(judges[name].is_valid(filing.values) for name, filing in filings.items())


def is_printable(resolved: Resolved) -> bool:
    """Whether every visible text can stand on a printed form."""
    found: list[str] = []
    for value in resolved.stored.values():
        _gather(value, found)
    return not unprintable("\n".join(found))


def _gather(value: object, found: list[str]) -> None:
    """Collect the texts in a value, of a row its visible columns alone: the quick way of ``Resolved.texts``."""
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict | Cells):
        for inner in (value if isinstance(value, dict) else value.columns).values():
            _gather(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _gather(inner, found)


def judge(form: MergedForm, answers: object) -> bool:
    """The whole judgement without rules: merged schema, split, every department's schema."""
    if not isinstance(answers, dict) or not is_json(answers):
        return False
    return accepts(form, answers, filings_of(form, Resolved(form, answers)))


def _unreadable(form: MergedForm, fault: Unreadable) -> Issue:
    """The issue about a place that cannot be read."""
    names = [str(key) for key in fault.keys if not isinstance(key, int)]
    paths = [".".join(names[:size]) for size in range(len(names), 0, -1)]
    path = next((path for path in paths if path in form.fields), paths[-1] if paths else "")
    known = form.fields.get(path)
    title = known.title if known else path or "申报内容"
    whose = [s.form for s in known.sources] if known else list(form.forms)
    departments = [
        {"form": name, "department": form.library.forms[name].department["title"], "label": title}
        for name in dict.fromkeys(whose)
    ]
    text = sentence(fault.code, {"title": title})
    return Issue(pointer(*fault.keys), path, fault.code, text, tuple(departments))


def _whole(code: str, message: str = "") -> Issue:
    return Issue("", "", code, message or sentence(code, {}), ())
