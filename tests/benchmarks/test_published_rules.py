"""Rules of other products, on hand-made streams: each fires where its own definition says, and looks back only."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.published_rules import RULES, Collected, Past, RuleOutcome, judge

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY = 60, 1440
SPIKE = 5 * DAY  # the minute at which it begins
MINUTES = SPIKE + 12 * HOUR


def past_of(counts: Mapping[int, int], *, negative: Mapping[int, int] | None = None, minutes: int = MINUTES) -> Past:
    """Every minute's mentions, and how many of them are negative."""
    seen = [
        Collected(seen_at=START + timedelta(minutes=minute), is_negative=number < (negative or {}).get(minute, 0))
        for minute, count in counts.items()
        for number in range(count)
    ]
    return Past(seen, starts_at=START, minutes=minutes)


def steady(per_hour: int) -> dict[int, int]:
    """Evenly spread mentions, with hours that differ by two."""
    counts: dict[int, int] = {}
    for hour in range(MINUTES // HOUR):
        count = per_hour + (1, -1)[hour % 2]
        for number in range(count):
            minute = hour * HOUR + number * HOUR // count
            counts[minute] = counts.get(minute, 0) + 1
    return counts


def with_spike(per_hour: int, times: float, *, hours: int = 2) -> dict[int, int]:
    counts = steady(per_hour)
    for number in range(round(per_hour * (times - 1) * hours)):
        minute = SPIKE + number * hours * HOUR // round(per_hour * (times - 1) * hours)
        counts[minute] = counts.get(minute, 0) + 1
    return counts


def outcomes(past: Past, *, has_story: bool = True) -> dict[str, RuleOutcome]:
    onset = START + timedelta(minutes=SPIKE)
    found = judge(
        past,
        starts_at=START,
        onset=onset if has_story else None,
        end=onset + timedelta(hours=4) if has_story else None,
        calm_until=onset,
    )
    return {each.rule: each for each in found}


def test_at_least_five_rules_each_with_its_source() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) >= 5
    assert all(rule.source for rule in RULES)


def test_steady_talk_fires_nothing() -> None:
    for name, outcome in outcomes(past_of(steady(30))).items():
        assert outcome.delay_minutes is None, name
        assert outcome.false_alarms == 0, name
        assert outcome.calm_days == pytest.approx(4.0)


def test_spike_fires_every_rule_of_volume_and_no_rule_of_polarity() -> None:
    found = outcomes(past_of(with_spike(30, 8)))
    delays = {name: outcome.delay_minutes for name, outcome in found.items()}
    assert delays.pop("negative > 50 %") is None
    assert delays.pop("FlashNarrative") is None
    assert all(delay is not None and delay <= 60 for delay in delays.values()), delays
    assert delays["MutualMind"] == 10
    assert delays["Huginn"] == 60


@pytest.mark.parametrize(
    ("rule", "below", "above"), [("MutualMind", 1.7, 2.6), ("Agility", 1.3, 1.8), ("3x daily mean", 2.6, 3.6)]
)
def test_rule_fires_above_its_multiple_of_the_mean(rule: str, below: float, above: float) -> None:
    assert outcomes(past_of(with_spike(60, below)))[rule].delay_minutes is None
    assert outcomes(past_of(with_spike(60, above)))[rule].delay_minutes is not None


def test_rules_of_spread_look_at_standard_deviations() -> None:
    calm = steady(60)
    for hour in range(0, SPIKE // HOUR, 4):  # an unsteady brand: every fourth hour has 60 more
        for minute in range(hour * HOUR, hour * HOUR + HOUR):
            calm[minute] = calm.get(minute, 0) + 1
    spiky = {minute: count + (SPIKE <= minute < SPIKE + HOUR) for minute, count in calm.items()}
    unsteady, regular = outcomes(past_of(spiky)), outcomes(past_of(with_spike(60, 2, hours=1)))
    for rule in ("Huginn", "z > 3"):
        assert unsteady[rule].delay_minutes is None
        assert regular[rule].delay_minutes is not None


def test_rules_of_polarity_count_shares() -> None:
    counts = steady(30)
    mostly = {minute: count for minute, count in counts.items() if minute >= SPIKE}
    some = {minute: count for minute, count in mostly.items() if minute % 5 < 2}
    assert outcomes(past_of(counts, negative=mostly))["negative > 50 %"].delay_minutes is not None
    found = outcomes(past_of(counts, negative=some))
    assert found["negative > 50 %"].delay_minutes is None
    assert found["XActions"].delay_minutes is not None
    assert found["FlashNarrative"].delay_minutes is None  # too little of a day
    assert outcomes(past_of(counts, negative=counts))["FlashNarrative"].false_alarms == 1


def test_few_mentions_are_no_share() -> None:
    counts = dict.fromkeys(range(0, MINUTES, 10), 1)
    assert outcomes(past_of(counts, negative=counts))["negative > 50 %"].false_alarms == 0


def test_fires_within_six_hours_are_one_false_alarm() -> None:
    counts = steady(30)
    for hour in (60, 63, 80):
        for minute in range(hour * HOUR, hour * HOUR + HOUR):
            counts[minute] = counts.get(minute, 0) + 5
    found = outcomes(past_of(counts), has_story=False)["MutualMind"]
    assert found.false_alarms == 2
    assert found.calm_days == pytest.approx(4.0)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule_sees_only_the_past(rule: object) -> None:
    rng = random.Random(5)
    counts = {minute: rng.randrange(3) for minute in range(3 * DAY)}
    negative = {minute: rng.randrange(3) for minute in counts}
    whole = past_of(counts, negative=negative, minutes=3 * DAY)
    for now in range(DAY, 3 * DAY, 97 * 5):
        cut = past_of({m: c for m, c in counts.items() if m < now}, negative=negative, minutes=3 * DAY)
        assert rule.fires(cut, now) == rule.fires(whole, now)  # type: ignore[attr-defined]  # a Rule
