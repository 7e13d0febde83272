"""One poll of Bluesky: what is asked in which order, and what comes of it.

Below the Bluesky collector. Own posts come first, then the answers below them, then who names the brand; Jetstream is
read last, with whatever time is left, because it alone can go on exactly where it stopped. Never saves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from collectors._bluesky_client import BlueskyClient
from collectors._bluesky_gathering import Gathering, Owner
from collectors._bluesky_items import (
    POSTS,
    BadPostError,
    Profile,
    read_profile,
    thread_posts,
)
from collectors._bluesky_jetstream import Jetstream, from_microseconds
from collectors._bluesky_likes import LIKES, LikesReading, read_likes, watched
from collectors._bluesky_stream import StreamReading, read_stream
from collectors._bluesky_walks import BlueskyCursor, Page, Walk, Walker
from stormcone.clock import Clock
from stormcone.collecting import WATCHED_DAYS, Matcher, due_posts
from stormcone.collecting.effort import Effort, NotThereError
from stormcone.collecting.threads import ThreadMark, due_threads
from stormcone.errors import RateLimited
from stormcone.models import Batch, Skip
from stormcone.ports import Archive, StoredPost, Thrift, WatchedBrand

_FIRST_LOOK: Final = timedelta(days=WATCHED_DAYS)
_PAGES: Final = 20  # of one list in one poll
_TOGETHER: Final = 25  # posts or profiles in one question
_LOOKUPS: Final = 50
_THREADS: Final = 20
_HOT_THREADS: Final = 10
_THREAD_DEPTH: Final = 100
_PROFILE_QUESTIONS: Final = 8
_KNOWN_PROFILES: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is watched, the same in every poll. owners, profiles: what was learned, by id; may be lost at any time."""

    client: BlueskyClient
    archive: Archive
    clock: Clock
    brands: tuple[WatchedBrand, ...]
    matcher: Matcher
    has_login: bool
    jetstream_url: str
    timeout_seconds: float
    deletion_check: timedelta
    likes_pause: timedelta | None
    owners: dict[str, Owner] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)


class Visit:
    """One poll."""

    def __init__(
        self, scope: Scope, before: BlueskyCursor, effort: Effort, *, thrift: Thrift, deadline: datetime
    ) -> None:
        self._scope, self._before, self._effort, self._deadline = scope, before, effort, deadline
        self._now = scope.clock.now()
        self._is_sampled, self._may_search = thrift >= Thrift.SAMPLED, thrift < Thrift.NO_SEARCH
        self._walker = Walker(
            before, effort, now=self._now, horizon=self._now - _FIRST_LOOK, pages=1 if self._is_sampled else _PAGES
        )
        self._threads: dict[str, ThreadMark] = {}
        self._troubles: list[str] = []
        self._stream = StreamReading(until=before.jetstream)
        self._likes = LikesReading(until=before.likes)
        own_posts = scope.archive.own_posts(since=self._now - _FIRST_LOOK)
        self._gathering = Gathering(scope.owners, scope.matcher, own_posts=own_posts, now=self._now)

    def run(self) -> None:
        """Ask everything that is to be asked in this poll."""
        self._learn_owners()
        own = [self._own_walk(did, owner) for did, owner in self._scope.owners.items()]
        self._look_up_own({walk.name: self._walker.read(walk) for walk in own})
        self._read_threads()
        lists = [*self._login_walks()]
        for walk in lists:
            self._walker.read(walk)
        self._walker.fill({walk.name: walk for walk in (*own, *lists)}, may_drop=self._may_search)
        self._check_others()
        self._read_stream()
        self._read_likes()
        self._learn_authors()

    def batch(self, skips: tuple[Skip, ...], *, requests: int) -> Batch:
        """Return what came of it."""
        failures, gathered, walker = self._effort.failures, self._gathering, self._walker
        waits = [each.retry_after_seconds for each in failures if isinstance(each, RateLimited)]
        wait_seconds = next((wait for wait in waits if wait is not None), self._effort.wait_seconds)
        after = BlueskyCursor(
            walks=walker.marks,
            stretches=tuple(walker.stretches),
            threads=self._threads,
            jetstream=self._stream.until,
            is_stream_behind=self._stream.is_behind,
            likes=self._likes.until,
        )
        return Batch(
            mentions=gathered.mentions(self._scope.profiles),
            engagements=gathered.engagements,
            deletions=gathered.deletions,
            checks=gathered.checks,
            likes=self._likes.likes,
            gaps=(*walker.gaps, *self._stream.gaps),
            filled=tuple(walker.filled),
            skipped=(*skips, *gathered.skipped),
            cursor=after.written(),
            requests=requests,
            throttle_until=None if wait_seconds is None else self._now + timedelta(seconds=wait_seconds),
            has_more=self._stream.is_behind,
            trouble="; ".join(dict.fromkeys([*map(str, failures), *self._troubles])) or None,
        )

    def _learn_owners(self) -> None:
        """Find the ids of the own accounts; ids stay when a handle changes, and the stream knows nothing else."""
        known = {owner.handle for owner in self._scope.owners.values()}
        missing = {
            handle.lower(): Owner(brand=brand.name, handle=handle)
            for brand in self._scope.brands
            for handle in brand.handles
            if handle not in known
        }
        asked = list(missing)
        for start in range(0, len(asked), _TOGETHER):
            for profile in self._profiles(asked[start : start + _TOGETHER]) or ():
                owner = missing.pop(profile.handle.lower(), None) or missing.pop(profile.did.lower(), None)
                if owner is not None:
                    self._scope.owners[profile.did] = owner
        if missing and not self._effort.failures and not self._effort.is_out:
            names = ", ".join(owner.handle for owner in missing.values())
            self._troubles.append(f"nobody is called {names} on Bluesky; correct the handle")

    def _learn_authors(self) -> None:
        """Find names, followers and ages of who mentions the brands."""
        profiles = self._scope.profiles
        for did in list(profiles)[: max(0, len(profiles) - _KNOWN_PROFILES)]:
            del profiles[did]
        unknown = [did for did in self._gathering.strangers() if did not in profiles]
        for start in range(0, min(len(unknown), _PROFILE_QUESTIONS * _TOGETHER), _TOGETHER):
            for profile in self._profiles(unknown[start : start + _TOGETHER]) or ():
                profiles[profile.did] = profile

    def _profiles(self, actors: list[str]) -> list[Profile] | None:
        raws = self._effort.ask(lambda: self._scope.client.profiles(actors))
        found: list[Profile] = []
        for raw in raws or ():
            try:
                found.append(read_profile(raw))
            except BadPostError as error:
                self._gathering.skip("profiles", str(error))
        return found

    def _own_walk(self, did: str, owner: Owner) -> Walk:
        def take(raws: list[Any]) -> None:
            entries = [raw for raw in raws if isinstance(raw, Mapping)]
            own = [entry.get("post") for entry in entries if entry.get("reason") is None]  # a reason: a repost
            self._gathering.take_views(own, f"posts of {owner.handle}")

        def fetch(cursor: str | None) -> Page:
            return self._scope.client.author_feed(did, cursor=cursor)

        return Walk(name=f"own/{owner.handle}", fetch=fetch, take=take)

    def _login_walks(self) -> Iterable[Walk]:
        if not self._scope.has_login:
            return
        client = self._scope.client
        take = self._gathering.take_views

        def notifications(cursor: str | None) -> Page:
            return client.notifications(cursor=cursor)

        yield Walk(name="notifications", fetch=notifications, take=self._take_notifications)
        if not self._may_search:
            return
        for words in _searched(self._scope.brands):

            def found(cursor: str | None, words: str = words) -> Page:
                return client.search(words, since=self._now - _FIRST_LOOK, cursor=cursor)

            yield Walk(name=f"search/{words}", fetch=found, take=partial(take, place=f"search for {words}"))

    def _take_notifications(self, raws: list[Any]) -> None:
        """Take posts; likes, reposts and followers are notified as well, in the same list."""
        posts = [raw for raw in raws if not isinstance(raw, Mapping) or f"/{POSTS}/" in str(raw.get("uri"))]
        self._gathering.take_views(posts, "notifications")

    def _look_up_own(self, shown_from: Mapping[str, datetime | None]) -> None:
        """Ask for the own posts that are due, or missing where their account's list should show them."""
        gathered = self._gathering
        unseen = [post for post in gathered.own_posts.values() if post.id not in gathered.seen_uris]
        missing = [post for post in unseen if _is_missing(post, shown_from.get(f"own/{post.account}"))]
        self._look_up(list({post.id: post for post in (*missing, *due_posts(unseen, self._now))}.values()))

    def _check_others(self) -> None:
        if self._is_sampled or self._effort.is_out:
            return
        before = self._now - self._scope.deletion_check
        self._look_up(self._scope.archive.due_for_check(checked_before=before, limit=_LOOKUPS))

    def _look_up(self, posts: Sequence[StoredPost]) -> None:
        """Ask for stored posts. Those that are gone are left out without a word, so an empty answer proves nothing."""
        for start in range(0, min(len(posts), _LOOKUPS), _TOGETHER):
            asked = posts[start : start + _TOGETHER]
            uris = list(dict.fromkeys(post.id for post in asked))
            raws = self._effort.ask(partial(self._scope.client.posts, uris))
            if raws is None:
                return
            found = {raw.get("uri"): raw for raw in raws if isinstance(raw, Mapping)}
            for post in asked:
                if post.id in found:
                    self._gathering.look_up(post, found[post.id])
                elif found or self._is_gone(post):
                    self._gathering.look_up(post, None)

    def _is_gone(self, post: StoredPost) -> bool:
        """Ask for one post in the way that says so where it is gone."""
        try:
            self._effort.ask(lambda: self._scope.client.thread(post.id, depth=0))
        except NotThereError:
            return True
        return False

    def _read_threads(self) -> None:
        own = [post for post in self._gathering.own_posts.values() if self._now - post.posted_at < _FIRST_LOOK]
        hot = [] if self._is_sampled else self._scope.archive.hot_threads(limit=_HOT_THREADS)
        posts = {post.id: post for post in (*hot, *own)}
        self._threads = {key: mark for key, mark in self._before.threads.items() if key in posts}
        replies = self._gathering.replies
        due = due_threads(posts.values(), self._threads, replies, self._now)
        for post in [each for each in due if not self._is_childless(each)][:_THREADS]:
            try:
                thread = self._effort.ask(partial(self._scope.client.thread, post.id, depth=_THREAD_DEPTH))
            except NotThereError:
                thread = {}
            if thread is None:
                return
            self._gathering.take_views(thread_posts(thread), "a thread", root=post)
            self._threads[post.id] = ThreadMark(read_at=self._now, replies=replies.get(post.id))

    def _read_stream(self) -> None:
        """Read Jetstream; its address does not depend on what failed before. One request's time stays for names."""
        scope = self._scope
        if not scope.jetstream_url:
            return
        self._stream = read_stream(
            Jetstream(scope.jetstream_url, scope.clock, timeout_seconds=scope.timeout_seconds),
            self._gathering,
            before=self._before,
            now=self._now,
            deadline=self._deadline - timedelta(seconds=scope.timeout_seconds),
        )
        if self._stream.failure is not None:
            self._effort.failures.append(self._stream.failure)
        if self._stream.failure is None or self._stream.until != self._before.jetstream:
            self._effort.answers += 1
        if self._stream.trouble is not None:
            self._troubles.append(self._stream.trouble)
        if scope.brands:
            self._gathering.delete(self._stream.deleted, scope.brands[0].name)

    def _read_likes(self) -> None:
        """Read what own accounts like, where it is time; a stream in trouble has been told of already."""
        scope, last = self._scope, self._before.likes
        owners = watched(scope.owners, scope.brands)
        is_due = last is None or self._now - from_microseconds(last) >= (scope.likes_pause or _FIRST_LOOK)
        if not (scope.jetstream_url and scope.likes_pause and owners and is_due) or self._stream.failure is not None:
            return
        self._likes = read_likes(
            Jetstream(
                scope.jetstream_url,
                scope.clock,
                timeout_seconds=scope.timeout_seconds,
                collection=LIKES,
                authors=tuple(owners),
            ),
            owners,
            lambda uris: self._effort.ask(lambda: scope.client.posts(uris)),
            last=last,
            now=self._now,
            deadline=self._deadline,
        )
        if self._likes.failure is not None:
            self._effort.failures.append(self._likes.failure)

    def _is_childless(self, post: StoredPost) -> bool:
        """Tell whether nobody has answered yet: such a thread costs no request."""
        return self._gathering.replies.get(post.id) == 0 and post.replies_lately == 0 and post.id not in self._threads


def _searched(brands: Sequence[WatchedBrand]) -> list[str]:
    """Return what is searched for: keywords as phrases, hashtags; each once."""
    words = [f'"{word}"' if " " in word else word for brand in brands for word in map(str.strip, brand.keywords)]
    tags = [f"#{tag.strip('# ')}" for brand in brands for tag in brand.hashtags if tag.strip("# ")]
    return list(dict.fromkeys(filter(None, (*words, *tags))))


def _is_missing(post: StoredPost, shown_from: datetime | None) -> bool:
    return shown_from is not None and post.posted_at >= shown_from
