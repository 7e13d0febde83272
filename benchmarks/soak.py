"""Thirty simulated days of polling: does memory grow, does a thread stay, does the rhythm drift?

    python -m benchmarks.soak [--days 30] [--json]

Polls two sources through the real poller, ingest and store, on a clock of its own: one that answers, and one that
fails, asks for patience and refuses now and then. Prints what was measured each simulated day and fails (exit 1) where
memory still grows after the first week, threads are left, polls drift from their interval, or something served is not
stored. Never sleeps and sends nothing.
"""

import argparse
import gc
import json
import logging
import random
import sys
import threading
import tracemalloc
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

import structlog

from stormcone.clock import Clock, ManualClock
from stormcone.config import BrandSettings, Config
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.polling import Poller
from stormcone.ports import Allowance
from stormcone.store import Store, open_store
from tests.stormcone.pipeline.paged import Paged, PagedSettings, Platform
from tests.stormcone.pipeline.parts import WordScorer

_START = datetime(2026, 3, 2, tzinfo=UTC)
_LOOK = timedelta(seconds=5)  # as often as the watcher asks whether a poll is due
_POSTS_A_DAY = 480
_MOST_GROWTH = 1.10  # of memory between the end of the first week and the last day
_MOST_DRIFT_SECONDS = _LOOK.total_seconds()


class Moody(Paged):
    """Answers as the platform does, but for a share of its polls."""

    platform = "moody"

    def __init__(self, served: Platform, clock: Clock, chance: random.Random) -> None:
        super().__init__(served, clock, settings=PagedSettings(poll_seconds=60))
        self._chance = chance

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Fail in one poll of twenty, ask for patience in one of a hundred, refuse in one of a thousand."""
        drawn = self._chance.random()
        if drawn < 0.001:
            raise Refused("moody", "401, the key is not accepted", remedy="renew it")
        if drawn < 0.011:
            raise RateLimited("moody", "429, asks for patience", retry_after_seconds=300)
        if drawn < 0.061:
            raise CollectError("moody", "503, did not answer as it should")
        return super().poll(cursor, allowance, deadline)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was measured at the end of one simulated day."""

    day: int
    stored: int
    memory_kib: int
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """The whole run. worst_drift_seconds: of a steady source's polls from their grid of a minute."""

    days: tuple[Day, ...]
    served: int
    stored: int
    worst_drift_seconds: float
    threads_before: int

    @property
    def growth(self) -> float:
        """Memory on the last day over that at the end of the first week (of the first third of a shorter run)."""
        settled = self.days[min(7, len(self.days) // 3) - 1] if len(self.days) > 1 else self.days[0]
        return self.days[-1].memory_kib / settled.memory_kib

    @property
    def failures(self) -> tuple[str, ...]:
        """What was promised and not kept."""
        checks = {
            f"memory grew by {self.growth:.2f}": self.growth > _MOST_GROWTH,
            f"{self.days[-1].threads - self.threads_before} threads left": self.days[-1].threads > self.threads_before,
            f"polls drifted by {self.worst_drift_seconds:.1f} s": self.worst_drift_seconds > _MOST_DRIFT_SECONDS,
            f"{self.served} served, {self.stored} stored": self.served != self.stored,
        }
        return tuple(text for text, is_broken in checks.items() if is_broken)


def soak(days: int, *, seed: int = 1, day: timedelta = timedelta(days=1)) -> Soaked:
    """Return what was measured in so many simulated days, which may be shorter than real ones."""
    threads_before = threading.active_count()
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/soak.db")
        try:
            return _soak(store, days, day, random.Random(seed), threads_before)
        finally:
            store.close()


def _soak(store: Store, days: int, length: timedelta, chance: random.Random, threads_before: int) -> Soaked:
    clock = ManualClock(_START)
    pipeline = build_pipeline(Config(brands=(BrandSettings(name="acme"),)), store, clock, scorer=WordScorer())
    steady, moody = Platform(), Platform()
    collectors = {"steady": Paged(steady, clock), "moody": Moody(moody, clock, chance)}
    lock = threading.Lock()
    pollers = [Poller(name, each, store, pipeline.ingest, clock, lock) for name, each in collectors.items()]
    for poller in pollers:
        poller.register()
    measured: list[Day] = []
    polled: list[datetime] = []
    steps = int(length / _LOOK)
    tracemalloc.start()
    for day in range(1, days + 1):
        for _ in range(steps):
            now = clock.now() + _LOOK
            clock.move_to(now)
            for platform in (steady, moody):
                if chance.random() < _POSTS_A_DAY * (_LOOK / timedelta(days=1)):
                    platform.publish(1, now, late_seconds=chance.uniform(0, 300))
            before = steady.requests
            for poller in pollers:
                poller.poll_when_due()
            if steady.requests > before:
                polled.append(now)
            if now.minute % 5 == 0 and now.second == 0:
                pipeline.desk.tick(now)
        gc.collect()
        stored = sum(1 for _ in store.reads.mentions_since(_START - timedelta(days=1)))
        memory_kib = tracemalloc.get_traced_memory()[0] // 1024
        measured.append(Day(day=day, stored=stored, memory_kib=memory_kib, threads=threading.active_count()))
    tracemalloc.stop()
    served = sum(
        post.posted_at <= clock.now() - timedelta(hours=1) for platform in (steady, moody) for post in platform.posts
    )
    stored = sum(
        1
        for each in store.reads.mentions_since(_START - timedelta(days=1))
        if each.mention.posted_at <= clock.now() - timedelta(hours=1)
    )
    return Soaked(
        days=tuple(measured),
        served=served,
        stored=stored,
        worst_drift_seconds=_drift(polled),
        threads_before=threads_before,
    )


def _drift(polled: list[datetime]) -> float:
    """Return how far a poll was at most from the grid that the first one began, in seconds."""
    return max(((each - polled[0]).total_seconds() % 60 for each in polled), default=0.0)


def main() -> None:
    """Print the table, or JSON, and exit with 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    soaked = soak(arguments.days)
    told = {
        "days": len(soaked.days),
        "served": soaked.served,
        "stored": soaked.stored,
        "memory_growth": round(soaked.growth, 3),
        "worst_drift_seconds": soaked.worst_drift_seconds,
        "threads_left": soaked.days[-1].threads - soaked.threads_before,
        "failures": soaked.failures,
    }
    if not arguments.json:
        for day in soaked.days:
            print(f"day {day.day:3}  stored {day.stored:6}  memory {day.memory_kib:7} KiB  threads {day.threads}")
    print(json.dumps(told))
    sys.exit(1 if soaked.failures else 0)


if __name__ == "__main__":
    main()
