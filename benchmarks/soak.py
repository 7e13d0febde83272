"""Thirty simulated days of polling: does memory grow, does a thread stay, does the rhythm drift?

    python -m benchmarks.soak [--days 30] [--json]

Polls four sources through the real poller, ingest, store, detectors and retention, on a clock of its own: one in memory
that answers, one that fails, asks for patience and refuses now and then, eight feeds on loopback through the real
collector and its threads, and X on loopback through the real client library. Prints what was measured each simulated
day and fails (exit 1) where memory still grows in the last third, when what is remembered is full, threads or open
files are left, polls drift from their interval, or something served is not stored. Never sleeps and sends nothing
beyond this machine. Takes about half an hour for thirty days.
"""

import argparse
import gc
import json
import logging
import random
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from benchmarks.soak_sources import BRAND, Source, sources
from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config, StoreSettings
from stormcone.pipeline import Pipeline, build_pipeline
from stormcone.pipeline.polling import Poller
from stormcone.pipeline.retaining import Retention
from stormcone.store import Store, open_store
from tests.stormcone.pipeline.parts import WordScorer

_START = datetime(2026, 3, 2, tzinfo=UTC)
_LOOK = timedelta(seconds=5)  # as often as the watcher asks whether a poll is due
_LATEST_LOOK_SECONDS = 2.0  # a busy machine looks late
_SETTLED = timedelta(hours=2)  # what is younger may be indexed late, or wait for a slow source's next poll
_RETENTION_DAYS = 7  # so that forgetting is soaked as well
_MOST_GROWTH = 1.10  # of resident memory in the last third; before, what is learned of a brand's public fills up
_MOST_DRIFT_SECONDS = _LOOK.total_seconds() + _LATEST_LOOK_SECONDS
_PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was measured at the end of one simulated day. objects: that Python's collector tracks.

    memory_mib, files: resident memory and open files; 0 where the system does not tell them in /proc.
    """

    day: int
    stored: int
    memory_mib: float
    objects: int
    threads: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """The whole run. served, stored: by source. worst_drift_seconds: of a steady source's polls from their grid."""

    days: tuple[Day, ...]
    served: Mapping[str, int]
    stored: Mapping[str, int]
    polls: int
    worst_drift_seconds: float
    threads_left: int
    files_left: int

    @property
    def growth(self) -> float:
        """Memory on the last day over that at the end of the second third."""
        settled = self.days[max(1, 2 * len(self.days) // 3) - 1]
        return self.days[-1].memory_mib / settled.memory_mib if settled.memory_mib else 1.0

    @property
    def failures(self) -> tuple[str, ...]:
        """What was promised and not kept."""
        checks = {
            f"memory grew by {self.growth:.2f}": self.growth > _MOST_GROWTH,
            f"{self.threads_left} threads left": self.threads_left > 0,
            f"{self.files_left} open files left": self.files_left > 0,
            f"polls drifted by {self.worst_drift_seconds:.1f} s": self.worst_drift_seconds > _MOST_DRIFT_SECONDS,
            f"{dict(self.served)} served, {dict(self.stored)} stored": self.served != self.stored,
        }
        return tuple(text for text, is_broken in checks.items() if is_broken)


def soak(days: int, *, seed: int = 1, day: timedelta = timedelta(days=1), tells: bool = False) -> Soaked:
    """Return what was measured in so many simulated days, which may be shorter than real ones.

    Args: tells: print each day as it ends.
    """
    chance, clock = random.Random(seed), ManualClock(_START)
    threads, files = threading.active_count(), _open_files()
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/soak.db")
        try:
            with sources(store, clock, chance) as served:
                run = _Run(store, clock, chance, served)
                measured = tuple(run.day(number, day, tells=tells) for number in range(1, days + 1))
                until = clock.now() - _SETTLED
                served_by_name = {name: source.served(until) for name, source in served.items()}
                stored_by_name = run.stored(until)
        finally:
            store.close()
    gc.collect()
    return Soaked(
        days=measured,
        served=served_by_name,
        stored=stored_by_name,
        polls=run.polls,
        worst_drift_seconds=run.worst_drift_seconds,
        threads_left=max(0, threading.active_count() - threads),
        files_left=max(0, _open_files() - files),
    )


class _Run:
    """A watcher without its own threads: looks, polls, ticks and forgets as time is moved on."""

    def __init__(self, store: Store, clock: ManualClock, chance: random.Random, served: Mapping[str, Source]) -> None:
        self._store, self._clock, self._chance, self._sources = store, clock, chance, served
        settings = StoreSettings(retention_days=_RETENTION_DAYS)
        config = Config(brands=(BrandSettings(name=BRAND),), store=settings)
        self._pipeline: Pipeline = build_pipeline(config, store, clock, scorer=WordScorer())
        self._retention = Retention(settings, store, clock)
        lock = threading.Lock()
        self._pollers = {
            name: Poller(name, source.collector, store, self._pipeline.ingest, clock, lock)
            for name, source in served.items()
        }
        for poller in self._pollers.values():
            poller.register()
        self._looks = 0
        self._first_poll: datetime | None = None
        self._steady_polls = 0
        self.polls = 0
        self.worst_drift_seconds = 0.0

    def day(self, number: int, length: timedelta, *, tells: bool) -> Day:
        """Live through one day, and return what was measured at its end."""
        for _ in range(int(length / _LOOK)):
            self._look()
        for source in self._sources.values():
            source.tidy(self._clock.now())
        measured = self._measured(number)
        if tells:
            print(
                f"day {measured.day:3}  stored {measured.stored:6}  memory {measured.memory_mib:6.1f} MiB  "
                f"objects {measured.objects:7}  threads {measured.threads}  files {measured.files}",
                flush=True,
            )
        return measured

    def stored(self, until: datetime) -> dict[str, int]:
        """Return how many posts dated up to an instant are stored, by source."""
        found = self._store.reads.mentions_since(_START - timedelta(days=1))
        counted = Counter(each.mention.platform for each in found if each.mention.posted_at <= until)
        return {name: counted[name] for name in self._sources}

    def _look(self) -> None:
        self._looks += 1
        due_at = _START + self._looks * _LOOK
        now = due_at + timedelta(seconds=self._chance.uniform(0, _LATEST_LOOK_SECONDS))
        self._clock.move_to(now)
        for source in self._sources.values():
            source.live(now, _LOOK / timedelta(days=1), self._chance)
        for name, poller in self._pollers.items():
            if poller.is_due:
                self.polls += 1
                poller.poll_when_due()
                if name == "paged":
                    self._note_rhythm(now)
        if self._looks % 60 == 0:
            self._pipeline.desk.tick(now)
        if self._looks % 720 == 0:
            self._retention.run()

    def _note_rhythm(self, now: datetime) -> None:
        self._first_poll = self._first_poll or now
        due_at = self._first_poll + timedelta(minutes=self._steady_polls)
        self._steady_polls += 1
        self.worst_drift_seconds = max(self.worst_drift_seconds, abs((now - due_at).total_seconds()))

    def _measured(self, number: int) -> Day:
        stored = sum(1 for _ in self._store.reads.mentions_since(_START - timedelta(days=1)))
        gc.collect()
        return Day(
            day=number,
            stored=stored,
            memory_mib=_memory_mib(),
            objects=len(gc.get_objects()),
            threads=threading.active_count(),
            files=_open_files(),
        )


def _memory_mib() -> float:
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * _PAGE_BYTES / 2**20 if statm.exists() else 0.0


def _open_files() -> int:
    descriptors = Path("/proc/self/fd")
    return sum(1 for _ in descriptors.iterdir()) if descriptors.exists() else 0


def main() -> None:
    """Print the table, or JSON, and exit with 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    soaked = soak(arguments.days, tells=not arguments.json)
    told = {
        "days": len(soaked.days),
        "polls": soaked.polls,
        "served": soaked.served,
        "stored": soaked.stored,
        "memory_growth": round(soaked.growth, 3),
        "worst_drift_seconds": round(soaked.worst_drift_seconds, 1),
        "threads_left": soaked.threads_left,
        "files_left": soaked.files_left,
        "failures": soaked.failures,
    }
    print(json.dumps(told))
    sys.exit(1 if soaked.failures else 0)


if __name__ == "__main__":
    main()
