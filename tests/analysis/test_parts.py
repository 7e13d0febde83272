"""A part of a thread's voices, told beside the usual one."""

import pytest

from analysis.parts import part_reading
from stormcone.models.signal_views import Part


def test_nothing_known_is_nothing_said() -> None:
    assert part_reading("example", None, "sing") is None


def test_part_without_a_usual_one_is_told_as_it_is() -> None:
    reading = part_reading("example", Part(count=3, of=12, usual=None), "sing")
    assert reading is not None
    assert (reading.value, reading.expected, reading.surprise, reading.low) == (0.25, None, None, None)
    assert reading.text == "25% of 12 authors sing; what is usual is not known yet"


def test_part_is_shrunk_to_the_usual_one_and_its_surprise_is_not() -> None:
    reading = part_reading("example", Part(count=40, of=50, usual=0.3), "sing")
    assert reading is not None
    assert reading.value == pytest.approx((40 + 22 * 0.3) / 72)
    assert reading.expected == 0.3
    assert (reading.low or 0.0) < reading.value < (reading.high or 0.0)
    assert reading.surprise == pytest.approx(0.5 / (0.3 * 0.7 * (1 / 50 + 1 / 22)) ** 0.5)
    assert reading.text == "65% (57% to 72%) of 50 authors sing, usually 30%"


@pytest.mark.parametrize("usual", [0.0, 1.0])
def test_part_that_was_never_heard_of_stays_finite(usual: float) -> None:
    reading = part_reading("example", Part(count=1, of=5, usual=usual), "sing")
    assert reading is not None
    assert reading.surprise == pytest.approx((0.2 - usual) / 0.02)
