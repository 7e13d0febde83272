"""Times of arrival: rhythm of the week, reaction to a post, the curve of a crowd."""

import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from collectors.drills.scenario import RateCurve
from collectors.drills.timing import DAY_MINUTES, arrivals, poisson, reaction_minutes, rhythm


def test_rhythm_has_mean_one_over_a_week() -> None:
    monday = datetime(2026, 11, 2, tzinfo=UTC)
    hours = [rhythm(monday + timedelta(hours=hour)) for hour in range(24 * 7)]
    assert sum(hours) / len(hours) == pytest.approx(1, abs=0.001)
    assert min(hours) > 0
    assert max(hours) / min(hours) > 5


@pytest.mark.parametrize("mean", [0, 0.4, 5, 80])
def test_poisson_counts_have_their_mean(mean: float) -> None:
    rng = random.Random(1)
    counts = [poisson(rng, mean) for _ in range(3000)]
    assert sum(counts) / 3000 == pytest.approx(mean, abs=0.05 + 0.06 * mean)
    assert min(counts) >= 0


def test_half_of_the_reactions_come_within_ninety_minutes_and_all_within_a_day() -> None:
    rng = random.Random(2)
    minutes = [reaction_minutes(rng) for _ in range(4000)]
    assert 50 < median(minutes) < 90
    assert max(minutes) <= DAY_MINUTES


def test_reactions_can_be_as_quick_as_those_to_real_posts() -> None:
    rng = random.Random(2)
    minutes = [reaction_minutes(rng, scale_minutes=11.2, power=0.69) for _ in range(4000)]
    assert median(minutes) == pytest.approx(18, abs=1.5)
    assert sum(minute <= 90 for minute in minutes) / 4000 == pytest.approx(0.81, abs=0.02)
    assert max(minutes) <= DAY_MINUTES


def test_crowd_rises_to_its_peak_and_halves_after_it() -> None:
    curve = RateCurve(messages=20_000, rise_minutes=40, half_life_minutes=60)
    minutes = [each.minute for each in arrivals(random.Random(3), curve, 0)]
    assert minutes == sorted(minutes)

    def between(low: float, high: float) -> int:
        return sum(low <= minute < high for minute in minutes)

    assert between(0, 10) < between(10, 20) < between(20, 30) < between(30, 40)
    assert between(100, 120) / between(40, 60) == pytest.approx(0.5, abs=0.05)


def test_plateau_is_flat() -> None:
    curve = RateCurve(messages=20_000, rise_minutes=1, plateau_minutes=60, half_life_minutes=1)
    minutes = [each.minute for each in arrivals(random.Random(4), curve, 0)]
    early, late = (sum(low <= minute < low + 20 for minute in minutes) for low in (1, 40))
    assert early / late == pytest.approx(1, abs=0.06)


def test_branches_answer_somebody_who_was_there_before() -> None:
    curve = RateCurve(messages=400, rise_minutes=10, half_life_minutes=30)
    crowd = arrivals(random.Random(5), curve, 0.25)
    branches = [each for each in crowd if each.answers]
    assert len(branches) / len(crowd) == pytest.approx(0.25, abs=0.01)
    assert all(each.answers and each.answers.minute < each.minute for each in branches)


def test_crowd_of_one_is_one() -> None:
    curve = RateCurve(messages=1, rise_minutes=5, half_life_minutes=5)
    assert all(len(arrivals(random.Random(seed), curve, 0)) == 1 for seed in range(20))
