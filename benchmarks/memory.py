"""Memory of a watcher: `python -m benchmarks.memory`.

Lets mentions through ingest and desk into a database file, a minute's batch at a time as a watcher does, and notes the
process's resident memory on the way. Every part that remembers is bounded (the ballot by a day and by number, the
recent mentions by two hours, the detectors by their steps), so after the first simulated day memory must stay flat.
Measured in a process of its own that streams its mentions from a file: memory that was used and given back before
would hide growth. Ends with 1 if the second half grows by more than is allowed.
"""

import json
import resource
import subprocess
import sys
import tempfile
from argparse import SUPPRESS
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from benchmarks.inputs import dense_day, stream_mentions, write_input
from benchmarks.tables import new_parser, show, show_json
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.models import Batch, Mention
from stormcone.pipeline import build_pipeline
from stormcone.store import open_store

ALLOWED_MB = 10.0  # growth of the peak per 100,000 mentions in the second half of the run
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_MB = 1024 * 1024


def watch(path: Path, mentions: int, *, marks: int) -> list[tuple[int, float]]:
    """Let `mentions` through the pipeline in this very process, from a file of one day that is read again and again.

    Returns: (mentions so far, resident memory in MB) at the start and at `marks` even distances.
    """
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock(next(stream_mentions(path)).seen_at)
        store = open_store(f"sqlite:///{Path(folder) / 'memory.db'}")
        pipeline = build_pipeline(Config(), store, clock)
        noted = [(0, resident_mb())]
        taken = 0
        for batch in _batches(path):
            clock.move_to(max(clock.now(), batch.mentions[-1].seen_at))
            pipeline.ingest.take(batch)
            pipeline.desk.tick(clock.now())
            taken += len(batch.mentions)
            if taken >= mentions * len(noted) / marks:
                noted.append((taken, resident_mb()))
            if taken >= mentions:
                break
        store.close()
    return noted


def resident_mb() -> float:
    """Return the memory this process holds, in MB; where the system does not tell, the most it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return round(peak / (_MB if sys.platform == "darwin" else 1024), 1)  # macOS counts bytes, others kilobytes
    return round(pages * resource.getpagesize() / _MB, 1)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = new_parser("Resident memory of ingest and detectors as mentions come in; one round only.")
    parser.add_argument("--mentions", type=int, default=500_000, help="mentions in all")
    parser.add_argument("--per-day", type=int, default=100_000, help="mentions per simulated day")
    parser.add_argument("--marks", type=int, default=5, help="looks at the memory, evenly spread")
    parser.add_argument("--allowed-mb", type=float, default=ALLOWED_MB, help="growth per 100,000 in the second half")
    parser.add_argument("--child", type=Path, help=SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(watch(options.child, options.mentions, marks=options.marks)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "day.jsonl"
        if options.file is None:
            write_input(dense_day(options.per_day), path)
        noted = _in_a_child(path, options.mentions, options.marks)
    growth = _growth_mb(noted)
    show(
        f"Resident memory; second half: {growth:.1f} MB per 100,000 mentions, allowed {options.allowed_mb}",
        ("mentions", "MB"),
        [(f"{mentions:,}", f"{megabytes:,.0f}") for mentions, megabytes in noted],
    )
    if growth > options.allowed_mb:
        print("memory grows: something that remembers has lost its bound", file=sys.stderr)
    if options.json:
        marks = [{"mentions": mentions, "resident_mb": megabytes} for mentions, megabytes in noted]
        growth = round(growth, 2)
        show_json(
            {"benchmark": "memory", "marks": marks, "growth_mb_per_100k": growth, "allowed_mb": options.allowed_mb}
        )
    return 0 if growth <= options.allowed_mb else 1


def _in_a_child(path: Path, mentions: int, marks: int) -> list[tuple[int, float]]:
    command = [sys.executable, "-m", "benchmarks.memory", "--child", path, "--mentions", mentions, "--marks", marks]
    done = subprocess.run([str(each) for each in command], check=True, stdout=subprocess.PIPE, text=True)
    return [(int(taken), float(megabytes)) for taken, megabytes in json.loads(done.stdout.splitlines()[-1])]


def _growth_mb(noted: list[tuple[int, float]]) -> float:
    (first, first_mb), (last, last_mb) = noted[len(noted) // 2], noted[-1]
    return (last_mb - first_mb) / ((last - first) / 100_000)


def _batches(path: Path) -> Iterator[Batch]:
    """Yield minutes of the file's days for ever, each time later and by other people in other words."""
    began = next(stream_mentions(path)).seen_at
    later = timedelta(0)
    for number in count():
        waiting: list[Mention] = []
        for each in stream_mentions(path):
            mention = _again(each, number, later)
            if waiting and mention.seen_at - waiting[0].seen_at >= _MINUTE:
                yield Batch(mentions=tuple(waiting))
                waiting = []
            waiting.append(mention)
        yield Batch(mentions=tuple(waiting))
        whole_days = (waiting[-1].seen_at - later - began) // _DAY + 1
        later += whole_days * _DAY


def _again(mention: Mention, number: int, later: timedelta) -> Mention:
    def named(name: str | None) -> str | None:
        return f"{name}.{number}" if name else None

    return replace(
        mention,
        id=f"{mention.id}.{number}",
        posted_at=mention.posted_at + later,
        seen_at=mention.seen_at + later,
        text=f"{mention.text} ({number})",
        author=named(mention.author),
        parent_id=named(mention.parent_id),
        root_id=named(mention.root_id),
    )


if __name__ == "__main__":
    raise SystemExit(main())
