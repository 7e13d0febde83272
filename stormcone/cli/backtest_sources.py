"""Where the rows of `stormcone replay` come from: mention files, or the store of the settings.

Both are played by the same pipeline, as often as settings are to be compared, and both are only read.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from stormcone.backtest import PastIncident
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.config.refusing import suggestion
from stormcone.errors import UsageError
from stormcone.journal import iso
from stormcone.mention_file import ColumnMap, FileRow, read_rows
from stormcone.models import Transition
from stormcone.pipeline import build_pipeline, build_scorer
from stormcone.pipeline.backtesting import RememberingScorer, play_history
from stormcone.pipeline.replaying import Played, play
from stormcone.ports import Scorer
from stormcone.store import MEMORY_URL, Store, open_store
from stormcone.store.history import History, Stretch

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BETWEEN_REPORTS_SECONDS = 0.5
_NAMED = 10  # brands named to somebody who mistyped one


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which rows are played: of these brands (none: of all), seen in [since, until) where these are named."""

    brands: tuple[str, ...]
    since: datetime | None
    until: datetime | None

    def takes(self, row: FileRow) -> bool:
        """True for a row that is played."""
        return (
            (not self.brands or row.brand is None or row.brand in self.brands)  # None: a gap of every brand
            and (self.since is None or row.seen_at >= self.since)
            and (self.until is None or row.seen_at < self.until)
        )


class Source(Protocol):
    """Rows to be played."""

    brands: tuple[str, ...]
    skipped: int

    def play(self, settings: Config, played: Played) -> Iterator[Transition]:
        """Yield the transitions with these settings; may be asked again with others."""
        ...

    def days(self, played: Played) -> float:
        """Return how long a time was played."""
        ...

    def past(self) -> tuple[PastIncident, ...] | None:
        """Return what really happened in that time, None where nobody can say."""
        ...

    def nothing(self) -> str:
        """Return why there was nothing to play."""
        ...


class Progress:
    """Tells on standard error how far a replay has come, at most twice a second."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._next = 0.0

    def tell(self, done: int, of: int, at: datetime) -> None:
        """Say that `done` of `of` mentions were played, up to a simulated instant."""
        now = time.monotonic()
        if now < self._next and done < of:
            return
        self._next = now + _BETWEEN_REPORTS_SECONDS
        if self._as_json:
            sys.stderr.write(json.dumps({"progress": {"done": done, "of": of, "at": iso(at)}}) + "\n")
        elif sys.stderr.isatty():
            sys.stderr.write(f"\r{done:,} of {of:,} mentions, {at:%Y-%m-%d}  " + ("\r\x1b[K" if done == of else ""))
        sys.stderr.flush()


class FileSource:
    """The rows of mention files, held in memory."""

    def __init__(
        self,
        files: Sequence[Path],
        columns: ColumnMap,
        chosen: Chosen,
        *,
        poll_minutes: float,
        is_strict: bool,
        is_repeated: bool,
    ) -> None:
        self.skipped = 0
        self._poll_minutes = poll_minutes
        self._is_repeated = is_repeated
        self._scorer: Scorer | None = None
        self._rows = [row for file in files for row in self._read(file, columns, is_strict) if chosen.takes(row)]
        self.brands = tuple(sorted({row.brand for row in self._rows if row.brand}))

    def play(self, settings: Config, played: Played) -> Iterator[Transition]:
        """Yield the transitions; a text is scored once, however often it is played."""
        if self._is_repeated and self._scorer is None:
            self._scorer = RememberingScorer(build_scorer(settings))
        clock, store = ManualClock(_EPOCH), open_store(MEMORY_URL)
        pipeline = build_pipeline(settings, store, clock, scorer=self._scorer)
        yield from play(pipeline, clock, self._rows, poll_minutes=self._poll_minutes, played=played)
        store.close()

    def days(self, played: Played) -> float:
        """Return the time from the first to the last row."""
        return played.days

    def past(self) -> None:
        """Files do not say what was made of them."""

    def nothing(self) -> str:
        """Say so."""
        return "There was nothing to replay: no row was chosen."

    def _read(self, file: Path, columns: ColumnMap, is_strict: bool) -> Iterator[FileRow]:  # noqa: FBT001 - one caller
        for row in read_rows(file, column_map=columns, is_strict=is_strict):
            if isinstance(row, FileRow):
                yield row
            else:
                self.skipped += 1
                sys.stderr.write(f"skipped {row.place}: {row.reason}\n")


class StoredSource:
    """The history of a store, read in chunks."""

    skipped = 0

    def __init__(
        self, store: Store, chosen: Chosen, *, poll_minutes: float, is_rescored: bool, progress: Progress
    ) -> None:
        self._store = store
        self._history = History(store.database)
        self._poll_minutes = poll_minutes
        self._is_rescored = is_rescored
        self._progress = progress
        stored = store.reads.brands()
        for name in chosen.brands:
            if name not in stored:
                hint = suggestion(name, stored[:_NAMED]) if stored else "nothing at all is stored yet"
                raise UsageError(f"--brand {name!r}: nothing is stored of it; {hint}")
        self.brands = chosen.brands or stored
        self._stretch = Stretch(brands=chosen.brands or None, since=chosen.since, until=chosen.until)
        self._span = self._history.span(self.brands)

    def play(self, settings: Config, played: Played) -> Iterator[Transition]:
        """Yield the transitions; what was collected before warms the detectors up."""
        return play_history(
            settings,
            self._store,
            self._stretch,
            poll_minutes=self._poll_minutes,
            played=played,
            is_rescored=self._is_rescored,
            report=self._progress.tell,
        )

    def days(self, played: Played) -> float:
        """Return the part of the time asked for in which anything was collected."""
        if self._span is None:
            return played.days
        first, last = self._span
        since, until = self._stretch.since or first, self._stretch.until or last
        return max(played.days, (min(until, last) - max(since, first)) / timedelta(days=1))

    def past(self) -> tuple[PastIncident, ...]:
        """Return the incidents that are stored of that time."""
        return self._history.incidents(self._stretch)

    def nothing(self) -> str:
        """Say what there is instead."""
        if self._span is None:
            return "Nothing is stored yet: `stormcone run` collects, `stormcone import` brings mention files in."
        first, last = map(iso, self._span)
        return f"Nothing was collected in that time; what is stored runs from {first} to {last}."
