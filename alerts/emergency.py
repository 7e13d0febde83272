"""Tells people without the database when nothing can be stored: the disk is full, the database gone or locked for long.

Used by the watcher beside the sender, whose outbox lies in that very database. Goes straight to the channels of whoever
would be paged, at most once in a quarter of an hour, and says once when all is well again. What could not be stored is
not lost: it is judged anew at every tick and leaves by the outbox as soon as that can be written. Writes nothing.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from alerts.delivery import BOUND_PER_TIMEOUT
from alerts.lanes import Attempt, Lane
from alerts.source_notices import source_notices
from stormcone.clock import Clock
from stormcone.config import Config
from stormcone.errors import DeliveryError, StoreBusy, StoreError
from stormcone.models import Level, Moment
from stormcone.ports import Channel

_log = structlog.get_logger(__name__)

AFTER: Final = timedelta(seconds=40)  # shorter trouble passes by itself; told within a minute
AFTER_LOCKED: Final = timedelta(minutes=2)  # a backup may hold the database for a while
AGAIN: Final = timedelta(minutes=15)
_SOURCE: Final = "stormcone store"


class Emergency:
    """Counts how long nothing could be stored, and tells. clock: of the machine, whatever a drill simulates."""

    def __init__(self, config: Config, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._failing_since: datetime | None = None
        self._told_at: datetime | None = None
        self._lanes = {name: self._lane(channel) for name, channel in channels.items()}

    def failed(self, error: StoreError) -> bool:
        """Note that what must be stored could not be. Returns: whether people were told now."""
        now = self._clock.now()
        since = self._failing_since = self._failing_since or now
        self._give_up_overdue()
        patience = AFTER_LOCKED if isinstance(error, StoreBusy) else AFTER
        # A clock that was set back must not keep anybody from being told.
        is_due = abs(now - since) >= patience
        is_repeat = self._told_at is not None and abs(now - self._told_at) < AGAIN
        if not is_due or is_repeat:
            return False
        self._told_at = now
        headline = f"Stormcone can store nothing since {since:%H:%M} UTC, so nobody is told of a storm: {error}"
        self._tell(Moment.UNWELL, headline, now)
        return True

    def worked(self) -> None:
        """Note that what must be stored was; whoever was told of the trouble hears of its end."""
        self._failing_since = None
        self._give_up_overdue()
        if self._told_at is not None:
            self._told_at = None
            self._tell(Moment.WELL_AGAIN, "Stormcone can store again; what it saw meanwhile follows", self._clock.now())

    def _tell(self, moment: Moment, headline: str, now: datetime) -> None:
        notices = source_notices(
            self._config, source=_SOURCE, moment=moment, level=Level.PAGE, headline=headline, at=now
        )
        _log.error("told_without_the_database", moment=moment.value, reason=headline, told=len(notices))
        for each in notices:
            self._send(Attempt(notice=each, started_at=now, start_by=float("inf")))

    def _send(self, attempt: Attempt) -> None:
        lane = self._lanes.get(attempt.notice.channel)
        if lane is not None:
            lane.put(attempt)

    def _lane(self, channel: Channel) -> Lane:
        return Lane(
            channel,
            bound_seconds=BOUND_PER_TIMEOUT * channel.settings.timeout_seconds,
            settle=self._settle,
            release=lambda _: None,
            may_begin=lambda _: True,
        )

    def _settle(self, attempt: Attempt, error: DeliveryError | None) -> None:
        """Take the channel's fallback where it did not deliver; there is no outbox that would try again."""
        if not attempt.claim():
            return
        notice = attempt.notice
        _log.error("emergency", channel=notice.channel, has_arrived=error is None)
        others = (each.fallback for each in self._config.channels if each.id == notice.channel and each.fallback)
        other = next(others, None)
        if error is not None and other is not None and not notice.attempts:
            again = replace(notice, channel=other, attempts=1)
            self._send(Attempt(notice=again, started_at=attempt.started_at, start_by=time.monotonic() + AGAIN.seconds))

    def _give_up_overdue(self) -> None:
        for lane in self._lanes.values():
            lane.give_up_overdue()
