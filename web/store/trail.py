"""What happened, when, and who did it: never what was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from .models import Case, Event


def note(session: Session, case: Case | None, now: datetime, actor: str, action: str, **detail: Any) -> None:
    """Write one event."""
    session.add(Event(case_id=case.id if case else None, at=now, actor=actor, action=action, detail=detail))
