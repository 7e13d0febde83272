"""The usual number of voices: found, followed, not fooled by a storm, with its own spread."""

import random
from datetime import datetime, timedelta

import pytest

from analysis.baseline import Baseline
from analysis.season import HourOfWeek
from tests.analysis.simulator import poisson

MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001 - a local time, as the stream hands it in


def make_baseline() -> Baseline:
    return Baseline(half_life_steps=288, clip_spreads=3.0)


def learn_days(baseline: Baseline, days: float, mean: float, *, burst_share: float = 0.0, seed: int = 1) -> None:
    """Teach Poisson counts, every so often in bursts of ten times the mean, so that the mean stays."""
    rng = random.Random(seed)
    for step in range(int(days * 288)):
        rate = mean
        if burst_share:
            rate = mean * 10 if rng.random() < burst_share else mean * (1 - 10 * burst_share) / (1 - burst_share)
        baseline.learn(HourOfWeek.of(MONDAY + timedelta(minutes=5 * step)), poisson(rng, rate))


def test_nothing_learned_expects_little_and_is_unsure() -> None:
    expected = make_baseline().expect(HourOfWeek.of(MONDAY))
    assert expected.mean == 0.5
    assert expected.variance > expected.mean


@pytest.mark.parametrize("mean", [0.3, 2.0, 20.0])
def test_level_is_found_within_three_days(mean: float) -> None:
    baseline = make_baseline()
    learn_days(baseline, 3, mean)
    noon = [baseline.expect(HourOfWeek.of(MONDAY + timedelta(hours=hour))).mean for hour in range(24)]
    assert sum(noon) / 24 == pytest.approx(mean, rel=0.2)


def test_growth_is_followed_within_two_days() -> None:
    baseline = make_baseline()
    learn_days(baseline, 3, 2.0)
    learn_days(baseline, 2, 4.0, seed=2)
    assert baseline.expect(HourOfWeek.of(MONDAY + timedelta(hours=12))).mean == pytest.approx(4.0, rel=0.3)


def test_storm_of_two_hours_does_not_become_normal() -> None:
    baseline = make_baseline()
    learn_days(baseline, 4, 2.0)
    before = baseline.expect(HourOfWeek.of(MONDAY + timedelta(days=4))).mean
    for step in range(24):
        baseline.learn(HourOfWeek.of(MONDAY + timedelta(days=4, minutes=5 * step)), 60.0)
    assert baseline.expect(HourOfWeek.of(MONDAY + timedelta(days=5))).mean < 2.5 * before


def test_first_step_is_believed_without_a_clip() -> None:
    baseline = make_baseline()
    baseline.learn(HourOfWeek.of(MONDAY), 40.0)
    assert baseline.expect(HourOfWeek.of(MONDAY)).mean > 15


def test_bursty_brand_has_a_wider_spread_than_an_even_one() -> None:
    even, bursty = make_baseline(), make_baseline()
    learn_days(even, 6, 4.0)
    learn_days(bursty, 6, 4.0, burst_share=0.05)
    assert even.size > 4 * bursty.size
    assert even.expect(HourOfWeek.of(MONDAY)).variance < bursty.expect(HourOfWeek.of(MONDAY)).variance


def test_silent_brand_is_never_expected_to_be_exactly_silent() -> None:
    baseline = make_baseline()
    for step in range(2000):
        baseline.learn(HourOfWeek.of(MONDAY + timedelta(minutes=5 * step)), 0.0)
    assert baseline.expect(HourOfWeek.of(MONDAY)).mean == 0.05
