"""One poll of a Mastodon instance: what is asked in which order, and what comes of it.

Below the Mastodon collector. Own posts come first, then the answers below them, then who names the brand; what the
allowance or the deadline cuts off is a stretch, filled later. Never saves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from collectors._mastodon_client import MastodonClient
from collectors._mastodon_gathering import Gathering, Owner, People, status_in
from collectors._mastodon_items import PLATFORM
from collectors._mastodon_walks import BOTTOM, MastodonCursor, Walk, order, walk_down, walk_up
from stormcone.collecting import WATCHED_DAYS, Matcher, Stretch, due_posts
from stormcone.collecting.effort import Effort, NotThereError
from stormcone.collecting.threads import ThreadMark, due_threads
from stormcone.errors import RateLimited
from stormcone.models import Batch, Gap, Skip
from stormcone.ports import Archive, StoredPost, Thrift, WatchedAccount, WatchedBrand

_FIRST_LOOK: Final = timedelta(days=WATCHED_DAYS)
_PAGES: Final = 25  # of one list in one poll: 1,000 statuses
_BACKFILL_PAGES: Final = 5
_LOOKUPS: Final = 20  # own posts asked for one by one in one poll
_THREADS: Final = 20
_HOT_THREADS: Final = 10
_CHECKS: Final = 15  # a request each; an instance allows 300 in five minutes
_SHOWN_TO_VISITORS: Final = 60  # answers of a thread; members see 4,096


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is watched, the same in every poll.

    tags: the brands a status with this hashtag is about, by hashtag. is_public_local: None where the public timeline is
    left alone. account_ids: of the own accounts, as far as they are known; saves requests, is asked for anew otherwise.
    """

    client: MastodonClient
    archive: Archive
    brands: tuple[WatchedBrand, ...]
    people: People
    matcher: Matcher
    tags: Mapping[str, tuple[str, ...]]
    has_token: bool
    is_public_local: bool | None
    deletion_check: timedelta
    account_ids: dict[str, str] = field(default_factory=dict)


class Visit:
    """One poll."""

    def __init__(self, scope: Scope, before: MastodonCursor, effort: Effort, *, thrift: Thrift, now: datetime) -> None:
        self._scope, self._before, self._effort, self._now = scope, before, effort, now
        self._is_sampled, self._may_search = thrift >= Thrift.SAMPLED, thrift < Thrift.NO_SEARCH
        self._marks = dict(before.walks)
        self._threads: dict[str, ThreadMark] = {}
        self._stretches: list[Stretch] = []
        self._gaps: list[Gap] = []
        self._filled: list[Gap] = []
        self._troubles: list[str] = []
        self._is_saturated = False
        own_posts = scope.archive.own_posts(since=now - _FIRST_LOOK)
        self._gathering = Gathering(scope.people, scope.matcher, own_posts=own_posts, now=now)

    def run(self) -> None:
        """Ask everything that is to be asked in this poll."""
        accounts = [(brand, account) for brand in self._scope.brands for account in brand.accounts]
        walks = [walk for brand, account in accounts if (walk := self._own_walk(brand, account)) is not None]
        heads = [self._read_down(walk) for walk in walks]
        self._look_up_own([head for head in heads if head is not None])
        self._read_threads()
        lists = [*self._upward_walks()]
        for walk in lists:
            self._read_up(walk)
        searches = [*self._search_walks()]
        for walk in searches:
            self._read_down(walk)
        self._fill({walk.name: walk for walk in (*walks, *lists, *searches)})
        self._check_others()

    def batch(self, skips: tuple[Skip, ...], *, requests: int) -> Batch:
        """Return what came of it."""
        failures, gathered = self._effort.failures, self._gathering
        waits = [each.retry_after_seconds for each in failures if isinstance(each, RateLimited)]
        wait_seconds = next((wait for wait in waits if wait is not None), self._effort.wait_seconds)
        after = MastodonCursor(walks=self._marks, stretches=tuple(self._stretches), threads=self._threads)
        return Batch(
            mentions=gathered.mentions,
            engagements=gathered.engagements,
            checks=gathered.checks,
            edits=gathered.edits,
            gaps=tuple(self._gaps),
            filled=tuple(self._filled),
            skipped=(*skips, *gathered.skipped),
            cursor=after.written(),
            requests=requests,
            throttle_until=None if wait_seconds is None else self._now + timedelta(seconds=wait_seconds),
            is_saturated=self._is_saturated,
            has_more=not failures and any(mark.is_behind for mark in self._marks.values()),
            trouble="; ".join(dict.fromkeys([*map(str, failures), *self._troubles])) or None,
        )

    def _own_walk(self, brand: WatchedBrand, account: WatchedAccount) -> Walk | None:
        """Return the walk over what an own account published; None where the instance does not know it."""
        ids = self._scope.account_ids
        if account.handle not in ids:
            try:
                found = self._effort.ask(lambda: self._scope.client.account(account.handle))
            except NotThereError:
                self._troubles.append(f"account {account.handle} of {brand.name} is not known here; correct its handle")
                return None
            if found is None:
                return None
            ids[account.handle], acct = found
            self._scope.people.learn(acct, Owner(brand=brand.name, handle=account.handle))
        account_id = ids[account.handle]

        def fetch(*, max_id: str | None = None, min_id: str | None = None) -> list[Any]:  # noqa: ARG001 - a walk's shape
            return self._scope.client.account_statuses(account_id, max_id=max_id)

        return self._walk(f"own/{account.handle}", fetch)

    def _upward_walks(self) -> Iterable[Walk]:
        client = self._scope.client
        if self._scope.has_token:
            yield Walk(name="notifications", fetch=client.notifications, take=self._take_notifications)
        for tag, brands in self._scope.tags.items():
            yield self._walk(f"tag/{tag}", partial(client.hashtag, tag), brands)
        if self._may_search and self._scope.is_public_local is not None:
            yield self._walk("public", partial(client.public, is_local=self._scope.is_public_local))

    def _search_walks(self) -> Iterable[Walk]:
        if not (self._may_search and self._scope.has_token):
            return
        for words in dict.fromkeys(word for brand in self._scope.brands for word in brand.keywords if word.strip()):

            def fetch(*, max_id: str | None = None, min_id: str | None = None, words: str = words) -> list[Any]:  # noqa: ARG001 - a walk's shape
                return self._scope.client.search(words, max_id=max_id)

            yield self._walk(f"search/{words}", fetch)

    def _walk(self, name: str, fetch: Callable[..., list[Any]], brands: Sequence[str] = ()) -> Walk:
        def take(raws: list[Any]) -> None:
            self._gathering.take(raws, name, brands=brands)

        return Walk(name=name, fetch=fetch, take=take)

    def _take_notifications(self, raws: list[Any]) -> None:
        """Take who mentions the token's account, which need not be a brand's: only what is about a brand stays."""
        for raw in raws:
            self._gathering.take(status_in(raw), "notifications")

    def _read_up(self, walk: Walk) -> None:
        mark = self._marks.get(walk.name)
        if mark is None or self._is_sampled:
            self._read_down(walk)
        elif not self._effort.is_out:
            self._marks[walk.name] = walk_up(walk, mark, self._effort, now=self._now, pages=_PAGES)

    def _read_down(self, walk: Walk) -> tuple[str, str] | None:
        """Read a list from its top to its mark. Returns: name and lowest id it would show, None: unknown."""
        mark = self._marks.get(walk.name)
        since = mark.at if mark else self._now - _FIRST_LOOK
        way = walk_down(
            walk,
            self._effort,
            now=self._now,
            until=self._now - _FIRST_LOOK,
            stop_id=mark.low if mark else None,
            pages=1 if self._is_sampled else _PAGES,
        )
        if way.is_empty:
            return None
        self._marks[walk.name] = way.mark(mark, self._now)
        if not way.is_complete:
            ended_at = max(since, way.oldest_at or self._now)
            left = Stretch(started_at=since, ended_at=ended_at, token=way.oldest, place=walk.name)
            self._stretches.append(left)
            self._gaps.append(left.gap(PLATFORM))
        lowest = BOTTOM if way.has_all else way.oldest
        return (walk.name, lowest) if lowest else None

    def _fill(self, walks: Mapping[str, Walk]) -> None:
        """Go on where earlier walks stopped."""
        for left in self._before.stretches:
            walk = walks.get(left.place)
            if walk is None and self._may_search and not self._effort.failures:
                self._filled.append(left.gap(PLATFORM))  # nobody watches that list any more
                continue
            if walk is None or self._is_sampled or self._effort.is_out:
                self._stretches.append(left)
                continue
            way = walk_down(
                walk,
                self._effort,
                now=self._now,
                until=left.started_at - timedelta(minutes=5),
                stop_id=None,
                pages=_BACKFILL_PAGES,
                below=left.token,
            )
            if way.is_complete:
                self._filled.append(left.gap(PLATFORM))
            else:
                self._stretches.append(left.model_copy(update={"token": way.oldest}))

    def _look_up_own(self, heads: Sequence[tuple[str, str]]) -> None:
        """Ask for the own posts that are due, or missing where their account's list should show them."""
        gathered = self._gathering
        unseen = [post for post in gathered.own_posts.values() if post.id not in gathered.seen_ids]
        oldest = dict(heads)
        missing = [post for post in unseen if _is_missing(post, oldest.get(f"own/{post.account}"))]
        due = due_posts(unseen, self._now)
        for post in {each.id: each for each in (*missing, *due)}.values():
            if len(gathered.checks) >= _LOOKUPS or self._effort.is_out:
                return
            self._look_up(post)

    def _check_others(self) -> None:
        if self._is_sampled or self._effort.is_out:
            return
        for post in self._scope.archive.due_for_check(
            checked_before=self._now - self._scope.deletion_check, limit=_CHECKS
        ):
            self._look_up(post)

    def _look_up(self, post: StoredPost) -> None:
        try:
            raw = self._effort.ask(lambda: self._scope.client.status(post.id))
        except NotThereError:
            self._gathering.look_up(post, None)
            return
        if raw is not None:
            self._gathering.look_up(post, raw)

    def _read_threads(self) -> None:
        own = [post for post in self._gathering.own_posts.values() if self._now - post.posted_at < _FIRST_LOOK]
        hot = [] if self._is_sampled else self._scope.archive.hot_threads(limit=_HOT_THREADS)
        posts = {post.id: post for post in (*hot, *own)}
        self._threads = {key: mark for key, mark in self._before.threads.items() if key in posts}
        replies = self._gathering.replies
        due = due_threads(posts.values(), self._threads, replies, self._now)
        for post in [each for each in due if not self._is_childless(each)][:_THREADS]:
            try:
                answers = self._effort.ask(partial(self._scope.client.answers, post.id))
            except NotThereError:
                answers = []
            if answers is None:
                return
            self._gathering.take(answers, "a thread", root=post)
            self._threads[post.id] = ThreadMark(read_at=self._now, replies=replies.get(post.id))
            self._is_saturated |= not self._scope.has_token and len(answers) >= _SHOWN_TO_VISITORS

    def _is_childless(self, post: StoredPost) -> bool:
        """Tell whether nobody has answered yet: such a thread costs no request."""
        return self._gathering.replies.get(post.id) == 0 and post.replies_lately == 0 and post.id not in self._threads


def _is_missing(post: StoredPost, oldest_shown: str | None) -> bool:
    return oldest_shown is not None and order(post.id) >= order(oldest_shown)
