"""Bluesky through atproto and Jetstream: everything public without a key; search and notifications with a login.

Own accounts' posts, their counts and the answers below them are read from the AppView; who names a brand anywhere is
filtered out of Jetstream, the stream of all posts. Logs in once, never waits for the network, never writes to it.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Final
from urllib.parse import urlsplit

from pydantic import Field

from collectors._bluesky_client import BlueskyClient, Login
from collectors._bluesky_visit import Scope, Visit
from collectors._bluesky_walks import BlueskyCursor
from stormcone.collecting import Matcher
from stormcone.collecting.effort import Effort
from stormcone.models import Batch
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, Thrift

_PUBLIC_VIEW: Final = "https://public.api.bsky.app"
_ENTRANCE: Final = "bsky.social"


class BlueskySettings(SourceSettings):
    """[collectors.bluesky]: the network, its stream, and an app password where there is one."""

    optional_secrets: ClassVar[frozenset[str]] = frozenset({"handle_env", "app_password_env"})

    base_url: str = Field(
        default="https://bsky.social", pattern=r"^https?://", description="server at which the login's account lives"
    )
    handle_env: str = Field(
        default="BLUESKY_HANDLE",
        description="environment variable with the handle to log in with; empty or unset: no login",
    )
    app_password_env: str = Field(
        default="BLUESKY_APP_PASSWORD",
        description="environment variable with an app password of that account; empty or unset: no login, so no search "
        "and no notifications",
    )
    jetstream_url: str = Field(
        default="wss://jetstream2.us-east.bsky.network/subscribe",
        pattern=r"^(wss?://.+)?$",
        description="stream of all posts, needs no key; empty: not read",
    )
    appview_url: str = Field(
        default="",
        pattern=r"^(https?://.+)?$",
        description="server asked for posts and threads without a login; empty: the public one where base_url is "
        "bsky.social, otherwise base_url itself",
    )
    deletion_check_seconds: float = Field(
        default=86_400, gt=0, description="seconds after which a stored post of others is looked up again"
    )
    likes_seconds: float = Field(
        default=900,
        ge=0,
        description="seconds between two looks at what official and executive accounts like; 0: never",
    )


class BlueskyCollector(Collector):
    """Polls Bluesky."""

    platform: ClassVar[str] = "bluesky"
    Settings: ClassVar[type[SourceSettings]] = BlueskySettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, BlueskySettings):
            raise TypeError(f"Bluesky is read with BlueskySettings, not {type(settings).__name__}")
        self._settings = settings
        handle, password = (context.secrets.get(name) for name in (settings.handle_env, settings.app_password_env))
        self._login = Login(handle=handle.removeprefix("@"), password=password) if handle and password else None
        self._client = BlueskyClient(
            base_url=settings.base_url if self._login else _view_of(settings),
            login=self._login,
            clock=context.clock,
            timeout_seconds=settings.timeout_seconds,
            remedy=self._remedy(),
            secrets=context.secrets,
        )
        self._scope = Scope(
            client=self._client,
            archive=context.archive,
            clock=context.clock,
            brands=context.brands,
            matcher=Matcher(context.brands),
            has_login=self._login is not None,
            jetstream_url=settings.jetstream_url,
            timeout_seconds=settings.timeout_seconds,
            deletion_check=timedelta(seconds=settings.deletion_check_seconds),
            likes_pause=timedelta(seconds=settings.likes_seconds) if settings.likes_seconds else None,
        )

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new: own posts first, then answers, notifications, search, lookups, and Jetstream.

        Raises: RateLimited, Refused, CollectError: nothing was answered at all.
        """
        if allowance.thrift is Thrift.COUNTS_ONLY:
            return Batch(cursor=cursor)  # Bluesky counts nothing by itself
        before, skips = BlueskyCursor.read(self.platform, cursor)
        sent = self._client.requests
        effort = Effort(self._client, self.context.clock, deadline=deadline, requests=allowance.requests)
        visit = Visit(self._scope, before, effort, thrift=allowance.thrift, deadline=deadline)
        visit.run()
        if effort.failures and not effort.answers:
            raise effort.failures[0].after(self._client.requests - sent)
        return visit.batch(skips, requests=self._client.requests - sent)

    def check(self) -> str | None:
        """Return one line where half a login is set, or nothing would be asked at all, or None."""
        secrets, settings = self.context.secrets, self._settings
        names = (settings.handle_env, settings.app_password_env)
        there = [name for name in names if secrets.get(name)]
        if len(there) == 1:
            missing = next((name for name in names if name not in there), "") or "handle_env or app_password_env"
            return f"{self.platform}: {there[0]} is set and {missing} is not; a login needs both"
        if self._login is None and not settings.jetstream_url and not any(b.handles for b in self.context.brands):
            return f"{self.platform}: no login, no jetstream_url and no account; nothing would be asked"
        return None

    def probe(self) -> None:
        """Log in, or ask for a well-known profile. Raises: RateLimited, Refused, CollectError."""
        self._client.whoami()

    def _remedy(self) -> str:
        if self._login is None:
            return "check base_url and appview_url, or set a login"
        variable = self._settings.app_password_env
        return f"make a new app password (Settings, Privacy and security) and put it into {variable}"


def _view_of(settings: BlueskySettings) -> str:
    """Return the server that shows posts without a login."""
    if settings.appview_url:
        return settings.appview_url
    return _PUBLIC_VIEW if urlsplit(settings.base_url).hostname == _ENTRANCE else settings.base_url
