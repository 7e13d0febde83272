"""Fetches feeds, several at once, and asks each only for what has changed.

Below news.py, above the shared HTTP part. A feed that hangs costs one request's time and holds no other feed up. Gives
bytes back; never looks into them.
"""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from collectors._http import Answer, Http, place_of, refuse_status
from stormcone.clock import Clock
from stormcone.errors import CollectError

PLATFORM: Final = "news"

_AT_ONCE: Final = 8
_NOT_MODIFIED: Final = 304
_ACCEPTED: Final = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
_REMEDY: Final = "look at the address in a browser; it may have moved, or want a subscription"
_LONGEST_VALIDATOR: Final = 500  # characters; a longer one is not worth keeping


class Feed(BaseModel):
    """What is known of one feed. etag, modified: sent back. seen: print of a link -> print of its text.

    not_before: it asked for patience until then. tried_at: when it was last asked.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    etag: str | None = None
    modified: str | None = None
    seen: dict[str, str] = Field(default_factory=dict)
    not_before: datetime | None = None
    tried_at: datetime | None = None

    def answered(self, answer: Answer) -> "Feed":
        """Return the feed with what its answer says about asking again."""
        return self.model_copy(
            update={"etag": _validator(answer, "etag"), "modified": _validator(answer, "last-modified")}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of asking one feed: an answer, "unchanged" (neither), or an error."""

    url: str
    answer: Answer | None = None
    error: CollectError | None = None


def fetch_all(
    asked: Sequence[tuple[str, Feed]], *, timeout_seconds: float, clock: Clock, deadline: datetime
) -> list[Fetched]:
    """Return what came of each feed, in the order given. A feed that nobody came to before the deadline is left out."""
    waiting: queue.SimpleQueue[tuple[str, Feed]] = queue.SimpleQueue()
    for pair in asked:
        waiting.put(pair)
    done: dict[str, Fetched] = {}

    def work() -> None:
        while clock.now() < deadline:
            try:
                url, feed = waiting.get_nowait()
            except queue.Empty:
                return
            done[url] = _fetch(url, feed, timeout_seconds=timeout_seconds, clock=clock)

    # Daemons, because a feed that hangs must not keep a stopping program alive.
    workers = [threading.Thread(target=work, daemon=True, name="news feed") for _ in asked[:_AT_ONCE]]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [done[url] for url, _ in asked if url in done]


def _fetch(url: str, feed: Feed, *, timeout_seconds: float, clock: Clock) -> Fetched:
    headers = {"Accept": _ACCEPTED}
    if feed.etag:
        headers["If-None-Match"] = feed.etag
    if feed.modified:
        headers["If-Modified-Since"] = feed.modified
    try:
        with Http(PLATFORM, timeout_seconds=timeout_seconds, follows_redirects=True) as http:
            answer = http.get(url, headers=headers)
        refuse_status(PLATFORM, answer, detail=place_of(url), remedy=_REMEDY, now=clock.now())
    except CollectError as error:
        return Fetched(url=url, error=error)
    return Fetched(url=url, answer=None if answer.status == _NOT_MODIFIED else answer)


def _validator(answer: Answer, name: str) -> str | None:
    given = answer.headers.get(name)
    return given if given and len(given) <= _LONGEST_VALIDATOR and given.isascii() and given.isprintable() else None
