from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.message import from_json
from stormcone.clock import ManualClock
from stormcone.config import WatchSettings
from stormcone.models import Incident, Level, Moment, Notice, Outcome, State
from stormcone.models.heartbeats import Heartbeat, Part
from stormcone.pipeline.auditing import Auditor, stuck_incidents
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, at, make_incident, make_notice, make_transition
from tests.stormcone.pipeline.test_telling import CONFIG

GRACE = timedelta(minutes=1)
ALL = (Part.DETECTOR, Part.SENDER, Part.CANARY, Part.AUDITOR)


class House:
    """A store with a page on it, and an auditor whose two clocks show the same."""

    def __init__(self, *, canary_minutes: float = 15) -> None:
        self.store: Store = open_store(MEMORY_URL)
        self.clock = ManualClock(AT)
        config = CONFIG.model_copy(update={"watch": WatchSettings(canary_minutes=canary_minutes)})
        self.auditor = Auditor(config, self.store, self.clock, self.clock, names=lambda: {"x"})
        self.beat(0, *ALL)

    def beat(self, minutes: float, *parts: Part) -> None:
        for part in parts:
            every = 900 if part is Part.CANARY else 10
            self.store.heartbeats.beat(Heartbeat(part=part, at=at(minutes), every_seconds=every))

    def open(self, **changes: object) -> Incident:
        facts = {"next_step_at": at(5)} | changes
        done = self.store.incidents.apply(make_transition(make_incident(**facts)), notices_for=lambda _: ())
        return done.incident

    def look(self, *minutes: float) -> None:
        for minute in minutes:
            self.clock.move_to(at(minute))
            self.auditor.look()

    def told(self) -> list[Notice]:
        return self.store.notices.lease_due(now=at(9_999), owner="test", lease_seconds=1e9, limit=99)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"next_step_at": at(1)}, None),
        ({"next_step_at": at(0.5)}, "due at 12:00 UTC was not taken"),
        ({"next_step_at": None}, "no next step is planned"),
        ({"next_step_at": None, "state": State.REOPENED}, "no next step is planned"),
        ({"next_step_at": None, "level": Level.WARN}, None),
        ({"next_step_at": None, "acknowledged_by": "ann", "state": State.ACK}, None),
        ({"next_step_at": at(0), "acknowledged_by": "ann", "state": State.ACK}, "was not taken"),
        ({"next_step_at": None, "state": State.COOLING}, None),
    ],
)
def test_a_page_without_a_step_ahead_of_it_is_stuck(changes: dict[str, object], said: str | None) -> None:
    incident = replace(make_incident(next_step_at=at(5)), id=7, **changes)
    lines = list(stuck_incidents([incident], now=at(1.5), grace=GRACE))
    assert len(lines) == (said is not None)
    assert said is None or (said in lines[0] and "incident 7" in lines[0])


def test_a_missed_step_is_told_once_as_a_page_and_so_is_its_end() -> None:
    house = House()
    opened = house.open()
    for minutes in (1, 5.5, 7, 7.5, 8):
        house.beat(minutes, *ALL)
        house.look(minutes)
    notices = house.told()
    assert [(each.channel, each.to, each.moment) for each in notices] == [
        ("pager", "ann", Moment.UNWELL),
        ("team", None, Moment.UNWELL),
    ]
    message = from_json(notices[0].message_json)
    assert message.level is Level.PAGE
    assert f"incident {opened.id}: the step due at 12:05 UTC was not taken" in message.headline
    house.store.incidents.touch(replace(opened, next_step_at=at(60)))
    house.beat(9, *ALL)
    house.look(9, 9.5)
    assert {(each.channel, each.moment) for each in house.told()} == {
        ("pager", Moment.WELL_AGAIN),
        ("team", Moment.WELL_AGAIN),
    }


def test_what_is_wrong_for_one_look_only_is_told_to_nobody() -> None:
    house = House()
    opened = house.open()
    house.beat(7, *ALL)
    house.look(7)
    house.store.incidents.touch(replace(opened, next_step_at=at(60)))
    house.look(7.4, 7.5)
    assert house.told() == []


def test_a_restarted_auditor_tells_nothing_twice() -> None:
    house = House()
    house.open(next_step_at=None)
    house.look(0.1, 0.2)
    assert len(house.told()) == 2
    again = Auditor(CONFIG, house.store, house.clock, house.clock, names=set)
    again.look()
    again.look()
    assert house.told() == []


def test_a_detector_that_went_silent_is_told_and_a_canary_only_as_a_warning() -> None:
    house = House()
    for minutes in (10, 46, 46.5, 47):
        house.beat(minutes, Part.SENDER, Part.AUDITOR)
        house.look(minutes)
    told = {(from_json(each.message_json).incident, from_json(each.message_json).level) for each in house.told()}
    assert told == {("source-stormcone detector", Level.PAGE), ("source-stormcone canary", Level.WARN)}


def test_signs_of_an_earlier_run_make_nobody_silent_at_the_start() -> None:
    house = House()
    house.clock.move_to(at(600))
    house.auditor = Auditor(CONFIG, house.store, house.clock, house.clock, names=set)
    house.look(600.1, 600.2)
    assert house.told() == []


def test_a_due_notice_that_nobody_tries_is_told() -> None:
    house = House()
    house.store.incidents.apply(
        make_transition(make_incident(next_step_at=at(600))), notices_for=lambda _: [make_notice("left")]
    )
    for minutes in (1, 2.5, 3):
        house.beat(minutes, *ALL)
        house.look(minutes)
    lines = [from_json(each.message_json).headline for each in house.told() if each.key != "left"]
    assert lines
    assert all("messages due since 12:00 UTC have not been tried" in line for line in lines)


def test_nothing_heard_is_no_good_sign_for_those_outside() -> None:
    house = House()
    assert house.auditor.why_not_well() is None
    fresh = House(canary_minutes=15)
    with fresh.store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM heartbeat WHERE name = 'canary'")
    assert fresh.auditor.why_not_well() == "nothing is heard of the canary"
    without = House(canary_minutes=0)
    with without.store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM heartbeat WHERE name = 'canary'")
    assert without.auditor.why_not_well() is None


def test_a_silent_source_or_a_trouble_keeps_those_outside_from_being_called() -> None:
    house = House()
    house.store.sources.register("x", poll_seconds=60, now=AT)
    house.store.sources.register("not ours", poll_seconds=1, now=AT)
    assert house.auditor.why_not_well() is None
    house.clock.move_to(at(5))
    house.beat(5, *ALL)
    assert house.auditor.why_not_well() == "silent: x"
    house.store.sources.record_success("x", at=at(5))
    assert house.auditor.why_not_well() is None
    house.open(next_step_at=None)
    assert "no next step is planned" in str(house.auditor.why_not_well())


def test_broken_channel_is_told_once_over_another_and_its_end_to_the_same() -> None:
    house = House()
    house.open(next_step_at=at(9_999))

    def tried(minutes: float, outcome: Outcome) -> None:
        house.store.notices.record_delivery(
            make_notice("k", channel="pager"),
            outcome=outcome,
            started_at=at(minutes),
            finished_at=at(minutes),
            detail="no answer",
            next_try_at=at(minutes + 1),
        )

    tried(1, Outcome.OK)
    tried(2, Outcome.FAILED)
    house.beat(3, *ALL)
    house.look(3, 3.5)
    assert house.told() == []  # once is a hiccup
    tried(4, Outcome.UNSURE)
    for minutes in (4, 4.5, 5, 5.5):
        house.beat(minutes, *ALL)
        house.look(minutes)
    (notice,) = house.told()
    assert (notice.channel, notice.to, notice.moment) == ("team", None, Moment.UNWELL)
    message = from_json(notice.message_json)
    assert message.level is Level.WARN
    assert "channel pager has delivered nothing since 12:02 UTC, its pages wait: it has no fallback" in message.headline
    tried(6, Outcome.OK)
    house.beat(6, *ALL)
    house.look(6)
    (back,) = [each for each in house.told() if each.moment is Moment.WELL_AGAIN]
    assert back.channel == "team"
