"""Keeps what became of the promise of few false pages, and reads the history it is worked out from.

Written by the watcher when people are paged or judge a page, and once a day; read by it and by screens. What the
figures mean is decided in analysis.budget; events, decisions and steps remain the truth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, distinct, func, null, select, type_coerce, union

from stormcone.models import BudgetStanding, DecisionRecord, IncidentEvent, Level, Promise, Trust, WatchedDay
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.tables import budget, decision, incident, incident_event, stream_step
from stormcone.store.upserts import insert_new

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_LATE = 20  # decisions that may come to light after a later one


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSoFar:
    """Up to where decisions and timelines have been read.

    decision, event: the highest row numbers. decisions: how many there are; a decision of another process may come to
    light after one with a higher number.
    """

    decision: int = 0
    decisions: int = 0
    event: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingHistory:
    """The timelines of a brand's incidents that ever paged, and what people decided on them, both in their order."""

    events: tuple[IncidentEvent, ...]
    decisions: tuple[DecisionRecord, ...]


class BudgetStore:
    """Standings of budgets, and what they are made of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, standings: Sequence[BudgetStanding]) -> None:
        """Store standings, in one transaction; the instant of a brand's standing is its own."""
        with self._database.write() as connection:
            insert_new(
                connection,
                budget,
                [{name: getattr(each, name) for name in BudgetStanding.__slots__} for each in standings],
            )

    def newest(self, brand: str) -> BudgetStanding | None:
        """Return the newest standing of a brand, None before the first."""
        query = select(budget).where(budget.c.brand == brand).order_by(budget.c.at.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else BudgetStanding(**row._mapping)  # noqa: SLF001 - public by name only

    def promises(self, brand: str) -> tuple[Promise, ...]:
        """Return what was promised of a brand, oldest first, each time that it changed."""
        query = select(budget.c.at, budget.c.promised_per_month).where(budget.c.brand == brand).order_by(budget.c.at)
        found: list[Promise] = []
        with self._database.read() as connection:
            for row in connection.execute(query):
                if not found or found[-1].per_month != row.promised_per_month:
                    found.append(Promise(since=row.at, per_month=row.promised_per_month))
        return tuple(found)

    def watched_days(self, brand: str, *, until: datetime) -> tuple[WatchedDay, ...]:
        """Return the days up to `until` on which the detector looked at a brand and heard something, oldest first.

        An hour counts in which it looked at least once, at sources of which one had answered: time in which nothing
        ran, or that was imported, was not watched.
        """
        at = type_coerce(stream_step.c.at, BigInteger)
        day = (at - at % _DAY_MS).label("day")
        query = (
            select(day, func.count(distinct(at - at % _HOUR_MS)).label("hours"))
            .where(stream_step.c.brand == brand, stream_step.c.at <= until, stream_step.c.trust != Trust.STALE.value)
            .group_by(day)
            .order_by(day)
        )
        with self._database.read() as connection:
            return tuple(
                WatchedDay(day=(_EPOCH + timedelta(milliseconds=row.day)).date(), hours=float(row.hours))
                for row in connection.execute(query)
            )

    def paging_history(self, brand: str) -> PagingHistory:
        """Return the timelines (without their verdicts) and decisions of incidents that ever paged."""
        ever_paged = (
            select(incident_event.c.incident_id)
            .join(incident, incident.c.id == incident_event.c.incident_id)
            .where(incident.c.brand == brand, incident_event.c.level == int(Level.PAGE))
        )
        columns = [each for each in incident_event.c if each.name != "verdict_json"]
        events: Select[Any] = (
            select(*columns, null().label("verdict_json"))
            .where(incident_event.c.incident_id.in_(ever_paged))
            .order_by(incident_event.c.incident_id, incident_event.c.seq)
        )
        decisions = select(decision).where(decision.c.incident_id.in_(ever_paged)).order_by(decision.c.seq)
        with self._database.read() as connection:
            return PagingHistory(
                events=tuple(map(rows.to_event, connection.execute(events))),
                decisions=tuple(map(rows.to_decision, connection.execute(decisions))),
            )

    def news_since(self, seen: SeenSoFar) -> tuple[SeenSoFar, frozenset[str]]:
        """Return up to where everything is read now, and the brands whose pages or decisions came in since `seen`.

        Asked at every tick, so where there is no news it looks at the ends of two tables and no further.
        """
        with self._database.read() as connection:
            highest, count = connection.execute(select(func.max(decision.c.seq), func.count(decision.c.seq))).one()
            newest = SeenSoFar(
                decision=highest or 0,
                decisions=count,
                event=connection.execute(select(func.max(incident_event.c.seq))).scalar_one() or 0,
            )
            if newest == seen:
                return seen, frozenset()
            return newest, frozenset(connection.execute(_brands_since(seen)).scalars())


def _brands_since(seen: SeenSoFar) -> Select[Any]:
    of_decisions = (
        select(incident.c.brand)
        .join(decision, decision.c.incident_id == incident.c.id)
        .where(decision.c.seq > seen.decision - _LATE)
    )
    of_pages = (
        select(incident.c.brand)
        .join(incident_event, incident_event.c.incident_id == incident.c.id)
        .where(incident_event.c.seq > seen.event, incident_event.c.level == int(Level.PAGE))
    )
    return select(union(of_decisions, of_pages).subquery().c.brand)
