"""The replay benchmark: its figures, its floor, and that the pipeline has not become slow."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMALL = ("--mentions", 6000, "--hours", 1, "--days", 0.1)


@pytest.mark.thorough
def test_whole_pipeline_keeps_its_share_of_vaders_speed(run_benchmark: Callable[..., Any]) -> None:
    # Measured 0.064 to 0.072 beside a dozen other processes, which cost the pipeline more than they cost VADER.
    ran = run_benchmark("replay", *SMALL, "--floor", 0.03, "--json")
    assert ran.status == 0, ran.err
    dense = ran.figures["inputs"]["dense"]
    assert dense["ratio"] >= 0.03


def test_json_holds_the_stated_figures_of_both_inputs(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("replay", "--mentions", 300, "--hours", 1, "--days", 0.1, "--rounds", 1, "--floor", 0, "--json")
    figures = ran.figures
    assert set(figures) == {"benchmark", "rounds", "floor", "aim", "inputs"}
    assert figures["aim"] == 0.5
    assert set(figures["inputs"]) == {"dense", "sparse"}
    for speed in figures["inputs"].values():
        assert set(speed) == {"mentions", "characters_mean", "vader_per_second", "pipeline_per_second", "ratio"}
        assert speed["mentions"] > 50
        assert speed["ratio"] == pytest.approx(speed["pipeline_per_second"] / speed["vader_per_second"], rel=0.05)


@pytest.mark.thorough
def test_ratio_below_the_floor_ends_with_1(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("replay", "--mentions", 300, "--hours", 1, "--days", 0.1, "--rounds", 1, "--floor", 5)
    assert ran.status == 1
    assert "below the floor of 5" in ran.err


def test_own_file_is_measured_instead_of_invented_mentions(run_benchmark: Callable[..., Any], tmp_path: Path) -> None:
    row = {"platform": "x", "brand": "Ann's", "text": "The invented kettle leaks again.", "author": "someone"}
    rows = [{**row, "id": str(number), "created_at": f"2026-03-02T06:{number:02}:00Z"} for number in range(40)]
    file = tmp_path / "own.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    ran = run_benchmark("replay", "--file", file, "--rounds", 1, "--floor", 0, "--json")
    assert ran.status == 0, ran.err
    assert list(ran.figures["inputs"]) == ["file"]
    assert ran.figures["inputs"]["file"]["mentions"] == 40
    assert ran.figures["inputs"]["file"]["characters_mean"] == len(row["text"])
