"""A Bluesky collector at a fake network, with the cursor it is at: what the tests of its parts share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.bluesky import BlueskyCollector, BlueskySettings
from stormcone.clock import ManualClock
from stormcone.models import Batch
from stormcone.ports import Allowance, CollectorContext, EmptyArchive, StoredPost, WatchedAccount, WatchedBrand
from tests.collectors.fake_bluesky import PASSWORD, FakeBluesky

NOW = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
ACME, MIA, BEN = "did:plc:acme", "did:plc:mia", "did:plc:ben"
BRAND = WatchedBrand(
    name="Acme",
    keywords=("acme tools",),
    hashtags=("AcmeDay",),
    accounts=(WatchedAccount(handle="acme.example"),),
)


@dataclass
class Archive(EmptyArchive):
    own: Sequence[StoredPost] = ()
    hot: Sequence[StoredPost] = ()
    due: Sequence[StoredPost] = ()

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        return [post for post in self.own if post.posted_at > since]

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:
        return self.hot[:limit]

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        return self.due[:limit]


@dataclass
class Watch:
    """A collector and the cursor it is at."""

    network: FakeBluesky
    with_login: bool = False
    archive: Archive = field(default_factory=Archive)
    brands: tuple[WatchedBrand, ...] = (BRAND,)
    clock: ManualClock = field(default_factory=lambda: ManualClock(NOW))
    cursor: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.collector = self.built()

    def built(self) -> BlueskyCollector:
        secrets = {"BLUESKY_HANDLE": "login.example", "BLUESKY_APP_PASSWORD": PASSWORD} if self.with_login else {}
        context = CollectorContext(
            brands=self.brands, clock=self.clock, base_folder=".", secrets=secrets, archive=self.archive
        )
        given = {"base_url": self.network.base_url, "jetstream_url": "", "timeout_seconds": 0.5, "likes_seconds": 0}
        return BlueskyCollector(BlueskySettings(**(given | self.settings)), context)

    def poll(self, *, after_seconds: float = 60, allowance: Allowance | None = None) -> Batch:
        batch = self.collector.poll(self.cursor, allowance or Allowance(), self.clock.now() + timedelta(seconds=2))
        self.cursor = batch.cursor
        self.clock.move_to(self.clock.now() + timedelta(seconds=after_seconds))
        return batch


def stored(uri: str, *, is_own_post: bool = True, counted_at: datetime | None = NOW) -> StoredPost:
    return StoredPost(
        id=uri,
        brand="Acme",
        posted_at=NOW - timedelta(minutes=5),
        is_own_post=is_own_post,
        account="acme.example",
        counted_at=counted_at,
    )


def ids_in(batch: Batch) -> list[str]:
    return [mention.id for mention in batch.mentions]
