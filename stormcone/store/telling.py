"""What people were told of the sources: a loss once, its end once, also across restarts.

Written by the pipeline together with the notices, in one transaction. Never decides who is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from stormcone.models import Level, Moment, Notice, Recipient
from stormcone.store import rows
from stormcone.store.collecting_tables import source_told
from stormcone.store.database import Database
from stormcone.store.tables import notice
from stormcone.store.upserts import insert_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was last told of a source. lost_at: when its last loss was told, None: never. level: of that loss."""

    source: str
    is_lost: bool
    lost_at: datetime | None
    level: Level


class TellingStore:
    """Reads and writes what was told of sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self) -> dict[str, Told]:
        """Return what was last told of each source; who was never lost is absent."""
        with self._database.read() as connection:
            found = connection.execute(select(source_told)).all()
        return {
            row.source: Told(source=row.source, is_lost=row.is_lost, lost_at=row.lost_at, level=Level(row.level))
            for row in found
        }

    def tell(self, told: Told, notices: Sequence[Notice]) -> None:
        """Keep what is told now, with the notices that tell it."""
        values = {
            "source": told.source,
            "is_lost": told.is_lost,
            "lost_at": told.lost_at,
            "level": int(told.level),
        }
        with self._database.write() as connection:
            connection.execute(delete(source_told).where(source_told.c.source == told.source))
            insert_new(connection, source_told, [values])
            insert_new(connection, notice, map(rows.of_notice, notices))

    def told_of_loss(self, at: datetime) -> tuple[Recipient, ...]:
        """Return who was told of losses at the instant `at`, each once."""
        query = (
            select(notice.c.channel, notice.c.to)
            .where(notice.c.moment.in_((Moment.SOURCE_LOST.value, Moment.UNWELL.value)), notice.c.created_at == at)
            .order_by(notice.c.key)
        )
        with self._database.read() as connection:
            found = connection.execute(query).all()
        return tuple(dict.fromkeys(Recipient(channel=row.channel, person=row.to) for row in found))
