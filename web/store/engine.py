"""Opening the database: one engine, short sessions, every write transaction on disk before it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Row, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from .errors import StoreNotReady
from .sealed import Vault

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Templates:
    """A set of templates as the tables keep it: its digest, itself, and what its scenarios and forms are called."""

    digest: str
    content: bytes
    scenarios: dict[str, str]
    forms: dict[str, str]


class Store:
    """The database of one office. ``read()``, ``rows()`` and ``write()`` are the only ways in."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine, self.vault = engine, vault
        self._read = sessionmaker(engine, expire_on_commit=False)
        self._look = engine.execution_options(look=True)
        self._write = sessionmaker(engine.execution_options(write=True), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that looks; nothing it changes is kept."""
        with self._read() as session:
            yield session

    def rows(self, statement: Any, **values: Any) -> Sequence[Row[Any]]:
        """The rows of one statement, straight from the connection: the cheapest way to look."""
        with self._look.connect() as connection:
            return connection.execute(statement, values).all()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on any error.

        On SQLite it takes the write lock at once, so that what was read is still true when it is written.
        """
        with self._write.begin() as session:
            yield session

    def upgrade(self, templates: Templates | None = None) -> None:
        """Bring the tables to this program's version.

        ``templates`` are those in use now: cases from before sets of templates were kept are taken to answer them.
        """
        with self.engine.begin() as connection:
            config = _config(connection)
            config.attributes["templates"] = templates
            command.upgrade(config, "head")

    def require_current(self) -> None:
        """Raise ``StoreNotReady`` unless the tables are of this program's version."""
        try:
            with self.engine.connect() as connection:
                found = MigrationContext.configure(connection).get_current_revision()
        except SQLAlchemyError as error:
            raise StoreNotReady("数据库连不上") from error
        if found != ScriptDirectory(str(MIGRATIONS)).get_current_head():
            raise StoreNotReady("数据库的表不是本程序的版本，请先升级")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # a percent sign stands for itself
    config.attributes["connection"] = connection
    return config


def open_store(url: str, vault: Vault) -> Store:
    """Open the database at a SQLAlchemy URL (``sqlite:///…`` or ``postgresql://…``)."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    is_sqlite = parsed.get_backend_name() == "sqlite"
    if is_sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_pre_ping=not is_sqlite, hide_parameters=True)  # no value in any message
    engine.dialect.vault = vault  # type: ignore[attr-defined]
    if is_sqlite:
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    return Store(engine, vault)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Any) -> None:
    options = connection.get_execution_options()
    if not options.get("look"):  # one statement sees one state of the database without being told
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write") else "BEGIN")
