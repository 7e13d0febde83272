"""The store: everything Stormcone remembers, behind a few small doors.

Stands below collectors, analysis and alerts, which never import it; the pipeline hands its doors to them as ports.
SQLite by default, PostgreSQL by URL, the same behaviour on both. All SQL of the product is in this folder.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from stormcone.clock import Clock
from stormcone.store.ack_links import AckLinkStore
from stormcone.store.aftermath import AftermathStore
from stormcone.store.answers import AnswerStore
from stormcone.store.archive import PlatformArchive
from stormcone.store.budget import BudgetStore, SeenSoFar
from stormcone.store.channel_health import ChannelStore
from stormcone.store.complaints import ComplaintStore
from stormcone.store.courses import CourseStore
from stormcone.store.database import MEMORY_URL, SCRATCH_URL, Database
from stormcone.store.drill_clock import forget_drill_clock, read_clock, write_drill_clock
from stormcone.store.edits import EditedMention
from stormcone.store.erasing import Erased
from stormcone.store.exports import Exported, Exports
from stormcone.store.forgetting import ForgetRecord, ForgettingStore, Forgotten
from stormcone.store.heartbeats import HeartbeatStore
from stormcone.store.holding import HoldingStore
from stormcone.store.incidents import IncidentStore
from stormcone.store.mentions import CursorMove, MentionKey, MentionStore, Saved
from stormcone.store.migrating import refuse_outdated, upgrade
from stormcone.store.notices import NoticeStore
from stormcone.store.page_ledger import PageLedgerStore
from stormcone.store.presence import Looked
from stormcone.store.readings import ReadingStore, StreamStep
from stormcone.store.reads import OwnPostSummary, Reads
from stormcone.store.recovery import RecoveryStore, ShiftCount
from stormcone.store.rescoring import HistoryStore, StoredMention
from stormcone.store.retention import RetentionStore
from stormcone.store.sealed import SealStore
from stormcone.store.sources import LeaseStore, SourceStore
from stormcone.store.spending import SpendingStore, Spent
from stormcone.store.telling import TellingStore, Told
from stormcone.store.threads import ThreadStore
from stormcone.store.volumes import VolumeStore

__all__ = [
    "MEMORY_URL",
    "SCRATCH_URL",
    "CursorMove",
    "EditedMention",
    "Erased",
    "Exported",
    "ForgetRecord",
    "Forgotten",
    "Looked",
    "MentionKey",
    "OwnPostSummary",
    "PlatformArchive",
    "Saved",
    "SeenSoFar",
    "ShiftCount",
    "Spent",
    "Store",
    "StoredMention",
    "StreamStep",
    "Told",
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
    answers: AnswerStore
    seals: SealStore
    notices: NoticeStore
    holding: HoldingStore
    courses: CourseStore
    complaints: ComplaintStore
    aftermath: AftermathStore
    ack_links: AckLinkStore
    channels: ChannelStore
    sources: SourceStore
    spending: SpendingStore
    telling: TellingStore
    threads: ThreadStore
    volumes: VolumeStore
    leases: LeaseStore
    heartbeats: HeartbeatStore
    readings: ReadingStore
    retention: RetentionStore
    forgetting: ForgettingStore
    budget: BudgetStore
    pages: PageLedgerStore
    recoveries: RecoveryStore
    exports: Exports
    reads: Reads

    def archive(self, platform: str, *, brands: Iterable[str], clock: Clock) -> PlatformArchive:
        """Return what the collector of a platform may ask about its stored posts, of these brands."""
        return PlatformArchive(self.database, platform, brands=brands, clock=clock)

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
        answers=AnswerStore(database),
        seals=SealStore(database),
        notices=NoticeStore(database),
        holding=HoldingStore(database),
        courses=CourseStore(database),
        complaints=ComplaintStore(database),
        aftermath=AftermathStore(database),
        ack_links=AckLinkStore(database),
        channels=ChannelStore(database),
        sources=SourceStore(database),
        spending=SpendingStore(database),
        telling=TellingStore(database),
        threads=ThreadStore(database),
        volumes=VolumeStore(database),
        leases=LeaseStore(database),
        heartbeats=HeartbeatStore(database),
        readings=ReadingStore(database),
        retention=RetentionStore(database),
        forgetting=ForgettingStore(database),
        budget=BudgetStore(database),
        pages=PageLedgerStore(database),
        recoveries=RecoveryStore(database),
        exports=Exports(database),
        reads=Reads(database),
    )
