"""Notes that the watcher's parts live, and tells somebody outside while all of them do.

The dead-man's switch: a watcher that hangs, lost its database or was unplugged can tell nobody. So a service outside
is called while all is well, and that service tells people when the calls stop. What "well" means is in auditing.py.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from alerts.posting import post
from stormcone.clock import Clock
from stormcone.errors import DeliveryError
from stormcone.models.heartbeats import Heartbeat, Part
from stormcone.store import Store

OUTSIDE_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 5.0  # how often it is asked whether a call is due and may be made
_BETWEEN_CALLS: Final = timedelta(seconds=OUTSIDE_SECONDS - 1)
_WRITE_SECONDS: Final = 10.0  # a sign of life is worth a commit so often
_TIMEOUT_SECONDS: Final = 10.0
_log = structlog.get_logger(__name__)


class Heartbeats:
    """Writes signs of life, not oftener than is worth a commit. clock: of the machine."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._written: dict[Part, datetime] = {}

    def beat(self, part: Part, *, every_seconds: float, detail: str | None = None) -> None:
        """Note that a part has just done its work. Raises: StoreError: it is noted the next time."""
        now = self._clock.now()
        last = self._written.get(part)
        if last is not None and timedelta(0) <= now - last < timedelta(seconds=_WRITE_SECONDS):
            return
        every = max(every_seconds, _WRITE_SECONDS)
        self._store.heartbeats.beat(Heartbeat(part=part, at=now, every_seconds=every, detail=detail))
        self._written[part] = now


class Outside:
    """Calls the outside heartbeat. url: from the environment; it may itself be the secret, so it is never logged.

    clock: of the machine. why_not: says what speaks against a call, None where all is well.
    """

    def __init__(self, url: str, clock: Clock, *, allow_private: bool, why_not: Callable[[], str | None]) -> None:
        self._url = url
        self._clock = clock
        self._allow_private = allow_private
        self._why_not = why_not
        self._called_at: datetime | None = None
        self._told = ""  # in the log once, not at every look

    def call_when_due(self) -> bool:
        """Call where a minute has passed and nothing speaks against it. Returns: whether it was called and answered."""
        now = self._clock.now()
        if self._called_at is not None and timedelta(0) <= now - self._called_at < _BETWEEN_CALLS:
            return False
        reason = self._why_not() or self._call(now)
        if reason is not None:
            _log.log(logging.WARNING if reason != self._told else logging.DEBUG, "outside_not_called", reason=reason)
        else:
            self._called_at = now
        self._told = reason or ""
        return reason is None

    def _call(self, now: datetime) -> str | None:
        try:
            post(
                "outside heartbeat",
                self._url,
                body=b"",
                headers={"User-Agent": "stormcone"},
                timeout_seconds=_TIMEOUT_SECONDS,
                allow_private=self._allow_private,
                now=now,
                method="GET",
            )
        except DeliveryError as error:
            return str(error)
        return None
