"""The clock of an incident, and what changed after an answer, a decision or a deletion.

What is stored goes in as records, measures come out as records. None means that nobody knows, never zero; why a figure
is not there always has a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stormcone.models.batches import Gap
from stormcone.models.incidents import DecisionRecord, Incident, IncidentEvent
from stormcone.models.mentions import Mention, require_utc
from stormcone.models.shares import Share, Span


class Hand(StrEnum):
    """One instant of an incident's clock, in the usual order."""

    POSTED = "posted"  # the own post it hangs on
    DETECTED = "detected"  # the incident was opened
    NOTICED = "noticed"  # the first notice had arrived somewhere
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    ANSWERED = "answered"  # first own answer in the thread, or own post that answers nobody, whatever it says
    ANSWERED_BELOW = "answered_below"  # first own answer in the thread itself


class Passed(StrEnum):
    """Whether an instant is there, and why not."""

    KNOWN = "known"
    NOT_YET = "not yet"  # the incident goes on
    NEVER = "never"  # it is over, and this did not happen
    UNKNOWN = "unknown"  # it may have happened where nothing is collected, or is not stored
    NONE = "none"  # there is no such thing: no own post carries the incident


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """What is stored of an incident's times.

    post: the own post it hangs on, as far as it is stored. notified_at: when the first notice had arrived.
    answer, answer_below: first own posts after it opened; see Hand. is_own_collected: any own post is stored at all.
    """

    incident: Incident
    post: Mention | None
    events: Sequence[IncidentEvent]
    decisions: Sequence[DecisionRecord]
    notified_at: datetime | None
    answer: Mention | None
    answer_below: Mention | None
    is_own_collected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """One hand of the clock. by: who acknowledged, decided or answered. minutes: since the start of the clock, which is
    the own post, or the detection where no own post is known.
    """

    hand: Hand
    at: datetime | None
    standing: Passed
    minutes: float | None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentClock:
    """All hands, in the order of Hand."""

    times: tuple[ClockTime, ...]

    def of(self, hand: Hand) -> ClockTime:
        """Return one hand."""
        return next(each for each in self.times if each.hand is hand)

    def minutes_between(self, first: Hand, last: Hand) -> float | None:
        """Return the minutes from one instant to another, None unless both are known; below 0 where it came first."""
        begun, ended = self.of(first).at, self.of(last).at
        return None if begun is None or ended is None else (ended - begun).total_seconds() / 60


class Sayable(StrEnum):
    """Whether a change can be told, and why not."""

    KNOWN = "known"
    TOO_EARLY = "too early to say"  # ask again later
    TOO_FEW = "too few to say"
    NO_BEFORE = "nothing before to compare with"
    GAP = "gap"  # part of the time was not collected


class Turn(StrEnum):
    """Which way a figure went, as far as its interval leaves no doubt."""

    FELL = "fell"
    ROSE = "rose"
    UNSURE = "no sure change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """When hostile replies, or other mentions that are counted, were posted.

    times: in order. since: begin of what may be compared, such as the first hour of the storm. until: how far the times
    reach, which is now.
    """

    times: Sequence[datetime]
    since: datetime
    until: datetime
    gaps: Sequence[Gap] = ()

    def __post_init__(self) -> None:
        require_utc("since", self.since)
        require_utc("until", self.until)
        if any(one > other for one, other in zip(self.times, self.times[1:], strict=False)):
            raise ValueError("times come in order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many came in a window, how many an hour, and how fast that changed.

    growth: of the rate in an hour, as a natural logarithm (-0.69: half as many each hour); None where too few came.
    """

    count: int
    per_hour: float
    growth: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """The pace before and after an instant, in windows of equal length.

    ratio: rate after over rate before, with its 95 % interval, None where none came before. turn: of the rate.
    bend: growth after less growth before, with its 95 % interval; None where one of them is. bend_turn: of the growth.
    """

    at: datetime
    standing: Sayable
    window_minutes: float
    before: Pace | None = None
    after: Pace | None = None
    ratio: Span | None = None
    turn: Turn = Turn.UNSURE
    bend: Span | None = None
    bend_turn: Turn = Turn.UNSURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """Share of people against among those who replied to a statement, beside the share in the thread before it.

    Both with their 95 % intervals, and their difference with its own.
    """

    standing: Sayable
    below: Share | None = None
    before: Share | None = None
    change: Span | None = None
    turn: Turn = Turn.UNSURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """When something was posted about a brand, and its words; empty where they are erased."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """What people say of a deleted post.

    told: mentions that speak of deleting or of screenshots. quoted: mentions that repeat the post's own words, None
    where it has too few to be recognised. told_by_hour, quoted_by_hour: in each hour since. unread: mentions since
    whose words are erased.
    """

    gone_at: datetime
    told: Slope
    quoted: Slope | None
    told_by_hour: tuple[int, ...]
    quoted_by_hour: tuple[int, ...]
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEffect:
    """A decision, and the pace of hostile mentions around it."""

    record: DecisionRecord
    slope: Slope


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEffect:
    """What came of an incident's decisions and of the brand's answer.

    answer: the own post that is measured as the statement; None where there is none. is_answer_assumed: it stands
    outside the thread and nobody named it: it may speak of something else. is_brand_wide: slopes are of all that is
    said about the brand, as no own post carries the incident, or it is gone and its thread ended with it.
    is_gone_seen: that the own post is gone was seen, not only decided.
    """

    incident: Incident
    measured_at: datetime
    clock: IncidentClock
    answer: Mention | None
    slope: Slope | None
    tone: Tone | None
    decisions: tuple[DecisionEffect, ...]
    echo: Echo | None
    is_answer_assumed: bool = False
    is_brand_wide: bool = False
    is_gone_seen: bool = False
