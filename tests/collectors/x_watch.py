"""A watcher for the tests of collectors/x.py: the collector with the smallest store that keeps its promises."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from collectors.x import XCollector, XSettings
from stormcone.clock import Clock, ManualClock
from stormcone.models import Batch, Gap, Mention
from stormcone.ports import Allowance, CollectorContext, Role, StoredPost, WatchedAccount, WatchedBrand
from tests.collectors.fake_x import TOKEN, FakeX

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECONDS = timedelta(seconds=1)
MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)
ACME = WatchedBrand(
    name="Acme",
    keywords=("acme", "acme tools"),
    hashtags=("AcmeDay",),
    accounts=(WatchedAccount(handle="acme"),),
)
ANGRY = ("@acme this is a disgrace", "how could they do that", "never buying acme again", "shame on them #AcmeDay")


def executive(handle: str) -> WatchedBrand:
    return WatchedBrand(name="Acme", accounts=(WatchedAccount(handle=handle, role=Role.EXECUTIVE),))


@dataclass(kw_only=True)
class Shelf:
    """What is stored: by (id, brand), as the store keys it, plus open gaps and misses."""

    mentions: dict[tuple[str, str], Mention] = field(default_factory=dict)
    gaps: set[Gap] = field(default_factory=set)
    misses: dict[str, int] = field(default_factory=dict)
    billed: dict[tuple[str, str], float] = field(default_factory=dict)
    flat_usd: float = 0.0
    requests: int = 0
    checkable: bool = False
    replies_lately: int = 0

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        found = [each for each in self._posts(own=True) if each.posted_at > since and self.misses.get(each.id, 0) < 2]
        return sorted(found, key=lambda each: -int(each.id))

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:
        return ()

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        return self._posts(own=False)[:limit] if self.checkable else ()

    def save(self, batch: Batch, now: datetime) -> None:
        for each in batch.mentions:
            self.mentions.setdefault((each.id, each.brand), each)
        self.gaps = (self.gaps | set(batch.gaps)) - set(batch.filled)
        for check in batch.checks:
            self.misses[check.id] = 0 if check.is_there else self.misses.get(check.id, 0) + 1
        for read in batch.billed:
            self.billed.setdefault((now.date().isoformat(), read.thing), read.price_usd)
        self.flat_usd += batch.cost_usd
        self.requests += batch.requests

    @property
    def ids(self) -> set[str]:
        return {post_id for post_id, _ in self.mentions}

    @property
    def cost(self) -> float:
        return round(sum(self.billed.values()) + self.flat_usd, 6)

    def _posts(self, *, own: bool) -> list[StoredPost]:
        return [
            StoredPost(
                id=each.id,
                brand=each.brand,
                posted_at=each.posted_at,
                is_own_post=each.is_own_post,
                account=each.account,
                replies_lately=self.replies_lately,
            )
            for each in self.mentions.values()
            if each.is_own_post is own
        ]


class XWatch:
    """Polls, saves and moves the cursor, as the poller does."""

    def __init__(
        self,
        url: str,
        clock: Clock,
        *,
        brands: tuple[WatchedBrand, ...] = (ACME,),
        secrets: Mapping[str, str] | None = None,
        **settings: object,
    ) -> None:
        self.clock, self.shelf = clock, Shelf()
        self._brands, self._secrets = brands, {"X_BEARER_TOKEN": TOKEN} if secrets is None else secrets
        self._settings = XSettings.model_validate({"base_url": url, "timeout_seconds": 5, **settings})
        self.collector = self.started()
        self.cursor: str | None = None

    def started(self) -> XCollector:
        """Return a collector as a new process builds it."""
        context = CollectorContext(
            brands=self._brands, clock=self.clock, base_folder=".", secrets=self._secrets, archive=self.shelf
        )
        return XCollector(self._settings, context)

    def fetch(self, allowance: Allowance | None = None) -> Batch:
        """Poll without saving."""
        deadline = self.clock.now() + timedelta(seconds=15)
        return self.collector.poll(self.cursor, allowance or Allowance(requests=300), deadline)

    def poll(self, allowance: Allowance | None = None) -> Batch:
        batch = self.fetch(allowance)
        self.save(batch)
        return batch

    def save(self, batch: Batch) -> None:
        self.shelf.save(batch, self.clock.now())
        self.cursor = batch.cursor


def after(clock: ManualClock, step: timedelta) -> None:
    clock.move_to(clock.now() + step)


def storm(x: FakeX, *, replies: int, seconds: int, late_share: float = 0.1) -> list[int]:
    """Let an own post be answered; a tenth of the answers turn up late, by two minutes at most."""
    dice = random.Random(11)
    own = [x.post("acme", f"Our day, part {number}") for number in range(3)]
    for number in range(replies):
        at = x.clock.now() + timedelta(seconds=dice.uniform(0, seconds))
        late = timedelta(seconds=dice.uniform(0, 119)) if dice.random() < late_share else timedelta(0)
        text = f"{dice.choice(ANGRY)} {number}"
        x.post(f"someone{dice.randrange(120)}", text, at=at, indexed_at=at + late, reply_to=dice.choice(own))
    return own
