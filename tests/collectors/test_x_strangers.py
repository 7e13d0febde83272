"""Hot posts of strangers on X: their threads are read too, within a stated bound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from stormcone.clock import ManualClock
from stormcone.ports import Allowance, StoredPost, Thrift, WatchedBrand
from tests.collectors.fake_x import FakeX
from tests.collectors.x_watch import MINUTES, SECONDS, START, Shelf, XWatch, after

ACME = WatchedBrand(name="Acme", keywords=("acme",))
QUERY = "conversation_id:{0} OR quotes_of_tweet_id:{0}"


@dataclass(kw_only=True)
class Lively(Shelf):
    """Calls the given stored posts hot."""

    hot: list[str] = field(default_factory=list)

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:
        return [
            StoredPost(
                id=each,
                brand="Acme",
                posted_at=START,
                is_own_post=False,
                url=f"https://x.test/{each}",
                replies_lately=5,
            )
            for each in self.hot
        ][:limit]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def x(clock: ManualClock) -> Iterator[FakeX]:
    with FakeX(clock) as world:
        yield world


def watching(x: FakeX, clock: ManualClock, *, most: int = 500) -> tuple[XWatch, Lively]:
    watch, shelf = XWatch(x.url, clock, brands=(ACME,), stranger_answers_per_day=most), Lively()
    watch.shelf = shelf
    watch.collector = watch.started()
    return watch, shelf


def quarrel(x: FakeX, count: int, *, root: int | None = None) -> int:
    root = root or x.post("customer", "acme sold me a brick", at=x.clock.now() + SECONDS)
    for number in range(count):
        x.post(
            f"u{number}", f"same here, number {number}", at=x.clock.now() + (2 + number % 20) * SECONDS, reply_to=root
        )
    return root


def searched(x: FakeX, root: int) -> list[str]:
    return [query["query"] for query in x.asked("search/recent") if QUERY.format(root) in query["query"]]


def test_answers_below_a_strangers_hot_post_are_mentions_until_it_cools(clock: ManualClock, x: FakeX) -> None:
    watch, shelf = watching(x, clock)
    watch.poll()
    root = quarrel(x, 12)
    x.post("quoter", "look at this", at=clock.now() + 9 * SECONDS, quote_of=root)
    after(clock, MINUTES)
    watch.poll()
    assert shelf.ids == {str(root)}
    assert not searched(x, root)
    shelf.hot = [str(root)]
    after(clock, MINUTES)
    watch.poll()
    assert shelf.ids == x.served()
    assert {each.root_id for (found, _), each in shelf.mentions.items() if found != str(root)} == {str(root), None}
    assert not shelf.gaps
    shelf.hot = []
    after(clock, 20 * MINUTES)
    quarrel(x, 3, root=root)
    after(clock, MINUTES)
    watch.poll()
    assert shelf.ids == x.served()
    asked = len(searched(x, root))
    after(clock, 31 * MINUTES)
    watch.poll()
    after(clock, MINUTES)
    watch.poll()
    assert len(searched(x, root)) <= asked + 1


def test_a_post_found_with_twenty_answers_is_hot_from_the_start(clock: ManualClock, x: FakeX) -> None:
    root = quarrel(x, 20)
    calm = x.post("someone", "acme is fine", at=START + SECONDS)
    x.post("other", "is it", at=START + 2 * SECONDS, reply_to=calm)
    after(clock, MINUTES)
    watch, shelf = watching(x, clock)
    watch.poll()
    assert x.served() - shelf.ids == {str(each.id) for each in x.posts.values() if each.replied_to == calm}
    assert searched(x, root)


def test_what_strangers_threads_cost_a_day_is_bounded(clock: ManualClock, x: FakeX) -> None:
    watch, shelf = watching(x, clock, most=150)
    watch.poll()
    root = quarrel(x, 1)
    for _ in range(8):
        after(clock, MINUTES)
        watch.poll()
        shelf.hot = [str(root)]
        quarrel(x, 120, root=root)
    below = [each for each in shelf.ids if each != str(root)]
    assert 150 <= len(below) < 150 + 100
    assert shelf.cost == pytest.approx(x.cost())
    after(clock, timedelta(days=1))
    x.log.clear()
    watch.poll()
    assert searched(x, root)


@pytest.mark.parametrize(
    ("allowance", "most"),
    [(Allowance(thrift=Thrift.NO_SEARCH), 500), (Allowance(), 0)],
)
def test_strangers_threads_are_the_first_thing_left_out(
    clock: ManualClock, x: FakeX, allowance: Allowance, most: int
) -> None:
    watch, shelf = watching(x, clock, most=most)
    root = quarrel(x, 30)
    shelf.hot = [str(root)]
    after(clock, MINUTES)
    watch.poll(allowance)
    assert not searched(x, root)
