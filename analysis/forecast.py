"""How many mentions the next hours bring: the surge decays, the usual goes on.

Used by the verdict. Simple on purpose: on simulated pile-ons decay of the last half hour beat cleverer forecasts.
"""

import math
from datetime import timedelta

from stormcone.models import ExpectedPeak, Forecast, ForecastBand

_HALF_LIFE_HOURS = 2.0
# Horizon in hours -> standard deviation of the logarithm. Chosen on the split `tune` of the test-bed (49 pile-ons,
# asked 30, 60 and 120 minutes after the onset), so that four of five intervals hold: early ones less, later ones more.
_LOG_ERRORS = {1: 0.65, 3: 0.60, 6: 0.62}
_NORMAL_80 = 1.2816  # half width of the central 80 % of a normal distribution, in standard deviations


_GROWS, _FALLEN = 1.4, 0.7  # last ten minutes over the window's rate; in between it holds, as far as noise shows
# The peak: how many times the rate seen so far it will be, in the middle and at the bound that four of five keep,
# chance apart. Chosen on 36 forecasts of pile-ons of the same split (20 mentions an hour), of which 29 keep the bound:
# those that grow, that hold (or grow in bursts), that have fallen.
_GROWING, _HOLDING, _FALLING = (1.6, 2.2), (1.5, 1.7), (1.0, 1.7)
_PEAK_MINUTES = 10  # over which a peak is counted; few mentions vary by chance, more than by any factor


def forecast(*, rate_per_minute: float, usual_per_minute: float, lately_per_minute: float | None = None) -> Forecast:
    """Return the mentions expected within 1, 3 and 6 hours with an 80 % interval, and the expected peak.

    Args: rate_per_minute: mentions a minute over the last 30 minutes, >= 0. usual_per_minute: what is normal now.
        lately_per_minute: the same over the last ten minutes, None where unknown: then no peak is told.
    Source: exponential decay of the excess with a half-life of two hours; own measurement, see _LOG_ERRORS.
    >>> band = forecast(rate_per_minute=10.0, usual_per_minute=0.1).bands[0]
    >>> round(band.low), round(band.mid), round(band.high)
    (220, 508, 1171)
    """
    rate_now = rate_per_minute
    if lately_per_minute is not None and lately_per_minute >= _GROWS * rate_per_minute:
        rate_now = (
            lately_per_minute  # half of the window is from before: half an hour after an onset that halves the error
        )
    excess = max(0.0, rate_now - usual_per_minute)
    bands = []
    for hours, log_error in _LOG_ERRORS.items():
        decayed_hours = _HALF_LIFE_HOURS / math.log(2) * (1 - 0.5 ** (hours / _HALF_LIFE_HOURS))
        mid = 60 * (excess * decayed_hours + min(usual_per_minute, rate_now) * hours)
        # Few mentions vary by chance alone, whatever the forecast is worth.
        width = _NORMAL_80 * math.sqrt(log_error**2 + 1.0 / max(mid, 1.0))
        bands.append(
            ForecastBand(
                horizon=timedelta(hours=hours), low=mid * math.exp(-width), mid=mid, high=mid * math.exp(width)
            )
        )
    return Forecast(bands=tuple(bands), peak=_peak(rate_per_minute, lately_per_minute))


def _peak(rate_per_minute: float, lately_per_minute: float | None) -> ExpectedPeak | None:
    """Return how fast it gets: growth goes on for a while, what has fallen seldom comes back.

    >>> peak = _peak(2.0, 4.0)
    >>> peak and (peak.low, peak.mid, round(peak.high, 1), peak.is_past)
    (4.0, 6.4, 9.4, False)
    """
    if lately_per_minute is None:
        return None
    seen = max(rate_per_minute, lately_per_minute)
    is_past = lately_per_minute < _FALLEN * rate_per_minute
    is_growing = lately_per_minute >= _GROWS * rate_per_minute
    mid, high = _FALLING if is_past else _GROWING if is_growing else _HOLDING
    bound = high * seen + math.sqrt(seen / _PEAK_MINUTES)
    return ExpectedPeak(low=seen, mid=mid * seen, high=bound, is_past=is_past)
