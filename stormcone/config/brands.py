"""[[brand]]: whom we watch, and what is normal for them. Never a secret, never a judgement."""

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from stormcone.models.drafts import DraftAudience, DraftProfile, Industry, Tone
from stormcone.ports import Settings

_LEAST_TOPIC = 2  # letters and digits: one alone would be heard everywhere


class AccountSettings(Settings):
    """One account of a brand; executives' own accounts are watched like the official ones."""

    platform: str = Field(description="name of the collector section, such as x or reddit")
    handle: str = Field(description="without the @")
    role: Literal["official", "executive", "support"] = Field(
        default="official", description="official, executive or support"
    )


class PlannedEvent(Settings):
    """A day on which much talk is expected and wanted: a launch, a sale, a final."""

    name: str = Field(description="what it is, shown in reasons")
    first_day: date = Field(description="first day in the brand's time zone")
    last_day: date = Field(description="last day, included")


class BrandProfile(Settings):
    """What the same storm, and the same draft, means for this brand; it moves the severity, never the level."""

    audience: int | None = Field(
        default=None,
        gt=0,
        description="people who usually hear the brand: followers of its accounts; among few, few voices are a storm",
    )
    tolerance: Literal["low", "normal", "high"] = Field(
        default="normal",
        description="how much its public forgives: low makes everything that is worse than 1 a step worse, high a "
        "step milder",
    )
    sensitive_topics: tuple[str, ...] = Field(
        default=(),
        description="words that make anger worse for this brand; a space also stands for none (a hashtag), a * at the "
        "end of a word for any ending",
    )

    public_record_body: bool | None = Field(
        default=None,
        description="true where the law asks that posts are kept: nothing is then removed without an approval",
    )
    legal_hold: bool | None = Field(
        default=None, description="true while nothing may be destroyed, as in a lawsuit; absent: people are asked"
    )

    industry: Industry = Field(
        default=Industry.OTHER, description="the trade, as far as the draft check makes a difference: arms, food, bank"
    )
    speaks_to: DraftAudience = Field(
        default=DraftAudience.GENERAL, description="whom drafts are written for: general, families, children, adults"
    )
    tone: Tone = Field(default=Tone.PLAIN, description="how the brand usually speaks: plain, playful or edgy")
    controversies: tuple[str, ...] = Field(
        default=(), description="words of what the brand is criticised for; drafts that lean into it are flagged"
    )
    no_go: tuple[str, ...] = Field(default=(), description="words that no draft should hold")

    @property
    def for_drafts(self) -> DraftProfile:
        """The part that the draft check reads."""
        return DraftProfile(
            industry=self.industry,
            audience=self.speaks_to,
            tone=self.tone,
            controversies=self.controversies,
            no_go=self.no_go,
        )

    @field_validator("sensitive_topics")
    @classmethod
    def _are_words(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        for topic in topics:
            if sum(each.isalnum() for each in topic) < _LEAST_TOPIC:
                raise ValueError(f"{topic!r} is no topic; give words of at least {_LEAST_TOPIC} letters")
        return topics


class BrandSettings(Settings):
    """One [[brand]] section."""

    name: str = Field(min_length=1, description="as in the column `brand` of a mention file")
    keywords: tuple[str, ...] = Field(default=(), description="words that make a public post a mention")
    hashtags: tuple[str, ...] = Field(default=(), description="without the #")
    accounts: tuple[AccountSettings, ...] = Field(default=(), description="the brand's own accounts")
    competitors: tuple[str, ...] = Field(
        default=(), description="names of other [[brand]] sections, for share of voice and to notice their accounts"
    )
    time_zone: str = Field(default="UTC", description="IANA zone: the hour of the week that is normal, and shown times")
    false_pages_per_month: float = Field(
        default=1.0,
        gt=0,
        le=100,
        description="how many pages a month may be false; everything the detector does is bounded by it",
    )
    planned_events: tuple[PlannedEvent, ...] = Field(
        default=(), description="days on which much talk is wanted; a surge without anger is then a campaign"
    )
    profile: BrandProfile = Field(
        default=BrandProfile(), description="audience, tolerance and sensitive topics, which move the severity"
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("not a time zone; use a name such as Europe/Helsinki")
        return zone

    @property
    def zone(self) -> ZoneInfo:
        """The brand's time zone."""
        return ZoneInfo(self.time_zone)
