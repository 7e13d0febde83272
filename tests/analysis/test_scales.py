"""Short and long windows together: one loud window is not a storm, many that agree are."""

import pytest

from analysis.scales import agreed_surprise


def test_windows_that_agree_beat_one_loud_window() -> None:
    assert agreed_surprise([3.0, 3.0, 3.0]) > agreed_surprise([8.0, 0.0, 0.0])


def test_calm_window_is_no_credit_against_a_storm() -> None:
    assert agreed_surprise([6.0, -9.0]) == pytest.approx(3.0)


def test_nothing_asked_is_nothing_surprising() -> None:
    assert agreed_surprise([]) == 0.0


def test_never_below_zero() -> None:
    assert agreed_surprise([-4.0, -1.0]) == 0.0
