"""What was collected of a brand, minute by minute, and what was not: sums that know of their gaps.

Under the recovery record. A minute without a row had no mention, a minute in a gap is unknown, and so is all that was
before collection began. Computes no judgement.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from stormcone.models import BrandMinute, Gap
from stormcone.models.mentions import require_utc

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)

_LEAST_KNOWN: Final = 0.75  # of a day, for its tone to be known
_LEAST_MENTIONS: Final = 3  # of a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was stored of a brand: minutes in order of time, and when nobody looked.

    since: start of collection; before it nothing is known, rather than silent. gaps: of any platform: a figure that
    lacks a part is none. until: how far the minutes reach, which is now.
    """

    minutes: Sequence[BrandMinute]
    since: datetime
    until: datetime
    gaps: Sequence[Gap] = ()

    def __post_init__(self) -> None:
        require_utc("since", self.since)
        require_utc("until", self.until)
        if any(one.minute >= other.minute for one, other in zip(self.minutes, self.minutes[1:], strict=False)):
            raise ValueError("minutes come in order of time, each once")


class Collected:
    """Sums over stretches of minutes since the epoch, and whether they were collected."""

    def __init__(self, watched: Watched) -> None:
        self.until = minute_of(watched.until)
        self._minutes = [minute_of(each.minute) for each in watched.minutes]
        self._mentions = [0.0, *accumulate(float(each.mentions) for each in watched.minutes)]
        self._net = [0.0, *accumulate(each.positive - each.negative for each in watched.minutes)]
        self._gaps = _merged(watched)
        self._gap_ends = [end for _, end in self._gaps]

    def rate(self, start: int, end: int) -> float | None:
        """Return mentions a minute in [start, end); None where part of it is unknown or still to come."""
        if end > self.until or self.missing(start, end):
            return None
        return self._sum(self._mentions, start, end) / (end - start)

    def tone(self, start: int, end: int) -> float | None:
        """Return net sentiment of [start, end); None where too little of it is known."""
        mentions = self._sum(self._mentions, start, end)
        if not self.is_collected(start, end) or mentions < _LEAST_MENTIONS:
            return None
        return self._sum(self._net, start, end) / mentions

    def is_collected(self, start: int, end: int) -> bool:
        """Return whether enough of [start, end) was collected for its tone, were there mentions."""
        return self.missing(start, end) <= (1 - _LEAST_KNOWN) * (end - start)

    def missing(self, start: int, end: int) -> float:
        """Return how many minutes of [start, end) nobody collected."""
        missing = 0.0
        for gap_start, gap_end in self._gaps[bisect_left(self._gap_ends, start) :]:
            if gap_start >= end:
                break
            missing += max(0.0, min(end, gap_end) - max(start, gap_start))
        return missing

    def _sum(self, sums: list[float], start: int, end: int) -> float:
        return sums[bisect_left(self._minutes, end)] - sums[bisect_left(self._minutes, start)]


def _merged(watched: Watched) -> list[tuple[float, float]]:
    """Return the gaps in minutes since the epoch, in order and apart, with the time before collection as the first."""
    gaps = sorted((_exact(gap.started_at), _exact(gap.ended_at)) for gap in watched.gaps)
    merged = [(float("-inf"), _exact(watched.since))]
    for start, end in gaps:
        if start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _exact(instant: datetime) -> float:
    return (instant - EPOCH) / MINUTE


def minute_of(instant: datetime) -> int:
    """Return the minute since the epoch that holds `instant`."""
    return int(_exact(instant) // 1)
