"""How rare a surprise is for this very stream: declustered peaks over a threshold, so that a budget replaces a sigma.

Used for each score of a brand's stream. Answers "how many episodes at least this surprising does a step bring"; the
caller compares that with the budget. Never sees a label and never looks ahead.
"""

import math
from dataclasses import dataclass, field

_LEAST_THRESHOLD = 0.5
_MOST_AT_START = 2.5  # what other streams need; a stormy first day does not make a brand deaf
_LEAST_TRACKED = 0.2
_PSEUDO_EPISODES = 6.0
_TRACKING = 0.005  # how fast the quantile follows: a storm of three hours lifts it by a fifth, not out of reach


@dataclass(slots=True, kw_only=True)
class EpisodeTail:
    """Expected episodes per step above a score, learned from the stream's own past episodes.

    An episode starts above the running 98 % quantile and ends after `quiet_steps` below it; it counts once, with its
    peak. Excesses over the quantile have an exponential tail; both are forgotten with `half_life_steps`.
    warm_up_steps: before so many steps nothing is said (None): a named state, never "calm".
    prior_excess: mean excess the tail starts from, in units of the score.
    Source: peaks over threshold with declustering, after SPOT (Siffer et al., KDD 2017); episodes instead of rows
    and the budget are our own.
    >>> tail = EpisodeTail(warm_up_steps=3, quiet_steps=2, half_life_steps=1000.0)
    >>> for score in (0.1, 0.2, 0.1):
    ...     tail.learn(score)
    >>> tail.rate(0.1), tail.rate(30.0) < 1e-3
    (1.0, True)
    """

    warm_up_steps: int
    quiet_steps: int
    half_life_steps: float
    quantile: float = 0.98
    prior_excess: float = 1.0
    cap_means: float = 6.0
    _keep: float = field(init=False)  # of what was learned, at every step
    _warm: list[float] = field(default_factory=list)
    _threshold: float | None = None
    _steps: float = 0.0
    _episodes: float = _PSEUDO_EPISODES
    _excess_sum: float = 0.0
    _is_inside: bool = False
    _peak: float = 0.0
    _quiet: int = 0

    def __post_init__(self) -> None:
        self._keep = 0.5 ** (1.0 / self.half_life_steps)

    @property
    def is_warming_up(self) -> bool:
        """True until enough steps were seen to say how rare something is."""
        return self._threshold is None

    def rate(self, score: float) -> float | None:
        """Return the expected number of episodes per step with a peak of at least `score`.

        Returns: 0..1, 1.0 for an everyday score; None while warming up.
        """
        if self._threshold is None:
            return None
        excess = score - self._threshold
        if excess <= 0:
            return 1.0
        mean_excess = self._excess_sum / self._episodes
        return min(1.0, self._episodes / self._steps * math.exp(-excess / mean_excess))

    def learn(self, score: float) -> None:
        """Take the score of a finished step into account."""
        if self._threshold is None:
            self._warm_up(score)
            return
        mean_excess = self._excess_sum / self._episodes
        excess = score - self._threshold
        self._forget(mean_excess)
        if excess > 0 or self._is_inside:
            self._follow_episode(score, excess, mean_excess)
        step = _TRACKING * max(_LEAST_TRACKED, self._threshold)
        self._threshold += step * (self.quantile if excess > 0 else -(1 - self.quantile))

    def _warm_up(self, score: float) -> None:
        self._warm.append(score)
        if len(self._warm) < self.warm_up_steps:
            return
        seen = sorted(self._warm)[int(self.quantile * len(self._warm))]
        self._threshold = min(max(seen, _LEAST_THRESHOLD), _MOST_AT_START)
        self._steps = float(len(self._warm))
        self._excess_sum = self._episodes * self.prior_excess
        self._warm.clear()

    def _forget(self, mean_excess: float) -> None:
        self._steps = self._steps * self._keep + 1.0
        self._episodes *= self._keep
        self._excess_sum *= self._keep
        if self._episodes < _PSEUDO_EPISODES:
            self._excess_sum += (_PSEUDO_EPISODES - self._episodes) * mean_excess
            self._episodes = _PSEUDO_EPISODES

    def _follow_episode(self, score: float, excess: float, mean_excess: float) -> None:
        if excess > 0:
            self._is_inside, self._peak, self._quiet = True, max(self._peak, score), 0
            return
        self._quiet += 1
        if self._quiet >= self.quiet_steps:
            threshold = self._threshold or 0.0
            self._episodes += 1.0
            self._excess_sum += min(max(self._peak - threshold, 0.0), self.cap_means * mean_excess)
            self._is_inside, self._peak = False, 0.0
