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
    """A post was found gone: for every brand it mentions, whichever is named here. It may never have been stored.

    is_of_anybody: from a stream of all deletions of a platform; of those, only what is stored is anybody's business.
    """

    platform: str
    id: str
    brand: str
    seen_at: datetime
    is_of_anybody: bool = False

    def __post_init__(self) -> None:
        require_utc("seen_at", self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A stored post was looked up again: is it still there? One miss proves nothing; the store counts them."""

    platform: str
    id: str
    brand: str
    seen_at: datetime
    is_there: bool

    def __post_init__(self) -> None:
        require_utc("seen_at", self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A post says something else than before. id: of its first version, whatever the platform calls the new one."""

    platform: str
    id: str
    brand: str
    edited_at: datetime
    text: str

    def __post_init__(self) -> None:
        require_utc("edited_at", self.edited_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many mentions the platform itself counts within a minute, whether or not their texts were fetched."""

    platform: str
    brand: str
    minute: datetime
    mentions: int

    def __post_init__(self) -> None:
        require_utc("minute", self.minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledRead:
    """A thing the platform bills when it is read, once a UTC day. thing: "post 123"; price_usd: for the first read."""

    thing: str
    price_usd: float


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
    """A stretch nobody collected: unknown, never zero. brand None means every brand of that platform.

    place: the one walk of the platform that left it ("r/acme", the answers to one post); empty: all of it.
    """

    platform: str
    brand: str | None
    started_at: datetime
    ended_at: datetime
    place: str = ""

    def __post_init__(self) -> None:
        require_utc("started_at", self.started_at)
        require_utc("ended_at", self.ended_at)
        if self.ended_at < self.started_at:
            raise ValueError(f"a gap ends after it starts: {self.started_at} .. {self.ended_at}")

    def covers(self, other: "Gap") -> bool:
        """Tell whether another gap lies wholly within this one."""
        is_same = (self.platform, self.brand, self.place) == (other.platform, other.brand, other.place)
        return is_same and self.started_at <= other.started_at and other.ended_at <= self.ended_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Something that could not be read, named so that a person can find it."""

    place: str  # "mentions.csv line 12"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The yield of one poll.

    mentions: own posts and mentions in the order they were seen. checks, edits: of posts stored before. volumes: the
    platform's own counts; the newest of a minute holds. gaps, filled: stretches left out, and stretches of earlier gaps
    that this batch completes. cursor: where the next poll continues; opaque text that only its collector understands.
    requests: sent by this poll. cost_usd: what they cost by themselves; billed: what the things read cost, each once a
    day. throttle_until: the platform asked to stay away until then. is_saturated: the platform had more than it gave;
    rates are lower bounds. has_more: nothing is lost, but more is waiting; poll again at once.
    """

    mentions: tuple[Mention, ...] = ()
    engagements: tuple[Engagement, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    checks: tuple[Check, ...] = ()
    edits: tuple[Edit, ...] = ()
    likes: tuple[Like, ...] = ()
    volumes: tuple[Volume, ...] = ()
    gaps: tuple[Gap, ...] = ()
    filled: tuple[Gap, ...] = ()
    skipped: tuple[Skip, ...] = ()
    cursor: str | None = None
    requests: int = 0
    cost_usd: float = 0.0
    billed: tuple[BilledRead, ...] = ()
    throttle_until: datetime | None = None
    is_saturated: bool = False
    has_more: bool = False
    trouble: str | None = None

    @property
    def size(self) -> int:
        """How many rows of all kinds came back."""
        return sum(map(len, (self.mentions, self.engagements, self.deletions, self.likes, self.gaps)))

    @property
    def is_empty(self) -> bool:
        """True if nothing but perhaps a cursor came back."""
        return self.size == 0
