"""The brand's stream: storms surprise, gaps and edges do not, looking changes nothing."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from analysis.season import HourOfWeek
from analysis.stream import BrandStream, StreamReading
from stormcone.config import DetectorSettings
from tests.analysis.simulator import poisson

START = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=5)
DAY = 288
SETTINGS = DetectorSettings()


def make_stream(zone: str = "UTC") -> BrandStream:
    return BrandStream(settings=SETTINGS, zone=ZoneInfo(zone), step_minutes=5)


def hear(stream: BrandStream, at: datetime, voices: float, *, share: float = 0.25) -> bool:
    """Put voices into the step at an instant; False where the stream no longer takes them."""
    step = stream.step_at(at)
    if step is None:
        return False
    step.mentions += voices
    step.voices += voices
    step.against += share * voices
    return True


def run(
    stream: BrandStream, start: datetime, steps: int, *, mean: float = 2.0, share: float = 0.25, seed: int = 1
) -> list[StreamReading]:
    """Let so many steps pass with Poisson voices."""
    rng = random.Random(seed)
    readings = []
    for number in range(steps):
        at = start + number * STEP
        hear(stream, at, poisson(rng, mean), share=share)
        readings += [stream.close(index) for index in stream.due(at + STEP)]
    return readings


def settled(zone: str = "UTC", days: int = 4) -> BrandStream:
    stream = make_stream(zone)
    run(stream, START, days * DAY)
    return stream


def rate_of(reading: StreamReading) -> float:
    assert reading.storm_rate is not None
    return reading.storm_rate


def test_nothing_heard_means_nothing_due() -> None:
    assert not make_stream().due(START)


def test_first_day_is_warming_up_and_then_a_calm_stream_is_everyday() -> None:
    readings = run(make_stream(), START, 4 * DAY)
    assert all(reading.is_warming_up for reading in readings[: DAY - 6])
    assert not any(reading.is_warming_up for reading in readings[DAY + 24 :])  # the first hour was an edge
    calm = [rate_of(reading) for reading in readings[2 * DAY :]]
    assert sum(rate == 1.0 for rate in calm) > 0.9 * len(calm)
    assert min(calm) * 8640 > 0.5  # nothing as rare as a page at budget 1


def test_short_memory_of_the_level_still_ends_the_warm_up() -> None:
    settings = DetectorSettings(level_half_life_hours=2)
    stream = BrandStream(settings=settings, zone=ZoneInfo("UTC"), step_minutes=5)
    assert not run(stream, START, 2 * DAY)[-1].is_warming_up


def test_few_voices_are_no_history_however_long_it_lasted() -> None:
    readings = run(make_stream(), START, 3 * DAY, mean=0.01)
    assert all(reading.is_warming_up for reading in readings)


def test_angry_surge_is_rare_and_rarer_than_a_friendly_one() -> None:
    angry, friendly = settled(), settled()
    at = START + 4 * DAY * STEP
    angry_rate = rate_of(run(angry, at, 6, mean=14, share=0.8)[-1])
    friendly_rate = rate_of(run(friendly, at, 6, mean=14, share=0.1)[-1])
    assert angry_rate * 8640 < 0.01
    assert angry_rate < friendly_rate / 10


def test_gap_is_unknown_and_teaches_neither_level_nor_tail() -> None:
    stream, untouched = settled(), settled()
    at = START + 4 * DAY * STEP
    stream.mark_unknown(at, at + DAY * STEP)
    readings = [stream.close(index) for index in stream.due(at + DAY * STEP)]
    assert readings[-1].unknown_share == 1.0
    assert all(reading.storm_score == 0.0 for reading in readings[30:])
    later = at + (DAY + 8) * STEP
    assert stream.baseline.expect(HourOfWeek.of(later)).mean == pytest.approx(
        untouched.baseline.expect(HourOfWeek.of(later)).mean, rel=0.05
    )
    # The six steps that were not learned yet when the gap began make the small difference.
    assert stream._tail.rate(4.0) == pytest.approx(untouched._tail.rate(4.0), rel=0.05)


def test_silence_that_was_collected_is_zero_and_lowers_the_level() -> None:
    stream = settled()
    at = START + 4 * DAY * STEP
    before = stream.baseline.expect(HourOfWeek.of(at)).mean
    for index in stream.due(at + 2 * DAY * STEP):
        stream.close(index)
    assert stream.baseline.expect(HourOfWeek.of(at)).mean < before / 2


@pytest.mark.parametrize(
    ("start_minute", "end_minute", "unknown"),
    [(0, 5, 1), (0, 2, 0), (2, 3, 0), (1, 4.5, 1), (3, 6, 0), (3, 13, 2), (2, 13, 3), (0, 60, 12), (4, 4, 0)],
)
def test_only_steps_mostly_inside_a_gap_are_unknown(start_minute: float, end_minute: float, unknown: int) -> None:
    stream = make_stream()
    hear(stream, START, 1)
    stream.mark_unknown(START + timedelta(minutes=start_minute), START + timedelta(minutes=end_minute))
    assert sum(step.is_unknown for step in stream._book.last(stream.index_of(START) + 20, 30)) == unknown


def test_late_mention_finds_its_step() -> None:
    stream = settled()
    at = START + 4 * DAY * STEP
    before = stream.look(at + timedelta(minutes=1))
    assert hear(stream, at - 2 * STEP, 30)
    after = stream.look(at + timedelta(minutes=1))
    assert after.window.voices >= 30
    assert rate_of(after) < rate_of(before) / 100


def test_mention_older_than_what_is_kept_is_refused_and_flagged() -> None:
    stream = settled()
    assert not stream.missed_history
    assert not hear(stream, START, 1)
    assert stream.missed_history


def test_backfill_before_the_first_close_is_learned() -> None:
    stream = make_stream()
    hear(stream, START + 3 * DAY * STEP, 2)
    rng = random.Random(1)
    for number in reversed(range(3 * DAY)):
        assert hear(stream, START + number * STEP, poisson(rng, 2.0))
    for index in stream.due(START + 3 * DAY * STEP):
        stream.close(index)
    assert not stream.missed_history
    assert stream.baseline.expect(HourOfWeek.of(START)).mean == pytest.approx(2.0, rel=0.25)
    assert not stream.look(START + 3 * DAY * STEP).is_warming_up


def test_edge_of_a_collection_is_no_storm() -> None:
    stream = make_stream()
    run(stream, START, 3 * DAY, mean=0.01)
    readings = run(stream, START + 3 * DAY * STEP, DAY // 2, mean=9, share=0.6)
    assert all(reading.is_warming_up for reading in readings[12:])
    assert all(reading.storm_rate is None or reading.storm_rate * 8640 > 15 for reading in readings)


def test_storm_after_real_history_is_no_edge() -> None:
    stream = settled()
    assert rate_of(run(stream, START + 4 * DAY * STEP, 12, mean=60, share=0.8)[-1]) * 8640 < 0.001


def test_looking_a_hundred_times_changes_no_later_reading() -> None:
    looked, left_alone = settled(), settled()
    at = START + 4 * DAY * STEP
    for stream in (looked, left_alone):
        hear(stream, at + timedelta(minutes=1), 9, share=0.7)
    for second in range(100):
        looked.look(at + timedelta(minutes=1, seconds=second))
    assert run(looked, at, 40, mean=3) == run(left_alone, at, 40, mean=3)


def test_look_sees_a_storm_before_its_step_ends() -> None:
    stream = settled()
    at = START + 4 * DAY * STEP
    hear(stream, at + timedelta(minutes=1), 45, share=0.8)
    reading = stream.look(at + timedelta(minutes=2))
    assert reading.step is None
    assert rate_of(reading) * 8640 < 0.5


def test_silence_of_years_is_closed_in_bounded_work() -> None:
    stream = settled()
    assert len(stream.due(START + timedelta(days=900))) == 28 * DAY
    assert len(stream.due(START + 4 * DAY * STEP + timedelta(days=2))) == 2 * DAY


def test_memory_is_bounded_by_a_day() -> None:
    assert len(settled(days=6)._book) <= DAY + 2


@pytest.mark.parametrize("change", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_clock_change_neither_loses_nor_repeats_a_step(change: datetime) -> None:
    stream = make_stream("Europe/Helsinki")
    readings = run(stream, change - timedelta(days=3), 5 * DAY)
    ends = [reading.at for reading in readings]
    assert all(later - earlier == STEP for earlier, later in pairwise(ends))
    assert min(rate_of(reading) for reading in readings[2 * DAY :]) * 8640 > 0.5


def test_step_reading_holds_what_was_expected_before_it_was_learned() -> None:
    stream = settled()
    at = START + 4 * DAY * STEP
    expected = stream.baseline.expect(HourOfWeek.of(at))
    hear(stream, at, 50)
    reading = stream.close(stream.index_of(at))
    assert reading.step is not None
    assert (reading.step.voices, reading.step.minutes) == (50, 5)
    assert reading.step.usual_voices == expected.mean
