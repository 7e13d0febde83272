"""The memory benchmark: its figures, and that it notices growth."""

from collections.abc import Callable
from typing import Any

SMALL = ("--mentions", 6000, "--per-day", 2000, "--marks", 3)


def test_memory_is_noted_at_even_distances(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("memory", *SMALL, "--allowed-mb", 500, "--json")
    assert ran.status == 0, ran.err
    figures = ran.figures
    assert set(figures) == {"benchmark", "marks", "growth_mb_per_100k", "allowed_mb"}
    taken = [mark["mentions"] for mark in figures["marks"]]
    assert len(taken) == 4
    assert taken[0] == 0
    assert all(2000 * number <= found < 2000 * number + 500 for number, found in enumerate(taken[1:], start=1))


def test_few_thousand_mentions_cost_a_few_megabytes(run_benchmark: Callable[..., Any]) -> None:
    # Measured 29 MB: patterns of phrases are compiled when their first word is met, once.
    marks = run_benchmark("memory", *SMALL, "--allowed-mb", 500, "--json").figures["marks"]
    assert marks[-1]["resident_mb"] - marks[0]["resident_mb"] < 48


def test_growth_beyond_what_is_allowed_ends_with_1(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("memory", *SMALL, "--allowed-mb", -1000)
    assert ran.status == 1
    assert "memory grows" in ran.err
