"""The rules of the Numenta benchmark on small invented files, and against the reference scorer where it is at hand."""

import importlib.util
import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks.nab_scoring import LabelledFile, read_labelled, score

_FOLDERS = [parent / "shared" / "data" / "nab" for parent in Path(__file__).resolve().parents]
DATA = next((folder for folder in _FOLDERS if (folder / "nab_score.py").is_file()), None)

START = datetime(2026, 1, 1)  # noqa: DTZ001 - the benchmark's files name no zone
TIMES = tuple(START + timedelta(minutes=5 * row) for row in range(1000))
WINDOW = (400, 499)  # 100 rows; the first 150 rows of the file are on probation


def one_file(*windows: tuple[int, int], labels: tuple[int, ...] = ()) -> dict[str, LabelledFile]:
    return {"a.csv": LabelledFile(times=TIMES, windows=windows, labels=tuple(TIMES[row] for row in labels))}


def scored(*rows: int, windows: tuple[tuple[int, int], ...] = (WINDOW,), labels: tuple[int, ...] = ()) -> Any:
    return score(one_file(*windows, labels=labels), {"a.csv": [TIMES[row] for row in rows]})


def test_silence_is_worth_nothing() -> None:
    assert scored().nab_standard == pytest.approx(0.0)
    assert scored().window_recall == 0.0


def test_first_row_of_every_window_is_perfect() -> None:
    assert scored(400).nab_standard == pytest.approx(100.0)


def test_late_find_is_worth_less_than_an_early_one() -> None:
    early, late = scored(420).nab_standard, scored(490).nab_standard
    assert 50 < late < early < 100


def test_only_the_best_row_of_a_window_counts() -> None:
    assert scored(400, 450, 499).nab_standard == scored(400).nab_standard


def test_every_row_outside_costs_and_more_with_few_false_wanted() -> None:
    assert scored(400, 300).nab_standard == pytest.approx(100 - 5.5)
    assert scored(400, 300, 301).nab_standard == pytest.approx(100 - 11)
    assert scored(400, 300).nab_low_fp == pytest.approx(100 - 11)


def test_row_just_after_a_window_costs_less_than_one_far_away() -> None:
    assert scored(400, 505).nab_standard > scored(400, 900).nab_standard + 4


def test_rows_on_probation_are_ignored() -> None:
    assert scored(10, 149) == scored()
    assert scored(150) != scored()


def test_rows_less_than_six_hours_apart_are_one_page() -> None:
    assert scored(600, 640, 712).pages == 1
    assert scored(600, 673).pages == 2


def test_false_pages_are_per_month_outside_windows() -> None:
    months = (1000 - 150 - 100) * 5 / (30 * 24 * 60)
    assert scored(300, 450).false_pages_per_month == pytest.approx(1 / months)
    assert scored(300, 450).page_precision == pytest.approx(0.5)


def test_strict_recall_wants_an_alarm_near_the_label() -> None:
    assert scored(438, labels=(450,)).strict_recall == 1.0
    assert scored(437, labels=(450,)).strict_recall == 0.0
    assert scored(487, labels=(450,)).strict_recall == 0.0


def test_without_labels_nothing_is_claimed() -> None:
    figures = scored(300, windows=())
    assert (figures.window_recall, figures.nab_standard, figures.strict_recall) == (None, None, None)
    assert figures.false_pages_per_month is not None


def test_alarm_that_is_no_row_is_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        score(one_file(WINDOW), {"a.csv": [START + timedelta(minutes=3)]})


def test_windows_beyond_a_file_cut_short_are_left_out(tmp_path: Path) -> None:
    windows = {"realTweets/a.csv": [[str(TIMES[400]), str(TIMES[499])], [str(TIMES[700]), str(TIMES[799])]]}
    (tmp_path / "combined_windows.json").write_text(json.dumps(windows))
    files = read_labelled(tmp_path, {"a.csv": TIMES[:450]})
    assert files["a.csv"].windows == ((400, 449),)
    assert files["a.csv"].labels == ()


@pytest.fixture
def reference() -> ModuleType:
    if DATA is None:
        pytest.skip("no shared/data/nab/nab_score.py beside or above the repository")
    pytest.importorskip("pandas", reason="the reference scorer needs pandas")
    spec = importlib.util.spec_from_file_location("nab_reference", DATA / "nab_score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.real_data
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_agrees_with_the_reference_scorer_on_random_alarms(reference: ModuleType, seed: int) -> None:
    assert DATA is not None
    data, rng = reference.load(str(DATA)), random.Random(seed)
    times = {name: [datetime.fromisoformat(str(at)[:19]) for at in each["ts"]] for name, each in data.items()}
    alarms = {name: sorted(rng.sample(rows, 5**seed)) for name, rows in times.items()}
    expected = reference.score([(name, str(at)) for name, rows in alarms.items() for at in rows], data)
    found = score(read_labelled(DATA, times), alarms)
    assert found.nab_standard == pytest.approx(expected["nab_standard"], abs=1e-9)
    assert found.nab_low_fp == pytest.approx(expected["nab_reward_low_FP_rate"], abs=1e-9)
    assert found.nab_low_fn == pytest.approx(expected["nab_reward_low_FN_rate"], abs=1e-9)
    assert found.false_pages_per_month == pytest.approx(expected["false_pages_per_month"])
    assert found.window_recall == pytest.approx(expected["window_recall"])
    assert found.strict_recall == pytest.approx(expected["strict_recall"])
    assert found.page_precision == pytest.approx(expected["page_precision"])
