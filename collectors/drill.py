"""Plays a generated drill as if it were a platform: what has been seen by now, and not before.

The source of `stormcone demo`; works on any clock, so a fast one makes a fast storm. Generates the drill once, at the
first poll, and looks rows up by time. Never reaches the network, never knows how the drill is meant to end.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TypeVar

from pydantic import AwareDatetime, Field, field_validator

from collectors.drills.generation import Drill, generate
from collectors.drills.scenario import PLATFORM, Scenario, drill_names, load_scenario
from stormcone.errors import CollectError
from stormcone.models import Batch, Engagement, Mention
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings

Row = TypeVar("Row", Mention, Engagement)


class DrillSettings(SourceSettings):
    """[collectors.drill]: which drill is played, and when it begins."""

    name: str = Field(default="arms-photo-day", description="name of the drill")
    seed: int = Field(default=1, description="the same seed gives the same drill")
    starts_at: AwareDatetime = Field(description="instant at which the live part begins, ISO 8601 with offset")
    history_days: float = Field(
        default=0, ge=0, le=366, description="days of calm mentions before it that the first poll brings home"
    )

    @field_validator("name")
    @classmethod
    def _known_drill(cls, name: str) -> str:
        if name not in drill_names():
            raise ValueError(f"give one of {', '.join(drill_names())}")
        return name

    @field_validator("starts_at")
    @classmethod
    def _in_utc(cls, starts_at: datetime) -> datetime:
        return starts_at.astimezone(UTC)


class DrillCollector(Collector):
    """Hands out the rows of a drill whose time of collection has come."""

    platform = PLATFORM
    Settings = DrillSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, DrillSettings):
            raise TypeError(f"a drill is played from DrillSettings, not {type(settings).__name__}")
        self._drill_settings = settings

    @property
    def scenario(self) -> Scenario:
        """The drill that is played."""
        return load_scenario(self._drill_settings.name)

    @cached_property
    def drill(self) -> Drill:
        """All rows of the drill, generated at the first use."""
        return generate(
            self.scenario,
            start=self._drill_settings.starts_at,
            seed=self._drill_settings.seed,
            history_days=self._drill_settings.history_days,
        )

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:  # noqa: ARG002 - costs nothing, waits for nothing
        """Return every row seen after `cursor` and up to now; the cursor is an ISO instant.

        Raises: CollectError: the cursor is no instant.
        """
        seen_until = _instant(cursor)
        now = self.context.clock.now()
        if seen_until is not None and now <= seen_until:
            return Batch(cursor=cursor)
        return Batch(
            mentions=_between(self.drill.mentions, seen_until, now),
            engagements=_between(self.drill.engagements, seen_until, now),
            cursor=now.isoformat(),
        )

    def check(self) -> str | None:
        """Return what is wrong where no watched brand is the one of the drill, or None."""
        if any(brand.name == self.scenario.brand for brand in self.context.brands):
            return None
        return f"the drill is about {self.scenario.brand!r}, and no [[brand]] has this name"


def _instant(cursor: str | None) -> datetime | None:
    if cursor is None:
        return None
    try:
        instant = datetime.fromisoformat(cursor)
    except ValueError as error:
        raise CollectError(PLATFORM, f"cursor {cursor!r} is no ISO instant; forget this source's cursor") from error
    if instant.tzinfo is None:
        raise CollectError(PLATFORM, f"cursor {cursor!r} has no offset; forget this source's cursor")
    return instant


def _between(rows: Sequence[Row], after: datetime | None, until: datetime) -> tuple[Row, ...]:
    first = 0 if after is None else bisect_right(rows, after, key=lambda row: row.seen_at)
    return tuple(rows[first : bisect_right(rows, until, key=lambda row: row.seen_at)])
