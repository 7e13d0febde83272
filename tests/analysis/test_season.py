"""The profile of the week: flat at first, then what was learned, smooth between hours."""

from datetime import datetime, timedelta

import pytest

from analysis.season import HourOfWeek, Season

MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001 - a local time, as the baseline hands it in
SATURDAY = MONDAY + timedelta(days=5)


def taught(*, days: int, busy_hour: int, ratio: float, weekend: bool = False) -> Season:
    season = Season()
    for day in range(days):
        at = MONDAY + timedelta(days=day)
        if (at.weekday() >= 5) != weekend:
            continue
        for step in range(288):
            local = at + timedelta(minutes=5 * step)
            season.learn(HourOfWeek.of(local), ratio if local.hour == busy_hour else 1.0)
    return season


def test_new_brand_has_a_flat_week() -> None:
    assert {Season().factor(HourOfWeek.of(MONDAY + timedelta(minutes=20 * n))) for n in range(504)} == {1.0}


def test_busy_hour_is_learned_after_a_few_days_and_other_hours_stay_flat() -> None:
    season = taught(days=5, busy_hour=9, ratio=3.0)
    assert 2.0 < season.factor(HourOfWeek.of(MONDAY.replace(hour=9, minute=30))) < 3.0
    assert season.factor(HourOfWeek.of(MONDAY.replace(hour=15, minute=30))) == pytest.approx(1.0)


def test_one_odd_step_hardly_moves_an_hour() -> None:
    season = Season()
    season.learn(HourOfWeek.of(MONDAY.replace(hour=9, minute=30)), 4.0)
    assert 1.0 < season.factor(HourOfWeek.of(MONDAY.replace(hour=9, minute=30))) < 1.2


def test_weekend_learns_apart_but_leans_on_the_hour() -> None:
    season = taught(days=19, busy_hour=9, ratio=3.0, weekend=True)
    weekend = season.factor(HourOfWeek.of(SATURDAY.replace(hour=9, minute=30)))
    workday = season.factor(HourOfWeek.of(MONDAY.replace(hour=9, minute=30)))
    assert 1.0 < workday < weekend


def test_factor_has_no_jump_at_the_hour() -> None:
    season = taught(days=5, busy_hour=9, ratio=3.0)
    before = season.factor(HourOfWeek.of(MONDAY.replace(hour=9, minute=59)))
    after = season.factor(HourOfWeek.of(MONDAY.replace(hour=10, minute=0)))
    assert before == pytest.approx(after, rel=0.03)
    assert season.factor(HourOfWeek.of(MONDAY.replace(hour=0))) == pytest.approx(
        season.factor(HourOfWeek.of(MONDAY.replace(hour=23, minute=59)))
    )
