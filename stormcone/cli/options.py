"""Options that several commands share, and how a command opens what they name."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from stormcone.cli.logs import hide_in_logs
from stormcone.config import Config, default_path, gather_secrets, load_config
from stormcone.errors import ConfigError, UsageError
from stormcone.ports import Settings
from stormcone.store import Store, open_store

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file; default: STORMCONE_CONFIG, or config.toml here."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def read_config(path: Path | None) -> Config:
    """Return the settings named, or those in the usual place; the secrets they name are kept out of logs.

    Raises: ConfigError.
    """
    config = load_config(path or default_path())
    hide_in_logs(gather_secrets(_naming_secrets(config), os.environ))
    return config


def _naming_secrets(config: Config) -> tuple[Settings, ...]:
    return (config.store, config.watch, config.playbook.pause, *config.sources.values(), *config.channels)


def read_instant(option: str, text: str | None) -> datetime | None:
    """Return the instant that an option gives, None where it was not used; without a zone it is UTC.

    Raises: UsageError: it is no ISO date or instant.
    >>> read_instant("--since", "2026-01-31").isoformat()
    '2026-01-31T00:00:00+00:00'
    """
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{option} {text!r}: give an ISO instant such as 2026-01-31T12:00:00Z") from None


def open_configured_store(config: Config, *, is_read_only: bool = False) -> Store:
    """Open the database that the settings name. Args: is_read_only: so that nothing can be written.

    Raises: ConfigError: the variable that holds its URL is not set. StoreError.
    """
    url = config.store.url
    if config.store.url_env:
        secrets = gather_secrets([config.store], os.environ)
        if config.store.url_env not in secrets:
            raise ConfigError("store.url_env", value=config.store.url_env, remedy="set this environment variable")
        url = secrets[config.store.url_env]
    return open_store(
        url,
        busy_timeout_seconds=config.store.busy_timeout_seconds,
        folder=config.folder,
        is_read_only=is_read_only,
    )
