"""The memory benchmark: its figures, and that it notices growth."""

from collections.abc import Callable
from typing import Any

import pytest

SMALL = ("--mentions", 1500, "--per-day", 500, "--marks", 3)


def test_memory_is_noted_at_even_distances(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("memory", *SMALL, "--allowed-mb", 500, "--json")
    assert ran.status == 0, ran.err
    figures = ran.figures
    assert set(figures) == {"benchmark", "marks", "growth_mb_per_100k", "allowed_mb"}
    # Patterns, rules and cases are read when first needed, once: measured 49 MB.
    assert figures["marks"][-1]["resident_mb"] - figures["marks"][0]["resident_mb"] < 64
    taken = [mark["mentions"] for mark in figures["marks"]]
    assert len(taken) == 4
    assert taken[0] == 0
    assert all(500 * number <= found < 500 * number + 500 for number, found in enumerate(taken[1:], start=1))


@pytest.mark.thorough
def test_growth_beyond_what_is_allowed_ends_with_1(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("memory", *SMALL, "--allowed-mb", -1000)
    assert ran.status == 1
    assert "memory grows" in ran.err
