"""Stored history as it came in: every mention with its scores, and all else that was collected, by collection time.

A read door beside `Reads`, for back-tests; built by whoever plays history again. Reads in short transactions and in
chunks, so that neither memory nor a running watcher minds how long the history is. Never writes.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from operator import attrgetter
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Select, func, select

from stormcone.backtest import PastIncident
from stormcone.models import Deletion, Engagement, Gap, Level, Like, ScoredMention
from stormcone.store import rows
from stormcone.store.collecting_tables import deletion, engagement, gap, own_like
from stormcone.store.database import Database
from stormcone.store.tables import brand_minute, incident, incident_event, mention

Record: TypeAlias = ScoredMention | Engagement | Deletion | Like | Gap

_LOOKUP_SIZE = 500  # numbers asked in one query: well below both databases' limit of parameters
_DAY = timedelta(days=1)
# What comes beside mentions: when it was collected, and how its row becomes a record.
_BESIDE = (
    (engagement.c.seen_at, rows.to_engagement),
    (own_like.c.liked_at, rows.to_like),
    (deletion.c.seen_at, rows.to_deletion),
    (gap.c.ended_at, rows.to_gap),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of history: of these brands (None: of all), collected in [since, until) where these are named."""

    brands: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Something that was collected, and when."""

    at: datetime
    record: Record


class Recording:
    """A stretch of history as it was when it was asked for; iterating gives it in the order of collection.

    mentions: how many mentions and own posts it holds. Eight bytes each are kept, the rest is read on the way.
    """

    def __init__(self, database: Database, stretch: Stretch) -> None:
        self._database = database
        self._stretch = stretch
        query = select(mention.c.seq).where(*_inside(stretch, mention.c.brand, mention.c.seen_at))
        with database.read() as connection:
            found = connection.execute(query.order_by(mention.c.seen_at, mention.c.seq))
            self._numbers = array("q", found.scalars())

    @property
    def mentions(self) -> int:
        """How many mentions and own posts there are."""
        return len(self._numbers)

    def __iter__(self) -> Iterator[Recorded]:
        return merge(self._mentions(), self._beside(), key=attrgetter("at"))

    def _mentions(self) -> Iterator[Recorded]:
        for start in range(0, len(self._numbers), _LOOKUP_SIZE):
            numbers = self._numbers[start : start + _LOOKUP_SIZE].tolist()
            with self._database.read() as connection:
                query = select(mention).where(mention.c.seq.in_(numbers))
                by_number = {row.seq: rows.to_scored(row) for row in connection.execute(query)}
            for number in numbers:
                if number in by_number:  # somebody may have deleted it since
                    scored = by_number[number]
                    yield Recorded(at=scored.mention.seen_at, record=scored)

    def _beside(self) -> Iterator[Recorded]:
        first, last = self._bounds()
        while first is not None and last is not None and first <= last:
            day = Stretch(brands=self._stretch.brands, since=first, until=first + _DAY)
            found = [each for seen_at, to_record in _BESIDE for each in self._of_a_day(day, seen_at, to_record)]
            yield from sorted(found, key=attrgetter("at"))
            first += _DAY

    def _of_a_day(self, day: Stretch, seen_at: Column[Any], to_record: Any) -> list[Recorded]:  # noqa: ANN401 - row to record
        until = day.until if self._stretch.until is None or day.until is None else min(day.until, self._stretch.until)
        query: Select[Any] = select(seen_at.table).where(
            *_beside_inside(Stretch(brands=day.brands, since=day.since, until=until), seen_at)
        )
        with self._database.read() as connection:
            return [
                Recorded(at=row._mapping[seen_at], record=to_record(row))  # noqa: SLF001 - public by name only
                for row in connection.execute(query.order_by(*seen_at.table.primary_key.columns))
            ]

    def _bounds(self) -> tuple[datetime | None, datetime | None]:
        """Return when the first and the last of what stands beside the mentions was collected."""
        firsts, lasts = [], []
        with self._database.read() as connection:
            for seen_at, _ in _BESIDE:
                query = select(func.min(seen_at).label("first"), func.max(seen_at).label("last"))
                found = connection.execute(query.where(*_beside_inside(self._stretch, seen_at))).one()
                firsts.append(found.first)
                lasts.append(found.last)
        known = [each for each in firsts if each is not None]
        return min(known, default=None), max((each for each in lasts if each is not None), default=None)


class History:
    """What was collected, to be played again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def recording(self, stretch: Stretch) -> Recording:
        """Return a stretch of history. Raises: StoreError."""
        return Recording(self._database, stretch)

    def span(self, brands: Sequence[str]) -> tuple[datetime, datetime] | None:
        """Return the first and the last minute of which anything by or about these brands is stored, or None."""
        firsts, lasts = [], []
        with self._database.read() as connection:
            for brand in brands:
                of_brand = brand_minute.c.brand == brand  # one bound a query: both at once would read all in between
                first = connection.execute(select(func.min(brand_minute.c.minute)).where(of_brand)).scalar_one()
                if first is not None:
                    firsts.append(first)
                    lasts.append(
                        connection.execute(select(func.max(brand_minute.c.minute)).where(of_brand)).scalar_one()
                    )
        return (min(firsts), max(lasts)) if firsts else None

    def incidents(self, stretch: Stretch) -> tuple[PastIncident, ...]:
        """Return the incidents that lived in a stretch, oldest first, each with its first page."""
        page = func.min(incident_event.c.at).filter(incident_event.c.level >= int(Level.PAGE)).label("paged_at")
        paged = select(incident_event.c.incident_id, page).group_by(incident_event.c.incident_id).subquery()
        query = select(incident, paged.c.paged_at).outerjoin(paged, paged.c.incident_id == incident.c.id)
        if stretch.brands is not None:
            query = query.where(incident.c.brand.in_(stretch.brands))
        if stretch.since is not None:
            query = query.where(func.coalesce(incident.c.resolved_at, incident.c.updated_at) >= stretch.since)
        if stretch.until is not None:
            query = query.where(incident.c.opened_at < stretch.until)
        with self._database.read() as connection:
            return tuple(
                PastIncident(incident=rows.to_incident(row), paged_at=row.paged_at)
                for row in connection.execute(query.order_by(incident.c.opened_at, incident.c.id))
            )


def _inside(stretch: Stretch, brand: Column[Any], seen_at: Column[Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if stretch.brands is not None:
        found.append(brand.in_(stretch.brands))
    if stretch.since is not None:
        found.append(seen_at >= stretch.since)
    if stretch.until is not None:
        found.append(seen_at < stretch.until)
    return found


def _beside_inside(stretch: Stretch, seen_at: Column[Any]) -> list[ColumnElement[bool]]:
    """Gaps without a brand concern all of them; filled ones are none any more."""
    if seen_at.table is not gap:
        return _inside(stretch, seen_at.table.c.brand, seen_at)
    named = None if stretch.brands is None else (*stretch.brands, "")
    of_gaps = Stretch(brands=named, since=stretch.since, until=stretch.until)
    return [*_inside(of_gaps, gap.c.brand, seen_at), gap.c.filled_at.is_(None)]
