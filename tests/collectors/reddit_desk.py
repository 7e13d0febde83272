"""What the tests of the Reddit collector share: a world that is served, a clock, an archive, and a poller by hand."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.reddit import RedditCollector, RedditSettings
from stormcone.clock import Clock, ManualClock
from stormcone.models import Batch, Mention
from stormcone.ports import Allowance, CollectorContext, StoredPost, WatchedAccount, WatchedBrand
from tests.collectors.fake_reddit import FakeReddit, served

NOW = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
SECRET = "s3cret-that-nobody-may-read"
SECRETS = {"REDDIT_CLIENT_ID": "an-app", "REDDIT_CLIENT_SECRET": SECRET}
ACME = WatchedBrand(name="Acme", keywords=("acme",), accounts=(WatchedAccount(handle="acme_team"),))


@dataclass
class Shelf:
    """An archive that holds what a test puts there."""

    own: list[StoredPost] = field(default_factory=list)
    hot: list[StoredPost] = field(default_factory=list)
    due: list[StoredPost] = field(default_factory=list)

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        return [post for post in self.own if post.posted_at > since]

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:
        return self.hot[:limit]

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        return self.due[:limit]


class Desk:
    """Polls a collector against a served world as the watcher would, and keeps what it stored."""

    def __init__(
        self,
        world: FakeReddit,
        url: str,
        clock: Clock,
        *,
        brands: Sequence[WatchedBrand] = (ACME,),
        secrets: Mapping[str, str] = SECRETS,
        **settings: object,
    ) -> None:
        self.world, self.clock, self.shelf = world, clock, Shelf()
        given = {"base_url": url, "feed_url": url, "subreddits": ("acme",), "timeout_seconds": 5, **settings}
        context = CollectorContext(
            brands=tuple(brands), clock=clock, base_folder=".", secrets=secrets, archive=self.shelf
        )
        self._made_of = (RedditSettings.model_validate(given), context)
        self.restart()
        self.cursor: str | None = None
        self.stored: dict[tuple[str, str], Mention] = {}

    def restart(self) -> None:
        self.collector = RedditCollector(*self._made_of)

    def ask(self, allowance: Allowance | None = None) -> Batch:
        """Poll without saving."""
        self.world.requests.clear()
        deadline = self.clock.now() + timedelta(seconds=3 * self.collector.settings.timeout_seconds)
        return self.collector.poll(self.cursor, allowance or Allowance(), deadline)

    def poll(self, allowance: Allowance | None = None, *, minutes: float = 0) -> Batch:
        """Let so much time pass, poll, and save."""
        if minutes:
            self.pass_time(minutes=minutes)
        batch = self.ask(allowance)
        self.cursor = batch.cursor
        for mention in batch.mentions:
            self.stored.setdefault((mention.id, mention.brand), mention)
        return batch

    def pass_time(self, **span: float) -> None:
        assert isinstance(self.clock, ManualClock)
        self.clock.move_to(self.clock.now() + timedelta(**span))

    @property
    def ids(self) -> set[str]:
        return {name for name, _ in self.stored}


@contextmanager
def desk(**settings: object) -> Iterator[Desk]:
    """Serve an empty world and poll it with these settings."""
    clock = ManualClock(NOW)
    world = FakeReddit(clock.now)
    with served(world) as url:
        yield Desk(world, url, clock, **settings)  # type: ignore[arg-type]  # brands and secrets among settings


def stored(post_id: str, *, own: bool = False, brand: str = "Acme", url: str | None = None) -> StoredPost:
    return StoredPost(id=post_id, brand=brand, posted_at=NOW - timedelta(minutes=5), is_own_post=own, url=url)
