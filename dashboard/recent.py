"""How loud it is: the last half hour beside the one before and the week before that.

Part of the Now view; feeds the key figures. Reads sums only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.context import OpenStore
from stormcone.store.screens import Reach, Totals

RECENT = timedelta(minutes=30)  # the window of the figures
USUAL = timedelta(days=7)  # what they are compared with
_CHANGE = 0.15  # a rate that moved by less is steady; own definition, a seventh is hard to see on the chart


class Pace(StrEnum):
    """Where the volume goes: the last half hour beside the one before."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The last 30 minutes, the 30 before, and the seven days before those."""

    now: Totals
    before: Totals
    usual: Totals
    usual_minutes: float  # length of the usual stretch in which anything was collected
    reach: Reach

    @property
    def pace(self) -> Pace:
        """Rising, steady or falling."""
        if self.now.mentions > (1 + _CHANGE) * self.before.mentions:
            return Pace.RISING
        if self.now.mentions < (1 - _CHANGE) * self.before.mentions:
            return Pace.FALLING
        return Pace.STEADY


def read_recent(opened: OpenStore, brand: str, now: datetime) -> Recent:
    """Return the sums of a brand at `now`. Raises: StoreError."""
    screens = opened.screens
    usual = screens.totals(brand, since=now - USUAL - RECENT, until=now - RECENT)
    began_at = usual.first_minute or now - RECENT
    return Recent(
        now=screens.totals(brand, since=now - RECENT, until=now),
        before=screens.totals(brand, since=now - 2 * RECENT, until=now - RECENT),
        usual=usual,
        usual_minutes=(now - RECENT - began_at) / timedelta(minutes=1),
        reach=screens.hostile_reach(brand, since=now - RECENT, until=now),
    )
