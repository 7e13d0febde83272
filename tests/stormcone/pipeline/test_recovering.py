"""When a recovery is measured, from what, and what it costs; how it is measured is analysis.recovery's business."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from stormcone.clock import ManualClock
from stormcone.models import (
    Batch,
    BrandMinute,
    Gap,
    Incident,
    Level,
    RecoveryRecord,
    ScoredMention,
    Standing,
    State,
    StepReading,
)
from stormcone.pipeline.recovering import Recovering, collected_since
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, make_incident, make_mention, make_scored, make_transition, make_verdict

OPENED = AT
ENDED = AT + timedelta(hours=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Case:
    """A store with a storm of three hours on quiet weeks, and the job that measures what was left of it."""

    def __init__(self, *, history_days: int = 30) -> None:
        self.store: Store = open_store(MEMORY_URL)
        self.clock = ManualClock(OPENED)
        self.job = Recovering(self.store, self.clock)
        self.begun = OPENED - history_days * DAY
        self.said = self.begun
        self.mentions = 0

    def say_until(self, until: datetime) -> None:
        """Let people speak: one an hour, forty in each hour of the storm."""
        said: list[ScoredMention] = []
        while self.said < until:
            is_storm = OPENED <= self.said < OPENED + 3 * HOUR
            for number in range(40 if is_storm else 1):
                self.mentions += 1
                posted_at = self.said + timedelta(minutes=number)
                said.append(
                    make_scored(
                        make_mention(f"m{self.mentions}", posted_at=posted_at, parent_id=None, root_id=None),
                        hostility=0.75 if is_storm else 0.25,
                    )
                )
            self.said += HOUR
        self.store.mentions.save(said, Batch())

    def put(self, **changes: Any) -> Incident:
        incident = make_incident(**{"state": State.RESOLVED, "resolved_at": ENDED, **changes})
        return self.store.incidents.apply(make_transition(incident), notices_for=lambda _: ()).incident

    def run_at(self, now: datetime) -> tuple[RecoveryRecord, ...]:
        self.say_until(now)
        self.clock.move_to(now)
        return self.job.run()


@pytest.fixture
def case() -> Iterator[Case]:
    made = Case()
    yield made
    made.store.close()


def standings(record: RecoveryRecord) -> list[str]:
    return [standing.value for standing in record.recovery.standings]


def test_a_record_grows_as_its_parts_become_known_and_is_then_left_alone(case: Case) -> None:
    case.put()
    (first,) = case.run_at(ENDED + HOUR)
    assert standings(first) == ["known", "known", "not yet", "not yet"]
    assert case.run_at(ENDED + 7 * DAY) == ()  # the last half hour may still come in late
    (second,) = case.run_at(ENDED + 7 * DAY + HOUR)
    assert standings(second) == ["known", "known", "known", "not yet"]
    (third,) = case.run_at(ENDED + 30 * DAY + HOUR)
    assert standings(third) == ["known"] * 4
    assert third.ask_again_at is None
    assert case.run_at(ENDED + 60 * DAY) == ()
    assert case.store.recoveries.get(1) == third
    change = third.recovery.shifts[1].change
    assert change is not None
    assert not change.is_lasting


def test_a_reopened_incident_is_measured_from_its_new_end(case: Case) -> None:
    incident = case.put()
    case.run_at(ENDED + HOUR)
    live = case.store.incidents.touch(replace(incident, state=State.REOPENED, resolved_at=None))
    assert case.run_at(ENDED + 2 * HOUR) == ()
    later = ENDED + 9 * HOUR
    case.store.incidents.touch(replace(live, state=State.RESOLVED, resolved_at=later))
    (record,) = case.run_at(later + HOUR)
    assert record.ended_at == later
    assert case.run_at(ENDED + 7 * DAY + HOUR) == ()  # of the first end; the second is eight hours later
    assert len(case.run_at(later + 7 * DAY + HOUR)) == 1


def test_running_again_with_the_same_data_gives_the_same_record(case: Case) -> None:
    case.put()
    now = ENDED + 31 * DAY
    (first,) = case.run_at(now)
    other = Case()
    other.put()
    (second,) = other.run_at(now)
    other.store.close()
    assert first == second


def test_no_run_measures_more_than_two_and_all_are_measured_in_the_end(case: Case) -> None:
    for number in range(5):
        case.put(post=("x", str(number)))
    counts = [len(case.run_at(ENDED + HOUR)) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


def test_a_gap_is_named_and_an_import_that_tells_what_was_said_asks_again(case: Case) -> None:
    case.put()
    gap = Gap(platform="x", brand=None, started_at=OPENED + 10 * timedelta(minutes=1), ended_at=OPENED + HOUR)
    case.store.mentions.save([], Batch(gaps=(gap,)))
    (record,) = case.run_at(ENDED + HOUR)
    assert standings(record)[:2] == ["gap", "gap"]
    assert case.run_at(ENDED + 2 * HOUR) == ()
    case.store.mentions.note_rewritten_history()
    (again,) = case.run_at(ENDED + 3 * HOUR)
    assert again.history == 1
    assert case.run_at(ENDED + 4 * HOUR) == ()


def test_what_was_before_collection_is_no_silence() -> None:
    case = Case(history_days=2)
    case.put()
    (record,) = case.run_at(ENDED + 31 * DAY)
    assert standings(record) == ["known", "no history", "no history", "no history"]
    assert record.recovery.usual_per_minute is None
    case.store.close()


def test_a_brand_that_was_watched_in_silence_has_a_baseline(case: Case) -> None:
    case.said = OPENED
    step = StepReading(minutes=5, voices=0, against=0, usual_voices=None, spread_voices=None)
    case.store.readings.save([(make_verdict(Level.CALM, at=OPENED - 20 * DAY, post=None, step=step), "")])
    case.put()
    (record,) = case.run_at(ENDED + HOUR)
    assert record.recovery.usual_per_minute == 0.0


def test_a_storm_that_lasts_is_asked_for_ever_more_rarely(case: Case) -> None:
    case.put(resolved_at=OPENED + HOUR)  # a person may think so; people go on for two hours
    now, asked = OPENED + HOUR, 0
    while now < OPENED + 4 * HOUR:
        asked += len(case.run_at(now))
        now += timedelta(minutes=10)
    assert 2 <= asked <= 4
    record = case.store.recoveries.get(1)
    assert record is not None
    assert record.recovery.to_half.standing is Standing.KNOWN


def test_a_clock_that_was_set_back_stops_no_run(case: Case) -> None:
    case.put(resolved_at=OPENED - HOUR)
    (record,) = case.run_at(ENDED + HOUR)
    assert record.ended_at == OPENED - HOUR
    assert case.run_at(ENDED + HOUR) == ()


def minutes_of(*instants: datetime) -> list[BrandMinute]:
    return [
        BrandMinute(
            brand="acme",
            minute=instant,
            mentions=1,
            own_posts=0,
            negative=0.0,
            neutral=1.0,
            positive=0.0,
            voices=1.0,
            against=0.0,
            hostile=0,
            copies=0,
        )
        for instant in instants
    ]


def test_a_lone_mention_of_long_ago_is_no_start_of_collection() -> None:
    daily = [OPENED - days * DAY for days in range(10, -3, -1)]
    found = minutes_of(OPENED - 20 * DAY, *daily)
    assert collected_since(found, OPENED, None) == OPENED - 10 * DAY
    assert collected_since(found, OPENED, OPENED - 5 * DAY) == OPENED - 10 * DAY
    assert collected_since(found, OPENED, OPENED - 18 * DAY) == OPENED - 20 * DAY
    assert collected_since(found, OPENED, OPENED - 40 * DAY) == OPENED - 40 * DAY
    assert collected_since([], OPENED, None) == OPENED
