"""What a poll of X may spend: thrift, money, silence, and how far back a first poll buys."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from stormcone.clock import ManualClock
from stormcone.ports import Allowance, Thrift
from tests.collectors.fake_x import FakeX
from tests.collectors.x_watch import HOURS, MINUTES, SECONDS, START, XWatch, after, storm


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def x(clock: ManualClock) -> Iterator[FakeX]:
    with FakeX(clock) as world:
        world.user("acme")
        yield world


def test_thrift_leaves_out_search_then_pages_then_all_but_counts(clock: ManualClock, x: FakeX) -> None:
    own = x.post("acme", "Good morning", at=START - MINUTES)
    watch = XWatch(x.url, clock)
    watch.poll()
    for number in range(150):
        x.post("someone", f"@acme {number}", at=START + number % 40 * SECONDS)
    x.post("other", "I loathe acme tools", at=START + SECONDS)
    after(clock, 6 * MINUTES)
    x.log.clear()
    no_search = watch.fetch(Allowance(thrift=Thrift.NO_SEARCH))
    assert len(no_search.mentions) == 150 + len([own])
    assert all("conversation_id" in query["query"] for query in x.asked("search/recent"))
    x.log.clear()
    sampled = watch.fetch(Allowance(thrift=Thrift.SAMPLED))
    assert len(sampled.mentions) == 100 + len([own])
    assert sampled.gaps
    assert not x.asked("liked_tweets")
    x.log.clear()
    x.posts[own].is_gone = True
    assert watch.poll(Allowance(cost_usd=0.0, thrift=Thrift.COUNTS_ONLY)).volumes
    assert [path for path, _ in x.log] == ["/2/tweets/counts/recent"]
    after(clock, 11 * MINUTES)
    watch.poll(Allowance(thrift=Thrift.COUNTS_ONLY))
    assert {(gap.started_at, gap.ended_at) for gap in watch.shelf.gaps} == {(START, clock.now())}
    after(clock, MINUTES)
    watch.poll()
    assert not watch.shelf.gaps
    assert x.served() <= watch.shelf.ids


def test_money_of_a_poll_is_not_overspent_by_more_than_a_page(clock: ManualClock, x: FakeX) -> None:
    for number in range(400):
        x.post("someone", f"@acme {number}", at=START - 5 * MINUTES + number % 60 * SECONDS)
    watch = XWatch(x.url, clock)
    watch.poll(Allowance(cost_usd=0.60))
    assert watch.shelf.cost <= 0.60 + 100 * 0.005
    assert watch.shelf.gaps


@pytest.mark.parametrize("ahead", [0, -7200, 7200])
def test_silence_after_a_storm_costs_nothing_more(clock: ManualClock, x: FakeX, ahead: int) -> None:
    x.clock_ahead_seconds = ahead
    watch = XWatch(x.url, clock)
    storm(x, replies=150, seconds=60)
    for _ in range(2):
        after(clock, 4 * MINUTES)
        watch.poll()
    assert watch.shelf.ids == x.served()
    after(clock, 4 * HOURS)
    watch.poll()
    x.log.clear()
    after(clock, 20 * HOURS)  # another day for X's bills
    batch = watch.poll()
    assert len(batch.billed) <= 3  # the own posts
    assert len(x.log) <= 9
    x.post("someone", "@acme awake?", at=clock.now() - 40 * SECONDS)
    watch.poll()
    assert watch.shelf.ids == x.served()


def test_outage_longer_than_search_reaches_leaves_a_gap(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    watch.poll()
    x.post("someone", "acme is gone", at=START + 20 * HOURS)
    young = x.post("someone", "acme is back", at=START + 8 * 24 * HOURS)
    after(clock, 9 * 24 * HOURS)
    batch = watch.poll()
    assert str(young) in watch.shelf.ids
    assert {gap.brand for gap in batch.gaps} == {"Acme"}
    assert all(gap.ended_at == clock.now() - timedelta(days=6.9) for gap in batch.gaps)
    assert batch.trouble is None


def test_first_poll_buys_no_more_than_a_day(clock: ManualClock, x: FakeX) -> None:
    own = x.post("acme", "An old success", at=START - 100 * HOURS)
    x.post("someone", "@acme well done", at=START - 90 * HOURS, reply_to=own)
    x.post("someone", "indeed", at=START - 30 * HOURS, reply_to=own)
    young = x.post("someone", "hm", at=START - 3 * HOURS, reply_to=own)
    watch = XWatch(x.url, clock)
    watch.poll()
    assert watch.shelf.ids == {str(own), str(young)}
