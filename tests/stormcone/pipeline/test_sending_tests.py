import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest

from alerts.channels.console import ConsoleSettings
from alerts.message import from_json
from alerts.plain_text import plain_text, subject
from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config
from stormcone.errors import DeliveryError
from stormcone.models import Moment, Notice, Outcome
from stormcone.pipeline.sending_tests import TrialEnd, send_tests
from stormcone.ports import Channel
from stormcone.store import Store
from tests.fakes import AT

CONFIG = Config(brands=(BrandSettings(name="acme"),))


class Answering(Channel):
    """Does with a notice what it was told: accept, raise, or hang until it is let go."""

    type = "answering"
    Settings = ConsoleSettings

    def __init__(self, name: str, error: Exception | None = None, hang: threading.Event | None = None) -> None:
        super().__init__(ConsoleSettings(id=name, type="console", timeout_seconds=0.2), {})
        self._error, self._hang = error, hang
        self.got: list[Notice] = []

    def deliver(self, notice: Notice) -> None:
        self.got.append(notice)
        if self._hang is not None:
            self._hang.wait(20)
        if self._error is not None:
            raise self._error


@pytest.fixture
def let_go() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def ends_of(store: Store, channels: Mapping[str, Channel], clock: ManualClock | None = None) -> dict[str, TrialEnd]:
    return {each.channel: each for each in send_tests(CONFIG, channels, store, clock or ManualClock(AT))}


def test_every_channel_is_asked_and_each_says_what_came_of_it(store: Store, let_go: threading.Event) -> None:
    channels = {
        "team": Answering("team"),
        "closed": Answering("closed", DeliveryError("closed", "the receiver answered 403", permanent=True)),
        "down": Answering("down", DeliveryError("down", "the connection failed")),
        "broken": Answering("broken", KeyError("planted")),
        "hanging": Answering("hanging", hang=let_go),
    }
    ends = ends_of(store, channels)
    assert list(ends) == list(channels)
    assert {name: end.outcome for name, end in ends.items()} == {
        "team": Outcome.OK,
        "closed": Outcome.REFUSED,
        "down": Outcome.FAILED,
        "broken": Outcome.FAILED,
        "hanging": Outcome.FAILED,
    }
    assert ends["team"].reason is None
    assert ends["closed"].reason == "channel closed: the receiver answered 403"
    assert ends["broken"].reason == "channel broken: the channel broke with KeyError"
    assert "given up after 0.3 s" in str(ends["hanging"].reason)


def test_test_says_that_it_is_one_and_asks_for_nothing(store: Store) -> None:
    channel = Answering("team")
    ends_of(store, {"team": channel})
    (notice,) = channel.got
    message = from_json(notice.message_json)
    assert (notice.moment, notice.incident_id, message.event) == (Moment.TEST, None, Moment.TEST)
    assert "TEST of Stormcone" in message.headline
    assert "acme" in message.headline
    assert subject(message).startswith("[test]")
    assert "This is a test; there is nothing to do." in plain_text(message)
    assert message.links.acknowledge is None


def test_no_sender_sends_a_test_again(store: Store) -> None:
    ends_of(store, {"team": Answering("team"), "down": Answering("down", DeliveryError("down", "no"))})
    later = AT + timedelta(days=1)
    assert store.notices.lease_due(now=later, owner="sender", lease_seconds=40, limit=9) == []


def test_only_what_arrived_counts_as_success_and_the_newest_one_is_told(store: Store) -> None:
    assert store.channels.last_successes() == {}
    down = Answering("down", DeliveryError("down", "no"))
    clock = ManualClock(AT)
    ends_of(store, {"team": Answering("team"), "down": down}, clock)
    clock.move_to(AT + timedelta(minutes=5))
    ends_of(store, {"team": Answering("team")}, clock)
    assert store.channels.last_successes() == {"team": AT + timedelta(minutes=5)}
    assert [each.outcome for each in store.notices.deliveries(down.got[0].key)] == [Outcome.FAILED]


def test_nobody_to_ask_is_no_error(store: Store) -> None:
    assert ends_of(store, {}) == {}
