"""How a source is doing. Written by the watcher after each poll, read by status, doctor and screens."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_STALE_INTERVALS = 3  # polls without an answer
_HICCUP_SECONDS = 30
_PATIENCE_SECONDS = 900  # a platform's pauses are longer than this only in trouble


class SourceState(StrEnum):
    """A source's state; everything but OK means that calm must not be claimed for it."""

    OK = "ok"
    WAITING = "waiting"  # throttled: the platform said when to come back
    STALE = "stale"  # no success for three polling intervals, or none yet for that long
    STOPPED = "stopped"  # refused; a person is needed
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """Health of one source, as stored. `last_error` is one cleaned line, never a secret."""

    name: str
    poll_seconds: float
    started_at: datetime
    last_success_at: datetime | None = None
    last_error: str | None = None
    waiting_until: datetime | None = None
    is_stopped: bool = False
    open_gaps: int = 0
    requests_today: int = 0
    cost_usd_today: float = 0.0
    spent_on: str | None = None  # the UTC day of the two figures above, ISO

    def state(self, now: datetime) -> SourceState:
        """Judge the source at `now`; silence of three polling intervals is staleness.

        >>> from datetime import UTC, timedelta
        >>> at = datetime(2026, 1, 1, tzinfo=UTC)
        >>> health = SourceHealth(name="x", poll_seconds=60, started_at=at)
        >>> str(health.state(at)), str(health.state(at + timedelta(minutes=4)))
        ('ok', 'stale')
        """
        if self.is_stopped:
            return SourceState.STOPPED
        if self.waiting_until is not None and now < self.waiting_until:
            return SourceState.WAITING
        if self.lag_seconds(now) > _STALE_INTERVALS * self.poll_seconds:
            return SourceState.STALE
        return SourceState.OK

    def is_silent(self, now: datetime) -> bool:
        """Tell whether the source has been without an answer for so long that calm is not known, and people are told.

        A source polled every few seconds is stale after a hiccup; one that asked for patience is not for a while.
        >>> from datetime import UTC, timedelta
        >>> at = datetime(2026, 1, 1, tzinfo=UTC)
        >>> health = SourceHealth(name="x", poll_seconds=60, started_at=at)
        >>> [health.is_silent(at + timedelta(minutes=minutes)) for minutes in (1, 4)]
        [False, True]
        """
        lag = self.lag_seconds(now)
        match self.state(now):
            case SourceState.STOPPED:
                return True
            case SourceState.STALE:
                return lag >= _HICCUP_SECONDS
            case SourceState.WAITING:
                return lag >= max(_PATIENCE_SECONDS, _STALE_INTERVALS * self.poll_seconds)
            case _:
                return False

    def lag_seconds(self, now: datetime) -> float:
        """Seconds since the last success, or since the start where there was none."""
        return max(0.0, (now - (self.last_success_at or self.started_at)).total_seconds())
