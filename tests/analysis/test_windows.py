"""Sums of a window: unknown steps are left out of what came and of what was expected."""

import pytest

from analysis.composition import ShareBaseline
from analysis.windows import Step, add_up, volume_surprise

SHARE = ShareBaseline(half_life_voices=1000)


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


def test_sums_hold_every_figure() -> None:
    window = add_up([make_step()] * 3, steps={3: 15}, share=SHARE)[0]
    assert (window.mentions, window.voices, window.against, window.positive) == (15, 12, 6, 3)
    assert (window.hostile, window.copies, window.minutes) == (3, 3, 15)
    assert (window.expected_voices, window.variance_voices) == (6, 9)
    assert window.volume_surprise > 0
    assert window.share_surprise > 0


def test_unknown_step_counts_neither_as_calm_nor_as_storm() -> None:
    known = add_up([make_step()] * 2, steps={2: 15}, share=SHARE)[0]
    partly = add_up([make_step(), make_step(voices=99, is_unknown=True), make_step()], steps={3: 15}, share=SHARE)[0]
    assert partly == known


def test_window_nobody_collected_is_no_surprise() -> None:
    window = add_up([make_step(is_unknown=True)] * 6, steps={6: 30}, share=SHARE)[0]
    assert (window.voices, window.expected_voices, window.volume_surprise, window.share_surprise) == (0, 0, 0, 0)


@pytest.mark.parametrize(("count", "mean"), [(4, 4), (100, 100)])
def test_expected_count_is_no_surprise(count: float, mean: float) -> None:
    assert volume_surprise(count, mean, mean) == 0.0


def test_fewer_than_expected_is_a_negative_surprise() -> None:
    assert volume_surprise(1, 9, 9) < 0


def test_bursty_brand_is_less_surprised_and_an_even_one_no_more_than_poisson() -> None:
    assert volume_surprise(30, 10, 40) == pytest.approx(volume_surprise(30, 10, 10) / 2)
    assert volume_surprise(30, 10, 5) == volume_surprise(30, 10, 10)


def test_one_walk_gives_every_window_and_leaves_out_those_longer_than_history() -> None:
    windows = add_up([make_step()] * 6, steps={1: 5, 6: 30, 18: 90}, share=SHARE)
    assert [(window.minutes, window.voices) for window in windows] == [(5, 4.0), (30, 24.0)]
