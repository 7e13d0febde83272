"""Which platforms are the press."""

import pytest

from analysis.press import is_press


@pytest.mark.parametrize(
    ("platform", "is_one"),
    [("news", True), ("News ", True), ("rss", True), ("hackernews", False), ("reddit", False), ("", False)],
)
def test_feeds_of_editors_are_press_and_forums_are_not(platform: str, is_one: bool) -> None:
    assert is_press(platform) is is_one
