"""The series a chart draws: buckets of a window, the normal band, what was not collected, what happened when.

Pure: store records in, series out; the same frame feeds every renderer, so a screen and a report cannot disagree. Never
formats, never reads a clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import sqrt

from stormcone.models import Gap
from stormcone.models.courses import BAND_SPREADS
from stormcone.store import StreamStep
from stormcone.store.screens import ToneBucket

_MARKER_SLOTS = 24  # markers nearer than one slot share a letter, so that letters never overlap


class Window(StrEnum):
    """How far back a screen looks."""

    HOURS_2 = "2h"
    HOURS_6 = "6h"
    HOURS_24 = "24h"
    DAYS_7 = "7d"

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return _LENGTHS[self]

    @property
    def bucket_minutes(self) -> int:
        """Width of one bar: narrow enough to see a storm begin, wide enough to stay readable."""
        return _BUCKETS[self]


_LENGTHS = {
    Window.HOURS_2: timedelta(hours=2),
    Window.HOURS_6: timedelta(hours=6),
    Window.HOURS_24: timedelta(hours=24),
    Window.DAYS_7: timedelta(days=7),
}
_BUCKETS = {Window.HOURS_2: 1, Window.HOURS_6: 5, Window.HOURS_24: 15, Window.DAYS_7: 60}


class Happening(StrEnum):
    """What a marker marks."""

    OWN_POST = "own_post"
    OPENED = "opened"
    DECISION = "decision"
    WOULD_PAGE = "would_page"  # in a back-test
    WOULD_WARN = "would_warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Something that happened at an instant. label: a short line, of our own words and cleaned names only."""

    at: datetime
    what: Happening
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One letter on the chart, for everything that happened near one bucket."""

    letter: str
    bucket: int
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A window as parallel series, one value a whole bucket; the running bucket is left out.

    low, high: the normal band of distinct voices, None where it is not known. collected: False where a part of the
    bucket was not collected. voices are not drawn: the band is what they were expected to be.
    """

    bucket_minutes: int
    starts: tuple[datetime, ...]
    negative: tuple[float, ...]
    neutral: tuple[float, ...]
    positive: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    collected: tuple[bool, ...]
    markers: tuple[Marker, ...]

    @property
    def is_empty(self) -> bool:
        """True where nobody said anything in the whole window."""
        return not any(self.negative) and not any(self.neutral) and not any(self.positive)


def window_bounds(window: Window, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the end instant of the whole buckets of a window.

    >>> since, until = window_bounds(Window.HOURS_6, datetime(2026, 1, 1, 12, 3, tzinfo=UTC))
    >>> since.isoformat(), until.isoformat()
    ('2026-01-01T06:00:00+00:00', '2026-01-01T12:00:00+00:00')
    """
    until = floor(now, window.bucket_minutes)
    return until - window.length, until


def floor(instant: datetime, minutes: int) -> datetime:
    """Return the start of the bucket that holds an instant."""
    width = timedelta(minutes=minutes)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((instant - epoch) // width) * width


def build_frame(
    window: Window,
    now: datetime,
    *,
    tone: Sequence[ToneBucket],
    steps: Sequence[StreamStep],
    step_minutes: int,
    gaps: Sequence[Gap],
    occurrences: Sequence[Occurrence],
) -> Frame:
    """Return the series of a window at `now`.

    Args: tone: buckets of the window's width. steps: the detector's steps in the window, each `step_minutes` wide.
    """
    since, until = window_bounds(window, now)
    return frame_between(
        since,
        until,
        bucket_minutes=window.bucket_minutes,
        tone=tone,
        steps=steps,
        step_minutes=step_minutes,
        gaps=gaps,
        occurrences=occurrences,
    )


def frame_between(
    since: datetime,
    until: datetime,
    *,
    bucket_minutes: int,
    tone: Sequence[ToneBucket],
    gaps: Sequence[Gap],
    occurrences: Sequence[Occurrence],
    steps: Sequence[StreamStep] = (),
    step_minutes: int = 1,
) -> Frame:
    """Return the series of any stretch of whole buckets; without steps there is no normal band.

    Args: since: the start of a bucket. tone, steps: as in build_frame.
    """
    width = timedelta(minutes=bucket_minutes)
    count = (until - since) // width
    starts = tuple(since + index * width for index in range(count))
    by_start = {bucket.start: bucket for bucket in tone}
    bands = _bands(starts, bucket_minutes, steps, step_minutes)
    return Frame(
        bucket_minutes=bucket_minutes,
        starts=starts,
        negative=tuple(by_start[start].negative if start in by_start else 0.0 for start in starts),
        neutral=tuple(by_start[start].neutral if start in by_start else 0.0 for start in starts),
        positive=tuple(by_start[start].positive if start in by_start else 0.0 for start in starts),
        low=tuple(band[0] if band else None for band in bands),
        high=tuple(band[1] if band else None for band in bands),
        collected=tuple(not any(_overlaps(gap, start, start + width) for gap in gaps) for start in starts),
        markers=_markers(starts, width, occurrences),
    )


def _bands(
    starts: Sequence[datetime], bucket_minutes: int, steps: Sequence[StreamStep], step_minutes: int
) -> list[tuple[float, float] | None]:
    """Scale the detector's expectation of its steps to buckets; steps are taken as independent.

    Source: own definition: means add up, variances add up; a part of a step has its part of both.
    """
    by_slot: dict[datetime, list[tuple[float, float]]] = {}
    slot_minutes = max(bucket_minutes, step_minutes)
    for step in steps:
        if step.usual_voices is not None and step.spread_voices is not None:
            started_at = step.at - timedelta(minutes=step_minutes)
            slot = by_slot.setdefault(floor(started_at, slot_minutes), [])
            slot.append((step.usual_voices, step.spread_voices))
    return [_band(by_slot, start, bucket_minutes, slot_minutes, step_minutes) for start in starts]


def _band(
    by_slot: Mapping[datetime, Sequence[tuple[float, float]]],
    start: datetime,
    bucket_minutes: int,
    slot_minutes: int,
    step_minutes: int,
) -> tuple[float, float] | None:
    found = by_slot.get(floor(start, slot_minutes))
    if not found:
        return None
    share = bucket_minutes / step_minutes  # steps that a bucket holds, perhaps less than one
    usual = sum(mean for mean, _ in found) / len(found) * share
    variance = sum(spread * spread for _, spread in found) / len(found) * share
    reach = BAND_SPREADS * sqrt(variance)
    return max(0.0, usual - reach), usual + reach


def _overlaps(gap: Gap, start: datetime, end: datetime) -> bool:
    return gap.started_at < end and gap.ended_at > start


def _markers(starts: Sequence[datetime], width: timedelta, occurrences: Sequence[Occurrence]) -> tuple[Marker, ...]:
    """Give what lies near each other one letter, in order of time."""
    if not starts:
        return ()
    inside = sorted(
        (each for each in occurrences if starts[0] <= each.at < starts[-1] + width), key=lambda each: each.at
    )
    nearest = max(1, len(starts) // _MARKER_SLOTS)
    groups: list[tuple[int, list[Occurrence]]] = []
    for each in inside:
        bucket = (each.at - starts[0]) // width
        if groups and bucket - groups[-1][0] < nearest:
            groups[-1][1].append(each)
        else:
            groups.append((bucket, [each]))
    return tuple(
        Marker(letter=_letter(index), bucket=bucket, occurrences=tuple(group))
        for index, (bucket, group) in enumerate(groups)
    )


def _letter(index: int) -> str:
    """A, B, ... Z; there are fewer slots than letters."""
    return chr(ord("A") + index)
