"""The outbox: notices wait here from the transaction that made them until a receiver has accepted them.

Implements stormcone.ports.Outbox for the sender in `alerts`. A notice is marked sent only after it arrived, so a crash
in between repeats it (same key) and never loses it. Never talks to a channel.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from stormcone.models import Delivery, Notice, NoticeState, Outcome
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.tables import delivery, notice


class NoticeStore:
    """Notices and the tries to deliver them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lease_due(self, *, now: datetime, owner: str, lease_seconds: float, limit: int) -> list[Notice]:
        """Claim up to `limit` due notices, oldest first; a lease that ran out makes a notice due again.

        A lease that claims to last twice as long as ours (a clock that jumped back) does not hold.
        """
        lasting = timedelta(seconds=lease_seconds)
        until = now + lasting
        free = or_(
            notice.c.lease_until.is_(None),
            notice.c.lease_until <= now,
            notice.c.lease_until > until + lasting,
        )
        due = (
            select(notice.c.key)
            .where(notice.c.state == NoticeState.PENDING.value, free)
            .where(or_(notice.c.next_try_at.is_(None), notice.c.next_try_at <= now))
            .order_by(notice.c.created_at, notice.c.key)
        )
        # PostgreSQL: several senders skip each other's rows; SQLite has one writer anyway and ignores the clause.
        unclaimed = due.limit(limit).with_for_update(skip_locked=True)
        claim = (
            update(notice)
            .where(notice.c.key.in_(unclaimed.scalar_subquery()))
            .values(lease_owner=owner, lease_until=until, attempts=notice.c.attempts + 1)
            .returning(*notice.c)
        )
        with self._database.read() as connection:  # most looks find nothing: they shall not take the write lock
            if connection.execute(due.limit(1)).first() is None:
                return []
        with self._database.write() as connection:
            claimed = [rows.to_notice(row) for row in connection.execute(claim)]
        return sorted(claimed, key=lambda each: (each.created_at, each.key))

    def record_delivery(
        self,
        notice_tried: Notice,
        *,
        outcome: Outcome,
        started_at: datetime,
        finished_at: datetime,
        detail: str | None,
        next_try_at: datetime | None,
    ) -> None:
        """Record one try; see stormcone.ports.Outbox.

        A notice that is sent already stays sent. One that arrived is sent whatever happened meanwhile: another sender
        may have given it up, or a newer notice overtaken it.
        """
        changeable = notice.c.state == NoticeState.PENDING.value
        if outcome is Outcome.OK:
            changeable = notice.c.state != NoticeState.SENT.value
            change = {"state": NoticeState.SENT.value, "sent_at": finished_at, "last_error": None}
        elif next_try_at is not None:
            change = {"next_try_at": next_try_at, "last_error": detail}
        else:
            change = {"state": NoticeState.DEAD.value, "last_error": detail}
        with self._database.write() as connection:
            connection.execute(
                update(notice)
                .where(notice.c.key == notice_tried.key, changeable)
                .values(**change, lease_owner=None, lease_until=None)
            )
            connection.execute(
                delivery.insert(),
                {
                    "key": notice_tried.key,
                    "channel": notice_tried.channel,
                    "outcome": outcome.value,
                    "started_at": started_at,
                    "detail": detail,
                },
            )

    def supersede(self, incident_id: int) -> int:
        """Mark the incident's undelivered notices as overtaken. Returns: how many."""
        with self._database.write() as connection:
            return connection.execute(
                update(notice)
                .where(notice.c.incident_id == incident_id, notice.c.state == NoticeState.PENDING.value)
                .values(state=NoticeState.SUPERSEDED.value)
            ).rowcount

    def of_incident(self, incident_id: int) -> tuple[Notice, ...]:
        """Return the notices of an incident, oldest first."""
        query = select(notice).where(notice.c.incident_id == incident_id).order_by(notice.c.created_at, notice.c.key)
        with self._database.read() as connection:
            return tuple(map(rows.to_notice, connection.execute(query)))

    def deliveries(self, key: str) -> tuple[Delivery, ...]:
        """Return the tries to deliver one notice, oldest first."""
        query = select(delivery).where(delivery.c.key == key).order_by(delivery.c.seq)
        with self._database.read() as connection:
            return tuple(
                Delivery(
                    key=row.key,
                    channel=row.channel,
                    outcome=Outcome(row.outcome),
                    started_at=row.started_at,
                    detail=row.detail,
                )
                for row in connection.execute(query)
            )
