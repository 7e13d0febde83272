"""Sums of a window: unknown steps are left out of what came and of what was expected."""

import pytest

from analysis.windows import Step, Totals, WindowSum, volume_surprise


def make_step(*, voices: float = 4.0, is_unknown: bool = False) -> Step:
    return Step(
        mentions=voices + 1,
        voices=voices,
        against=voices / 2,
        positive=voices / 4,
        hostile=1,
        copies=1,
        is_unknown=is_unknown,
        expected_mean=2.0,
        expected_variance=3.0,
    )


def window_of(*steps: Step) -> WindowSum:
    before = now = Totals().plus(make_step(voices=100))  # what came before the window
    for step in steps:
        now = now.plus(step)
    return WindowSum(15, before, now, 0.0)


def figures(window: WindowSum) -> tuple[float, ...]:
    return (
        *(window.mentions, window.voices, window.against, window.positive, window.hostile, window.copies),
        *(window.expected_voices, window.variance_voices),
    )


def test_sums_hold_every_figure_of_the_window_and_nothing_before_it() -> None:
    assert figures(window_of(make_step(), make_step(), make_step())) == (15, 12, 6, 3, 3, 3, 6, 9)


def test_unknown_step_counts_neither_as_calm_nor_as_storm() -> None:
    known = window_of(make_step(), make_step())
    partly = window_of(make_step(), make_step(voices=99, is_unknown=True), make_step())
    assert figures(partly) == figures(known)
    assert (known.now.unknown_steps, partly.now.unknown_steps) == (0, 1)


def test_window_nobody_collected_holds_nothing() -> None:
    assert set(figures(window_of(*[make_step(is_unknown=True)] * 6))) == {0}


def test_nothing_expected_is_no_surprise() -> None:
    assert volume_surprise(0, 0, 0) == 0.0


@pytest.mark.parametrize(("count", "mean"), [(4, 4), (100, 100)])
def test_expected_count_is_no_surprise(count: float, mean: float) -> None:
    assert volume_surprise(count, mean, mean) == 0.0


def test_fewer_than_expected_is_a_negative_surprise() -> None:
    assert volume_surprise(1, 9, 9) < 0


def test_bursty_brand_is_less_surprised_and_an_even_one_no_more_than_poisson() -> None:
    assert volume_surprise(30, 10, 40) == pytest.approx(volume_surprise(30, 10, 10) / 2)
    assert volume_surprise(30, 10, 5) == volume_surprise(30, 10, 10)
