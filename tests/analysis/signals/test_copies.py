"""Share of the surge that repeats itself."""

from dataclasses import replace

from analysis.signals.copies import Copies
from tests.analysis.signals.views import VIEW


def test_text_holds_share_and_number() -> None:
    reading = Copies().read(VIEW)
    assert reading is not None
    assert reading.value == 0.25
    assert reading.text == "25% of 60 mentions repeat a text already seen"


def test_few_copies_are_not_worth_a_word() -> None:
    assert Copies().read(replace(VIEW, copies=11.0)) is None


def test_no_mentions_have_no_share() -> None:
    assert Copies().read(replace(VIEW, mentions=0.0, copies=0.0)) is None
