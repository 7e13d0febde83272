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
        mean = max(self._level * self.season.factor(when), _LEAST_EXPECTED)
        return Expectation(mean, mean + mean * mean / self._size)

    def learn(self, when: HourOfWeek, count: float) -> None:
        """Take a step into account, clipped."""
        factor = self.season.factor(when)
        mean = max(self._level * factor, _LEAST_EXPECTED)
        square = mean * mean
        self._learn_spread(mean, square, count)
        is_first = self._steps == 0.0
        learned = count if is_first else min(count, mean + self.clip_spreads * math.sqrt(mean + square / self._size))
        self._counted = self._counted * self._keep + learned / max(factor, 0.1)
        self._steps = self._steps * self._keep + 1.0
        self._level = (self._counted + _FIRST_LEVEL) / (self._steps + 1.0)
        self.season.learn(when, min(4.0, learned / max(self._level, _LEAST_EXPECTED)))

    def _learn_spread(self, mean: float, square: float, count: float) -> None:
        """Moment estimate of the size, from residuals cut at four spreads."""
        residual = min(abs(count - mean), 4 * math.sqrt(mean + square / self._size))
        self._excess = self._excess * _SPREAD_MEMORY + residual * residual - mean
        self._mean_squares = self._mean_squares * _SPREAD_MEMORY + square
        self._size = min(200.0, max(0.5, self._mean_squares / max(self._excess, 1e-3)))
