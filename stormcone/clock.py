"""The only source of time.

Everything that needs to know "now" is handed a Clock: the real one in production, a simulated one in replays and
drills, a manual one in tests. Stands at the bottom of the house; never sleeps, never schedules.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware UTC datetime."""

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the machine's current instant in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved; for replays and tests.

    >>> clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    >>> clock.move_to(datetime(2026, 1, 2, tzinfo=UTC))
    >>> clock.now().day
    2
    """

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant the clock was last moved to."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move to `instant`. Raises: ValueError: it lies in the past of this clock."""
        if instant < self._now:
            raise ValueError(f"a clock does not run backwards: {instant.isoformat()} < {self._now.isoformat()}")
        self._now = instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillClock:
    """A clock that runs `speed` times as fast as the machine's, from one simulated instant to another.

    It is a pure function of the machine's time, so two processes that know the same four numbers agree on "now":
    that is how the dashboard of a drill follows the watcher.
    """

    real_start: float  # seconds since the epoch
    simulated_start: datetime
    simulated_end: datetime
    speed: float  # simulated seconds per real second

    def now(self) -> datetime:
        """Return the simulated instant; it stands still once `simulated_end` is reached."""
        elapsed = max(0.0, time.time() - self.real_start) * self.speed
        return min(self.simulated_start + timedelta(seconds=elapsed), self.simulated_end)
