"""Alert rules that existing products publish, run causally on the streams of the test-bed.

Beside Stormcone's own verdicts, on the same rows, as the bar they must beat. A rule sees what was collected by then,
minute by minute, and plain VADER's opinion of each text, which is what such products use. Each is written anew from the
words of its source. Used by `benchmarks.detect`.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final

NEGATIVE: Final = -0.05  # VADER's own limit: compound at or below it is negative

_HOUR, _DAY = 60, 1440  # minutes
_WARM_UP_MINUTES = _DAY  # no rule is judged on less history than this
_MERGED_MINUTES = 360  # fires closer than this are one alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A mention as a rule sees it: when it was collected, and whether VADER calls it negative."""

    seen_at: datetime
    is_negative: bool


class Past:
    """What was collected, by minute; minute 0 is the first of the stream. A rule asks for stretches before now."""

    def __init__(self, seen: Iterable[Collected], *, starts_at: datetime, minutes: int) -> None:
        counts, negative = [0] * minutes, [0] * minutes
        for each in seen:
            minute = int((each.seen_at - starts_at) / timedelta(minutes=1))
            if 0 <= minute < minutes:
                counts[minute] += 1
                negative[minute] += each.is_negative
        self.minutes = minutes
        self._counts = list(accumulate(counts, initial=0))
        self._negative = list(accumulate(negative, initial=0))

    def count(self, now: int, *, ago: int, until: int = 0) -> int:
        """Return the mentions of the minutes [now - ago, now - until)."""
        return self._counts[max(0, now - until)] - self._counts[max(0, now - ago)]

    def negative(self, now: int, *, ago: int) -> int:
        """Return the negative ones of the minutes [now - ago, now)."""
        return self._negative[now] - self._negative[max(0, now - ago)]

    def hours(self, now: int, *, most: int) -> list[int]:
        """Return the mentions of the last whole hours before now, newest first, at most `most`."""
        marks = self._counts[now - _HOUR * min(most, now // _HOUR) : now + 1 : _HOUR]
        return [later - earlier for earlier, later in pairwise(marks)][::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One published rule. fires: told the past and the minute it is. every_minutes: how often it is asked."""

    name: str
    source: str
    every_minutes: int
    fires: Callable[[Past, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """What a rule did on one stream.

    delay_minutes: from the onset to its first fire in the story, None where it never fired or there was no story.
    false_alarms: alarms in `calm_days`, fires within six hours merged.
    """

    rule: str
    delay_minutes: float | None
    false_alarms: int
    calm_days: float


def judge(
    past: Past, *, starts_at: datetime, onset: datetime | None, end: datetime | None, calm_until: datetime
) -> list[RuleOutcome]:
    """Return what every rule did on one stream.

    Args: onset, end: of the story, both None where there is none. calm_until: fires before it and outside of the story
        are false.
    """

    def minute_of(instant: datetime) -> int:
        return int((instant - starts_at) / timedelta(minutes=1))

    story = range(minute_of(onset), minute_of(end)) if onset and end else range(0)
    calm = [now for now in range(_WARM_UP_MINUTES, min(minute_of(calm_until), past.minutes)) if now not in story]
    outcomes = []
    for rule in RULES:
        fires = [now for now in range(_WARM_UP_MINUTES, past.minutes, rule.every_minutes) if rule.fires(past, now)]
        inside = [now for now in fires if now in story]
        outside = [now for now in fires if now not in story and now < minute_of(calm_until)]
        outcomes.append(
            RuleOutcome(
                rule=rule.name,
                delay_minutes=float(inside[0] - story.start) if inside else None,
                false_alarms=sum(1 for _ in _merged(outside)),
                calm_days=len(calm) / _DAY,
            )
        )
    return outcomes


def _merged(fires: Sequence[int]) -> Iterator[int]:
    """Yield the first fire of each alarm."""
    last = None
    for now in fires:
        if last is None or now - last >= _MERGED_MINUTES:
            yield now
        last = now


def _mutual_mind(past: Past, now: int) -> bool:
    newest = past.count(now, ago=10)
    return newest > 0 and newest > 2 * past.count(now, ago=370, until=10) / 36


def _agility(past: Past, now: int) -> bool:
    days = min(now - _HOUR, 7 * _DAY)
    return past.count(now, ago=_HOUR) > 1.5 * past.count(now, ago=_HOUR + days, until=_HOUR) * _HOUR / days


def _spread(counts: Sequence[int]) -> tuple[float, float]:
    """Return mean and standard deviation; counts are small, so that plain sums are exact."""
    mean = sum(counts) / len(counts)
    return mean, math.sqrt(max(0.0, sum(count * count for count in counts) / len(counts) - mean * mean))


def _huginn(past: Past, now: int) -> bool:
    newest, *earlier = past.hours(now, most=14 * 24)
    mean, deviation = _spread(earlier)
    return newest > mean + 3 * deviation


def _x_actions(past: Past, now: int) -> bool:
    newest, *earlier = past.hours(now, most=7 * 24)
    mean, deviation = _spread(earlier)
    z_score = (newest - mean) / max(deviation, 1.0)
    share = past.negative(now, ago=_HOUR) / newest if newest else 0.0
    usual_share = past.negative(now, ago=7 * _DAY) / max(1, past.count(now, ago=7 * _DAY))
    return z_score > 2.5 or share > 0.3 or (newest > 0 and share > 2 * usual_share)


def _z_score(past: Past, now: int) -> bool:
    newest, *earlier = past.hours(now, most=7 * 24)
    mean, deviation = _spread(earlier)
    return newest > mean + 3 * deviation


def _thrice_the_day(past: Past, now: int) -> bool:
    usual = past.count(now, ago=_DAY + _HOUR, until=_HOUR) * _HOUR / min(_DAY, now - _HOUR)
    return past.count(now, ago=_HOUR) > 3 * usual


def _mostly_negative(past: Past, now: int) -> bool:
    count = past.count(now, ago=_HOUR)
    return count >= 10 and past.negative(now, ago=_HOUR) > 0.5 * count


def _flash_narrative(past: Past, now: int) -> bool:
    count = past.count(now, ago=_DAY)
    return count > 0 and past.negative(now, ago=_DAY) > 0.3 * count


RULES: Final = (
    Rule(
        name="MutualMind",
        source="MutualMind, volume alerts: ten minutes above twice the mean of the last six hours",
        every_minutes=10,
        fires=_mutual_mind,
    ),
    Rule(
        name="XActions",
        source="XActions, anomaly monitor: z > 2.5 over 7 days, or negative share above 30 % or twice the usual",
        every_minutes=10,
        fires=_x_actions,
    ),
    Rule(
        name="Agility",
        source="Agility PR, spike alerts: an hour above 150 % of the seven-day mean",
        every_minutes=60,
        fires=_agility,
    ),
    Rule(
        name="Huginn",
        source="Huginn, PeakDetectorAgent: an hour above mean + 3 standard deviations of 14 days",
        every_minutes=60,
        fires=_huginn,
    ),
    Rule(
        name="z > 3",
        source="common practice: an hour above 3 standard deviations of a week, asked every ten minutes",
        every_minutes=10,
        fires=_z_score,
    ),
    Rule(
        name="3x daily mean",
        source="common practice: an hour above three times the mean of the last 24 hours",
        every_minutes=10,
        fires=_thrice_the_day,
    ),
    Rule(
        name="negative > 50 %",
        source="common practice: more than half of an hour's mentions negative, at least ten of them",
        every_minutes=10,
        fires=_mostly_negative,
    ),
    Rule(
        name="FlashNarrative",
        source="FlashNarrative: negative share of the last 24 hours above 30 %",
        every_minutes=10,
        fires=_flash_narrative,
    ),
)
