"""Per-minute sums, kept up to date in the transaction that stores the mentions.

Written by the store, read by detectors (to remember) and screens (to draw). A minute without a row had no mention; a
minute inside a gap is unknown, and the gap says so.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandMinute:
    """One brand in one minute; `minute` is its start.

    mentions: rows of kind mention, own posts not counted. negative, neutral, positive: sums of probabilities, so they
    add up to `mentions`. voices, against: see Vote. hostile: mentions with hostility of at least one half.
    unsure: mentions whose scores are a guess (Confidence LOW or NONE). cued: mentions that hold a cue.
    """

    brand: str
    minute: datetime
    mentions: int
    own_posts: int
    negative: float
    neutral: float
    positive: float
    voices: float
    against: float
    hostile: int
    copies: int
    unsure: int = 0
    cued: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMinute:
    """The thread of one own post in one minute: replies, distinct voices, mass of voices against.

    hostile: people who were openly against for the first time, not messages. strangers: of the `named` voices, whose
    past with the brand is known, those that have none. personal: of the `told` voices, whose first words could be read,
    those that speak from own experience.
    """

    brand: str
    platform: str
    post_id: str
    minute: datetime
    replies: int
    voices: float
    against: float
    hostile: int
    named: int = 0
    strangers: int = 0
    told: int = 0
    personal: int = 0
