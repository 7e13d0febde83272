"""The benchmark of counts: sees the past only, knows no label, pages once an episode, keeps its bars on real data."""

import csv
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.nab import BARS, PageLatch, main, pages_of, read_counts

_FOLDERS = [parent / "shared" / "data" / "nab" for parent in Path(__file__).resolve().parents]
DATA = next((folder for folder in _FOLDERS if (folder / "realTweets").is_dir()), None)

START = datetime(2026, 3, 2, 0, 2, 53)  # noqa: DTZ001 - the benchmark's files name no zone
ROWS, STORMS = 3000, (1500, 2400)


def invent(folder: Path, *, rows: int = ROWS, with_labels: bool = True) -> Path:
    """Two invented brands with two storms each, in the benchmark's layout."""
    (folder / "realTweets").mkdir(parents=True)
    windows, labels = {}, {}
    for name, level in (("Invented_loud.csv", 30), ("Invented_quiet.csv", 2)):
        rng = random.Random(level)
        lines = ["timestamp,value"]
        for row in range(ROWS):
            storm = any(at <= row < at + 20 for at in STORMS)
            count = sum(rng.random() < 0.1 for _ in range(level * 10)) * (12 if storm else 1)
            lines.append(f"{START + timedelta(minutes=5 * row)},{count}")
        (folder / "realTweets" / name).write_text("\n".join(lines[: rows + 1]) + "\n")
        times = [str(START + timedelta(minutes=5 * row)) for row in range(ROWS)]
        windows[f"realTweets/{name}"] = [[times[at - 50], times[at + 150]] for at in STORMS]
        labels[f"realTweets/{name}"] = [times[at] for at in STORMS]
    if with_labels:
        (folder / "combined_windows.json").write_text(json.dumps(windows))
        (folder / "combined_labels.json").write_text(json.dumps(labels))
    return folder


def alarms(data: Path) -> list[tuple[str, str, str]]:
    out = data / "alarms.csv"
    assert main(["--data", str(data), "--budgets", "1,4", "--alarms-out", str(out)]) == 0
    with out.open(newline="") as handle:
        return [(row["budget"], row["file"], row["timestamp"]) for row in csv.DictReader(handle)]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return invent(tmp_path_factory.mktemp("nab") / "data")


@pytest.fixture(scope="module")
def whole(invented: Path) -> list[tuple[str, str, str]]:
    return alarms(invented)


def test_storms_of_both_brands_are_paged_once_each(whole: list[tuple[str, str, str]]) -> None:
    for name in ("Invented_loud.csv", "Invented_quiet.csv"):
        rows = [
            int((datetime.fromisoformat(at) - START) / timedelta(minutes=5))
            for budget, file, at in whole
            if (budget, file) == ("1", name)
        ]
        for storm in STORMS:
            assert len([row for row in rows if storm <= row < storm + 60]) == 1


@pytest.mark.parametrize("rows", [2405, 2410, 1510])
def test_cutting_files_short_changes_no_earlier_row(
    tmp_path: Path, whole: list[tuple[str, str, str]], rows: int
) -> None:
    end = str(START + timedelta(minutes=5 * rows))
    earlier = [alarm for alarm in whole if alarm[2] < end]
    assert earlier
    assert len(earlier) < len(whole) or rows > STORMS[1]
    assert alarms(invent(tmp_path / "cut", rows=rows)) == earlier


def test_removing_labels_changes_no_row(tmp_path: Path, whole: list[tuple[str, str, str]]) -> None:
    assert alarms(invent(tmp_path / "blind", with_labels=False)) == whole


def test_a_page_is_raised_before_the_next_row_is_read(invented: Path) -> None:
    taken = 0

    def one_by_one() -> Any:
        nonlocal taken
        for row in read_counts(invented / "realTweets" / "Invented_loud.csv"):
            taken += 1
            yield row, taken

    seen = [(at, taken) for _, at in pages_of((row for row, _ in one_by_one()), [1.0])]
    assert seen
    for row, read in seen:
        assert (row.at - START) / timedelta(minutes=5) == read - 1


def test_missing_rows_and_values_are_unknown_steps(tmp_path: Path) -> None:
    path = invent(tmp_path / "gaps") / "realTweets" / "Invented_loud.csv"
    lines = path.read_text().splitlines()
    lines[1000] = lines[1000].split(",")[0] + ",nan"
    lines[1001] = lines[1001].split(",")[0] + ","
    path.write_text("\n".join(lines[:1100] + lines[1200:]) + "\n")
    found = [row.at for _, row in pages_of(read_counts(path), [1.0])]
    assert any(START + timedelta(minutes=5 * STORMS[0]) <= at for at in found)
    assert not any(990 <= (at - START) / timedelta(minutes=5) < 1250 for at in found)


def test_latch_pages_once_until_it_was_calm_long_enough() -> None:
    latch = PageLatch(budget=1.0, watch_factor=60, calm_steps=2)
    rates = [None, 5.0, 0.5, 0.1, None, 100.0, 30.0, 100.0, 100.0, 0.5]
    assert [latch.follow(rate) for rate in rates] == [False, False, True, *[False] * 6, True]


def test_last_line_is_json_by_budget(run_benchmark: Callable[..., Any], invented: Path, tmp_path: Path) -> None:
    ran = run_benchmark("nab", "--data", invented, "--budgets", "0.5,1", "--alarms-out", tmp_path / "a.csv", "--json")
    assert ran.status == 0, ran.err
    assert set(ran.figures["budgets"]) == {"0.5", "1"}
    assert ran.figures["budgets"]["1"]["window_recall"] == 1.0
    assert {"false_pages_per_month", "nab_standard"} <= set(ran.figures["budgets"]["1"])


def test_folder_without_counts_is_an_error(run_benchmark: Callable[..., Any], tmp_path: Path) -> None:
    ran = run_benchmark("nab", "--data", tmp_path, "--alarms-out", tmp_path / "a.csv")
    assert ran.status == 2
    assert "realTweets" in ran.err


@pytest.mark.real_data
@pytest.mark.skipif(DATA is None, reason="no folder shared/data/nab beside or above the repository")
def test_bars_hold_on_ten_real_brands(run_benchmark: Callable[..., Any], tmp_path: Path) -> None:
    assert set(BARS) == {"1", "4"}
    ran = run_benchmark("nab", "--data", DATA, "--budgets", "1,4", "--alarms-out", tmp_path / "a.csv", "--check")
    assert ran.status == 0, ran.err
