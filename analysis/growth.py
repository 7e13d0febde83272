"""How fast counts grow or fade: a log-linear Poisson regression on equal bins, and how scattered they are.

Under the measured effect of an answer. Numbers in, numbers out; no clock.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_ROUNDS: Final = 60
_DONE: Final = 1e-10
_STEEPEST: Final = 30.0  # per whole window: everything in one bin at its edge, which no line describes


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A fitted line. slope: of the logarithm of the rate, per bin. variance: of the slope, if counts were Poisson.

    scatter: sum of squared Pearson residuals. degrees: of freedom of the scatter.
    """

    slope: float
    variance: float
    scatter: float
    degrees: int


def growth_of(counts: Sequence[int]) -> Growth | None:
    """Return the line log(rate) = a + slope * bin through counts of equal bins, by maximum likelihood.

    Args: counts: at least three bins.
    Returns: None where no line describes them: nothing was counted, or all of it at one edge.
    Source: McCullagh, Nelder, Generalized Linear Models, 2nd ed. 1989, chapters 6 and 9 (Poisson regression by
        iteratively reweighted least squares, dispersion from Pearson residuals).
    >>> found = growth_of([16, 8, 4, 2])
    >>> round(found.slope / math.log(2), 3), round(found.scatter, 3)
    (-1.0, 0.0)
    """
    size, total = len(counts), sum(counts)
    if size < 3 or not total:  # noqa: PLR2004 - two points are no line that could be wrong
        return None
    places = [number - (size - 1) / 2 for number in range(size)]
    level, slope = math.log(total / size), 0.0
    for _ in range(_ROUNDS):
        means = [math.exp(level + slope * place) for place in places]
        mass = math.fsum(means)
        middle = math.fsum(mean * place for mean, place in zip(means, places, strict=True)) / mass
        spread = math.fsum(mean * (place - middle) ** 2 for mean, place in zip(means, places, strict=True))
        if spread <= 0:
            return None
        push = math.fsum(
            (count - mean) * (place - middle) for count, mean, place in zip(counts, means, places, strict=True)
        )
        step = max(-1.0, min(1.0, push / spread))
        slope += step
        # Given the slope, the level that fits best is known: all means together are all counts together.
        level = math.log(total / math.fsum(math.exp(slope * place) for place in places))
        if abs(slope) * size > _STEEPEST:
            return None
        if abs(step) < _DONE:
            break
    means = [math.exp(level + slope * place) for place in places]
    scatter = math.fsum((count - mean) ** 2 / mean for count, mean in zip(counts, means, strict=True))
    return Growth(slope=slope, variance=1 / spread, scatter=scatter, degrees=size - 2)
