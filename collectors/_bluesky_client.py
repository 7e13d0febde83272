"""The only file that talks to atproto: questions in, raw JSON out, every failure a named error.

Below the Bluesky collector. Logs in once and keeps the session: Bluesky allows few logins. Answers are not fitted to
the library's models, in which one malformed post spoils a page. Never retries, never sleeps, never logs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
from atproto import Client, Request
from atproto.exceptions import AtProtocolError, RequestErrorBase
from atproto_client.models.dot_dict import DotDict

from collectors._bluesky_items import PLATFORM
from stormcone.clock import Clock
from stormcone.collecting import failure, hide_secrets, unreachable
from stormcone.collecting.effort import NotThereError
from stormcone.errors import CollectError, RateLimited, Refused

_TOO_MANY: Final = 429
_BAD_REQUEST: Final = 400
_SPARE_REQUESTS: Final = 5
_LOGIN_PAUSE: Final = timedelta(minutes=10)  # after a refused login: 300 a day are allowed
_NOT_THERE: Final = frozenset({"NotFound", "RecordNotFound"})
_SESSION_OVER: Final = frozenset({"ExpiredToken", "InvalidToken"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Login:
    """Handle and app password."""

    handle: str
    password: str


class _SessionOverError(CollectError):
    """The server does not know our session any more."""


class _Wire:
    """Counts requests and keeps status and headers of the last answer; hooked into httpx."""

    def __init__(self) -> None:
        self.requests = 0
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}

    def sending(self, _: httpx.Request) -> None:
        self.requests += 1
        self.status, self.headers = None, {}

    def receiving(self, response: httpx.Response) -> None:
        self.status, self.headers = response.status_code, response.headers


class BlueskyClient:
    """Bluesky, with or without a login. Every question raises RateLimited, Refused or CollectError."""

    def __init__(
        self,
        *,
        base_url: str,
        login: Login | None,
        clock: Clock,
        timeout_seconds: float,
        remedy: str,
        secrets: Mapping[str, str],
    ) -> None:
        self._base_url = base_url
        self._login = login
        self._clock = clock
        self._remedy = remedy
        self._secrets = secrets
        self._wire = _Wire()
        hooks = {"request": [self._wire.sending], "response": [self._wire.receiving]}
        self._library = Client(base_url, request=Request(timeout=timeout_seconds, event_hooks=hooks))
        self._logged_in_at: datetime | None = None
        self._login_refused: CollectError | None = None
        self._login_not_before = clock.now()

    @property
    def requests(self) -> int:
        """How many requests were sent since the client was made."""
        return self._wire.requests

    @property
    def got_answer(self) -> bool:
        """True if the last request was answered, with whatever status."""
        return self._wire.status is not None

    @property
    def is_nearly_throttled(self) -> bool:
        """True if the server says that hardly a request is left in its window."""
        left = self._wire.headers.get("ratelimit-remaining", "")
        return left.isdecimal() and int(left) < _SPARE_REQUESTS

    def seconds_to_wait(self) -> float | None:
        """Return how long the last answer asks to stay away, None where it does not say."""
        headers = self._wire.headers
        after, reset = headers.get("retry-after", ""), headers.get("ratelimit-reset", "")
        if after.isdecimal():
            return float(after)
        if not reset.isdecimal():
            return None
        try:
            sent = parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
        except ValueError:
            sent = self._clock.now()
        return max(0.0, float(reset) - sent.timestamp())

    def profiles(self, actors: list[str]) -> list[Any]:
        """Return the profiles of up to 25 handles or ids; unknown ones are left out."""
        return _list_in(self._query("app.bsky.actor.getProfiles", actors=actors), "profiles")

    def author_feed(self, did: str, *, cursor: str | None = None) -> tuple[list[Any], str | None]:
        """Return a page of what an account posted, newest first, and the cursor of the next page."""
        found = self._query(
            "app.bsky.feed.getAuthorFeed", actor=did, filter="posts_with_replies", limit=50, cursor=cursor
        )
        return _list_in(found, "feed"), _cursor(found)

    def posts(self, uris: list[str]) -> list[Any]:
        """Return up to 25 posts by address; those that are gone are left out without a word."""
        return _list_in(self._query("app.bsky.feed.getPosts", uris=uris), "posts")

    def thread(self, uri: str, *, depth: int) -> object:
        """Return a post with the answers below it. Raises: NotThereError: it is gone."""
        found = self._query("app.bsky.feed.getPostThread", uri=uri, depth=depth, parentHeight=0)
        thread = found.get("thread")
        if not isinstance(thread, Mapping):
            raise CollectError(PLATFORM, "getPostThread: expected an object under 'thread'; is base_url a Bluesky?")
        return thread

    def notifications(self, *, cursor: str | None = None) -> tuple[list[Any], str | None]:
        """Return a page of what concerns the login's account, newest first, and the cursor of the next page."""
        found = self._query("app.bsky.notification.listNotifications", limit=100, cursor=cursor)
        return _list_in(found, "notifications"), _cursor(found)

    def search(self, words: str, *, since: datetime, cursor: str | None = None) -> tuple[list[Any], str | None]:
        """Return a page of posts that may hold `words`, newest first, and the cursor of the next page."""
        written = since.strftime("%Y-%m-%dT%H:%M:%SZ")
        found = self._query(
            "app.bsky.feed.searchPosts", q=words, sort="latest", since=written, limit=100, cursor=cursor
        )
        return _list_in(found, "posts"), _cursor(found)

    def whoami(self) -> None:
        """Log in, or ask for a well-known profile: the cheapest request that shows whether we are answered."""
        if self._login is not None:
            self._log_in()
        else:
            self.profiles(["bsky.app"])

    def _query(self, method: str, **params: object) -> Mapping[str, Any]:
        given = DotDict({key: value for key, value in params.items() if value is not None})
        self._log_in()
        try:
            answer = self._call(lambda: self._library.invoke_query(method, params=given))
        except _SessionOverError:
            self._log_in_again()
            answer = self._call(lambda: self._library.invoke_query(method, params=given))
        content = answer.content
        if not isinstance(content, Mapping):
            raise CollectError(PLATFORM, f"{method}: the answer is no JSON object; is base_url a Bluesky?")
        return content

    def _log_in(self) -> None:
        """Log in unless we are; a refused login is not tried again for a while."""
        if self._login is None or self._logged_in_at is not None:
            return
        now, login = self._clock.now(), self._login
        if self._login_refused is not None and now < self._login_not_before:
            raise self._login_refused
        try:
            self._call(lambda: self._library.login(login.handle, login.password, fetch_bsky_profile=False))
        except CollectError as error:
            is_bad = self._wire.status == _BAD_REQUEST
            told = Refused(PLATFORM, "400, the login is not accepted", remedy=self._remedy) if is_bad else error
            if isinstance(told, RateLimited | Refused):
                self._login_refused, self._login_not_before = told, now + _LOGIN_PAUSE
            raise told from None
        self._logged_in_at, self._login_refused = now, None

    def _log_in_again(self) -> None:
        """Log in after the server has ended our session. Raises: CollectError: it has just done so before."""
        now, before = self._clock.now(), self._logged_in_at
        if before is not None and now - before < _LOGIN_PAUSE:
            raise CollectError(PLATFORM, "the session ended right after the login; logging in again in some minutes")
        self._logged_in_at = None
        self._log_in()

    def _call(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - the library's answers
        try:
            return ask()
        except RequestErrorBase as error:
            raise self._failure(error) from None  # its text may hold the whole answer
        except httpx.HTTPError as error:
            raise unreachable(PLATFORM, self._base_url, error) from None
        except (AtProtocolError, ValueError) as error:
            raise CollectError(
                PLATFORM, f"the answer has a form atproto cannot read ({type(error).__name__}); is base_url a Bluesky?"
            ) from None

    def _failure(self, error: RequestErrorBase) -> CollectError | NotThereError | _SessionOverError:
        response = error.response
        if response is None:
            cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
            return unreachable(PLATFORM, self._base_url, cause)
        code = getattr(response.content, "error", None)
        if response.status_code == _BAD_REQUEST and code in _NOT_THERE:
            return NotThereError(str(code))
        if code in _SESSION_OVER and self._logged_in_at is not None:
            return _SessionOverError(PLATFORM, str(code))
        said = hide_secrets(f"{code or ''} {getattr(response.content, 'message', None) or ''}", self._secrets)
        wait = self.seconds_to_wait() if response.status_code == _TOO_MANY else None
        return failure(PLATFORM, response.status_code, said, remedy=self._remedy, retry_after_seconds=wait)


def _cursor(found: Mapping[str, Any]) -> str | None:
    cursor = found.get("cursor")
    return cursor if isinstance(cursor, str) and cursor else None


def _list_in(found: Mapping[str, Any], key: str) -> list[Any]:
    listed = found.get(key)
    if not isinstance(listed, list):
        raise CollectError(PLATFORM, f"expected a list under {key!r}; is base_url a Bluesky?")
    return listed
