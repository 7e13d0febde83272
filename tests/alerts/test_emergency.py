"""When nothing can be stored people hear of it all the same: in time, not all the time, and of its end."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from alerts.channels.console import ConsoleSettings
from alerts.emergency import Emergency
from alerts.message import from_json
from stormcone.clock import ManualClock
from stormcone.config import Config, PersonSettings, RotaSettings
from stormcone.errors import DeliveryError, StoreBusy, StoreError
from stormcone.models import Moment, Notice
from stormcone.ports import Channel, ChannelSettings

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
FULL = StoreError("storm.db: the disk is full; free some space, nothing was stored in part")
CONFIG = Config(
    channels=(ConsoleSettings(id="pager", type="console", fallback="mail"), ConsoleSettings(id="mail", type="console")),
    people=(PersonSettings(id="ann", channels=("pager", "mail")),),
    rota=RotaSettings(people=("ann",)),
)


class Line(Channel):
    type = "line"
    Settings = ChannelSettings

    def __init__(self, name: str) -> None:
        super().__init__(ChannelSettings(id=name, type="line"), {})
        self.is_down = False
        self.arrived: list[Notice] = []
        self.came = threading.Condition()

    def deliver(self, notice: Notice) -> None:
        if self.is_down:
            raise DeliveryError(self.settings.id, "no answer")
        with self.came:
            self.arrived.append(notice)
            self.came.notify_all()

    def wait_for(self, count: int) -> list[Notice]:
        with self.came:
            assert self.came.wait_for(lambda: len(self.arrived) >= count, 10)
            return list(self.arrived)


def fail(emergency: Emergency, clock: ManualClock, seconds: int, error: StoreError = FULL) -> int:
    """Let every tick fail for so long. Returns: how often people were told."""
    told = 0
    for _ in range(0, seconds, 5):
        clock.move_to(clock.now() + timedelta(seconds=5))
        told += emergency.failed(error)
    return told


def made() -> tuple[Emergency, ManualClock, Line, Line]:
    clock, pager, mail = ManualClock(NOW), Line("pager"), Line("mail")
    return Emergency(CONFIG, {"pager": pager, "mail": mail}, clock), clock, pager, mail


def test_full_disk_is_told_within_a_minute_and_again_after_a_quarter_of_an_hour() -> None:
    emergency, clock, pager, _ = made()
    assert fail(emergency, clock, 60) == 1
    (notice,) = pager.wait_for(1)
    message = from_json(notice.message_json)
    assert (message.event, message.level.word, message.to) == (Moment.UNWELL, "page", "ann")
    assert "can store nothing since 03:00 UTC" in message.headline
    assert "the disk is full" in message.headline
    assert fail(emergency, clock, 3600) == 4
    assert len(pager.wait_for(5)) == 5


def test_end_is_told_once_and_only_to_who_heard_of_the_trouble() -> None:
    emergency, clock, pager, _ = made()
    fail(emergency, clock, 30)
    emergency.worked()
    fail(emergency, clock, 30)  # counts anew
    assert pager.arrived == []
    fail(emergency, clock, 60)
    emergency.worked()
    emergency.worked()
    assert [from_json(each.message_json).event for each in pager.wait_for(2)] == [Moment.UNWELL, Moment.WELL_AGAIN]


def test_database_that_is_locked_for_a_minute_wakes_nobody() -> None:
    emergency, clock, _, _ = made()
    assert fail(emergency, clock, 60, StoreBusy("locked")) == 0
    assert fail(emergency, clock, 120, StoreBusy("locked")) == 1


def test_channel_that_does_not_deliver_is_replaced_by_its_fallback(make_notice: Callable[..., Notice]) -> None:
    emergency, clock, pager, mail = made()
    pager.is_down = True
    fail(emergency, clock, 60)
    assert {each.channel for each in mail.wait_for(2)} == {"mail"}
    assert pager.arrived == []


def test_clock_that_was_set_back_keeps_nobody_from_being_told() -> None:
    class Turnable(ManualClock):
        def set_to(self, instant: datetime) -> None:
            self._now = instant

    clock, pager = Turnable(NOW), Line("pager")
    emergency = Emergency(CONFIG, {"pager": pager}, clock)
    emergency.failed(FULL)
    clock.set_to(NOW - timedelta(hours=2))
    assert emergency.failed(FULL)
    pager.wait_for(1)
