"""Which threads of a brand are under watch: opened with a post or its first reply, finished after two days.

Used by the brand's watch. A finished thread teaches what is normal for the next one. Judges nothing, reads no text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analysis.post_prior import WATCHED_MINUTES, learn_prior
from analysis.threads import PostKey, Thread

_FINISHED_KEPT = 40  # earlier posts that teach the next one
_LEAST_POSTS = 30.0  # posts a month assumed of a brand that posts less: keeps a rare poster's threshold honest
_MONTH = timedelta(days=30)


@dataclass(slots=True)
class WatchedThreads:
    """The threads of a brand's own posts, in the order in which they were opened."""

    _watched: dict[PostKey, Thread] = field(default_factory=dict)
    _finished: list[Thread] = field(default_factory=list)
    _post_times: list[datetime] = field(default_factory=list)
    _peaks: dict[PostKey, float] = field(default_factory=dict)  # mentions a minute

    def __iter__(self) -> Iterator[Thread]:
        return iter(self._watched.values())

    def get(self, key: PostKey | None) -> Thread | None:
        """Return the thread of a post; None where it is not watched."""
        return None if key is None else self._watched.get(key)

    def open(self, key: PostKey, posted_at: datetime, *, is_seen: bool) -> Thread:
        """Return the thread of a post, opened where it is new. is_seen: False where only a reply was collected."""
        thread = self._watched.get(key)
        is_news = is_seen and (thread is None or not thread.is_seen)
        if thread is None:
            prior = learn_prior([each.finished() for each in self._finished])
            thread = self._watched[key] = Thread(key=key, posted_at=posted_at, prior=prior, is_seen=is_seen)
        else:
            thread.meet(posted_at, is_seen=is_seen)
        if is_news:
            self._post_times = [at for at in self._post_times if posted_at - at < _MONTH] + [posted_at]
        return thread

    def answered(self, key: PostKey, posted_at: datetime) -> Thread | None:
        """Return the thread of a reply, opened where only the replies of a post are collected; None once finished."""
        if key not in self._watched and all(key != each.key for each in self._finished):
            return self.open(key, posted_at, is_seen=False)
        return self._watched.get(key)

    def step(self, at: datetime) -> None:
        """Let every thread look at what arrived since the last step, and finish those that are old."""
        for thread in self:
            thread.step(at)
        self.retire(at)

    def retire(self, at: datetime) -> None:
        """Finish every thread whose post is old: it is no longer watched, and teaches what is normal."""
        for thread in [each for each in self if each.age_minutes(at) > WATCHED_MINUTES]:
            self._finished = [*self._finished[1 - _FINISHED_KEPT :], self._watched.pop(thread.key)]
            self.forget_peak(thread)

    def peak(self, thread: Thread, velocity: float) -> float:
        """Return the most mentions a minute that a thread had since its peak was forgotten, the present ones too."""
        self._peaks[thread.key] = max(velocity, self._peaks.get(thread.key, 0.0))
        return self._peaks[thread.key]

    def forget_peak(self, thread: Thread) -> None:
        """Let the next surge of a thread have a peak of its own."""
        self._peaks.pop(thread.key, None)

    def posts_a_month(self, at: datetime) -> float:
        """Return how many posts were seen of the brand in the 30 days before, but never fewer than one a day.

        A thread of which only replies were collected may be anybody's, or a post of long ago: it is no new post.
        """
        return max(_LEAST_POSTS, float(sum(at - posted < _MONTH for posted in self._post_times)))
