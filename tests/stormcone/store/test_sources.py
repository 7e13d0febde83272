import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from stormcone.models import Batch, Gap, SourceHealth, SourceState
from stormcone.store import CursorMove, Store, open_store
from tests.fakes import AT, at


def health_of(store: Store, name: str = "x") -> SourceHealth:
    return next(each for each in store.sources.health() if each.name == name)


def gap(start: float, end: float, brand: str | None = None, platform: str = "x") -> Gap:
    return Gap(platform=platform, brand=brand, started_at=at(start), ended_at=at(end))


@pytest.fixture
def registered(store: Store) -> Store:
    store.sources.register("x", poll_seconds=60, now=AT)
    return store


def succeed(store: Store, instant: datetime) -> None:
    store.sources.record_success("x", at=instant)


def test_a_new_source_starts_without_cursor_and_is_ok(registered: Store) -> None:
    assert registered.sources.cursor("x") == (None, 0)
    assert registered.sources.health() == (SourceHealth(name="x", poll_seconds=60, started_at=AT),)
    assert health_of(registered).state(AT) is SourceState.OK


def test_a_restart_keeps_cursor_and_success_and_forgets_that_it_stopped(registered: Store) -> None:
    registered.mentions.save([], Batch(), move=CursorMove(source="x", cursor="p2", expected_version=0))
    succeed(registered, at(1))
    registered.sources.record_failure("x", error="refused", waiting_until=at(90), is_stopped=True)
    registered.sources.register("x", poll_seconds=30, now=at(60))
    assert registered.sources.cursor("x") == ("p2", 1)
    health = health_of(registered)
    assert (health.started_at, health.last_success_at, health.poll_seconds) == (at(60), at(1), 30)
    assert (health.is_stopped, health.waiting_until, health.last_error) == (False, None, "refused")


def test_success_clears_what_failed_before(registered: Store) -> None:
    registered.sources.record_failure("x", error="e" * 9_000, waiting_until=at(5), is_stopped=True)
    failed = health_of(registered)
    assert (failed.last_error, failed.is_stopped, failed.waiting_until) == ("e" * 500, True, at(5))
    assert failed.last_success_at is None
    succeed(registered, at(10))
    health = health_of(registered)
    assert (health.last_error, health.is_stopped, health.waiting_until) == (None, False, None)
    assert health.last_success_at == at(10)


def test_health_tells_what_was_spent_on_the_last_day(registered: Store) -> None:
    evening = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    assert health_of(registered).spent_on is None
    registered.spending.settle("x", at=evening, requests=3, cost_usd=0.25)
    registered.spending.settle("x", at=evening, requests=4, cost_usd=0.25)
    health = health_of(registered)
    assert (health.requests_today, health.cost_usd_today, health.spent_on) == (7, 0.5, "2026-03-02")
    registered.spending.settle("x", at=evening + timedelta(seconds=1), requests=2, cost_usd=0.25)
    health = health_of(registered)
    assert (health.requests_today, health.cost_usd_today, health.spent_on) == (2, 0.25, "2026-03-03")


def test_a_poll_of_which_a_part_was_not_answered_is_a_success_that_says_so(registered: Store) -> None:
    registered.sources.record_success("x", at=at(1), trouble="t" * 9_000)
    health = health_of(registered)
    assert (health.last_success_at, health.last_error) == (at(1), "t" * 500)


def test_a_source_is_never_mistaken_for_another(registered: Store) -> None:
    registered.sources.register("bluesky", poll_seconds=5, now=AT)
    succeed(registered, at(1))
    assert [each.name for each in registered.sources.health()] == ["bluesky", "x"]
    assert health_of(registered, "bluesky").last_success_at is None


def test_gaps_are_kept_once_and_found_by_brand(registered: Store) -> None:
    everybody, acme, other = gap(0, 10), gap(5, 15, "acme"), gap(20, 30, "other")
    registered.mentions.save([], Batch(gaps=(everybody, acme)))
    registered.mentions.save([], Batch(gaps=(everybody, other, gap(0, 1, platform="bluesky"))))
    sources = registered.sources
    assert set(sources.gaps(since=at(5))) == {everybody, acme, other}
    assert sources.gaps(since=at(5), brand="acme") == (everybody, acme)
    assert sources.gaps(since=at(10), brand="acme") == (acme,)
    assert sources.gaps(since=at(15), brand="acme") == ()
    assert health_of(registered).open_gaps == 3


def take(store: Store, owner: str, minutes: float, seconds: float = 60) -> bool:
    return store.leases.take("watcher", owner=owner, now=at(minutes), seconds=seconds)


def test_a_second_watcher_idles_while_the_first_renews(store: Store) -> None:
    assert take(store, "first", 0)
    assert not take(store, "second", 0.5)
    assert take(store, "first", 0.9)
    assert not take(store, "second", 1.5)
    assert store.leases.holder("watcher", now=at(1.5)) == "first"
    assert store.leases.renewed_at("watcher") == at(0.9)


def test_a_silent_watcher_is_replaced_when_its_lease_has_run_out(store: Store) -> None:
    assert take(store, "first", 0)
    assert not take(store, "second", 0.99)
    assert store.leases.holder("watcher", now=at(1)) is None
    assert take(store, "second", 1)
    assert not take(store, "first", 1)
    assert store.leases.holder("watcher", now=at(1)) == "second"


def test_a_lease_from_the_future_does_not_hold_after_the_clock_jumped_back(store: Store) -> None:
    assert take(store, "first", 600)
    assert not take(store, "second", 599.5)  # half a minute of drift between two machines is none
    assert take(store, "second", 0)


def test_a_lease_given_back_is_free_at_once_but_only_its_holder_can(store: Store) -> None:
    assert take(store, "first", 0)
    store.leases.release("watcher", owner="second")
    assert not take(store, "second", 0)
    store.leases.release("watcher", owner="first")
    assert store.leases.renewed_at("watcher") is None
    assert take(store, "second", 0)


def test_leases_of_different_names_do_not_meet(store: Store) -> None:
    assert take(store, "first", 0)
    assert store.leases.take("sender", owner="second", now=AT, seconds=60)


@pytest.mark.parametrize("is_abandoned", [False, True], ids=["new lease", "abandoned lease"])
def test_of_watchers_that_start_at_once_one_gets_the_lease(store: Store, store_url: str, *, is_abandoned: bool) -> None:
    if is_abandoned:
        assert take(store, "dead", -100)
    start = threading.Barrier(4)

    def compete(owner: str) -> bool:
        mine = open_store(store_url)
        start.wait(timeout=30)
        won = take(mine, owner, 0)
        mine.close()
        return won

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(compete, "abcd")) == [False, False, False, True]
