"""What a stretch of a brand's stream brought, beside what was expected of it.

Used by the brand's stream. Sums only; which window matters is decided there.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.composition import ShareBaseline


@dataclass(slots=True)
class Step:
    """What one step brought; `is_unknown` where a gap says that nobody looked.

    positive: over voices. hostile, negative, cued: over mentions, copies too, as the minutes of the store count them.

    expected_mean, expected_variance: of its voices, as known when it ended: before it was learned.
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
    expected_mean: float = 0.0
    expected_variance: float = 0.0


@dataclass(slots=True, kw_only=True)
class WindowSum:
    """Sums over the last `minutes`, beside their expectation; unknown steps are left out of both.

    Not frozen: a stream makes three at every step, and that is most of what a step may cost.
    volume_surprise, share_surprise: in standard deviations, of the voices and of the share of them against the brand.
    """

    minutes: int
    mentions: float
    voices: float
    against: float
    positive: float
    hostile: float
    copies: float
    expected_voices: float
    variance_voices: float
    volume_surprise: float
    share_surprise: float


def add_up(newest_first: Iterable[Step], *, steps: Mapping[int, int], share: ShareBaseline) -> list[WindowSum]:
    """Return the sums of several windows that all end with the newest step, shortest first, in one walk.

    Args: newest_first: as many steps as the longest window has, or fewer where nothing is older. steps: of each window,
        how many steps it is wide -> its minutes. share: what the brand's voices usually say.
    >>> walked = [Step(voices=4, expected_mean=1, expected_variance=1)] * 6
    >>> window = add_up(walked, steps={6: 30}, share=ShareBaseline(half_life_voices=1000))[0]
    >>> window.voices, window.expected_voices
    (24.0, 6.0)
    """
    mentions = voices = against = positive = hostile = copies = mean = variance = 0.0
    windows = []
    for wide, step in enumerate(newest_first, start=1):
        if not step.is_unknown:
            mean += step.expected_mean
            variance += step.expected_variance
            mentions += step.mentions
            voices += step.voices
            against += step.against
            positive += step.positive
            hostile += step.hostile
            copies += step.copies
        minutes = steps.get(wide)
        if minutes is not None:
            windows.append(
                WindowSum(
                    minutes=minutes,
                    mentions=mentions,
                    voices=voices,
                    against=against,
                    positive=positive,
                    hostile=hostile,
                    copies=copies,
                    expected_voices=mean,
                    variance_voices=variance,
                    volume_surprise=volume_surprise(voices, mean, variance),
                    share_surprise=share.surprise(voices=voices, against=against),
                )
            )
    return windows


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
    return raw / math.sqrt(max(1.0, variance / mean))
