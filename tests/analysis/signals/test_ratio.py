"""Replies per like, against the brand's own posts."""

import math
from dataclasses import replace

import pytest

from analysis.signals.ratio import Ratio, ratio
from stormcone.models.signal_views import SignalView
from tests.analysis.signals.views import VIEW


def test_text_holds_both_numbers() -> None:
    reading = Ratio().read(VIEW)
    assert reading is not None
    assert (reading.value, reading.expected) == (4.0, 0.2)
    assert reading.text == "4.0 replies per like, usually 0.2 on posts of this brand"
    assert reading.surprise == pytest.approx(math.log(20) / math.log(2.5))


@pytest.mark.parametrize("lacking", [replace(VIEW, likes=None), replace(VIEW, replies_total=None)])
def test_unknown_counts_have_no_ratio(lacking: SignalView) -> None:
    assert Ratio().read(lacking) is None


def test_first_post_of_a_brand_has_no_usual_ratio() -> None:
    reading = Ratio().read(replace(VIEW, usual_ratio=None))
    assert reading is not None
    assert (reading.expected, reading.surprise) == (None, None)
    assert "not known yet" in reading.text


def test_post_without_likes_or_replies_stays_finite() -> None:
    assert ratio(replies=7, quotes=2, likes=0) == 9.0
    reading = Ratio().read(replace(VIEW, replies_total=0, likes=0))
    assert reading is not None
    assert reading.surprise is not None
    assert math.isfinite(reading.surprise)


def test_quotes_that_are_counted_join_the_replies() -> None:
    reading = Ratio().read(replace(VIEW, quotes_total=20))
    assert reading is not None
    assert reading.value == 5.0
    assert reading.text == "5.0 replies and quotes per like, usually 0.2 on posts of this brand"


def test_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        ratio(replies=-1, quotes=0, likes=3)
