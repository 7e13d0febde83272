"""Posts that say something else than before: which edits really change a stored text, and the new text in its place.

Asked by ingest before it scores, and part of saving a batch. Text, scores, votes and the sums of minutes change in one
transaction; the key stays that of the first version. What was erased stays erased. Never scores.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy import Row as SqlRow

from stormcone.models import Edit, Place, ScoredMention
from stormcone.store import rows
from stormcone.store.erasing import by_platform, is_own_elsewhere
from stormcone.store.rollups import correct_rollups
from stormcone.store.tables import evidence, mention

_LOOKUP_SIZE = 500  # numbers asked in one query: well below both databases' limit of parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedMention:
    """A stored mention with its new text. scored: with scores and vote of the old text until somebody scores it."""

    number: int
    edited_at: datetime
    scored: ScoredMention


def find_changed(connection: Connection, edits: Iterable[Edit]) -> tuple[EditedMention, ...]:
    """Return the stored mentions, of whatever brand, whose text the newest of these edits changes, as they become."""
    newest: dict[Place, Edit] = {}
    for edit in sorted(edits, key=lambda each: each.edited_at):
        newest[edit.platform, edit.id] = edit
    found = []
    for platform, ids in by_platform(newest):
        query = select(mention).where(mention.c.platform == platform, mention.c.id.in_(ids)).order_by(mention.c.seq)
        for row in connection.execute(query):
            edit = newest[platform, row.id]
            if row.text != edit.text and _is_older(row, edit.edited_at):
                old = rows.to_scored(row)
                scored = replace(old, mention=replace(old.mention, text=edit.text))
                found.append(EditedMention(number=row.seq, edited_at=edit.edited_at, scored=scored))
    return tuple(found)


def apply_edits(connection: Connection, edited: Sequence[EditedMention]) -> int:
    """Store new texts with their scores and votes, and correct the sums of their minutes.

    What is subtracted is what the rows say inside this transaction. A piece of evidence that quotes a stranger gets the
    new text too: platforms ask for it.
    Returns: how many mentions changed; those that were erased or edited again meanwhile are left as they are.
    """
    stored = _stored(connection, [each.number for each in edited])
    valid = [each for each in edited if each.number in stored and _is_older(stored[each.number], each.edited_at)]
    if not valid:
        return 0
    connection.execute(
        update(mention).where(mention.c.seq == bindparam("number")),
        [
            {
                "number": each.number,
                "text": each.scored.mention.text,
                "edited_at": each.edited_at,
                **rows.of_judgement(each.scored.scores, each.scored.vote),
            }
            for each in valid
        ],
    )
    quoted = (
        evidence.c.platform == bindparam("of_platform"),
        evidence.c.mention_id == bindparam("of_id"),
        or_(evidence.c.text != "", evidence.c.author.is_not(None)),
        ~is_own_elsewhere(),
    )
    said = [each.scored.mention for each in valid]
    connection.execute(
        update(evidence).where(*quoted).values(text=bindparam("new_text")),
        [{"of_platform": each.platform, "of_id": each.id, "new_text": each.text} for each in said],
    )
    before = [rows.to_scored(stored[each.number]) for each in valid]
    correct_rollups(connection, before=before, after=[each.scored for each in valid])
    return len(valid)


def _is_older(row: SqlRow[Any], edited_at: datetime) -> bool:
    return row.erased_at is None and (row.edited_at is None or row.edited_at < edited_at)


def _stored(connection: Connection, numbers: Sequence[int]) -> dict[int, SqlRow[Any]]:
    found: dict[int, SqlRow[Any]] = {}
    for start in range(0, len(numbers), _LOOKUP_SIZE):
        query = select(mention).where(mention.c.seq.in_(numbers[start : start + _LOOKUP_SIZE]))
        found.update({row.seq: row for row in connection.execute(query)})
    return found
