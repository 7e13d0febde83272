"""When each channel last delivered, and tests of channels.

Read by doctor and screens. A test goes past the outbox, so that its answer is known at once and a running watcher does
not send it a second time; it is recorded as any other try.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from stormcone.models import Delivery, Notice, Outcome
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.tables import delivery, notice
from stormcone.store.upserts import insert_new


class ChannelStore:
    """What became of deliveries, by channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_successes(self) -> Mapping[str, datetime]:
        """Return when each channel last delivered anything; a channel that never did is absent."""
        query = (
            select(delivery.c.channel, func.max(delivery.c.started_at).label("at"))
            .where(delivery.c.outcome == Outcome.OK.value)
            .group_by(delivery.c.channel)
        )
        with self._database.read() as connection:
            return {row.channel: row.at for row in connection.execute(query)}

    def record_test(self, tested: Notice, tried: Delivery) -> None:
        """Keep a test that was sent, and how it ended. Args: tested: in the state it ended in, never PENDING."""
        with self._database.write() as connection:
            insert_new(connection, notice, [rows.of_notice(tested)])
            connection.execute(
                delivery.insert(),
                {
                    "key": tried.key,
                    "channel": tried.channel,
                    "outcome": tried.outcome.value,
                    "started_at": tried.started_at,
                    "detail": tried.detail,
                },
            )
