"""Logs: event and key=value on standard error, nothing of a mention's text, no secret.

Set up once by the command line. STORMCONE_LOG_LEVEL chooses what is shown.
"""

import logging
import os
import sys
from pathlib import Path
from typing import TextIO

import structlog

from stormcone.errors import ConfigError

_LEVELS = ("debug", "info", "warning", "error")
_LOUD_LIBRARIES = ("apscheduler", "alembic", "httpx", "httpcore", "sqlalchemy", "urllib3", "tweepy", "prawcore")


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
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=output),
    )
    logging.basicConfig(stream=output, level=logging.WARNING, force=True)
    for library in _LOUD_LIBRARIES:
        # At DEBUG some of them print headers with tokens, and APScheduler prints tracebacks that we have told already.
        logging.getLogger(library).setLevel(logging.ERROR)


def log_to_file(path: Path) -> None:
    """Send logs to a file from now on."""
    set_up_logs(path.open("a", encoding="utf-8"))
