"""Stored mentions in the order of their collection, and new scores and votes in place of their old ones.

The store's half of `stormcone rescore`. Rows and their sums change in one transaction, so that a reader never sees one
without the other, and a killed run leaves both as true as before. Never scores, never touches what a platform said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from stormcone.models import ScoredMention
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.mentions import SAVE_LOCK
from stormcone.store.rollups import correct_rollups
from stormcone.store.tables import mention

_LOOKUP_SIZE = 500  # numbers asked in one query: well below both databases' limit of parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMention:
    """A mention with its row number, which counts up in the order of collection.

    is_erased: its words are gone, so that scores and vote are all that is left of what it said.
    """

    number: int
    scored: ScoredMention
    is_erased: bool = False


class HistoryStore:
    """History, to be judged again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def following(
        self, number: int, *, brand: str | None = None, since: datetime | None = None, limit: int
    ) -> tuple[StoredMention, ...]:
        """Return the mentions and own posts collected after the one of a number (0: from the first on), in order.

        Args: brand: only of this one. since: only those posted at or after it.
        """
        query = select(mention).where(mention.c.seq > number).order_by(mention.c.seq).limit(limit)
        if brand is not None:
            query = query.where(mention.c.brand == brand)
        if since is not None:
            query = query.where(mention.c.posted_at >= since)
        with self._database.read() as connection:
            return tuple(
                StoredMention(number=row.seq, scored=rows.to_scored(row), is_erased=row.erased_at is not None)
                for row in connection.execute(query)
            )

    def rewrite(self, changed: Sequence[StoredMention]) -> None:
        """Store other scores and votes of mentions, and correct the sums of their minutes, in one transaction.

        What is subtracted is what the rows say inside this transaction, whoever has changed them since they were read.
        Raises: StoreError: nothing was changed.
        """
        if not changed:
            return
        with self._database.write() as connection:
            self._database.wait_for_turn(connection, SAVE_LOCK)
            stored = _stored(connection, [each.number for each in changed])
            present = [each for each in changed if each.number in stored]
            if not present:
                return
            connection.execute(
                update(mention).where(mention.c.seq == bindparam("number")),
                [
                    {"number": each.number, **rows.of_judgement(each.scored.scores, each.scored.vote)}
                    for each in present
                ],
            )
            correct_rollups(connection, before=stored.values(), after=[each.scored for each in present])


def _stored(connection: Connection, numbers: Sequence[int]) -> dict[int, ScoredMention]:
    found: dict[int, ScoredMention] = {}
    for start in range(0, len(numbers), _LOOKUP_SIZE):
        query = select(mention).where(mention.c.seq.in_(numbers[start : start + _LOOKUP_SIZE]))
        found.update({row.seq: rows.to_scored(row) for row in connection.execute(query)})
    return found
