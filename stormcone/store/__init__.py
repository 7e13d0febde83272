"""The store: everything Stormcone remembers, behind eleven small doors.

Stands below collectors, analysis and alerts, which never import it; the pipeline hands its doors to them as ports.
SQLite by default, PostgreSQL by URL, the same behaviour on both. All SQL of the product is in this folder.
"""

from dataclasses import dataclass

from stormcone.store.budget import BudgetStore, SeenSoFar
from stormcone.store.database import MEMORY_URL, SCRATCH_URL, Database
from stormcone.store.drill_clock import forget_drill_clock, read_clock, write_drill_clock
from stormcone.store.exports import Exported, Exports
from stormcone.store.incidents import IncidentStore
from stormcone.store.mentions import CursorMove, MentionKey, MentionStore
from stormcone.store.migrating import refuse_outdated, upgrade
from stormcone.store.notices import NoticeStore
from stormcone.store.readings import ReadingStore, StreamStep
from stormcone.store.reads import OwnPostSummary, Reads
from stormcone.store.recovery import RecoveryStore, ShiftCount
from stormcone.store.rescoring import HistoryStore, StoredMention
from stormcone.store.sources import LeaseStore, SourceStore

__all__ = [
    "MEMORY_URL",
    "SCRATCH_URL",
    "CursorMove",
    "Exported",
    "MentionKey",
    "OwnPostSummary",
    "SeenSoFar",
    "ShiftCount",
    "Store",
    "StoredMention",
    "StreamStep",
    "forget_drill_clock",
    "open_store",
    "read_clock",
    "write_drill_clock",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open database with its doors."""

    database: Database
    mentions: MentionStore
    history: HistoryStore
    incidents: IncidentStore
    notices: NoticeStore
    sources: SourceStore
    leases: LeaseStore
    readings: ReadingStore
    budget: BudgetStore
    recoveries: RecoveryStore
    exports: Exports
    reads: Reads

    def close(self) -> None:
        """Give all connections back."""
        self.database.close()


def open_store(url: str, *, busy_timeout_seconds: float = 10.0, folder: str = ".", is_read_only: bool = False) -> Store:
    """Open a database by URL and bring its tables up to date.

    Args: folder: what a relative SQLite path is relative to. is_read_only: nothing is written, neither now nor later;
        tables that are not up to date are then an error.
    Raises: StoreTooNew: a newer Stormcone wrote it. StoreError: it cannot be opened or written.
    """
    database = Database(url, busy_timeout_seconds=busy_timeout_seconds, folder=folder, is_read_only=is_read_only)
    (refuse_outdated if is_read_only else upgrade)(database)
    return Store(
        database=database,
        mentions=MentionStore(database),
        history=HistoryStore(database),
        incidents=IncidentStore(database),
        notices=NoticeStore(database),
        sources=SourceStore(database),
        leases=LeaseStore(database),
        readings=ReadingStore(database),
        budget=BudgetStore(database),
        recoveries=RecoveryStore(database),
        exports=Exports(database),
        reads=Reads(database),
    )
