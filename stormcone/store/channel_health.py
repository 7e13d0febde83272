"""When each channel last delivered, which do not deliver any more, and tests of channels.

Read by doctor, the auditor and screens. A test goes past the outbox, so that its answer is known at once and a running
watcher does not send it a second time; it is recorded as any other try.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select

from stormcone.models import Delivery, Notice, Outcome
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.tables import delivery, notice
from stormcone.store.upserts import insert_new

_FEWEST_FAILURES: Final = 2  # in a row: one is a hiccup, unless the receiver refused for good
_REMEMBERED: Final = timedelta(hours=24)


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

    def failing(self, now: datetime, *, for_seconds: float) -> Mapping[str, datetime]:
        """Return since when each channel that has failed for so long has delivered nothing, by channel.

        A channel counts after two failures in a row, or one final refusal; a failure older than a day counts no more.
        """
        arrived = (
            select(delivery.c.channel, func.max(delivery.c.seq).label("seq"))
            .where(delivery.c.outcome == Outcome.OK.value)
            .group_by(delivery.c.channel)
            .subquery()
        )
        is_after = or_(arrived.c.seq.is_(None), delivery.c.seq > arrived.c.seq)
        failures = func.count().label("failures")
        refusals = func.count().filter(delivery.c.outcome == Outcome.REFUSED.value)
        since = func.min(delivery.c.started_at)
        query = (
            select(delivery.c.channel, since.label("since"))
            .select_from(delivery.outerjoin(arrived, arrived.c.channel == delivery.c.channel))
            .where(and_(is_after, delivery.c.started_at > now - _REMEMBERED))
            .group_by(delivery.c.channel)
            .having(
                and_(or_(failures >= _FEWEST_FAILURES, refusals > 0), since <= now - timedelta(seconds=for_seconds))
            )
        )
        with self._database.read() as connection:
            return {row.channel: row.since for row in connection.execute(query)}

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
