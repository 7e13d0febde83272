"""Voices in the window against what is usual."""

from dataclasses import replace

from analysis.signals.velocity import Velocity
from tests.analysis.signals.views import VIEW


def test_text_holds_both_numbers() -> None:
    reading = Velocity().read(VIEW)
    assert reading is not None
    assert (reading.value, reading.expected) == (40, 4.0)
    assert reading.text == "40 voices in 30 min, usually 4.0"
    assert reading.surprise is not None
    assert reading.surprise > 5


def test_warming_up_says_so_and_expects_nothing() -> None:
    reading = Velocity().read(replace(VIEW, usual_voices=None, spread_voices=None))
    assert reading is not None
    assert (reading.expected, reading.surprise) == (None, None)
    assert "not known yet" in reading.text


def test_fewer_voices_than_usual_are_a_negative_surprise() -> None:
    reading = Velocity().read(replace(VIEW, voices=1.0))
    assert reading is not None
    assert reading.surprise is not None
    assert reading.surprise < 0
