"""The phrases heard most, by name."""

from dataclasses import replace

from analysis.signals.cues import Cues
from tests.analysis.signals.views import VIEW


def test_three_loudest_are_named_with_their_counts() -> None:
    reading = Cues().read(VIEW)
    assert reading is not None
    assert reading.value == 20
    assert reading.text == "heard: “delete this” 9 times, “shame” 7 times, “boycott” 2 times"


def test_no_cue_is_no_reading() -> None:
    assert Cues().read(replace(VIEW, cues={})) is None
