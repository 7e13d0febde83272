"""What was left of a storm: how fast it faded, and whether the tone stayed worse.

Measured by `analysis.recovery`, kept by the store, shown on the incident's page. Records only; what is not known is a
named standing, never zero.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """Whether a figure is there, and why not."""

    KNOWN = "known"
    NOT_YET = "not yet"  # ask again later
    LONGER = "longer"  # not within two weeks
    GAP = "gap"  # part of what it needs was not collected
    NO_HISTORY = "no history"  # too little was collected before the storm to say what is usual
    TOO_FEW = "too few"  # too few mentions a day to say how they sound

    @property
    def is_unknown(self) -> bool:
        """True where only other data, not time, can tell."""
        return self in {Standing.GAP, Standing.NO_HISTORY, Standing.TOO_FEW}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fading:
    """Minutes from the peak until something was reached; None unless it is known."""

    minutes: float | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Means of daily figures before and after, their difference, and its 95 % interval."""

    before: float
    after: float
    change: float
    low: float
    high: float

    @property
    def is_lasting(self) -> bool:
        """True where the interval leaves no room for "no change"."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastingShift:
    """Net sentiment (positive less negative, per mention, -1..1) of the week that ended `days` after the incident.

    change: that week less the four weeks before, with its 95 % interval; None unless it is known.
    """

    days: int
    change: Shift | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The recovery of one incident. peak_at: middle of its busiest half hour; None where nothing of it was collected.

    usual_per_minute: baseline at the hour of the peak, None where unknown. Both rates in mentions a minute.
    """

    peak_at: datetime | None
    peak_per_minute: float | None
    usual_per_minute: float | None
    to_half: Fading
    to_baseline: Fading
    shifts: tuple[LastingShift, ...]

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Return how each part stands: to half, to baseline, then the shifts."""
        return (self.to_half.standing, self.to_baseline.standing, *(shift.standing for shift in self.shifts))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryRecord:
    """A recovery as it is kept.

    ended_at: the end it was measured from; a reopened incident gets another. ask_again_at: when a part becomes known
    by itself, None where none will. history: revision of the stored history it was measured on.
    """

    incident_id: int
    ended_at: datetime
    measured_at: datetime
    ask_again_at: datetime | None
    history: int
    recovery: Recovery
