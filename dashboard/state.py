"""Which level a screen may show, and when it must say UNKNOWN instead.

Pure: facts in, status out, testable without Streamlit. Stands between the store's readings and the status card. Late
data overrides calm: whoever does not know must not look as if all were well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stormcone.models import Incident, Level, SourceHealth, SourceState, State, Trust

STALE_STEPS = 3  # a verdict older than so many detector steps is history, not news


class Unknown(StrEnum):
    """Why nobody can say how things stand."""

    DATABASE = "database"  # it cannot be read
    NO_VERDICT = "no_verdict"  # the detector has never looked at this brand
    OLD_VERDICT = "old_verdict"  # ... and not lately
    NO_SOURCE = "no_source"  # nothing was ever collected
    SOURCES_DOWN = "sources_down"  # every source is silent, waiting or stopped
    SOURCE_SILENT = "source_silent"  # one is, and nothing is known of what it would have brought
    STALE = "stale"  # the detector itself does not trust its numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the level badge shows.

    level: the level as far as known, None where it never was. unknown: why it must not be claimed now; empty where it
    may. is_warming_up: there is little history yet. is_lower_bound: something was not collected, so it can be worse.
    """

    level: Level | None
    unknown: tuple[Unknown, ...] = ()
    is_warming_up: bool = False
    is_lower_bound: bool = False

    @property
    def shown(self) -> Level | None:
        """The level to show; None means UNKNOWN."""
        return None if self.unknown else self.level


def hoisted_level(incident: Incident) -> Level:
    """Return the level an incident keeps on the mast: its highest until it cools, then the newest verdict's.

    A pause of some minutes inside a storm must not look like its end.
    """
    return incident.level_now if incident.state in {State.COOLING, State.RESOLVED} else incident.level


def judge(
    *,
    verdict_level: Level | None,
    verdict_at: datetime | None,
    trust: Trust | None,
    incidents: Sequence[Incident],
    sources: Sequence[SourceHealth],
    now: datetime,
    bin_minutes: int,
) -> Status:
    """Return what may be shown of a brand at `now`.

    Args: verdict_*: of the newest verdict on the brand's stream, None before the first. incidents: the live ones of
        the brand. bin_minutes: width of one detector step.
    """
    levels = [hoisted_level(incident) for incident in incidents if incident.state.is_live]
    if verdict_level is not None:
        levels.append(verdict_level)
    level = max(levels, default=None)
    doubts = _doubts(verdict_at, trust, sources, now, bin_minutes)
    has_silent = any(source.is_silent(now) for source in sources)
    if has_silent and not doubts and (level is None or level is Level.CALM):
        doubts.append(Unknown.SOURCE_SILENT)  # a storm that the others see is none the less one
    return Status(
        level=level,
        unknown=tuple(doubts),
        is_warming_up=trust is Trust.WARMING_UP,
        is_lower_bound=trust in {Trust.GAP, Trust.SATURATED} or has_silent,
    )


def _doubts(
    verdict_at: datetime | None,
    trust: Trust | None,
    sources: Sequence[SourceHealth],
    now: datetime,
    bin_minutes: int,
) -> list[Unknown]:
    doubts = []
    if verdict_at is None:
        doubts.append(Unknown.NO_VERDICT)
    elif now - verdict_at > timedelta(minutes=STALE_STEPS * bin_minutes):
        doubts.append(Unknown.OLD_VERDICT)
    if not sources:
        doubts.append(Unknown.NO_SOURCE)
    elif all(source.state(now) is not SourceState.OK for source in sources):
        doubts.append(Unknown.SOURCES_DOWN)
    if trust is Trust.STALE:
        doubts.append(Unknown.STALE)
    return doubts
