"""The sender: everything due leaves, is recorded after it arrived, and no channel waits for another."""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from alerts.channels.webhook import Webhook, WebhookSettings
from alerts.connecting import SEND_BY
from alerts.delivery import Sender
from alerts.lanes import MAX_ABANDONED_THREADS, MAX_WAITING
from stormcone.clock import ManualClock
from stormcone.errors import DeliveryError
from stormcone.models import Notice, Outcome
from stormcone.ports import Channel
from tests.alerts.outboxes import LIMIT_SECONDS, MemoryOutbox, Record, ScriptedChannel

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)


@pytest.fixture
def hang() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def notices(make_notice: Callable[..., Notice]) -> Callable[..., tuple[Notice, ...]]:
    def make(channel: str, count: int = 1) -> tuple[Notice, ...]:
        return tuple(make_notice(channel, person=f"p{number}", attempts=0) for number in range(count))

    return make


def sender_of(outbox: MemoryOutbox, *channels: Channel, patience_seconds: float = LIMIT_SECONDS) -> Sender:
    by_id: Mapping[str, Channel] = {channel.settings.id: channel for channel in channels}
    return Sender(
        outbox,
        by_id,
        ManualClock(NOW),
        owner="test",
        jitter=random.Random(1),
        patience_seconds=patience_seconds,
    )


def wait_until(holds: Callable[[], bool]) -> None:
    deadline, nothing = time.monotonic() + LIMIT_SECONDS, threading.Event()
    while not holds():
        assert time.monotonic() < deadline, "waited too long"
        nothing.wait(0.005)


def test_due_notices_arrive_in_order_and_are_recorded(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox, channel = MemoryOutbox(*notices("hook", 5)), ScriptedChannel("hook")
    keys = list(outbox.pending)
    deliveries = sender_of(outbox, channel).deliver_due()
    assert channel.arrived == keys
    assert [delivery.key for delivery in deliveries] == keys
    assert {delivery.outcome for delivery in deliveries} == {Outcome.OK}
    assert outbox.records == [Record(key, Outcome.OK, None, None) for key in keys]


def test_nothing_due_is_nothing_done() -> None:
    assert sender_of(MemoryOutbox(), ScriptedChannel("hook")).deliver_due() == ()


def test_limit_bounds_one_call(notices: Callable[..., tuple[Notice, ...]]) -> None:
    sender = sender_of(MemoryOutbox(*notices("hook", 5)), ScriptedChannel("hook"))
    assert [len(sender.deliver_due(limit=2)) for _ in range(4)] == [2, 2, 1, 0]


def test_passing_failure_is_tried_again_after_its_wait(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox = MemoryOutbox(*notices("hook"))
    channel = ScriptedChannel("hook", DeliveryError("hook", "the receiver answered 500"))
    clock = ManualClock(NOW)
    sender = Sender(outbox, {"hook": channel}, clock, owner="test", jitter=random.Random(1), patience_seconds=5)
    sender.deliver_due()
    due = outbox.records[0].next_try_at
    assert due is not None
    assert 4 <= (due - NOW).total_seconds() <= 6
    assert sender.deliver_due() == ()
    clock.move_to(due)
    assert [delivery.outcome for delivery in sender.deliver_due()] == [Outcome.OK]
    assert len({record.key for record in outbox.records}) == 1


def test_receivers_wish_decides_the_wait(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox = MemoryOutbox(*notices("hook"))
    sender_of(outbox, ScriptedChannel("hook", DeliveryError("hook", "busy", retry_after_seconds=77))).deliver_due()
    assert outbox.records[0].next_try_at == NOW + timedelta(seconds=77)


def test_refused_notice_is_dead(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox = MemoryOutbox(*notices("hook"))
    sender_of(outbox, ScriptedChannel("hook", DeliveryError("hook", "gone", permanent=True))).deliver_due()
    assert outbox.records == [Record(outbox.records[0].key, Outcome.REFUSED, "channel hook: gone", None)]


def test_unknown_channel_is_dead_with_a_reason(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox = MemoryOutbox(*notices("lost"))
    delivery = sender_of(outbox, ScriptedChannel("hook")).deliver_due()[0]
    assert delivery.outcome is Outcome.REFUSED
    assert delivery.detail == "channel lost: no [[channels]] entry has this id"
    assert outbox.pending == {}


def test_broken_channel_costs_a_retry_and_tells_no_text(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox = MemoryOutbox(*notices("hook", 2))
    with structlog.testing.capture_logs() as logs:
        deliveries = sender_of(outbox, ScriptedChannel("hook", KeyError("planted-secret"))).deliver_due()
    assert [delivery.outcome for delivery in deliveries] == [Outcome.FAILED, Outcome.OK]
    assert "KeyError" in (deliveries[0].detail or "")
    assert "planted" not in repr((logs, deliveries))


def test_hanging_channel_does_not_delay_another(
    notices: Callable[..., tuple[Notice, ...]], hang: threading.Event
) -> None:
    outbox = MemoryOutbox(*notices("slow", 3), *notices("quick", 3))
    slow, quick = ScriptedChannel("slow", hang), ScriptedChannel("quick")
    sender = sender_of(outbox, slow, quick, patience_seconds=0.2)
    delivered = [delivery.channel for delivery in sender.deliver_due()]
    assert delivered == ["quick"] * 3
    assert slow.arrived == []
    hang.set()
    wait_until(lambda: len(outbox.records) == 6)
    assert [delivery.channel for delivery in sender.deliver_due()] == ["slow"] * 3


def test_delivery_beyond_its_bound_is_unsure_until_its_late_arrival_spares_the_repeat(
    notices: Callable[..., tuple[Notice, ...]], hang: threading.Event
) -> None:
    outbox = MemoryOutbox(*notices("slow", 2))
    first, second = outbox.pending_before
    slow = ScriptedChannel("slow", hang, timeout_seconds=0.1)
    sender = sender_of(outbox, slow, patience_seconds=0.02)
    wait_until(lambda: bool(sender.deliver_due()) or bool(outbox.records))
    assert (outbox.records[0].key, outbox.records[0].outcome) == (first, Outcome.UNSURE)
    assert "given up after 0.15 s" in (outbox.records[0].detail or "")
    wait_until(lambda: len(outbox.records) == 2)
    assert outbox.records[1].key == second
    hang.set()
    wait_until(lambda: len(outbox.records) == 3)
    assert outbox.records[2] == Record(first, Outcome.OK, None, None)
    assert outbox.pending == {}


def test_late_failure_of_what_was_given_up_says_nothing_new(
    notices: Callable[..., tuple[Notice, ...]], hang: threading.Event
) -> None:
    class Failing(ScriptedChannel):
        def deliver(self, notice: Notice) -> None:
            super().deliver(notice)
            if len(self.arrived) == 1:
                raise DeliveryError("slow", "the receiver answered 500")

    outbox, slow = MemoryOutbox(*notices("slow")), Failing("slow", hang, timeout_seconds=0.1)
    sender = sender_of(outbox, slow, patience_seconds=0.02)
    wait_until(lambda: bool(sender.deliver_due()) or bool(outbox.records))
    hang.set()
    wait_until(lambda: len(slow.arrived) == 1)
    sender.close(patience_seconds=0.1)
    assert [record.outcome for record in outbox.records] == [Outcome.UNSURE]


def test_notice_that_another_sender_holds_by_now_is_not_sent(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox, channel = MemoryOutbox(*notices("hook", 2)), ScriptedChannel("hook")
    outbox.taken_over = True
    assert sender_of(outbox, channel).deliver_due() == ()
    assert channel.arrived == []


def test_second_try_that_may_have_arrived_is_not_repeated_for_a_minute(
    notices: Callable[..., tuple[Notice, ...]],
) -> None:
    unanswered = DeliveryError("hook", "no complete answer within 10 s", is_unsure=True)
    waits = []
    for unsure in (0, 1):
        outbox = MemoryOutbox(*(replace(each, unsure=unsure) for each in notices("hook")))
        sender_of(outbox, ScriptedChannel("hook", unanswered)).deliver_due()
        assert outbox.records[0].outcome is Outcome.UNSURE
        assert outbox.records[0].next_try_at is not None
        waits.append((outbox.records[0].next_try_at - NOW).total_seconds())
    assert 4 <= waits[0] <= 6
    assert 48 <= waits[1] <= 72


def test_sender_that_was_stopped_before_its_request_sends_nothing_after_its_lease(
    notices: Callable[..., tuple[Notice, ...]],
) -> None:
    """The lease is looked at once more right before bytes leave, whatever happened since the try began."""

    class Stopped(Webhook):
        def deliver(self, notice: Notice) -> None:
            SEND_BY.set(time.monotonic())  # as if the process had been stopped until here
            super().deliver(notice)

    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    settings = WebhookSettings(id="hook", type="webhook", url=url, allow_private=True)
    outbox = MemoryOutbox(*notices("hook"))
    (delivery,) = sender_of(outbox, Stopped(settings, {})).deliver_due()
    assert delivery.outcome is Outcome.FAILED  # not even unsure: nothing was sent
    listener.setblocking(False)
    with pytest.raises(BlockingIOError):
        listener.accept()
    listener.close()


def test_threads_that_hang_are_counted_and_no_more_are_made(
    notices: Callable[..., tuple[Notice, ...]], hang: threading.Event
) -> None:
    count = MAX_ABANDONED_THREADS + 3
    outbox = MemoryOutbox(*notices("stuck", count))
    sender = sender_of(outbox, ScriptedChannel("stuck", *[hang] * count, timeout_seconds=0.02), patience_seconds=0.01)
    wait_until(lambda: bool(sender.deliver_due()) and len(outbox.records) >= MAX_ABANDONED_THREADS)
    outbox.leased_until.clear()
    wait_until(lambda: bool(sender.deliver_due()) or len(outbox.records) == count)
    assert {record.outcome for record in outbox.records} == {Outcome.UNSURE, Outcome.FAILED}
    assert "still hang" in (outbox.records[-1].detail or "")
    hanging = [thread for thread in threading.enumerate() if thread.name == "channel-stuck"]
    assert len(hanging) == MAX_ABANDONED_THREADS
    assert all(thread.daemon for thread in hanging)
    hang.set()
    wait_until(lambda: not any(thread.is_alive() for thread in hanging))


def test_arrival_that_could_not_be_recorded_is_recorded_later_and_not_sent_again(
    notices: Callable[..., tuple[Notice, ...]],
) -> None:
    outbox, channel, clock = MemoryOutbox(*notices("hook")), ScriptedChannel("hook"), ManualClock(NOW)
    outbox.failures = 3
    sender = Sender(outbox, {"hook": channel}, clock, owner="test", jitter=random.Random(1), patience_seconds=5)
    for seconds in (0, 41, 82):
        clock.move_to(NOW + timedelta(seconds=seconds))
        assert sender.deliver_due() == ()
    assert [delivery.outcome for delivery in sender.deliver_due()] == [Outcome.OK]
    assert len(channel.arrived) == 1
    assert outbox.pending == {}


def test_arrival_that_a_sender_could_not_record_before_its_end_is_repeated_by_the_next(
    notices: Callable[..., tuple[Notice, ...]],
) -> None:
    outbox, channel, clock = MemoryOutbox(*notices("hook")), ScriptedChannel("hook"), ManualClock(NOW)
    outbox.failures = 1
    Sender(outbox, {"hook": channel}, clock, owner="a", jitter=random.Random(1), patience_seconds=5).deliver_due()
    clock.move_to(NOW + timedelta(seconds=41))
    second = Sender(outbox, {"hook": channel}, clock, owner="b", jitter=random.Random(1), patience_seconds=5)
    assert [delivery.outcome for delivery in second.deliver_due()] == [Outcome.OK]
    assert channel.arrived[0] == channel.arrived[1]


def test_what_was_overtaken_while_it_waited_is_not_sent(notices: Callable[..., tuple[Notice, ...]]) -> None:
    outbox, channel = MemoryOutbox(*notices("hook", 3)), ScriptedChannel("hook")
    outbox.overtaken = {list(outbox.pending)[1]}
    sender_of(outbox, channel).deliver_due()
    assert channel.arrived == [key for key in outbox.pending_before if key not in outbox.overtaken]


def test_notice_that_cannot_be_rechecked_is_sent_rather_than_withheld(
    notices: Callable[..., tuple[Notice, ...]],
) -> None:
    outbox, channel = MemoryOutbox(*notices("hook")), ScriptedChannel("hook")
    outbox.is_unreadable = True
    assert [delivery.outcome for delivery in sender_of(outbox, channel).deliver_due()] == [Outcome.OK]


def test_channel_with_a_long_line_is_handed_nothing_new(
    notices: Callable[..., tuple[Notice, ...]], hang: threading.Event
) -> None:
    outbox = MemoryOutbox(*notices("slow", 3 * MAX_WAITING), *notices("quick", 3))
    slow, quick = ScriptedChannel("slow", hang), ScriptedChannel("quick")
    sender = sender_of(outbox, slow, quick, patience_seconds=0.01)
    wait_until(lambda: bool(sender.deliver_due(limit=MAX_WAITING)) or len(quick.arrived) == 3)
    assert len(outbox.leased_until) <= 2 * MAX_WAITING + 3
    assert slow.arrived == []


def test_lease_that_ran_out_early_does_not_send_twice(
    notices: Callable[..., tuple[Notice, ...]], hang: threading.Event
) -> None:
    outbox, channel, clock = MemoryOutbox(*notices("hook")), ScriptedChannel("hook", hang), ManualClock(NOW)
    sender = Sender(outbox, {"hook": channel}, clock, owner="test", jitter=random.Random(1), patience_seconds=0.02)
    sender.deliver_due()
    clock.move_to(NOW + timedelta(hours=1))  # a drill's clock runs ahead of the sockets
    sender.deliver_due()
    hang.set()
    wait_until(lambda: bool(outbox.records))
    assert len(channel.arrived) == 1


def test_close_waits_for_what_is_under_way(notices: Callable[..., tuple[Notice, ...]], hang: threading.Event) -> None:
    outbox, channel = MemoryOutbox(*notices("hook")), ScriptedChannel("hook", hang)
    sender = sender_of(outbox, channel, patience_seconds=0.01)
    assert sender.deliver_due() == ()
    threading.Timer(0.05, hang.set).start()
    assert [delivery.outcome for delivery in sender.close(patience_seconds=LIMIT_SECONDS)] == [Outcome.OK]


def test_close_does_not_wait_for_what_hangs(notices: Callable[..., tuple[Notice, ...]], hang: threading.Event) -> None:
    sender = sender_of(MemoryOutbox(*notices("hook")), ScriptedChannel("hook", hang), patience_seconds=0.01)
    sender.deliver_due()
    began = time.monotonic()
    assert sender.close(patience_seconds=0.05) == ()
    assert time.monotonic() - began < 1
