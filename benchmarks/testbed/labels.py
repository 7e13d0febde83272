"""What is known about a generated stream: which story it tells, when it begins and ends, who was hostile when.

Written by `generating`, read by whoever compares it with what a detector said. Never shown to a detector.
"""

import zlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stormcone.config import BrandSettings
from stormcone.mention_file import FileRow


class Split(StrEnum):
    """TUNE may be looked at while constants are chosen; quality is reported on HELD: other words, other timing."""

    TUNE = "tune"
    HELD = "held"


class Story(StrEnum):
    """What happens in a stream."""

    CALM = "calm"
    PILE_ON = "pile-on"
    OUTAGE = "outage"
    HIJACK = "hijack"
    PRAISE_POST = "praise-post"
    PRAISE_FREE = "praise-free"
    CAMPAIGN_PLANNED = "campaign-planned"
    CAMPAIGN_GIVEAWAY = "campaign-giveaway"
    BRIGADE = "brigade"
    TROLL = "troll"
    TROLLS = "trolls"
    REPOSTS = "reposts"

    @property
    def is_storm(self) -> bool:
        """True where people turn against the brand and somebody should be woken."""
        return self in {Story.PILE_ON, Story.OUTAGE, Story.HIJACK}

    @property
    def is_benign(self) -> bool:
        """True where nobody must be woken, whatever the volume."""
        return not self.is_storm and self is not Story.BRIGADE


class Tone(StrEnum):
    """How a pile-on speaks. SARCASTIC uses friendly words."""

    PLAIN = "plain"
    SARCASTIC = "sarcastic"


class Size(StrEnum):
    """How large a pile-on gets; see `messages`."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"

    @property
    def messages(self) -> int:
        """Expected replies of the crowd over its whole life."""
        return {Size.SMALL: 40, Size.MEDIUM: 120, Size.LARGE: 500, Size.HUGE: 3000}[self]


class Trouble(StrEnum):
    """What the collector does wrong."""

    NONE = "none"
    GAP = "gap"  # nothing is collected for a while
    CAPPED = "capped"  # the newest few of each poll, and nobody says so
    CAPPED_TOLD = "capped-told"  # the same, with the lost stretches marked as gaps
    LATE = "late"  # half of the rows come 40 minutes late


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What really happens in a stream.

    onset, end: of the story, None for a calm stream; onset is the first hostile reply of a pile-on, otherwise the first
    row of the crowd. post: (platform, id) of the own post the story hangs on. hostile_at: instants of the hostile
    messages of the crowd (in the post's thread where there is one), oldest first.
    """

    story: Story
    onset: datetime | None = None
    end: datetime | None = None
    post: tuple[str, str] | None = None
    hostile_at: tuple[datetime, ...] = ()

    def hostile_before(self, instant: datetime) -> int:
        """Return how many hostile messages were out before `instant`."""
        return bisect_left(self.hostile_at, instant)

    @property
    def hostile_by_minute(self) -> dict[datetime, int]:
        """Minutes with hostile messages -> how many."""
        counts: dict[datetime, int] = {}
        for at in self.hostile_at:
            minute = at.replace(second=0, microsecond=0)
            counts[minute] = counts.get(minute, 0) + 1
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One stream to generate; the same plan gives the same rows.

    per_hour: calm mentions an hour, mean over a week. history_days: calm days before the story. is_delayed: the crowd
    comes 30 to 120 minutes after the post instead of at once. likes_follow: the post gains likes with the crowd.
    """

    story: Story
    split: Split
    per_hour: int
    seed: int
    history_days: int
    tone: Tone | None = None
    size: Size | None = None
    is_delayed: bool = False
    likes_follow: bool = False
    trouble: Trouble = Trouble.NONE

    @property
    def name(self) -> str:
        """Name of the stream, of its brand, and of its platform; no two plans share it."""
        parts = [self.story.value, self.size, self.tone, "delayed" if self.is_delayed else None]
        parts += ["liked" if self.likes_follow else None, None if self.trouble is Trouble.NONE else self.trouble]
        return "-".join([*(str(part) for part in parts if part), f"{self.per_hour}h", f"{self.split}{self.seed}"])

    @property
    def weekday(self) -> int:
        """Day of the week on which the story begins, 0 is Monday."""
        return zlib.crc32(self.name.encode()) % 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A generated stream: the rows of one brand in the order they were collected, and the truth about them."""

    plan: Plan
    brand: BrandSettings
    rows: tuple[FileRow, ...]
    truth: Truth
    starts_at: datetime  # of the history
    ends_at: datetime

    def mentions_between(self, after: datetime, until: datetime, *, post: tuple[str, str] | None) -> int:
        """Return how many mentions were posted in (after, until]: in the thread of `post`, or all of the stream."""
        posted = self._posted(post)
        return bisect_right(posted, until) - bisect_right(posted, after)

    def most_within(self, length: timedelta, after: datetime, until: datetime, *, post: tuple[str, str] | None) -> int:
        """Return the most mentions that any stretch of this length had, of those posted in (after, until]."""
        posted = self._posted(post)
        first, end = bisect_right(posted, after), bisect_right(posted, until)
        return max(
            (place + 1 - bisect_right(posted, posted[place] - length, first) for place in range(first, end)), default=0
        )

    def _posted(self, post: tuple[str, str] | None) -> list[datetime]:
        return sorted(
            row.mention.posted_at
            for row in self.rows
            if row.mention
            and not row.mention.is_own_post
            and (post is None or (row.mention.platform, row.mention.thread_id) == post)
        )
