"""How much of its allowance a source has spent, and how sparing it must therefore be.

Pure; asked by the poller before each poll, and by status and screens. The steps stand in `stormcone.ports.Thrift`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from stormcone.ports import SourceSettings, Thrift

# Shares of the allowance: at 80 % a month of ordinary days still ends within it without search, at 95 % one storm does.
_STEPS: Final = ((1.0, Thrift.COUNTS_ONLY), (0.95, Thrift.SAMPLED), (0.80, Thrift.NO_SEARCH))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is left of an allowance. share: spent, of the money or of the requests, whichever is scarcer; 0 where
    nothing is limited. requests, cost_usd: left of the day and of the month, None where nothing limits them.
    """

    share: float
    requests: int | None
    cost_usd: float | None

    @property
    def thrift(self) -> Thrift:
        """How sparing the next poll must be."""
        return next((thrift for share, thrift in _STEPS if self.share >= share), Thrift.NONE)


def standing(settings: SourceSettings, *, requests_today: int, cost_usd_month: float) -> Standing:
    """Return what is left to a source.

    Args: requests_today: sent on this UTC day. cost_usd_month: spent since the first of this UTC month.
    >>> standing(SourceSettings(cost_usd_per_month=50), requests_today=9, cost_usd_month=41).thrift.name
    'NO_SEARCH'
    """
    shares, requests, cost = [0.0], None, None
    if settings.requests_per_day is not None:
        shares.append(requests_today / settings.requests_per_day)
        requests = max(0, settings.requests_per_day - requests_today)
    if settings.cost_usd_per_month is not None:
        shares.append(cost_usd_month / settings.cost_usd_per_month)
        cost = max(0.0, settings.cost_usd_per_month - cost_usd_month)
    return Standing(share=max(shares), requests=requests, cost_usd=cost)


def next_day(now: datetime) -> datetime:
    """Return the next UTC midnight, when requests are counted anew."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def next_month(now: datetime) -> datetime:
    """Return the first instant of the next UTC month, when money is counted anew.

    >>> from datetime import UTC
    >>> next_month(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)).isoformat()
    '2027-01-01T00:00:00+00:00'
    """
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
