"""What a collector brings home from one poll.

Written by collectors, saved by the store in one transaction together with the cursor. Holds data only; a batch never
says how it should be judged.
"""

from dataclasses import dataclass
from datetime import datetime

from stormcone.models.mentions import Mention, require_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Counts of an own post as seen at one instant; None where the platform did not say. Counts can fall."""

    platform: str
    post_id: str
    brand: str
    seen_at: datetime
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None

    def __post_init__(self) -> None:
        require_utc("seen_at", self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A post was found gone."""

    platform: str
    id: str
    brand: str
    seen_at: datetime

    def __post_init__(self) -> None:
        require_utc("seen_at", self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """An account of the brand liked a post with this text: public, and able to start a storm."""

    platform: str
    id: str
    brand: str
    liked_at: datetime
    text: str
    account: str | None = None

    def __post_init__(self) -> None:
        require_utc("liked_at", self.liked_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch nobody collected: unknown, never zero. brand None means every brand of that platform."""

    platform: str
    brand: str | None
    started_at: datetime
    ended_at: datetime

    def __post_init__(self) -> None:
        require_utc("started_at", self.started_at)
        require_utc("ended_at", self.ended_at)
        if self.ended_at < self.started_at:
            raise ValueError(f"a gap ends after it starts: {self.started_at} .. {self.ended_at}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Something that could not be read, named so that a person can find it."""

    place: str  # "mentions.csv line 12"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The yield of one poll.

    mentions: own posts and mentions in the order they were seen. cursor: where the next poll continues; opaque text
    that only its collector understands. requests, cost_usd: spent by this poll. throttle_until: the platform asked to
    stay away until then. is_saturated: the platform had more than it gave; rates are lower bounds. has_more: nothing is
    lost, but more is waiting; poll again at once.
    """

    mentions: tuple[Mention, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    likes: tuple[Like, ...] = ()
    gaps: tuple[Gap, ...] = ()
    skipped: tuple[Skip, ...] = ()
    cursor: str | None = None
    requests: int = 0
    cost_usd: float = 0.0
    throttle_until: datetime | None = None
    is_saturated: bool = False
    has_more: bool = False

    @property
    def size(self) -> int:
        """How many rows of all kinds came back."""
        return sum(map(len, (self.mentions, self.engagements, self.deletions, self.likes, self.gaps)))

    @property
    def is_empty(self) -> bool:
        """True if nothing but perhaps a cursor came back."""
        return self.size == 0
