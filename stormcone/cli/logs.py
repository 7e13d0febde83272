"""Logs: event and key=value on standard error, nothing of a mention's text, no secret.

Set up once by the command line. STORMCONE_LOG_LEVEL chooses what is shown.
"""

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import structlog

from stormcone.collecting import hide_secrets
from stormcone.errors import ConfigError

_LEVELS = ("debug", "info", "warning", "error")
_LOUD_LIBRARIES = (
    *("apscheduler", "alembic", "sqlalchemy", "httpx", "httpcore", "urllib3", "requests", "oauthlib"),
    *("tweepy", "praw", "prawcore", "mastodon", "atproto", "atproto_client", "websockets"),
)
_hidden: dict[str, str] = {}  # secrets by the name of their variable; logging belongs to the whole process anyway


def hide_in_logs(secrets: Mapping[str, str]) -> None:
    """Let no secret appear in a log line from now on, whoever writes it."""
    _hidden.update(secrets)


class _Discreet(logging.Formatter):
    """Writes what libraries log, without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return hide_secrets(super().format(record), _hidden)


def set_up_logs(stream: TextIO | None = None) -> None:
    """Send logs to `stream` (standard error) at the level the environment names; warnings by default.

    Raises: ConfigError: STORMCONE_LOG_LEVEL is none of debug, info, warning, error.
    """
    name = os.environ.get("STORMCONE_LOG_LEVEL", "warning").lower()
    if name not in _LEVELS:
        raise ConfigError("STORMCONE_LOG_LEVEL", value=name, remedy=f"give one of {', '.join(_LEVELS)}")
    level = getattr(logging, name.upper())
    output = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False),
            lambda _logger, _method, line: hide_secrets(str(line), _hidden),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=output),
    )
    logging.basicConfig(stream=output, level=logging.WARNING, force=True)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(_Discreet(logging.BASIC_FORMAT))
    for library in _LOUD_LIBRARIES:
        # At DEBUG some of them print headers with tokens, and APScheduler prints tracebacks that we have told already.
        logging.getLogger(library).setLevel(logging.ERROR)


def log_to_file(path: Path) -> None:
    """Send logs to a file from now on."""
    set_up_logs(path.open("a", encoding="utf-8"))
