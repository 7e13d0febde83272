"""How detector and sender of the watcher are, as the header says it: alive, silent, or never heard of.

Read with the Now page's view. In real time, also in a drill: they are about a process. Draws nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from stormcone.models.heartbeats import Part, Pulse
from stormcone.store import Store

_SHOWN: Final = (Part.DETECTOR, Part.SENDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeSign:
    """One part. age_seconds: since its newest sign of life, None where there never was one."""

    part: Part
    pulse: Pulse
    age_seconds: float | None


def read_life_signs(store: Store, now: datetime) -> tuple[LifeSign, ...]:
    """Return how detector and sender are. Args: now: of the machine. Raises: StoreError."""
    newest = store.heartbeats.newest()
    return tuple(
        LifeSign(part=part, pulse=sign.pulse(now), age_seconds=sign.age_seconds(now))
        if (sign := newest.get(part))
        else LifeSign(part=part, pulse=Pulse.UNKNOWN, age_seconds=None)
        for part in _SHOWN
    )
