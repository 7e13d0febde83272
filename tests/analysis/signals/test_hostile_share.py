"""What the texts say on average, beside what they usually say."""

from dataclasses import replace

from analysis.signals.hostile_share import HostileShare
from tests.analysis.signals.views import VIEW


def test_text_holds_the_share_its_interval_and_what_is_usual() -> None:
    reading = HostileShare().read(VIEW)
    assert reading is not None
    assert reading.text == "41% (36% to 46%) openly hostile, usually 8%"
    assert reading.low is not None
    assert reading.high is not None
    assert reading.low < reading.value < reading.high


def test_nobody_spoke_is_no_reading() -> None:
    assert HostileShare().read(replace(VIEW, said=None)) is None
