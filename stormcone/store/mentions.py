"""Keeps mentions: a batch, its rollups and its cursor in one transaction, each mention once.

Called by the pipeline after scoring. What else a batch brings has a file for each idea (presence, edits, gaps, volumes,
spending); here they become one transaction. Never scores, never judges, never deletes a mention's row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Table, select, tuple_, update

from stormcone.errors import StoreError
from stormcone.models import Batch, Edit, Mention, ScoredMention
from stormcone.store import rows
from stormcone.store.collecting_tables import engagement, gap, own_like
from stormcone.store.database import Database
from stormcone.store.edits import EditedMention, apply_edits, find_changed
from stormcone.store.gaps import fill_gaps
from stormcone.store.presence import NOT_LOOKED, Looked, erase_late, look, record_deletions
from stormcone.store.rollups import add_rollups
from stormcone.store.spending import settle
from stormcone.store.tables import mention, revision, source
from stormcone.store.upserts import Row, insert_new
from stormcone.store.volumes import add_volumes

MentionKey = tuple[str, str, str]  # platform, id, brand

_LOOKUP_SIZE = 500  # ids asked in one query: well below both databases' limit of parameters
SAVE_LOCK = 7_366_002  # any fixed number: writers of the same mentions in another order would wait for each other
_RACES = 3  # a second process may store the same mentions between our look and our write; look again


class _LostRace(Exception):
    """Somebody else stored some of the batch first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorMove:
    """Advance a source's cursor from the version it was read at; a newer version means somebody else polled.

    polled_at: when it was answered: what the batch cost is then settled for that UTC day, and gaps count as filled from
    then on. None: what it cost is settled by somebody else.
    """

    source: str
    cursor: str | None
    expected_version: int
    polled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was new in the store: the mentions, and how many of the other rows of the batch.

    edited: stored mentions that say something else now. looked: what became of the checks. cost_usd: what was settled.
    """

    mentions: tuple[ScoredMention, ...]
    companions: int
    edited: int = 0
    looked: Looked = NOT_LOOKED
    cost_usd: float = 0.0


class MentionStore:
    """Mentions and what belongs to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known_keys(self, mentions: Sequence[Mention]) -> set[MentionKey]:
        """Return the keys among `mentions` that are stored already."""
        if not mentions:
            return set()
        with self._database.read() as connection:
            return _known(connection, mentions)

    def changed_by(self, edits: Sequence[Edit]) -> tuple[EditedMention, ...]:
        """Return the stored mentions whose text these edits really change, with the new text and the old scores."""
        if not edits:
            return ()
        with self._database.read() as connection:
            return find_changed(connection, edits)

    def save(
        self,
        scored: Sequence[ScoredMention],
        batch: Batch,
        *,
        move: CursorMove | None = None,
        edited: Sequence[EditedMention] = (),
    ) -> Saved:
        """Store a batch with its rollups, its cursor and what it cost in one transaction.

        Args: scored: the mentions of the batch that were not known, with scores and votes. batch: everything else
            it brought. move: the cursor of the source that was polled, None for an import. edited: what `changed_by`
            said of the batch's edits, scored again.
        Returns: what is new in the store; fewer mentions than `scored` where another process was faster.
        Raises: StoreError: the cursor was moved by another watcher, or the database cannot be written.
        """
        fresh = _each_once(scored)
        for _ in range(_RACES):
            try:
                with self._database.write() as connection:
                    self._database.wait_for_turn(connection, SAVE_LOCK)
                    if insert_new(connection, mention, map(rows.of_scored, fresh)) < len(fresh):
                        raise _LostRace
                    add_rollups(connection, fresh)
                    fresh = _without_gone(connection, fresh)
                    return _save_rest(connection, fresh, batch, move, edited)
            except _LostRace:  # the transaction is rolled back; keep what is still new and try again
                known = self.known_keys([each.mention for each in fresh])
                fresh = tuple(each for each in fresh if _key(each.mention) not in known)
        raise StoreError(f"{self._database.place}: the same mentions were stored by another process again and again")

    def note_rewritten_history(self) -> None:
        """Tell running watchers that history changed behind their back (import, rescore)."""
        with self._database.write() as connection:
            connection.execute(update(revision).values(history=revision.c.history + 1))

    def history_revision(self) -> int:
        """Return a number that grows whenever history was rewritten."""
        with self._database.read() as connection:
            return int(connection.execute(select(revision.c.history)).scalar_one())


def _each_once(scored: Sequence[ScoredMention]) -> tuple[ScoredMention, ...]:
    """Return the first of each key: a platform's pages overlap."""
    first: dict[MentionKey, ScoredMention] = {}
    for each in scored:
        first.setdefault(_key(each.mention), each)
    return tuple(first.values())


def _key(each: Mention) -> MentionKey:
    return each.platform, each.id, each.brand


def _without_gone(connection: Connection, saved: tuple[ScoredMention, ...]) -> tuple[ScoredMention, ...]:
    """Return what was just stored, without the words of strangers whose post is known to be deleted."""
    gone = erase_late(connection, (each.mention for each in saved))
    return tuple(
        replace(each, mention=rows.without_words(each.mention))
        if (each.mention.platform, each.mention.id) in gone and not each.mention.is_own_post
        else each
        for each in saved
    )


def _known(connection: Connection, mentions: Sequence[Mention]) -> set[MentionKey]:
    columns = (mention.c.platform, mention.c.id, mention.c.brand)
    found: set[MentionKey] = set()
    for start in range(0, len(mentions), _LOOKUP_SIZE):
        keys = [_key(each) for each in mentions[start : start + _LOOKUP_SIZE]]
        answer = connection.execute(select(*columns).where(tuple_(*columns).in_(keys)))
        found.update((platform, identifier, brand) for platform, identifier, brand in answer)
    return found


def _save_rest(
    connection: Connection,
    fresh: tuple[ScoredMention, ...],
    batch: Batch,
    move: CursorMove | None,
    edited: Sequence[EditedMention],
) -> Saved:
    """Store what a batch brings beside new mentions; these are stored, so that it finds them."""
    changed = apply_edits(connection, edited)
    companions = _add_companions(connection, batch)
    looked = look(connection, batch.checks)
    add_volumes(connection, batch.volumes)
    cost_usd = 0.0
    if move is not None:
        _move_cursor(connection, move)
        if move.polled_at is not None:
            fill_gaps(connection, batch.filled, at=move.polled_at)
            cost_usd = settle(
                connection,
                move.source,
                at=move.polled_at,
                requests=batch.requests,
                cost_usd=batch.cost_usd,
                reads=batch.billed,
            )
    return Saved(mentions=fresh, companions=companions, edited=changed, looked=looked, cost_usd=cost_usd)


def _add_companions(connection: Connection, batch: Batch) -> int:
    companions: tuple[tuple[Table, Iterable[Row]], ...] = (
        (engagement, map(rows.of_engagement, batch.engagements)),
        (own_like, map(rows.of_like, batch.likes)),
        (gap, map(rows.of_gap, batch.gaps)),
    )
    added = sum(insert_new(connection, table, values) for table, values in companions)
    return added + record_deletions(connection, batch.deletions)


def _move_cursor(connection: Connection, move: CursorMove) -> None:
    moved = connection.execute(
        update(source)
        .where(source.c.name == move.source, source.c.cursor_version == move.expected_version)
        .values(cursor=move.cursor, cursor_version=move.expected_version + 1)
    )
    if moved.rowcount != 1:
        raise StoreError(f"source {move.source}: its cursor was moved by another watcher; this poll is dropped")
