"""YouTube: comments on the brands' own channels and on named videos, own videos as own posts.

Needs a free key. Speaks plain HTTP with the YouTube Data API v3; a request is a unit of its day's quota. Never searches
(a search has a quota of its own of a hundred a day), and never reads who watches.
"""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from collectors._http import Http
from collectors._walking import Purse
from collectors._youtube_client import MOST_IDS, PLATFORM, YouTube
from collectors._youtube_poll import Poll, YouTubeCursor
from stormcone.collecting import WATCHED_DAYS, due_posts
from stormcone.errors import Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, Thrift


class YouTubeSettings(SourceSettings):
    """[collectors.youtube]: comments on own and named videos; needs a free key."""

    base_url: str = Field(
        default="https://www.googleapis.com", pattern="^https?://", description="where the YouTube Data API answers"
    )
    api_key_env: str = Field(
        default="YOUTUBE_API_KEY", min_length=1, description="environment variable that holds the API key"
    )
    videos: tuple[Annotated[str, Field(pattern="^[A-Za-z0-9_-]{11}$")], ...] = Field(
        default=(), description="ids of videos of others to watch (after v= in their address); own ones need no naming"
    )
    poll_seconds: float = Field(default=120, gt=0, description="seconds between two polls; each costs some units")
    requests_per_day: int | None = Field(
        default=10_000, gt=0, description="most requests in one UTC day; a request is a unit, the free quota 10,000"
    )
    deletion_check_seconds: float = Field(
        default=86_400, gt=0, description="seconds after which a stored comment is looked up again"
    )


class YouTubeCollector(Collector):
    """Polls the YouTube Data API."""

    platform: ClassVar[str] = PLATFORM
    Settings: ClassVar[type[SourceSettings]] = YouTubeSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, YouTubeSettings):
            raise TypeError(f"YouTube is polled from YouTubeSettings, not {type(settings).__name__}")
        self._settings = settings

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new: own videos and counts, comments and answers, checks of stored comments.

        Raises: Refused: no key, or one that is not accepted. RateLimited: the day's quota is used up. CollectError.
        """
        read, skipped = YouTubeCursor.read(self.platform, cursor)
        now = self.context.clock.now()
        if allowance.thrift >= Thrift.COUNTS_ONLY:
            return Batch(cursor=read.written(), skipped=skipped)
        archive, named = self.context.archive, tuple(dict.fromkeys(self._settings.videos))
        stored = archive.own_posts(since=now - timedelta(days=WATCHED_DAYS))
        due = due_posts(stored, now)
        checked_before = now - timedelta(seconds=self._settings.deletion_check_seconds)
        with self._http() as http:
            purse = Purse(allowance, clock=self.context.clock, deadline=deadline, spent=lambda: http.requests)
            run = Poll(self._api(http), self.context.brands, read, purse, now)
            run.haul.skipped.extend(skipped)
            run.resolve()
            run.read_videos(named, stored, due)
            run.walk_channels()
            run.walk_videos(named)
            run.refresh_threads()
            run.look_up((*due, *archive.due_for_check(checked_before=checked_before, limit=MOST_IDS)))
            written = run.cursor(named).written()
            return run.haul.batch(cursor=written, requests=http.requests, now=now)

    def check(self) -> str | None:
        """Return one line saying what keeps YouTube from being read, or None."""
        fault = self._key_fault()
        if fault is not None:
            return f"{self.platform}: {fault}"
        if not self._settings.videos and not any(brand.accounts for brand in self.context.brands):
            return (
                f"{self.platform}: nothing to watch; add a YouTube account to [[brand]], or ids to "
                "collectors.youtube.videos"
            )
        return None

    def probe(self) -> None:
        """Ask for the names of regions: one unit. Raises: CollectError, RateLimited, Refused."""
        with self._http() as http:
            self._api(http).ask("i18nRegions", "the API", part="snippet")

    def _http(self) -> Http:
        """Return a client that sends the key. Raises: Refused: there is none."""
        fault = self._key_fault()
        if fault is not None:
            raise Refused(self.platform, fault, remedy="docs/sources/youtube.md says how to get a key")
        headers = {"X-Goog-Api-Key": self._key(), "Accept": "application/json"}
        return Http(self.platform, timeout_seconds=self._settings.timeout_seconds, headers=headers)

    def _api(self, http: Http) -> YouTube:
        return YouTube(http, self._settings.base_url, self.context.clock, key_variable=self._settings.api_key_env)

    def _key(self) -> str:
        return self.context.secrets.get(self._settings.api_key_env, "").strip()

    def _key_fault(self) -> str | None:
        key = self._key()
        if not key:
            return f"the environment variable {self._settings.api_key_env} is not set"
        if not (key.isascii() and key.isprintable()):
            return f"the environment variable {self._settings.api_key_env} holds no key: it has strange characters"
        return None
