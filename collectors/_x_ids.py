"""The time within a post's id: X counts milliseconds since its own epoch, shifted left by 22 bits.

Used by the walks of collectors/x.py to ask for "everything since" without a clock of the server. Pure.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_SHIFT: Final = 22
_LARGEST: Final = (1 << 63) - 1


def id_at(instant: datetime) -> int:
    """Return the smallest id that a post of this millisecond can have; 0 before X's epoch.

    >>> id_at(datetime(2026, 3, 2, tzinfo=UTC))
    2028258985374646272
    """
    milliseconds = (instant - _EPOCH) // timedelta(milliseconds=1)
    return max(0, milliseconds << _SHIFT)


def instant_of(post_id: int) -> datetime:
    """Return when the post with this id was made, to the millisecond.

    >>> instant_of(2028258985374646272 + 4_000_000).isoformat()
    '2026-03-02T00:00:00+00:00'
    """
    return _EPOCH + timedelta(milliseconds=min(max(0, post_id), _LARGEST) >> _SHIFT)
