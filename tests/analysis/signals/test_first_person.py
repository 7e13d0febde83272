"""Authors who speak from own experience, beside the usual share of them."""

from dataclasses import replace

from analysis.signals.first_person import FirstPerson
from stormcone.models import Axis
from stormcone.models.signal_views import Part
from tests.analysis.signals.views import VIEW


def test_text_holds_both_numbers_and_the_interval() -> None:
    reading = FirstPerson().read(replace(VIEW, personal=Part(count=36, of=40, usual=0.5)))
    assert reading is not None
    assert (reading.signal, reading.axis, reading.expected) == ("first_person", Axis.CONTEXT, 0.5)
    assert reading.text == "76% (68% to 82%) of 40 authors speak from own experience, usually 50%"
    assert reading.surprise is not None
    assert reading.surprise > 2


def test_first_posts_have_no_usual_share() -> None:
    reading = FirstPerson().read(replace(VIEW, personal=Part(count=36, of=40, usual=None)))
    assert reading is not None
    assert reading.text == "90% of 40 authors speak from own experience; what is usual is not known yet"


def test_unknown_is_no_reading() -> None:
    assert FirstPerson().read(VIEW) is None
