"""Seals evidence: reads what is there, writes it once with its hashes, and reads it back.

Inside the transaction of the change that makes it necessary, so that nothing can go in between. Never updates a record;
erasing takes the words of strangers out of a piece and leaves its hash.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from stormcone.errors import UsageError
from stormcone.journal import iso
from stormcone.models.sealed import ItemSort, SealedItem, SealedRecord, SealedWhy
from stormcone.sealing import canonical, record_hash, sha256_of
from stormcone.store.collecting_tables import engagement, own_like
from stormcone.store.database import Database
from stormcone.store.record_tables import sealed_bundle, sealed_item, sealed_record
from stormcone.store.tables import brand_minute, incident, mention, post_minute

_MOST_REPLIES: Final = 500  # the loudest; the counts say how many there were
_BEFORE: Final = timedelta(hours=24)
_STREAM_BEFORE: Final = timedelta(minutes=90)  # of a storm that no own post carries
_INCIDENT: Final = frozenset(
    {
        *("id", "brand", "post_platform", "post_id", "state", "level", "kind", "severity", "headline", "opened_at"),
        *("updated_at", "peak_velocity_per_minute", "acknowledged_by", "acknowledged_at", "reopened_count"),
    }
)
_IS_STRANGERS: Final = sealed_item.c.sort.in_([ItemSort.REPLY.value, ItemSort.OWN_LIKE.value])
_UNSAID: Final = {"seq", "scorer", "checked_at", "voice", "thread_voice", "thread_against"}


class SealStore:
    """Evidence under seal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seal(self, incident_id: int, *, at: datetime, why: SealedWhy) -> SealedRecord:
        """Keep what is there now. Raises: UsageError: there is no such incident. StoreError: it was not kept."""
        with self._database.write() as connection:
            return seal(connection, incident_id, at=at, why=why)

    def records(self, incident_id: int) -> tuple[SealedRecord, ...]:
        """Return the records of an incident, oldest first."""
        with self._database.read() as connection:
            found = connection.execute(
                select(sealed_record).where(sealed_record.c.incident_id == incident_id).order_by(sealed_record.c.number)
            ).all()
            return tuple(_record(row, _items(connection, row.seq)) for row in found)

    def note_bundle(self, sha256: str, incident_id: int, *, at: datetime) -> None:
        """Remember the seal of a bundle that is handed out, so that it can be told from a forged one."""
        with self._database.write() as connection:
            connection.execute(sealed_bundle.insert(), {"sha256": sha256, "incident_id": incident_id, "made_at": at})

    def knows_bundle(self, sha256: str) -> bool:
        """Tell whether a bundle with this seal was made from this database."""
        with self._database.read() as connection:
            found = connection.execute(select(sealed_bundle.c.sha256).where(sealed_bundle.c.sha256 == sha256))
            return found.first() is not None


def seal(connection: Connection, incident_id: int, *, at: datetime, why: SealedWhy) -> SealedRecord:
    """Keep what is there now, inside a transaction."""
    last = connection.execute(
        select(sealed_record.c.number, sealed_record.c.sha256)
        .where(sealed_record.c.incident_id == incident_id)
        .order_by(sealed_record.c.number.desc())
        .limit(1)
    ).first()
    pieces = list(_pieces(connection, incident_id, at))
    record = SealedRecord(
        incident_id=incident_id,
        number=last.number + 1 if last else 1,
        at=at,
        why=why,
        previous=last.sha256 if last else None,
        sha256="",
        items=tuple(item for item, _ in pieces),
    )
    record = replace(record, sha256=record_hash(record))
    seq = connection.execute(
        sealed_record.insert().returning(sealed_record.c.seq),
        {
            "incident_id": incident_id,
            "number": record.number,
            "at": at,
            "why": why.value,
            "previous": record.previous,
            "sha256": record.sha256,
        },
    ).scalar_one()
    if pieces:
        connection.execute(sealed_item.insert(), [_row(seq, n, item, who) for n, (item, who) in enumerate(pieces, 1)])
    return record


def erase_sealed(connection: Connection, platform: str, ids: Collection[str], at: datetime) -> int:
    """Take the words of strangers' posts out of sealed evidence; hashes stay. Returns: how many pieces."""
    gone = (
        update(sealed_item)
        .where(
            sealed_item.c.platform == platform,
            sealed_item.c.id.in_(ids),
            _IS_STRANGERS,
            sealed_item.c.content.is_not(None),
        )
        .values(content=None, author=None, erased_at=at)
    )
    return connection.execute(gone).rowcount


def erase_old_seals(connection: Connection, *, before: datetime) -> int:
    """Take the words of strangers out of what was sealed before an instant: their time is over, nobody asked.

    Returns: how many pieces.
    """
    old = select(sealed_record.c.seq).where(sealed_record.c.at < before)
    gone = (
        update(sealed_item)
        .where(sealed_item.c.record_seq.in_(old), _IS_STRANGERS, sealed_item.c.content.is_not(None))
        .values(content=None, author=None)
    )
    return connection.execute(gone).rowcount


def _pieces(connection: Connection, incident_id: int, at: datetime) -> Iterator[tuple[SealedItem, str | None]]:
    """Yield each piece with its author, who is asked about when somebody wants to be forgotten."""
    row = connection.execute(select(incident).where(incident.c.id == incident_id)).one_or_none()
    if row is None:
        raise UsageError(f"incident {incident_id}: there is none; `stormcone export --what incidents` lists them")
    about = {key: _plain(value) for key, value in row._mapping.items() if key in _INCIDENT}  # noqa: SLF001 - public by name only
    yield _item(ItemSort.INCIDENT, about), None
    post = (row.post_platform, row.post_id) if row.post_id else None
    spoken = [mention.c.brand == row.brand]
    if post is None:
        spoken += [mention.c.posted_at > at - _STREAM_BEFORE, mention.c.posted_at <= at]
    else:
        own = select(mention).where(*spoken, mention.c.platform == post[0], mention.c.id == post[1])
        for each in connection.execute(own):
            yield _mention(ItemSort.OWN_POST, each), None
        spoken += [mention.c.root_id == post[1], mention.c.platform == post[0]]
    yield _item(ItemSort.COUNTS, _counts(connection, row.brand, post, spoken, at)), None
    loudest = (mention.c.against.desc(), func.coalesce(mention.c.author_followers, 0).desc(), mention.c.posted_at)
    said = select(mention).where(*spoken, mention.c.is_own_post.is_(False), mention.c.erased_at.is_(None))
    for each in connection.execute(said.order_by(*loudest).limit(_MOST_REPLIES)):
        yield _mention(ItemSort.REPLY, each), each.author
    liked = select(own_like).where(own_like.c.brand == row.brand, own_like.c.liked_at > at - _BEFORE)
    for each in connection.execute(liked):
        content = {key: _plain(value) for key, value in each._mapping.items()}  # noqa: SLF001 - public by name only
        yield _item(ItemSort.OWN_LIKE, content, platform=each.platform, identifier=each.id), None


def _counts(
    connection: Connection, brand: str, post: tuple[str, str] | None, spoken: list[Any], at: datetime
) -> dict[str, Any]:
    """Return how much was said: engagement as it was seen, minutes of the last day, and the number of replies."""
    minutes = select(brand_minute.c.minute, brand_minute.c.mentions, brand_minute.c.against).where(
        brand_minute.c.brand == brand
    )
    column, seen = brand_minute.c.minute, []
    if post is not None:
        minutes = select(post_minute.c.minute, post_minute.c.replies.label("mentions"), post_minute.c.against).where(
            post_minute.c.brand == brand, post_minute.c.platform == post[0], post_minute.c.post_id == post[1]
        )
        column = post_minute.c.minute
        snapshots = select(engagement).where(
            engagement.c.platform == post[0], engagement.c.post_id == post[1], engagement.c.brand == brand
        )
        seen = [
            {"at": iso(each.seen_at), "likes": each.likes, "reposts": each.reposts, "replies": each.replies}
            for each in connection.execute(snapshots.order_by(engagement.c.seen_at.desc()).limit(_MOST_REPLIES))
        ]
    total = connection.execute(select(func.count()).select_from(mention).where(*spoken)).scalar_one()
    rows = connection.execute(minutes.where(column > at - _BEFORE).order_by(column))
    return {
        "replies": total,
        "engagement": seen,
        "minutes": [[iso(each.minute), each.mentions, round(each.against, 3)] for each in rows],
    }


def _mention(sort: ItemSort, row: Any) -> SealedItem:  # noqa: ANN401 - a row of whatever query
    content = {key: _plain(value) for key, value in row._mapping.items() if key not in _UNSAID}  # noqa: SLF001 - public by name only
    return _item(sort, content, platform=row.platform, identifier=row.id)


def _item(
    sort: ItemSort, content: Mapping[str, Any], *, platform: str | None = None, identifier: str | None = None
) -> SealedItem:
    # The salt keeps a short text from being guessed back from its hash after it was erased.
    text = canonical({**content, "salt": secrets.token_hex(16)})
    return SealedItem(sort=sort, sha256=sha256_of(text), content=text, platform=platform, id=identifier)


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, datetime) else value


def _row(seq: int, position: int, item: SealedItem, author: str | None) -> dict[str, Any]:
    return {
        "record_seq": seq,
        "position": position,
        "sort": item.sort.value,
        "platform": item.platform,
        "id": item.id,
        "author": author,
        "content": item.content,
        "sha256": item.sha256,
        "erased_at": None,
    }


def _items(connection: Connection, seq: int) -> tuple[SealedItem, ...]:
    query = select(sealed_item).where(sealed_item.c.record_seq == seq).order_by(sealed_item.c.position)
    return tuple(
        SealedItem(
            sort=ItemSort(row.sort),
            sha256=row.sha256,
            content=row.content,
            platform=row.platform,
            id=row.id,
            erased_at=row.erased_at,
        )
        for row in connection.execute(query)
    )


def _record(row: Any, items: tuple[SealedItem, ...]) -> SealedRecord:  # noqa: ANN401 - a row of whatever query
    return SealedRecord(
        incident_id=row.incident_id,
        number=row.number,
        at=row.at,
        why=SealedWhy(row.why),
        previous=row.previous,
        sha256=row.sha256,
        items=items,
    )
