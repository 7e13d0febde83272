"""A stream of counts alone: warms up, finds storms rare, keeps unknown steps out, and never looks ahead."""

import random
from datetime import datetime, timedelta

from analysis.volume_stream import VolumeReading, VolumeStream
from stormcone.config import DetectorSettings

STEPS_A_DAY = 288
START = datetime(2026, 3, 2)  # noqa: DTZ001 - local time of the brand


def ordinary(days: float, *, seed: int = 1, level: float = 5.0) -> list[float | None]:
    rng = random.Random(seed)
    return [float(sum(rng.random() < 0.1 for _ in range(int(level * 10)))) for _ in range(int(days * STEPS_A_DAY))]


def play(counts: list[float | None]) -> list[VolumeReading]:
    stream = VolumeStream(settings=DetectorSettings(), step_minutes=5)
    return [stream.close(START + timedelta(minutes=5 * step), count) for step, count in enumerate(counts)]


def test_first_day_is_unknown_not_calm() -> None:
    readings = play(ordinary(2))
    assert all(reading.storm_rate is None for reading in readings[: STEPS_A_DAY - 1])
    assert all(reading.storm_rate is not None for reading in readings[STEPS_A_DAY + 12 :])


def test_storm_is_rarer_than_a_page_a_month_within_half_an_hour() -> None:
    counts = [*ordinary(5), *[60.0] * 6]
    assert min(reading.episodes_a_month(5) or 0.0 for reading in play(counts)[-6:]) < 1.0


def test_ordinary_days_are_hardly_ever_rare() -> None:
    rates = [reading.episodes_a_month(5) for reading in play(ordinary(30, seed=4))]
    assert sum(rate is not None and rate < 1.0 for rate in rates) <= 2


def test_blip_of_one_step_is_less_than_a_crowd_that_stays() -> None:
    history = ordinary(5)
    blip, crowd = play([*history, 30.0, 5.0, 5.0, 5.0])[-1], play([*history, 30.0, 30.0, 30.0, 30.0])[-1]
    assert crowd.storm_score > 2 * blip.storm_score


def test_unknown_steps_are_neither_storm_nor_calm() -> None:
    history = ordinary(5)
    gap = play([*history, *[None] * 12])
    assert all(reading.storm_rate is None for reading in gap[-12:])
    silent, unknown = play([*history, *[0.0] * 288, 5.0])[-1], play([*history, *[None] * 288, 5.0])[-1]
    assert unknown.usual > 2 * silent.usual


def test_storm_right_after_a_gap_is_still_seen() -> None:
    counts = [*ordinary(5), *[None] * 24, *[60.0] * 4]
    assert (play(counts)[-1].episodes_a_month(5) or 999.0) < 1.0


def test_few_counts_are_no_history() -> None:
    counts: list[float | None] = [*[0.0] * (3 * STEPS_A_DAY), 6.0]
    assert play(counts)[-1].storm_rate is None


def test_later_counts_never_change_earlier_readings() -> None:
    counts = ordinary(4)
    assert play([*counts, *[500.0] * 50])[: len(counts)] == play(counts)


def test_storm_does_not_become_the_norm() -> None:
    readings = play([*ordinary(5), *[100.0] * 36, 5.0])
    assert readings[-1].usual < 15
