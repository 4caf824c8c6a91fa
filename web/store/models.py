"""The tables. Whatever a person can be known by stands in sealed columns only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, Integer, LargeBinary, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from .sealed import Sealed, SealedJSON, SealedText

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A point in time, aware, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class TemplateSet(Base):
    """A set of templates that something answered, kept whole: nothing in it is about anybody."""

    __tablename__ = "template_set"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    first_used_at: Mapped[datetime]


class FormVersion(Base):
    """A merged form that some submission answered, kept as it was."""

    __tablename__ = "form_version"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    meaning: Mapped[str] = mapped_column(String(64), index=True)
    scenario: Mapped[str] = mapped_column(String(64))
    schema: Mapped[dict[str, Any]]
    first_used_at: Mapped[datetime]


class Case(Base):
    """One joint application (办件), from its draft on."""

    __tablename__ = "case"
    id: Mapped[int] = mapped_column(primary_key=True)
    begin_key: Mapped[str] = mapped_column(String(64), unique=True)
    """Hash of the page it was begun on: beginning twice from one page is beginning once."""
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed hash of the code that opens it."""
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    scenario: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200), server_default="")
    """What the scenario is called in the templates that the case answers."""
    templates: Mapped[str | None] = mapped_column(ForeignKey("template_set.digest"))
    """The set of templates that the case answers."""
    state: Mapped[str] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJSON)
    saves: Mapped[int] = mapped_column(Integer, default=0)
    writers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """For each section the open page (a random mark) that wrote it last, and how often that had sent itself."""
    fingerprint: Mapped[str | None] = mapped_column(ForeignKey("form_version.fingerprint"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    filings: Mapped[list[Filing]] = relationship(back_populates="case", order_by="Filing.id")
    __table_args__ = (Index(None, "state", "submitted_at"),)


class Filing(Base):
    """One department's part of a case (分办件), as it was split when it was submitted."""

    __tablename__ = "filing"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    form: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200), server_default="")
    """What the form is called in the templates that it was split by."""
    templates: Mapped[str | None] = mapped_column(ForeignKey("template_set.digest"))
    department: Mapped[str] = mapped_column(String(64))
    values: Mapped[dict[str, Any]] = mapped_column(SealedJSON)
    pending: Mapped[list[Any]]
    rows: Mapped[dict[str, Any]]
    computed: Mapped[list[Any]]
    submitted_at: Mapped[datetime]
    case: Mapped[Case] = relationship(back_populates="filings")
    __table_args__ = (UniqueConstraint("case_id", "form"), Index(None, "department", "submitted_at"))


class Attachment(Base):
    """An uploaded material or a signature; ``id`` is what stands in the answers."""

    __tablename__ = "attachment"
    id: Mapped[str] = mapped_column(String(68), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    path: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(SealedText)
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(Sealed))
    covers: Mapped[str | None] = mapped_column(String(64))
    """Of a signature: keyed hash of what was signed."""
    created_at: Mapped[datetime]


class SearchKey(Base):
    """A keyed hash by which a case is found: of a name, an ID number or a phone."""

    __tablename__ = "search_key"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class Event(Base):
    """What happened, when, and who did it: never what was written."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40))
    detail: Mapped[dict[str, Any]]


class Staff(Base):
    """A person who works here."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(SealedText)
    role: Mapped[str] = mapped_column(String(20))
    department: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool]
    created_at: Mapped[datetime]


class StaffSession(Base):
    """A log-in that has not ended; the cookie holds what ``digest`` is the hash of."""

    __tablename__ = "staff_session"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    staff: Mapped[Staff] = relationship(lazy="joined")


class Throttle(Base):
    """How often something was tried in vain in the running window."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    window_start: Mapped[datetime]


class Sequence(Base):
    """The last number given out under a name."""

    __tablename__ = "sequence"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    last: Mapped[int]
