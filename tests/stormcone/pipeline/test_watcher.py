import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

from structlog.testing import capture_logs

from stormcone.clock import SystemClock
from stormcone.config import Config, WatchSettings
from stormcone.errors import CollectError, StoreBusy, StoreError
from stormcone.models import Batch, SourceState, State, Transition
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.watcher import LEASE, Watcher
from stormcone.ports import Collector
from stormcone.store import Store
from tests.fakes import at, make_incident, make_mention, make_own_post, make_scored, make_transition
from tests.stormcone.pipeline.parts import Scripted, WordScorer, make_storm, spoil

CONFIG = Config(watch=WatchSettings(tick_seconds=0.05))
CLOCK = SystemClock()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def make_watcher(
    store: Store,
    *answers: Batch | Exception,
    owner: str = "one",
    config: Config = CONFIG,
    others: Mapping[str, Collector] | None = None,
    tell: Callable[[Transition], None] | None = None,
) -> Watcher:
    """Return a watcher of a scripted source on the machine's time."""
    source = Scripted(*answers, clock=CLOCK, poll_seconds=0.05)
    pipeline = build_pipeline(config, store, CLOCK, scorer=WordScorer())
    return Watcher(pipeline, {"scripted": source, **(others or {})}, {}, owner=owner, tell=tell)


@contextmanager
def started(watcher: Watcher) -> Iterator[Watcher]:
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()


def wait_for(look: Callable[[], object]) -> None:
    until = time.monotonic() + 60  # a busy machine
    while not look():
        assert time.monotonic() < until
        threading.Event().wait(0.02)


def holder(store: Store) -> str | None:
    return store.leases.holder(LEASE, now=CLOCK.now())


def count(store: Store) -> int:
    return sum(minute.mentions for minute in store.reads.brand_minutes("acme", since=LONG_AGO, until=CLOCK.now()))


def test_only_the_holder_of_the_lease_polls_and_a_successor_takes_over(sqlite_store: Store) -> None:
    store = sqlite_store
    config = CONFIG.model_copy(update={"lease_seconds": 0.6})
    first = make_watcher(store, Batch(mentions=(make_mention(),)), config=config)
    second = make_watcher(store, Batch(mentions=(make_mention("2", author="b"),)), owner="two", config=config)
    with ExitStack() as ends:
        with started(first):
            wait_for(lambda: first.is_active and count(store) == 1)
            ends.enter_context(started(second))
            assert not second.is_active
            assert holder(store) == "one"
        wait_for(lambda: second.is_active and count(store) == 2)
        assert holder(store) == "two"
    assert holder(store) is None


def test_a_job_that_crashes_is_logged_and_the_others_go_on(sqlite_store: Store) -> None:
    def broken(_: Transition) -> None:
        raise ZeroDivisionError

    storm = make_storm(60, CLOCK.now() - timedelta(minutes=12))
    with capture_logs() as logs, started(make_watcher(sqlite_store, Batch(mentions=tuple(storm)), tell=broken)) as one:
        wait_for(lambda: any(line["event"] == "job_crashed" and line["job"] == "tick" for line in logs))
        cast("Scripted", one._pollers[0]._collector)._answers.append(
            Batch(mentions=(make_mention("late", author="late"),))
        )
        wait_for(lambda: sqlite_store.reads.mention_named("x", "late", "acme"))
    assert len(sqlite_store.incidents.live()) == 1


def test_a_source_that_fails_or_hangs_stops_no_other_and_no_end(sqlite_store: Store) -> None:
    hang = threading.Event()

    class Hanging(Scripted):
        def poll(self, *_: object) -> Batch:
            hang.wait()
            return Batch()

    failing = Scripted(*[CollectError("failing", "answered 500")] * 9_999, clock=CLOCK, poll_seconds=0.05)
    others = {"failing": failing, "hanging": Hanging(clock=CLOCK, poll_seconds=0.05)}
    try:
        with started(make_watcher(sqlite_store, Batch(mentions=(make_mention(),)), others=others)):
            wait_for(lambda: count(sqlite_store) == 1)
            wait_for(lambda: len(failing.cursors) > 2)
            states = {each.name: each.state(CLOCK.now()) for each in sqlite_store.sources.health()}
            assert states["scripted"] is SourceState.OK
            began = time.monotonic()
        assert time.monotonic() - began < 4
    finally:
        hang.set()


def test_history_that_could_not_be_read_is_learned_again(sqlite_store: Store) -> None:
    spoilt = spoil(sqlite_store, "reads", "brands", StoreBusy("locked"))
    with capture_logs() as logs, started(make_watcher(spoilt)) as watcher:
        wait_for(lambda: watcher.is_active)
    assert [line["job"] for line in logs if line["event"] == "job_failed"] == ["learn"]


def test_what_others_brought_into_history_is_known_to_the_scorer(sqlite_store: Store) -> None:
    with started(make_watcher(sqlite_store, Batch(mentions=(make_mention(),)))) as watcher:

        def is_post_known() -> bool:
            with watcher._lock:
                return bool(watcher._pipeline.around.gather([make_mention("2")], ()).posts)

        wait_for(lambda: count(sqlite_store) == 1)
        wait_for(lambda: watcher._is_caught_up)  # history is learned once more when the first polls are in
        assert not is_post_known()
        sqlite_store.mentions.save([make_scored(make_own_post())], Batch())
        assert not is_post_known()
        sqlite_store.mentions.note_rewritten_history()
        wait_for(is_post_known)


def test_a_storm_that_ended_while_nobody_watched_is_measured_at_the_start(sqlite_store: Store) -> None:
    ended = make_incident(State.RESOLVED, resolved_at=at(300))
    sqlite_store.incidents.apply(make_transition(ended), notices_for=lambda _: ())
    with started(make_watcher(sqlite_store)):
        wait_for(lambda: sqlite_store.recoveries.get(1))


def test_poll_once_asks_every_source_and_says_who_failed(sqlite_store: Store) -> None:
    others = {"failing": Scripted(CollectError("failing", "answered 500"), clock=CLOCK)}
    watcher = make_watcher(sqlite_store, Batch(mentions=(make_mention(),)), others=others)
    assert watcher.poll_once() == {"scripted": None, "failing": "failing: answered 500"}
    assert count(sqlite_store) == 1
    assert holder(sqlite_store) is None


def test_only_ticks_that_cannot_store_count_towards_the_emergency(sqlite_store: Store) -> None:
    def full() -> None:
        raise StoreError("storm.db: the disk is full")

    watcher = make_watcher(sqlite_store)
    watcher._holds_lease = watcher._has_learned = True
    seen = []
    for job, name in ((full, "poll scripted"), (full, "tick"), (lambda: None, "deliver"), (lambda: None, "tick")):
        watcher._guarded(job, name)
        seen.append(watcher._emergency._failing_since is not None)
    assert seen == [False, True, True, False]
