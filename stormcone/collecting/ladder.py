"""When the engagement of an own post is read again: often while it is young, at every poll while its thread is hot.

Pure; asked by collectors with what the archive knows. Never fetches, never stores.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from stormcone.ports import StoredPost

WATCHED_DAYS: Final = 7  # a storm that begins later is seen in the brand's stream
_RUNGS: Final = (  # until this age, so long between two looks
    (timedelta(hours=2), timedelta(minutes=1)),
    (timedelta(hours=24), timedelta(minutes=5)),
    (timedelta(days=WATCHED_DAYS), timedelta(hours=1)),
)
_HOT_REPLIES: Final = 5  # answers within half an hour: more than all but the liveliest threads draw after their first
_EARLY_SHARE: Final = 0.1  # of the pause by which a look may come early, so that polls each minute hit each minute


def due_posts(posts: Iterable[StoredPost], now: datetime) -> tuple[StoredPost, ...]:
    """Return the own posts whose engagement is due, those seen longest ago first.

    Each minute for two hours, every five minutes until a day, hourly until a week; each minute while it is hot.
    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> old = StoredPost(id="1", brand="acme", is_own_post=True, posted_at=at, counted_at=at + timedelta(hours=9))
    >>> [len(due_posts([old], at + timedelta(hours=9, minutes=minutes))) for minutes in (1, 5)]
    [0, 1]
    """
    due = [post for post in posts if post.is_own_post and _is_due(post, now)]
    return tuple(sorted(due, key=lambda post: post.counted_at or post.posted_at))


def is_hot(post: StoredPost) -> bool:
    """Tell whether the thread of a post is so lively that it is looked at each minute."""
    return post.replies_lately >= _HOT_REPLIES


def _is_due(post: StoredPost, now: datetime) -> bool:
    age = now - post.posted_at
    pause = next((pause for until, pause in _RUNGS if age < until), None)
    if pause is None:
        return False
    if post.counted_at is None:
        return True
    if is_hot(post):
        pause = _RUNGS[0][1]
    return now - post.counted_at >= pause * (1 - _EARLY_SHARE)
