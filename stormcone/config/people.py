"""[[people]], [rota], [escalation]: who is told, in which order. Never holds an address: channels do."""

import re
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from stormcone.ports import Settings

_QUIET = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
_HANDOVER = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d")


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("not a time zone; use a name such as Europe/Helsinki")
    return zone


class PersonSettings(Settings):
    """One [[people]] entry."""

    id: str = Field(min_length=1, description="short name used by rota, escalation and messages")
    channels: tuple[str, ...] = Field(min_length=1, description="ids of [[channels]]; all of them are told")
    time_zone: str = Field(default="UTC", description="IANA zone of the person")
    min_severity: int = Field(
        default=1,
        ge=1,
        le=5,
        description="incidents milder than this are not told to the person; a page nobody else takes is",
    )
    brands: tuple[str, ...] = Field(default=(), description="names of [[brand]] the person is for; none means all")
    quiet_hours: str | None = Field(
        default=None,
        description='local hours such as "22:00-07:00" in which all below a page waits, to come as one message',
    )
    quiet_pages: Literal["through", "next"] = Field(
        default="through",
        description='"through": a page comes in quiet hours too; "next": it goes to the next person of the rota',
    )

    check_zone = field_validator("time_zone")(_known_zone)

    @field_validator("quiet_hours")
    @classmethod
    def _from_until(cls, hours: str | None) -> str | None:
        if hours is not None and (not _QUIET.fullmatch(hours) or hours[:5] == hours[6:]):
            raise ValueError("give two different times, such as 22:00-07:00")
        return hours


class RotaTime(Settings):
    """A stretch in which the rota is not as usual: one entry of overrides or holidays."""

    person: str = Field(min_length=1, description="id of [[people]]")
    begins: datetime | date = Field(
        alias="from", description="first day, or date and time; without an offset, in the rota's time zone"
    )
    ends: datetime | date = Field(alias="until", description="the same, for when it ends; a day ends as it begins")

    @model_validator(mode="after")
    def _ends_later(self) -> "RotaTime":
        begins, ends = self.bounds("UTC")
        if begins >= ends:
            raise ValueError("`from` lies before `until`")
        return self

    def bounds(self, time_zone: str) -> tuple[datetime, datetime]:
        """Return begin and end in UTC; what says no offset is in `time_zone`."""
        return _instant(self.begins, time_zone), _instant(self.ends, time_zone)

    def covers(self, at: datetime, time_zone: str) -> bool:
        """Tell whether an instant lies in it."""
        begins, ends = self.bounds(time_zone)
        return begins <= at < ends


def _instant(said: datetime | date, time_zone: str) -> datetime:
    local = said if isinstance(said, datetime) else datetime.combine(said, time())
    return (local if local.tzinfo else local.replace(tzinfo=ZoneInfo(time_zone))).astimezone(UTC)


class RotaSettings(Settings):
    """[rota]: who is on call, week by week."""

    people: tuple[str, ...] = Field(default=(), description="ids of [[people]]; they take over weekly in this order")
    handover: str = Field(default="Mon 09:00", description="day and time at which the next person takes over")
    time_zone: str = Field(default="UTC", description="IANA zone of the handover")
    catch_all: str | None = Field(default=None, description="id of the person told when nobody is on call")

    overrides: tuple[RotaTime, ...] = Field(
        default=(), description="{ person, from, until }: who is on call then, whoever's week it is"
    )
    holidays: tuple[RotaTime, ...] = Field(
        default=(), description="{ person, from, until }: who is away then; the next in order takes over"
    )

    check_zone = field_validator("time_zone")(_known_zone)

    @field_validator("handover")
    @classmethod
    def _day_and_time(cls, handover: str) -> str:
        if not _HANDOVER.fullmatch(handover):
            raise ValueError("give a day and a time, such as Mon 09:00")
        return handover

    def uncovered(self) -> datetime | None:
        """Return the first instant at which nobody can be called, None where somebody always can."""
        if not self.people or self.catch_all is not None:
            return None
        times = (*self.overrides, *self.holidays)  # who is there changes at these instants only
        instants = sorted(instant for each in times for instant in each.bounds(self.time_zone))
        return next((at for at in instants if not self.present(at)), None)

    def present(self, at: datetime) -> list[str]:
        """Return who can be called at an instant: who stands in for somebody first, then `people` in their order."""
        standing_in = [each.person for each in self.overrides if each.covers(at, self.time_zone)]
        away = {each.person for each in self.holidays if each.covers(at, self.time_zone)}
        return [*standing_in, *(each for each in self.people if each not in away and each not in standing_in)]


class EscalationStep(Settings):
    """One step: who is told so long after an incident paged, as long as nobody acknowledged."""

    after_seconds: float | None = Field(default=None, ge=0, description="delay from the page; or use after_minutes")
    after_minutes: float | None = Field(default=None, ge=0, description="delay from the page; or use after_seconds")
    notify: tuple[str, ...] = Field(
        min_length=1, description="primary, secondary, lead, everyone, or ids of [[people]]"
    )

    @model_validator(mode="after")
    def _one_delay(self) -> "EscalationStep":
        if (self.after_seconds is None) == (self.after_minutes is None):
            raise ValueError("give either after_seconds or after_minutes")
        return self

    @property
    def delay_seconds(self) -> float:
        """Delay from the page in seconds."""
        return self.after_seconds if self.after_seconds is not None else 60.0 * (self.after_minutes or 0.0)


class EscalationSettings(Settings):
    """[escalation]: the ladder."""

    steps: tuple[EscalationStep, ...] = Field(
        default=(
            EscalationStep(after_minutes=0, notify=("primary",)),
            EscalationStep(after_minutes=5, notify=("secondary",)),
            EscalationStep(after_minutes=20, notify=("everyone",)),
        ),
        min_length=1,
        description="steps in rising order of delay",
    )
    ack_minutes: float = Field(
        default=30,
        gt=0,
        description="minutes after which whoever acknowledged a page is reminded, if nothing was decided",
    )
    unack_minutes: float = Field(
        default=10, gt=0, description="minutes after that reminder until the steps begin again"
    )
    reminder_minutes: float = Field(
        default=30, gt=0, description="minutes between reminders once every step was told and nobody has acknowledged"
    )
    pages_per_hour: int = Field(
        default=6,
        ge=1,
        description="most pages one person gets an hour, one by one; what is more comes as one summary",
    )
    bundle_minutes: float = Field(
        default=2,
        ge=0,
        description="minutes in which further warns to a shared channel are gathered into one message; 0: never",
    )
    ack_link_hours: float = Field(
        default=24, gt=0, le=720, description="hours after which the acknowledge link of a message ends"
    )

    @model_validator(mode="after")
    def _rising(self) -> "EscalationSettings":
        delays = [step.delay_seconds for step in self.steps]
        if delays != sorted(delays):
            raise ValueError("steps stand in rising order of delay")
        return self
