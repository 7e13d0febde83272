"""Hacker News through its public search: stories and comments that name a brand, and the threads about it.

Needs no key. Asks for each keyword, for what a brand's own accounts write, and for every comment of the stories whose
title names a brand. The search answers loosely, so everything is matched again here. Never searches for a person who
is not an account of a brand.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar, Final

from pydantic import Field

from collectors._hackernews_client import Question, Search
from collectors._hackernews_items import PLATFORM, Reader
from collectors._hackernews_poll import HackerNewsCursor, Poll
from collectors._http import Http
from collectors._walking import Purse
from stormcone.collecting import WATCHED_DAYS, due_posts
from stormcone.models import Batch
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, StoredPost, Thrift

_HOT_THREADS: Final = 10
_CHECKED_AT_ONCE: Final = 100


class HackerNewsSettings(SourceSettings):
    """[collectors.hackernews]: stories and comments of Hacker News; needs no key."""

    base_url: str = Field(
        default="https://hn.algolia.com",
        pattern="^https?://",
        description="where the search answers (/api/v1/search_by_date)",
    )
    deletion_check_seconds: float = Field(
        default=86_400, gt=0, description="seconds after which a stored post is looked up again"
    )


class HackerNewsCollector(Collector):
    """Polls the search of Hacker News."""

    platform: ClassVar[str] = PLATFORM
    Settings: ClassVar[type[SourceSettings]] = HackerNewsSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, HackerNewsSettings):
            raise TypeError(f"Hacker News is polled from HackerNewsSettings, not {type(settings).__name__}")
        self._settings = settings
        self._reader = Reader(context.brands)

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new: by keyword, by own account, in followed threads; then counts and checks of stored posts.

        Raises: CollectError, RateLimited, Refused: nothing could be had.
        """
        read, skipped = HackerNewsCursor.read(self.platform, cursor)
        now = self.context.clock.now()
        if allowance.thrift >= Thrift.COUNTS_ONLY:
            return Batch(cursor=read.written(), skipped=skipped)
        with self._http() as http:
            purse = Purse(allowance, clock=self.context.clock, deadline=deadline, spent=lambda: http.requests)
            search = Search(http, self._settings.base_url, self.context.clock)
            run = Poll(search, self._reader, read, purse, now)
            run.haul.skipped.extend(skipped)
            run.forget(name for name, _, _ in self._questions(is_sparing=False))
            run.ask(self._questions(is_sparing=allowance.thrift >= Thrift.NO_SEARCH))
            run.follow({post.id for post in self.context.archive.hot_threads(limit=_HOT_THREADS)})
            run.look_up(self._due(now))
            return run.haul.batch(cursor=run.cursor().written(), requests=http.requests, now=now)

    def check(self) -> str | None:
        """Return one line saying why nothing can be found, or None."""
        if any(self._questions(is_sparing=False)):
            return None
        return f"{self.platform}: no brand has a keyword or a Hacker News account; add keywords to [[brand]]"

    def probe(self) -> None:
        """Ask for the newest page of everything. Raises: CollectError, RateLimited, Refused."""
        with self._http() as http:
            Search(http, self._settings.base_url, self.context.clock).page(Question(), self.context.clock.now(), None)

    def _http(self) -> Http:
        return Http(self.platform, timeout_seconds=self._settings.timeout_seconds)

    def _questions(self, *, is_sparing: bool) -> Iterator[tuple[str, str | None, Question]]:
        """Yield (name, brand or None for several, question) of each walk."""
        for brand in self.context.brands:
            for handle in brand.handles:
                yield f"author {handle}", brand.name, Question(tags=f"author_{handle}")
        owners: dict[str, list[str]] = {}
        for brand in () if is_sparing else self.context.brands:
            for keyword in filter(None, (" ".join(each.casefold().split()) for each in brand.keywords)):
                owners.setdefault(keyword, []).append(brand.name)
        for keyword, names in owners.items():
            yield keyword, names[0] if len(names) == 1 else None, Question(words=keyword)

    def _due(self, now: datetime) -> tuple[StoredPost, ...]:
        """Return own posts whose counts are due, and others that have not been looked up for long."""
        own = due_posts(self.context.archive.own_posts(since=now - timedelta(days=WATCHED_DAYS)), now)
        checked_before = now - timedelta(seconds=self._settings.deletion_check_seconds)
        others = self.context.archive.due_for_check(checked_before=checked_before, limit=_CHECKED_AT_ONCE)
        return (*own, *others)
