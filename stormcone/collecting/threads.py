"""When the answers below a post are read again: as often as its engagement, and at once when their number has changed.

Asked by collectors of platforms whose threads are fetched whole. Pure; what was read when travels in the collector's
cursor. Never fetches, never stores.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from stormcone.collecting.ladder import due_posts
from stormcone.ports import StoredPost

_PAUSE_OF_OTHERS: Final = timedelta(minutes=1)  # a post of others comes here only while its thread is hot


class ThreadMark(BaseModel):
    """When a thread was read last, and how many replies the platform counted then (None: it did not say)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    read_at: datetime
    replies: int | None = None


def due_threads(
    posts: Iterable[StoredPost], marks: Mapping[str, ThreadMark], replies: Mapping[str, int | None], now: datetime
) -> tuple[StoredPost, ...]:
    """Return the posts whose thread is read now: unread and changed ones first, the oldest post of them first.

    Args: marks: of the last readings, by post id. replies: what the platform counts now, where it was asked.
    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, tzinfo=UTC)
    >>> post = StoredPost(id="1", brand="acme", is_own_post=True, posted_at=at)
    >>> mark = {"1": ThreadMark(read_at=at + timedelta(hours=9), replies=4)}
    >>> [len(due_threads([post], mark, {"1": now}, at + timedelta(hours=9, minutes=1))) for now in (4, 5)]
    [0, 1]
    """
    changed, waited = [], []
    for post in {post.id: post for post in posts}.values():
        mark = marks.get(post.id)
        if mark is None or (replies.get(post.id) is not None and replies[post.id] != mark.replies):
            changed.append(post)
        elif _has_waited(post, mark, now):
            waited.append(post)
    return (
        *sorted(changed, key=lambda post: post.posted_at),
        *sorted(waited, key=lambda post: marks[post.id].read_at),
    )


def _has_waited(post: StoredPost, mark: ThreadMark, now: datetime) -> bool:
    if not post.is_own_post:
        return now - mark.read_at >= _PAUSE_OF_OTHERS
    return bool(due_posts([replace(post, counted_at=mark.read_at)], now))
