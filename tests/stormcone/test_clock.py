import time
from datetime import UTC, datetime, timedelta

import pytest

from stormcone.clock import DrillClock, ManualClock, SystemClock
from tests.fakes import AT, at


def test_the_machines_clock_speaks_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_manual_clock_stands_still_until_moved_and_never_runs_back() -> None:
    clock = ManualClock(AT)
    assert (clock.now(), clock.now()) == (AT, AT)
    clock.move_to(at(5))
    clock.move_to(at(5))
    with pytest.raises(ValueError, match="a clock does not run backwards"):
        clock.move_to(at(4.99))
    assert clock.now() == at(5)


def drill(real_start: float, *, speed: float = 60.0, minutes: float = 600) -> DrillClock:
    return DrillClock(real_start=real_start, simulated_start=AT, simulated_end=at(minutes), speed=speed)


def test_a_drills_clock_runs_as_many_times_as_fast() -> None:
    now = drill(time.time() - 60).now()
    assert timedelta(0) <= now - at(60) < timedelta(minutes=30)


def test_a_drills_clock_stands_still_at_its_end_and_before_its_start() -> None:
    assert drill(0.0).now() == at(600)
    assert drill(time.time() + 1_000).now() == AT


def test_two_processes_that_know_the_same_numbers_agree() -> None:
    start = time.time() - 30
    first, second = drill(start, speed=1.0), drill(start, speed=1.0)
    assert abs(second.now() - first.now()) < timedelta(seconds=10)
    assert first == second
