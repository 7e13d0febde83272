"""When a source is asked next: at its interval, sooner while a thread is hot, later while it fails or refuses.

Asked by the poller before and after each poll. How pauses grow is tenacity's business; nothing is retried in place, for
a worker that sleeps cannot be stopped. Pure but for its own few counters: time is handed in, chance comes from the
generator it was built with. Never waits by itself.
"""

import random
from datetime import datetime, timedelta
from typing import Final

from tenacity import RetryCallState, Retrying, wait_exponential
from tenacity.wait import wait_base

_FIRST_RETRY_SECONDS: Final = 5.0  # most failures are over by then; each further one doubles it, up to the interval
_FIRST_PATIENCE_SECONDS: Final = 60.0  # where a platform asks for patience and does not say how much; doubles as well
_LONGEST_PATIENCE: Final = timedelta(minutes=15)
PROBE_PAUSE: Final = timedelta(minutes=15)  # a key that is mended is noticed within a quarter of an hour
_JITTER_SHARE: Final = 0.1  # sources that failed together do not come back together
_AFTER_RESET_SECONDS: Final = (1.0, 15.0)  # platforms count on clocks of their own, and all their clients come at once
_HOT_PARTS: Final = 4  # polls in one interval while a thread is hot
_LEAST_HOT_SECONDS: Final = 15.0


class Spread(wait_base):
    """A tenth more or less than another wait, by chance of our own: the same run can be had again."""

    def __init__(self, wait: wait_base, chance: random.Random) -> None:
        self._wait, self._chance = wait, chance

    def __call__(self, retry_state: RetryCallState) -> float:
        """Return the seconds to wait after so many failures."""
        return self._wait(retry_state) * self._chance.uniform(1 - _JITTER_SHARE, 1 + _JITTER_SHARE)


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
        self._after_failure = Spread(wait_exponential(multiplier=_FIRST_RETRY_SECONDS, max=poll_seconds), jitter)
        first = min(max(_FIRST_PATIENCE_SECONDS, poll_seconds), _LONGEST_PATIENCE.total_seconds())
        self._after_429 = Spread(wait_exponential(multiplier=first, max=_LONGEST_PATIENCE), jitter)
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
        """Note a poll that was answered.

        Args: started_at: when it began. A poll that began or ended a little late does not move those after it.
        """
        self._failures = 0
        seconds = self._poll_seconds
        if is_hot:
            seconds = min(seconds, max(seconds / _HOT_PARTS, _LEAST_HOT_SECONDS))
        pause, due_at = timedelta(seconds=seconds), self._next_at
        is_on_time = due_at is not None and due_at <= started_at < due_at + pause
        self._next_at = (due_at if is_on_time and due_at is not None else started_at) + pause

    def failed(self, now: datetime) -> None:
        """Note a poll that was not answered as it should: asked again soon, then at the interval."""
        self._failures += 1
        self._next_at = now + timedelta(seconds=self._grown(self._after_failure))

    def throttled(self, now: datetime, until: datetime | None) -> datetime:
        """Note that the source asks for patience. Returns: until when it is left alone.

        Args: until: what it said, None where it said nothing; pauses then grow to a quarter of an hour.
        """
        self._failures += 1
        if until is not None:
            self._next_at = max(now, until) + timedelta(seconds=self._jitter.uniform(*_AFTER_RESET_SECONDS))
        else:
            self._next_at = now + timedelta(seconds=self._grown(self._after_429))
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

    def _grown(self, wait: wait_base) -> float:
        """Return how long to wait after the failures so far, in seconds."""
        state = RetryCallState(Retrying(), None, (), {})
        state.attempt_number = self._failures
        return wait(state)
