"""Staff accounts: who may log in, sessions that the server can end, and patience with wrong tries. No Flask here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from web.store import Store
from web.store.models import Staff, StaffSession
from web.store.throttle import Patience, digest_of
from web.store.trail import note

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
TRIES_PER_LOGIN = 5
TRIES_PER_ADDRESS = 30
MIN_PASSWORD = 10


class Role(StrEnum):
    """What a person of the staff does here."""

    CLERK = "clerk"
    OFFICER = "officer"
    AUTHOR = "author"
    ADMIN = "admin"
    AUDITOR = "auditor"


ROLE_LABELS = {
    Role.CLERK: "窗口人员",
    Role.OFFICER: "部门经办人",
    Role.AUTHOR: "模板作者",
    Role.ADMIN: "管理员",
    Role.AUDITOR: "审计员",
}


class BadLogin(Exception):
    """The login or the password is wrong (it is never said which)."""


class BadAccount(Exception):
    """An account cannot be made so; the message says why."""


@dataclass(frozen=True)
class Person:
    """Who is logged in."""

    id: int
    login: str
    name: str
    role: Role
    department: str | None


class Accounts:
    """The staff of one office."""

    def __init__(self, store: Store, hasher: PasswordHasher | None = None) -> None:
        self.store, self.patience = store, Patience(store)
        self.hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """The hash of a password that nobody has: an unknown login takes as long as a known one."""
        return self.hasher.hash(secrets.token_hex(16))

    def create(
        self, login: str, name: str, role: Role, password: str, now: datetime, department: str | None = None
    ) -> None:
        """Make an account; raises ``BadAccount``."""
        if len(password) < MIN_PASSWORD:
            raise BadAccount(f"密码至少要 {MIN_PASSWORD} 位")
        if (role == Role.OFFICER) != bool(department):
            raise BadAccount("部门经办人须选部门，其他角色不选")
        made = Staff(login=login, name=name, role=role, department=department, active=True, created_at=now)
        made.password_hash = self.hasher.hash(password)
        try:
            with self.store.write() as session:
                session.add(made)
        except IntegrityError as error:
            raise BadAccount(f"已有账号“{login}”") from error

    def log_in(self, login: str, password: str, address: str, now: datetime) -> str:
        """Returns the token of a new session. Raises ``BadLogin``, ``TooManyTries``."""
        login = login.strip()[:64]
        keys = (f"login\0{login}", f"login-address\0{address}")
        self.patience.check(now, (keys[0], TRIES_PER_LOGIN), (keys[1], TRIES_PER_ADDRESS))
        with self.store.read() as session:
            found = session.scalar(select(Staff).where(Staff.login == login, Staff.active))
        if not self.matches(found.password_hash if found else self._nobody, password) or found is None:
            self.patience.failed(now, *keys)
            with self.store.write() as session:
                note(session, None, now, "anonymous", "log-in refused")
            raise BadLogin("账号或者密码不对")
        token = secrets.token_urlsafe(32)
        with self.store.write() as session:
            session.add(StaffSession(digest=digest_of(token), staff_id=found.id, created_at=now, seen_at=now))
            note(session, None, now, found.login, "logged in")
        return token

    def matches(self, known: str, password: str) -> bool:
        """Whether a password is the one that was hashed."""
        try:
            return self.hasher.verify(known, password[:1000])
        except (Argon2Error, InvalidHashError):
            return False

    def set_passwords(self, logins: Sequence[str], password: str) -> None:
        """Give several accounts a new password and end their sessions."""
        with self.store.write() as session:
            for one in session.scalars(select(Staff).where(Staff.login.in_(logins))):
                one.password_hash = self.hasher.hash(password)
                session.execute(delete(StaffSession).where(StaffSession.staff_id == one.id))

    def who(self, token: str, now: datetime) -> Person | None:
        """The person of a session that has not ended; None otherwise. Keeps the session awake."""
        with self.store.read() as session:
            found = session.get(StaffSession, digest_of(token))
        if found is None or found.ended_at is not None or not found.staff.active:
            return None
        if now >= min(found.seen_at + IDLE, found.created_at + LONGEST):
            return None
        if now - found.seen_at > timedelta(minutes=1):
            with self.store.write() as session:
                session.execute(update(StaffSession).where(StaffSession.digest == found.digest).values(seen_at=now))
        one = found.staff
        return Person(one.id, one.login, one.name, Role(one.role), one.department)

    def log_out(self, token: str, now: datetime) -> None:
        """End one session."""
        with self.store.write() as session:
            ended = update(StaffSession).where(StaffSession.digest == digest_of(token)).values(ended_at=now)
            session.execute(ended)

    def end_sessions(self, staff_id: int, now: datetime, by: str) -> None:
        """End every session of a person."""
        running = (StaffSession.staff_id == staff_id) & StaffSession.ended_at.is_(None)
        with self.store.write() as session:
            session.execute(update(StaffSession).where(running).values(ended_at=now))
            note(session, None, now, by, "sessions ended", staff=staff_id)

    def set_active(self, staff_id: int, active: bool, now: datetime, by: str) -> None:
        """Open or shut an account; shutting it ends its sessions."""
        with self.store.write() as session:
            session.execute(update(Staff).where(Staff.id == staff_id).values(active=active))
            note(session, None, now, by, "account opened" if active else "account shut", staff=staff_id)
        if not active:
            self.end_sessions(staff_id, now, by)

    def everyone(self, now: datetime) -> Sequence[tuple[Staff, int]]:
        """Every account with the number of its running sessions."""
        with self.store.read() as session:
            staff = session.scalars(select(Staff).order_by(Staff.login)).all()
            awake = session.scalars(
                select(StaffSession.staff_id).where(StaffSession.ended_at.is_(None), StaffSession.seen_at > now - IDLE)
            ).all()
        return [(one, sum(1 for owner in awake if owner == one.id)) for one in staff]
