"""Signal: replies and quotes per like of an own post, against the brand's own posts at the same age.

Never compares with a fixed 1.0: every young post has more replies than likes for a while.
"""

import math

from stormcone.models import Axis, Reading
from stormcone.models.signal_views import SignalView
from stormcone.ports import Signal

_SPREAD = math.log(2.5)  # ratios of ordinary posts of one brand differ by about this factor


def ratio(*, replies: int, quotes: int, likes: int) -> float:
    """Return replies and quotes per like; above 1.0 a post is "ratioed".

    A post without likes counts as one like, so the value stays finite.
    Args: counts at the same instant, each >= 0.
    Returns: ratio, dimensionless, >= 0.
    Raises: ValueError: a count is negative.
    Source: own definition; compare at equal age (Minot et al. 2020, arXiv 2006.03526).
    >>> ratio(replies=300, quotes=60, likes=90)
    4.0
    """
    if min(replies, quotes, likes) < 0:
        raise ValueError(f"counts are not negative: {replies=}, {quotes=}, {likes=}")
    return (replies + quotes) / max(likes, 1)


class Ratio(Signal):
    """Distinct voices of the thread, and quotes that are only counted, per like, in units of the spread of posts."""

    name = "ratio"

    def read(self, view: SignalView) -> Reading | None:
        """Return the ratio, None where likes or replies are unknown."""
        if view.likes is None or view.replies_total is None:
            return None
        value = ratio(replies=view.replies_total, quotes=view.quotes_total or 0, likes=view.likes)
        counted = "replies" if view.quotes_total is None else "replies and quotes"
        if view.usual_ratio is None:
            text = f"{value:.1f} {counted} per like; what is usual at this age is not known yet"
            return Reading(signal=self.name, axis=Axis.COMPOSITION, value=value, expected=None, text=text)
        surprise = math.log(max(value, 0.01) / max(view.usual_ratio, 0.01)) / _SPREAD
        return Reading(
            signal=self.name,
            axis=Axis.COMPOSITION,
            value=value,
            expected=view.usual_ratio,
            text=f"{value:.1f} {counted} per like, usually {view.usual_ratio:.1f} on posts of this brand",
            surprise=surprise,
        )
