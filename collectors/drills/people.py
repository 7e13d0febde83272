"""The invented people of a drill: regulars whom the brand knows, and strangers who turn up once.

Used by the parts that write calm talk and storms. Handles are put together from word lists and a number that no two
strangers share, so one handle is always one person. Never stands for anybody real.
"""

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors.drills.scenario import handle_words

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBERS = len(_DIGITS) ** 5
_SCRAMBLE = 7_654_321  # shares no factor with _NUMBERS (2 and 3 only), so different counts stay different
_STRANGERS_PER_STRETCH = 50_000
_REGULARS = 600
_FOLLOWERS_SPREAD = 1.4
_LARGE_LOG10 = (4.7, 6.3)  # 50,000 to 2 million
_ORDINARY_AGE_DAYS = (200.0, 4500.0)
_ORDINARY_FOLLOWERS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Somebody who writes; the same in every row."""

    handle: str
    followers: int
    created_at: datetime


def regulars(*, seed: str, starts_at: datetime) -> tuple[Author, ...]:
    """Return the people who talk about the brand again and again."""
    rng = random.Random(seed)  # noqa: S311 - a drill wants a seed, not a secret
    firsts, seconds = handle_words()
    names = rng.sample([f"{first}_{second}" for first in firsts for second in seconds], _REGULARS)
    return tuple(
        Author(
            handle=name,
            followers=_followers(rng, _ORDINARY_FOLLOWERS),
            created_at=_created_at(rng, starts_at, _ORDINARY_AGE_DAYS),
        )
        for name in names
    )


class Community:
    """Hands out authors for one stretch of a drill; `stretch` keeps its strangers apart from those of others."""

    def __init__(self, *, known: tuple[Author, ...], rng: random.Random, starts_at: datetime, stretch: int) -> None:
        self._known = known
        self._rng = rng
        self._starts_at = starts_at
        self._count = stretch * _STRANGERS_PER_STRETCH

    def somebody(self, *, stranger_share: float) -> Author:
        """Return a stranger or a regular; a few regulars talk much more than the others."""
        if self._rng.random() < stranger_share:
            return self.stranger()
        return self._known[int(len(self._known) * self._rng.random() ** 2)]

    def stranger(
        self,
        *,
        followers_median: float = _ORDINARY_FOLLOWERS,
        age_days: tuple[float, float] = _ORDINARY_AGE_DAYS,
        is_large: bool = False,
    ) -> Author:
        """Return somebody new.

        Args: followers_median: of a lognormal law. age_days: lowest and highest age of the account, in days.
            is_large: followers between 50,000 and 2 million instead.
        """
        self._count += 1
        followers = int(10 ** self._rng.uniform(*_LARGE_LOG10)) if is_large else _followers(self._rng, followers_median)
        first, second = (self._rng.choice(words) for words in handle_words())
        return Author(
            handle=f"{first}{second}_{_code(self._count)}",
            followers=followers,
            created_at=_created_at(self._rng, self._starts_at, age_days),
        )


def _code(count: int) -> str:
    number = count * _SCRAMBLE % _NUMBERS
    digits = ""
    for _ in range(5):
        number, digit = divmod(number, len(_DIGITS))
        digits += _DIGITS[digit]
    return digits


def _followers(rng: random.Random, median: float) -> int:
    return int(rng.lognormvariate(math.log(median), _FOLLOWERS_SPREAD))


def _created_at(rng: random.Random, starts_at: datetime, age_days: tuple[float, float]) -> datetime:
    return starts_at - timedelta(minutes=int(rng.uniform(*age_days) * 24 * 60))
