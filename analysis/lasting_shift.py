"""Whether daily figures after something differ from those before, and how sure that is.

Under the recovery record. Days hang together, so whole stretches of days are drawn, not single ones. Knows nothing of
what the figures mean; draws only from the generator it is handed.
"""

import math
from collections.abc import Sequence
from random import Random
from statistics import fmean, pvariance
from typing import Final

from stormcone.models import Shift

LEAST_BEFORE: Final = 7  # days
LEAST_AFTER: Final = 4  # days

_BLOCK: Final = 3  # days that hang together
_DRAWS: Final = 500
# Student's t at 97.5 % for 3 to 30 degrees of freedom: a week has few days, and two standard errors are too few then.
_T: Final = (
    *(3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120),
    *(2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


def shift_of(before: Sequence[float], after: Sequence[float], *, rng: Random) -> Shift | None:
    """Return how the mean of daily figures moved, None with fewer than 7 days before or 4 after.

    Args: before, after: one figure a day, in order of time. rng: seeded by the caller.
    Returns: the interval is change +- t * se, se by the block bootstrap, t with the days after as degrees of freedom.
    Source: circular block bootstrap: Politis, Romano, "A circular block-resampling procedure for stationary data",
        in: Exploring the Limits of Bootstrap, 1992. Blocks of three days, made good for the spread that short series
        hide: own definition, its coverage is measured in the tests.
    >>> shift = shift_of([0.2, 0.3] * 7, [-0.5, -0.4] * 3, rng=Random(1))
    >>> round(shift.change, 2), shift.is_lasting
    (-0.7, True)
    """
    if len(before) < LEAST_BEFORE or len(after) < LEAST_AFTER:
        return None
    change = fmean(after) - fmean(before)
    error = math.sqrt(_variance_of_mean(before, rng) + _variance_of_mean(after, rng))
    reach = error * _T[min(len(after) - 1, len(_T) + 2) - 3]
    return Shift(before=fmean(before), after=fmean(after), change=change, low=change - reach, high=change + reach)


def _variance_of_mean(days: Sequence[float], rng: Random) -> float:
    """Return the bootstrap variance of the mean of `days`, corrected for the blocks that a short series lacks."""
    count = len(days)
    blocks = -(-count // _BLOCK)
    ring = [*days, *days[: _BLOCK - 1]]
    sums = [math.fsum(ring[start : start + _BLOCK]) for start in range(count)]
    last = count - (blocks - 1) * _BLOCK  # the last block is cut to the length of the series
    ends = [math.fsum(ring[start : start + last]) for start in range(count)]
    means = [
        (math.fsum(rng.choices(sums, k=blocks - 1)) + ends[int(rng.random() * count)]) / count for _ in range(_DRAWS)
    ]
    return pvariance(means) * count / max(1, count - _BLOCK)
