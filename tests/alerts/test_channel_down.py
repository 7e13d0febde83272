"""Two hours in which a channel is down, on a clock that jumps: every page goes another way within a minute, and the
channel gets one digest when it is back.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from alerts.delivery import Sender
from alerts.message import from_json
from stormcone.clock import ManualClock
from stormcone.errors import DeliveryError
from stormcone.models import Level, Moment, Notice, NoticeState, State
from stormcone.ports import Channel, ChannelSettings
from stormcone.store import Store
from tests.alerts.conftest import AT
from tests.fakes import make_incident, make_transition

ROUND = timedelta(minutes=20)


class Line(Channel):
    """A channel that fails as told, and keeps what arrived with its time."""

    type = "line"
    Settings = ChannelSettings

    def __init__(self, name: str, clock: ManualClock, *, fallback: str | None = None) -> None:
        super().__init__(ChannelSettings(id=name, type="line", fallback=fallback), {})
        self.failure: DeliveryError | None = None
        self.arrived: list[tuple[datetime, Notice]] = []
        self._clock = clock

    def deliver(self, notice: Notice) -> None:
        if self.failure:
            raise self.failure
        self.arrived.append((self._clock.now(), notice))


@dataclass
class Outage:
    store: Store
    clock: ManualClock
    first: Line
    second: Line
    sender: Sender
    make_notice: Callable[..., Notice]
    opened: int = 0

    def run(self, seconds: float, *, every: float = 5) -> None:
        """Let the sender work for so long, as the watcher makes it work."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:
            self.clock.move_to(self.clock.now() + timedelta(seconds=every))
            while self.sender.deliver_due():
                pass

    def tell(self, moment: Moment, state: State, incident_id: int | None = None) -> int:
        now = self.clock.now()
        if incident_id is None:
            self.opened += 1
            current = make_incident(state, post=("x", str(self.opened)))
        else:
            current = replace(self.store.incidents.get(incident_id), state=state)

        def notices(stored: object) -> list[Notice]:
            identifier = getattr(stored, "id", 0)
            made = self.make_notice("first", moment=moment, attempts=0)
            text = made.message_json.replace('"incident":"7"', f'"incident":"{identifier}"')
            key = f"inc:{identifier}:{moment}"
            return [replace(made, key=key, incident_id=identifier, created_at=now, message_json=text)]

        done = self.store.incidents.apply(make_transition(current, moment, at=now), notices_for=notices)
        return done.incident.id or 0


class Cases(Line):
    """A receiver that keeps a case for each incident."""

    keeps_cases = True


@pytest.fixture
def outage(sqlite_store: Store, make_notice: Callable[..., Notice]) -> Outage:
    clock = ManualClock(AT)
    first, second = Line("first", clock, fallback="second"), Line("second", clock)
    sender = Sender(
        sqlite_store.notices,
        {"first": first, "second": second},
        clock,
        owner="test",
        jitter=random.Random(1),
        patience_seconds=5,
    )
    return Outage(sqlite_store, clock, first, second, sender, make_notice)


@pytest.mark.parametrize(
    "failure",
    [
        DeliveryError("first", "the connection failed"),
        DeliveryError("first", "the receiver answered 429", retry_after_seconds=3600),
        DeliveryError("first", "the receiver answered 404", permanent=True),
    ],
    ids=["refused connection", "asks for an hour", "gone"],
)
def test_page_takes_the_other_way_within_a_minute(outage: Outage, failure: DeliveryError) -> None:
    outage.first.failure = failure
    outage.run(60, every=30)  # an old sender: what waits has not waited for its start
    outage.tell(Moment.OPENED, State.OPEN)
    began = outage.clock.now()
    outage.run(70, every=2)
    ((at, copy),) = outage.second.arrived
    assert at - began <= timedelta(seconds=60)
    assert (copy.to, from_json(copy.message_json).level) == ("ann", Level.PAGE)


def test_page_that_arrives_takes_no_other_way(outage: Outage) -> None:
    outage.tell(Moment.OPENED, State.OPEN)
    outage.run(300, every=30)
    assert len(outage.first.arrived) == 1
    assert outage.second.arrived == []


def test_channel_that_was_down_for_two_hours_gets_one_digest(outage: Outage) -> None:
    outage.first.failure = DeliveryError("first", "the connection failed")
    opened: list[tuple[datetime, int]] = []
    for _ in range(6):
        began = outage.clock.now()
        incident = outage.tell(Moment.OPENED, State.OPEN)
        opened.append((began, incident))
        outage.run(65)
        outage.tell(Moment.RESOLVED, State.RESOLVED, incident)
        outage.run((ROUND - (outage.clock.now() - began)).total_seconds(), every=120)
    outage.run(1200, every=60)
    assert [notice.incident_id for _, notice in outage.second.arrived] == [incident for _, incident in opened]
    for (began, _), (at, _) in zip(opened, outage.second.arrived, strict=True):
        assert at - began <= timedelta(seconds=60 + 5)  # the clock jumps by five, also while a try is under way
    assert outage.first.arrived == []

    outage.first.failure = None
    outage.run(600, every=30)
    ((_, digest),) = outage.first.arrived
    message = from_json(digest.message_json)
    assert (digest.moment, digest.to) == (Moment.DIGEST, "ann")
    assert [line.split(" at ")[0] for line in message.reasons] == [f"incident {each}: resolved" for _, each in opened]
    states = {each.state for _, i in opened for each in outage.store.notices.of_incident(i) if each.channel == "first"}
    assert states == {NoticeState.SUPERSEDED}


def test_page_of_what_nobody_took_is_no_part_of_a_digest(outage: Outage) -> None:
    outage.first.failure = DeliveryError("first", "the connection failed")
    open_still = outage.tell(Moment.OPENED, State.OPEN)
    over = outage.tell(Moment.OPENED, State.OPEN)
    outage.tell(Moment.RESOLVED, State.RESOLVED, over)
    outage.run(1200, every=60)
    outage.first.failure = None
    outage.run(600, every=30)
    assert {(each.moment, each.incident_id) for _, each in outage.first.arrived} == {
        (Moment.DIGEST, None),
        (Moment.OPENED, open_still),
    }


def test_receiver_that_keeps_cases_is_told_of_every_end_and_of_nothing_that_is_over(outage: Outage) -> None:
    cases = Cases("first", outage.clock)
    sender = Sender(
        outage.store.notices, {"first": cases}, outage.clock, owner="one", jitter=random.Random(1), patience_seconds=5
    )
    outage = replace(outage, first=cases, sender=sender)
    known = outage.tell(Moment.OPENED, State.OPEN)
    outage.run(60)
    cases.failure = DeliveryError("first", "the connection failed")
    outage.tell(Moment.RESOLVED, State.RESOLVED, known)
    unknown = outage.tell(Moment.OPENED, State.OPEN)
    outage.tell(Moment.RESOLVED, State.RESOLVED, unknown)
    outage.run(1800, every=60)
    cases.failure = None
    outage.run(600, every=30)
    told = [(each.moment, each.incident_id) for _, each in cases.arrived]
    assert told == [(Moment.OPENED, known), (Moment.RESOLVED, known)]
