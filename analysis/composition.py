"""What share of voices usually speaks against the brand, and how far it wanders.

Used by the brand's stream and as the prior of the own-post watch. Never counts mentions; volume is the baseline's.
"""

import math
from dataclasses import dataclass

POOLED_AGAINST_SHARE = 0.25  # before a brand has a history: the rate the scorer is calibrated to, an assumption
POOLED_POSITIVE_SHARE = 0.38  # own choice, near the 40 % positive of the SemEval-2013..2016 training texts
_POOLED_VOICES = 20.0  # what the pooled shares are worth
_POOLED_VARIANCE = 0.06  # variance of one voice's p_against around the share


@dataclass(slots=True, kw_only=True)
class ShareBaseline:
    """Running shares of voices against and for the brand, forgotten by voices heard rather than by time.

    Source: own definition, exponentially forgotten ratio with a pooled prior.
    >>> share = ShareBaseline(half_life_voices=500)
    >>> share.learn(voices=100, against=40, positive=20)
    >>> round(share.against_share, 2)
    0.36
    """

    half_life_voices: float
    _voices: float = _POOLED_VOICES
    _against: float = _POOLED_VOICES * POOLED_AGAINST_SHARE
    _positive: float = _POOLED_VOICES * POOLED_POSITIVE_SHARE
    _squares: float = _POOLED_VOICES * _POOLED_VARIANCE

    @property
    def against_share(self) -> float:
        """Usual share of voices against the brand, 0..1."""
        return self._against / self._voices

    @property
    def positive_share(self) -> float:
        """Usual share of voices for the brand, 0..1."""
        return self._positive / self._voices

    @property
    def variance_of_a_voice(self) -> float:
        """Variance that one voice adds to the mass against, bursts of like-minded voices included."""
        return max(self._squares / self._voices, 0.01)

    def surprise(self, *, voices: float, against: float) -> float:
        """Return by how many standard deviations the mass against exceeds what so many voices usually bring."""
        if voices <= 0:
            return 0.0
        return (against - voices * self.against_share) / math.sqrt(voices * self.variance_of_a_voice)

    def learn(self, *, voices: float, against: float, positive: float) -> None:
        """Take a step's voices into account; at most 50, so that a storm does not become the norm."""
        if voices <= 0:
            return
        weight = min(1.0, 50.0 / voices)
        residual = against - voices * self.against_share
        keep = 0.5 ** (weight * voices / self.half_life_voices)
        self._voices = self._voices * keep + weight * voices
        self._against = self._against * keep + weight * against
        self._positive = self._positive * keep + weight * positive
        self._squares = self._squares * keep + weight * residual * residual
