"""What becomes of old data: words go first, sums much later, a brand's own posts never.

The store's half of stormcone.pipeline.retaining. Each step is one short transaction over a bounded number of rows, so
that a running watcher need not wait, and may be repeated at will. Never decides what is old.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, delete, func, or_, select, update

from stormcone.store.ack_links import LONGEST_LINK
from stormcone.store.collecting_tables import deletion, engagement, gap, own_like, platform_minute, presence
from stormcone.store.database import Database
from stormcone.store.erasing import WORDLESS, erase_posts, is_own_elsewhere
from stormcone.store.mentions import SAVE_LOCK
from stormcone.store.pseudonyms import read_pseudonyms
from stormcone.store.quotes import message_without, unquote
from stormcone.store.sealed import erase_old_seals
from stormcone.store.tables import brand_minute, evidence, incident, mention, notice, post_minute, stream_step
from stormcone.store.watching_tables import used_link

_STEP: Final = timedelta(days=7)  # of sums that go in one transaction: some 10,000 rows a brand
_WITHOUT_QUOTES = '%"replies":[]%'
# What goes with the sums, by brand and time; each has an index that begins so.
_OF_BRAND: tuple[tuple[Column[Any], Column[Any]], ...] = (
    (brand_minute.c.brand, brand_minute.c.minute),
    (post_minute.c.brand, post_minute.c.minute),
    (platform_minute.c.brand, platform_minute.c.minute),
    (stream_step.c.brand, stream_step.c.at),
    (engagement.c.brand, engagement.c.seen_at),
)


class RetentionStore:
    """Erases and deletes what is old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase_words(self, *, before: datetime, at: datetime, limit: int) -> int:
        """Erase the words of strangers collected before an instant, oldest first; their authors become pseudonyms.

        Returns: how many mentions; fewer than `limit` means that all is done.
        """
        with self._database.write() as connection:
            self._database.wait_for_turn(connection, SAVE_LOCK)
            found = connection.execute(
                select(mention.c.seq, mention.c.platform, mention.c.author)
                .where(mention.c.erased_at.is_(None), ~mention.c.is_own_post, mention.c.seen_at < before)
                .order_by(mention.c.seen_at)
                .limit(limit)
            ).all()
            if found:
                names = read_pseudonyms(connection)
                connection.execute(
                    update(mention)
                    .where(mention.c.seq == bindparam("number"))
                    .values(**(WORDLESS | {"author": bindparam("pseudonym"), "erased_at": at})),
                    [
                        {"number": row.seq, "pseudonym": names.of(row.platform, row.author) if row.author else None}
                        for row in found
                    ],
                )
            return len(found)

    def erase_quotes(self, *, before: datetime, limit: int) -> int:
        """Erase what messages written before an instant quote, and the texts that accounts of the brands liked then.

        Returns: how many rows; fewer than `limit` means that all is done.
        """
        quoting = (
            select(notice.c.key, notice.c.message_json)
            .where(
                notice.c.created_at < before,
                notice.c.message_json.like('%"replies":%'),
                notice.c.message_json.not_like(_WITHOUT_QUOTES),
            )
            .limit(limit)
        )
        liked = update(own_like).where(own_like.c.liked_at < before, own_like.c.text != "").values(text="")
        with self._database.write() as connection:
            found = connection.execute(quoting).all()
            for row in found:
                cleaned = message_without(row.message_json, (), drops_replies=True)
                connection.execute(update(notice).where(notice.c.key == row.key).values(message_json=cleaned))
            return len(found) + connection.execute(liked).rowcount

    def erase_evidence(self, *, before: datetime, limit: int) -> int:
        """Erase the words of strangers in evidence captured before an instant, and their names in its incidents.

        Returns: how many pieces; fewer than `limit` means that all is done.
        """
        old = (
            evidence.c.captured_at < before,
            or_(evidence.c.text != "", evidence.c.author.is_not(None)),
            ~is_own_elsewhere(),
        )
        key = (evidence.c.incident_id, evidence.c.platform, evidence.c.mention_id)
        with self._database.write() as connection:
            found = connection.execute(select(*key, evidence.c.author).where(*old).limit(limit)).all()
            names: dict[int, set[str]] = {}
            for row in found:
                names.setdefault(row.incident_id, set()).update([row.author] if row.author else [])
                connection.execute(
                    update(evidence)
                    .where(*(column == row._mapping[column] for column in key))  # noqa: SLF001 - public by name only
                    .values(text="", author=None, url=None)
                )
            unquote(connection, quoted=names.keys(), names=names)
            erase_old_seals(connection, before=before)
            return len(found)

    def erase_deleted(self, *, at: datetime, limit: int) -> int:
        """Erase the words of posts that an older Stormcone found deleted and kept. Returns: how many posts."""
        kept = (
            select(mention.c.platform, mention.c.id)
            .join(
                deletion,
                (deletion.c.platform == mention.c.platform)
                & (deletion.c.id == mention.c.id)
                & (deletion.c.brand == mention.c.brand),
            )
            .where(mention.c.erased_at.is_(None), mention.c.is_own_post.is_(False))
            .limit(limit)
        )
        with self._database.write() as connection:
            self._database.wait_for_turn(connection, SAVE_LOCK)
            places = [(row.platform, row.id) for row in connection.execute(kept)]
            erase_posts(connection, places, at=at)
            return len(places)

    def drop_sums(self, brand: str, *, before: datetime) -> bool:
        """Delete a stretch of a brand's oldest minutes, steps and looks before an instant, and mentions of then.

        Returns: True while there is more.
        """
        with self._database.write() as connection:
            self._database.wait_for_turn(connection, SAVE_LOCK)
            is_more = [_drop(connection, brand, before, *columns) for columns in _OF_BRAND]
            strangers = mention.c.is_own_post.is_(False)
            is_more.append(_drop(connection, brand, before, mention.c.brand, mention.c.posted_at, strangers))
            return any(is_more)

    def drop_rest(self, *, before: datetime) -> int:
        """Delete deletions, misses, likes, gaps and used links from before an instant, but of own posts.

        A used link is kept for as long as it might be followed again. Returns: how many rows.
        """
        own = select(mention.c.id).where(
            mention.c.platform == deletion.c.platform, mention.c.id == deletion.c.id, mention.c.is_own_post.is_(True)
        )
        with self._database.write() as connection:
            statements = (
                delete(deletion).where(deletion.c.seen_at < before, ~own.exists()),
                delete(presence).where(presence.c.checked_at < before),
                delete(own_like).where(own_like.c.liked_at < before),
                delete(gap).where(gap.c.ended_at < before),
                delete(used_link).where(used_link.c.used_at < before - LONGEST_LINK),
            )
            return sum(connection.execute(statement).rowcount for statement in statements)

    def brands_with_sums(self) -> Sequence[str]:
        """Return the brands of which anything is stored."""
        with self._database.read() as connection:
            by_minute = connection.execute(select(brand_minute.c.brand).distinct()).scalars()
            return sorted({*by_minute, *connection.execute(select(incident.c.brand).distinct()).scalars()})


def _drop(
    connection: Connection,
    brand: str,
    before: datetime,
    of_brand: Column[Any],
    at: Column[Any],
    *conditions: Any,  # noqa: ANN401 - SQL
) -> bool:
    """Delete a week of old rows of one table. Returns: True while there are older ones."""
    oldest = connection.execute(select(func.min(at)).where(of_brand == brand, *conditions)).scalar_one()
    if oldest is None or oldest >= before:
        return False
    until = min(before, oldest + _STEP)
    connection.execute(delete(at.table).where(of_brand == brand, at < until, *conditions))
    return bool(until < before)
