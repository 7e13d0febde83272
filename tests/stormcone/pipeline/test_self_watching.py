"""The dead-man's jobs in a running watcher."""

from stormcone.clock import SystemClock
from stormcone.errors import StoreBusy
from stormcone.models import Batch
from stormcone.models.heartbeats import Part, Pulse
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.watcher import Watcher
from stormcone.store import Store
from tests.fakes import make_mention
from tests.stormcone.pipeline.parts import Scripted, WordScorer, spoil
from tests.stormcone.pipeline.test_heartbeats import Receiver
from tests.stormcone.pipeline.test_watcher import CONFIG, started, wait_for

CLOCK = SystemClock()


def make_watched(store: Store, receiver: Receiver, *, is_private_meant: bool = True) -> Watcher:
    watch = CONFIG.watch.model_copy(update={"heartbeat_allow_private": is_private_meant})
    pipeline = build_pipeline(CONFIG.model_copy(update={"watch": watch}), store, CLOCK, scorer=WordScorer())
    source = Scripted(Batch(mentions=(make_mention(),)), clock=CLOCK, poll_seconds=0.05)
    return Watcher(pipeline, {"scripted": source}, {}, owner="one", outside_url=receiver.url)


def test_every_part_of_a_running_watcher_lives_and_outside_is_told(sqlite_store: Store) -> None:
    receiver = Receiver()
    try:
        with started(make_watched(sqlite_store, receiver)):
            wait_for(lambda: len(sqlite_store.heartbeats.newest()) == len(Part))
            signs = sqlite_store.heartbeats.newest()
            assert {sign.pulse(CLOCK.now()) for sign in signs.values()} == {Pulse.OK}
            assert str(signs[Part.CANARY].detail).startswith("came through in ")
            assert [method for method, _ in receiver.asked] == ["GET"]
            assert sqlite_store.reads.brands() == ("acme",)
    finally:
        receiver.close()


def test_a_watcher_whose_detector_fails_calls_nobody_outside(sqlite_store: Store) -> None:
    receiver = Receiver()
    spoilt = spoil(sqlite_store, "incidents", "current", *[StoreBusy("locked")] * 9_999)
    try:
        with started(make_watched(spoilt, receiver)):
            wait_for(lambda: {Part.SENDER, Part.AUDITOR} <= set(sqlite_store.heartbeats.newest()))
        assert receiver.asked == []
        assert set(sqlite_store.heartbeats.newest()) == {Part.SENDER, Part.AUDITOR}
    finally:
        receiver.close()
