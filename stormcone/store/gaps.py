"""Fills gaps: what a later poll collected after all is unknown no more, and exactly that.

Part of saving a batch, inside its transaction. A gap that is filled in part is cut: the part that was collected is
filled, the rest stays open. Never claims a stretch for a brand that was not asked for.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from stormcone.models import Gap
from stormcone.store.collecting_tables import gap
from stormcone.store.upserts import insert_new


def fill_gaps(connection: Connection, filled: Iterable[Gap], *, at: datetime) -> int:
    """Mark what lies within the filled stretches as filled. Returns: how many open gaps were filled, in full or part.

    Args: filled: with a brand, they fill gaps of that brand; without, gaps of every brand of the platform.
    """
    return sum(_fill(connection, each, at) for each in filled)


def _fill(connection: Connection, filled: Gap, at: datetime) -> int:
    touched = [
        gap.c.platform == filled.platform,
        gap.c.place == filled.place,
        gap.c.filled_at.is_(None),
        gap.c.started_at <= filled.ended_at,
        gap.c.ended_at >= filled.started_at,
    ]
    if filled.brand is not None:
        touched.append(gap.c.brand == filled.brand)
    count = 0
    for row in connection.execute(select(gap).where(*touched).order_by(gap.c.seq)).all():
        start, end = max(row.started_at, filled.started_at), min(row.ended_at, filled.ended_at)
        if start == end and row.started_at < row.ended_at:  # they only touch
            continue
        count += 1
        connection.execute(delete(gap).where(gap.c.seq == row.seq))
        pieces = [(row.started_at, start, None), (start, end, at), (end, row.ended_at, None)]
        kept = [piece for piece in pieces if piece[0] < piece[1] or piece[2] is not None]
        insert_new(
            connection,
            gap,
            [
                {
                    "platform": row.platform,
                    "brand": row.brand,
                    "place": row.place,
                    "started_at": started_at,
                    "ended_at": ended_at,
                    "filled_at": filled_at,
                }
                for started_at, ended_at, filled_at in kept
            ],
        )
    return count
