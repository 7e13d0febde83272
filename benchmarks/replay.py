"""Speed of the whole pipeline beside plain VADER: `python -m benchmarks.replay`.

Reads a mention file, scores, votes, stores in SQLite in memory, adds rollups, runs the detectors and the incidents, all
through the same code as `stormcone replay`. In the same run, plain vaderSentiment scores the same texts and does
nothing else. Both are timed in seconds of processor time, alternating, so that neighbours on the machine and its
warming up hit both alike. Ends with 1 if the dense ratio falls below the floor.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.inputs import dense_day, read_input, sparse_days, texts_of, write_input
from benchmarks.tables import new_parser, show, show_json
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.mention_file import Record
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.replaying import Played, play
from stormcone.store import MEMORY_URL, open_store

AIM = 0.5  # of VADER's own speed, for the whole pipeline
FLOOR = 0.09  # about four fifths of what was measured on a dense day; the scorer alone may cost four times VADER


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Medians over the rounds: mentions per second of processor time, and pipeline over VADER within a round."""

    mentions: int
    characters_mean: float
    vader_per_second: float
    pipeline_per_second: float
    ratio: float


def measure(path: Path, *, rounds: int, poll_minutes: float) -> Speed:
    """Return the speeds on one mention file. Raises: ValueError: the file holds no mention."""
    texts = texts_of(read_input(path))
    if not texts:
        raise ValueError(f"{path}: holds no mention to measure on")
    seconds = [(_seconds_of_vader(texts), _seconds_of_pipeline(path, poll_minutes)) for _ in range(rounds)]
    return Speed(
        mentions=len(texts),
        characters_mean=round(statistics.mean(map(len, texts)), 1),
        vader_per_second=round(len(texts) / statistics.median(vader for vader, _ in seconds)),
        pipeline_per_second=round(len(texts) / statistics.median(pipeline for _, pipeline in seconds)),
        ratio=round(statistics.median(vader / pipeline for vader, pipeline in seconds), 4),
    )


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = new_parser("Mentions per second of the whole pipeline beside plain VADER on the same texts.")
    parser.add_argument("--mentions", type=int, default=50_000, help="mentions of the dense day")
    parser.add_argument("--hours", type=float, default=24.0, help="length of the dense day")
    parser.add_argument("--days", type=float, default=8.0, help="length of the sparse stretch")
    parser.add_argument("--poll-minutes", type=float, default=1.0, help="minutes between two polls")
    parser.add_argument("--floor", type=float, default=FLOOR, help="least ratio on the dense day, or on --file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        inputs = (
            [("file", options.file)]
            if options.file
            else list(
                _invented(Path(folder), dense_day(options.mentions, hours=options.hours), sparse_days(options.days))
            )
        )
        speeds = {
            name: measure(path, rounds=options.rounds, poll_minutes=options.poll_minutes) for name, path in inputs
        }
    is_fast_enough = next(iter(speeds.values())).ratio >= options.floor
    show(
        f"Replay, medians of {options.rounds} rounds, processor time; floor {options.floor}, aim {AIM}",
        ("input", "mentions", "characters", "VADER alone /s", "whole pipeline /s", "ratio"),
        [
            (
                name,
                f"{speed.mentions:,}",
                f"{speed.characters_mean:.0f}",
                f"{speed.vader_per_second:,.0f}",
                f"{speed.pipeline_per_second:,.0f}",
                f"{speed.ratio:.3f}",
            )
            for name, speed in speeds.items()
        ],
    )
    if not is_fast_enough:
        print(f"below the floor of {options.floor}: profile the pipeline", file=sys.stderr)
    if options.json:
        told = {name: asdict(speed) for name, speed in speeds.items()}
        show_json({"benchmark": "replay", "rounds": options.rounds, "floor": options.floor, "aim": AIM, "inputs": told})
    return 0 if is_fast_enough else 1


def _invented(folder: Path, dense: list[Record], sparse: list[Record]) -> Iterator[tuple[str, Path]]:
    for name, rows in (("dense", dense), ("sparse", sparse)):
        path = folder / f"{name}.jsonl"
        write_input(rows, path)
        yield name, path


def _seconds_of_vader(texts: list[str]) -> float:
    analyzer = SentimentIntensityAnalyzer()
    began = time.process_time()
    for text in texts:
        analyzer.polarity_scores(text)
    return time.process_time() - began


def _seconds_of_pipeline(path: Path, poll_minutes: float) -> float:
    began = time.process_time()
    rows = read_input(path)
    clock, store = ManualClock(datetime(1970, 1, 1, tzinfo=UTC)), open_store(MEMORY_URL)
    pipeline = build_pipeline(Config(), store, clock)
    for _ in play(pipeline, clock, rows, poll_minutes=poll_minutes, played=Played()):
        pass
    store.close()
    return time.process_time() - began


if __name__ == "__main__":
    raise SystemExit(main())
