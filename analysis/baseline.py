"""How many voices a brand normally hears in one step: a level that wanders, times a season.

Used by the brand's stream. Learns only what it is told to learn, so a storm cut by the caller, or by its own clip,
never becomes normal. Holds numbers only: no mention, no clock.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime

from analysis.season import Season

_PRIOR_SIZE = 2.0  # spread assumed before a brand's own is known: bursty, as conversations are
_PRIOR_WEIGHT = 10.0  # in squared voices
_SPREAD_MEMORY = 0.9997  # a step: half forgotten after eight days of 5-minute steps
_LEAST_EXPECTED = 0.05  # voices a step; below it every single voice would look like a wonder


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """Expected count of a step and its spread.

    mean: voices. size: the negative binomial's size; the variance is mean + mean^2 / size.
    """

    mean: float
    size: float

    @property
    def variance(self) -> float:
        """Variance of the count."""
        return self.mean + self.mean * self.mean / self.size


@dataclass(slots=True, kw_only=True)
class Baseline:
    """A gamma-Poisson level with a half-life, times a season, with a learned spread.

    half_life_steps: after so many steps half of the level is forgotten. clip_spreads: a step counts for at most its
    expectation plus so many standard deviations.
    Source: conjugate gamma-Poisson updating with exponential forgetting (West and Harrison 1997, discount models); the
    clip is our own.
    >>> baseline = Baseline(half_life_steps=288, clip_spreads=3.0)
    >>> for minute in range(200):
    ...     baseline.learn(datetime(2026, 1, 5, 9, minute % 60), 4.0)
    >>> round(baseline.expect(datetime(2026, 1, 5, 9, 30)).mean)
    4
    """

    half_life_steps: float
    clip_spreads: float
    season: Season = field(default_factory=Season)
    _counted: float = 0.0
    _steps: float = 0.0
    _mean_squares: float = _PRIOR_SIZE * _PRIOR_WEIGHT
    _excess: float = _PRIOR_WEIGHT
    _size: float = _PRIOR_SIZE

    @property
    def size(self) -> float:
        """The negative binomial's size: small means bursty."""
        return self._size

    def expect(self, local: datetime) -> Expectation:
        """Return what a step at `local` should bring; before anything is learned: half a voice, very uncertain."""
        return Expectation(mean=self._mean(self.season.factor(local)), size=self._size)

    def learn(self, local: datetime, count: float) -> None:
        """Take a step into account, clipped."""
        factor = self.season.factor(local)
        mean = self._mean(factor)
        first = self._steps == 0.0
        self._learn_spread(mean, count)
        limit = mean + self.clip_spreads * math.sqrt(mean + mean**2 / self._size)
        learned = count if first else min(count, limit)
        forget = 0.5 ** (1.0 / self.half_life_steps)
        self._counted = self._counted * forget + learned / max(factor, 0.1)
        self._steps = self._steps * forget + 1.0
        level = (self._counted + 0.5) / (self._steps + 1.0)
        self.season.learn(local, min(4.0, learned / max(level, _LEAST_EXPECTED)))

    def _mean(self, factor: float) -> float:
        return max((self._counted + 0.5) / (self._steps + 1.0) * factor, _LEAST_EXPECTED)

    def _learn_spread(self, mean: float, count: float) -> None:
        """Moment estimate of the size, from residuals cut at four spreads."""
        residual = min(abs(count - mean), 4 * math.sqrt(mean + mean * mean / self._size))
        self._excess = self._excess * _SPREAD_MEMORY + residual * residual - mean
        self._mean_squares = self._mean_squares * _SPREAD_MEMORY + mean * mean
        self._size = min(200.0, max(0.5, self._mean_squares / max(self._excess, 1e-3)))
