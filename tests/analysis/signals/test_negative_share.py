"""What the texts say on average, beside what they usually say."""

from dataclasses import replace

from analysis.signals.negative_share import NegativeShare
from tests.analysis.signals.views import VIEW


def test_text_holds_the_share_its_interval_and_what_is_usual() -> None:
    reading = NegativeShare().read(VIEW)
    assert reading is not None
    assert reading.text == "52% (47% to 57%) negative, usually 30%"
    assert reading.low is not None
    assert reading.high is not None
    assert reading.low < reading.value < reading.high


def test_nobody_spoke_is_no_reading() -> None:
    assert NegativeShare().read(replace(VIEW, said=None)) is None
