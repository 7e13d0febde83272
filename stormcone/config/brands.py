"""[[brand]]: whom we watch, and what is normal for them. Never a secret, never a judgement."""

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from stormcone.ports import Settings


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


class BrandSettings(Settings):
    """One [[brand]] section."""

    name: str = Field(min_length=1, description="as in the column `brand` of a mention file")
    keywords: tuple[str, ...] = Field(default=(), description="words that make a public post a mention")
    hashtags: tuple[str, ...] = Field(default=(), description="without the #")
    accounts: tuple[AccountSettings, ...] = Field(default=(), description="the brand's own accounts")
    competitors: tuple[str, ...] = Field(
        default=(), description="names of other [[brand]] sections, for share of voice"
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
