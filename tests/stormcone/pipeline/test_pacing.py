import random
from datetime import timedelta

from stormcone.pipeline.pacing import PROBE_PAUSE, Pace
from tests.fakes import AT, at


def make_pace(poll_seconds: float = 60) -> Pace:
    return Pace(poll_seconds=poll_seconds, jitter=random.Random(7))


def waited(pace: Pace) -> float:
    assert pace.next_at is not None
    return (pace.next_at - AT).total_seconds()


def test_a_poll_that_took_long_does_not_slow_the_next() -> None:
    pace = make_pace()
    pace.answered(AT)
    assert not pace.is_due(at(0.99))
    assert pace.is_due(at(1))


def test_polls_that_begin_a_little_late_keep_to_their_grid() -> None:
    pace = make_pace()
    pace.answered(AT)
    for minute in range(1, 50):
        pace.answered(at(minute) + timedelta(seconds=4))
    assert waited(pace) == 50 * 60


def test_a_poll_that_missed_its_turn_altogether_begins_a_new_grid() -> None:
    pace = make_pace()
    pace.answered(AT)
    pace.answered(at(2.5))
    assert waited(pace) == 3.5 * 60


def test_a_hot_thread_quarters_the_interval_but_not_below_a_quarter_of_a_minute() -> None:
    for poll_seconds, expected in ((120, 30), (40, 15), (5, 5)):
        pace = make_pace(poll_seconds)
        pace.answered(AT, is_hot=True)
        assert waited(pace) == expected


def test_failures_are_tried_again_soon_then_at_the_interval_and_never_slower() -> None:
    pace = make_pace()
    waits = []
    for _ in range(6):
        pace.failed(AT)
        waits.append(waited(pace))
    assert all(abs(found / wanted - 1) <= 0.1 for found, wanted in zip(waits, (5, 10, 20, 40, 60, 60), strict=True))
    assert len(set(waits)) == 6


def test_a_success_forgets_the_failures() -> None:
    pace = make_pace()
    for _ in range(5):
        pace.failed(AT)
    pace.answered(AT)
    pace.failed(AT)
    assert waited(pace) < 6


def test_patience_that_was_asked_for_is_kept_and_a_little_more() -> None:
    pace = make_pace()
    until = AT + timedelta(seconds=900)
    assert until + timedelta(seconds=1) <= pace.throttled(AT, until) <= until + timedelta(seconds=15)


def test_patience_without_a_time_grows_to_a_quarter_of_an_hour() -> None:
    pace = make_pace(10)
    waits = [(pace.throttled(AT, None) - AT).total_seconds() for _ in range(8)]
    assert all(abs(found / wanted - 1) <= 0.1 for found, wanted in zip(waits[:4], (60, 120, 240, 480), strict=True))
    assert max(waits) <= 990


def test_a_refusal_is_probed_each_quarter_of_an_hour() -> None:
    pace = make_pace()
    pace.refused(AT)
    assert not pace.is_due(AT + PROBE_PAUSE - timedelta(seconds=1))
    assert pace.is_due(AT + PROBE_PAUSE)
    pace.hurry()
    assert pace.is_due(AT)
