"""Whether daily figures moved: intervals that keep their word."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.lasting_shift import shift_of


def wavering_days(rng: Random, count: int, *, hangs_together: float) -> list[float]:
    level, days = rng.gauss(0, 0.1), []
    for _ in range(count):
        level = hangs_together * level + (1 - hangs_together**2) ** 0.5 * rng.gauss(0, 0.1)
        days.append(level)
    return days


@pytest.mark.parametrize("hangs_together", [0.0, 0.3])
def test_interval_covers_no_change_about_nineteen_times_in_twenty(hangs_together: float) -> None:
    rng = Random(5)
    covered = 0
    for _ in range(200):
        days = wavering_days(rng, 55, hangs_together=hangs_together)
        shift = shift_of(days[:28], days[-7:], rng=rng)
        assert shift is not None
        covered += not shift.is_lasting
    assert 0.88 <= covered / 200 <= 0.99


def test_a_real_shift_is_found() -> None:
    rng, found = Random(6), 0
    for _ in range(50):
        days = wavering_days(rng, 35, hangs_together=0.3)
        shift = shift_of(days[:28], [day - 0.35 for day in days[28:]], rng=rng)
        assert shift is not None
        found += shift.high < 0
    assert found >= 45


def test_too_few_days_tell_nothing() -> None:
    assert shift_of([0.1] * 6, [0.1] * 7, rng=Random(1)) is None
    assert shift_of([0.1] * 7, [0.1] * 3, rng=Random(1)) is None
    assert shift_of([0.1] * 7, [0.1] * 4, rng=Random(1)) is not None


def test_same_seed_same_interval() -> None:
    days = wavering_days(Random(2), 35, hangs_together=0.3)
    assert shift_of(days[:28], days[28:], rng=Random(3)) == shift_of(days[:28], days[28:], rng=Random(3))


@given(st.lists(st.floats(-1, 1), min_size=7, max_size=40), st.lists(st.floats(-1, 1), min_size=4, max_size=40))
def test_the_change_lies_within_its_interval(before: list[float], after: list[float]) -> None:
    shift = shift_of(before, after, rng=Random(4))
    assert shift is not None
    assert shift.low <= shift.change <= shift.high
    assert shift.change == pytest.approx(shift.after - shift.before)
