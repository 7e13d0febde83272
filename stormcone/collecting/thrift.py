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


_THRIFT_WORDS: Final = {
    Thrift.NONE: "",
    Thrift.NO_SEARCH: "no search by keyword any more",
    Thrift.SAMPLED: "only the newest page of each place",
    Thrift.COUNTS_ONLY: "counts only",
}


def burn_sentence(
    settings: SourceSettings, *, requests_today: int, cost_usd_today: float, cost_usd_month: float
) -> str | None:
    """Return what a source has spent, of what, and what it leaves out for it; None where nothing was spent yet.

    >>> settings = SourceSettings(cost_usd_per_month=50)
    >>> burn_sentence(settings, requests_today=96, cost_usd_today=1.5, cost_usd_month=41)
    '96 requests and $1.50 today, $41.00 of $50.00 this month: no search by keyword any more.'
    """
    if not requests_today and not cost_usd_month:
        return None
    of_requests = "" if settings.requests_per_day is None else f" of {settings.requests_per_day:,}"
    parts = [f"{requests_today:,}{of_requests} requests"]
    if cost_usd_month or settings.cost_usd_per_month is not None:
        of_money = "" if settings.cost_usd_per_month is None else f" of ${settings.cost_usd_per_month:,.2f}"
        parts[0] += f" and ${cost_usd_today:,.2f} today"
        parts.append(f"${cost_usd_month:,.2f}{of_money} this month")
    else:
        parts[0] += " today"
    thrift = standing(settings, requests_today=requests_today, cost_usd_month=cost_usd_month).thrift
    left_out = _THRIFT_WORDS[thrift]
    return ", ".join(parts) + (f": {left_out}." if left_out else ".")


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
