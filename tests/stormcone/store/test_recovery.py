from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from stormcone.models import (
    Batch,
    Fading,
    Gap,
    Incident,
    LastingShift,
    Level,
    Recovery,
    RecoveryRecord,
    Shift,
    Standing,
    State,
    StepReading,
)
from stormcone.store import ShiftCount, Store
from stormcone.store.collecting_tables import gap
from tests.fakes import at, make_incident, make_transition, make_verdict

ENDED = at(120)
KNOWN = Fading(minutes=40.0, standing=Standing.KNOWN)
CALM_SHIFT = Shift(before=0.2, after=0.19, change=-0.01, low=-0.05, high=0.03)
SCAR = Shift(before=0.2, after=-0.1, change=-0.3, low=-0.4, high=-0.2)


def make_recovery(*shifts: LastingShift, **changes: Any) -> Recovery:
    recovery = Recovery(
        peak_at=at(30),
        peak_per_minute=22.5,
        usual_per_minute=2.0,
        to_half=KNOWN,
        to_baseline=Fading(minutes=None, standing=Standing.LONGER),
        shifts=shifts
        or (
            LastingShift(days=7, change=CALM_SHIFT, standing=Standing.KNOWN),
            LastingShift(days=30, change=None, standing=Standing.NOT_YET),
        ),
    )
    return replace(recovery, **changes)


def make_record(incident_id: int = 1, **changes: Any) -> RecoveryRecord:
    record = RecoveryRecord(
        incident_id=incident_id,
        ended_at=ENDED,
        measured_at=at(200),
        ask_again_at=at(1000),
        history=0,
        recovery=make_recovery(),
    )
    return replace(record, **changes)


def put(store: Store, **changes: Any) -> Incident:
    """Store an incident that ended at ENDED."""
    incident = make_incident(**{"state": State.RESOLVED, "resolved_at": ENDED, **changes})
    return store.incidents.apply(make_transition(incident), notices_for=lambda _: ()).incident


def due(store: Store, now: datetime | None = None, *, history: int = 0, limit: int = 9) -> list[int | None]:
    return [each.id for each in store.recoveries.due(now=now or at(300), history=history, limit=limit)]


def test_a_record_comes_back_as_it_was_kept(store: Store) -> None:
    put(store)
    assert store.recoveries.get(1) is None
    record = make_record()
    store.recoveries.save(record)
    assert store.recoveries.get(1) == record
    nothing = make_recovery(peak_at=None, peak_per_minute=None, usual_per_minute=None)
    again = make_record(recovery=nothing, ask_again_at=None)
    store.recoveries.save(again)
    assert store.recoveries.get(1) == again


@pytest.mark.parametrize(
    ("changes", "is_due"),
    [
        ({}, True),
        ({"level": Level.WARN}, True),
        ({"level": Level.WATCH}, False),
        ({"is_false_alarm": True}, False),
        ({"state": State.COOLING, "resolved_at": None}, False),
    ],
)
def test_what_ended_as_a_storm_is_due_until_it_is_measured(
    store: Store, changes: dict[str, Any], *, is_due: bool
) -> None:
    put(store, **changes)
    assert bool(due(store)) is is_due
    store.recoveries.save(make_record())
    assert due(store) == []


def test_a_part_that_is_still_to_come_is_due_at_its_time(store: Store) -> None:
    put(store)
    store.recoveries.save(make_record(ask_again_at=at(1000)))
    assert (due(store, at(999.9)), due(store, at(1000))) == ([], [1])


def test_another_end_makes_the_record_a_thing_of_the_past(store: Store) -> None:
    incident = put(store)
    store.recoveries.save(make_record())
    live = store.incidents.touch(replace(incident, state=State.REOPENED, resolved_at=None))
    assert store.recoveries.get(1) is None
    assert due(store) == []
    store.incidents.touch(replace(live, state=State.RESOLVED, resolved_at=at(900)))
    assert store.recoveries.get(1) is None
    assert due(store) == [1]
    ((_, record),) = store.recoveries.ended(limit=9)
    assert record is None


@pytest.mark.parametrize("standing", list(Standing))
def test_rewritten_history_asks_again_for_what_was_unknown_only(store: Store, standing: Standing) -> None:
    put(store)
    unsure = make_recovery(to_half=Fading(minutes=None, standing=standing))
    store.recoveries.save(make_record(recovery=unsure))
    assert due(store, history=0) == []
    assert due(store, history=1) == ([1] if standing.is_unknown else [])


@pytest.mark.parametrize(("brand", "is_due"), [("acme", True), (None, True), ("other", False)])
def test_a_gap_filled_since_asks_again(store: Store, brand: str | None, *, is_due: bool) -> None:
    put(store)
    store.recoveries.save(make_record(recovery=make_recovery(to_half=Fading(minutes=None, standing=Standing.GAP))))
    missing = Gap(platform="x", brand=brand, started_at=at(1), ended_at=at(9))
    store.mentions.save([], Batch(gaps=(missing,)))
    assert due(store) == []
    with store.database.write() as connection:
        connection.execute(update(gap).values(filled_at=at(250)))
    assert bool(due(store)) is is_due


def test_the_latest_end_is_measured_first_and_no_more_than_asked_for(store: Store) -> None:
    for number in range(3):
        put(store, post=("x", str(number)), resolved_at=ENDED + timedelta(hours=number))
    assert due(store, limit=2) == [3, 2]
    assert [each.id for each, _ in store.recoveries.ended(limit=2)] == [2, 3]


def test_storms_that_left_something_are_counted_by_brand_and_days(store: Store) -> None:
    for number, change in enumerate([CALM_SHIFT, CALM_SHIFT, SCAR, None]):
        put(store, post=("x", str(number)))
        standing = Standing.KNOWN if change else Standing.GAP
        shift = LastingShift(days=30, change=change, standing=standing)
        store.recoveries.save(make_record(number + 1, recovery=make_recovery(shift)))
    assert store.recoveries.count_shifts("acme", days=30) == ShiftCount(days=30, known=3, lasting=1)
    assert store.recoveries.count_shifts("acme", days=7) == ShiftCount(days=7, known=0, lasting=0)
    assert store.recoveries.count_shifts("other", days=30).known == 0


def test_a_brand_is_watched_since_the_first_look(store: Store) -> None:
    assert store.recoveries.watched_since("acme") is None
    step = StepReading(minutes=5, voices=1, against=0, usual_voices=None, spread_voices=None)
    for minutes in (5.0, 0.0, 10.0):
        store.readings.save([(make_verdict(minutes=minutes, step=step), "")])
    assert store.recoveries.watched_since("acme") == at(0)
