"""Share of the voices against the brand, against its own usual share."""

from dataclasses import replace

import pytest

from analysis.signals.against_share import AgainstShare
from tests.analysis.signals.views import VIEW


def test_text_holds_both_numbers() -> None:
    reading = AgainstShare().read(VIEW)
    assert reading is not None
    assert (reading.value, reading.expected) == (0.75, 0.25)
    assert reading.text == "75% of the voices are against, usually 25%"
    assert reading.surprise == pytest.approx(0.5 / 0.07)


def test_nobody_has_no_share() -> None:
    assert AgainstShare().read(replace(VIEW, voices=0.0)) is None


def test_share_is_never_above_one_and_survives_a_spread_of_zero() -> None:
    reading = AgainstShare().read(replace(VIEW, against=44.0, spread_against_share=0.0))
    assert reading is not None
    assert reading.value == 1.0
