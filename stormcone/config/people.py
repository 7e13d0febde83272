"""[[people]], [rota], [escalation]: who is told, in which order. Never holds an address: channels do."""

import re
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from stormcone.ports import Settings

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

    check_zone = field_validator("time_zone")(_known_zone)


class RotaSettings(Settings):
    """[rota]: who is on call, week by week."""

    people: tuple[str, ...] = Field(default=(), description="ids of [[people]]; they take over weekly in this order")
    handover: str = Field(default="Mon 09:00", description="day and time at which the next person takes over")
    time_zone: str = Field(default="UTC", description="IANA zone of the handover")
    catch_all: str | None = Field(default=None, description="id of the person told when nobody is on call")

    check_zone = field_validator("time_zone")(_known_zone)

    @field_validator("handover")
    @classmethod
    def _day_and_time(cls, handover: str) -> str:
        if not _HANDOVER.fullmatch(handover):
            raise ValueError("give a day and a time, such as Mon 09:00")
        return handover


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

    @model_validator(mode="after")
    def _rising(self) -> "EscalationSettings":
        delays = [step.delay_seconds for step in self.steps]
        if delays != sorted(delays):
            raise ValueError("steps stand in rising order of delay")
        return self
