"""Sums that only screens ask for, over rollups and bounded stretches of an index.

A read door beside `Reads`; built by the dashboard on an open database. Never scans history: every query is bounded by a
window, and the long ones read per-minute sums.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, func, select, type_coerce

from stormcone.models import HOSTILE, Delivery, Outcome
from stormcone.store.database import Database
from stormcone.store.tables import Instant, brand_minute, delivery, mention, notice


@dataclass(frozen=True, slots=True, kw_only=True)
class ToneBucket:
    """Mentions of one bucket by tone; `start` is its first instant. The three sums add up to `mentions`."""

    start: datetime
    mentions: int
    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums of a stretch.

    unsure: mentions whose scores are a guess. first_minute: of the first mention in it, None where there was none.
    """

    mentions: int
    voices: float
    against: float
    unsure: int
    first_minute: datetime | None

    @property
    def unsure_share(self) -> float:
        """Part of the mentions whose scores are a guess, 0..1."""
        return self.unsure / self.mentions if self.mentions else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many followers hostile authors have together. authors: all; known: those whose followers are known."""

    followers: int
    authors: int
    known: int


class Screens:
    """Queries of screens; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tone(self, brand: str, *, since: datetime, until: datetime, bucket_minutes: int) -> tuple[ToneBucket, ...]:
        """Return the brand's mentions in [since, until) by tone, per bucket, oldest first; empty buckets are absent.

        Args: bucket_minutes: width; buckets start at whole multiples of it since 1970 in UTC.
        """
        width = timedelta(minutes=bucket_minutes) // timedelta(milliseconds=1)
        minute = type_coerce(brand_minute.c.minute, BigInteger)
        start = type_coerce(minute - minute % width, Instant).label("start")
        query = (
            select(
                start,
                func.sum(brand_minute.c.mentions).label("mentions"),
                func.sum(brand_minute.c.negative).label("negative"),
                func.sum(brand_minute.c.neutral).label("neutral"),
                func.sum(brand_minute.c.positive).label("positive"),
            )
            .where(brand_minute.c.brand == brand, brand_minute.c.minute >= since, brand_minute.c.minute < until)
            .group_by(start)
            .order_by(start)
        )
        with self._database.read() as connection:
            return tuple(
                ToneBucket(
                    start=row.start,
                    mentions=int(row.mentions),
                    negative=float(row.negative),
                    neutral=float(row.neutral),
                    positive=float(row.positive),
                )
                for row in connection.execute(query)
            )

    def totals(self, brand: str, *, since: datetime, until: datetime) -> Totals:
        """Return the brand's sums over [since, until)."""
        query = select(
            func.coalesce(func.sum(brand_minute.c.mentions), 0).label("mentions"),
            func.coalesce(func.sum(brand_minute.c.voices), 0.0).label("voices"),
            func.coalesce(func.sum(brand_minute.c.against), 0.0).label("against"),
            func.coalesce(func.sum(brand_minute.c.unsure), 0).label("unsure"),
            func.min(brand_minute.c.minute).label("first_minute"),
        ).where(brand_minute.c.brand == brand, brand_minute.c.minute >= since, brand_minute.c.minute < until)
        with self._database.read() as connection:
            row = connection.execute(query).one()
        return Totals(
            mentions=int(row.mentions),
            voices=float(row.voices),
            against=float(row.against),
            unsure=int(row.unsure),
            first_minute=row.first_minute,
        )

    def hostile_reach(self, brand: str, *, since: datetime, until: datetime) -> Reach:
        """Return the followers of the authors of hostile mentions in [since, until), each author once.

        Reads raw mentions by index: keep the stretch short (the screens ask for 30 minutes).
        """
        authors = (
            select(mention.c.platform, mention.c.author, func.max(mention.c.author_followers).label("followers"))
            .where(
                mention.c.brand == brand,
                mention.c.posted_at >= since,
                mention.c.posted_at < until,
                mention.c.is_own_post.is_(False),
                mention.c.author.is_not(None),
                (mention.c.p_negative >= HOSTILE) | (mention.c.hostility >= HOSTILE),
            )
            .group_by(mention.c.platform, mention.c.author)
            .subquery()
        )
        query = select(
            func.coalesce(func.sum(authors.c.followers), 0).label("followers"),
            func.count().label("authors"),
            func.count(authors.c.followers).label("known"),
        )
        with self._database.read() as connection:
            row = connection.execute(query).one()
        return Reach(followers=int(row.followers), authors=int(row.authors), known=int(row.known))

    def deliveries(self, incident_id: int) -> tuple[Delivery, ...]:
        """Return every try to deliver a notice of an incident, oldest first."""
        query = (
            select(delivery)
            .join(notice, notice.c.key == delivery.c.key)
            .where(notice.c.incident_id == incident_id)
            .order_by(delivery.c.seq)
        )
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
