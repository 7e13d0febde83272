"""Opens the database and hands out transactions: one way to write, one way to read, errors in our own words.

Lowest part of the store. SQLite runs in WAL mode with synchronous=FULL (a committed page survives a power cut) and
takes the write lock at BEGIN, so two writers wait for each other instead of failing half-way. Holds no query.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import StaticPool
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from stormcone.errors import StoreBusy, StoreError, StoreReadOnly

_IN_MEMORY = {None, "", ":memory:", "file:"}  # databases of one connection, which every transaction must share
_CONNECT_SECONDS = 10  # a server that drops packets must not keep a person waiting
MEMORY_URL = "sqlite://"  # a database that lives and dies with its process: replays and tests
# The same, but what outgrows the page cache goes to a file without a name: back-tests over a long history.
SCRATCH_URL = "sqlite:///file:?uri=true"


class Database:
    """A database opened by URL. is_read_only: the database itself refuses every write of this process."""

    def __init__(
        self, url: str, *, busy_timeout_seconds: float = 10.0, folder: str = ".", is_read_only: bool = False
    ) -> None:
        self.url = resolve_url(url, folder=folder)
        self.place = self.url.render_as_string(hide_password=True)
        with self._in_our_words():
            self.engine = _create_engine(_reading(self.url) if is_read_only else self.url, busy_timeout_seconds)
        self._reader = self.engine.execution_options(stormcone_reads=True)
        self._brief_writer = self.engine.execution_options(stormcone_is_brief=True)

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, False on PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; it commits when the block ends and rolls back when it raises.

        Raises: StoreBusy, StoreReadOnly, StoreError.
        """
        with self._in_our_words(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write_briefly(self) -> Iterator[Connection]:
        """Open a transaction like `write` that does not wait for the disk: ten times as fast.

        Once committed it survives the end of the process, but not a power cut. For what may be done twice.
        Raises: StoreBusy, StoreReadOnly, StoreError.
        """
        with self._in_our_words(), self._brief_writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a short transaction that only reads; it never waits for a writer. Raises: StoreError."""
        with self._in_our_words(), self._reader.begin() as connection:
            yield connection

    def wait_for_turn(self, connection: Connection, lock: int) -> None:
        """Wait until no other transaction holds the named lock; SQLite has one writer at a time anyway."""
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:  # sqlite3's own: BEGIN goes straight to the driver
            raise _translate(self.place, error) from error
        except (UnicodeEncodeError, OverflowError) as error:  # raised by the drivers before they ask the database
            raise StoreError(
                f"{self.place}: cannot hold a value ({error.__class__.__name__}); nothing stored"
            ) from error


def resolve_url(url: str, *, folder: str) -> URL:
    """Return the SQLAlchemy URL; a relative SQLite path means beside the settings file, PostgreSQL uses psycopg 3.

    SQLite's own URIs (file:...?uri=true) stay as they are.
    Raises: StoreError: the URL names no database we know. The message never shows it: it may hold a password.
    >>> resolve_url("postgresql://ann@db/storm", folder=".").drivername
    'postgresql+psycopg'
    >>> resolve_url("sqlite:///storm.db", folder="/data").database
    '/data/storm.db'
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError("store.url: not a database URL; write sqlite:///FILE or postgresql://HOST/NAME") from error
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(f"store.url: {parsed.drivername!r} is not supported; use sqlite:/// or postgresql://")
    if parsed.database and parsed.database != ":memory:" and not parsed.database.startswith(("/", "file:")):
        return parsed.set(database=f"{folder}/{parsed.database}")
    return parsed


def _reading(url: URL) -> URL:
    """Return the URL of the same database, opened so that it cannot be written."""
    if url.get_backend_name() == "postgresql":
        given = url.query.get("options", "")
        told = given if isinstance(given, str) else " ".join(given)
        return url.update_query_dict({"options": f"{told} -c default_transaction_read_only=on".strip()})
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return url
    if not Path(url.database).exists():
        raise StoreError(f"{url.database}: no such database; `stormcone run` and `stormcone import` make one")
    return URL.create("sqlite", database=f"file:{quote(url.database)}", query={"mode": "ro", "uri": "true"})


def _create_engine(url: URL, busy_timeout_seconds: float) -> Engine:
    if url.get_backend_name() == "postgresql":
        return _create_postgresql_engine(url, busy_timeout_seconds)
    return _create_sqlite_engine(url, busy_timeout_seconds)


def _create_postgresql_engine(url: URL, busy_timeout_seconds: float) -> Engine:
    try:
        engine = create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": _CONNECT_SECONDS}
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError("PostgreSQL needs the extra 'postgres': pip install 'stormcone[postgres]'") from error

    @event.listens_for(engine, "connect")
    def _limit_waiting(dbapi: Any, _record: object) -> None:  # noqa: ANN401 - psycopg or a wrapper of it
        dbapi.execute(f"SET lock_timeout = '{int(busy_timeout_seconds * 1000)}ms'")
        dbapi.commit()  # or the first rollback takes the setting back

    return engine


def _create_sqlite_engine(url: URL, busy_timeout_seconds: float) -> Engine:
    in_memory = url.database in _IN_MEMORY
    engine = create_engine(
        url,
        hide_parameters=True,  # they are what strangers wrote, and errors are logged
        connect_args={"check_same_thread": False, "timeout": busy_timeout_seconds},
        **({"poolclass": StaticPool} if in_memory else {}),
    )

    @event.listens_for(engine, "connect")
    def _configure(dbapi: Any, _record: object) -> None:  # noqa: ANN401 - sqlite3 or a wrapper of it
        dbapi.isolation_level = None  # we say BEGIN ourselves, below
        dbapi.execute(f"PRAGMA busy_timeout={int(busy_timeout_seconds * 1000)}")
        dbapi.execute("PRAGMA foreign_keys=ON")
        dbapi.execute("PRAGMA synchronous=FULL")
        # SQLite does not wait for the lock that the switch takes, so two processes that start at once need patience.
        patiently = Retrying(
            retry=retry_if_exception(_is_locked),
            stop=stop_after_delay(busy_timeout_seconds),
            wait=wait_random(0, 0.05),
            reraise=True,
        )
        patiently(_switch_to_wal, dbapi)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Straight to the driver: this runs for every transaction, and SQLAlchemy's own way costs ten times as much.
        options = connection.get_execution_options()
        dbapi: Any = connection.connection.dbapi_connection
        if options.get("stormcone_reads", False):
            dbapi.execute("BEGIN")
            return
        dbapi.execute(f"PRAGMA synchronous={'NORMAL' if options.get('stormcone_is_brief', False) else 'FULL'}")
        dbapi.execute("BEGIN IMMEDIATE")

    return engine


def _switch_to_wal(dbapi: Any) -> None:  # noqa: ANN401 - sqlite3 or a wrapper of it
    if dbapi.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        dbapi.execute("PRAGMA journal_mode=WAL")


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


# What a driver's message holds -> our error and the remedy; the first that fits is told.
_REMEDIES: tuple[tuple[tuple[str, ...], type[StoreError], str], ...] = (
    (
        ("locked", "lock timeout", "deadlock"),
        StoreBusy,
        "locked by another process; end it, or raise store.busy_timeout_seconds",
    ),
    (("readonly", "read-only"), StoreReadOnly, "cannot be written; check owner and mode of the file and its folder"),
    (("unable to open",), StoreError, "cannot be opened; check that the folder exists and may be written"),
    (("not a database", "malformed"), StoreError, "is not a sound database; restore a backup or name another file"),
    (("disk is full", "disk full"), StoreError, "the disk is full; free some space, nothing was stored in part"),
)


def _translate(place: str, error: Exception) -> StoreError:
    """Say in one line what happened, where, and what to do."""
    reason = next(iter(str(getattr(error, "orig", None) or error).strip().splitlines()), type(error).__name__)[:200]
    for marks, kind, remedy in _REMEDIES:
        if any(mark in reason.lower() for mark in marks):
            return kind(f"{place}: {remedy}")
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        return StoreError(f"{place}: does not answer ({reason}); check that the server runs and the URL is right")
    return StoreError(f"{place}: {reason}")
