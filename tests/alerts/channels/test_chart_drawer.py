"""A real drawing process: the picture it makes, and what happens when it makes none."""

import struct

import pytest
import structlog

from alerts.channels._chart_drawer import MOST_PER_MINUTE, ChartDrawer
from tests.alerts.courses import make_course

LONG_SECONDS = 60.0  # of a busy machine; a drawing takes one


@pytest.fixture(scope="module")
def picture() -> bytes:
    drawn = ChartDrawer("mail", seconds=LONG_SECONDS).png(make_course(), brand="acme")
    assert drawn is not None
    return drawn


def test_picture_is_a_small_png_of_twice_the_size(picture: bytes) -> None:
    width, height = struct.unpack(">II", picture[16:24])
    assert picture.startswith(b"\x89PNG")
    assert 1200 < width < 1500
    assert 500 < height < 800
    assert len(picture) < 250_000


def test_same_message_again_is_not_drawn_again() -> None:
    drawer = ChartDrawer("mail", seconds=LONG_SECONDS)
    first = drawer.png(make_course(), brand="acme")
    assert first is not None
    assert drawer.png(make_course(), brand="acme") is first


@pytest.mark.parametrize(
    ("seconds", "high", "reason"),
    [(0.01, 9.0, "TimeoutExpired"), (LONG_SECONDS, float("nan"), "drawing ended with 1")],
)
def test_drawing_that_is_slow_or_fails_leaves_no_picture(seconds: float, high: float, reason: str) -> None:
    drawer = ChartDrawer("mail", seconds=seconds)
    with structlog.testing.capture_logs() as logs:
        assert drawer.png(make_course(high=(high,) * 72), brand="acme") is None
    assert [(each["event"], each["channel"], each["reason"]) for each in logs] == [("chart_left_out", "mail", reason)]


def test_storm_of_messages_is_not_held_up_by_pictures() -> None:
    drawer = ChartDrawer("mail", seconds=0.001)
    for number in range(MOST_PER_MINUTE):
        assert drawer.png(make_course(bin_minutes=number + 1), brand="acme") is None
    with structlog.testing.capture_logs() as logs:
        assert drawer.png(make_course(bin_minutes=30), brand="acme") is None
    assert logs[0]["reason"] == "many messages a minute"
