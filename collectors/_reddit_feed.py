"""Reddit without a key: the Atom feeds of the site, one request a minute, taken in turn.

For those whom Reddit grants no key. Feeds carry no scores, no counts of comments, no edits and no deletions, and of a
comment not what it answers; what they cannot hold between two looks is a gap that nobody fills. Never asks more often.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any, Final

import feedparser
import httpx

from collectors._reddit_brands import Attribution, Records
from collectors._reddit_client import PLATFORM, retry_seconds
from collectors._reddit_items import SITE, SUBMISSION, Page, Thing
from collectors._reddit_walks import PAST, FeedState, Listing, RedditCursor
from stormcone.clock import Clock
from stormcone.collecting import failure, unreachable
from stormcone.errors import CollectError, Refused
from stormcone.mention_file import storable
from stormcone.models import Batch, Gap, Skip

_PAUSE: Final = timedelta(seconds=60)  # Reddit answers about one request a minute and address
_EARLY: Final = timedelta(seconds=3)  # polls each minute do not come to the millisecond
_FULL: Final = 90  # entries, from which on a feed of at most 100 holds no more because it is full
_MOST_BYTES: Final = 16 * 1024 * 1024
_NOT_MODIFIED, _FORBIDDEN, _MISSING, _OK = 304, 403, 404, 200
_NAME: Final = re.compile(r"t[13]_[0-9a-z]{1,16}")
_LINK: Final = re.compile(r"/comments/([0-9a-z]{1,16})/")
_PLACE: Final = re.compile(r"/r/([^/]+)/")
_BLOCK_TAGS: Final = frozenset({"p", "br", "li", "div", "pre", "blockquote", "h1", "h2", "h3", "tr"})


@dataclass(slots=True)
class Turn:
    """Whose turn it is; lives as long as the collector, a new one begins at the first feed."""

    number: int = 0
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTask:
    """What a look at the feeds works with."""

    feeds: tuple[Listing, ...]
    feed_url: str
    user_agent: str
    timeout_seconds: float
    attribution: Attribution
    clock: Clock


@dataclass(slots=True, kw_only=True)
class _Answer:
    """What a feed answered. page: None where nothing is new."""

    page: Page | None = None
    state: FeedState = field(default_factory=FeedState)


def poll_feeds(task: FeedTask, cursor: RedditCursor, turn: Turn, *, deadline: datetime) -> Batch:
    """Ask the feed whose turn it is, if a minute has passed since the last one.

    Raises: RateLimited, Refused, CollectError: it did not answer as it should. The next poll asks the next feed.
    """
    now = task.clock.now()
    asked_at = max(filter(None, (turn.asked_at, cursor.feed_asked_at)), default=None)
    is_early = asked_at is not None and timedelta() <= now - asked_at < _PAUSE - _EARLY
    if not task.feeds or is_early or now >= deadline:
        return Batch(cursor=cursor.written())
    feed = task.feeds[turn.number % len(task.feeds)]
    turn.number, turn.asked_at = turn.number + 1, now
    before = cursor.feeds.get(feed.place, FeedState())
    places = {each.place for each in task.feeds}
    try:
        answer = _ask(task, feed, before, now, deadline)
    except _Gone as error:
        kept = cursor.model_copy(update={"feed_asked_at": now})
        return Batch(cursor=kept.written(), requests=1, trouble=str(error).removeprefix(f"{PLATFORM}: "))
    feeds = {place: state for place, state in cursor.feeds.items() if place in places}
    kept = cursor.model_copy(update={"feed_asked_at": now, "feeds": {**feeds, feed.place: answer.state}})
    return _batch(task, feed, answer.page or Page(things=()), before, now, kept)


class _Gone(CollectError):
    """One feed is missing; the others are asked all the same."""


def _ask(task: FeedTask, feed: Listing, before: FeedState, now: datetime, deadline: datetime) -> _Answer:
    headers = {"User-Agent": task.user_agent}
    headers |= {"If-None-Match": before.etag} if before.etag else {}
    headers |= {"If-Modified-Since": before.modified} if before.modified else {}
    url = task.feed_url.rstrip("/") + feed.path
    seconds = min(task.timeout_seconds, (deadline - now).total_seconds())
    try:
        with (
            httpx.Client(timeout=seconds, follow_redirects=False) as client,
            client.stream("GET", url, params={**dict(feed.params), "limit": "100"}, headers=headers) as response,
        ):
            body = _body(response, task.clock, now + timedelta(seconds=seconds))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise unreachable(PLATFORM, f"{task.feed_url}, {feed.place}", error) from error
    if response.status_code == _NOT_MODIFIED:
        return _Answer(state=before)
    if response.status_code != _OK:
        raise _refusal(response, feed, now)
    page = read_feed(body, feed.place)
    times = [min(thing.posted_at, now) for thing in page.things]
    state = FeedState(
        etag=response.headers.get("etag"),
        modified=response.headers.get("last-modified"),
        newest_at=max([*times, *filter(None, [before.newest_at])], default=None),
    )
    return _Answer(page=page, state=state)


def _body(response: httpx.Response, clock: Clock, ends_at: datetime) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        parts.append(part)
        size += len(part)
        if clock.now() >= ends_at:
            raise TimeoutError("the answer drips")
        if size > _MOST_BYTES:
            raise OSError("the answer is larger than any feed of Reddit")
    return b"".join(parts)


def _refusal(response: httpx.Response, feed: Listing, now: datetime) -> CollectError:
    status = response.status_code
    if status == _MISSING or response.is_redirect:
        return _Gone(PLATFORM, f"{feed.place}: {status}, no such feed; {feed.remedy}")
    if status == _FORBIDDEN:
        remedy = "Reddit shuts out this address or user_agent, or the subreddit is private; apply for a key"
        return Refused(PLATFORM, f"{feed.place}: 403", remedy=remedy)
    seconds = retry_seconds(response.headers, now)
    return failure(PLATFORM, status, feed.place, remedy="apply for a key", retry_after_seconds=seconds)


def read_feed(body: bytes, place: str) -> Page:
    """Return the entries of one of Reddit's Atom feeds. Raises: CollectError: it is none, or it broke off."""
    parsed = feedparser.parse(body)
    if not parsed.get("version") or (
        parsed.get("bozo") and not isinstance(parsed.get("bozo_exception"), feedparser.CharacterEncodingOverride)
    ):
        raise CollectError(PLATFORM, f"{place}: expected an Atom feed; the answer is none, or broke off")
    things: list[Thing] = []
    skipped: list[Skip] = []
    for number, entry in enumerate(parsed.entries, start=1):
        thing = _thing(entry)
        if thing is None:
            skipped.append(Skip(place=f"{PLATFORM} {place}, entry {number}", reason="lacks id, time or subreddit"))
        else:
            things.append(thing)
    return Page(things=tuple(things), skipped=tuple(skipped))


def _thing(entry: Mapping[str, Any]) -> Thing | None:
    name, link = str(entry.get("id", "")), str(entry.get("link", ""))
    time = entry.get("published_parsed") or entry.get("updated_parsed")
    subreddit, root = _PLACE.search(link), _LINK.search(link)
    if _NAME.fullmatch(name) is None or time is None or subreddit is None or root is None:
        return None
    is_submission = name.startswith(SUBMISSION)
    title = storable(str(entry.get("title", ""))) if is_submission else ""
    words = _words("".join(str(each.get("value", "")) for each in entry.get("content", ())))
    author = str(entry.get("author", "")).removeprefix("/u/")
    return Thing(
        name=name,
        posted_at=datetime.fromtimestamp(calendar.timegm(time), UTC),
        subreddit=subreddit[1],
        title=title,
        text="\n\n".join(filter(None, (title, words))),
        url=link if link.startswith(SITE) else SITE + "/comments/" + root[1] + "/",
        author=storable(author) or None,
        root=None if is_submission else SUBMISSION + root[1],
    )


class _Words(HTMLParser):
    """Keeps the words of the post itself: what stands in `<div class="md">`, or everything where there is none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the block."""
        if tag == "div" and (self._depth or ("class", "md") in attrs):
            self._depth += 1
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        self._break(tag)
        if tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if self._depth:
            self.parts.append(data)

    def _break(self, tag: str) -> None:
        if self._depth and tag in _BLOCK_TAGS:
            self.parts.append("\n")


def _words(content: str) -> str:
    r"""Return the text of a post's HTML.

    >>> _words('<div class="md"><p>It &lt;broke&gt;.</p><p>Again.</p></div> submitted by /u/someone [link]')
    'It <broke>.\nAgain.'
    """
    parser = _Words()
    parser.feed(content)
    parser.close()
    lines = "".join(parser.parts).splitlines()
    return storable("\n".join(line.strip() for line in lines if line.strip()))


def _batch(task: FeedTask, feed: Listing, page: Page, before: FeedState, now: datetime, cursor: RedditCursor) -> Batch:
    records = Records(task.attribution, now)
    for thing in page.things:
        if before.newest_at is None or thing.posted_at >= min(before.newest_at, now - PAST):
            records.see(thing)
    oldest = min((thing.posted_at for thing in page.things), default=now)
    is_full = len(page.things) + len(page.skipped) >= _FULL
    gaps: tuple[Gap, ...] = ()
    if before.newest_at is not None and is_full and oldest > before.newest_at:
        gaps = (Gap(platform=PLATFORM, brand=feed.brand, started_at=before.newest_at, ended_at=oldest),)
    return Batch(
        mentions=records.mentions,
        gaps=gaps,
        skipped=page.skipped,
        cursor=cursor.written(),
        requests=1,
        is_saturated=bool(gaps),
    )
