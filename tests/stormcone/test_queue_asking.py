"""A person asks the scheduler: kept in the timeline whatever became of it, and nothing else of the incident moves."""

from dataclasses import replace

import pytest

from alerts.pausing import QueueEvent, Reception
from stormcone.clock import DrillClock, ManualClock
from stormcone.config import Config, PauseSettings, PlaybookSettings
from stormcone.errors import ConfigError, StoreError, UsageError
from stormcone.models import Moment, State
from stormcone.queue_asking import ask_scheduler
from stormcone.store import Store, open_store
from tests.alerts.schedulers import Scheduler
from tests.fakes import AT, at, make_transition

CONFIG = Config(
    playbook=PlaybookSettings(pause=PauseSettings(url_env="QUEUE_URL", secret_env="QUEUE_KEY", allow_private=True))
)
CLOCK = ManualClock(at(5))


@pytest.fixture(autouse=True)
def _open_incident(store: Store) -> None:
    store.incidents.apply(make_transition(), notices_for=lambda _: ())


def environment(scheduler: Scheduler) -> dict[str, str]:
    return {"QUEUE_URL": scheduler.url, "QUEUE_KEY": "planted-key-71aa"}


def test_who_asked_why_and_what_became_of_it_stands_in_the_timeline(store: Store) -> None:
    before = store.incidents.get(1)
    with Scheduler(200, 403) as scheduler:
        asked = environment(scheduler)
        ask_scheduler(CONFIG, store, CLOCK, 1, QueueEvent.PAUSE, by=" Ann ", why="find out first", environment=asked)
        ask_scheduler(CONFIG, store, CLOCK, 1, QueueEvent.RESUME, by="Bob", why="it is\nover", environment=asked)
    _, paused, resumed = store.incidents.events(1)
    assert (paused.moment, paused.by, paused.at) == (Moment.DECIDED, "Ann", at(5))
    assert paused.why is not None
    assert paused.why.startswith("pause the queue: accepted (")
    assert paused.why.endswith("find out first")
    assert resumed.why is not None
    assert resumed.why.startswith("resume the queue: refused (the receiver answered 403")
    assert resumed.why.endswith("it is over")
    after = store.incidents.get(1)
    assert replace(after, version=before.version) == before  # neither taken over, nor decided, nor snoozed
    assert store.incidents.decisions(1) == ()
    assert store.notices.of_incident(1) == ()
    assert "planted" not in repr(store.incidents.events(1))


def test_a_queue_is_resumed_after_the_end_of_the_incident_too(store: Store) -> None:
    ended = replace(store.incidents.get(1), state=State.RESOLVED, resolved_at=AT)
    store.incidents.apply(replace(make_transition(), incident=ended, moment=Moment.RESOLVED), notices_for=lambda _: ())
    with Scheduler() as scheduler:
        answer = ask_scheduler(
            CONFIG, store, CLOCK, 1, QueueEvent.RESUME, by="Ann", why="over", environment=environment(scheduler)
        )
    assert answer.reception is Reception.ACCEPTED
    assert store.incidents.get(1).state is State.RESOLVED


@pytest.mark.parametrize(
    ("by", "why", "incident"), [(" ", "x", 1), ("\u200b", "x", 1), ("Ann", "\n", 1), ("Ann", "x", 9)]
)
def test_nothing_is_sent_without_a_name_a_reason_and_an_incident(
    store: Store, by: str, why: str, incident: int
) -> None:
    with Scheduler() as scheduler, pytest.raises(UsageError):
        ask_scheduler(
            CONFIG, store, CLOCK, incident, QueueEvent.PAUSE, by=by, why=why, environment=environment(scheduler)
        )
    assert scheduler.requests == []


def test_a_drill_never_pauses_a_real_queue(store: Store) -> None:
    drill = DrillClock(real_start=0.0, simulated_start=AT, simulated_end=at(60), speed=60.0)
    with Scheduler() as scheduler, pytest.raises(UsageError, match="drill"):
        ask_scheduler(CONFIG, store, drill, 1, QueueEvent.PAUSE, by="Ann", why="x", environment=environment(scheduler))
    assert scheduler.requests == []


def test_where_no_scheduler_is_named_nothing_is_kept(store: Store) -> None:
    with pytest.raises(ConfigError, match="no scheduler is named"):
        ask_scheduler(Config(), store, CLOCK, 1, QueueEvent.PAUSE, by="Ann", why="x", environment={})
    assert len(store.incidents.events(1)) == 1


def test_a_request_that_could_not_be_kept_is_told_with_what_became_of_it(store_url: str) -> None:
    reader = open_store(store_url, is_read_only=True)
    with Scheduler() as scheduler, pytest.raises(StoreError, match=r"pause the queue: accepted .* not be recorded"):
        ask_scheduler(CONFIG, reader, CLOCK, 1, QueueEvent.PAUSE, by="Ann", why="x", environment=environment(scheduler))
    reader.close()
    assert len(scheduler.requests) == 1
