"""The rules of the Numenta Anomaly Benchmark, and the figures a person on call asks for, from alarm rows and labels.

Used by benchmarks/nab.py after all alarms were raised. The only part that reads labels; never raises an alarm.
Rules: nab/sweeper.py and nab/runner.py of github.com/numenta/NAB (Lavin and Ahmad 2015), implemented anew.
"""

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

MERGED_HOURS = 6.0  # alarm rows closer than this are one page
_PROBATION_SHARE, _PROBATION_ROWS = 0.15, 750
_EARLY, _LATE = timedelta(hours=1), timedelta(hours=3)  # an alarm this near to a label found it, strictly speaking
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a find, a miss and a row outside the windows weigh."""

    found: float
    missed: float
    outside: float


STANDARD = Profile(found=1.0, missed=1.0, outside=0.11)
LOW_FALSE = Profile(found=1.0, missed=1.0, outside=0.22)
LOW_MISSED = Profile(found=1.0, missed=2.0, outside=0.11)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFile:
    """Rows of one file and its labels.

    times: of all rows, ascending. windows: first and last row of each, in order. labels: instants in the windows.
    """

    times: tuple[datetime, ...]
    windows: tuple[tuple[int, int], ...]
    labels: tuple[datetime, ...] = ()

    @property
    def probation(self) -> int:
        """Rows at the beginning that do not count."""
        return min(int(_PROBATION_SHARE * len(self.times)), _PROBATION_ROWS)

    def window_of(self, row: int) -> int | None:
        """Return the number of the window a row lies in."""
        return next((number for number, (first, last) in enumerate(self.windows) if first <= row <= last), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a set of alarms is worth; None where there is nothing to divide by, as without labels.

    false_pages_per_month: pages that start outside windows, per file and 30 days outside windows. window_recall:
    windows with an alarm row. strict_recall: labels with an alarm row from 1 h before to 3 h after. nab_*: 100 is
    perfect, 0 is a detector that never speaks.
    """

    false_pages_per_month: float | None
    window_recall: float | None
    strict_recall: float | None
    page_precision: float | None
    nab_standard: float | None
    nab_low_fp: float | None
    nab_low_fn: float | None
    pages: int


def read_labelled(data: Path, names: Mapping[str, Sequence[datetime]]) -> dict[str, LabelledFile]:
    """Return the files with their windows and labels.

    Args: data: folder with combined_windows.json and combined_labels.json; a missing one says there are none.
    names: rows of each file by its name. Windows outside the rows, as of a file cut short, are left out.
    """
    windows = _read_by_name(data / "combined_windows.json")
    labels = _read_by_name(data / "combined_labels.json")
    return {
        name: LabelledFile(
            times=tuple(times),
            windows=tuple(_rows_of_windows(times, windows.get(name, ()))),
            labels=tuple(at for at in map(_instant, labels.get(name, ())) if times and times[0] <= at <= times[-1]),
        )
        for name, times in names.items()
    }


def read_alarms(path: Path) -> dict[str, dict[str, list[datetime]]]:
    """Return the instants of the alarms by budget and file."""
    alarms: dict[str, dict[str, list[datetime]]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            alarms.setdefault(row["budget"], {}).setdefault(row["file"], []).append(_instant(row["timestamp"]))
    return alarms


def score(files: Mapping[str, LabelledFile], alarms: Mapping[str, Sequence[datetime]]) -> Figures:
    """Return the figures of alarms, which are instants of rows by file name.

    Raises: ValueError: an alarm is no row of its file.
    """
    rows = {name: _rows(file, alarms.get(name, ())) for name, file in files.items()}
    outside, inside, months = 0, 0, 0.0
    found = windows = strict = labels = 0
    for name, file in files.items():
        pages = [file.window_of(row) for row in _page_starts(file, rows[name])]
        outside, inside = outside + pages.count(None), inside + len(pages) - pages.count(None)
        months += _months_outside(file)
        found += len({file.window_of(row) for row in rows[name]} - {None})
        windows += len(file.windows)
        strict += sum(_is_found(file, rows[name], label) for label in file.labels)
        labels += len(file.labels)
    return Figures(
        false_pages_per_month=_ratio(outside, months),
        window_recall=_ratio(found, windows),
        strict_recall=_ratio(strict, labels),
        page_precision=_ratio(inside, inside + outside),
        nab_standard=nab_score(files, rows, STANDARD),
        nab_low_fp=nab_score(files, rows, LOW_FALSE),
        nab_low_fn=nab_score(files, rows, LOW_MISSED),
        pages=inside + outside,
    )


def nab_score(
    files: Mapping[str, LabelledFile], rows: Mapping[str, Sequence[int]], profile: Profile = STANDARD
) -> float | None:
    """Return the benchmark's score of alarm rows: 100 perfect, 0 silent; None where there is no window."""
    windows = sum(len(file.windows) for file in files.values())
    if not windows:
        return None
    raw = sum(_raw_score(file, rows[name], profile) for name, file in files.items())
    silent, perfect = -profile.missed * windows, profile.found * windows
    return 100 * (raw - silent) / (perfect - silent)


def _raw_score(file: LabelledFile, rows: Sequence[int], profile: Profile) -> float:
    """A window earns its best row or costs a miss; every row outside costs, less just after a window."""
    best: dict[int, float] = {}
    cost = 0.0
    for row in rows:
        window = file.window_of(row)
        if window is None:
            cost += profile.outside * _worth_outside(file, row)
            continue
        first, last = file.windows[window]
        earned = _sigmoid(-(last - row + 1) / (last - first + 1)) / _sigmoid(-1.0)
        best[window] = max(best.get(window, -1.0), earned)
    return profile.found * sum(best.values()) - profile.missed * (len(file.windows) - len(best)) + cost


def _worth_outside(file: LabelledFile, row: int) -> float:
    before = [(first, last) for first, last in file.windows if last < row]
    if not before:
        return -1.0
    first, last = before[-1]
    return _sigmoid((row - last) / max(1, last - first))


def _sigmoid(position: float) -> float:
    """Worth of a row at a position: 0 at a window's end, nearly 1 at its start (-1), -1 from three widths on."""
    return -1.0 if position > 3 else 2 / (1 + math.exp(5 * position)) - 1


def _rows(file: LabelledFile, instants: Sequence[datetime]) -> list[int]:
    """Return the rows of the instants, ascending, without those on probation."""
    number = {at: row for row, at in reversed(list(enumerate(file.times)))}
    strangers = [at for at in instants if at not in number]
    if strangers:
        raise ValueError(f"alarm at {strangers[0]} is no row of the data")
    return sorted(row for row in {number[at] for at in instants} if row >= file.probation)


def _page_starts(file: LabelledFile, rows: Sequence[int]) -> list[int]:
    """Return the rows that start a page: none was raised in the hours before."""
    merged = timedelta(hours=MERGED_HOURS)
    return [
        row
        for position, row in enumerate(rows)
        if position == 0 or file.times[row] - file.times[rows[position - 1]] > merged
    ]


def _months_outside(file: LabelledFile) -> float:
    if len(file.times) < 2:
        return 0.0
    inside = sum(max(0, last - max(first, file.probation) + 1) for first, last in file.windows)
    return (len(file.times) - file.probation - inside) * ((file.times[1] - file.times[0]) / _MONTH)


def _is_found(file: LabelledFile, rows: Sequence[int], label: datetime) -> bool:
    return any(-_EARLY <= file.times[row] - label <= _LATE for row in rows)


def _rows_of_windows(times: Sequence[datetime], windows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    bounds = sorted((_instant(start), _instant(end)) for start, end in windows)
    inside = [[row for row, at in enumerate(times) if start <= at <= end] for start, end in bounds]
    return [(rows[0], rows[-1]) for rows in inside if rows]


def _read_by_name(path: Path) -> dict[str, Any]:
    """Return what the benchmark's JSON says of each file, by the file's name without its folder."""
    by_path = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {Path(key).name: found for key, found in by_path.items()}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
