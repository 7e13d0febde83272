"""Serves the dashboard: one process with the pages, `/livez`, `/ack` and the security headers.

Called by the command line, usually as a child process. Listens on loopback unless the settings allow more, opens no
browser, asks nothing outside, and prints nothing: `ready` is told the address once the port accepts.
"""

import errno
import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.bootstrap import load_config_options

from alerts.ack_links import PATH as ACK_PATH
from dashboard.ack_page import ack_page, robots
from dashboard.colours import theme_options
from dashboard.context import Context
from dashboard.headers import SecurityHeaders
from dashboard.health import livez
from stormcone.config import DashboardSettings
from stormcone.errors import ConfigError

_SCRIPT = Path(__file__).parent / "app.py"
_PING_SECONDS = 20.0  # keeps proxies from closing a quiet websocket
_GRACE_SECONDS = 1  # what open pages get when the server is told to end


def serve(
    config_path: Path, *, host: str | None = None, port: int | None = None, ready: Callable[[str], None] | None = None
) -> None:
    """Serve the dashboard until the process is told to end (SIGTERM, SIGINT); then return.

    Args: host, port: instead of the settings' [dashboard]; port 0 takes a free one. ready: called with the address,
        such as "http://127.0.0.1:8501", once the port accepts.
    Raises: ConfigError: the settings are wrong, the port is taken, or the address is not loopback although nobody
        logs in. StoreError: the database cannot be opened or created.
    """
    os.environ["STORMCONE_CONFIG"] = str(config_path.resolve())  # the page script learns it from there
    context = Context(config_path)
    settings = context.config.dashboard
    address = host if host is not None else settings.host
    refuse_public(address, settings)
    context.create()
    with _bound(address, settings.port if port is None else port) as listener:
        bound_port = int(listener.getsockname()[1])
        load_config_options(streamlit_options(address, bound_port, settings))
        server = _Server(_uvicorn_config(build_app(context)), ready, _address(address, bound_port))
        with _own_signals():
            server.run(sockets=[listener])
    context.close()


def build_app(context: Context) -> st.App:
    """Return the ASGI application: the pages, `/livez`, acknowledge links, the security headers."""
    # Else a link into a page, followed before anybody opened the first one, shows it without frame and navigation.
    PagesManager.uses_pages_directory = False
    return st.App(
        _SCRIPT,
        routes=[
            Route("/livez", livez(context)),
            Route(f"{ACK_PATH}/{{token:path}}", ack_page(context), methods=["GET", "POST"]),
            Route("/robots.txt", robots),
        ],
        middleware=[Middleware(SecurityHeaders)],
    )


def refuse_public(host: str, settings: DashboardSettings) -> None:
    """Refuse an address that others could reach although nobody logs in. Raises: ConfigError."""
    if settings.allow_public or host == "localhost":
        return
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ConfigError(
            "dashboard.host",
            value=host,
            remedy="others could reach it and nobody logs in; use 127.0.0.1, or set dashboard.allow_public = true",
        )


def streamlit_options(host: str, port: int, settings: DashboardSettings) -> dict[str, Any]:
    """Return Streamlit's options: quiet, offline, and answering only to names we know."""
    known_hosts = [] if settings.allow_public else ["127.0.0.1", "localhost", "::1", host]
    public_host = urlsplit(settings.public_url).hostname
    if known_hosts and public_host:
        known_hosts.append(public_host)
    return {
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.showSidebarNavigation": False,
        "client.toolbarMode": "viewer",
        "logger.level": "error",
        "runner.magicEnabled": False,
        "server.address": host,
        "server.allowedHosts": sorted(set(known_hosts)),
        "server.fileWatcherType": "none",
        "server.headless": True,
        "server.port": port,
        "server.showEmailPrompt": False,
    } | theme_options()


class _Server(uvicorn.Server):
    """Tells when the port really accepts."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None] | None, address: str) -> None:
        super().__init__(config)
        self._ready = ready
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started and self._ready is not None:
            self._ready(self._address)


def _uvicorn_config(app: st.App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level="error",
        ws="websockets-sansio",
        ws_ping_interval=_PING_SECONDS,
        ws_ping_timeout=_PING_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            taken = error.errno in {errno.EADDRINUSE, errno.EACCES}
            key, value = ("dashboard.port", port) if taken else ("dashboard.host", host)
            remedy = (
                "taken or not allowed; name another, or 0 for a free one" if taken else "not an address of this machine"
            )
            raise ConfigError(key, value=value, remedy=remedy) from error
        listener.listen(128)
        listener.setblocking(False)
        yield listener


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _own_signals() -> Iterator[None]:
    """Return when told to end: uvicorn would raise the signal once more, and the process would die of it.

    Only the main thread may set handlers; elsewhere (tests) nothing is changed.
    """
    if current_thread() is not main_thread():
        yield
        return

    def take_note(_signal: int, _frame: FrameType | None) -> None:
        return None

    before = {number: signal.signal(number, take_note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
