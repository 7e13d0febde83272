"""Keeps what is known of the sources: cursor, health, gaps; and who is the one watcher.

Called by the watcher around each poll. Never polls.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import func, or_, select, update

from stormcone.models import Gap, SourceHealth
from stormcone.store import rows
from stormcone.store.collecting_tables import gap, spending
from stormcone.store.database import Database
from stormcone.store.tables import lease, source
from stormcone.store.upserts import insert_new

_MOST_CHARS = 500  # of an error that is kept


class SourceStore:
    """Cursors, health and gaps of sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, name: str, *, poll_seconds: float, now: datetime) -> None:
        """Make a source known when the watcher starts; its cursor and last success stay, its start is now."""
        with self._database.write() as connection:
            fresh = {
                "name": name,
                "poll_seconds": poll_seconds,
                "started_at": now,
                "is_stopped": False,
                "cursor_version": 0,
            }
            if insert_new(connection, source, [fresh]) == 0:
                connection.execute(
                    update(source)
                    .where(source.c.name == name)
                    .values(poll_seconds=poll_seconds, started_at=now, is_stopped=False, waiting_until=None)
                )

    def cursor(self, name: str) -> tuple[str | None, int]:
        """Return a source's cursor and its version."""
        with self._database.read() as connection:
            row = connection.execute(
                select(source.c.cursor, source.c.cursor_version).where(source.c.name == name)
            ).one()
            return row.cursor, row.cursor_version

    def record_success(
        self, name: str, *, at: datetime, waiting_until: datetime | None = None, trouble: str | None = None
    ) -> None:
        """Note a poll that was answered and saved. trouble: what part of it was not, as one line."""
        self._change(
            name,
            last_success_at=at,
            last_error=None if trouble is None else trouble[:_MOST_CHARS],
            waiting_until=waiting_until,
            is_stopped=False,
        )

    def record_failure(
        self, name: str, *, error: str, waiting_until: datetime | None = None, is_stopped: bool = False
    ) -> None:
        """Note a poll that was not answered as it should; what it cost is settled with `SpendingStore`."""
        self._change(name, last_error=error[:_MOST_CHARS], waiting_until=waiting_until, is_stopped=is_stopped)

    def health(self) -> tuple[SourceHealth, ...]:
        """Return the health of every source that was ever started, by name, with what it spent on its last day."""
        gaps = (
            select(gap.c.platform, func.count().label("open")).where(gap.c.filled_at.is_(None)).group_by(gap.c.platform)
        )
        last = select(spending.c.source, func.max(spending.c.day).label("day")).group_by(spending.c.source).subquery()
        spent = select(spending).join(last, (spending.c.source == last.c.source) & (spending.c.day == last.c.day))
        with self._database.read() as connection:
            open_gaps = {row.platform: row.open for row in connection.execute(gaps)}
            newest = {row.source: row for row in connection.execute(spent)}
            found = connection.execute(select(source).order_by(source.c.name)).all()
        return tuple(_to_health(row, open_gaps.get(row.name, 0), newest.get(row.name)) for row in found)

    def gaps(self, *, since: datetime, brand: str | None = None) -> tuple[Gap, ...]:
        """Return the unfilled gaps that reach into the time after `since`."""
        query = select(gap).where(gap.c.filled_at.is_(None), gap.c.ended_at > since).order_by(gap.c.started_at)
        if brand is not None:
            query = query.where(or_(gap.c.brand == brand, gap.c.brand == ""))
        with self._database.read() as connection:
            return tuple(map(rows.to_gap, connection.execute(query)))

    def _change(self, name: str, **values: object) -> None:
        with self._database.write() as connection:
            connection.execute(update(source).where(source.c.name == name).values(**values))


class LeaseStore:
    """Leases: one holder at a time, and a successor once the holder has been silent for long enough."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, *, owner: str, now: datetime, seconds: float) -> bool:
        """Take or renew a lease. Returns: False while somebody else holds it.

        A lease renewed in the future (a clock that jumped back) does not hold.
        """
        until = now + timedelta(seconds=seconds)
        wanted = {"name": name, "owner": owner, "until": until, "renewed_at": now}
        with self._database.write() as connection:
            if insert_new(connection, lease, [wanted]) == 1:
                return True
            free = or_(lease.c.owner == owner, lease.c.until <= now, lease.c.renewed_at > until)
            taken = connection.execute(update(lease).where(lease.c.name == name, free).values(wanted))
            return taken.rowcount == 1

    def release(self, name: str, *, owner: str) -> None:
        """Give a lease back, so that a successor need not wait."""
        with self._database.write() as connection:
            connection.execute(lease.delete().where(lease.c.name == name, lease.c.owner == owner))

    def renewed_at(self, name: str) -> datetime | None:
        """Return when the lease was last renewed, None where nobody holds it."""
        with self._database.read() as connection:
            return connection.execute(select(lease.c.renewed_at).where(lease.c.name == name)).scalar_one_or_none()

    def holder(self, name: str, *, now: datetime) -> str | None:
        """Return who holds the lease at `now`."""
        with self._database.read() as connection:
            return connection.execute(
                select(lease.c.owner).where(lease.c.name == name, lease.c.until > now)
            ).scalar_one_or_none()


def _to_health(row: SqlRow[Any], open_gaps: int, spent: SqlRow[Any] | None) -> SourceHealth:
    return SourceHealth(
        name=row.name,
        poll_seconds=row.poll_seconds,
        started_at=row.started_at,
        last_success_at=row.last_success_at,
        last_error=row.last_error,
        waiting_until=row.waiting_until,
        is_stopped=row.is_stopped,
        open_gaps=open_gaps,
        requests_today=int(spent.requests) if spent else 0,
        cost_usd_today=float(spent.cost_usd) if spent else 0.0,
        spent_on=spent.day if spent else None,
    )
