"""`stormcone run`, `watch`, `dashboard`, `poll`: the daemon, the screens, and both together.

Signals end a daemon within seconds. The dashboard is a process of its own, so that neither can hang the other.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import structlog
import typer

from stormcone.cli.options import ConfigOption, open_configured_store, read_config
from stormcone.config import Config, default_path, gather_secrets
from stormcone.errors import UsageError
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.building import build_channels, build_collectors, missing_keys, refuse_deaf_channels
from stormcone.pipeline.watcher import Watcher
from stormcone.store import Store, read_clock

_log = structlog.get_logger(__name__)
_RESTART_SECONDS = 2.0
_PATIENCE_SECONDS = 3.0

ForOption = Annotated[float | None, typer.Option("--for", min=0, help="Seconds after which to end; default: never.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("watch")(watch)
    app.command("dashboard")(dashboard)
    app.command("poll")(poll)


def run(config: ConfigOption = None, seconds: ForOption = None) -> None:
    """Watch, and show the dashboard."""
    path = config or default_path()
    settings = read_config(path)
    with showing_dashboard(path, host=settings.dashboard.host, port=settings.dashboard.port):
        _watch(settings, seconds)


def watch(config: ConfigOption = None, seconds: ForOption = None) -> None:
    """Poll, detect and notify, without screens."""
    _watch(read_config(config), seconds)


def dashboard(
    config: ConfigOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Show the dashboard only."""
    from dashboard.serving import serve  # noqa: PLC0415 - Streamlit takes a second to import; other commands need none

    serve(config or default_path(), host=host, port=port, ready=_say_address)


def poll(
    config: ConfigOption = None,
    once: Annotated[bool, typer.Option("--once", help="Poll every source once and leave.")] = False,  # noqa: FBT002
) -> None:
    """Poll every source once; exit 1 where one did not answer."""
    if not once:
        raise UsageError("poll: say --once; `stormcone watch` polls for ever")
    settings = read_config(config)
    store = open_configured_store(settings)
    failed = {name: reason for name, reason in _watcher(settings, store).poll_once().items() if reason}
    store.close()
    for name, reason in failed.items():
        sys.stderr.write(f"{name}: {reason.removeprefix(f'{name}: ')}\n")
    if failed:
        raise typer.Exit(1)


@contextmanager
def showing_dashboard(path: Path, *, host: str, port: int) -> Iterator[None]:
    """Keep a dashboard process running while the block runs; started again should it end by itself."""
    command = [
        sys.executable,
        "-m",
        "stormcone",
        "dashboard",
        "--config",
        str(path),
        "--host",
        host,
        "--port",
        str(port),
    ]
    stopping = threading.Event()
    child = _Child(command, stopping)
    keeper = threading.Thread(target=child.keep, name="dashboard", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopping.set()
        child.end()


class _Child:
    """A child process that is started again when it ends by itself."""

    def __init__(self, command: list[str], stopping: threading.Event) -> None:
        self._command = command
        self._stopping = stopping
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen(self._command)  # noqa: S603 - our own interpreter and our own command
            code = self._process.wait()
            if not self._stopping.is_set():
                _log.error("dashboard_ended", code=code, restart_seconds=_RESTART_SECONDS)
                self._stopping.wait(_RESTART_SECONDS)

    def end(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _watch(settings: Config, seconds: float | None) -> None:
    refuse_deaf_channels(settings)
    with until_told(seconds) as told:  # first of all: whoever starts us may end us at once
        store = open_configured_store(settings)
        watcher = _watcher(settings, store)
        watcher.start()
        told.wait()
        watcher.stop()
        store.close()


def _watcher(settings: Config, store: Store) -> Watcher:
    clock = read_clock(store.database)
    owner = f"{socket.gethostname()}:{os.getpid()}"
    return Watcher(
        build_pipeline(settings, store, clock),
        build_collectors(settings, clock, store),
        build_channels(settings, threads=store.threads),
        owner=owner,
        needs=missing_keys(settings),
        outside_url=gather_secrets([settings.watch], os.environ).get(settings.watch.heartbeat_url_env or ""),
    )


class Told:
    """Waits for a signal or for the time to be up."""

    def __init__(self, seconds: float | None) -> None:
        self._event = threading.Event()
        self._until = None if seconds is None else time.monotonic() + seconds

    def tell(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End the wait."""
        self._event.set()

    def wait(self) -> None:
        """Return when told, or when the time is up."""
        while not self._event.is_set():
            left = None if self._until is None else self._until - time.monotonic()
            if left is not None and left <= 0:
                return
            self._event.wait(min(left, 1.0) if left is not None else 1.0)


@contextmanager
def until_told(seconds: float | None) -> Iterator[Told]:
    """Hand out something to wait for: SIGTERM, SIGINT, or `seconds` to pass."""
    told = Told(seconds)
    before = {number: signal.signal(number, told.tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_address(address: str) -> None:
    typer.echo(f"dashboard: {address}")
    sys.stdout.flush()
