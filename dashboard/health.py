"""`/livez`: one word for whoever watches the watcher. The only route that answers without a page.

Says `ok` while this server lives and the watcher renewed its lease lately; else 503 and why. Counts the machine's real
time, also in a drill: a lease is about processes, not about what they simulate.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.context import Context
from stormcone.clock import SystemClock
from stormcone.errors import StoreError

WATCHER_LEASE = "watcher"
_LEAST_PATIENCE_SECONDS = 15.0
_TICKS = 3


def is_alive(renewed_at: datetime | None, *, now: datetime, tick_seconds: float) -> bool:
    """Return whether a watcher that renewed its lease at `renewed_at` counts as alive.

    >>> from datetime import UTC
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> is_alive(at, now=at + timedelta(seconds=16), tick_seconds=5), is_alive(None, now=at, tick_seconds=5)
    (False, False)
    """
    patience = timedelta(seconds=max(_LEAST_PATIENCE_SECONDS, _TICKS * tick_seconds))
    return renewed_at is not None and now - renewed_at <= patience


def livez(context: Context) -> Callable[[Request], Response]:
    """Return the handler of `/livez`; Starlette runs it in a worker thread."""

    def answer(_request: Request) -> Response:
        try:
            renewed_at = context.open().store.leases.renewed_at(WATCHER_LEASE)
        except StoreError:
            return PlainTextResponse("database", status_code=503)
        if is_alive(renewed_at, now=SystemClock().now(), tick_seconds=context.config.watch.tick_seconds):
            return PlainTextResponse("ok")
        return PlainTextResponse("watcher", status_code=503)

    return answer
