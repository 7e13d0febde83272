"""Share of the voices against the brand, against its own usual share."""

from dataclasses import replace

import pytest

from analysis.signals.against_share import AgainstShare
from tests.analysis.signals.views import VIEW


def test_text_holds_the_share_its_interval_and_what_is_usual() -> None:
    reading = AgainstShare().read(VIEW)
    assert reading is not None
    assert reading.expected == 0.25
    assert reading.text == "57% (49% to 65%) of the voices are against, usually 25%"
    assert reading.surprise == pytest.approx(0.5 / 0.07)


def test_many_voices_leave_the_usual_share_behind() -> None:
    reading = AgainstShare().read(replace(VIEW, voices=4_000.0, against=3_000.0))
    assert reading is not None
    assert reading.value == pytest.approx(0.75, abs=0.005)
    assert reading.low is not None
    assert reading.high is not None
    assert reading.high - reading.low < 0.02


def test_nobody_has_no_share() -> None:
    assert AgainstShare().read(replace(VIEW, voices=0.0)) is None


def test_share_is_never_above_one_and_survives_a_spread_of_zero() -> None:
    reading = AgainstShare().read(replace(VIEW, against=44.0, spread_against_share=0.0))
    assert reading is not None
    everybody = AgainstShare().read(replace(VIEW, against=40.0))
    assert everybody is not None
    assert reading.value == everybody.value
    assert reading.high is not None
    assert reading.high <= 1.0
