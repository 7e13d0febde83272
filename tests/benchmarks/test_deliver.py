"""Latencies of a small storm, measured as a person measures them; how long they take is the machine's business."""

from collections.abc import Callable
from typing import Any


def test_every_notice_of_a_small_storm_arrives_and_bad_receivers_delay_nobody(
    run_benchmark: Callable[..., Any],
) -> None:
    ran = run_benchmark("deliver", "--notices", 5, "--incidents", 25, "--storm-seconds", 2, "--json")
    figures = ran.figures
    assert figures["left"] == 0, ran.out + ran.err
    assert (figures["storm_incidents"], figures["storm_pages"]) == (25, 7)  # six one by one, the rest in a summary
    waits = [value for name, value in figures.items() if name.endswith("_seconds")]
    assert len(waits) == 4
    assert all(0 < wait < 60 for wait in waits)
