"""Tells what part of a thread's voices is of a sort, beside the usual part. Used by signals; decides nothing."""

from analysis.usual import USUAL_WORTH, shrunk
from stormcone.models import Axis, Reading
from stormcone.models.signal_views import Part

_LEAST_SPREAD = 0.02  # where the usual part is 0 or 1, a single voice is no sensation


def part_reading(signal: str, part: Part | None, said: str) -> Reading | None:
    """Return the share with its 80 % interval, shrunk to the usual one; the plain share where that is unknown.

    Args: signal: its name. part: None where nobody knows. said: what those voices do, as in "of 40 authors ...".
    Source: own definition, see analysis.usual; the surprise is in standard deviations of such a share between posts.
    >>> reading = part_reading("example", Part(count=30, of=40, usual=None), "speak Finnish")
    >>> reading and reading.text
    '75% of 40 authors speak Finnish; what is usual is not known yet'
    """
    if part is None:
        return None
    share = part.count / part.of
    people = f"of {part.of} authors {said}"
    if part.usual is None:
        text = f"{share:.0%} {people}; what is usual is not known yet"
        return Reading(signal=signal, axis=Axis.CONTEXT, value=share, expected=None, text=text)
    told = shrunk(part.count, part.of, usual=part.usual)
    spread = (part.usual * (1 - part.usual) * (1 / part.of + 1 / USUAL_WORTH)) ** 0.5
    return Reading(
        signal=signal,
        axis=Axis.CONTEXT,
        value=told.value,
        expected=told.usual,
        text=f"{told.value:.0%} ({told.low:.0%} to {told.high:.0%}) {people}, usually {told.usual:.0%}",
        surprise=(share - part.usual) / max(spread, _LEAST_SPREAD),
        low=told.low,
        high=told.high,
    )
