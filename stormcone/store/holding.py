"""Notices that wait, what people were told lately, and silences: what routing must know, and what becomes of it.

Part of the store's doors for alerts. Whether a notice waits, and for how long, is decided in `alerts`; here it is only
kept, and let go in one transaction. Never talks to a channel.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, func, select, update

from stormcone.errors import UsageError
from stormcone.models import HeldFor, Lately, Level, Moment, Notice, NoticeState, Recipient, Release, Silence
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.tables import notice, silence
from stormcone.store.upserts import insert_new

_HOUR = timedelta(hours=1)
_WAITING = (notice.c.state == NoticeState.PENDING.value, notice.c.held_until.is_not(None))


class HoldingStore:
    """Held notices and silences."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lately(self, at: datetime) -> tuple[Lately, ...]:
        """Return what each recipient was told within the hour before `at`; who was told nothing is absent."""
        since = notice.c.created_at > at - _HOUR
        page, warn = int(Level.PAGE), int(Level.WARN)
        with self._database.read() as connection:
            pages = _count(connection, since, notice.c.urgency == page, notice.c.held_for.is_(None))
            summaries = _latest(connection, notice.c.created_at, since, notice.c.moment == Moment.SUMMARY.value)
            storms = _latest(connection, notice.c.held_until, *_WAITING, notice.c.held_for == HeldFor.STORM.value)
            warned = _latest(
                connection, notice.c.created_at, since, notice.c.urgency == warn, notice.c.held_for.is_(None)
            )
        return tuple(
            Lately(
                recipient=each,
                pages=pages.get(each, 0),
                summary_at=summaries.get(each),
                storm_until=storms.get(each),
                warned_at=warned.get(each),
            )
            for each in dict.fromkeys([*pages, *summaries, *storms, *warned])
        )

    def due(self, now: datetime) -> tuple[Notice, ...]:
        """Return the notices that have waited for long enough, oldest first."""
        query = select(notice).where(*_WAITING, notice.c.held_until <= now).order_by(notice.c.created_at, notice.c.key)
        with self._database.read() as connection:
            return tuple(map(rows.to_notice, connection.execute(query)))

    def release(self, releases: Sequence[Release]) -> None:
        """Let notices go: those that go alone, the message that tells several, and what that message tells.

        A notice that was overtaken meanwhile stays so, and a message is written once however often this is tried.
        """
        with self._database.write() as connection:
            for each in releases:
                if each.message is not None:
                    insert_new(connection, notice, [rows.of_notice(each.message)])
                told_in = each.message.key if each.message else None
                _change(connection, each.freed, {"held_until": None})
                _change(connection, each.folded, {"state": NoticeState.SUPERSEDED.value, "bundled_into": told_in})
                _change(connection, each.dropped, {"state": NoticeState.SUPERSEDED.value})

    def silence(self, wanted: Silence) -> Silence:
        """Keep a silence. Returns: it with its id."""
        with self._database.write() as connection:
            row = connection.execute(silence.insert().returning(*silence.c), rows.of_silence(wanted)).one()
        return rows.to_silence(row)

    def silences(self, at: datetime) -> tuple[Silence, ...]:
        """Return the silences that last at an instant, oldest first."""
        query = select(silence).where(silence.c.begins_at <= at, silence.c.until > at).order_by(silence.c.id)
        with self._database.read() as connection:
            return tuple(map(rows.to_silence, connection.execute(query)))

    def lift(self, silence_id: int, *, at: datetime) -> Silence:
        """End a silence now; what it held back is told at the next tick, unless another silence covers it.

        Raises: UsageError: there is none of that id that still lasts.
        """
        ending = update(silence).where(silence.c.id == silence_id, silence.c.until > at)
        with self._database.write() as connection:
            row = connection.execute(ending.values(until=at).returning(*silence.c)).one_or_none()
            if row is None:
                raise UsageError(
                    f"silence {silence_id}: none of that number lasts; `stormcone silence --list` names them"
                )
            held = (*_WAITING, notice.c.held_for == HeldFor.SILENCE.value)
            connection.execute(update(notice).where(*held, notice.c.held_until > at).values(held_until=at))
        return rows.to_silence(row)


def _latest(connection: Connection, column: Column[datetime], *where: ColumnElement[bool]) -> dict[Recipient, datetime]:
    query = select(notice.c.channel, notice.c.to, func.max(column).label("at")).where(*where)
    found = connection.execute(query.group_by(notice.c.channel, notice.c.to))
    return {Recipient(channel=row.channel, person=row.to): row.at for row in found}


def _count(connection: Connection, *where: ColumnElement[bool]) -> dict[Recipient, int]:
    query = select(notice.c.channel, notice.c.to, func.count().label("pages")).where(*where)
    found = connection.execute(query.group_by(notice.c.channel, notice.c.to))
    return {Recipient(channel=row.channel, person=row.to): row.pages for row in found}


def _change(connection: Connection, keys: Sequence[str], values: dict[str, object]) -> None:
    if keys:
        connection.execute(update(notice).where(*_WAITING, notice.c.key.in_(keys)).values(**values))
