import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stormcone.clock import ManualClock
from stormcone.errors import CollectError, RateLimited, Refused, StoreBusy
from stormcone.models import Batch, BilledRead, Skip, SourceHealth, SourceState
from stormcone.pipeline.polling import Poller
from stormcone.ports import Allowance, StoredPost, Thrift
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, at, make_mention
from tests.stormcone.pipeline.parts import Scripted, make_pipeline, spoil

SECRET = "planted-token-55123"


def make_poller(
    *answers: Batch | Exception,
    store: Store | None = None,
    needs: str | None = None,
    change: Callable[[Scripted], None] = lambda _: None,
) -> tuple[Poller, Scripted, Store, ManualClock]:
    """Return a registered poller of a scripted source, with what belongs to it."""
    pipeline, clock = make_pipeline(store)
    source = Scripted(*answers, clock=clock)
    change(source)
    poller = Poller("scripted", source, pipeline.store, pipeline.ingest, clock, threading.Lock(), needs=needs)
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


def test_a_source_without_its_key_is_stopped_and_never_asked() -> None:
    poller, source, store, clock = make_poller(needs="scripted: token_env names TOKEN, which is not set")
    assert poller.poll_when_due() == "scripted: token_env names TOKEN, which is not set"
    assert source.cursors == []
    assert health(store).state(clock.now()) is SourceState.STOPPED
    assert "TOKEN" in (health(store).last_error or "")


def test_a_refusal_stops_the_source_but_for_a_probe_each_quarter_of_an_hour() -> None:
    refusal = Refused("scripted", "401, the key is not accepted", remedy="renew TOKEN")
    poller, source, store, clock = make_poller(refusal, refusal)
    for minutes in (0, 5, 14, 15, 20, 29):
        clock.move_to(at(minutes))
        poller.poll_when_due()
        assert health(store).state(clock.now()) is SourceState.STOPPED
    assert len(source.cursors) == 2
    clock.move_to(at(30))
    assert poller.poll_when_due() is None
    assert health(store).state(clock.now()) is SourceState.OK


def test_a_source_that_fails_is_asked_again_soon_and_never_in_a_loop() -> None:
    poller, source, _, clock = make_poller(*(CollectError("scripted", "answered 500") for _ in range(99)))
    for seconds in range(0, 300, 5):
        clock.move_to(AT + timedelta(seconds=seconds))
        poller.poll_when_due()
    assert 6 <= len(source.cursors) <= 10


def test_patience_without_a_time_grows() -> None:
    poller, source, store, clock = make_poller(*(RateLimited("scripted", "answered 429") for _ in range(99)))
    for seconds in range(0, 3600, 5):
        clock.move_to(AT + timedelta(seconds=seconds))
        poller.poll_when_due()
        assert health(store).state(clock.now()) is SourceState.WAITING
    assert len(source.cursors) <= 8


def test_a_part_that_did_not_answer_is_named_while_the_source_is_well() -> None:
    poller, _, store, clock = make_poller(
        Batch(cursor="a", trouble=f"feed b answered 404 ({SECRET})"), change=keep_secret
    )
    assert poller.poll() is None
    assert health(store).last_error == "feed b answered 404 (<TOKEN>)"
    assert health(store).state(clock.now()) is SourceState.OK


def keep_secret(source: Scripted) -> None:
    source.context = replace(source.context, secrets={"TOKEN": SECRET})


def test_a_secret_in_a_failure_is_told_by_its_name() -> None:
    poller, _, store, _ = make_poller(CollectError("scripted", f"GET /?key={SECRET} failed"), change=keep_secret)
    assert poller.poll() == "scripted: GET /?key=<TOKEN> failed"
    assert SECRET not in (health(store).last_error or "")


def test_a_hot_thread_is_polled_faster_than_the_interval() -> None:
    answers = tuple(make_mention(str(n), author=f"a{n}", posted_at=at(0), seen_at=at(0)) for n in range(8))
    poller, source, _, clock = make_poller(Batch(mentions=answers, cursor="a"), change=with_archive)
    for seconds in range(0, 60, 5):
        clock.move_to(AT + timedelta(seconds=seconds))
        poller.poll_when_due()
    assert len(source.cursors) == 4


class Lively:
    """An archive in which one thread is hot."""

    def hot_threads(self, *, limit: int) -> tuple[StoredPost, ...]:
        return (StoredPost(id="1", brand="acme", posted_at=AT, is_own_post=True, replies_lately=8),)[:limit]

    def own_posts(self, *, since: datetime) -> tuple[StoredPost, ...]:
        return tuple(post for post in self.hot_threads(limit=1) if post.posted_at > since)

    def due_for_check(self, *, checked_before: datetime, limit: int) -> tuple[StoredPost, ...]:
        return ()


def with_archive(source: Scripted) -> None:
    source.context = replace(source.context, archive=Lively())


def limited(**keys: float) -> Callable[[Scripted], None]:
    def limit(source: Scripted) -> None:
        source.settings = source.settings.model_copy(update=keys)

    return limit


def test_a_source_whose_requests_are_spent_waits_for_the_next_day() -> None:
    poller, source, store, clock = make_poller(
        Batch(cursor="a", requests=6), Batch(cursor="b", requests=4), change=limited(requests_per_day=10)
    )
    for minutes in (0, 1, 2, 3):
        clock.move_to(at(minutes))
        poller.poll_when_due()
    assert [each.requests for each in source.allowances] == [10, 4]
    assert health(store).state(clock.now()) is SourceState.WAITING
    assert "requests_per_day = 10 is spent" in (health(store).last_error or "")
    clock.move_to(datetime(2026, 3, 3, tzinfo=UTC))
    assert poller.poll_when_due() is None
    assert len(source.cursors) == 3


def test_money_is_spared_step_by_step_and_a_thing_is_billed_once_a_day() -> None:
    reads = (BilledRead(thing="post 1", price_usd=0.5), BilledRead(thing="post 2", price_usd=0.5))
    batches = [Batch(cursor=str(n), billed=reads, cost_usd=0.25) for n in range(5)]
    poller, source, store, clock = make_poller(*batches, change=limited(cost_usd_per_month=1.5))
    for minutes in range(5):
        clock.move_to(at(minutes))
        poller.poll_when_due()
    assert [each.thrift for each in source.allowances] == [Thrift.NONE, Thrift.NO_SEARCH]
    assert health(store).cost_usd_today == 1.5
    assert "cost_usd_per_month = 1.5 is spent" in (health(store).last_error or "")


def test_a_platform_that_counts_goes_on_counting_when_the_money_is_spent() -> None:
    def counting(source: Scripted) -> None:
        limited(cost_usd_per_month=1.0)(source)
        source.has_counts = True  # type: ignore[misc]  # of this one source

    poller, source, _, clock = make_poller(Batch(cursor="0", cost_usd=2.0), Batch(cursor="1"), change=counting)
    for minutes in range(2):
        clock.move_to(at(minutes))
        assert poller.poll_when_due() is None
    assert [each.thrift for each in source.allowances] == [Thrift.NONE, Thrift.COUNTS_ONLY]


def test_requests_of_a_failed_poll_count_too() -> None:
    poller, _, store, _ = make_poller(CollectError("scripted", "answered 500").after(3), Batch(cursor="a", requests=2))
    poller.poll()
    poller.poll()
    assert health(store).requests_today == 5


class Killed(BaseException):
    """The process is gone; nothing of ours runs any more."""


class Counting(Scripted):
    """Has each poll's price booked before it answers; dies instead where it has nothing to say."""

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        allowance.reserve(0.5)
        if not self._answers:
            raise Killed
        return super().poll(cursor, allowance, deadline)


def count_once(store: Store, *answers: Batch | Exception) -> None:
    pipeline, clock = make_pipeline(store)
    source = Counting(*answers, clock=clock)
    poller = Poller("scripted", source, pipeline.store, pipeline.ingest, clock, threading.Lock())
    poller.register()
    with suppress(Killed):
        poller.poll()


def test_what_costs_by_the_request_is_in_the_books_when_the_process_dies_and_once_when_not() -> None:
    store = open_store(MEMORY_URL)
    count_once(store)
    assert health(store).cost_usd_today == 0.5
    count_once(store, Batch(cursor="a", cost_usd=0.5, requests=1))
    assert health(store).cost_usd_today == 1.0
    count_once(store, Batch(cursor="b", requests=1))
    assert health(store).cost_usd_today == 1.0


def test_a_request_that_failed_is_not_paid_for() -> None:
    store = open_store(MEMORY_URL)
    count_once(store, CollectError("scripted", "answered 500").after(1))
    assert (health(store).cost_usd_today, health(store).requests_today) == (0.0, 1)


def test_what_was_answered_is_paid_for_though_it_could_not_be_stored() -> None:
    store = spoil(open_store(MEMORY_URL), "mentions", "save", StoreBusy("locked"))
    count_once(store, Batch(cursor="a", cost_usd=0.5, requests=1))
    assert health(store).cost_usd_today == 0.5
