"""How sure shares and their differences are.

Under the figures of answers and their effect. Numbers in, numbers out; knows nothing of what they mean.
"""

import math
from statistics import NormalDist

from stormcone.models.shares import Share, Span

_STANDARD = NormalDist()


def wilson(successes: float, n: int, *, level: float) -> Share:
    """Return the share of successes with its score interval.

    Args: successes: 0..n. n: >= 1. level: of the interval, 0.8 for 80 %.
    Raises: ValueError: n is less than 1, or successes do not lie in 0..n.
    Source: Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
        Statistical Association 22(158), 1927.
    >>> share = wilson(6, 10, level=0.8)
    >>> round(share.low, 3), share.value, round(share.high, 3)
    (0.401, 0.6, 0.77)
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"a share is of at least 1 and at most all: {successes} of {n}")
    value = successes / n
    low, high = score_ends(value, n, quantile=normal_quantile(level))
    return Share(value=value, low=low, high=high, n=n)


def score_ends(value: float, n: float, *, quantile: float) -> tuple[float, float]:
    """Return the ends of the score interval of a share of n, which need not be whole where words hang together."""
    squared = quantile * quantile
    middle = value + squared / (2 * n)
    reach = quantile * math.sqrt(value * (1 - value) / n + squared / (4 * n * n))
    # At the ends of the scale rounding would leave the share itself outside.
    return (
        min(value, max(0.0, (middle - reach) / (1 + squared / n))),
        max(value, min(1.0, (middle + reach) / (1 + squared / n))),
    )


def difference(one: Share, other: Share) -> Span:
    """Return one share less another with its interval, of the level that both shares have.

    Source: the hybrid score interval, method 10 in Newcombe, "Interval estimation for the difference between
        independent proportions: comparison of eleven methods", Statistics in Medicine 17, 1998.
    >>> change = difference(wilson(56, 70, level=0.95), wilson(48, 80, level=0.95))
    >>> round(change.low, 4), round(change.value, 4), round(change.high, 4)
    (0.0524, 0.2, 0.3339)
    """
    value = one.value - other.value
    return Span(
        value=value,
        low=value - math.hypot(one.value - one.low, other.high - other.value),
        high=value + math.hypot(one.high - one.value, other.value - other.low),
    )


def normal_quantile(level: float) -> float:
    """Return how many standard deviations reach so far on both sides. level: 0.8 for 80 %.

    >>> round(normal_quantile(0.8), 4)
    1.2816
    """
    return _STANDARD.inv_cdf((1 + level) / 2)


def t_quantile(level: float, degrees: float) -> float:
    """Return the same of Student's t, for at least 3 degrees of freedom.

    Source: the expansion 26.7.5 in Abramowitz, Stegun, Handbook of Mathematical Functions; off by less than 1 %.
    >>> round(t_quantile(0.95, 8), 2), round(t_quantile(0.95, 1000), 2)
    (2.31, 1.96)
    """
    z = normal_quantile(level)
    return (
        z
        + (z**3 + z) / (4 * degrees)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * degrees**3)
    )
