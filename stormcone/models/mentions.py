"""A mention, what the scorer thinks of it, and how much it counts.

Written by collectors and the mention file, read by everybody. Never holds anything a platform did not say.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

HOSTILE: Final = (
    0.5  # a text is called hostile from here; part of the definition of the figure, not a threshold to tune
)


def require_utc(name: str, instant: datetime) -> None:
    """Raise ValueError unless `instant` is an aware datetime in UTC."""
    if instant.tzinfo is not UTC and (instant.tzinfo is None or instant.utcoffset()):
        raise ValueError(f"{name} must be an aware UTC datetime, not {instant!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One public post: by others about or to a brand, or by the brand itself (`is_own_post`).

    id: the platform's own id. (platform, id, brand) names a mention; a post that names two brands is one of each.
    posted_at, seen_at: when it was published and when it was collected; `seen_at` is later for a late row.
    parent_id, root_id: the post it answers and the thread it belongs to.
    likes, reposts, replies, quotes: counts when it was collected, None where unknown.
    account: handle of the brand's account concerned.
    """

    platform: str
    id: str
    brand: str
    posted_at: datetime
    seen_at: datetime
    text: str
    author: str | None = None
    is_own_post: bool = False
    parent_id: str | None = None
    root_id: str | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    author_followers: int | None = None
    author_created_at: datetime | None = None
    lang: str | None = None
    url: str | None = None
    account: str | None = None

    def __post_init__(self) -> None:
        require_utc("posted_at", self.posted_at)
        require_utc("seen_at", self.seen_at)

    @property
    def thread_id(self) -> str | None:
        """Id of the post whose thread this mention belongs to; None for an own post or a free mention."""
        if self.is_own_post:
            return None
        return self.root_id or self.parent_id


class Confidence(StrEnum):
    """How far a score can be relied on; shown on every screen that shows a share.

    NORMAL: a language with a well measured model. LOW: a language whose model is weak, or a language that was guessed
    from little. NONE: nothing was read (no words, or a language Stormcone has no model for); the probabilities are base
    rates.
    """

    NORMAL = "normal"
    LOW = "low"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a scorer says of one text.

    p_negative + p_neutral + p_positive = 1. compound: VADER's own -1..1, None where the text is not English.
    hostility: 0..1. cues: names of the phrases that fired, the explanation of `hostility`. lang: of the text, as far as
    anybody knows. confidence: how far the probabilities can be relied on. scorer: name and version, so that history can
    be scored again.
    """

    p_negative: float
    p_neutral: float
    p_positive: float
    compound: float | None
    hostility: float
    cues: tuple[str, ...]
    lang: str | None
    scorer: str
    confidence: Confidence = Confidence.NORMAL

    @property
    def p_against(self) -> float:
        """Probability-like weight that this text speaks against the brand: polarity or hostility, whichever is more."""
        return max(self.p_negative, self.hostility)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How much a mention adds once every author has one vote and copies of a text are folded together.

    voice: 1.0 where a vote of its author begins (one a quarter of an hour), else 0. against: what it adds to the mass
    of voices against the brand, 0..1; an author who turns hostile later adds the difference. thread_*: the same within
    the thread of one own post, where only hostility counts: fans swear for joy below a post they love. is_copy: a
    repost or near copy of a text seen before.

    Where a thread_voice begins: is_stranger tells whether its author had never mentioned the brand before the post
    appeared, is_personal whether the text speaks from own experience. None: unknown, or no voice begins here.
    """

    voice: float
    against: float
    thread_voice: float
    thread_against: float
    is_copy: bool
    is_stranger: bool | None = None
    is_personal: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredMention:
    """A mention with its scores and its vote: what the store keeps."""

    mention: Mention
    scores: Scores
    vote: Vote
