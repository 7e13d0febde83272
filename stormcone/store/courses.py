"""Reads the course of a brand's mentions over the last hours, for the picture in a message.

A read door of the store, asked once a transition: three short queries over sums and steps, bounded by the number of
bins. Never writes, never reads a text.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Connection, func, or_, select, type_coerce

from stormcone.models.courses import BAND_SPREADS, MAX_BINS, Course
from stormcone.store.collecting_tables import gap
from stormcone.store.database import Database
from stormcone.store.tables import Instant, brand_minute, mention, stream_step

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CourseStore:
    """Courses of mentions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def course(
        self, brand: str, *, at: datetime, bin_minutes: int, post: tuple[str, str] | None = None, bins: int = MAX_BINS
    ) -> Course:
        """Return the course of a brand's mentions before `at`.

        Args: bin_minutes: width of a bin, that of the detector's steps. post: platform and id of the own post to mark.
        """
        width = timedelta(minutes=bin_minutes)
        until = _EPOCH + (at - _EPOCH) // width * width
        since = until - bins * width
        starts = [since + number * width for number in range(bins)]
        with self._database.read() as connection:
            counts = _counts(connection, brand, since, until, width)
            bands = _bands(connection, brand, since, until, width)
            holes = _holes(connection, brand, since, until)
            post_at = _post_at(connection, brand, post) if post else None
        return Course(
            at=at,
            starts_at=since,
            bin_minutes=bin_minutes,
            mentions=tuple(counts.get(start, 0) for start in starts),
            low=tuple(bands[start][0] if start in bands else None for start in starts),
            high=tuple(bands[start][1] if start in bands else None for start in starts),
            not_collected=tuple(
                number
                for number, start in enumerate(starts)
                if any(began < start + width and ended > start for began, ended in holes)
            ),
            post_at=post_at if post_at is not None and since <= post_at <= at else None,
        )


def _counts(
    connection: Connection, brand: str, since: datetime, until: datetime, width: timedelta
) -> dict[datetime, int]:
    width_ms = width // timedelta(milliseconds=1)
    minute = type_coerce(brand_minute.c.minute, BigInteger)
    start = type_coerce(minute - minute % width_ms, Instant).label("start")
    query = (
        select(start, func.sum(brand_minute.c.mentions).label("mentions"))
        .where(brand_minute.c.brand == brand, brand_minute.c.minute >= since, brand_minute.c.minute < until)
        .group_by(start)
    )
    return {row.start: int(row.mentions) for row in connection.execute(query)}


def _bands(
    connection: Connection, brand: str, since: datetime, until: datetime, width: timedelta
) -> dict[datetime, tuple[float, float]]:
    """Return the normal band by start of bin: the detector's own expectation of its steps, the last of each bin."""
    query = (
        select(stream_step.c.at, stream_step.c.usual_voices, stream_step.c.spread_voices)
        .where(stream_step.c.brand == brand, stream_step.c.at > since, stream_step.c.at < until + width)
        .where(stream_step.c.usual_voices.is_not(None), stream_step.c.spread_voices.is_not(None))
        .order_by(stream_step.c.at)
    )
    bands = {}
    for row in connection.execute(query):
        reach = BAND_SPREADS * row.spread_voices
        start = _EPOCH + (row.at - width - _EPOCH) // width * width
        bands[start] = (round(max(0.0, row.usual_voices - reach), 1), round(row.usual_voices + reach, 1))
    return bands


def _holes(connection: Connection, brand: str, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    query = select(gap.c.started_at, gap.c.ended_at).where(
        gap.c.filled_at.is_(None),
        gap.c.ended_at > since,
        gap.c.started_at < until,
        or_(gap.c.brand == brand, gap.c.brand == ""),
    )
    return [(row.started_at, row.ended_at) for row in connection.execute(query)]


def _post_at(connection: Connection, brand: str, post: tuple[str, str]) -> datetime | None:
    platform, identifier = post
    query = select(mention.c.posted_at).where(
        mention.c.platform == platform, mention.c.id == identifier, mention.c.brand == brand
    )
    found: datetime | None = connection.execute(query).scalar_one_or_none()
    return found
