"""News: RSS and Atom feeds of outlets; an article is a mention where its headline or summary names a brand.

Needs no key. Feeds are asked together, each only for what has changed; one that fails is named and holds no other up.
The same article in two feeds is one mention. Never opens an article, only what the feed says of it.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Final

from pydantic import Field

from collectors._http import place_of
from collectors._news_entries import Entry, read_entries
from collectors._news_feeds import PLATFORM, Feed, Fetched, fetch_all
from stormcone.collecting import Cursor, Matcher
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch, Edit, Mention, Skip
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, Thrift

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NAMED: Final = 5  # feeds in trouble that one message names


class NewsSettings(SourceSettings):
    """[collectors.news]: RSS and Atom feeds; needs no key."""

    feeds: tuple[Annotated[str, Field(pattern=r"^https?://[^\s/]")], ...] = Field(
        default=(), description="addresses of RSS or Atom feeds; an entry that names a brand is stored"
    )
    max_age_days: float = Field(
        default=30, gt=0, description="days; an older entry is left out, some feeds keep theirs for years"
    )
    poll_seconds: float = Field(default=300, gt=0, description="seconds between two polls; unchanged feeds cost little")


class _NewsCursor(Cursor):
    """feeds: by address. names: a print of what brands go by; when it changes, every feed is read anew."""

    feeds: dict[str, Feed] = Field(default_factory=dict)
    names: str = ""


class NewsCollector(Collector):
    """Polls the feeds of the settings."""

    platform: ClassVar[str] = PLATFORM
    Settings: ClassVar[type[SourceSettings]] = NewsSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, NewsSettings):
            raise TypeError(f"news is polled from NewsSettings, not {type(settings).__name__}")
        self._settings = settings
        self._feeds = tuple(dict.fromkeys(settings.feeds))
        self._matcher = Matcher(context.brands)

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return the articles that are new or were edited since `cursor`.

        Raises: Refused: no feed is named. CollectError, RateLimited, Refused: not one feed could be read.
        """
        if not self._feeds:
            remedy = "add addresses to collectors.news.feeds, or set enabled = false"
            raise Refused(self.platform, "no feed is named", remedy=remedy)
        read, skipped = _NewsCursor.read(self.platform, cursor)
        now = self.context.clock.now()
        known = self._known(read)
        asked = [each for each in self._feeds if (known[each].not_before or now) <= now]
        asked.sort(key=lambda url: known[url].tried_at or _NEVER)
        if allowance.thrift >= Thrift.COUNTS_ONLY:
            asked = []
        fetched = fetch_all(
            [(url, known[url]) for url in asked[: allowance.requests]],
            timeout_seconds=self._settings.timeout_seconds,
            clock=self.context.clock,
            deadline=deadline,
        )
        run = _Reading(self._matcher, known, now, oldest=now - timedelta(days=self._settings.max_age_days))
        run.skipped.extend(skipped)
        for each in sorted(fetched, key=lambda each: self._feeds.index(each.url)):
            run.take(each)
        return run.batch(_NewsCursor(feeds=run.known, names=self._names()))

    def check(self) -> str | None:
        """Return one line saying why nothing can be found, or None."""
        if not self._feeds:
            return f"{self.platform}: no feed is named; add addresses to collectors.news.feeds"
        if not any(brand.keywords or brand.hashtags for brand in self.context.brands):
            return f"{self.platform}: no brand has a keyword; add keywords to [[brand]]"
        return None

    def probe(self) -> None:
        """Ask every feed. Raises: CollectError: one cannot be read; the message names it."""
        now = self.context.clock.now()
        fetched = fetch_all(
            [(url, Feed()) for url in self._feeds],
            timeout_seconds=self._settings.timeout_seconds,
            clock=self.context.clock,
            deadline=now + 3 * timedelta(seconds=self._settings.timeout_seconds),
        )
        run = _Reading(self._matcher, self._known(_NewsCursor()), now, oldest=now)
        for each in fetched:
            run.take(each)
        if run.errors:
            raise run.failure()

    def _known(self, cursor: _NewsCursor) -> dict[str, Feed]:
        """Return what is known of the feeds that are named now; without marks where brands go by other names."""
        is_same = cursor.names == self._names()
        kept = {url: cursor.feeds.get(url, Feed()) for url in self._feeds}
        if is_same:
            return kept
        return {url: feed.model_copy(update={"etag": None, "modified": None}) for url, feed in kept.items()}

    def _names(self) -> str:
        named = repr([(each.name, each.keywords, each.hashtags, each.handles) for each in self.context.brands])
        return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:12]


class _Reading:
    """What one poll finds in the feeds that answered."""

    def __init__(self, matcher: Matcher, known: dict[str, Feed], now: datetime, *, oldest: datetime) -> None:
        self.known = known
        self.skipped: list[Skip] = []
        self.errors: dict[str, CollectError] = {}
        self._matcher = matcher
        self._now = now
        self._oldest = oldest
        self._asked = 0
        self._mentions: dict[tuple[str, str], Mention] = {}
        self._edits: dict[tuple[str, str], Edit] = {}

    def take(self, fetched: Fetched) -> None:
        """Take what came of one feed."""
        self._asked += 1
        url = fetched.url
        feed = self.known[url].model_copy(update={"tried_at": self._now, "not_before": None})
        self.known[url] = feed
        if fetched.error is not None:
            self._fail(url, fetched.error)
        elif fetched.answer is not None:
            try:
                entries, skipped = read_entries(url, fetched.answer)
            except CollectError as error:
                self._fail(url, error)
                return
            self.skipped += skipped
            self.known[url] = feed.answered(fetched.answer).model_copy(update={"seen": self._seen(url, entries)})

    def batch(self, cursor: _NewsCursor) -> Batch:
        """Return the batch. Raises: CollectError: every feed that was asked failed."""
        if self.errors and len(self.errors) == self._asked:
            raise self.failure().after(self._asked)
        waits = [feed.not_before for feed in self.known.values() if feed.not_before is not None]
        return Batch(
            mentions=tuple(self._mentions.values()),
            edits=tuple(self._edits.values()),
            skipped=tuple(self.skipped),
            cursor=cursor.written(),
            requests=self._asked,
            throttle_until=min(waits) if len(waits) == len(self.known) else None,
            trouble=self._troubles() or None,
        )

    def failure(self) -> CollectError:
        """Return one error for all that failed: of their common kind, with their names."""
        errors = list(self.errors.values())
        if len(errors) == 1:
            return errors[0]
        message = f"no feed could be read: {self._troubles()}"
        if all(isinstance(each, Refused) for each in errors):
            return Refused(PLATFORM, message, remedy="look at the addresses in collectors.news.feeds")
        waits = [each.retry_after_seconds for each in errors if isinstance(each, RateLimited)]
        if len(waits) == len(errors):
            asked = [each for each in waits if each is not None]
            return RateLimited(PLATFORM, message, retry_after_seconds=min(asked, default=None))
        return CollectError(PLATFORM, message)

    def _fail(self, url: str, error: CollectError) -> None:
        said = str(error).removeprefix(f"{PLATFORM}: ")
        place = place_of(url)
        self.errors[url] = error
        self.skipped.append(Skip(place=place, reason=said.removeprefix(f"{place} ")))
        if isinstance(error, RateLimited) and error.retry_after_seconds is not None:
            until = self._now + timedelta(seconds=error.retry_after_seconds)
            self.known[url] = self.known[url].model_copy(update={"not_before": until})

    def _troubles(self) -> str:
        said = [str(each).removeprefix(f"{PLATFORM}: ") for each in self.errors.values()]
        more = len(said) - _NAMED
        return "; ".join(said[:_NAMED]) + (f"; and {more} more" if more > 0 else "")

    def _seen(self, url: str, entries: list[Entry]) -> dict[str, str]:
        """Return prints of the matching entries a feed shows now; new and changed ones go into the batch.

        An article belongs to the feed that showed it first, as long as that feed shows it: two outlets that word a
        summary differently would otherwise edit each other for ever.
        """
        others = {key for other, feed in self.known.items() if other != url for key in feed.seen}
        before = self.known[url].seen
        seen: dict[str, str] = {}
        for entry in entries:
            brands = self._matcher.brands_in(f"{entry.title}\n{entry.summary}")
            is_old = entry.posted_at is not None and entry.posted_at < self._oldest
            if not brands or is_old or entry.key in others or entry.key in seen:
                continue
            seen[entry.key] = entry.digest
            if before.get(entry.key) == entry.digest:
                continue
            for brand in brands:
                self._mentions.setdefault((entry.id, brand), entry.mention(brand, self._now))
                if entry.key in before:
                    self._edits[entry.id, brand] = entry.edit(brand, self._now)
        return seen
