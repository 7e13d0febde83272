"""When a source is asked next: at its interval, sooner while a thread is hot, later while it fails or refuses.

Asked by the poller before and after each poll. Pure but for its own few counters: time is handed in, chance comes from
the generator it was built with. Never waits by itself.
"""

import random
from datetime import datetime, timedelta
from typing import Final

_FIRST_RETRY_SECONDS: Final = 5.0  # most failures are over by then; each further one doubles it, up to the interval
_FIRST_PATIENCE_SECONDS: Final = 60.0  # where a platform asks for patience and does not say how much; doubles as well
_LONGEST_PATIENCE: Final = timedelta(minutes=15)
PROBE_PAUSE: Final = timedelta(minutes=15)  # a key that is mended is noticed within a quarter of an hour
_JITTER_SHARE: Final = 0.1  # sources that failed together do not come back together
_AFTER_RESET_SECONDS: Final = (1.0, 15.0)  # platforms count on clocks of their own, and all their clients come at once
_HOT_PARTS: Final = 4  # polls in one interval while a thread is hot
_LEAST_HOT_SECONDS: Final = 15.0


class Pace:
    """The next poll of one source.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    >>> pace = Pace(poll_seconds=60, jitter=random.Random(1))
    >>> pace.is_due(at)
    True
    >>> pace.answered(at)
    >>> pace.is_due(at + timedelta(seconds=59)), pace.is_due(at + timedelta(seconds=60))
    (False, True)
    """

    def __init__(self, *, poll_seconds: float, jitter: random.Random) -> None:
        self._poll_seconds = poll_seconds
        self._jitter = jitter
        self._failures = 0
        self._next_at: datetime | None = None  # None: at once

    @property
    def next_at(self) -> datetime | None:
        """When the source is asked next, None: at once."""
        return self._next_at

    def is_due(self, now: datetime) -> bool:
        """Tell whether the source may and should be asked."""
        return self._next_at is None or now >= self._next_at

    def answered(self, started_at: datetime, *, is_hot: bool = False) -> None:
        """Note a poll that was answered. Args: started_at: when it began, so that long polls do not slow the rest."""
        self._failures = 0
        seconds = self._poll_seconds
        if is_hot:
            seconds = min(seconds, max(seconds / _HOT_PARTS, _LEAST_HOT_SECONDS))
        self._next_at = started_at + timedelta(seconds=seconds)

    def failed(self, now: datetime) -> None:
        """Note a poll that was not answered as it should: asked again soon, then at the interval."""
        self._failures += 1
        seconds = min(_FIRST_RETRY_SECONDS * 2.0 ** min(self._failures - 1, 20), self._poll_seconds)
        self._next_at = now + timedelta(seconds=self._spread(seconds))

    def throttled(self, now: datetime, until: datetime | None) -> datetime:
        """Note that the source asks for patience. Returns: until when it is left alone.

        Args: until: what it said, None where it said nothing; pauses then grow to a quarter of an hour.
        """
        self._failures += 1
        if until is not None:
            self._next_at = max(now, until) + timedelta(seconds=self._jitter.uniform(*_AFTER_RESET_SECONDS))
        else:
            seconds = max(_FIRST_PATIENCE_SECONDS, self._poll_seconds) * 2.0 ** min(self._failures - 1, 20)
            self._next_at = now + timedelta(seconds=self._spread(min(seconds, _LONGEST_PATIENCE.total_seconds())))
        return self._next_at

    def refused(self, now: datetime) -> None:
        """Note that a person is needed: one probe each quarter of an hour shows whether somebody has helped."""
        self._next_at = now + PROBE_PAUSE

    def wait_until(self, until: datetime) -> None:
        """Leave the source alone until then, as a wait from before a restart, or a spent allowance, asks."""
        self._next_at = until

    def hurry(self) -> None:
        """Ask at once."""
        self._next_at = None

    def _spread(self, seconds: float) -> float:
        return seconds * self._jitter.uniform(1 - _JITTER_SHARE, 1 + _JITTER_SHARE)
