"""Reddit: searches, the brand's own subreddits, its accounts, and the comments below what it or others wrote.

Through Reddit's API where a key was granted, otherwise through the site's Atom feeds. Reads only; never signs in as a
person, never posts, never keeps a token anywhere but in memory.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import quote

from pydantic import Field

from collectors._reddit_brands import Attribution, plain_handle, plain_subreddit
from collectors._reddit_client import Access, BoundsReached, RedditClient
from collectors._reddit_feed import FeedTask, Turn, poll_feeds
from collectors._reddit_poll import Poll, Task
from collectors._reddit_walks import Listing, RedditCursor
from stormcone.errors import CollectError, Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, Thrift

_SUBREDDIT_REMEDY = "correct collectors.reddit.subreddits"
_ACCOUNT_REMEDY = "it may be suspended; correct the brand's accounts"
_SEARCH_REMEDY = "search is closed to this key or address"
_PROBE_REQUESTS = 4  # a token and one answer, twice


class RedditSettings(SourceSettings):
    """[collectors.reddit]: submissions and comments that name a brand, answer it, or stand in its subreddits."""

    base_url: str = Field(default="https://oauth.reddit.com", description="address of Reddit's API")
    client_id_env: str = Field(
        default="REDDIT_CLIENT_ID",
        description='environment variable with the app\'s id; "": no key was granted, poll the public feeds instead',
    )
    client_secret_env: str = Field(
        default="REDDIT_CLIENT_SECRET", description='environment variable with the app\'s secret; "" as above'
    )
    user_agent: str = Field(
        default="linux:stormcone:1.0 (by /u/YOUR_NAME)",
        min_length=7,
        description="who asks, in the form Reddit wants: platform:app:version (by /u/name); put your name in",
    )
    subreddits: tuple[str, ...] = Field(
        default=(),
        description="places of the brand: every submission and comment there is a mention; "
        "one called like a brand is that brand's, any other belongs to all",
    )
    max_tree_requests: int = Field(default=32, gt=0, description="most requests one reading of a long thread may cost")
    feed_url: str = Field(
        default="https://www.reddit.com", description="address of the feeds, used where no key was granted"
    )

    @property
    def has_key(self) -> bool:
        """True where the settings name a key; False: feeds."""
        return bool(self.client_id_env and self.client_secret_env)


class RedditCollector(Collector):
    """Polls Reddit for every brand at once."""

    platform: ClassVar[str] = "reddit"
    Settings: ClassVar[type[SourceSettings]] = RedditSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, RedditSettings):
            raise TypeError(f"Reddit is polled with RedditSettings, not {type(settings).__name__}")
        self._own = settings
        self._subreddits = tuple(dict.fromkeys(map(plain_subreddit, settings.subreddits)))
        self._attribution = Attribution(context.brands, self._subreddits)
        self._client: RedditClient | None = None
        self._turn = Turn()

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new since `cursor`, at most `allowance.requests` requests long.

        Raises: RateLimited, Refused, CollectError: nothing could be fetched at all.
        """
        before, skipped = RedditCursor.read(self.platform, cursor)
        if allowance.thrift is Thrift.COUNTS_ONLY or allowance.requests <= 0:
            return Batch(cursor=before.written(), skipped=skipped)  # Reddit has no counts apart from the posts
        if not self._own.has_key:
            return poll_feeds(self._feed_task(), before, self._turn, deadline=deadline)
        client = self._client = self._client or self._signed_in()
        client.begin(requests=allowance.requests, deadline=deadline)
        task = Task(
            client=client,
            attribution=self._attribution,
            archive=self.context.archive,
            listings=(*self._account_listings(), *self._subreddit_listings()),
            searches=self._searches(),
            max_tree_requests=self._own.max_tree_requests,
        )
        return Poll(task, before, now=self.context.clock.now(), thrift=allowance.thrift).run(skipped)

    def check(self) -> str | None:
        """Return one line saying what in the settings keeps Reddit from being polled, or None; sends nothing."""
        missing = self._missing_key()
        if missing is not None:
            return f"needs a key: {missing}"
        if not (self._searches() or self._subreddit_listings() or self._account_listings()):
            return "has nothing to look for: give a brand keywords, or name collectors.reddit.subreddits"
        if "YOUR_NAME" in self._own.user_agent and "reddit.com" in self._address:
            return "user_agent: put your Reddit name for YOUR_NAME; Reddit slows down those who do not say who asks"
        return None

    def probe(self) -> None:
        """Sign in and ask for one submission; without a key, ask for one feed.

        Raises: RateLimited, Refused, CollectError: as `poll` would.
        """
        now = self.context.clock.now()
        deadline = now + 3 * timedelta(seconds=self._own.timeout_seconds)
        if not self._own.has_key:
            poll_feeds(self._feed_task(), RedditCursor(), self._turn, deadline=deadline)
            return
        client = self._client = self._client or self._signed_in()
        client.begin(requests=_PROBE_REQUESTS, deadline=deadline)
        try:
            client.get("/r/all/new", limit=1)
        except BoundsReached as error:
            raise CollectError(self.platform, "did not answer within three time-outs") from error

    @property
    def _address(self) -> str:
        return self._own.base_url if self._own.has_key else self._own.feed_url

    def _missing_key(self) -> str | None:
        named = (self._own.client_id_env, self._own.client_secret_env)
        missing = [name for name in named if not self.context.secrets.get(name)] if self._own.has_key else []
        if not missing:
            return None
        return f'set {" and ".join(missing)}, or both names in collectors.reddit to "" to poll the public feeds'

    def _signed_in(self) -> RedditClient:
        missing = self._missing_key()
        if missing is not None:
            raise Refused(self.platform, "needs a key", remedy=missing)
        access = Access(
            base_url=self._own.base_url,
            client_id=self.context.secrets[self._own.client_id_env],
            client_secret=self.context.secrets[self._own.client_secret_env],
            user_agent=self._own.user_agent,
            timeout_seconds=self._own.timeout_seconds,
        )
        return RedditClient(access, self.context.clock)

    def _account_listings(self) -> tuple[Listing, ...]:
        return tuple(
            Listing(
                place=f"u/{handle} {what}",
                path=f"/user/{quote(handle, safe='')}/{path}",
                params=(("sort", "new"),),
                brand=brand.name,
                remedy=_ACCOUNT_REMEDY,
            )
            for brand in self.context.brands
            for handle in map(plain_handle, brand.handles)
            for what, path in (("submissions", "submitted"), ("comments", "comments"))
        )

    def _subreddit_listings(self) -> tuple[Listing, ...]:
        return tuple(
            Listing(
                place=f"r/{name} {what}",
                path=f"/r/{quote(name, safe='')}/{path}",
                brand=owners[0] if len(owners := self._attribution.owners_of(name)) == 1 else None,
                remedy=_SUBREDDIT_REMEDY,
            )
            for name in self._subreddits
            for what, path in (("submissions", "new"), ("comments", "comments"))
        )

    def _searches(self) -> tuple[Listing, ...]:
        """Return one search a term: joined by OR, the newest page of many terms would be full too soon."""
        brands: dict[str, list[str]] = {}
        for brand in self.context.brands:
            for term in (*brand.keywords, *(tag.removeprefix("#") for tag in brand.hashtags)):
                named = brands.setdefault(" ".join(term.replace('"', " ").casefold().split()), [])
                if brand.name not in named:
                    named.append(brand.name)
        return tuple(
            Listing(
                place=f"search {term}",
                path="/r/all/search",
                params=(("q", f'"{term}"'), ("sort", "new"), ("t", "month"), ("include_over_18", "on")),
                brand=names[0] if len(names) == 1 else None,
                remedy=_SEARCH_REMEDY,
            )
            for term, names in brands.items()
            if term
        )

    def _feed_task(self) -> FeedTask:
        return FeedTask(
            feeds=tuple(
                _as_feed(each) for each in (*self._subreddit_listings(), *self._searches(), *self._account_listings())
            ),
            feed_url=self._own.feed_url,
            user_agent=self._own.user_agent,
            timeout_seconds=self._own.timeout_seconds,
            attribution=self._attribution,
            clock=self.context.clock,
        )


def _as_feed(listing: Listing) -> Listing:
    """Return where the same things are served as a feed; that of a whole site is searched without a subreddit."""
    path = "/search" if listing.path == "/r/all/search" else listing.path
    return replace(listing, path=path + ".rss")
