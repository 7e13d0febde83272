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


def test_a_rate_that_grows_or_holds_has_its_peak_before_it() -> None:
    for lately in (4.0, 2.0, 1.5):
        peak = forecast(rate_per_minute=2.0, usual_per_minute=0.1, lately_per_minute=lately).peak
        assert peak is not None
        assert not peak.is_past
        assert peak.low == max(2.0, lately) < peak.mid < peak.high


def test_a_rate_that_has_fallen_has_its_peak_behind_it() -> None:
    peak = forecast(rate_per_minute=2.0, usual_per_minute=0.1, lately_per_minute=1.0).peak
    assert peak is not None
    assert peak.is_past
    assert peak.low == peak.mid == 2.0 < peak.high


def test_a_peak_nobody_can_know_is_not_told() -> None:
    assert forecast(rate_per_minute=2.0, usual_per_minute=0.1).peak is None


def test_a_rate_that_grows_is_forecast_from_its_last_minutes() -> None:
    slow = forecast(rate_per_minute=2.0, usual_per_minute=0.1).bands[0].mid
    assert forecast(rate_per_minute=2.0, usual_per_minute=0.1, lately_per_minute=2.5).bands[0].mid == slow
    assert forecast(rate_per_minute=2.0, usual_per_minute=0.1, lately_per_minute=4.0).bands[0].mid > 1.9 * slow
