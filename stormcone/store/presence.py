"""Is a post still there? Counts misses, decides when a post is deleted, and has strangers' words erased then.

Part of saving a batch, inside its transaction. One miss proves nothing; and where much is missing at once the platform
is doubted rather than the posts, so that an outage deletes nothing. Never asks a platform itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, or_, select, update

from stormcone.models import Check, Deletion, Mention, Place
from stormcone.store.collecting_tables import deletion, presence
from stormcone.store.erasing import by_platform, erase_posts
from stormcone.store.tables import mention
from stormcone.store.upserts import insert_new, insert_or_replace

MISSES_NEEDED: Final = 2  # in a row, until a post is called deleted
MISSES_NEEDED_IN_DOUBT: Final = 6  # where one of them was among too many at once: an hour and a half of looking
_MANY_CHECKS: Final = 10  # with fewer, a large share may be chance
_MANY_MISSING: Final = 0.2  # share of a batch; a platform in trouble is likelier than so many deletions at once

_Key = tuple[str, str, str]  # platform, id, brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What became of a batch's checks: posts looked up, of those missing, and now called deleted.

    is_doubted: so many were missing at once that each needs six misses; the platform may be in trouble.
    """

    checked: int = 0
    missing: int = 0
    deleted: int = 0
    is_doubted: bool = False


NOT_LOOKED: Final = Looked()


def look(connection: Connection, checks: Iterable[Check]) -> Looked:
    """Count found and missing posts, and record those as deleted that were missed often enough."""
    newest: dict[_Key, Check] = {}
    for check in checks:
        key = (check.platform, check.id, check.brand)
        if key not in newest or check.is_there or not newest[key].is_there:
            newest[key] = check
    if not newest:
        return NOT_LOOKED
    missing = [check for check in newest.values() if not check.is_there]
    is_doubted = len(newest) >= _MANY_CHECKS and len(missing) > _MANY_MISSING * len(newest)
    _note_looked(connection, list(newest.values()))
    gone = _count_misses(connection, missing, is_doubted=is_doubted)
    record_deletions(connection, gone)
    return Looked(checked=len(newest), missing=len(missing), deleted=len(gone), is_doubted=is_doubted)


def record_deletions(connection: Connection, gone: Sequence[Deletion]) -> int:
    """Record posts as deleted and erase what strangers said in them.

    Args: gone: certain deletions. A post is gone for every brand it mentions; one that is not stored is remembered, so
        that its words are not kept when they arrive late, unless it comes from a stream of anybody's deletions.
    Returns: how many of `gone` were news.
    """
    first: dict[Place, Deletion] = {}
    for each in gone:
        first.setdefault((each.platform, each.id), each)
    stored, recorded = _stored_brands(connection, first), _recorded(connection, first)
    news: dict[_Key, datetime] = {}
    for (platform, identifier), certain in first.items():
        for brand in stored.get((platform, identifier), [] if certain.is_of_anybody else [certain.brand]):
            if brand not in recorded.get((platform, identifier), {}):
                news[platform, identifier, brand] = certain.seen_at
    _record(connection, news)
    if news:
        erase_posts(connection, {key[:2] for key in news}, at=max(news.values()))
    return len({(each.platform, each.id, each.brand) for each in gone} & set(news))


def erase_late(connection: Connection, saved: Iterable[Mention]) -> set[Place]:
    """Erase what was just stored of posts that are known to be deleted, and record them as deleted for its brands.

    Returns: platform and id of those posts.
    """
    arrived = [(each.platform, each.id, each.brand) for each in saved]
    recorded = _recorded(connection, {key[:2] for key in arrived})
    gone = {key[:2] for key in arrived if key[:2] in recorded}
    if gone:
        news = {
            key: min(recorded[key[:2]].values())
            for key in arrived
            if key[:2] in gone and key[2] not in recorded[key[:2]]
        }
        _record(connection, news)
        erase_posts(connection, gone, at=max(at for place in gone for at in recorded[place].values()))
    return gone


def _stored_brands(connection: Connection, places: Iterable[Place]) -> dict[Place, list[str]]:
    found: dict[Place, list[str]] = {}
    for platform, ids in by_platform(places):
        query = select(mention.c.id, mention.c.brand).where(mention.c.platform == platform, mention.c.id.in_(ids))
        for row in connection.execute(query):
            found.setdefault((platform, row.id), []).append(row.brand)
    return found


def _recorded(connection: Connection, places: Iterable[Place]) -> dict[Place, dict[str, datetime]]:
    """Return, for the posts among `places` that are known to be deleted: for which brands, and since when."""
    found: dict[Place, dict[str, datetime]] = {}
    for platform, ids in by_platform(places):
        for row in connection.execute(
            select(deletion.c.id, deletion.c.brand, deletion.c.seen_at).where(
                deletion.c.platform == platform, deletion.c.id.in_(ids)
            )
        ):
            found.setdefault((platform, row.id), {})[row.brand] = row.seen_at
    return found


def _record(connection: Connection, news: Mapping[_Key, datetime]) -> None:
    insert_new(
        connection,
        deletion,
        [
            {"platform": platform, "id": identifier, "brand": brand, "seen_at": seen_at}
            for (platform, identifier, brand), seen_at in news.items()
        ],
    )
    _forget_misses(connection, list(news))


def _note_looked(connection: Connection, looked: Sequence[Check]) -> None:
    seen = (
        update(mention)
        .where(_is(mention), or_(mention.c.checked_at.is_(None), mention.c.checked_at < bindparam("looked_at")))
        .values(checked_at=bindparam("looked_at"))
    )
    connection.execute(
        seen, [_names((each.platform, each.id, each.brand)) | {"looked_at": each.seen_at} for each in looked]
    )
    _forget_misses(connection, [(each.platform, each.id, each.brand) for each in looked if each.is_there])


def _count_misses(connection: Connection, missing: Sequence[Check], *, is_doubted: bool) -> list[Deletion]:
    """Count one more miss of each post that is stored and not deleted. Returns: which of them are deleted now."""
    gone: list[Deletion] = []
    counted: list[dict[str, object]] = []
    before = _before(connection, missing)
    for check in missing:
        key = (check.platform, check.id, check.brand)
        if key not in before:
            continue
        last_at, misses, was_doubted = before[key]
        if last_at is not None and check.seen_at <= last_at:  # the same answer again
            continue
        doubtful = is_doubted or was_doubted
        if misses + 1 >= (MISSES_NEEDED_IN_DOUBT if doubtful else MISSES_NEEDED):
            gone.append(Deletion(platform=check.platform, id=check.id, brand=check.brand, seen_at=check.seen_at))
        else:
            told = {"checked_at": check.seen_at, "misses": misses + 1, "is_doubtful": doubtful}
            counted.append({"platform": check.platform, "id": check.id, "brand": check.brand, **told})
    insert_or_replace(connection, presence, counted)
    return gone


def _before(connection: Connection, missing: Sequence[Check]) -> dict[_Key, tuple[datetime | None, int, bool]]:
    """Return, for those posts among `missing` that are stored and not deleted: last miss, misses, whether in doubt."""
    found = {}
    for platform, ids in by_platform((check.platform, check.id) for check in missing):
        query = (
            select(mention.c.id, mention.c.brand, presence.c.checked_at, presence.c.misses, presence.c.is_doubtful)
            .outerjoin(presence, _same(presence))
            .outerjoin(deletion, _same(deletion))
            .where(mention.c.platform == platform, mention.c.id.in_(ids), deletion.c.id.is_(None))
        )
        for row in connection.execute(query):
            found[platform, row.id, row.brand] = (row.checked_at, row.misses or 0, bool(row.is_doubtful))
    return found


def _forget_misses(connection: Connection, keys: Sequence[_Key]) -> None:
    if keys:
        connection.execute(delete(presence).where(_is(presence)), [_names(key) for key in keys])


def _is(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.platform == bindparam("of_platform"),
        table.c.id == bindparam("of_id"),
        table.c.brand == bindparam("of_brand"),
    )


def _same(table: Table) -> ColumnElement[bool]:
    return and_(table.c.platform == mention.c.platform, table.c.id == mention.c.id, table.c.brand == mention.c.brand)


def _names(key: _Key) -> dict[str, object]:
    return dict(zip(("of_platform", "of_id", "of_brand"), key, strict=True))
