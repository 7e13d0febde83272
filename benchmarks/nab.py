"""Pages on ten real count streams within a budget: `python -m benchmarks.nab --data DIR --alarms-out FILE.csv`.

Reads the counts of the Numenta Anomaly Benchmark's realTweets files, plays each through the product's volume stream row
by row, and writes one row a page. Only then are the labels read and the alarms scored (benchmarks/nab_scoring.py). A
detector here gets the row's time and count, and nothing else: no label, no later row, no file name, no other file.
Figures are of ten brands in 2015; the choice of score was made while looking at them (analysis/scales.py).
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from analysis.volume_stream import VolumeStream
from benchmarks.nab_scoring import Figures, read_alarms, read_labelled, score
from benchmarks.tables import show, show_json
from stormcone.config import DetectorSettings

STEP_MINUTES = 5
_STEP = timedelta(minutes=STEP_MINUTES)
_GRID = datetime(2000, 1, 1)  # noqa: DTZ001 - files name no zone; the product's steps start at full five minutes
_LONGEST_GAP = timedelta(days=28)  # a longer silence teaches nothing more


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """One row of a file: its timestamp as written, the same as an instant, and the count (None: not a number)."""

    written: str
    at: datetime
    count: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a budget must reach: False pages at most, recall and NAB standard score at least."""

    most_false: float | None = None
    least_recall: float
    least_nab: float | None = None

    def misses(self, figures: Figures) -> list[str]:
        """Return what was missed, in words."""
        missed = []
        if self.most_false is not None and (figures.false_pages_per_month or 0.0) > self.most_false:
            missed.append(f"false pages a month above {self.most_false}")
        if (figures.window_recall or 0.0) < self.least_recall:
            missed.append(f"window recall below {self.least_recall}")
        if self.least_nab is not None and (figures.nab_standard or 0.0) < self.least_nab:
            missed.append(f"NAB standard below {self.least_nab}")
        return missed


BARS = {"1": Bar(most_false=1.25, least_recall=0.60), "4": Bar(least_recall=0.80, least_nab=68.0)}


@dataclass(slots=True, kw_only=True)
class PageLatch:
    """One page an episode: pages when rarer than the budget, then stays silent until it was calm for long enough.

    Stands for an incident's life: calm is what the product calls so, more often a month than the budget times
    `watch_factor`, for `resolve_minutes`.
    """

    budget: float
    watch_factor: float
    calm_steps: int
    _is_open: bool = False
    _calm: int = 0

    def follow(self, episodes_a_month: float | None) -> bool:
        """Take a step into account and return whether it pages; an unknown step changes nothing."""
        if episodes_a_month is None:
            return False
        if self._is_open:
            self._calm = self._calm + 1 if episodes_a_month > self.budget * self.watch_factor else 0
            self._is_open = self._calm < self.calm_steps
            return False
        self._is_open, self._calm = episodes_a_month < self.budget, 0
        return self._is_open


def read_counts(path: Path) -> list[CountRow]:
    """Return the rows of a file with columns timestamp and value."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [
            CountRow(written=row["timestamp"], at=datetime.fromisoformat(row["timestamp"]), count=_number(row["value"]))
            for row in csv.DictReader(handle)
        ]


def pages_of(rows: Iterable[CountRow], budgets: Sequence[float]) -> Iterator[tuple[float, CountRow]]:
    """Yield each page as (budget, row), as soon as its row was read; rows missing between two are unknown steps."""
    settings = DetectorSettings()
    stream = VolumeStream(settings=settings, step_minutes=STEP_MINUTES)
    latches = [
        PageLatch(
            budget=budget,
            watch_factor=settings.watch_factor,
            calm_steps=int(settings.resolve_minutes) // STEP_MINUTES,
        )
        for budget in budgets
    ]
    previous: datetime | None = None
    for row in rows:
        started_at = row.at - (row.at - _GRID) % _STEP
        for missing in _missing(previous, started_at):
            stream.close(missing, None)
        reading = stream.close(started_at, row.count)
        for latch in latches:
            if latch.follow(reading.episodes_a_month(STEP_MINUTES)):
                yield latch.budget, row
        previous = started_at


def write_alarms(files: Mapping[str, Sequence[CountRow]], budgets: Sequence[float], path: Path) -> None:
    """Write `budget,file,timestamp`, one row a page, by budget, file and time."""
    found = {name: list(pages_of(rows, budgets)) for name, rows in files.items()}
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("budget", "file", "timestamp"))
        for budget in budgets:
            for name, pages in found.items():
                writer.writerows((f"{budget:g}", name, row.written) for paged, row in pages if paged == budget)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play, write, score, print, and return the exit status."""
    options = _options(arguments)
    paths = sorted(options.data.glob("realTweets/*.csv"))
    if not paths:
        print(f"{options.data}: holds no realTweets/*.csv", file=sys.stderr)
        return 2
    files = {path.name: read_counts(path) for path in paths}
    write_alarms(files, options.budgets, options.alarms_out)
    alarms = read_alarms(options.alarms_out)
    labelled = read_labelled(options.data, {name: [row.at for row in rows] for name, rows in files.items()})
    figures = {f"{budget:g}": score(labelled, alarms.get(f"{budget:g}", {})) for budget in options.budgets}
    _show(figures)
    held = {budget: bar.misses(figures[budget]) for budget, bar in BARS.items() if budget in figures}
    missed = [f"budget {budget}: {words}" for budget, all_words in held.items() for words in all_words]
    for line in missed:
        print(line, file=sys.stderr)
    if options.json:
        show_json({"benchmark": "nab", "budgets": {budget: asdict(each) for budget, each in figures.items()}})
    return 1 if missed and options.check else 0


def _show(figures: Mapping[str, Figures]) -> None:
    show(
        "NAB realTweets, counts alone, seen once and in order; no label used",
        ("budget", "pages", "false a month", "window recall", "strict recall", "precision", "NAB", "low FP", "low FN"),
        [
            (
                budget,
                str(each.pages),
                _rounded(each.false_pages_per_month, 2),
                _rounded(each.window_recall, 2),
                _rounded(each.strict_recall, 2),
                _rounded(each.page_precision, 2),
                _rounded(each.nab_standard, 1),
                _rounded(each.nab_low_fp, 1),
                _rounded(each.nab_low_fn, 1),
            )
            for budget, each in figures.items()
        ],
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Pages within a budget on the counts of ten real brands, scored by the rules of NAB.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with realTweets/*.csv and, to score, the labels"
    )
    parser.add_argument("--budgets", type=_budgets, default="0.5,1,2,4", help="false pages a month and brand")
    parser.add_argument("--alarms-out", type=Path, default=Path("alarms.csv"), help="file to write, one row a page")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON on the last line")
    parser.add_argument("--check", action="store_true", help="end with 1 where a bar is missed")
    return parser.parse_args(arguments)


def _budgets(text: str) -> list[float]:
    budgets = [float(part) for part in text.split(",")]
    if any(not 0 < budget < float("inf") for budget in budgets):
        raise argparse.ArgumentTypeError("a budget is a number above 0")
    return list(dict.fromkeys(budgets))


def _missing(previous: datetime | None, at: datetime) -> Iterator[datetime]:
    """Yield the starts of the steps between two rows that no row speaks of."""
    if previous is None:
        return
    step = max(previous, at - _LONGEST_GAP) + _STEP
    while step < at:
        yield step
        step += _STEP


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def _rounded(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


if __name__ == "__main__":
    raise SystemExit(main())
