from dataclasses import replace

import pytest

from stormcone.acting import Acting
from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.errors import StaleIncident, UsageError
from stormcone.models import Decision, Incident, Moment, State
from stormcone.store import Store
from stormcone.store.incidents import IncidentStore
from tests.fakes import AT, make_transition


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
