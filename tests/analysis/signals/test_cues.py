"""The share of texts with a cue, and the phrases heard most, by name."""

from dataclasses import replace

from analysis.signals.cues import Cues
from tests.analysis.signals.views import VIEW


def test_share_of_texts_and_the_three_loudest_cues_are_named() -> None:
    reading = Cues().read(VIEW)
    assert reading is not None
    assert (reading.value, reading.expected, reading.low, reading.high) == (0.33, 0.10, 0.28, 0.38)
    assert reading.text == (
        "33% (28% to 38%) hold a cue, usually 10%: “delete this” 9 times, “shame” 7 times, “boycott” 2 times"
    )


def test_no_cue_is_no_reading() -> None:
    assert Cues().read(replace(VIEW, cues={})) is None
