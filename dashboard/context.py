"""What every page stands on: the settings, the store and the clock.

Opened once per server and settings file, shared by all viewers. Notices when a SQLite file was taken away or replaced
under it, which an open connection alone would never tell. Never writes.
"""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from stormcone.clock import Clock
from stormcone.config import Config, default_path, load_config
from stormcone.errors import ConfigError, StoreError
from stormcone.store import Store, open_store, read_clock
from stormcone.store.database import resolve_url
from stormcone.store.screens import Screens

_BUSY_TIMEOUT_SECONDS = 2.0  # a screen says that it does not know sooner than it makes a person wait


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStore:
    """The doors a page reads through, and the clock of this database (simulated in a drill)."""

    store: Store
    screens: Screens
    clock: Clock


class Context:
    """Settings and, as soon as it answers, the store."""

    def __init__(self, config_path: Path) -> None:
        self.config: Config = load_config(config_path)
        self._url = _database_url(self.config)
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._opened: tuple[int, int] | None = None

    def create(self) -> None:
        """Open the database and create it where it does not exist yet. Raises: StoreError."""
        with self._lock:
            self._reopen()

    def open(self) -> OpenStore:
        """Return the open database and its clock.

        Raises: StoreError: it is gone, was never made, or does not answer.
        """
        with self._lock:
            if self._store is None or self._identity() != self._opened:
                self._refuse_absent()
                self._reopen()
            store = self._store
        if store is None:
            raise StoreError("the database is not open")
        return OpenStore(store=store, screens=Screens(store.database), clock=read_clock(store.database))

    def close(self) -> None:
        """Give the database back."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = self._opened = None

    def _reopen(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
        self._store = open_store(self._url, busy_timeout_seconds=_BUSY_TIMEOUT_SECONDS, folder=self.config.folder)
        self._opened = self._identity()

    def _refuse_absent(self) -> None:
        """An empty new file in place of a lost one would look like a quiet day."""
        file = self._file()
        if file is not None and not file.exists():
            raise StoreError(f"{file}: no such database; start `stormcone run`, or restore the file")

    def _identity(self) -> tuple[int, int] | None:
        file = self._file()
        if file is None:
            return None
        try:
            found = file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _file(self) -> Path | None:
        url = resolve_url(self._url, folder=self.config.folder)
        if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
            return None
        return Path(url.database)


def _database_url(config: Config) -> str:
    name = config.store.url_env
    if not name:
        return config.store.url
    if name not in os.environ:
        raise ConfigError("store.url_env", value=name, remedy="set this environment variable to the database URL")
    return os.environ[name]


@st.cache_resource(max_entries=4, show_spinner=False)
def _shared(config_path: str) -> Context:
    return Context(Path(config_path))


def current_path() -> str:
    """Return the settings file of this server (STORMCONE_CONFIG), absolute: the key of every cache."""
    return str(default_path().resolve())


def shared_context(config_path: str) -> Context:
    """Return the context that all viewers of this server share. Raises: ConfigError."""
    return _shared(config_path)
