"""How many mentions the platforms themselves count, minute by minute, whether or not their texts were fetched.

Written with the batch that brought the counts; read by screens and detectors. A minute's newest count holds. Never adds
up what was collected: that is what rollups do.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from stormcone.models import Volume
from stormcone.store.collecting_tables import platform_minute
from stormcone.store.database import Database
from stormcone.store.upserts import insert_or_replace


class VolumeStore:
    """Reads the platforms' own counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, brand: str, since: datetime, *, until: datetime | None = None) -> tuple[Volume, ...]:
        """Return the counted minutes of a brand in [since, until), oldest first; of every platform that counts."""
        return self._counted(platform_minute.c.brand == brand, since, until)

    def of_all(self, brands: Iterable[str], since: datetime, *, until: datetime) -> tuple[Volume, ...]:
        """Return the same of several brands, in one reading."""
        return self._counted(platform_minute.c.brand.in_(list(brands)), since, until)

    def _counted(self, of: ColumnElement[bool], since: datetime, until: datetime | None) -> tuple[Volume, ...]:
        query = (
            select(platform_minute)
            .where(of, platform_minute.c.minute >= since)
            .order_by(platform_minute.c.minute, platform_minute.c.platform)
        )
        if until is not None:
            query = query.where(platform_minute.c.minute < until)
        with self._database.read() as connection:
            return tuple(
                Volume(platform=row.platform, brand=row.brand, minute=row.minute, mentions=row.mentions)
                for row in connection.execute(query)
            )


def add_volumes(connection: Connection, volumes: Iterable[Volume]) -> None:
    """Store counts in place of older ones; the last one of a minute holds."""
    newest = {(each.brand, each.minute, each.platform): each for each in volumes}
    insert_or_replace(
        connection,
        platform_minute,
        [
            {"brand": each.brand, "minute": each.minute, "platform": each.platform, "mentions": each.mentions}
            for each in newest.values()
        ],
    )
