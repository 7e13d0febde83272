"""The outbox: notices wait here from the transaction that made them until a receiver has accepted them.

Implements stormcone.ports.Outbox for the sender in `alerts`. A notice is marked sent only after it arrived, so a crash
in between repeats it (same key) and never loses it. Never talks to a channel.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, exists, func, or_, select, update

from stormcone.models import Delivery, Moment, Notice, NoticeState, Outcome, State
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.notice_order import ENDINGS, is_due, is_out_of_place
from stormcone.store.tables import delivery, incident, notice
from stormcone.store.upserts import insert_new

_OLDEST: Final = timedelta(hours=24)  # what could not be told in a day is no page any more
_LOOSE: Final = timedelta(minutes=1)  # so far ahead of us may lie what was written by a clock that jumped back
_PENDING: Final = notice.c.state == NoticeState.PENDING.value
_NOBODYS: Final = or_(
    notice.c.incident_id.is_(None),
    and_(
        incident.c.acknowledged_by.is_(None),
        incident.c.state.in_([State.OPEN.value, State.REOPENED.value]),
    ),
)


class NoticeStore:
    """Notices and the tries to deliver them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lease_due(
        self, *, now: datetime, owner: str, lease_seconds: float, limit: int, without: Collection[str] = ()
    ) -> list[Notice]:
        """Claim up to `limit` due notices, channels in turn, oldest first; one whose lease ran out is due again.

        A lease that claims to last twice as long as ours (a clock that jumped back) does not hold.
        """
        lasting = timedelta(seconds=lease_seconds)
        is_free = is_due(now, lasting, without)
        # Channels take turns: a hundred notices of one that hangs must not keep another's waiting.
        turn = func.row_number().over(partition_by=notice.c.channel, order_by=(notice.c.created_at, notice.c.key))
        turns = select(notice.c.key, turn.label("turn")).where(is_free).subquery()
        # PostgreSQL: several senders skip each other's rows; SQLite has one writer anyway and ignores the clause.
        unclaimed = (
            select(notice.c.key)
            .join(turns, turns.c.key == notice.c.key)
            .where(is_free)
            .order_by(turns.c.turn, notice.c.created_at, notice.c.key)
            .limit(limit)
            .with_for_update(of=notice, skip_locked=True)
        )
        claim = (
            update(notice)
            .where(notice.c.key.in_(unclaimed.scalar_subquery()))
            .values(lease_owner=owner, lease_until=now + lasting, attempts=notice.c.attempts + 1)
            .returning(*notice.c)
        )
        with self._database.read() as connection:  # most looks find nothing: they shall not take the write lock
            if connection.execute(select(notice.c.key).where(is_free).limit(1)).first() is None:
                return []
        with self._database.write_briefly() as connection:
            claimed = [rows.to_notice(row) for row in connection.execute(claim)]
        return sorted(claimed, key=lambda each: (each.created_at, each.key))

    def is_wanted(self, notice_leased: Notice, *, is_only_if_live: bool = False) -> bool:
        """Say whether a leased notice is still worth sending; what is not is marked superseded.

        Nobody is asked to act on an incident that somebody has taken since, or that is over; nobody hears of an end
        who never heard of a beginning, nor of a beginning after its end. See stormcone.ports.Outbox.
        """
        query = (
            select(notice.c.state, incident.c.state.label("incident_state"), incident.c.acknowledged_at)
            .select_from(notice.outerjoin(incident, incident.c.id == notice.c.incident_id))
            .where(notice.c.key == notice_leased.key)
        )
        with self._database.read() as connection:
            found = connection.execute(query).one_or_none()
            has_no_place = connection.execute(select(is_out_of_place(notice_leased))).scalar_one()
        if found is None or found.state != NoticeState.PENDING.value:
            return False
        is_over = found.incident_state in {State.COOLING.value, State.RESOLVED.value}
        taken_at = found.acknowledged_at
        match notice_leased.moment:
            case Moment.ESCALATED:
                is_overtaken = is_over or taken_at is not None
            case Moment.REMINDER:  # goes to whoever has taken it, too: only what came later overtakes it
                is_overtaken = is_over or (taken_at is not None and taken_at > notice_leased.created_at)
            case _:
                is_late = is_only_if_live and is_over and notice_leased.moment not in ENDINGS
                is_overtaken = has_no_place or is_late
        if is_overtaken:
            with self._database.write() as connection:
                connection.execute(
                    update(notice)
                    .where(notice.c.key == notice_leased.key, _PENDING)
                    .values(state=NoticeState.SUPERSEDED.value)
                )
        return not is_overtaken

    def begin(self, notice_leased: Notice, *, owner: str, until: datetime) -> bool:
        """Count a try before it is sent, and renew its lease; see stormcone.ports.Outbox.

        A lease that ran out is renewed while nobody else has taken it: the row says whose it is.
        """
        begun = (
            update(notice)
            .where(notice.c.key == notice_leased.key, notice.c.lease_owner == owner, _PENDING)
            .values(lease_until=until, unsure=notice.c.unsure + 1)
        )
        with self._database.write_briefly() as connection:
            return connection.execute(begun).rowcount == 1

    def unreached(
        self, channel: str, *, copy_mark: str, now: datetime, waited_seconds: float, is_failed_only: bool
    ) -> tuple[Notice, ...]:
        """Return what waits on a channel for so long, or was refused for good, and is still nobody's, oldest first.

        What was held and let go has waited for other reasons: it counts once a try has failed. Never what is older
        than a day, nor what has a copy: a key that ends with `copy_mark`.
        """
        copy = notice.alias("copy")
        has_waited = or_(
            notice.c.created_at <= now - timedelta(seconds=waited_seconds),
            notice.c.created_at > now + _LOOSE,
        )
        was_free = or_(notice.c.held_for.is_(None), notice.c.last_error.is_not(None))
        waits = and_(_PENDING, has_waited, was_free, notice.c.held_until.is_(None))
        if is_failed_only:
            waits = and_(waits, notice.c.last_error.is_not(None))
        query = (
            select(*notice.c)
            .select_from(notice.outerjoin(incident, incident.c.id == notice.c.incident_id))
            .where(notice.c.channel == channel, notice.c.created_at > now - _OLDEST)
            .where(or_(waits, notice.c.state == NoticeState.DEAD.value), _NOBODYS)
            .where(~exists().where(copy.c.key == notice.c.key + copy_mark))
            .order_by(notice.c.created_at, notice.c.key)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_notice, connection.execute(query)))

    def add(self, notices: Sequence[Notice]) -> None:
        """Write notices; one whose key is known is left as it is."""
        with self._database.write() as connection:
            insert_new(connection, notice, map(rows.of_notice, notices))

    def fold(
        self, channel: str, to: str | None, *, created_until: datetime, digest: Callable[[Sequence[Notice]], Notice]
    ) -> None:
        """Replace what one recipient should have read long ago by one digest; see stormcone.ports.Outbox."""
        is_theirs = notice.c.to.is_(None) if to is None else notice.c.to == to
        query = (
            select(*notice.c)
            .add_columns(and_(notice.c.incident_id.is_not(None), _NOBODYS).label("is_nobodys"))
            .select_from(notice.outerjoin(incident, incident.c.id == notice.c.incident_id))
            .where(_PENDING, notice.c.channel == channel, is_theirs, notice.c.held_until.is_(None))
            .where(or_(notice.c.created_at <= created_until, notice.c.moment == Moment.DIGEST.value))
            .order_by(notice.c.created_at, notice.c.key)
        )
        with self._database.write() as connection:
            found = connection.execute(query).all()
            newest = {row.incident_id: row.key for row in found if row.is_nobodys}
            old = [rows.to_notice(row) for row in found if row.key not in newest.values()]
            if len(old) < 2:  # noqa: PLR2004 - one alone is told as it is
                return
            told = digest(old)
            insert_new(connection, notice, [rows.of_notice(told)])
            connection.execute(
                update(notice)
                .where(notice.c.key.in_([each.key for each in old]))
                .values(state=NoticeState.SUPERSEDED.value, bundled_into=told.key)
            )

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
        changeable = _PENDING
        change: dict[str, object]
        if outcome is Outcome.OK:
            changeable = notice.c.state != NoticeState.SENT.value
            change = {"state": NoticeState.SENT.value, "sent_at": finished_at, "last_error": None}
        elif next_try_at is not None:
            change = {"next_try_at": next_try_at, "last_error": detail}
        else:
            change = {"state": NoticeState.DEAD.value, "last_error": detail}
        if outcome is not Outcome.UNSURE:  # the try has an end that is known: it counts as unsure no more
            change["unsure"] = notice_tried.unsure
        # Briefly: a try that a power cut makes us forget is a repeat under the same key. The shorter the time between
        # arrival and commit, the fewer repeats a killed sender leaves.
        with self._database.write_briefly() as connection:
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
                .where(notice.c.incident_id == incident_id, _PENDING)
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
