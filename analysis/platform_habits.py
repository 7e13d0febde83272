"""How many people are against a brand on each platform on other days, so that a crowd there can be told from its usual.

Used by the memory of crossings. Counts by the hour over two days; a storm of yesterday makes the usual larger for two
days, which errs towards silence. Never sees a mention.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

_KEPT = timedelta(hours=48)  # as far back as single mentions are read after a restart
_HOUR = timedelta(hours=1)
_MOST_PLATFORMS = 50  # more are no platforms but broken names; they are never usual
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PlatformHabits:
    """Counts a platform and hour, of the brand's last two days.

    >>> habits = PlatformHabits()
    >>> noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    >>> habits.begin(noon - timedelta(hours=24))
    >>> for hour in range(24):
    ...     habits.count("reddit", noon - timedelta(hours=hour, minutes=30))
    >>> habits.usual(("reddit",), noon, timedelta(hours=2)), habits.usual(("x",), noon, timedelta(hours=2))
    (2.0, 0.0)
    """

    def __init__(self) -> None:
        self._begun_at: datetime | None = None
        self._platforms: dict[str, Counter[int]] = {}

    def begin(self, at: datetime) -> None:
        """Note that the brand was watched at an instant, whatever was said."""
        if self._begun_at is None or at < self._begun_at:
            self._begun_at = at

    def count(self, platform: str, at: datetime) -> None:
        """Count one person against (or one article of the press)."""
        if platform not in self._platforms and len(self._platforms) >= _MOST_PLATFORMS:
            return
        self._platforms.setdefault(platform, Counter())[(at - _EPOCH) // _HOUR] += 1

    def usual(self, platforms: Sequence[str], at: datetime, window: timedelta) -> float | None:
        """Return how many a window usually brings on these platforms together, from the time before the one to `at`.

        Returns: >= 0; None where the brand has not been watched for one such window, or an hour, before.
        """
        if self._begun_at is None:
            return None
        # Whole hours only: after a restart the counts begin in the middle of one.
        first = -((_EPOCH - max(self._begun_at, at - _KEPT)) // _HOUR)
        last = (at - window - _EPOCH) // _HOUR
        if (last - first) * _HOUR < max(window, _HOUR):
            return None
        counted = [self._platforms[each] for each in platforms if each in self._platforms]
        total = sum(number for hours in counted for hour, number in hours.items() if first <= hour < last)
        return total / (last - first) * (window / _HOUR)

    def forget_before(self, now: datetime) -> None:
        """Drop hours that no window will be compared with."""
        oldest = (now - _KEPT - _EPOCH) // _HOUR - 1
        for hours in self._platforms.values():
            for hour in [hour for hour in hours if hour < oldest]:
                del hours[hour]
