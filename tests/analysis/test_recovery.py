"""What was left of a storm: half-life, way back, lasting shift, and the honesty of gaps."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import pytest

from analysis.collected import Watched
from analysis.recovery import recovery
from stormcone.models import BrandMinute, Gap, Recovery, Standing
from tests.fakes import AT as OPENED

ENDED = OPENED + timedelta(hours=6)
SINCE = OPENED - timedelta(days=40)
MONTH_LATER = ENDED + timedelta(days=31)
PEAK = OPENED + timedelta(hours=1)
HALF_LIFE = timedelta(hours=2)


def make_minute(minute: datetime, mentions: int, net: float) -> BrandMinute:
    negative = mentions * (1 - net) / 2
    return BrandMinute(
        brand="acme",
        minute=minute,
        mentions=mentions,
        own_posts=0,
        negative=negative,
        neutral=0.0,
        positive=mentions - negative,
        voices=float(mentions),
        against=negative,
        hostile=0,
        copies=0,
    )


def storm(at: datetime) -> float:
    """Return mentions a minute on top of the usual ones: up within an hour, then half every two hours."""
    if at < OPENED:
        return 0.0
    if at < PEAK:
        return 20.0 * ((at - OPENED) / (PEAK - OPENED))
    return float(20.0 * 0.5 ** ((at - PEAK) / HALF_LIFE))


def stored(
    until: datetime, *, usual: int = 2, scar: float = 0.0, extra: Callable[[datetime], float] = storm
) -> list[BrandMinute]:
    """Return a row every ten minutes; `scar` is what the tone loses for good."""
    rng, rows, at = Random(11), [], SINCE
    while at < until:
        net = 0.2 + rng.gauss(0, 0.02) - (scar if at >= OPENED else 0.0)
        mentions = 10 * usual + round(10 * extra(at))
        if mentions:
            rows.append(make_minute(at, mentions, net))
        at += timedelta(minutes=10)
    return rows


def measured(
    minutes: Sequence[BrandMinute],
    *,
    until: datetime = MONTH_LATER,
    since: datetime = SINCE,
    gaps: Sequence[tuple[datetime, float]] = (),
) -> Recovery:
    missing = [Gap(platform="x", brand=None, started_at=at, ended_at=at + timedelta(minutes=m)) for at, m in gaps]
    watched = Watched(minutes=minutes, since=since, until=until, gaps=missing)
    return recovery(watched, opened_at=OPENED, ended_at=ENDED, rng=Random(1))


def test_half_life_and_way_back_are_those_of_the_storm() -> None:
    found = measured(stored(MONTH_LATER))
    assert found.peak_at is not None
    assert abs(found.peak_at - PEAK) <= timedelta(minutes=20)
    assert found.peak_per_minute == pytest.approx(22, rel=0.1)
    assert found.usual_per_minute == 2.0
    assert found.to_half.minutes == pytest.approx(138, abs=20)  # 22 / 2 with 2 of it usual: 2 h * log2(20 / 9)
    assert found.to_baseline.standing is Standing.KNOWN
    assert found.to_baseline.minutes == pytest.approx(120 * 8.6, rel=0.15)  # below 0.05 a minute, that rounds away


def test_baseline_follows_the_hour_of_the_day() -> None:
    def busy_at_noon(at: datetime) -> float:
        return storm(at) + (6.0 if 9 <= at.hour < 17 else 0.0)

    found = measured(stored(MONTH_LATER, extra=busy_at_noon))
    assert found.usual_per_minute == 8.0
    assert found.to_baseline.standing is Standing.KNOWN


def test_a_storm_of_the_week_before_does_not_lift_the_baseline() -> None:
    def twice(at: datetime) -> float:
        return storm(at) + storm(at + timedelta(days=3)) * (at < OPENED - timedelta(days=1))

    assert measured(stored(MONTH_LATER, extra=twice)).usual_per_minute == 2.0


def test_silent_minutes_are_zero_not_unknown() -> None:
    found = measured(stored(MONTH_LATER, usual=0))
    assert found.usual_per_minute == 0.0
    assert found.to_baseline.standing is Standing.KNOWN


def test_a_storm_that_still_goes_on_is_not_yet_known() -> None:
    now = PEAK + timedelta(hours=1)
    found = recovery(
        Watched(minutes=stored(now), since=SINCE, until=now), opened_at=OPENED, ended_at=now, rng=Random(1)
    )
    assert found.to_half.standing is found.to_baseline.standing is Standing.NOT_YET
    assert found.to_half.minutes is None
    assert [shift.standing for shift in found.shifts] == [Standing.NOT_YET, Standing.NOT_YET]


def test_a_new_normal_is_said_to_take_longer() -> None:
    found = measured(stored(MONTH_LATER, extra=lambda at: storm(at) + (3.0 if at >= OPENED else 0.0)))
    assert found.to_half.standing is Standing.KNOWN
    assert found.to_baseline.standing is Standing.LONGER


def test_a_gap_before_the_crossing_makes_it_unknown_and_one_behind_does_not() -> None:
    minutes = stored(MONTH_LATER)
    early = measured(minutes, gaps=[(PEAK + timedelta(minutes=60), 20)])
    assert early.to_half.standing is early.to_baseline.standing is Standing.GAP
    between = measured(minutes, gaps=[(PEAK + timedelta(hours=5), 20)])
    assert (between.to_half.standing, between.to_baseline.standing) == (Standing.KNOWN, Standing.GAP)
    late = measured(minutes, gaps=[(PEAK + timedelta(days=3), 600)])
    assert (late.to_half.standing, late.to_baseline.standing) == (Standing.KNOWN, Standing.KNOWN)


def test_a_gap_before_the_peak_leaves_the_true_peak_unknown() -> None:
    found = measured(stored(MONTH_LATER), gaps=[(OPENED + timedelta(minutes=5), 10)])
    assert found.to_half.standing is Standing.GAP


def test_an_incident_nobody_collected_has_no_peak() -> None:
    found = measured(stored(MONTH_LATER), gaps=[(OPENED - timedelta(hours=3), 24 * 60)])
    assert (found.peak_at, found.peak_per_minute, found.to_half.standing) == (None, None, Standing.GAP)


def test_baseline_needs_four_known_days_and_says_so() -> None:
    minutes = stored(MONTH_LATER)
    few = measured(minutes, since=OPENED - timedelta(days=3))
    assert (few.usual_per_minute, few.to_baseline.standing) == (None, Standing.NO_HISTORY)
    assert few.to_half.standing is Standing.KNOWN
    enough = measured(minutes, gaps=[(OPENED - timedelta(days=7), 2 * 24 * 60)])
    assert enough.usual_per_minute == 2.0


def test_most_storms_leave_no_shift() -> None:
    for shift, days in zip(measured(stored(MONTH_LATER)).shifts, (7, 30), strict=True):
        assert shift.days == days
        assert shift.change is not None
        assert not shift.change.is_lasting
        assert shift.change.before == pytest.approx(0.2, abs=0.01)


def test_a_scar_is_measured_with_its_interval() -> None:
    for shift in measured(stored(MONTH_LATER, scar=0.15)).shifts:
        assert shift.change is not None
        assert shift.change.is_lasting
        assert shift.change.low < -0.15 < shift.change.high < 0


def test_shift_after_a_month_is_known_a_month_later() -> None:
    now = ENDED + timedelta(days=8)
    seven, thirty = measured(stored(now), until=now).shifts
    assert (seven.standing, thirty.standing, thirty.change) == (Standing.KNOWN, Standing.NOT_YET, None)


def test_shift_without_enough_known_days_is_unknown() -> None:
    minutes = stored(MONTH_LATER)
    hidden = measured(minutes, gaps=[(ENDED + timedelta(days=2), 4.5 * 24 * 60)])
    assert [shift.standing for shift in hidden.shifts] == [Standing.GAP, Standing.KNOWN]
    young = measured(minutes, since=OPENED - timedelta(days=5))
    assert [shift.standing for shift in young.shifts] == [Standing.NO_HISTORY, Standing.NO_HISTORY]


def test_a_brand_that_few_speak_of_has_a_tone_too_thin_to_compare() -> None:
    rows = [make_minute(OPENED + timedelta(days=day), 2, 0.1) for day in range(-35, 32)]
    assert [shift.standing for shift in measured(rows).shifts] == [Standing.TOO_FEW, Standing.TOO_FEW]


def test_same_seed_gives_the_same_record() -> None:
    minutes = stored(MONTH_LATER)
    assert measured(minutes) == measured(minutes)


def test_overlapping_gaps_count_once() -> None:
    minutes = stored(MONTH_LATER)
    day = ENDED + timedelta(days=3)
    overlapping = [(day + timedelta(minutes=10 * n), 300.0) for n in range(10)]  # 390 minutes, not 3,000
    assert measured(minutes, gaps=overlapping).shifts[0].standing is Standing.KNOWN


def test_wrong_order_is_refused() -> None:
    minutes = stored(OPENED)
    with pytest.raises(ValueError, match="order of time"):
        Watched(minutes=minutes[::-1], since=SINCE, until=OPENED)
    watched = Watched(minutes=minutes, since=SINCE, until=OPENED)
    with pytest.raises(ValueError, match="ends after it opens"):
        recovery(watched, opened_at=ENDED, ended_at=OPENED, rng=Random(1))
    with pytest.raises(ValueError, match="UTC"):
        recovery(watched, opened_at=OPENED.replace(tzinfo=None), ended_at=ENDED, rng=Random(1))


def test_a_record_costs_no_more_than_ten_readings_of_its_minutes() -> None:
    minutes = stored(MONTH_LATER)

    def seconds(work: Callable[[], object]) -> float:
        taken = []
        for _ in range(3):
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)
        return min(taken)

    reading = seconds(lambda: [make_minute(each.minute, each.mentions, 0.1) for each in minutes])
    assert seconds(lambda: measured(minutes)) < 10 * reading
