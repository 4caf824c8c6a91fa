"""Patience with what is tried in vain: counted in the database, so that every process knows."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from .engine import Store
from .models import Throttle

WINDOW = timedelta(minutes=15)


class TooManyTries(Exception):
    """Tried too often; wait until ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__("尝试次数过多，请稍后再试")
        self.until = until


class Patience:
    """Counts vain tries in a sliding window, in the database, so that every process knows."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def check(self, now: datetime, *limits: tuple[str, int]) -> None:
        """Raise ``TooManyTries`` where one of ``(what, how often at most)`` is used up."""
        keys = {digest_of(what): most for what, most in limits}
        with self.store.read() as session:
            for row in session.scalars(select(Throttle).where(Throttle.key.in_(keys))):
                if row.count >= keys[row.key] and now < row.window_start + WINDOW:
                    raise TooManyTries(row.window_start + WINDOW)

    def failed(self, now: datetime, *whats: str) -> None:
        """Count a vain try."""
        for what in whats:
            with self.store.write() as session:
                self._count(session, digest_of(what), now)

    def _count(self, session: Session, key: str, now: datetime) -> None:
        row = session.get(Throttle, key, with_for_update=True)
        if row is None:
            try:
                with session.begin_nested():
                    session.add(Throttle(key=key, count=1, window_start=now))
            except IntegrityError:
                session.execute(update(Throttle).where(Throttle.key == key).values(count=Throttle.count + 1))
        elif now >= row.window_start + WINDOW:
            row.count, row.window_start = 1, now
        else:
            row.count += 1


def digest_of(what: str) -> str:
    """What is kept in place of a text."""
    return hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()
