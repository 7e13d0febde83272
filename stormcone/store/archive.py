"""What a collector may ask about its own platform's stored posts: the `Archive` role of stormcone.ports.

One for each source, handed in by the pipeline, so that collectors never see the store. Every question reads a bounded
stretch of an index, whatever the length of history. Never writes.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, exists, func, select

from stormcone.clock import Clock
from stormcone.ports import StoredPost
from stormcone.store.collecting_tables import deletion, engagement, presence
from stormcone.store.database import Database
from stormcone.store.tables import evidence, mention, post_minute

LATELY: Final = timedelta(minutes=30)  # the half hour in which answers make a thread hot
SECOND_LOOK: Final = timedelta(minutes=15)  # a post that was missed is looked up again after this, if not sooner
_MOST_OWN_POSTS: Final = 500  # newest first: a brand that posts every 20 minutes for a week

_COUNTED_AT = (
    select(func.max(engagement.c.seen_at))
    .where(
        engagement.c.platform == mention.c.platform,
        engagement.c.post_id == mention.c.id,
        engagement.c.brand == mention.c.brand,
    )
    .scalar_subquery()
    .label("counted_at")
)
_COLUMNS = (
    mention.c.id,
    mention.c.brand,
    mention.c.posted_at,
    mention.c.is_own_post,
    mention.c.account,
    mention.c.url,
    _COUNTED_AT,
)
_Thread = tuple[str, str]  # brand, id of the root


class PlatformArchive:
    """The stored posts of one platform."""

    def __init__(self, database: Database, platform: str, *, brands: Iterable[str], clock: Clock) -> None:
        self._database = database
        self._platform = platform
        self._brands = tuple(dict.fromkeys(brands))
        self._clock = clock

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        """Return own posts published after `since` that are not known to be deleted, newest first; 500 at the most."""
        query = (
            select(*_COLUMNS)
            .where(
                mention.c.brand.in_(self._brands),
                mention.c.posted_at > since,
                mention.c.is_own_post,
                mention.c.platform == self._platform,
                ~_is_gone(),
            )
            .order_by(mention.c.posted_at.desc(), mention.c.seq.desc())
            .limit(_MOST_OWN_POSTS)
        )
        with self._database.read() as connection:
            lately = self._answers_lately(connection)
            return tuple(_stored(row, lately) for row in connection.execute(query))

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:
        """Return the roots with the most answers in the last half hour, own posts or not, busiest first.

        A root that is not stored itself comes with the time of its first stored answer as `posted_at`. A thread that
        hangs on two brands comes once, as the own post's brand where there is one, else as the busier one's.
        """
        with self._database.read() as connection:
            lately = self._answers_lately(connection)
            busiest = sorted(lately, key=lambda thread: (-lately[thread], thread))
            found: dict[str, StoredPost] = {}
            for brand, root in busiest:
                if len(found) == limit and root not in found:
                    continue
                if root not in found or not found[root].is_own_post:
                    post = self._root(connection, brand, root, lately)
                    if root not in found or post.is_own_post:
                        found[root] = post
        return tuple(sorted(found.values(), key=lambda post: -post.replies_lately))

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        """Return stored posts of others not looked up since `checked_before`; those missed once come first.

        A post that was missed is due again a quarter of an hour later, so that what is deleted is soon erased. Then
        come posts whose words are kept as evidence, then the rest, looked up longest ago first. A post counts as looked
        up when it was collected; what is erased is not looked up any more.
        """
        found: dict[tuple[str, str], StoredPost] = {}
        with self._database.read() as connection:
            for query in self._due(checked_before):
                if len(found) < limit:
                    for row in connection.execute(query.limit(limit)):
                        found.setdefault((row.id, row.brand), _stored(row, {}))
        return tuple(found.values())[:limit]

    def _due(self, checked_before: datetime) -> tuple[Select[Any], ...]:
        here = (mention.c.platform == self._platform, mention.c.brand.in_(self._brands), ~mention.c.is_own_post)
        is_missed = and_(
            presence.c.platform == mention.c.platform,
            presence.c.id == mention.c.id,
            presence.c.brand == mention.c.brand,
        )
        again = max(checked_before, self._clock.now() - SECOND_LOOK)
        missed = (
            select(*_COLUMNS)
            .join(presence, is_missed)
            .where(*here, presence.c.platform == self._platform, presence.c.checked_at < again)
            .order_by(presence.c.checked_at, mention.c.seq)
        )
        is_old = mention.c.checked_at < checked_before
        kept_as_evidence = (
            select(evidence.c.mention_id).where(evidence.c.platform == self._platform, evidence.c.text != "").distinct()
        )
        rest = select(*_COLUMNS).where(*here, is_old, ~exists().where(is_missed))
        oldest = (mention.c.checked_at, mention.c.seq)
        return (
            missed,
            rest.where(mention.c.id.in_(kept_as_evidence)).order_by(*oldest),
            rest.where(mention.c.erased_at.is_(None)).order_by(*oldest),
        )

    def _answers_lately(self, connection: Connection) -> dict[_Thread, int]:
        answers = func.sum(post_minute.c.replies).label("answers")
        query = (
            select(post_minute.c.brand, post_minute.c.post_id, answers)
            .where(
                post_minute.c.brand.in_(self._brands),
                post_minute.c.minute > self._clock.now() - LATELY,
                post_minute.c.platform == self._platform,
            )
            .group_by(post_minute.c.brand, post_minute.c.post_id)
            .having(answers > 0)
        )
        return {(row.brand, row.post_id): int(row.answers) for row in connection.execute(query)}

    def _root(self, connection: Connection, brand: str, root: str, lately: dict[_Thread, int]) -> StoredPost:
        of_platform = mention.c.platform == self._platform
        row = connection.execute(
            select(*_COLUMNS).where(of_platform, mention.c.id == root, mention.c.brand == brand)
        ).one_or_none()
        if row is not None:
            return _stored(row, lately)
        in_thread = (mention.c.brand == brand, mention.c.root_id == root, of_platform)
        first = connection.execute(select(func.min(mention.c.posted_at)).where(*in_thread)).scalar_one()
        return StoredPost(
            id=root,
            brand=brand,
            posted_at=first or self._clock.now(),
            is_own_post=False,
            replies_lately=lately[brand, root],
        )


def _is_gone() -> Any:  # noqa: ANN401 - SQLAlchemy's exists()
    return exists().where(
        deletion.c.platform == mention.c.platform,
        deletion.c.id == mention.c.id,
        deletion.c.brand == mention.c.brand,
    )


def _stored(row: Any, lately: dict[_Thread, int]) -> StoredPost:  # noqa: ANN401 - a row of _COLUMNS
    return StoredPost(
        id=row.id,
        brand=row.brand,
        posted_at=row.posted_at,
        is_own_post=row.is_own_post,
        account=row.account,
        url=row.url,
        counted_at=row.counted_at,
        replies_lately=lately.get((row.brand, row.id), 0),
    )
