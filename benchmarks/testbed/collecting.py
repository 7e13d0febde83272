"""What a collector makes of the rows of a stream: gaps, caps, late batches.

Last step of generating. Changes when a row is seen, or loses it; never changes what was said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.testbed.labels import Trouble
from stormcone.mention_file import FileRow
from stormcone.models import Gap, Mention

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_USUAL_POLL = timedelta(minutes=5)
_CLOSELY_BEFORE, _CLOSELY_AFTER = timedelta(minutes=10), timedelta(hours=3)
_GAP_AFTER, _GAP = timedelta(minutes=10), timedelta(minutes=40)
_LATE = timedelta(minutes=40)
_CAPPED_POLL = timedelta(minutes=10)
_CAP, _CAP_PER_HOURLY = 15, 0.25  # rows a poll: enough for an ordinary hour of this brand


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """How the rows of one brand are collected from `since` on; `onset` is where a gap hurts most."""

    trouble: Trouble
    brand: str
    platform: str
    per_hour: int
    since: datetime
    onset: datetime


def polled(rows: Sequence[FileRow], *, closely: datetime | None) -> list[FileRow]:
    """Return the rows as a poll every five minutes sees them, and within a minute around `closely`.

    Saves time where nothing happens; where it counts, rows come as they were posted.
    """
    begins = closely - _CLOSELY_BEFORE if closely else None
    return [
        row
        if begins is not None and begins <= row.seen_at <= begins + _CLOSELY_BEFORE + _CLOSELY_AFTER
        else _seen(row, ceiling(row.seen_at, _USUAL_POLL))
        for row in rows
    ]


def spoiled(rows: Sequence[FileRow], how: Collection) -> list[FileRow]:
    """Return what such a collection leaves of the rows, in the order they are seen."""
    if how.trouble is Trouble.GAP:
        rows = list(_with_gap(rows, how))
    elif how.trouble is Trouble.LATE:
        rows = [_late(row, number, how) for number, row in enumerate(rows)]
    elif how.trouble in {Trouble.CAPPED, Trouble.CAPPED_TOLD}:
        rows = list(_capped(rows, how))
    return sorted(rows, key=lambda row: row.seen_at)


def ceiling(instant: datetime, grid: timedelta) -> datetime:
    """Return the first point of the grid at or after an instant."""
    return _EPOCH - ((_EPOCH - instant) // grid) * grid


def _with_gap(rows: Sequence[FileRow], how: Collection) -> Iterator[FileRow]:
    begins = how.onset + _GAP_AFTER
    ends = begins + _GAP
    yield from (row for row in rows if not begins < row.seen_at <= ends)
    gap = Gap(platform=how.platform, brand=how.brand, started_at=begins, ended_at=ends)
    yield FileRow(record=gap, seen_at=ends, place="gap")


def _late(row: FileRow, number: int, how: Collection) -> FileRow:
    """Let every other mention wait for the batch that is 40 minutes late; own posts are seen at once."""
    mention = row.mention
    if mention is None or mention.is_own_post or number % 2 or row.seen_at < how.since:
        return row
    return _seen(row, ceiling(row.seen_at, _LATE) + _LATE)


def _capped(rows: Sequence[FileRow], how: Collection) -> Iterator[FileRow]:
    """Keep the newest few mentions of each poll; counts and own posts come over a way of their own."""
    most = round(_CAP + _CAP_PER_HOURLY * how.per_hour)
    polls: dict[datetime, list[tuple[datetime, FileRow]]] = {}
    for row in rows:
        mention = row.mention
        if mention is None or mention.is_own_post or row.seen_at < how.since:
            yield row
        else:
            polls.setdefault(ceiling(row.seen_at, _CAPPED_POLL), []).append((mention.posted_at, row))
    for at, found in polls.items():
        newest = sorted(found, key=lambda pair: pair[0])[-most:]
        yield from (_seen(row, at) for _, row in newest)
        if len(found) > most and how.trouble is Trouble.CAPPED_TOLD:
            lost_until = max(newest[0][0], at - _CAPPED_POLL)
            gap = Gap(platform=how.platform, brand=how.brand, started_at=at - _CAPPED_POLL, ended_at=lost_until)
            yield FileRow(record=gap, seen_at=at, place="gap")


def _seen(row: FileRow, at: datetime) -> FileRow:
    """Return the row as collected at `at`; counts were read then, and keep the time they were read."""
    record = replace(row.record, seen_at=at) if isinstance(row.record, Mention) else row.record
    return replace(row, record=record, seen_at=at)
