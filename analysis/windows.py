"""What a stretch of a brand's stream brought, beside what was expected of it.

Used by the brand's stream. Sums only, kept by `analysis/step_book.py`; which window matters is decided in the stream.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

from analysis.season import HourOfWeek


@dataclass(slots=True)
class Step:
    """What one step brought; `is_unknown` where a gap says that nobody looked, `is_partial` where one of several places
    was not looked at: what came is then a lower bound, which may be surprising and teaches nothing.

    positive: over voices. hostile, negative, cued: over mentions, copies too, as the minutes of the store count them.

    expected_mean, expected_variance: of its voices, as known when it ended: before it was learned. hour: of the week;
    None of a step that has not ended.
    """

    mentions: float = 0.0
    voices: float = 0.0
    against: float = 0.0
    positive: float = 0.0
    hostile: float = 0.0
    negative: float = 0.0
    cued: float = 0.0
    copies: float = 0.0
    is_unknown: bool = False
    is_partial: bool = False
    expected_mean: float = 0.0
    expected_variance: float = 0.0
    hour: HourOfWeek | None = None


class Totals(NamedTuple):
    """Sums over all steps up to one of them. Of an unknown step neither what came nor what was expected counts.

    A named tuple, and the window below is not frozen: a stream makes one of each at every step, and making a frozen
    dataclass costs more than the sums.
    >>> both = Totals().plus(Step(voices=4, expected_mean=1)).plus(Step(voices=9, is_unknown=True))
    >>> both.voices, both.expected_voices, both.unknown_steps
    (4.0, 1.0, 1)
    """

    mentions: float = 0.0
    voices: float = 0.0
    against: float = 0.0
    positive: float = 0.0
    hostile: float = 0.0
    copies: float = 0.0
    expected_voices: float = 0.0
    variance_voices: float = 0.0
    unknown_steps: int = 0
    partial_steps: int = 0

    def unseen_since(self, before: "Totals") -> int:
        """Return how many steps after `before` were not collected, or not everywhere."""
        return self.unknown_steps - before.unknown_steps + self.partial_steps - before.partial_steps

    def plus(self, step: Step) -> "Totals":
        """Return the sums with one step more."""
        if step.is_unknown:
            return self._replace(unknown_steps=self.unknown_steps + 1)
        return Totals(
            self.mentions + step.mentions,
            self.voices + step.voices,
            self.against + step.against,
            self.positive + step.positive,
            self.hostile + step.hostile,
            self.copies + step.copies,
            self.expected_voices + step.expected_mean,
            self.variance_voices + step.expected_variance,
            self.unknown_steps,
            self.partial_steps + step.is_partial,
        )


@dataclass(slots=True)
class WindowSum:
    """What the last `minutes` brought beside what was expected; unknown steps are left out of both.

    before, now: totals of the same steps, up to the window and up to its end. share_surprise: of the voices against the
    brand, in standard deviations, by what was usual then.
    >>> window = WindowSum(30, Totals(voices=40.0), Totals(voices=64.0), 0.0)
    >>> window.voices
    24.0
    """

    minutes: int
    before: Totals
    now: Totals
    share_surprise: float

    @property
    def mentions(self) -> float:
        """Mentions, copies too."""
        return self.now.mentions - self.before.mentions

    @property
    def voices(self) -> float:
        """Voices, one an author and quarter of an hour."""
        return self.now.voices - self.before.voices

    @property
    def against(self) -> float:
        """Mass of the voices against the brand."""
        return self.now.against - self.before.against

    @property
    def positive(self) -> float:
        """Mass of the voices for the brand."""
        return self.now.positive - self.before.positive

    @property
    def hostile(self) -> float:
        """Hostile mentions, copies too."""
        return self.now.hostile - self.before.hostile

    @property
    def copies(self) -> float:
        """Mentions that are copies."""
        return self.now.copies - self.before.copies

    @property
    def expected_voices(self) -> float:
        """Voices that were expected."""
        return self.now.expected_voices - self.before.expected_voices

    @property
    def variance_voices(self) -> float:
        """Variance of the voices that were expected."""
        return self.now.variance_voices - self.before.variance_voices


def volume_surprise(count: float, mean: float, variance: float) -> float:
    """Return how far a count lies above its expectation, in standard deviations, on the square-root scale.

    The square root makes 4 against 1 and 40 against 25 comparable; overdispersion shrinks the result.
    Source: Anscombe 1948, the transformation of Poisson, binomial and negative-binomial data; the division by the
    variance ratio is our own.
    >>> round(volume_surprise(25, 9, 9), 1)
    4.0
    >>> round(volume_surprise(25, 9, 36), 1)
    2.0
    """
    if mean <= 0:
        return 0.0
    raw = 2.0 * (math.sqrt(count + 0.375) - math.sqrt(mean + 0.375))
    return raw / math.sqrt(variance / mean) if variance > mean else raw
