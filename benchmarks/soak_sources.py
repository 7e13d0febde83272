"""The sources of the soak: two in memory, and two real collectors that read loopback servers.

Imported by `benchmarks.soak` alone. Each says what it has served until an instant, so that it can be compared with what
is stored. Never fails by chance of its own: where a source is moody, a seed decides.
"""

import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Final

from collectors.news import NewsCollector, NewsSettings
from collectors.x import XCollector, XSettings
from stormcone.clock import Clock, ManualClock
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, Collector, CollectorContext, WatchedAccount, WatchedBrand
from stormcone.store import Store
from tests.collectors.fake_press import Press, item, rss
from tests.collectors.fake_x import TOKEN, FakeX
from tests.collectors.loopback import Loopback, Reply, loopback
from tests.stormcone.pipeline.paged import Paged, PagedSettings, Platform

BRAND: Final = "acme"
_PUBLIC_FOR = timedelta(days=2)  # what lists still show; the first poll asks for one day
_POSTS_A_DAY = 480
_FEEDS = 8
_ARTICLES_A_DAY = 192
_SHOWN = 20  # entries of a feed
_OWN_POSTS_A_DAY = 3
_ANSWERS = 20
_VARIABLE = "X_BEARER_TOKEN"


class Source(ABC):
    """One source under soak: publishes, is polled, and knows what it has served."""

    name: str
    collector: Collector

    @abstractmethod
    def live(self, now: datetime, share_of_day: float, chance: random.Random) -> None:
        """Let happen what happens within so small a share of a day."""

    @abstractmethod
    def served(self, until: datetime) -> int:
        """Return how many posts dated up to an instant it has shown."""

    def tidy(self, now: datetime) -> None:  # noqa: B027 - most sources have nothing to tidy
        """Forget what only a test server remembers."""


class Moody(Paged):
    """Answers as the platform does, but for a share of its polls."""

    platform = "moody"

    def __init__(self, served: Platform, clock: Clock, chance: random.Random) -> None:
        super().__init__(served, clock, settings=PagedSettings(poll_seconds=300))
        self._chance = chance

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Fail in one poll of twenty, ask for patience in one of a hundred, refuse in one of a thousand."""
        drawn = self._chance.random()
        if drawn < 0.001:
            raise Refused("moody", "401, the key is not accepted", remedy="renew it")
        if drawn < 0.011:
            raise RateLimited("moody", "429, asks for patience", retry_after_seconds=900)
        if drawn < 0.061:
            raise CollectError("moody", "503, did not answer as it should")
        return super().poll(cursor, allowance, deadline)


class InMemory(Source):
    """A platform in memory, whose lists show two days."""

    def __init__(self, name: str, collector: Paged, platform: Platform) -> None:
        self.name, self.collector, self.platform = name, collector, platform
        self._gone = 0

    def live(self, now: datetime, share_of_day: float, chance: random.Random) -> None:
        if chance.random() < _POSTS_A_DAY * share_of_day:
            self.platform.publish(1, now, late_seconds=chance.uniform(0, 300))

    def served(self, until: datetime) -> int:
        return self._gone + sum(post.posted_at <= until for post in self.platform.posts)

    def tidy(self, now: datetime) -> None:
        kept = [post for post in self.platform.posts if post.posted_at > now - _PUBLIC_FOR]
        self._gone += len(self.platform.posts) - len(kept)
        self.platform.posts[:] = kept


class Newsstand(Source):
    """Eight feeds on loopback, read by the real collector and its worker threads."""

    name = "news"

    def __init__(self, press: Press, server: Loopback, clock: Clock) -> None:
        feeds = tuple(f"{server.url}/{number}" for number in range(_FEEDS))
        brands = (WatchedBrand(name=BRAND, keywords=(BRAND,)),)
        context = CollectorContext(brands=brands, clock=clock, base_folder=".", secrets={})
        self.collector = NewsCollector(NewsSettings(feeds=feeds), context)
        self._press, self._server = press, server
        self._shown: list[deque[str]] = [deque(maxlen=_SHOWN) for _ in range(_FEEDS)]
        self._dates: list[datetime] = []

    def live(self, now: datetime, share_of_day: float, chance: random.Random) -> None:
        if chance.random() >= _ARTICLES_A_DAY * share_of_day:
            return
        feed, number = chance.randrange(_FEEDS), len(self._dates)
        self._dates.append(now)
        self._shown[feed].appendleft(item(f"https://daily.example/{number}", f"Acme, part {number}", at=now))
        self._press.feeds[f"/{feed}"] = Reply(body=rss(*self._shown[feed]), headers={"ETag": f'"{number}"'})

    def served(self, until: datetime) -> int:
        return sum(each <= until for each in self._dates)

    def tidy(self, now: datetime) -> None:  # noqa: ARG002 - the role's signature
        self._server.asked.clear()


class Stage(Source):
    """X on loopback, read by the real collector through the real client library."""

    name = "x"

    def __init__(self, x: FakeX, store: Store, clock: Clock) -> None:
        x.user(BRAND)
        brand = WatchedBrand(name=BRAND, accounts=(WatchedAccount(handle=BRAND),))
        context = CollectorContext(
            brands=(brand,),
            clock=clock,
            base_folder=".",
            secrets={_VARIABLE: TOKEN},
            archive=store.archive("x", brands=[BRAND], clock=clock),
        )
        settings = XSettings(base_url=x.url, poll_seconds=3600, likes_seconds=0, counts_seconds=3600)
        self.collector = XCollector(settings, context)
        self._x = x

    def live(self, now: datetime, share_of_day: float, chance: random.Random) -> None:
        if chance.random() >= _OWN_POSTS_A_DAY * share_of_day:
            return
        own = self._x.post(BRAND, "a day at ours")
        for number in range(_ANSWERS):
            at = now + timedelta(seconds=chance.uniform(0, 5400))
            late = timedelta(seconds=chance.uniform(0, 110))
            self._x.post(f"someone{number}", f"@{BRAND} why, {number}", at=at, indexed_at=at + late, reply_to=own)

    def served(self, until: datetime) -> int:
        return sum(post.at <= until for post in self._x.posts.values())

    def tidy(self, now: datetime) -> None:  # noqa: ARG002 - the role's signature
        self._x.log.clear()


@contextmanager
def sources(store: Store, clock: ManualClock, chance: random.Random) -> Iterator[dict[str, Source]]:
    """Yield the sources by name, and end their servers."""
    steady, moody, press = Platform(), Platform(), Press()
    with ExitStack() as stack:
        server = stack.enter_context(loopback(press))
        x = stack.enter_context(FakeX(clock))
        every: tuple[Source, ...] = (
            InMemory("paged", Paged(steady, clock), steady),
            InMemory("moody", Moody(moody, clock, chance), moody),
            Newsstand(press, server, clock),
            Stage(x, store, clock),
        )
        yield {source.name: source for source in every}
