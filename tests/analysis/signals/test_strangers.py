"""Authors who were never heard of before, beside the usual share of them."""

from dataclasses import replace

from analysis.signals.strangers import Strangers
from stormcone.models import Axis
from stormcone.models.signal_views import Part
from tests.analysis.signals.views import VIEW


def test_text_holds_both_numbers_and_the_interval() -> None:
    reading = Strangers().read(replace(VIEW, strangers=Part(count=36, of=40, usual=0.5)))
    assert reading is not None
    assert (reading.signal, reading.axis, reading.expected) == ("strangers", Axis.CONTEXT, 0.5)
    assert reading.text == "76% (68% to 82%) of 40 authors had never mentioned the brand before, usually 50%"
    assert reading.surprise is not None
    assert reading.surprise > 2


def test_first_posts_have_no_usual_share() -> None:
    reading = Strangers().read(replace(VIEW, strangers=Part(count=36, of=40, usual=None)))
    assert reading is not None
    assert reading.text == "90% of 40 authors had never mentioned the brand before; what is usual is not known yet"


def test_unknown_is_no_reading() -> None:
    assert Strangers().read(VIEW) is None
