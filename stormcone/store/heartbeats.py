"""Signs of life of the watcher's parts; what waits for a sender for too long; and the canary's traces.

Called by the watcher's own jobs, status and screens. Never judges.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import case, delete, func, or_, select

from stormcone.models import NoticeState
from stormcone.models.heartbeats import CANARY, Heartbeat, Part
from stormcone.store.database import Database
from stormcone.store.notice_order import is_its_turn
from stormcone.store.tables import brand_minute, mention, notice, post_minute
from stormcone.store.upserts import insert_or_replace
from stormcone.store.watching_tables import heartbeat

_KNOWN = {part.value for part in Part}


class HeartbeatStore:
    """Signs of life, by part."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def beat(self, sign: Heartbeat) -> None:
        """Keep the newest sign of life of a part."""
        values = {
            "name": sign.part.value,
            "at": sign.at,
            "every_seconds": sign.every_seconds,
            "detail": sign.detail,
        }
        with self._database.write() as connection:
            insert_or_replace(connection, heartbeat, [values])

    def newest(self) -> Mapping[Part, Heartbeat]:
        """Return the newest sign of each part; one that was never heard of is absent."""
        with self._database.read() as connection:
            found = connection.execute(select(heartbeat)).all()
        return {
            Part(row.name): Heartbeat(
                part=Part(row.name), at=row.at, every_seconds=row.every_seconds, detail=row.detail
            )
            for row in found
            if row.name in _KNOWN  # another version may know more of them
        }

    def oldest_due(self, now: datetime) -> datetime | None:
        """Return since when the oldest notice waits that should have been tried by now; None where none does.

        One that is being tried, whose next try lies ahead, that is held, or that waits for another, waits for nobody.
        """
        released_at = func.coalesce(notice.c.held_until, notice.c.created_at)
        tried_at = func.coalesce(notice.c.next_try_at, notice.c.created_at)
        due_since = case((released_at > tried_at, released_at), else_=tried_at)
        query = select(func.min(due_since)).where(
            notice.c.state == NoticeState.PENDING.value,
            due_since <= now,
            or_(notice.c.lease_until.is_(None), notice.c.lease_until <= now),
            is_its_turn(),
        )
        with self._database.read() as connection:
            due: datetime | None = connection.execute(query).scalar_one()
        return due

    def forget_canary(self) -> int:
        """Delete every trace of synthetic mentions, and nothing else. Returns: how many mentions there were."""
        with self._database.write() as connection:
            gone = connection.execute(
                delete(mention).where(mention.c.brand == CANARY, mention.c.platform == CANARY)
            ).rowcount
            connection.execute(delete(brand_minute).where(brand_minute.c.brand == CANARY))
            connection.execute(delete(post_minute).where(post_minute.c.brand == CANARY))
            return gone
