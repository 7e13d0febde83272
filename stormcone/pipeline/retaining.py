"""Lets old data go: words of strangers after `retention_days`, sums after `aggregate_days`, own posts never.

A job of the watcher, once an hour and not at its start, when there is enough to do; what is left the next run takes.
Says how far it came, and touches neither detectors nor incidents: what they have learned stays true. Why data stay how
long: docs/decisions/0010.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from stormcone.clock import Clock
from stormcone.config import StoreSettings
from stormcone.store import Store

EVERY_SECONDS: Final = 3600.0
_log = structlog.get_logger(__name__)
_CHUNK = 1_000  # rows in one transaction: a watcher that saves meanwhile waits for less than a second
_MOST_CHUNKS = 100  # in one run
_MOST_WEEKS = 60  # of sums in one run and brand: all that can be too old where Stormcone ran the year before


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What one run let go. is_done: False where the bound of a run was reached, and the next one goes on.

    mentions: whose words were erased. evidence, quotes: pieces and messages. rows: of sums and their like.
    """

    mentions: int
    evidence: int
    quotes: int
    rows: int
    is_done: bool


class Retention:
    """Keeps the promise of [store] retention_days and aggregate_days."""

    def __init__(self, settings: StoreSettings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    def run(self) -> Retained:
        """Erase and delete what is too old now, up to a bound. Raises: StoreError: what was done so far stays done."""
        now, retention = self._clock.now(), self._store.retention
        words, sums = _before(now, self._settings.retention_days), _before(now, self._settings.aggregate_days)
        gone = _repeat(lambda: retention.erase_deleted(at=now, limit=_CHUNK))
        old = _repeat(lambda: retention.erase_words(before=words, at=now, limit=_CHUNK))
        quotes = _repeat(lambda: retention.erase_quotes(before=words, limit=_CHUNK))
        pieces = _repeat(lambda: retention.erase_evidence(before=sums, limit=_CHUNK))
        unfinished = [brand for brand in retention.brands_with_sums() if not self._drop_sums(brand, sums)]
        rows = retention.drop_rest(before=sums)
        most = _CHUNK * _MOST_CHUNKS
        done = Retained(
            mentions=gone + old,
            evidence=pieces,
            quotes=quotes,
            rows=rows,
            is_done=not unfinished and max(gone, old, quotes, pieces) < most,
        )
        if done.mentions or done.evidence or done.quotes or done.rows:
            _log.info("old_words_erased", mentions=done.mentions, evidence=done.evidence, quotes=done.quotes)
        return done

    def _drop_sums(self, brand: str, before: datetime) -> bool:
        """Return True once nothing of the brand is too old."""
        return any(not self._store.retention.drop_sums(brand, before=before) for _ in range(_MOST_WEEKS))


def _repeat(step: Callable[[], int]) -> int:
    total = 0
    for _ in range(_MOST_CHUNKS):
        done = step()
        total += done
        if done < _CHUNK:
            break
    return total


def _before(now: datetime, days: int) -> datetime:
    """Return the full hour so many days ago: the first minute that stays is whole."""
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(days=days)
