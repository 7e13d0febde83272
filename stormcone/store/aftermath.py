"""What is stored around an incident's answer: when somebody was told, what the brand posted, who was hostile when.

Read by the look back at an incident, through the indexes by brand and time, by thread, and of own posts. Never
measures, never writes.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from stormcone.models import HOSTILE, Incident, Mention, NoticeState, Place, ScoredMention
from stormcone.models.effects import Said
from stormcone.store import rows
from stormcone.store.collecting_tables import deletion
from stormcone.store.database import Database
from stormcone.store.tables import mention, notice

_MOST: Final = 100_000  # mentions of some hours
_STREAM_ROWS: Final = 2_000
_OWN: Final = mention.c.is_own_post  # as it stands: so both databases see that the index of own posts fits


class AftermathStore:
    """What came after an incident opened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def notified_at(self, incident_id: int) -> datetime | None:
        """Return when the first notice of an incident had arrived, by itself or in a message for several."""
        bundle = notice.alias("bundle")
        sent = NoticeState.SENT.value
        query = (
            select(func.min(notice.c.sent_at), func.min(bundle.c.sent_at))
            .select_from(notice.outerjoin(bundle, and_(bundle.c.key == notice.c.bundled_into, bundle.c.state == sent)))
            .where(notice.c.incident_id == incident_id, or_(notice.c.state == sent, bundle.c.key.is_not(None)))
        )
        with self._database.read() as connection:
            alone, bundled = connection.execute(query).one()
        return min((each for each in (alone, bundled) if each is not None), default=None)

    def first_answer_below(self, incident: Incident, *, until: datetime) -> Mention | None:
        """Return the first own post in the incident's thread after it opened; None too where no own post carries it."""
        if incident.post is None:
            return None
        return self._first_own(incident.brand, incident.opened_at, until, _in_thread(incident.post))

    def first_answer(self, incident: Incident, *, until: datetime) -> Mention | None:
        """Return the first own post after it opened that answers nobody, or answers in the incident's thread.

        In an incident without an own post an answer to anybody counts: it may be anywhere.
        """
        fits: ColumnElement[bool] | None = None
        if incident.post is not None:
            fits = or_(mention.c.parent_id.is_(None), _in_thread(incident.post))
        return self._first_own(incident.brand, incident.opened_at, until, fits)

    def own_post(self, brand: str, identifier: str, *, platform: str | None = None) -> Mention | None:
        """Return the own post of a brand by its id; on any platform where none is named, the newest of them."""
        query = select(mention).where(mention.c.brand == brand, _OWN, mention.c.id == identifier)
        if platform is not None:
            query = query.where(mention.c.platform == platform)
        with self._database.read() as connection:
            row = connection.execute(query.order_by(mention.c.posted_at.desc()).limit(1)).one_or_none()
        return None if row is None else rows.to_scored(row).mention

    def has_own_posts(self, brand: str) -> bool:
        """Tell whether any own post of a brand is stored."""
        query = select(mention.c.seq).where(mention.c.brand == brand, _OWN).limit(1)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def hostile_times(
        self, brand: str, *, since: datetime, until: datetime, thread: Place | None = None
    ) -> tuple[datetime, ...]:
        """Return when hostile mentions in [since, until) were posted, copies left out: of a thread, or of the brand."""
        query = (
            select(mention.c.posted_at)
            .where(_others(brand, since, until, thread), mention.c.hostility >= HOSTILE, mention.c.is_copy.is_(False))
            .order_by(mention.c.posted_at)
            .limit(_MOST)
        )
        with self._database.read() as connection:
            return tuple(connection.execute(query).scalars())

    def mentions(
        self, brand: str, *, since: datetime, until: datetime, thread: Place | None = None
    ) -> tuple[ScoredMention, ...]:
        """Return the mentions in [since, until), oldest first: those of a thread, or all of the brand."""
        query = (
            select(mention)
            .where(_others(brand, since, until, thread))
            .order_by(mention.c.posted_at, mention.c.seq)
            .limit(_MOST)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_scored, connection.execute(query)))

    def said(self, brand: str, *, since: datetime, until: datetime) -> Iterator[Said]:
        """Stream what was said about a brand in [since, until), copies too, oldest first."""
        query = (
            select(mention.c.posted_at, mention.c.text)
            .where(_others(brand, since, until, None))
            .order_by(mention.c.posted_at, mention.c.seq)
            .limit(_MOST)
        )
        with self._database.read() as connection:
            streamed = connection.execution_options(yield_per=_STREAM_ROWS)
            for row in streamed.execute(query):
                yield Said(at=row.posted_at, text=row.text)

    def gone_at(self, brand: str, post: Place) -> datetime | None:
        """Return when an own post was seen to be gone, None where it was not."""
        query = select(deletion.c.seen_at).where(
            deletion.c.platform == post[0], deletion.c.id == post[1], deletion.c.brand == brand
        )
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def _first_own(
        self, brand: str, since: datetime, until: datetime, fits: ColumnElement[bool] | None
    ) -> Mention | None:
        query = select(mention).where(
            mention.c.brand == brand, _OWN, mention.c.posted_at > since, mention.c.posted_at < until
        )
        if fits is not None:
            query = query.where(fits)
        with self._database.read() as connection:
            row = connection.execute(query.order_by(mention.c.posted_at, mention.c.seq).limit(1)).one_or_none()
        return None if row is None else rows.to_scored(row).mention


def _in_thread(post: Place) -> ColumnElement[bool]:
    platform, identifier = post
    return and_(mention.c.platform == platform, or_(mention.c.root_id == identifier, mention.c.parent_id == identifier))


def _others(brand: str, since: datetime, until: datetime, thread: Place | None) -> ColumnElement[bool]:
    found = and_(
        mention.c.brand == brand,
        mention.c.posted_at >= since,
        mention.c.posted_at < until,
        mention.c.is_own_post.is_(False),
    )
    if thread is None:
        return found
    return and_(found, mention.c.platform == thread[0], mention.c.root_id == thread[1])
