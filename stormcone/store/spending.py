"""What the sources cost: requests and US dollars by source and UTC day, each thing billed once a day.

Settled in the transaction that saves a poll, or by itself where a poll failed; read by the poller (what is left),
status and screens. Never decides what may be spent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from stormcone.models import BilledRead
from stormcone.store.collecting_tables import billed, spending
from stormcone.store.database import Database
from stormcone.store.upserts import insert_new, insert_or_add

_LOOKUP_SIZE = 500  # things asked in one query: well below both databases' limit of parameters
_ADDED = ("requests", "cost_usd")
_KEPT_DAYS = 1  # yesterday's things stay until clocks of two machines surely agree that it is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a source has spent: on this UTC day, and since the first of this UTC month (today included)."""

    requests_today: int = 0
    cost_usd_today: float = 0.0
    requests_month: int = 0
    cost_usd_month: float = 0.0


class SpendingStore:
    """Reads and settles what sources spend."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def spent(self, source: str, *, at: datetime) -> Spent:
        """Return what a source has spent on the day and in the month of `at` (UTC)."""
        return self.by_source(at=at).get(source, Spent())

    def by_source(self, *, at: datetime) -> dict[str, Spent]:
        """Return what every source has spent on the day and in the month of `at` (UTC); who spent nothing is absent."""
        today = at.date()
        first = today.replace(day=1)
        is_today = spending.c.day == today.isoformat()
        query = (
            select(
                spending.c.source,
                func.coalesce(func.sum(spending.c.requests).filter(is_today), 0).label("requests_today"),
                func.coalesce(func.sum(spending.c.cost_usd).filter(is_today), 0.0).label("cost_usd_today"),
                func.sum(spending.c.requests).label("requests_month"),
                func.sum(spending.c.cost_usd).label("cost_usd_month"),
            )
            .where(spending.c.day >= first.isoformat(), spending.c.day <= today.isoformat())
            .group_by(spending.c.source)
        )
        with self._database.read() as connection:
            return {
                row.source: Spent(
                    requests_today=int(row.requests_today),
                    cost_usd_today=float(row.cost_usd_today),
                    requests_month=int(row.requests_month),
                    cost_usd_month=float(row.cost_usd_month),
                )
                for row in connection.execute(query)
            }

    def settle(
        self, source: str, *, at: datetime, requests: int, cost_usd: float = 0.0, reads: Sequence[BilledRead] = ()
    ) -> float:
        """Note what was spent outside of a saved poll: by one that failed, by a probe. Returns: its cost in US dollars.

        Args: see `settle` below. Raises: StoreError.
        """
        if not (requests or cost_usd or reads):
            return 0.0
        with self._database.write() as connection:
            return settle(connection, source, at=at, requests=requests, cost_usd=cost_usd, reads=reads)


def settle(
    connection: Connection,
    source: str,
    *,
    at: datetime,
    requests: int,
    cost_usd: float,
    reads: Sequence[BilledRead],
) -> float:
    """Add to what a source has spent on the UTC day of `at`, inside the caller's transaction.

    Args: requests: sent. cost_usd: what they cost by themselves. reads: what was read and is billed, each once a day;
        where a thing comes twice, its first price counts.
    Returns: the cost that was added, in US dollars.
    """
    day = at.date().isoformat()
    cost = cost_usd + _bill(connection, source, day, reads)
    if reads:
        oldest = (at.date() - timedelta(days=_KEPT_DAYS)).isoformat()
        connection.execute(delete(billed).where(billed.c.source == source, billed.c.day < oldest))
    spent = {"source": source, "day": day, "requests": requests, "cost_usd": cost}
    insert_or_add(connection, spending, [spent], add=_ADDED)
    return cost


def _bill(connection: Connection, source: str, day: str, reads: Sequence[BilledRead]) -> float:
    prices: dict[str, float] = {}
    for read in reads:
        prices.setdefault(read.thing, read.price_usd)
    things = list(prices)
    for start in range(0, len(things), _LOOKUP_SIZE):
        paid = select(billed.c.thing).where(
            billed.c.source == source, billed.c.day == day, billed.c.thing.in_(things[start : start + _LOOKUP_SIZE])
        )
        for thing in connection.execute(paid).scalars().all():
            del prices[thing]
    insert_new(connection, billed, [{"source": source, "day": day, "thing": thing} for thing in prices])
    return sum(prices.values())
