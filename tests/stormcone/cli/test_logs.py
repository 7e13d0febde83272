import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from stormcone.cli.logs import set_up_logs
from stormcone.errors import ConfigError


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def written(monkeypatch: pytest.MonkeyPatch, level: str | None) -> str:
    """Return what is shown of an info and a warning at a level."""
    monkeypatch.delenv("STORMCONE_LOG_LEVEL", raising=False)
    if level is not None:
        monkeypatch.setenv("STORMCONE_LOG_LEVEL", level)
    stream = io.StringIO()
    set_up_logs(stream)
    log = structlog.get_logger("test")
    log.info("polled", source="x")
    log.warning("poll_failed", source="x")
    logging.getLogger("httpx").warning("a request with its headers")
    return stream.getvalue()


def test_warnings_are_shown_unless_more_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = written(monkeypatch, None)
    assert "poll_failed" in usual
    assert "source=x" in usual
    assert "polled" not in usual
    assert "polled" in written(monkeypatch, "INFO")
    assert written(monkeypatch, "error") == ""


def test_libraries_that_print_requests_are_kept_quiet_at_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "headers" not in written(monkeypatch, "debug")


def test_an_unknown_level_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="STORMCONE_LOG_LEVEL = 'loud': give one of debug"):
        written(monkeypatch, "loud")
