"""The ledger of pages for a week: reads what is known of some brands' pages and has it counted.

Used by the command line, screens and reports; stands above store and analysis, below all of these. A week is an ISO
week in each brand's own time zone. Counts nothing itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from analysis.page_ledger import count_ledger, ledger_pages
from stormcone.config import Config
from stormcone.errors import UsageError
from stormcone.models import Promise
from stormcone.models.page_ledger import LedgerPage, PageLedger, Reached
from stormcone.models.weeks import IsoWeek
from stormcone.store import Store

_DAYS: Final = 7


def read_week(text: str | None, *, now: datetime, zones: Sequence[ZoneInfo]) -> IsoWeek:
    """Return the week that was asked for, the running one where none was.

    Args: zones: of the brands; a week is over the edge of the future once it has begun for none of them.
    Raises: UsageError: it is no week, or lies in the future.
    """
    running = max(IsoWeek.of(now, zone) for zone in zones or (ZoneInfo("UTC"),))
    try:
        week = IsoWeek.parse(text) if text is not None else running
    except ValueError:
        raise UsageError(f"--week {text!r}: give an ISO week such as 2026-W46") from None
    if week > running:
        raise UsageError(f"--week {week.name}: that week has not begun; this is {running.name}")
    return week


def read_ledger(config: Config, store: Store, brands: Sequence[str], week: IsoWeek) -> PageLedger:
    """Return the ledger of some brands for a week, as far as it is known now. Raises: StoreError."""
    pages: list[LedgerPage] = []
    reached: list[Reached] = []
    promised = 0.0
    for name in brands:
        brand = config.brand_named(name)
        since, until = week.bounds(brand.zone)
        history = store.pages.history(name, since=since, until=until)
        pages += ledger_pages(
            name, history.events, history.decisions, since=since, until=until, advised=history.advised
        )
        reached += history.reached
        promised += _promised(store.budget.promises(name), until, brand.false_pages_per_month)
    zones = {person.id: ZoneInfo(person.time_zone) for person in config.people}
    return count_ledger(brands, pages, reached, zones=zones, promised_per_month=promised, days=_DAYS)


def _promised(promises: Sequence[Promise], until: datetime, configured: float) -> float:
    """Return what was promised at the end of a stretch; before the first record, what the settings say."""
    held = [each.per_month for each in promises if each.since < until]
    return held[-1] if held else configured
