"""How rare is this score? Unknown at first, then by the stream's own episodes, each counted once."""

import random

import pytest

from analysis.tail import EpisodeTail

WARM, QUIET = 100, 10


def make_tail(*, half_life_steps: float = 6000.0) -> EpisodeTail:
    return EpisodeTail(warm_up_steps=WARM, quiet_steps=QUIET, half_life_steps=half_life_steps)


def warmed(scores: int = 2000, *, half_life_steps: float = 6000.0) -> EpisodeTail:
    tail, rng = make_tail(half_life_steps=half_life_steps), random.Random(1)
    for _ in range(scores):
        tail.learn(abs(rng.gauss(0, 0.5)))
    return tail


def rate_of(tail: EpisodeTail, score: float) -> float:
    rate = tail.rate(score)
    assert rate is not None
    return rate


def storm(tail: EpisodeTail, *, peak: float, steps: int) -> None:
    for _ in range(steps):
        tail.learn(peak)
    for _ in range(QUIET):
        tail.learn(0.0)


def test_warming_up_is_unknown_not_calm() -> None:
    tail = make_tail()
    for _ in range(WARM - 1):
        tail.learn(0.1)
    assert tail.is_warming_up
    assert [tail.rate(score) for score in (0.0, 50.0)] == [None, None]


def test_warm_up_ends_and_an_everyday_score_is_everyday() -> None:
    tail = warmed(WARM)
    assert not tail.is_warming_up
    assert tail.rate(0.0) == 1.0


def test_higher_score_is_rarer() -> None:
    tail = warmed()
    rates = [rate_of(tail, score) for score in (0.1, 2.0, 3.0, 5.0, 9.0)]
    assert rates[0] == 1.0
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == len(rates)


def test_stormy_first_day_does_not_make_deaf() -> None:
    tail = make_tail()
    for _ in range(WARM):
        tail.learn(30.0)
    assert rate_of(tail, 12.0) < 0.01


def test_long_storm_counts_as_one_episode() -> None:
    short, long = warmed(), warmed()
    storm(short, peak=6.0, steps=1)
    storm(long, peak=6.0, steps=40)
    assert long._episodes == pytest.approx(short._episodes, rel=0.02)


def test_short_lull_does_not_split_a_storm() -> None:
    one, split = warmed(), warmed()
    storm(one, peak=6.0, steps=10)
    for part in range(2):
        for _ in range(5):
            split.learn(6.0)
        for _ in range(QUIET - 1 if part == 0 else QUIET):
            split.learn(0.0)
    assert split._episodes == pytest.approx(one._episodes, rel=0.02)


def test_repeated_storms_make_the_next_less_rare_and_are_forgotten() -> None:
    tail = warmed(half_life_steps=1000.0)
    before = rate_of(tail, 6.0)
    for _ in range(8):
        storm(tail, peak=6.0, steps=3)
    used_to_it = rate_of(tail, 6.0)
    assert used_to_it > 3 * before
    rng = random.Random(2)
    for _ in range(12_000):
        tail.learn(abs(rng.gauss(0, 0.5)))
    assert rate_of(tail, 6.0) < used_to_it / 3


def test_one_giant_does_not_hide_the_next_storm() -> None:
    tail = warmed()
    storm(tail, peak=500.0, steps=5)
    assert rate_of(tail, 12.0) < 0.01
