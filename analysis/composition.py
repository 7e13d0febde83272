"""What share of voices usually speaks against the brand, and how far it wanders.

Used by the brand's stream and as the prior of the own-post watch. Never counts mentions; volume is the baseline's.
"""

import math
from dataclasses import dataclass, field
from typing import Final

POOLED_AGAINST_SHARE = 0.25  # before a brand has a history: the rate the scorer is calibrated to, an assumption
POOLED_POSITIVE_SHARE = 0.38  # own choice, near the 40 % positive of the SemEval-2013..2016 training texts
POOLED_WORTH: Final = 20.0  # voices or texts that pooled shares are worth
_POOLED_VARIANCE = 0.06  # variance of one voice's p_against around the share
_LEAST_VARIANCE = 0.01
_MOST_A_STEP = 50.0  # voices or texts that one step teaches at most, so that a storm does not become the norm


def memory(heard: float, *, half_life: float) -> tuple[float, float]:
    """Return how much a step's words count in a running share, and how much is kept of all that was heard before.

    What is usual is forgotten by what is heard rather than by time: a silent week says nothing new.
    Args: heard: voices or texts of the step, above 0. half_life: voices or texts after which half is forgotten.
    Source: own definition, exponentially forgotten ratios.
    >>> memory(100.0, half_life=50.0)
    (0.5, 0.5)
    """
    weight = _MOST_A_STEP / heard if heard > _MOST_A_STEP else 1.0
    return weight, 0.5 ** (weight * heard / half_life)


@dataclass(slots=True, kw_only=True)
class ShareBaseline:
    """Running shares of voices against and for the brand, with a pooled prior.

    against_share, positive_share: usual shares of voices against and for the brand, 0..1. variance_of_a_voice: what one
    voice adds to the variance of the mass against, bursts of like-minded voices included.
    Source: own definition, see `memory`.
    >>> share = ShareBaseline(half_life_voices=500)
    >>> share.learn(voices=100, against=40, positive=20)
    >>> round(share.against_share, 2)
    0.36
    """

    half_life_voices: float
    against_share: float = field(init=False, default=POOLED_AGAINST_SHARE)
    positive_share: float = field(init=False, default=POOLED_POSITIVE_SHARE)
    variance_of_a_voice: float = field(init=False, default=_POOLED_VARIANCE)
    _voices: float = POOLED_WORTH
    _against: float = POOLED_WORTH * POOLED_AGAINST_SHARE
    _positive: float = POOLED_WORTH * POOLED_POSITIVE_SHARE
    _squares: float = POOLED_WORTH * _POOLED_VARIANCE

    def surprise(self, voices: float, against: float) -> float:
        """Return by how many standard deviations the mass against exceeds what so many voices usually bring."""
        if voices <= 0:
            return 0.0
        return (against - voices * self.against_share) / math.sqrt(voices * self.variance_of_a_voice)

    def learn(self, *, voices: float, against: float, positive: float) -> None:
        """Take a step's voices into account."""
        if voices <= 0:
            return
        weight, keep = memory(voices, half_life=self.half_life_voices)
        residual = against - voices * self.against_share
        self._voices = self._voices * keep + weight * voices
        self._against = self._against * keep + weight * against
        self._positive = self._positive * keep + weight * positive
        self._squares = self._squares * keep + weight * residual * residual
        self.against_share = self._against / self._voices
        self.positive_share = self._positive / self._voices
        variance = self._squares / self._voices
        self.variance_of_a_voice = max(_LEAST_VARIANCE, variance)
