"""What is usual on a platform: whole hours before the window, two days at most, unknown until watched."""

from datetime import timedelta

import pytest

from analysis.platform_habits import _MOST_PLATFORMS, PlatformHabits
from tests.fakes import at

WINDOW = timedelta(hours=2)


def watched(hours: float) -> PlatformHabits:
    habits = PlatformHabits()
    habits.begin(at(-60 * hours))
    return habits


def test_nobody_watched_is_unknown() -> None:
    assert PlatformHabits().usual(("x",), at(0), WINDOW) is None


@pytest.mark.parametrize(("hours", "is_known"), [(2, False), (3.9, False), (4, True), (40, True)])
def test_usual_is_known_after_one_window_before_the_window(hours: float, is_known: bool) -> None:
    assert (watched(hours).usual(("x",), at(0), WINDOW) is not None) is is_known


def test_window_itself_does_not_count() -> None:
    habits = watched(10)
    for minutes in range(1, 120):
        habits.count("x", at(-minutes))
    assert habits.usual(("x",), at(0), WINDOW) == 0.0


def test_usual_is_scaled_to_the_window() -> None:
    habits = watched(10)
    for hour in range(2, 10):
        habits.count("x", at(-60 * hour - 30))
    assert habits.usual(("x",), at(0), WINDOW) == pytest.approx(2.0)
    assert habits.usual(("x",), at(0), timedelta(minutes=30)) == pytest.approx(8 / 9 * 0.5)


def test_platforms_asked_about_together_are_added() -> None:
    habits = watched(10)
    for hour in range(2, 10):
        habits.count("news", at(-60 * hour - 30))
        habits.count("rss", at(-60 * hour - 30))
    assert habits.usual(("news", "rss", "press"), at(0), WINDOW) == pytest.approx(4.0)


def test_only_two_days_are_remembered() -> None:
    habits = watched(200)
    for hour in range(200):
        habits.count("x", at(-60 * hour - 30))
    before = habits.usual(("x",), at(0), WINDOW)
    habits.forget_before(at(0))
    assert habits.usual(("x",), at(0), WINDOW) == before == pytest.approx(2.0)
    assert sum(map(len, habits._platforms.values())) <= 50


def test_number_of_platforms_is_bounded() -> None:
    habits = watched(10)
    for number in range(_MOST_PLATFORMS + 20):
        habits.count(f"platform {number}", at(-300))
    assert len(habits._platforms) == _MOST_PLATFORMS
