import threading
from datetime import timedelta

from stormcone.clock import ManualClock
from stormcone.errors import CollectError, RateLimited, StoreBusy
from stormcone.models import Batch, Skip, SourceHealth, SourceState
from stormcone.pipeline.polling import Poller
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import at, make_mention
from tests.stormcone.pipeline.parts import Scripted, make_pipeline, spoil

SECRET = "planted-token-55123"


def make_poller(*answers: Batch | Exception, store: Store | None = None) -> tuple[Poller, Scripted, Store, ManualClock]:
    """Return a registered poller of a scripted source, with what belongs to it."""
    pipeline, clock = make_pipeline(store)
    source = Scripted(*answers, clock=clock)
    poller = Poller("scripted", source, pipeline.store, pipeline.ingest, clock, threading.Lock())
    poller.register()
    return poller, source, pipeline.store, clock


def health(store: Store) -> SourceHealth:
    (found,) = store.sources.health()
    return found


def test_an_answer_moves_the_cursor_and_is_noted() -> None:
    batch = Batch(mentions=(make_mention(),), cursor="a", requests=2, cost_usd=0.5)
    poller, source, store, clock = make_poller(batch, batch)
    clock.move_to(at(1))
    assert poller.poll() is None
    assert poller.poll() is None
    assert source.cursors == [None, "a"]
    noted = health(store)
    assert (noted.requests_today, noted.cost_usd_today, noted.last_success_at) == (4, 1.0, at(1))
    assert noted.state(clock.now()) is SourceState.OK
    assert len(tuple(store.reads.mentions_since(at()))) == 1


def test_more_is_fetched_at_once_and_counts_as_behind_until_then() -> None:
    pages = [Batch(mentions=(make_mention(str(n)),), cursor=str(n), has_more=n < 2) for n in range(3)]
    poller, source, store, _ = make_poller(*pages)
    assert poller.poll() is None
    assert source.cursors == [None, "0", "1"]
    assert not poller.is_behind
    assert len(tuple(store.reads.mentions_since(at()))) == 3


def test_a_source_that_fails_in_a_backlog_is_not_waited_for() -> None:
    poller, _, _, _ = make_poller(Batch(cursor="0", has_more=True), CollectError("scripted", "answered 500"))
    assert poller.poll() == "scripted: answered 500"
    assert not poller.is_behind


def test_a_source_that_hangs_in_a_backlog_is_waited_for_only_so_long() -> None:
    poller, _, _, clock = make_poller(*(Batch(cursor=str(n), has_more=True) for n in range(60)))
    poller.poll()
    assert poller.is_behind
    clock.move_to(at(10))
    assert not poller.is_behind


def test_a_throttled_source_is_left_alone_until_it_said() -> None:
    poller, source, store, clock = make_poller(RateLimited("scripted", "answered 429", retry_after_seconds=600))
    assert poller.poll() == "scripted: answered 429"
    clock.move_to(at(9.9))
    assert health(store).state(clock.now()) is SourceState.WAITING
    assert "2026-03-02T12:10:00Z" in (poller.poll() or "")
    assert len(source.cursors) == 1
    clock.move_to(at(10))
    assert poller.poll() is None
    assert health(store).state(clock.now()) is SourceState.OK


def test_a_wait_outlives_a_restart() -> None:
    first, _, store, _ = make_poller(RateLimited("scripted", "answered 429", retry_after_seconds=600))
    first.poll()
    second, source, _, clock = make_poller(store=store)
    assert second.poll() is not None
    assert source.cursors == []
    assert health(store).state(clock.now()) is SourceState.WAITING


def test_a_batch_may_ask_for_a_pause_too() -> None:
    poller, source, store, clock = make_poller(Batch(cursor="0", has_more=True, throttle_until=at(5)))
    assert poller.poll() is None
    assert poller.poll() is not None
    assert source.cursors == [None]
    assert health(store).state(clock.now()) is SourceState.WAITING


def test_a_bug_in_a_source_is_a_named_state_without_its_message() -> None:
    poller, _, store, clock = make_poller(KeyError(SECRET))
    reason = poller.poll() or ""
    assert "KeyError" in reason
    assert SECRET not in reason
    assert health(store).last_error == reason
    clock.move_to(at(4))
    assert health(store).state(clock.now()) is SourceState.STALE


def test_what_could_not_be_stored_is_asked_for_again() -> None:
    store = open_store(MEMORY_URL)
    batch = Batch(mentions=(make_mention(),), cursor="a")
    poller, source, _, _ = make_poller(batch, batch, store=spoil(store, "mentions", "save", StoreBusy("locked")))
    assert poller.poll() == "locked"
    assert poller.poll() is None
    assert source.cursors == [None, None]
    assert len(tuple(store.reads.mentions_since(at()))) == 1


def test_a_success_takes_the_error_back_and_skipped_rows_are_no_failure() -> None:
    skip = Skip(place="a.jsonl line 2", reason="is no JSON")
    poller, _, store, _ = make_poller(CollectError("scripted", "answered 500"), Batch(skipped=(skip,)))
    poller.poll()
    assert health(store).last_error == "scripted: answered 500"
    assert poller.poll() is None
    assert health(store).last_error is None


def test_a_fast_clock_makes_no_source_stale() -> None:
    pipeline, clock = make_pipeline()
    source = Scripted(clock=clock)
    poller = Poller("drill", source, pipeline.store, pipeline.ingest, clock, threading.Lock(), pace=5_000)
    poller.register()
    poller.poll()
    clock.move_to(clock.now() + timedelta(seconds=0.2 * 5_000))
    assert health(pipeline.store).state(clock.now()) is SourceState.OK
    assert poller.poll_seconds == 60
