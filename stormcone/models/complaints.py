"""Complaints of a brand's customers in one week, and which of them the brand answered.

What is stored goes in as `ComplaintTalk`, figures come out as `ComplaintWeek`. Records only; None means that nobody
knows, never zero.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stormcone.models.batches import Gap
from stormcone.models.mentions import Mention, ScoredMention
from stormcone.models.shares import Share
from stormcone.models.weeks import IsoWeek


class Sign(StrEnum):
    """What makes a text against the brand a complaint."""

    SERVICE = "service"  # it names trouble with the product or the service
    EXPERIENCE = "experience"  # it tells the brand what happened to its author
    QUESTION = "question"  # it asks the brand something, and not in anger


class Answering(StrEnum):
    """Whether a complaint was answered in public."""

    ANSWERED = "answered"
    OPEN = "open"
    UNKNOWN = "unknown"  # the brand's own answers are not collected there


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringAccount:
    """An account of the brand that was seen answering somebody."""

    platform: str
    handle: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintTalk:
    """What is stored of a brand's week, as far as complaints and answers need it.

    against: mentions of the week that read negative or hostile, copies among them, oldest first. answers: own posts
    since the week began that answer something, oldest first. above: what all these answer, and what that answers in
    turn, as far as it is stored. seen_answering: accounts that answered somebody in the four weeks before the week or
    since. gaps: of any platform, since the week began. is_cut: there was more against the brand than was read.
    """

    brand: str
    week: IsoWeek
    since: datetime
    until: datetime
    against: tuple[ScoredMention, ...] = ()
    answers: tuple[Mention, ...] = ()
    above: tuple[ScoredMention, ...] = ()
    seen_answering: tuple[AnsweringAccount, ...] = ()
    gaps: tuple[Gap, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One complaint: the first text with which a customer complains in a conversation.

    waited_minutes: until the first answer, or until the figures were made where there is none.
    """

    platform: str
    mention_id: str
    author: str | None
    posted_at: datetime
    text: str
    url: str | None
    sign: Sign
    answering: Answering
    waited_minutes: float
    answered_at: datetime | None = None
    answer_id: str | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFigures:
    """Complaints and answers of a week, a platform or an hour.

    complaints: all; answered, open: where answers are collected; unknown: the others. rate: answered of answered and
    open, with its 80 % interval, None where that is nobody. median_minutes: to the first answer, of the answered.
    median_open_minutes, longest_open_minutes: how long those without an answer have waited.
    """

    complaints: int
    answered: int
    open: int
    unknown: int
    rate: Share | None
    median_minutes: float | None
    median_open_minutes: float | None
    longest_open_minutes: float | None

    @property
    def is_known(self) -> bool:
        """False where there are complaints, and of none of them anybody knows whether it was answered."""
        return self.unknown == 0 or self.unknown < self.complaints


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformAnswers:
    """The figures of one platform. gap_hours: of the time looked at, in which nothing was collected there."""

    platform: str
    is_collected: bool
    figures: AnswerFigures
    gap_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HourAnswers:
    """The figures of complaints posted in one hour of the day, 0..23 in the brand's time zone."""

    hour: int
    figures: AnswerFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintWeek:
    """The complaints of one brand in one ISO week, as known at `measured_at`.

    unanswered: oldest first. unread: texts against the brand whose words are erased, of which nobody can tell whether
    they complain. hours: only those in which somebody complained.
    """

    brand: str
    week: IsoWeek
    measured_at: datetime
    figures: AnswerFigures
    platforms: tuple[PlatformAnswers, ...]
    hours: tuple[HourAnswers, ...]
    unanswered: tuple[Complaint, ...]
    unread: int = 0
    is_cut: bool = False
