"""Signs of life of the watcher's own parts. Written by the watcher, read by status, screens and the dead-man.

Always on the machine's real time, also in a drill: they are about processes, not about what those simulate.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

CANARY: Final = "~canary"  # brand and platform of the mention that only proves the way; no real one begins so
_INTERVALS = 3
_LEAST_SECONDS = 30.0  # a busy machine is late by so much without being dead


class Pulse(StrEnum):
    """Whether a part lives. UNKNOWN: nothing was ever heard of it, which is no good sign and no bad one."""

    OK = "ok"
    SILENT = "silent"
    UNKNOWN = "unknown"


class Part(StrEnum):
    """A part of the watcher that leaves signs of life."""

    DETECTOR = "detector"  # the tick: verdicts and escalation
    SENDER = "sender"
    CANARY = "canary"  # a synthetic mention that went the whole way
    AUDITOR = "auditor"
    OUTSIDE = "outside"  # the call to whoever watches us from outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The newest sign of life of one part. every_seconds: how often it is expected. detail: one line, or None."""

    part: Part
    at: datetime
    every_seconds: float
    detail: str | None = None

    def age_seconds(self, now: datetime) -> float:
        """Seconds since the part was heard of; a clock that was set back makes none younger than nothing."""
        return max(0.0, (now - self.at).total_seconds())

    def pulse(self, now: datetime) -> Pulse:
        """Judge the part at `now`: three intervals without a sign are silence.

        >>> from datetime import UTC, timedelta
        >>> at = datetime(2026, 1, 1, tzinfo=UTC)
        >>> beat = Heartbeat(part=Part.DETECTOR, at=at, every_seconds=20)
        >>> str(beat.pulse(at + timedelta(seconds=60))), str(beat.pulse(at + timedelta(seconds=61)))
        ('ok', 'silent')
        """
        patience = max(_LEAST_SECONDS, _INTERVALS * self.every_seconds)
        return Pulse.OK if self.age_seconds(now) <= patience else Pulse.SILENT
