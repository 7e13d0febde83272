"""What screens, exports and a starting watcher read: short queries over rollups and indexes, never over history.

The read half of the store. Never writes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select

from stormcone.models import HOSTILE, BrandMinute, Engagement, Mention, Place, PostMinute, ScoredMention
from stormcone.models.heartbeats import CANARY
from stormcone.store import rows
from stormcone.store.collecting_tables import deletion, engagement
from stormcone.store.database import Database
from stormcone.store.tables import brand_minute, mention, post_minute

_LOOKUP_SIZE = 500  # posts asked in one query: well below both databases' limit of parameters
_STREAM_ROWS = 2_000  # rows fetched at once while streaming


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPostSummary:
    """One own post with what its thread brought and its newest engagement."""

    mention: Mention
    replies: int
    voices: float
    against: float
    hostile: int
    engagement: Engagement | None
    is_deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorHeard:
    """When an author first and last mentioned a brand, and when the first of it was collected."""

    platform: str
    author: str
    first_at: datetime
    last_at: datetime
    seen_at: datetime


class Reads:
    """Queries that change nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def brands(self) -> tuple[str, ...]:
        """Return the brands that have ever been mentioned."""
        with self._database.read() as connection:
            query = select(brand_minute.c.brand).where(brand_minute.c.brand != CANARY).distinct()
            query = query.order_by(brand_minute.c.brand)
            return tuple(connection.execute(query).scalars())

    def brand_minutes(self, brand: str, *, since: datetime, until: datetime) -> tuple[BrandMinute, ...]:
        """Return the brand's minutes in [since, until), oldest first; minutes without a mention have no row."""
        query = (
            select(brand_minute)
            .where(brand_minute.c.brand == brand, brand_minute.c.minute >= since, brand_minute.c.minute < until)
            .order_by(brand_minute.c.minute)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_brand_minute, connection.execute(query)))

    def post_minutes(
        self, brand: str, *, since: datetime, until: datetime, post: tuple[str, str] | None = None
    ) -> tuple[PostMinute, ...]:
        """Return the minutes of the brand's threads in [since, until), oldest first; of one post where named."""
        query = (
            select(post_minute)
            .where(post_minute.c.brand == brand, post_minute.c.minute >= since, post_minute.c.minute < until)
            .order_by(post_minute.c.minute)
        )
        if post is not None:
            query = query.where(post_minute.c.platform == post[0], post_minute.c.post_id == post[1])
        with self._database.read() as connection:
            return tuple(map(rows.to_post_minute, connection.execute(query)))

    def own_posts(self, brand: str, *, since: datetime, limit: int = 100) -> tuple[OwnPostSummary, ...]:
        """Return the brand's own posts, newest first, each with the sums of its thread."""
        query = (
            select(mention)
            .where(mention.c.brand == brand, mention.c.posted_at >= since, mention.c.is_own_post)
            .order_by(mention.c.posted_at.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            posts = [rows.to_scored(row).mention for row in connection.execute(query)]
            keys = [post.id for post in posts]
            sums = {(row.platform, row.post_id): row for row in connection.execute(_thread_sums(brand, keys))}
            newest = {
                (row.platform, row.post_id): rows.to_engagement(row)
                for row in connection.execute(_newest_engagement(brand, keys))
            }
            gone = {
                (row.platform, row.id)
                for row in connection.execute(
                    select(deletion.c.platform, deletion.c.id).where(deletion.c.brand == brand, deletion.c.id.in_(keys))
                )
            }
        summaries = []
        for post in posts:
            key = (post.platform, post.id)
            total = sums.get(key)
            summaries.append(
                OwnPostSummary(
                    mention=post,
                    replies=int(total.replies) if total else 0,
                    voices=total.voices if total else 0.0,
                    against=total.against if total else 0.0,
                    hostile=int(total.hostile) if total else 0,
                    engagement=newest.get(key),
                    is_deleted=key in gone,
                )
            )
        return tuple(summaries)

    def mention_named(self, platform: str, identifier: str, brand: str) -> ScoredMention | None:
        """Return one mention by its key, or None."""
        query = select(mention).where(
            mention.c.platform == platform, mention.c.id == identifier, mention.c.brand == brand
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return rows.to_scored(row) if row else None

    def is_deleted(self, platform: str, identifier: str, brand: str) -> bool:
        """Tell whether a post is known to be deleted."""
        query = select(deletion.c.seen_at).where(
            deletion.c.platform == platform, deletion.c.id == identifier, deletion.c.brand == brand
        )
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def texts_on(
        self, brand: str, platforms: Collection[str], *, since: datetime, until: datetime, limit: int
    ) -> tuple[str, ...]:
        """Return what was written about a brand on some platforms in [since, until], newest first."""
        query = (
            select(mention.c.text)
            .where(
                mention.c.brand == brand,
                mention.c.posted_at >= since,
                mention.c.posted_at <= until,
                mention.c.platform.in_(platforms),
                mention.c.is_own_post.is_(False),
                mention.c.text != "",
            )
            .order_by(mention.c.posted_at.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def own_posts_named(self, places: Iterable[Place]) -> dict[Place, Mention]:
        """Return the own posts among `places` (platform and id), of whatever brand; the others are left out."""
        by_platform: defaultdict[str, list[str]] = defaultdict(list)
        for platform, identifier in places:
            by_platform[platform].append(identifier)
        with self._database.read() as connection:
            posts = [
                rows.to_scored(row).mention
                for platform, identifiers in by_platform.items()
                for start in range(0, len(identifiers), _LOOKUP_SIZE)
                for row in connection.execute(_own_among(platform, identifiers[start : start + _LOOKUP_SIZE]))
            ]
        return {(post.platform, post.id): post for post in posts}

    def loudest(
        self,
        brand: str,
        *,
        since: datetime,
        until: datetime,
        thread: tuple[str, str] | None = None,
        limit: int = 20,
    ) -> tuple[ScoredMention, ...]:
        """Return mentions against the brand in [since, until]: most reach first, each text once."""
        reach: ColumnElement[int] = func.coalesce(mention.c.author_followers, 0)
        query = (
            select(mention)
            .where(_against(brand, since, until, thread), mention.c.is_copy.is_(False))
            .order_by(reach.desc(), mention.c.hostility.desc(), mention.c.seq)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_scored, connection.execute(query)))

    def newest_against(
        self, brand: str, *, since: datetime, until: datetime, thread: tuple[str, str] | None = None, limit: int
    ) -> tuple[ScoredMention, ...]:
        """Return mentions against the brand in [since, until], copies among them, newest first."""
        query = (
            select(mention)
            .where(_against(brand, since, until, thread))
            .order_by(mention.c.posted_at.desc(), mention.c.seq.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_scored, connection.execute(query)))

    def first_large_against(
        self,
        brand: str,
        *,
        since: datetime,
        until: datetime,
        followers: int,
        thread: tuple[str, str] | None = None,
        limit: int,
    ) -> tuple[ScoredMention, ...]:
        """Return mentions against the brand in [since, until] by large accounts, copies among them, oldest first."""
        query = (
            select(mention)
            .where(_against(brand, since, until, thread), mention.c.author_followers >= followers)
            .order_by(mention.c.posted_at, mention.c.seq)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_scored, connection.execute(query)))

    def first_of(
        self, brand: str, stretches: Iterable[tuple[datetime, datetime]], *, limit: int
    ) -> Iterator[ScoredMention]:
        """Stream the first mentions of each stretch [since, until), own posts and copies left out."""
        query = (
            select(mention)
            .where(
                mention.c.brand == brand,
                mention.c.posted_at >= bindparam("since"),
                mention.c.posted_at < bindparam("until"),
                mention.c.is_own_post.is_(False),
                mention.c.is_copy.is_(False),
            )
            .order_by(mention.c.posted_at, mention.c.seq)
            .limit(limit)
        )
        with self._database.read() as connection:
            for since, until in stretches:
                yield from map(rows.to_scored, connection.execute(query, {"since": since, "until": until}))

    def mentions_since(
        self, since: datetime, *, brand: str | None = None, until: datetime | None = None
    ) -> Iterator[ScoredMention]:
        """Stream mentions and own posts posted since an instant, oldest first."""
        query: Select[tuple[object, ...]] = select(mention).where(mention.c.posted_at >= since)
        query = query.where(mention.c.brand != CANARY)
        if brand is not None:
            query = query.where(mention.c.brand == brand)
        if until is not None:
            query = query.where(mention.c.posted_at < until)
        with self._database.read() as connection:
            streamed = connection.execution_options(yield_per=_STREAM_ROWS)
            for row in streamed.execute(query.order_by(mention.c.posted_at, mention.c.seq)):
                yield rows.to_scored(row)

    def authors_heard(self, brand: str, *, since: datetime, limit: int) -> Iterator[AuthorHeard]:
        """Stream who has mentioned the brand since an instant: the `limit` that were heard last, oldest first."""
        last_at = func.max(mention.c.posted_at).label("last_at")
        newest = (
            select(
                mention.c.platform,
                mention.c.author,
                func.min(mention.c.posted_at).label("first_at"),
                last_at,
                func.min(mention.c.seen_at).label("seen_at"),
            )
            .where(
                mention.c.brand == brand,
                mention.c.posted_at >= since,
                mention.c.author.is_not(None),
                mention.c.is_own_post.is_(False),
            )
            .group_by(mention.c.platform, mention.c.author)
            .order_by(last_at.desc())
            .limit(limit)
            .subquery()
        )
        with self._database.read() as connection:
            streamed = connection.execution_options(yield_per=_STREAM_ROWS)
            for row in streamed.execute(select(newest).order_by(newest.c.last_at)):
                yield AuthorHeard(
                    platform=row.platform,
                    author=row.author,
                    first_at=row.first_at,
                    last_at=row.last_at,
                    seen_at=row.seen_at,
                )

    def engagements_since(self, since: datetime, *, brand: str) -> tuple[Engagement, ...]:
        """Return engagement snapshots of the brand's own posts seen since an instant, oldest first."""
        query = (
            select(engagement)
            .where(engagement.c.brand == brand, engagement.c.seen_at >= since)
            .order_by(engagement.c.seen_at)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_engagement, connection.execute(query)))


def _against(brand: str, since: datetime, until: datetime, thread: tuple[str, str] | None) -> ColumnElement[bool]:
    found = and_(
        mention.c.brand == brand,
        mention.c.posted_at >= since,
        mention.c.posted_at <= until,
        mention.c.is_own_post.is_(False),
        (mention.c.p_negative >= HOSTILE) | (mention.c.hostility >= HOSTILE),
        mention.c.erased_at.is_(None),  # nothing is left to show or to explain; the rollups still count it
    )
    if thread is None:
        return found
    return and_(found, mention.c.platform == thread[0], mention.c.root_id == thread[1])


def _own_among(platform: str, identifiers: list[str]) -> Select[tuple[object, ...]]:
    # A pair of columns IN a list, or a bare is_own_post, makes SQLite read a whole index instead of looking ids up.
    return select(mention).where(
        mention.c.platform == platform, mention.c.id.in_(identifiers), mention.c.is_own_post.is_(True)
    )


def _thread_sums(brand: str, post_ids: list[str]) -> Select[tuple[object, ...]]:
    return (
        select(
            post_minute.c.platform,
            post_minute.c.post_id,
            func.sum(post_minute.c.replies).label("replies"),
            func.sum(post_minute.c.voices).label("voices"),
            func.sum(post_minute.c.against).label("against"),
            func.sum(post_minute.c.hostile).label("hostile"),
        )
        .where(post_minute.c.brand == brand, post_minute.c.post_id.in_(post_ids))
        .group_by(post_minute.c.platform, post_minute.c.post_id)
    )


def _newest_engagement(brand: str, post_ids: list[str]) -> Select[tuple[object, ...]]:
    newest = (
        select(engagement.c.platform, engagement.c.post_id, func.max(engagement.c.seen_at).label("seen_at"))
        .where(engagement.c.brand == brand, engagement.c.post_id.in_(post_ids))
        .group_by(engagement.c.platform, engagement.c.post_id)
        .subquery()
    )
    return select(engagement).join(
        newest,
        and_(
            engagement.c.platform == newest.c.platform,
            engagement.c.post_id == newest.c.post_id,
            engagement.c.seen_at == newest.c.seen_at,
            engagement.c.brand == brand,
        ),
    )
