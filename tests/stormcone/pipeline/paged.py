"""A platform in memory and a collector that walks its pages: what collecting must survive, without a network.

Imported by property tests and the soak benchmark. The platform indexes late, pages newest first, and cuts a walk short
where the allowance ends; the collector is built from the same walk as the real ones.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors._walking import Haul, Mark, Page, Purse, Walk
from stormcone.clock import Clock
from stormcone.collecting import Cursor
from stormcone.models import Batch, Mention
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings

OVERLAP = timedelta(minutes=10)
_PUBLIC = 1_000  # accounts that post in turn: what is remembered of authors is full after the first days


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post as the platform has it. indexed_at: when lists begin to show it."""

    id: str
    posted_at: datetime
    indexed_at: datetime


@dataclass(slots=True)
class Platform:
    """Posts, how many there ever were, and how many requests were answered."""

    page_size: int = 10
    posts: list[Post] = field(default_factory=list)
    published: int = 0
    requests: int = 0

    def publish(self, count: int, at: datetime, *, late_seconds: float = 0) -> None:
        """Publish so many posts at an instant; lists show them some seconds later."""
        shown_at = at + timedelta(seconds=late_seconds)
        start, self.published = self.published, self.published + count
        self.posts += [Post(id=str(start + n), posted_at=at, indexed_at=shown_at) for n in range(count)]

    def page(self, since: datetime, token: str | None, now: datetime) -> Page[Post]:
        """Return a page of what is indexed since an instant, newest first; a token says how many to pass over."""
        self.requests += 1
        begin, cut = (int(part) for part in token.split("/")) if token else (0, len(self.posts))
        shown = [post for post in self.posts[:cut] if post.indexed_at <= now and post.posted_at >= since]
        shown.sort(key=lambda post: (post.posted_at, int(post.id)), reverse=True)
        part = tuple(shown[begin : begin + self.page_size])
        rest = begin + self.page_size
        return Page(
            items=part,
            newest=part[0].posted_at if part else None,
            oldest=part[-1].posted_at if part else None,
            next_token=f"{rest}/{cut}" if rest < len(shown) else None,
        )


class PagedCursor(Cursor):
    """How far the one walk has come."""

    mark: Mark = Mark()


class PagedSettings(SourceSettings):
    """[collectors.paged]."""

    poll_seconds: float = 60


class Paged(Collector):
    """Walks the platform's pages."""

    platform = "paged"
    Settings = PagedSettings

    def __init__(self, served: Platform, clock: Clock, *, settings: SourceSettings | None = None) -> None:
        super().__init__(
            settings or PagedSettings(), CollectorContext(brands=(), clock=clock, base_folder=".", secrets={})
        )
        self._served = served

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        read, _ = PagedCursor.read(self.platform, cursor)
        now, begun = self.context.clock.now(), self._served.requests
        purse = Purse(
            allowance, clock=self.context.clock, deadline=deadline, spent=lambda: self._served.requests - begun
        )
        haul = Haul()
        walk = Walk(
            fetch=lambda since, token: self._served.page(since, token, now),
            platform=self.platform,
            name="all",
            brand="acme",
            first=now - timedelta(days=1),
            overlap=OVERLAP,
        )
        items, mark = walk.go(read.mark, purse, haul, now)
        haul.mentions = [_mention(item, now, self.platform) for item in items]
        return haul.batch(cursor=PagedCursor(mark=mark).written(), requests=self._served.requests - begun, now=now)


def _mention(post: Post, now: datetime, platform: str) -> Mention:
    return Mention(
        platform=platform,
        id=post.id,
        brand="acme",
        posted_at=post.posted_at,
        seen_at=now,
        text=f"number {post.id} was here",
        author=f"author {int(post.id) % _PUBLIC}",
    )
