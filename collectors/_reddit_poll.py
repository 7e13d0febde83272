"""One poll of Reddit's API: listings first, then lookups of what is stored, then what earlier polls left, then threads.

Built for one poll and thrown away. Never saves anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from collectors._reddit_brands import Attribution
from collectors._reddit_client import PLATFORM, Closed, RedditClient
from collectors._reddit_items import COMMENT, SUBMISSION, Thing, read_listing
from collectors._reddit_notes import Notes
from collectors._reddit_threads import SETTLING, THREAD_PLACE, Reading, fill_thread, is_due, read_thread, submission_of
from collectors._reddit_walks import PAST, Listing, RedditCursor, ThreadState, Walk, fill, walk
from stormcone.collecting import Stretch, due_posts
from stormcone.models import Batch, Skip
from stormcone.ports import Archive, StoredPost, Thrift

_LOOKED_UP: Final = 100  # things Reddit looks up for one request
_OWN_LOOKED_UP: Final = 300  # own posts whose counts one poll reads
_CHECK_AGAIN: Final = timedelta(hours=12)  # two misses are needed, and what is gone must be erased within a day
_HOT_THREADS: Final = 5  # submissions of others whose comments one poll reads
_OWN_COMMENT_THREADS: Final = 5  # own comments whose answers one poll reads
_GIVEN_UP: Final = 4 * PAST  # a stretch that nothing has filled by then stays a gap
_FILLING: Final = 10  # requests one poll spends on what earlier ones left


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a poll works with. searches: listings that a sparing poll leaves out. max_tree_requests: of one thread."""

    client: RedditClient
    attribution: Attribution
    archive: Archive
    listings: tuple[Listing, ...]
    searches: tuple[Listing, ...]
    max_tree_requests: int


class Poll:
    """One poll from its cursor to its batch."""

    def __init__(self, task: Task, cursor: RedditCursor, *, now: datetime, thrift: Thrift) -> None:
        self._task, self._client, self._cursor, self._now = task, task.client, cursor, now
        self._is_sampled = thrift >= Thrift.SAMPLED
        self._searches = task.searches if thrift < Thrift.NO_SEARCH else ()
        self._places = {each.place: each for each in (*task.listings, *task.searches)}
        self._hot = [post for post in task.archive.hot_threads(limit=_HOT_THREADS) if post.id.startswith(SUBMISSION)]
        own = {post.id: post for post in task.archive.own_posts(since=now - PAST)}
        self._notes = Notes(task.client, task.attribution, own, now)
        self._notes.marks = {place: mark for place, mark in cursor.marks.items() if place in self._places}
        self._notes.threads = {name: each for name, each in cursor.threads.items() if now - each.read_at < PAST}

    def run(self, skipped: Iterable[Skip] = ()) -> Batch:
        """Do all of it. Raises: RateLimited, Refused, CollectError: nothing could be fetched at all."""
        notes = self._notes
        notes.skipped.extend(skipped)
        for listing in (*self._task.listings, *self._searches):
            notes.attempt(partial(self._walk, listing), None)
        notes.attempt(self._look_up_own, None)
        notes.attempt(self._look_up_others, None)
        self._fill()
        for name in (*self._own_threads(), *self._own_comment_threads(), *self._threads_of_others()):
            notes.attempt(partial(self._read, name), None)
        return notes.batch(self._cursor)

    def _walk(self, listing: Listing) -> None:
        since = self._cursor.marks.get(listing.place)
        try:
            done = walk(self._client, listing, since=since, now=self._now, **({"pages": 1} if self._is_sampled else {}))
        except Closed as error:
            raise Closed(listing.place, error.what, remedy=listing.remedy) from error
        # What is older was handed on when it was new; by now it may have been erased for its age.
        oldest = None if since is None else min(since, self._now - PAST)
        for thing in done.things:
            if oldest is None or thing.posted_at >= oldest:
                self._notes.see(thing)
        times = [min(thing.posted_at, self._now) for thing in done.things]
        if times:
            self._notes.marks[listing.place] = max(times if since is None else [since, *times])
        if done.left is not None:
            self._notes.leave(done.left)
        self._note_ends(done)

    def _note_ends(self, done: Walk) -> None:
        self._notes.skipped.extend(done.skipped)
        self._notes.gaps.extend([done.lost] if done.lost else [])
        self._notes.stop_at(done.stopped_by)

    def _look_up_own(self) -> None:
        """Read the counts of own posts, and of the submissions that are discussed most."""
        posts = list(self._notes.own.values())
        if len(posts) > _LOOKED_UP:
            posts = list(due_posts(posts, self._now))[:_OWN_LOOKED_UP]
        self._look_up([*posts, *(post for post in self._hot if post.id not in self._notes.own)])

    def _look_up_others(self) -> None:
        due = self._task.archive.due_for_check(checked_before=self._now - _CHECK_AGAIN, limit=_LOOKED_UP)
        self._look_up(due)

    def _look_up(self, posts: Iterable[StoredPost]) -> None:
        """Look stored things up by their names. An answer without any of them says nothing about any of them."""
        waiting = [post for post in posts if post.id.startswith((SUBMISSION, COMMENT))]
        names = list(dict.fromkeys(post.id for post in waiting))
        for start in range(0, len(names), _LOOKED_UP):
            part = names[start : start + _LOOKED_UP]
            page = read_listing(self._client.get("/api/info", id=",".join(part)), "api/info")
            self._notes.skipped.extend(page.skipped)
            things = {thing.name: thing for thing in page.things}
            # One that was served but could not be read is no miss.
            is_sure = not page.skipped
            for post in (each for each in waiting if each.id in part and things):
                if post.id in things or is_sure:
                    self._note(post, things.get(post.id))

    def _note(self, post: StoredPost, thing: Thing | None) -> None:
        """Note what a lookup said of one stored thing; None where it was left out of the answer."""
        records = self._notes.records
        if thing is None or thing.is_gone:
            records.check(post.id, post.brand, is_there=False)
            return
        records.check(post.id, post.brand, is_there=True)
        records.edited(thing, post.brand)
        if post.is_own_post:
            records.count(thing, post.brand)
        if thing.is_submission:
            self._notes.submissions[thing.name] = thing
            about = frozenset(self._task.attribution.named_in(thing.title))
            self._notes.brands_below.setdefault(thing.name, about)

    def _fill(self) -> None:
        """Go on where earlier polls stopped, the oldest first, within a bounded number of requests."""
        before = self._client.requests_sent
        for stretch in self._cursor.stretches:
            listing = self._places.get(stretch.place)
            if listing is None and not stretch.place.startswith(THREAD_PLACE):
                continue  # its place was taken out of the settings: the gap stays unknown
            if self._now - stretch.ended_at > _GIVEN_UP:
                continue
            requests = 0 if self._is_sampled else _FILLING - (self._client.requests_sent - before)
            step = (
                partial(self._fill_listing, stretch, listing, requests)
                if listing
                else partial(self._fill_thread, stretch, requests)
            )
            left: Stretch | None = stretch
            if requests > 0:
                left = self._notes.attempt(step, left)
            if left is not None:
                self._notes.stretches.append(left)
            else:
                self._notes.filled.append(stretch.gap(PLATFORM))

    def _fill_listing(self, stretch: Stretch, listing: Listing, requests: int) -> Stretch | None:
        done = fill(self._client, listing, stretch, pages=requests)
        for thing in done.things:
            self._notes.see(thing)
        self._note_ends(done)
        return done.left

    def _fill_thread(self, stretch: Stretch, requests: int) -> Stretch | None:
        root = stretch.place.removeprefix(THREAD_PLACE)
        reading = fill_thread(self._client, root, (stretch.token or "").split(","), requests=requests)
        self._hear(reading)
        return stretch.model_copy(update={"token": ",".join(reading.left)}) if reading.left else None

    def _own_threads(self) -> list[str]:
        names = {post.id for post in self._notes.own.values() if post.id.startswith(SUBMISSION)}
        names |= {each.id for each in self._notes.records.own_submissions if self._now - each.posted_at < PAST}
        return sorted(name for name in names if self._is_due(name, is_own=True))

    def _own_comment_threads(self) -> list[str]:
        """Return the own comments whose answers are due: Reddit counts no answers of a comment."""
        states = self._notes.threads
        posts = [
            replace(post, counted_at=states[post.id].read_at if post.id in states else None)
            for post in self._notes.own.values()
            if post.id.startswith(COMMENT) and submission_of(post.id, post.url)
        ]
        return [] if self._is_sampled else [post.id for post in due_posts(posts, self._now)[:_OWN_COMMENT_THREADS]]

    def _threads_of_others(self) -> list[str]:
        """Return the busiest submissions of others: titled with a brand outside the watched places, or known as hot."""
        names = {post.id for post in self._hot}
        names |= {
            name
            for name, thing in self._notes.submissions.items()
            if self._notes.brands_below.get(name)
            and not self._task.attribution.owners_of(thing.subreddit)
            and self._now - thing.posted_at < PAST
        }
        names -= {*self._notes.own, *(each.id for each in self._notes.records.own_submissions)}
        due = [name for name in names if name in self._notes.submissions and self._is_due(name, is_own=False)]
        busiest = sorted(due, key=lambda name: (-self._comments_grown(name), name))
        return [] if self._is_sampled else busiest[:_HOT_THREADS]

    def _is_due(self, name: str, *, is_own: bool) -> bool:
        return is_due(self._notes.threads.get(name), self._comments(name), self._now, is_own=is_own)

    def _read(self, name: str) -> None:
        """Read one thread; new comments that it does not get to become a stretch."""
        own = self._notes.own.get(name)
        root = submission_of(name, own.url if own else None) or name
        requests = 1 if self._is_sampled else min(self._task.max_tree_requests, self._client.requests_left)
        reading = read_thread(self._client, root, comment=name if root != name else None, requests=requests)
        self._hear(reading)
        before, count = self._notes.threads.get(name), self._comments(name)
        since = before.read_at - SETTLING if before else None
        fresh = [each for each in reading.things if since is None or each.posted_at >= since]
        if reading.left and (since is None or len(fresh) < self._comments_grown(name)):
            about = self._notes.brands_below.get(name, frozenset())
            started_at = since or min((each.posted_at for each in reading.things), default=self._now)
            self._notes.leave(
                Stretch(
                    started_at=min(started_at, self._now),
                    ended_at=self._now,
                    brand=next(iter(about)) if len(about) == 1 else None,
                    place=THREAD_PLACE + root,
                    token=",".join(reading.left),
                )
            )
        if reading.stopped_by is None:
            changed_at = before.changed_at if before is not None and before.comments == count else self._now
            self._notes.threads[name] = ThreadState(comments=count, read_at=self._now, changed_at=changed_at)

    def _hear(self, reading: Reading) -> None:
        for thing in reading.things:
            self._notes.see(thing)
        self._notes.skipped.extend(reading.skipped)
        self._notes.stop_at(reading.stopped_by)

    def _comments(self, name: str) -> int | None:
        seen = self._notes.submissions.get(name)
        return seen.comments if seen else None

    def _comments_grown(self, name: str) -> int:
        """Return how many comments a thread has more than when it was last read."""
        state = self._notes.threads.get(name)
        return (self._comments(name) or 0) - ((state.comments if state else None) or 0)
