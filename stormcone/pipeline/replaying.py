"""Plays recorded mentions through the pipeline on a clock that jumps: replays, back-tests, drills without waiting.

The same ingest and the same desk as live; only the clock is moved by hand and the batches come from files or from
stored history. Nothing is sent, and nothing but what is handed in is read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain

from stormcone.backtest import Pager
from stormcone.clock import ManualClock
from stormcone.mention_file import FileRow
from stormcone.models import Batch, Kind, Level, Moment, Transition
from stormcone.pipeline.building import Pipeline

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LET_END = timedelta(hours=8)  # after the last row: time for an incident to cool and resolve
_ASLEEP = timedelta(hours=4)  # longer than any window of the detector
_TOLD = {Moment.OPENED, Moment.UPDATED, Moment.COOLING, Moment.RESOLVED, Moment.REOPENED}


@dataclass(slots=True)
class Played:
    """What a replay has seen so far."""

    mentions: int = 0
    incidents: int = 0
    pages: int = 0
    first: datetime | None = None
    last: datetime | None = None
    brands: set[str] = field(default_factory=set)

    @property
    def days(self) -> float:
        """Simulated time from the first to the last row, in days."""
        return 0.0 if self.first is None or self.last is None else (self.last - self.first) / timedelta(days=1)


def play(
    pipeline: Pipeline, clock: ManualClock, rows: Sequence[FileRow], *, poll_minutes: float, played: Played
) -> Iterator[Transition]:
    """Yield the transitions of a replay in simulated time order.

    Args: rows: in any order. poll_minutes: a row is collected at the first poll after it was there to be seen.
        played: filled in on the way.
    """
    ordered = sorted(rows, key=lambda row: row.seen_at)
    return play_in_order(pipeline, clock, ordered, poll_minutes=poll_minutes, played=played)


def play_in_order(
    pipeline: Pipeline, clock: ManualClock, rows: Iterable[FileRow], *, poll_minutes: float, played: Played
) -> Iterator[Transition]:
    """Do the same with rows that come in the order they were seen; they are read on the way and not kept."""
    live: set[int | None] = set()
    pager = Pager()
    poll = timedelta(minutes=poll_minutes)
    step = timedelta(minutes=pipeline.config.watch.bin_minutes)
    shown: dict[int | None, tuple[Level, Kind, int]] = {}
    for moment, batch in _moments(rows, poll, step, played):
        if batch is None and not live and played.last is not None and moment - played.last > _ASLEEP:
            continue  # nothing can happen; the steps in between are learned when the next mention comes
        clock.move_to(moment)
        if batch is not None:
            taken = pipeline.ingest.take(batch)
            played.mentions += taken.mentions
            played.first = played.first or moment
            played.last = moment
        for transition in pipeline.desk.tick(moment):
            (live.add if transition.incident.state.is_live else live.discard)(transition.incident.id)
            incident = transition.incident
            seen = (incident.level, incident.kind, incident.severity)
            is_news = transition.moment is not Moment.UPDATED or shown.get(incident.id) != seen  # paged again is not
            if transition.moment in _TOLD and is_news:
                shown[incident.id] = seen
                played.incidents += transition.moment is Moment.OPENED
                played.pages += pager.rings(incident.id, transition.moment, incident.level)
                yield transition


def _moments(
    rows: Iterable[FileRow], poll: timedelta, step: timedelta, played: Played
) -> Iterator[tuple[datetime, Batch | None]]:
    """Yield polls that bring something, and the ends of steps in between, in order."""
    coming = iter(rows)
    first = next(coming, None)
    if first is None:
        return
    tick = end = _ceil(first.seen_at, step)
    for at, waiting in _polls(chain([first], coming), poll):
        while tick < at:
            yield tick, None
            tick += step
        played.brands.update(row.brand for row in waiting if row.brand is not None)
        yield at, batch_of(waiting)
        end = at + _LET_END
    while tick <= end:
        yield tick, None
        tick += step


def _polls(ordered: Iterable[FileRow], poll: timedelta) -> Iterator[tuple[datetime, list[FileRow]]]:
    waiting: list[FileRow] = []
    due: datetime | None = None
    for row in ordered:
        at = _ceil(row.seen_at, poll)
        if due is not None and at != due:
            yield due, waiting
            waiting = []
        due = at
        waiting.append(row)
    if due is not None:
        yield due, waiting


def batch_of(rows: Iterable[FileRow]) -> Batch:
    """Return rows of mention files as one batch."""
    rows = list(rows)
    return Batch(
        mentions=tuple(row.mention for row in rows if row.mention),
        engagements=tuple(row.engagement for row in rows if row.engagement),
        deletions=tuple(row.deletion for row in rows if row.deletion),
        likes=tuple(row.like for row in rows if row.like),
        gaps=tuple(row.gap for row in rows if row.gap),
    )


def _ceil(instant: datetime, grid: timedelta) -> datetime:
    """Return the first point of the grid at or after an instant."""
    return _EPOCH - ((_EPOCH - instant) // grid) * grid
