"""Why a verdict is what it is: what people are angry about, who carried it, and what would change it.

Made by `analysis.explaining` for verdicts that become a transition, carried by the verdict, shown by notices and
screens. Records only; every phrase, name and text in it is a stranger's and is cleaned where it is shown.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stormcone.models.levels import Kind, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A word or phrase of up to three words. z: how far it is set apart, in standard errors. count: texts with it."""

    phrase: str
    z: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One account that spoke against the brand, or passed on who did (`is_copy`), when it first did so."""

    platform: str
    author: str
    followers: int
    mention_id: str
    url: str | None
    posted_at: datetime
    is_copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """Who carried it. rule: by which `first_amplifier` was chosen, in words. top_reach: largest first, large ones only.

    known_share: of the hostile authors, how many say their followers, 0..1; 0 where nobody is hostile.
    """

    rule: str
    first_amplifier: Carrier | None
    top_reach: tuple[Carrier, ...]
    known_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemplar:
    """A typical hostile reply, its text as captured. phrases: the topics it holds, most telling first.

    reach: followers, None if unknown.
    """

    platform: str
    mention_id: str
    author: str | None
    text: str
    url: str | None
    reach: int | None
    phrases: tuple[str, ...]


class Lever(StrEnum):
    """The one thing that a change of the verdict is about."""

    HOSTILE_AUTHORS = "hostile_authors"  # more people openly against
    RARITY = "rarity"  # how often calm times bring such a surge, episodes a month
    VOICES = "voices"  # fewer voices in the window
    AGAINST = "against"  # fewer of the voices against, in a thread
    AGAINST_SHARE = "against_share"  # a smaller share of them against, in the brand's stream
    COPIES = "copies"  # fewer or more mentions that repeat a text
    SERVICE = "service"  # more texts that speak of service
    FRIENDS = "friends"  # more voices for the brand
    PLANNED = "planned"  # the day is entered as a planned event


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldChange:
    """The smallest change of one thing, all else as measured, that gives another verdict.

    now, needed: the lever's value as it was judged and as it would have to be, in the lever's own unit (people,
    episodes a month, voices, share 0..1, mentions, texts; 0 and 1 for a planned event). level, kind: of the verdict
    there. text: the same as one sentence, in our own words only.
    """

    lever: Lever
    now: float
    needed: float
    level: Level
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that explains one verdict beyond its readings.

    texts: how many different people's hostile words were read for `phrases`, which are most telling first.
    """

    texts: int
    phrases: tuple[Topic, ...]
    carriers: Carriers
    exemplars: tuple[Exemplar, ...]
    would_change: tuple[WouldChange, ...] = ()
