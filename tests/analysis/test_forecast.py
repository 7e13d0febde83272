"""The forecast: an interval around its middle, a surge that decays, the usual that goes on."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.forecast import forecast

RATES = st.floats(min_value=0, max_value=10_000, allow_nan=False)


@given(rate=RATES, usual=RATES)
def test_interval_contains_its_middle_and_grows_with_the_horizon(rate: float, usual: float) -> None:
    bands = forecast(rate_per_minute=rate, usual_per_minute=usual).bands
    assert [band.horizon for band in bands] == [timedelta(hours=hours) for hours in (1, 3, 6)]
    assert all(0 <= band.low <= band.mid <= band.high for band in bands)
    assert bands[0].mid <= bands[1].mid <= bands[2].mid


def test_surge_decays_each_hour() -> None:
    one, three, six = (band.mid for band in forecast(rate_per_minute=10, usual_per_minute=0).bands)
    assert one < 600  # fewer than if it went on
    assert (three - one) / 2 < one
    assert (six - three) / 3 < (three - one) / 2


def test_everyday_rate_goes_on() -> None:
    bands = forecast(rate_per_minute=0.5, usual_per_minute=0.5).bands
    assert [band.mid for band in bands] == pytest.approx([30, 90, 180])


def test_silence_forecasts_what_was_heard_not_what_is_usual() -> None:
    assert forecast(rate_per_minute=0, usual_per_minute=5).bands[2].mid == 0


def test_few_mentions_are_relatively_less_sure() -> None:
    few = forecast(rate_per_minute=0.05, usual_per_minute=0).bands[0]
    many = forecast(rate_per_minute=50, usual_per_minute=0).bands[0]
    assert few.high / few.mid > many.high / many.mid
