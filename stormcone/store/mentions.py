"""Keeps mentions: a batch, its rollups and its cursor in one transaction, each mention once.

Called by the pipeline after scoring. Never scores, never judges, never deletes a mention's row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, select, tuple_, update

from stormcone.errors import StoreError
from stormcone.models import Batch, Mention, ScoredMention
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.rollups import add_rollups
from stormcone.store.tables import deletion, engagement, gap, mention, own_like, revision, source
from stormcone.store.upserts import Row, insert_new

MentionKey = tuple[str, str, str]  # platform, id, brand

_LOOKUP_SIZE = 500  # ids asked in one query: well below both databases' limit of parameters
SAVE_LOCK = 7_366_002  # any fixed number: writers of the same mentions in another order would wait for each other
_RACES = 3  # a second process may store the same mentions between our look and our write; look again


class _LostRace(Exception):
    """Somebody else stored some of the batch first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorMove:
    """Advance a source's cursor from the version it was read at; a newer version means somebody else polled."""

    source: str
    cursor: str | None
    expected_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was new in the store: the mentions, and how many of the other rows of the batch."""

    mentions: tuple[ScoredMention, ...]
    companions: int


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

    def save(self, scored: Sequence[ScoredMention], batch: Batch, *, move: CursorMove | None = None) -> Saved:
        """Store a batch with its rollups and cursor in one transaction.

        Args: scored: the mentions of the batch that were not known, with scores and votes. batch: everything else
            it brought. move: the cursor of the source that was polled, None for an import.
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
                    companions = _add_companions(connection, batch)
                    if move is not None:
                        _move_cursor(connection, move)
                    return Saved(mentions=fresh, companions=companions)
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


def _known(connection: Connection, mentions: Sequence[Mention]) -> set[MentionKey]:
    columns = (mention.c.platform, mention.c.id, mention.c.brand)
    found: set[MentionKey] = set()
    for start in range(0, len(mentions), _LOOKUP_SIZE):
        keys = [_key(each) for each in mentions[start : start + _LOOKUP_SIZE]]
        answer = connection.execute(select(*columns).where(tuple_(*columns).in_(keys)))
        found.update((platform, identifier, brand) for platform, identifier, brand in answer)
    return found


def _add_companions(connection: Connection, batch: Batch) -> int:
    companions: tuple[tuple[Table, Iterable[Row]], ...] = (
        (engagement, map(rows.of_engagement, batch.engagements)),
        (deletion, map(rows.of_deletion, batch.deletions)),
        (own_like, map(rows.of_like, batch.likes)),
        (gap, map(rows.of_gap, batch.gaps)),
    )
    return sum(insert_new(connection, table, values) for table, values in companions)


def _move_cursor(connection: Connection, move: CursorMove) -> None:
    moved = connection.execute(
        update(source)
        .where(source.c.name == move.source, source.c.cursor_version == move.expected_version)
        .values(cursor=move.cursor, cursor_version=move.expected_version + 1)
    )
    if moved.rowcount != 1:
        raise StoreError(f"source {move.source}: its cursor was moved by another watcher; this poll is dropped")
