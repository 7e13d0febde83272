"""What is stored of a brand's week for its complaints: what was said against it, and what the brand answered.

Read by the look back at complaints, through the indexes by brand and time and the one of own posts. Never judges what
a complaint is, never writes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from stormcone.models import HOSTILE, Mention, Place, ScoredMention
from stormcone.models.complaints import AnsweringAccount
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.erasing import by_platform
from stormcone.store.tables import mention

MOST_AGAINST: Final = 50_000  # texts of a week that are read; about 2 kB each in memory
_MOST_ANSWERS: Final = 50_000
_LEVELS: Final = 12  # answers of answers that are looked up


class ComplaintStore:
    """What a brand's customers said against it, and the brand's own answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def against(
        self, brand: str, *, since: datetime, until: datetime, limit: int = MOST_AGAINST
    ) -> tuple[ScoredMention, ...]:
        """Return mentions in [since, until) that read negative or hostile, copies among them, oldest first."""
        query = (
            select(mention)
            .where(
                mention.c.brand == brand,
                mention.c.posted_at >= since,
                mention.c.posted_at < until,
                mention.c.is_own_post.is_(False),
                or_(mention.c.p_negative >= HOSTILE, mention.c.hostility >= HOSTILE),
            )
            .order_by(mention.c.posted_at, mention.c.seq)
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_scored, connection.execute(query)))

    def answers(self, brand: str, *, since: datetime, until: datetime) -> tuple[Mention, ...]:
        """Return own posts in [since, until) that answer something, oldest first."""
        query = (
            select(mention)
            .where(_answers(brand, since, until))
            .order_by(mention.c.posted_at, mention.c.seq)
            .limit(_MOST_ANSWERS)
        )
        with self._database.read() as connection:
            return tuple(rows.to_scored(row).mention for row in connection.execute(query))

    def seen_answering(self, brand: str, *, since: datetime, until: datetime) -> tuple[AnsweringAccount, ...]:
        """Return the accounts of the brand whose answers to others in [since, until) are stored.

        An account that only goes on below its own posts shows nothing of what it answers to others.
        """
        above = mention.alias("above")
        is_own_thread = exists().where(
            above.c.platform == mention.c.platform,
            above.c.id == mention.c.parent_id,
            above.c.brand == mention.c.brand,
            above.c.is_own_post.is_(True),
        )
        handle = func.coalesce(mention.c.account, mention.c.author)
        query = (
            select(mention.c.platform, handle.label("handle"))
            .where(_answers(brand, since, until), ~is_own_thread)
            .distinct()
            .order_by(mention.c.platform, handle)
        )
        with self._database.read() as connection:
            return tuple(
                AnsweringAccount(platform=row.platform, handle=row.handle) for row in connection.execute(query)
            )

    def above(self, brand: str, mentions: Iterable[Mention]) -> tuple[ScoredMention, ...]:
        """Return what some mentions answer, what that answers, and so on; what is not stored is left out."""
        known: dict[Place, ScoredMention] = {}
        asked: set[Place] = set()
        wanted = _higher(mentions)
        with self._database.read() as connection:
            for _ in range(_LEVELS):
                wanted -= asked
                if not wanted:
                    break
                asked |= wanted
                found: list[ScoredMention] = []
                for platform, ids in by_platform(sorted(wanted)):
                    query = select(mention).where(
                        mention.c.platform == platform, mention.c.id.in_(ids), mention.c.brand == brand
                    )
                    found += map(rows.to_scored, connection.execute(query))
                known.update({(each.mention.platform, each.mention.id): each for each in found})
                wanted = _higher(each.mention for each in found)
        return tuple(known.values())


def _higher(mentions: Iterable[Mention]) -> set[Place]:
    return {
        (each.platform, identifier)
        for each in mentions
        for identifier in (each.parent_id, each.root_id)
        if identifier is not None and identifier != each.id
    }


def _answers(brand: str, since: datetime, until: datetime) -> ColumnElement[bool]:
    # `is_own_post` as it stands, not compared with anything: so both databases see that the index of own posts fits.
    return and_(
        mention.c.brand == brand,
        mention.c.posted_at >= since,
        mention.c.posted_at < until,
        mention.c.is_own_post,
        mention.c.parent_id.is_not(None),
    )
