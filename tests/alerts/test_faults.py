"""What goes wrong around the sender: a locked or full database, clocks that jump, a storm, people who act at once.

Real SQLite; time is moved by hand where it only has to pass.
"""

import random
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from alerts.delivery import Sender
from stormcone import incidents
from stormcone.acting import Acting
from stormcone.clock import Clock, ManualClock, SystemClock
from stormcone.config import BrandSettings, Config, EscalationSettings
from stormcone.config.people import EscalationStep
from stormcone.errors import DeliveryError, StaleIncident, StoreBusy, StoreError, UsageError
from stormcone.models import Evidence, Incident, Moment, Notice, NoticeState, State, Transition
from stormcone.ports import Channel, ChannelSettings
from stormcone.store import Store, open_store
from tests.alerts.conftest import AT
from tests.conftest import BOTH, Databases
from tests.fakes import make_incident, make_notice, make_transition


class TurnableClock(ManualClock):
    """A clock that somebody sets, also back."""

    def set_to(self, instant: datetime) -> None:
        self._now = instant


class Line(Channel):
    """A channel that fails while it is told to, and does something else first where it is told to."""

    type = "line"
    Settings = ChannelSettings

    def __init__(self, clock: Clock, *, before: Callable[[], object] = lambda: None) -> None:
        super().__init__(ChannelSettings(id="hook", type="line"), {})
        self.is_down = False
        self.before = before
        self.arrived: list[tuple[datetime, str]] = []
        self._clock = clock

    def deliver(self, notice: Notice) -> None:
        self.before()
        if self.is_down:
            raise DeliveryError("hook", "the connection failed")
        self.arrived.append((self._clock.now(), notice.key))

    @property
    def keys(self) -> list[str]:
        return [key for _, key in self.arrived]


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Store]:
    """A store that does not wait long for a lock: a minute of waiting shall not take one."""
    store = open_store(f"sqlite:///{tmp_path}/hasty.db", busy_timeout_seconds=0.05)
    yield store
    store.close()


def sender_of(store: Store, line: Line, clock: Clock, owner: str = "one") -> Sender:
    return Sender(store.notices, {"hook": line}, clock, owner=owner, jitter=random.Random(1), patience_seconds=5)


def write(store: Store, *keys: str, at: datetime = AT, post: str = "p") -> Incident:
    opened = make_transition(make_incident(post=("x", post)), at=at)
    return store.incidents.apply(
        opened, notices_for=lambda stored: [make_notice(key, stored.id or 0, created_at=at) for key in keys]
    ).incident


def locked(store: Store) -> sqlite3.Connection:
    connection = sqlite3.connect(str(store.database.url.database), isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_database_locked_for_a_minute_delays_and_loses_nothing(hasty: Store) -> None:
    clock = ManualClock(AT)
    line = Line(clock)
    sender = sender_of(hasty, line, clock)
    write(hasty, "a", "b")
    lock = locked(hasty)
    refused = 0
    for second in range(60):
        clock.move_to(AT + timedelta(seconds=second))
        try:
            sender.deliver_due()
        except StoreBusy:
            refused += 1
    lock.close()
    clock.move_to(AT + timedelta(seconds=61))
    sender.deliver_due()
    assert refused == 60
    assert line.arrived == [(AT + timedelta(seconds=61), "a"), (AT + timedelta(seconds=61), "b")]


def test_lock_between_arrival_and_record_repeats_nothing(hasty: Store) -> None:
    clock = ManualClock(AT)
    locks: list[sqlite3.Connection] = []
    line = Line(clock, before=lambda: locks.append(locked(hasty)))
    sender = sender_of(hasty, line, clock)
    incident = write(hasty, "a")
    sender.deliver_due()
    assert line.keys == ["a"]
    locks.pop().close()
    for minute in range(1, 5):  # its lease has run out long since
        clock.move_to(AT + timedelta(minutes=minute))
        sender.deliver_due()
    assert line.keys == ["a"]
    (sent,) = hasty.notices.of_incident(incident.id or 0)
    assert (sent.state, sent.sent_at) == (NoticeState.SENT, AT)


def test_full_disk_stores_nothing_in_part_and_heals_by_itself(
    tmp_path: Path, make_evidence: Callable[[str], Evidence]
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/full.db")
    pages = [10_000_000]

    @event.listens_for(store.database.engine, "begin")
    def _limit(connection: object) -> None:
        connection.connection.dbapi_connection.execute(f"PRAGMA max_page_count={pages[0]}")  # type: ignore[attr-defined]  # a SQLAlchemy connection

    clock = ManualClock(AT)
    line = Line(clock)
    sender = sender_of(store, line, clock)
    write(store, "before")
    pages[0] = 1  # SQLite keeps what there is and gives no page more
    large = make_evidence("x" * 100_000)
    with pytest.raises(StoreError, match="the disk is full; free some space"):
        store.incidents.apply(
            make_transition(make_incident(post=("x", "2"))),
            notices_for=lambda stored: [make_notice("during", stored.id or 0)],
            pieces=[large],
        )
    assert [each.post for each in store.incidents.live()] == [("x", "p")]
    sender.deliver_due()
    pages[0] = 10_000_000
    write(store, "after", post="3", at=AT)
    for second in (30, 60, 90):
        clock.move_to(AT + timedelta(seconds=second))
        sender.deliver_due()
    assert line.keys == ["before", "after"]
    store.close()


@pytest.mark.parametrize("hours", [-2, 2])
def test_clock_that_jumps_leaves_nothing_stuck_and_repeats_nothing(sqlite_store: Store, hours: int) -> None:
    clock = TurnableClock(AT)
    line = Line(clock)
    line.is_down = True
    dead, living = sender_of(sqlite_store, line, clock, "dead"), sender_of(sqlite_store, line, clock)
    write(sqlite_store, "failed")
    dead.deliver_due()
    line.is_down = False
    write(sqlite_store, "leased by the dead", post="2")
    sqlite_store.notices.lease_due(now=AT, owner="dead", lease_seconds=40, limit=9)
    clock.set_to(AT + timedelta(hours=hours))
    began = clock.now()
    write(sqlite_store, "new", post="3", at=began)
    for second in range(0, 121, 5):
        clock.set_to(began + timedelta(seconds=second))
        living.deliver_due()
    assert sorted(line.keys) == ["failed", "leased by the dead", "new"]


@pytest.mark.parametrize(
    "change", [datetime(2026, 3, 29, 0, 58, tzinfo=UTC), datetime(2026, 10, 25, 0, 58, tzinfo=UTC)]
)
def test_ladder_keeps_its_minutes_when_the_clocks_change(change: datetime) -> None:
    escalation = EscalationSettings(
        steps=tuple(EscalationStep(after_minutes=minutes, notify=("everyone",)) for minutes in (0, 5, 20))
    )
    berlin = ZoneInfo("Europe/Berlin")
    assert (change + timedelta(minutes=3)).astimezone(berlin).utcoffset() != change.astimezone(berlin).utcoffset()
    current = make_incident(opened_at=change, updated_at=change, next_step_at=change + timedelta(minutes=5))
    told = []
    for second in range(0, 3600, 5):
        transition = incidents.escalate(current, escalation, at=change + timedelta(seconds=second))
        if transition and transition.moment is Moment.ESCALATED and transition.incident.step > current.step:
            told.append(second)
            current = transition.incident
    assert told[:2] == [300, 1200]


def test_five_hundred_incidents_at_once_reach_everybody_in_time(tmp_path: Path) -> None:
    store, clock, line = open_store(f"sqlite:///{tmp_path}/storm.db"), SystemClock(), Line(SystemClock())
    sender = sender_of(store, line, clock)
    opening = threading.Thread(
        target=lambda: [write(store, *(f"{n}-{to}" for to in "abc"), at=clock.now(), post=str(n)) for n in range(500)]
    )
    began = time.monotonic()
    opening.start()
    while len(line.arrived) < 1500 and time.monotonic() - began < 60:
        sender.deliver_due()
    opening.join()
    sender.close()
    live = store.incidents.live()
    created = {notice.key: notice.created_at for each in live for notice in store.notices.of_incident(each.id or 0)}
    late = sorted((at - created[key]).total_seconds() for at, key in line.arrived)
    assert len(live) == 500
    assert sorted(line.keys) == sorted(created)
    assert late[int(0.95 * len(late))] < 30
    store.close()


@pytest.fixture
def quick_store(databases: Databases, tmp_path: Path) -> Iterator[Store]:
    """A store for many small transactions: a thousand races wait for the disk several thousand times otherwise."""
    url = databases.create(is_migrated=True)
    in_memory = Path("/dev/shm")  # noqa: S108 - only where the database is a file
    with tempfile.TemporaryDirectory(dir=in_memory if in_memory.is_dir() else tmp_path) as folder:
        store = open_store(f"sqlite:///{folder}/races.db" if url.startswith("sqlite") else url)
        yield store
        store.close()


@pytest.mark.parametrize("databases", BOTH, indirect=True)
def test_of_two_people_and_the_ladder_that_act_at_once_one_takes_it(quick_store: Store) -> None:
    """A thousand races: whoever wins, one acknowledgement is recorded, and nothing escalates after it."""
    store, clock = quick_store, ManualClock(AT + timedelta(minutes=5))
    acting = Acting(config=Config(brands=(BrandSettings(name="acme"),)), store=store, clock=clock)
    opened = [
        store.incidents.apply(
            make_transition(make_incident(post=("x", str(number)), next_step_at=clock.now())),
            notices_for=lambda _: (),
        ).incident
        for number in range(1000)
    ]
    start = threading.Barrier(3)

    def race(act: Callable[[int], object]) -> int:
        won = 0
        for incident in opened:
            start.wait(timeout=60)
            try:
                won += act(incident.id or 0) is not None
            except (UsageError, StaleIncident):
                continue
        return won

    def take(by: str, number: int) -> Transition:
        return acting.acknowledge(number, by=by)

    def climb(number: int) -> Transition | None:
        due = incidents.escalate(store.incidents.get(number), EscalationSettings(), at=clock.now())
        return acting.apply(due) if due else None

    with ThreadPoolExecutor(3) as pool:
        ann, bo = (pool.submit(race, partial(take, name)) for name in ("ann", "bo"))
        ladder = pool.submit(race, climb)
        took, climbed = (ann.result(), bo.result()), ladder.result()
    for incident in opened:
        moments = [each.moment for each in store.incidents.events(incident.id or 0)]
        assert moments.count(Moment.ACKNOWLEDGED) == 1
        assert Moment.ESCALATED not in moments[moments.index(Moment.ACKNOWLEDGED) :]
    assert {store.incidents.get(each.id or 0).state for each in opened} == {State.ACK}
    assert sum(took) == len(opened)
    assert 0 <= climbed <= len(opened)
