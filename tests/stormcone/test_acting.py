from dataclasses import replace
from typing import Any

import pytest

from alerts.channels.console import ConsoleSettings
from stormcone.acting import Acting
from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config, PersonSettings, RotaSettings
from stormcone.errors import StaleIncident, UsageError
from stormcone.models import Decision, HeldFor, Incident, Kind, Level, Moment, NoticeState, Outcome, State
from stormcone.store import Store
from stormcone.store.incidents import IncidentStore
from tests.fakes import AT, at, make_incident, make_transition


class BusyIncidents(IncidentStore):
    """An incident store in which a watcher writes right after each of the first `times` looks."""

    def __init__(self, store: Store, times: int) -> None:
        super().__init__(store.database)
        self._times = times

    def get(self, incident_id: int) -> Incident:
        seen = super().get(incident_id)
        if self._times:
            self._times -= 1
            self.touch(seen)
        return seen


@pytest.fixture
def opened(store: Store) -> Incident:
    return store.incidents.apply(make_transition(), notices_for=lambda _: ()).incident


def acting(store: Store, *, watcher_is_faster: int = 0) -> Acting:
    busy = replace(store, incidents=BusyIncidents(store, watcher_is_faster))
    return Acting(config=Config(), store=busy, clock=ManualClock(AT))


def test_decision_is_kept_although_a_watcher_was_faster_twice(store: Store, opened: Incident) -> None:
    identifier = opened.id or 0
    acting(store, watcher_is_faster=2).decide(identifier, Decision.HOLD, by="Ann", why="finding out")
    assert [each.decision for each in store.incidents.decisions(identifier)] == [Decision.HOLD]
    assert store.incidents.get(identifier).acknowledged_by == "Ann"


def test_decision_that_never_gets_its_turn_leaves_nothing_behind(store: Store, opened: Incident) -> None:
    identifier = opened.id or 0
    with pytest.raises(StaleIncident):
        acting(store, watcher_is_faster=99).decide(identifier, Decision.HOLD, by="Ann", why="finding out")
    assert store.incidents.decisions(identifier) == ()
    assert store.incidents.get(identifier).acknowledged_by is None


def test_acknowledgement_stands_in_the_timeline(store: Store, opened: Incident) -> None:
    identifier = opened.id or 0
    acting(store).acknowledge(identifier, by="Ann")
    newest = store.incidents.events(identifier)[-1]
    assert (newest.moment, newest.state, newest.by) == (Moment.ACKNOWLEDGED, State.ACK, "Ann")


def test_unknown_incident_is_named(store: Store) -> None:
    with pytest.raises(UsageError, match="incident 41: there is none"):
        acting(store).acknowledge(41, by="Ann")


TEAM = Config(
    channels=(ConsoleSettings(id="team", type="console"), ConsoleSettings(id="pager", type="console")),
    people=(PersonSettings(id="ann", channels=("pager",)),),
    rota=RotaSettings(people=("ann",)),
    brands=(BrandSettings(name="acme"),),
)


class Desk:
    """Somebody who writes transitions at instants of the test's choice."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = ManualClock(AT)
        self.acting = Acting(config=TEAM, store=store, clock=self.clock)

    def open(self, number: int, minutes: float = 0, level: Level = Level.PAGE) -> Incident:
        opened = make_incident(level=level, post=("x", f"post-{number}"), next_step_at=at(minutes + 5))
        return self.acting.apply(make_transition(opened, at=at(minutes))).incident

    def states(self, channel: str) -> list[tuple[Moment, NoticeState, HeldFor | None]]:
        found = [each for number in range(1, 99) for each in self.store.notices.of_incident(number)]
        return [(each.moment, each.state, each.held_for) for each in found if each.channel == channel]

    def leave(self, minutes: float) -> list[tuple[str, Moment]]:
        """Let go what waits and return what leaves then."""
        self.acting.release_held(at(minutes))
        leased = self.store.notices.lease_due(now=at(minutes), owner="me", lease_seconds=40, limit=999)
        for each in leased:
            self.store.notices.record_delivery(
                each,
                outcome=Outcome.OK,
                started_at=at(minutes),
                finished_at=at(minutes),
                detail=None,
                next_try_at=None,
            )
        return [(each.channel, each.moment) for each in leased]


def test_a_storm_of_incidents_pages_a_person_six_times_and_sums_up_the_rest(store: Store) -> None:
    desk = Desk(store)
    for number in range(20):
        desk.open(number)
    told = desk.leave(0) + desk.leave(1) + desk.leave(30)
    assert told.count(("pager", Moment.OPENED)) == 6
    assert told.count(("pager", Moment.SUMMARY)) == 1
    assert told.count(("team", Moment.OPENED)) == 20
    assert {state for _, state, _ in desk.states("pager")} == {NoticeState.SENT, NoticeState.SUPERSEDED}


def test_who_was_told_in_a_summary_hears_of_the_end(store: Store) -> None:
    desk = Desk(store)
    incidents = [desk.open(number) for number in range(9)]
    desk.leave(0)
    desk.leave(1)
    desk.acting.decide(incidents[8].id or 0, Decision.FALSE_ALARM, by="ann", why="a test")
    assert ("pager", Moment.RESOLVED) in desk.leave(2)


def test_warns_within_minutes_are_one_message_to_a_shared_channel(store: Store) -> None:
    desk = Desk(store)
    for number, minutes in enumerate((0, 0.5, 1)):
        desk.open(number, minutes, Level.WARN)
    assert [desk.leave(minutes) for minutes in (1, 1.9, 2)] == [
        [("team", Moment.OPENED)],
        [],
        [("team", Moment.DIGEST)],
    ]


def test_a_silence_keeps_what_happens_from_people_until_it_ends(store: Store) -> None:
    desk = Desk(store)
    kept = desk.acting.silence(brand="acme", kind=None, minutes=30, by="ann", why="a launch")
    assert (kept.brand, kept.until, kept.by, kept.why) == ("acme", at(30), "ann", "a launch")
    first, _ = desk.open(1), desk.open(2)
    desk.acting.decide(first.id or 0, Decision.FALSE_ALARM, by="ann", why="as expected")
    assert desk.leave(29) == []
    assert sorted(desk.leave(30)) == [("pager", Moment.OPENED), ("team", Moment.OPENED)]


def test_a_lifted_silence_tells_at_once(store: Store) -> None:
    desk = Desk(store)
    kept = desk.acting.silence(brand=None, kind=Kind.BACKLASH, minutes=30, by="ann", why="")
    desk.open(1)
    desk.clock.move_to(at(3))
    desk.acting.lift_silence(kept.id or 0)
    assert sorted(desk.leave(3)) == [("pager", Moment.OPENED), ("team", Moment.OPENED)]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"brand": None}, "give --brand, --kind or both"),
        ({"brand": "acmee"}, "no such brand; known are acme"),
        ({"minutes": 0}, "give 1 to 10080"),
        ({"minutes": 10_081}, "give 1 to 10080"),
    ],
)
def test_a_silence_that_means_nothing_is_refused(store: Store, wanted: dict[str, Any], said: str) -> None:
    facts: dict[str, Any] = {"brand": "acme", "kind": None, "minutes": 5, "by": "ann", "why": "", **wanted}
    with pytest.raises(UsageError, match=said):
        Desk(store).acting.silence(**facts)


def test_a_snooze_stands_in_the_timeline_and_is_told_to_nobody(store: Store) -> None:
    desk = Desk(store)
    opened = desk.open(1)
    desk.leave(0)
    quiet = desk.acting.snooze(opened.id or 0, minutes=15, by="ann", why="lunch").incident
    assert (quiet.snoozed_until, quiet.snoozed_by) == (at(15), "ann")
    newest = store.incidents.events(opened.id or 0)[-1]
    assert (newest.moment, newest.by, newest.why) == (Moment.SNOOZED, "ann", "15 min: lunch")
    assert desk.leave(1) == []
    assert store.incidents.get(opened.id or 0) == quiet


def test_an_acknowledged_page_is_owed_a_decision_after_the_minutes_of_the_settings(store: Store) -> None:
    desk = Desk(store)
    opened = desk.open(1)
    taken = desk.acting.acknowledge(opened.id or 0, by="ann").incident
    assert taken.next_step_at == at(TEAM.escalation.ack_minutes)
