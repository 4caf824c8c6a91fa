"""Judging, the verb; how it is done stands in ``answers``."""

from __future__ import annotations

from .answers.examine import examine
from .merging.form import MergedForm
from .model import Issue


def validate(form: MergedForm, answers: object, today: str) -> list[Issue]:
    """All mistakes in the answers, in the form's order; ``[]`` when every department accepts them.

    ``today`` (ISO date) is what ``age`` and ``today`` in rules refer to.
    """
    return list(examine(form, answers, today).issues)
