"""The states of a case and what each is called."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    RECEIVED = "received"


LABELS = {State.DRAFT: "填写中", State.RECEIVED: "已提交，等待窗口收件"}
"""The one table from a state to what people read."""
