"""What was left of a storm after it ended: how fast it faded, and whether the tone stayed worse.

Asked days and weeks after an incident, on stored minutes; the answer goes on the incident's page and into reports. What
is not known yet, and what can never be known as nobody collected then, is said so. Never sees a text, has no clock.
"""

from collections.abc import Callable
from datetime import datetime
from random import Random
from statistics import median
from typing import Final

from analysis.collected import EPOCH, MINUTE, Collected, Watched, minute_of
from analysis.lasting_shift import LEAST_AFTER, LEAST_BEFORE, shift_of
from stormcone.models import Fading, LastingShift, Recovery, Standing
from stormcone.models.mentions import require_utc

SHIFT_DAYS: Final = (7, 30)
USUAL_DAYS: Final = 28  # before the incident, that say what the tone usually is: four whole weeks

_WINDOW: Final = 30  # minutes of a rate; centred, so that it is neither early nor late
_STEP: Final = 5  # minutes between two looks
_DAY: Final = 1_440
_BASELINE_DAYS: Final = 7
_WEEK_DAYS: Final = 7  # after the incident, whose tone is compared
_LEAST_BASELINE_DAYS: Final = 4
_LEAD: Final = 60  # minutes before the incident was seen, in which its peak may lie already
_FOLLOWED: Final = 14 * _DAY  # whoever is not back to normal by then has a new normal


def recovery(watched: Watched, *, opened_at: datetime, ended_at: datetime, rng: Random) -> Recovery:
    """Return the recovery record of an incident, as far as it is known by `watched.until`.

    Time to half is to half of the peak's rate. Time to baseline is to the median rate of the same half hours of the
    week before the incident; both end at the first time the rate is as low.
    Args: watched: minutes of one brand; four weeks before and 30 days after tell everything. rng: seeded, for the
        interval of the shifts.
    Raises: ValueError: it ended before it opened, or an instant is not in UTC.
    Source: own definition; that firestorms have a short half-life: Pfeffer, Zorbach, Carley, "Understanding online
        firestorms", Journal of Marketing Communications 20(1-2), 2014.
    """
    require_utc("opened_at", opened_at)
    require_utc("ended_at", ended_at)
    if ended_at < opened_at:
        raise ValueError(f"an incident ends after it opens: {opened_at} .. {ended_at}")
    counts = Collected(watched)
    opened, ended = minute_of(opened_at), minute_of(ended_at)
    shifts = tuple(_lasting_shift(counts, opened, ended, days, rng) for days in SHIFT_DAYS)
    peak = _peak(counts, opened, ended)
    if peak is None:
        nothing = Fading(minutes=None, standing=Standing.GAP)
        return Recovery(
            peak_at=None,
            peak_per_minute=None,
            usual_per_minute=None,
            to_half=nothing,
            to_baseline=nothing,
            shifts=shifts,
        )
    height = _rate(counts, peak) or 0.0
    baseline = _Baseline(counts, opened)
    usual = baseline.at(peak)
    return Recovery(
        peak_at=EPOCH + peak * MINUTE,
        peak_per_minute=height,
        usual_per_minute=usual,
        to_half=_fading(counts, opened, peak, lambda _: height / 2),
        to_baseline=_fading(counts, opened, peak, baseline.at),
        shifts=shifts,
    )


class _Baseline:
    """What is usual at an hour: the median of the same half hours of the week before the incident."""

    def __init__(self, counts: Collected, opened: int) -> None:
        self._counts = counts
        self._before = opened - _LEAD - _WINDOW // 2
        self._known: dict[int, float | None] = {}

    def at(self, middle: int) -> float | None:
        """Return mentions a minute; None where fewer than four of the seven days are known."""
        days_back = max(0, -((self._before - middle) // _DAY))
        newest = middle - days_back * _DAY
        if newest not in self._known:
            rates = [_rate(self._counts, newest - day * _DAY) for day in range(_BASELINE_DAYS)]
            known = [rate for rate in rates if rate is not None]
            self._known[newest] = median(known) if len(known) >= _LEAST_BASELINE_DAYS else None
        return self._known[newest]


def _rate(counts: Collected, middle: int) -> float | None:
    return counts.rate(middle - _WINDOW // 2, middle + _WINDOW // 2)


def _peak(counts: Collected, opened: int, ended: int) -> int | None:
    """Return the middle of the busiest known window of the incident, the first of equals."""
    peak: int | None = None
    height = -1.0
    for middle in range(opened - _LEAD, max(ended, opened) + 1, _STEP):
        rate = _rate(counts, middle)
        if rate is not None and rate > height:
            peak, height = middle, rate
    return peak


def _fading(counts: Collected, opened: int, peak: int, goal: Callable[[int], float | None]) -> Fading:
    """Return how long after the peak the rate was first at or below `goal`.

    Unknown where a gap lies before that: it may have happened there, or the true peak may.
    """
    if counts.missing(opened, peak):
        return Fading(minutes=None, standing=Standing.GAP)
    for middle in range(peak + _STEP, peak + _FOLLOWED + 1, _STEP):
        if middle + _WINDOW // 2 > counts.until:
            return Fading(minutes=None, standing=Standing.NOT_YET)
        rate, low = _rate(counts, middle), goal(middle)
        if rate is None or low is None:
            return Fading(minutes=None, standing=Standing.GAP if rate is None else Standing.NO_HISTORY)
        if rate <= low:
            return Fading(minutes=float(middle - peak), standing=Standing.KNOWN)
    return Fading(minutes=None, standing=Standing.LONGER)


def _lasting_shift(counts: Collected, opened: int, ended: int, days: int, rng: Random) -> LastingShift:
    last = ended + days * _DAY
    if counts.until < last:
        return LastingShift(days=days, change=None, standing=Standing.NOT_YET)
    before, after = _days_until(opened - _LEAD, USUAL_DAYS), _days_until(last, _WEEK_DAYS)
    change = shift_of(_tones(counts, before), _tones(counts, after), rng=rng)
    standing = Standing.KNOWN if change else _why_unknown(counts, before, after)
    return LastingShift(days=days, change=change, standing=standing)


def _days_until(end: int, count: int) -> list[tuple[int, int]]:
    """Return so many days in order of time, as minutes [start, end), the last of them ending at `end`."""
    return [(end - day * _DAY, end - (day - 1) * _DAY) for day in range(count, 0, -1)]


def _tones(counts: Collected, days: list[tuple[int, int]]) -> list[float]:
    return [tone for day in days if (tone := counts.tone(*day)) is not None]


def _why_unknown(counts: Collected, before: list[tuple[int, int]], after: list[tuple[int, int]]) -> Standing:
    """Return what keeps a shift from being known; a gap of ours first, as somebody can still fill it."""
    if sum(counts.is_collected(*day) for day in after) < LEAST_AFTER:
        return Standing.GAP
    if sum(counts.is_collected(*day) for day in before) < LEAST_BEFORE:
        return Standing.NO_HISTORY
    return Standing.TOO_FEW
