"""One poll of Hacker News: walks, followed threads, lookups, and the cursor they leave.

Between hackernews.py, which decides what is asked, and the client, which asks it. Follows the stories that are about a
brand and those in which a brand's account comments. Never decides what a text means.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from collectors._hackernews_client import Question, Search
from collectors._hackernews_items import PLATFORM, Hit, Reader, edit_of, engagement_of
from collectors._walking import Haul, Mark, Purse, Walk
from stormcone.collecting import WATCHED_DAYS, Cursor
from stormcone.errors import CollectError
from stormcone.models import Check
from stormcone.ports import StoredPost

_FIRST_DAYS: Final = 7
_OVERLAP: Final = timedelta(hours=2)  # finds late items, and edits: an author may edit for two hours
_MOST_THREADS: Final = 30  # followed at once, the newest; each costs a request when it is due
_MOST_SEEN: Final = 2_000  # newest items whose text is remembered as a print: more than two hours hold
_LOOKUPS_A_POLL: Final = 3  # windows of an hour, each a large answer
_LOOKUP_HALF: Final = timedelta(minutes=30)  # an hour of Hacker News is some 700 items, below the 1,000 of one answer
_RUNGS: Final = ((timedelta(hours=6), timedelta(0)), (timedelta(days=1), timedelta(minutes=5)))
_SLOWEST: Final = timedelta(hours=1)


class _Thread(BaseModel):
    """A followed story. brands: whose matter all of it is. own_comments: comments of a brand's account -> its brand."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    begun_at: datetime
    brands: tuple[str, ...] = ()
    own_comments: dict[str, str] = Field(default_factory=dict)
    asked_at: datetime | None = None
    mark: Mark = Mark()


class HackerNewsCursor(Cursor):
    """words: how far each question has come. threads: followed stories by id. seen: item id -> print of its text."""

    words: dict[str, Mark] = Field(default_factory=dict)
    threads: dict[str, _Thread] = Field(default_factory=dict)
    seen: dict[str, str] = Field(default_factory=dict)


class Poll:
    """One poll: what it has found, and the cursor it leaves."""

    def __init__(self, search: Search, reader: Reader, cursor: HackerNewsCursor, purse: Purse, now: datetime) -> None:
        self.haul = Haul()
        self._search = search
        self._reader = reader
        self._purse = purse
        self._now = now
        self._words = dict(cursor.words)
        self._threads = dict(cursor.threads)
        self._seen = dict(cursor.seen)

    def ask(self, questions: Iterator[tuple[str, str | None, Question]]) -> None:
        """Walk each question back to where its last walk was."""
        for name, brand, question in questions:
            if not self.haul.is_over:
                mark = self._words.get(name, Mark())
                self._words[name] = self._walk(name, brand, question, mark)

    def follow(self, hot: set[str]) -> None:
        """Read the new comments of followed threads that are due; those asked longest ago come first."""
        due = [(each, thread) for each, thread in self._threads.items() if self._is_due(thread, is_hot=each in hot)]
        due.sort(key=lambda pair: pair[1].asked_at or pair[1].begun_at)
        for story_id, thread in due:
            if self.haul.is_over or self._purse.is_empty:
                return
            brand = thread.brands[0] if len(thread.brands) == 1 else None
            question = Question(tags=f"comment,story_{story_id}")
            mark = self._walk(f"story {story_id}", brand, question, thread.mark)
            if not self.haul.is_over:
                updated = {"mark": mark, "asked_at": self._now}
                self._threads[story_id] = self._threads[story_id].model_copy(update=updated)

    def look_up(self, due: tuple[StoredPost, ...]) -> None:
        """Look stored posts up by reading everything of the hour around them: one request for many of them.

        An empty or incomplete answer proves nothing about those it lacks.
        """
        waiting = list(due)
        for _ in range(_LOOKUPS_A_POLL):
            if not waiting or self.haul.is_over or self._purse.is_empty:
                return
            first = waiting[0].posted_at - _LOOKUP_HALF
            last = waiting[0].posted_at + _LOOKUP_HALF
            window = [post for post in waiting if first <= post.posted_at <= last]
            waiting = [post for post in waiting if not first <= post.posted_at <= last]
            try:
                hits, is_whole = self._search.between(first, last)
            except CollectError as error:
                self.haul.error = error
                return
            self._judge(window, {hit.id: hit for hit in hits}, is_whole=is_whole and bool(hits))

    def forget(self, names: Iterable[str]) -> None:
        """Forget how far all questions but these have come: nobody asks them any more, so nothing waits for them."""
        kept = set(names)
        for name in [each for each in self._words if each not in kept]:
            self._give_up(self._words.pop(name))

    def cursor(self) -> HackerNewsCursor:
        """Return where the next poll continues. Called once, at the end."""
        oldest = self._now - timedelta(days=WATCHED_DAYS)
        newest_first = sorted(self._threads, key=_age_order, reverse=True)
        for place, story_id in enumerate(newest_first):
            if place >= _MOST_THREADS or self._threads[story_id].begun_at <= oldest:
                self._give_up(self._threads.pop(story_id).mark)
        return HackerNewsCursor(
            words=self._words,
            threads=self._threads,
            seen={each: self._seen[each] for each in sorted(self._seen, key=_age_order, reverse=True)[:_MOST_SEEN]},
        )

    def _give_up(self, mark: Mark) -> None:
        self.haul.filled += [stretch.gap(PLATFORM) for stretch in mark.stretches]

    def _walk(self, name: str, brand: str | None, question: Question, mark: Mark) -> Mark:
        walk: Walk[Hit] = Walk(
            fetch=lambda since, token: self._search.page(question, since, token),
            platform=PLATFORM,
            name=name,
            brand=brand,
            first=self._now - timedelta(days=_FIRST_DAYS),
            overlap=_OVERLAP,
        )
        hits, mark = walk.go(mark, self._purse, self.haul, self._now)
        for hit in sorted(hits, key=lambda each: (each.created_at_i, _age_order(each.id))):
            self._take(hit)
        return mark

    def _take(self, hit: Hit) -> None:
        """Write a hit down unless it is known, and follow its thread where that is about a brand."""
        thread = self._threads.get(hit.thread_id or "")
        around = self._around(hit, thread)
        brands = self._reader.brands(hit, around)
        if not brands:
            return
        self._follow_thread(hit, thread)
        known, print_ = self._seen.get(hit.id, ""), f"{hit.digest}:{len(brands)}"
        if known == print_:
            return
        self._seen[hit.id] = print_
        self.haul.mentions += [self._reader.mention(hit, brand, self._now) for brand in brands]
        if known and not known.startswith(hit.digest):
            self.haul.edits += [edit_of(hit, brand, self._now) for brand in brands]

    def _around(self, hit: Hit, thread: _Thread | None) -> tuple[str, ...]:
        if thread is None or not hit.is_comment:
            return ()
        answered = thread.own_comments.get(hit.parent_id or "")
        return (*thread.brands, *([answered] if answered else []))

    def _follow_thread(self, hit: Hit, thread: _Thread | None) -> None:
        brands, owner = self._reader.thread_brands(hit), self._reader.owner(hit)
        story_id = hit.thread_id or ""
        if not story_id.replace("-", "").isalnum():
            return  # it goes into a question, where other signs are operators
        if thread is None:
            if not brands and owner is None:
                return
            thread = _Thread(begun_at=hit.created_at)
        own = {hit.id: owner} if owner and hit.is_comment else {}
        self._threads[story_id] = thread.model_copy(
            update={
                "brands": tuple(dict.fromkeys((*thread.brands, *brands))),
                "own_comments": {**thread.own_comments, **own},
                "begun_at": max(thread.begun_at, hit.created_at) if own else thread.begun_at,
            }
        )

    def _is_due(self, thread: _Thread, *, is_hot: bool) -> bool:
        age = self._now - thread.begun_at
        pause = next((pause for until, pause in _RUNGS if age < until), _SLOWEST)
        return is_hot or thread.asked_at is None or self._now - thread.asked_at >= pause

    def _judge(self, posts: list[StoredPost], found: dict[str, Hit], *, is_whole: bool) -> None:
        for post in posts:
            hit = found.get(post.id)
            if hit is None and not is_whole:
                continue
            check = Check(platform=PLATFORM, id=post.id, brand=post.brand, seen_at=self._now, is_there=hit is not None)
            self.haul.checks.append(check)
            if hit is not None and post.is_own_post and not hit.is_comment:
                self.haul.engagements.append(engagement_of(hit, post.brand, self._now))


def _age_order(post_id: str) -> tuple[int, str]:
    """Return what ids sort by from old to new: they are numbers that only grow.

    >>> sorted(["100", "99"], key=_age_order)
    ['99', '100']
    """
    return len(post_id), post_id
