"""The ledger of one source: reserves what the next poll may spend, from what is left of day and month.

Between the poller and the store, which settles what was really spent together with what it brought. One poll of a
source runs at a time, so what is handed out is reserved until it ends. A poll that was killed is asked for again: what
it had read is billed once a day, and what costs by the request stands in the books before it is sent. Never spends.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from stormcone.collecting.thrift import next_day, next_month, standing
from stormcone.ports import Allowance, Collector, Thrift
from stormcone.store import Store

_REQUESTS_A_POLL: Final = 300  # a storm's pages of a minute; more wait for the next poll, as a gap that is filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhausted:
    """Nothing is left. until: when it is counted anew. reason: one line with the remedy."""

    until: datetime
    reason: str


class Ledger:
    """What one source may spend."""

    def __init__(self, name: str, collector: Collector, store: Store) -> None:
        self._name = name
        self._collector = collector
        self._spending = store.spending
        self._reserved_usd = 0.0  # of the poll that runs

    def reserve(self, now: datetime) -> Allowance | Exhausted:
        """Return what a poll at `now` may spend. Raises: StoreError."""
        self._reserved_usd = 0.0
        settings, spent = self._collector.settings, self._spending.spent(self._name, at=now)
        left = standing(settings, requests_today=spent.requests_today, cost_usd_month=spent.cost_usd_month)
        if left.requests == 0:
            return self._exhausted(next_day(now), "requests_per_day", settings.requests_per_day)
        if left.thrift is Thrift.COUNTS_ONLY and not self._collector.has_counts:
            if left.cost_usd == 0:
                return self._exhausted(next_month(now), "cost_usd_per_month", settings.cost_usd_per_month)
            return self._exhausted(next_day(now), "requests_per_day", settings.requests_per_day)
        requests = _REQUESTS_A_POLL if left.requests is None else min(left.requests, _REQUESTS_A_POLL)
        return Allowance(
            requests=requests, cost_usd=left.cost_usd, thrift=left.thrift, reserve=partial(self._book, now)
        )

    def rest(self, cost_usd: float) -> float:
        """Return what is still to be settled of the running poll's own cost; below zero, it is given back."""
        return cost_usd - self._reserved_usd

    def settle(self, now: datetime, *, requests: int) -> None:
        """Note what a poll sent that failed: requests that fail cost nothing. Raises: StoreError."""
        self._spending.settle(self._name, at=now, requests=requests, cost_usd=self.rest(0.0))
        self._reserved_usd = 0.0

    def _book(self, now: datetime, cost_usd: float) -> None:
        self._spending.settle(self._name, at=now, requests=0, cost_usd=cost_usd)
        self._reserved_usd += cost_usd

    def _exhausted(self, until: datetime, key: str, limit: float | None) -> Exhausted:
        reason = f"{self._name}: {key} = {limit:g} is spent; raise it in [collectors.{self._name}] or wait"
        return Exhausted(until=until, reason=reason)
