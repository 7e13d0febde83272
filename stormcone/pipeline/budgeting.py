"""From what people decided to the threshold of the next page: keeps every brand's budget up to date, and on record.

Run by the watcher before each look of the desk, so that a decision made anywhere (dashboard, command line, a link in a
message) counts within a tick, and after a restart as before it. Replays leave it alone: nobody judges their pages.
"""

from datetime import UTC, datetime

from analysis.budget import judged_pages, stand
from stormcone.config import Config
from stormcone.models import BudgetStanding, Promise
from stormcone.pipeline.brands import Brands
from stormcone.store import SeenSoFar, Store

_AT_ONCE = 10  # brands whose day is over, at one tick: a thousand of them must not keep the desk waiting


class Budgeting:
    """The budgets of all brands."""

    def __init__(self, config: Config, store: Store, brands: Brands) -> None:
        self._config = config
        self._store = store
        self._brands = brands
        self._seen = SeenSoFar()
        self._standings: dict[str, BudgetStanding] = {}

    def keep(self, now: datetime) -> None:
        """Work out the budgets that have changed, store those that say something new, and tell the detectors.

        Raises: StoreError: the budgets stay as they were, and are worked out at the next call.
        """
        seen, brands = self._store.budget.news_since(self._seen)
        due = self._due(brands, now)
        standings = [self._standing(name, now) for name in due]
        fresh = [each for each in standings if _says_more(each, self._store.budget.newest(each.brand))]
        if fresh:
            self._store.budget.record(fresh)
        self._standings |= {each.brand: each for each in standings}
        self._seen = seen
        for brand in self._brands:
            brand.watch.budget = self._standings[brand.watch.brand.name]

    def _due(self, with_news: frozenset[str], now: datetime) -> list[str]:
        names = {brand.watch.brand.name for brand in self._brands}
        new = names - self._standings.keys()
        old = [name for name in names & self._standings.keys() if not _is_of_today(self._standings[name], now)]
        return sorted(new | (with_news & names) | set(sorted(old)[:_AT_ONCE]))

    def _standing(self, name: str, now: datetime) -> BudgetStanding:
        door = self._store.budget
        wanted = self._config.brand_named(name).false_pages_per_month
        promises = door.promises(name)
        if not promises or promises[-1].per_month != wanted:
            promises = (*promises, Promise(since=now, per_month=wanted))
        history = door.paging_history(name)
        return stand(
            name,
            now=now,
            promises=promises,
            days=door.watched_days(name, until=now),
            pages=judged_pages(history.events, history.decisions),
            settings=self._config.detector,
        )


def _is_of_today(standing: BudgetStanding, now: datetime) -> bool:
    return standing.at.astimezone(UTC).date() == now.astimezone(UTC).date()


def _says_more(standing: BudgetStanding, stored: BudgetStanding | None) -> bool:
    """True where there is something to put on record: a page, a judgement, a new promise, or another day."""
    if stored is None or not _is_of_today(stored, standing.at):
        return True
    return _figures(standing) != _figures(stored)


def _figures(standing: BudgetStanding) -> tuple[float, ...]:
    return standing.promised_per_month, standing.pages, standing.judged_false, standing.judged_true
