"""Sets of templates by their digest: what was answered is shown, judged, printed and joined with what it answered."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from threading import Lock

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from formengine import Library, unpack_library
from web.store import Store
from web.store.models import TemplateSet

from .errors import NoTemplates

KEPT_LIBRARIES = 8
"""So many sets beside the one in use stay in memory; others are read again when somebody opens what answered them."""


class Versions:
    """The templates in use now, and those that earlier answers were given to."""

    def __init__(self, store: Store, library: Library) -> None:
        self.store, self.now = store, library
        self._known: OrderedDict[str, Library] = OrderedDict()
        self._lock = Lock()

    @property
    def current(self) -> str:
        """The digest of the set that is in use now."""
        return self.now.digest

    def keep(self, session: Session, now: datetime) -> str:
        """Keep the set that is in use, where it is not kept yet; returns its digest."""
        if session.scalar(select(TemplateSet.digest).where(TemplateSet.digest == self.current)) is None:
            made = TemplateSet(digest=self.current, content=self.now.packed(), first_used_at=now)
            with suppress(IntegrityError), session.begin_nested():  # somebody else may be first with the same set
                session.add(made)
        return self.current

    def library(self, digest: str) -> Library:
        """The templates of a set; raises ``NoTemplates`` for one that was never kept."""
        if digest == self.current:
            return self.now
        with self._lock:
            if digest in self._known:
                self._known.move_to_end(digest)
                return self._known[digest]
        found = self._read(digest)
        with self._lock:
            self._known[digest] = found
            while len(self._known) > KEPT_LIBRARIES:
                self._known.popitem(last=False)
        return found

    def _read(self, digest: str) -> Library:
        with self.store.read() as session:
            content = session.scalar(select(TemplateSet.content).where(TemplateSet.digest == digest))
        if content is None:
            raise NoTemplates("这件申请填写时的表格没有保存下来")
        return unpack_library(content)
