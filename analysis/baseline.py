"""How many voices a brand normally hears in one step: a level that wanders, times a season.

Used by the brand's stream. Learns only what it is told to learn, so a storm cut by the caller, or by its own clip,
never becomes normal. Holds numbers only: no mention, no clock.
"""

import math
from dataclasses import dataclass, field

from analysis.season import HourOfWeek, Season

_PRIOR_SIZE = 2.0  # spread assumed before a brand's own is known: bursty, as conversations are
_PRIOR_WEIGHT = 10.0  # in squared voices
_SPREAD_MEMORY = 0.9997  # a step: half forgotten after eight days of 5-minute steps
_LEAST_EXPECTED = 0.05  # voices a step; below it every single voice would look like a wonder
_FIRST_LEVEL = 0.5  # voices a step, before anything is learned
_LEAST_FACTOR, _MOST_RATIO = 0.1, 4.0  # of the season: what a single step can teach is bounded on both sides
_RESIDUAL_SPREADS = 4  # a larger surprise says no more about the spread of ordinary steps
_LEAST_EXCESS = 1e-3
_LEAST_SIZE, _MOST_SIZE = 0.5, 200.0


@dataclass(slots=True)
class Expectation:
    """Expected count of a step, in voices, and the variance of that count. Not frozen: made at every step."""

    mean: float
    variance: float


@dataclass(slots=True, kw_only=True)
class Baseline:
    """A gamma-Poisson level with a half-life, times a season, with a learned spread.

    half_life_steps: after so many steps half of the level is forgotten. clip_spreads: a step counts for at most its
    expectation plus so many standard deviations.
    Source: conjugate gamma-Poisson updating with exponential forgetting (West and Harrison 1997, discount models); the
    clip is our own.
    >>> baseline, monday_at_nine = Baseline(half_life_steps=288, clip_spreads=3.0), HourOfWeek(False, 9, 10, 0.0)
    >>> for _ in range(200):
    ...     baseline.learn(monday_at_nine, 4.0)
    >>> round(baseline.expect(monday_at_nine).mean)
    4
    """

    half_life_steps: float
    clip_spreads: float
    season: Season = field(default_factory=Season)
    _keep: float = field(init=False)  # of what was learned, at every step
    _counted: float = 0.0
    _steps: float = 0.0
    _level: float = _FIRST_LEVEL  # voices a step, whatever the hour
    _mean_squares: float = _PRIOR_SIZE * _PRIOR_WEIGHT
    _excess: float = _PRIOR_WEIGHT
    _size: float = _PRIOR_SIZE

    def __post_init__(self) -> None:
        self._keep = 0.5 ** (1.0 / self.half_life_steps)

    @property
    def size(self) -> float:
        """The negative binomial's size: small means bursty; the variance is mean + mean^2 / size."""
        return self._size

    def expect(self, when: HourOfWeek) -> Expectation:
        """Return what a step at that time should bring; before anything is learned: half a voice, very uncertain."""
        mean = self._level * self.season.factor(when)
        mean = max(mean, _LEAST_EXPECTED)
        return Expectation(mean, mean + mean * mean / self._size)

    def learn(self, when: HourOfWeek, count: float) -> None:
        """Take a step into account, clipped."""
        factor = self.season.factor(when)
        mean = self._level * factor
        mean = max(mean, _LEAST_EXPECTED)
        square = mean * mean
        self._learn_spread(mean, square, count)
        learned, keep = count, self._keep
        if count > mean and self._steps > 0.0:
            most = mean + self.clip_spreads * math.sqrt(mean + square / self._size)
            learned = min(count, most)
        self._counted = self._counted * keep + learned / max(_LEAST_FACTOR, factor)
        self._steps = steps = self._steps * keep + 1.0
        self._level = level = (self._counted + _FIRST_LEVEL) / (steps + 1.0)
        ratio = learned / max(_LEAST_EXPECTED, level)
        self.season.learn(when, min(_MOST_RATIO, ratio))

    def _learn_spread(self, mean: float, square: float, count: float) -> None:
        """Moment estimate of the size, from residuals cut at four spreads."""
        residual, most = abs(count - mean), _RESIDUAL_SPREADS * math.sqrt(mean + square / self._size)
        residual = min(residual, most)
        self._excess = excess = self._excess * _SPREAD_MEMORY + residual * residual - mean
        self._mean_squares = squares = self._mean_squares * _SPREAD_MEMORY + square
        size = squares / max(_LEAST_EXCESS, excess)
        self._size = _LEAST_SIZE if size < _LEAST_SIZE else min(size, _MOST_SIZE)
