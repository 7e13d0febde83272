"""Who has mentioned the brand before: tells the people a thread draws in from the brand's usual company.

Beside the ballot, which asks it once for each new voice of a thread. Keeps a number and two instants for each author of
the last thirty days, within a fixed bound; comes back after a restart from the store. Never keeps a name or a text, and
says "unknown" rather than "stranger" while it remembers too little.
"""

from dataclasses import dataclass
from typing import Final

DAY: Final = 86_400.0
KEPT: Final = 30 * DAY  # as long as a brand's earlier posts are learned from
MOST_AUTHORS: Final = 50_000  # some 10 MB for each of the largest brands
# Before a whole day and night was heard, everybody is new; and among fewer people nobody could be known.
_LEAST_HEARD: Final = DAY
_LEAST_AUTHORS: Final = 20

Author = tuple[str, str]  # platform, and the name there


@dataclass(slots=True)
class _Heard:
    first: float
    last: float


class KnownAuthors:
    """The authors that have mentioned one brand, by when they first and last did.

    Instants are seconds since 1970.
    >>> known = KnownAuthors()
    >>> for number in range(30):
    ...     known.hear(("x", f"regular {number}"), 0.0, seen_at=0.0)
    >>> known.hear(("x", "passer-by"), 3 * DAY, seen_at=3 * DAY)
    >>> known.is_stranger(("x", "passer-by"), before=2.9 * DAY), known.is_stranger(("x", "regular 1"), before=2.9 * DAY)
    (True, False)
    >>> known.is_stranger(("x", "passer-by"), before=0.5 * DAY) is None
    True
    """

    def __init__(self) -> None:
        self._heard: dict[int, _Heard] = {}  # the one heard last stands last
        self._latest = float("-inf")
        self._since = float("inf")

    def hear(self, author: Author, at: float, *, seen_at: float, last_at: float | None = None) -> None:
        """Take note that somebody mentioned the brand.

        Args: at: when it was posted. seen_at: when it was collected: what a platform brings of days on which nobody
            listened is no memory of those days. last_at: when the same author last did; None: at the same instant.
        """
        last = at if last_at is None else last_at
        self._since = min(self._since, seen_at)
        self._latest = max(self._latest, last)
        if last < self._latest - KEPT:
            return
        key = hash(author)
        heard = self._heard.pop(key, None)
        if heard is None or heard.last < at - KEPT:
            heard = _Heard(at, last)
        else:
            heard.first, heard.last = min(heard.first, at), max(heard.last, last)
        self._heard[key] = heard
        self._forget()

    def is_stranger(self, author: Author, *, before: float) -> bool | None:
        """Tell whether `author` had never mentioned the brand before an instant; None: nobody can know.

        Args: author: has been heard by now. before: when the post appeared that they answer.
        """
        if before - self._since < _LEAST_HEARD or len(self._heard) < _LEAST_AUTHORS:
            return None
        heard = self._heard.get(hash(author))
        return heard is None or heard.first >= before

    def _forget(self) -> None:
        """Drop whom nobody has heard for long; and where there are too many, whoever was heard longest ago."""
        while True:
            oldest = next(iter(self._heard))
            last = self._heard[oldest].last
            if len(self._heard) > MOST_AUTHORS:
                self._since = max(self._since, last)
            elif last >= self._latest - KEPT:
                return
            del self._heard[oldest]
