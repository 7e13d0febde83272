"""Writes records as a mention file, so that reading it gives the very same records back.

Used by export, drills and tests. A mention file is for exchange between programs: cells are NOT guarded against
spreadsheet formulas, because a guard would change the texts (the report's own tables have that guard). Never opens a
file, never decides what is exported.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TextIO, TypeAlias

from stormcone.mention_file.cells import storable
from stormcone.mention_file.columns import COLUMNS, RowKind
from stormcone.mention_file.rows import Record
from stormcone.models import Deletion, Engagement, Gap, Like, Mention

_Row: TypeAlias = Mapping[str, str | int | None]


def write_csv(rows: Iterable[Record], stream: TextIO) -> int:
    """Write a header and one CSV row a record; lines end as RFC 4180 says.

    Args: rows: in the order they are to stand. stream: text, UTF-8; a file must be opened with newline="".
    Returns: number of rows written, the header not counted.
    """
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    written = 0
    for record in rows:
        writer.writerow(_row(record))
        written += 1
    return written


def write_jsonl(rows: Iterable[Record], stream: TextIO) -> int:
    """Write one JSON object a line, every column in it, null where unknown.

    Everything beyond ASCII is escaped, so no text can hold what some reader takes for the end of a line.
    Args: rows: in the order they are to stand. stream: text.
    Returns: number of rows written.
    """
    written = 0
    for record in rows:
        row = _row(record)
        stream.write(json.dumps({name: row.get(name) for name in COLUMNS}) + "\n")
        written += 1
    return written


def _row(record: Record) -> _Row:
    row = _cells(record)
    return {name: storable(cell) if isinstance(cell, str) else cell for name, cell in row.items()}


def _cells(record: Record) -> _Row:
    if isinstance(record, Mention):
        return _mention(record)
    names: _Row = {"platform": record.platform, "brand": record.brand}
    if isinstance(record, Engagement):
        return {
            **names,
            "id": record.post_id,
            "created_at": _instant(record.seen_at),
            "likes": record.likes,
            "reposts": record.reposts,
            "replies": record.replies,
            "quotes": record.quotes,
            "kind": RowKind.METRICS.value,
        }
    if isinstance(record, Deletion):
        return {**names, "id": record.id, "created_at": _instant(record.seen_at), "kind": RowKind.DELETED.value}
    if isinstance(record, Like):
        return {
            **names,
            "id": record.id,
            "created_at": _instant(record.liked_at),
            "text": record.text,
            "account": record.account,
            "kind": RowKind.LIKED.value,
        }
    return _gap(record)


def _gap(gap: Gap) -> _Row:
    return {
        "id": gap.place or None,
        "platform": gap.platform,
        "brand": gap.brand,
        "created_at": _instant(gap.started_at),
        "seen_at": _instant(gap.ended_at),
        "kind": RowKind.GAP.value,
    }


def _mention(mention: Mention) -> _Row:
    is_late = mention.seen_at != mention.posted_at
    return {
        "id": mention.id,
        "platform": mention.platform,
        "brand": mention.brand,
        "created_at": _instant(mention.posted_at),
        "author": mention.author,
        "is_brand": int(mention.is_own_post),
        "text": mention.text,
        "parent_id": mention.parent_id,
        "root_id": mention.root_id,
        "likes": mention.likes,
        "reposts": mention.reposts,
        "replies": mention.replies,
        "quotes": mention.quotes,
        "author_followers": mention.author_followers,
        "author_created_at": _instant(mention.author_created_at) if mention.author_created_at else None,
        "lang": mention.lang,
        "url": mention.url,
        "account": mention.account,
        "kind": RowKind.MENTION.value,
        "seen_at": _instant(mention.seen_at) if is_late else None,
    }


def _instant(at: datetime) -> str:
    """Return ISO 8601 in milliseconds; in microseconds only where the instant would change otherwise."""
    precision = "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.isoformat(timespec=precision).replace("+00:00", "Z")
