"""The real server as a child process on loopback: readiness, health, headers, and a quick end."""

import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboard.serving import refuse_public, serve, streamlit_options
from stormcone.config import DashboardSettings
from stormcone.errors import ConfigError
from tests.dashboard.seeding import Scene, write_config

START_SECONDS = 40
ROOT = Path(__file__).parents[2]
CHILD = """
import sys
from pathlib import Path
from dashboard.serving import serve
serve(Path(sys.argv[1]), host=None, port=0, ready=lambda address: print(address, flush=True))
"""


@contextmanager
def running(config_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the dashboard on a free port; yield the process and its address."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(config_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=config_path.parent,
    )
    try:
        assert child.stdout is not None
        assert select.select([child.stdout], [], [], START_SECONDS)[0], "the dashboard did not get ready"
        yield child, child.stdout.readline().strip()
    finally:
        child.kill()
        child.communicate()


def get(address: str, path: str) -> http.client.HTTPResponse:
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        response.body = response.read().decode()  # type: ignore[attr-defined]  # kept for the assertion
        return response


def test_server_answers_live_checks_and_ends_quickly(tmp_path: Path) -> None:
    config_path = write_config(tmp_path)
    scene = Scene(config_path, datetime.now(UTC))
    with running(config_path) as (child, address):
        assert address.startswith("http://127.0.0.1:")
        absent = get(address, "/livez")
        assert (absent.status, absent.body) == (503, "watcher")

        scene.store.leases.take("watcher", owner="test", now=datetime.now(UTC), seconds=60)
        alive = get(address, "/livez")
        assert (alive.status, alive.body) == (200, "ok")

        silent_since = datetime.now(UTC) - timedelta(seconds=16)
        scene.store.leases.take("watcher", owner="test", now=silent_since, seconds=60)
        assert get(address, "/livez").status == 503

        page = get(address, "/")
        assert page.status == 200
        policy = page.headers["Content-Security-Policy"]
        assert "img-src 'self' data: blob:" in policy
        assert "frame-ancestors 'none'" in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"

        asked_at = time.monotonic()
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=10) == 0
        assert time.monotonic() - asked_at < 5
        output, errors = child.communicate()
        assert output == ""
        assert "Traceback" not in errors
    scene.close()


def test_lost_database_is_named_by_the_live_check(tmp_path: Path) -> None:
    config_path = write_config(tmp_path)
    with running(config_path) as (_, address):
        (tmp_path / "stormcone.db").unlink()
        lost = get(address, "/livez")
        assert (lost.status, lost.body) == (503, "database")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])  # noqa: S104 - must be refused
def test_address_that_others_reach_is_refused(host: str) -> None:
    with pytest.raises(ConfigError, match=r"dashboard\.host"):
        refuse_public(host, DashboardSettings())


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_is_allowed(host: str) -> None:
    refuse_public(host, DashboardSettings())


def test_whoever_asks_for_it_may_be_public() -> None:
    refuse_public("0.0.0.0", DashboardSettings(allow_public=True))  # noqa: S104 - the setting under test


def test_taken_port_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORMCONE_CONFIG", "kept")
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(ConfigError, match=r"dashboard\.port"):
        serve(write_config(tmp_path), port=other.getsockname()[1])


def test_streamlit_is_told_to_stay_quiet_and_offline() -> None:
    options = streamlit_options("127.0.0.1", 8501, DashboardSettings(public_url="https://storm.example.org/x"))
    assert options["browser.gatherUsageStats"] is False
    assert options["server.headless"] is True
    assert options["server.fileWatcherType"] == "none"
    assert set(options["server.allowedHosts"]) == {"127.0.0.1", "::1", "localhost", "storm.example.org"}
