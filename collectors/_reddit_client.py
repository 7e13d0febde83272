"""The one gateway to Reddit's API: praw 8 signs in, keeps the token and speaks HTTP; everything else is decided here.

Answers are handed on as the JSON they came as: praw's own objects fetch what they lack whenever an attribute is
touched, and give up a whole page for one malformed item. praw never gets to see a failure or a rate-limit header, since
it would sleep on both; what is wrong ends as one of our errors. Never sleeps, never repeats a request but for a token
that has run out, never keeps more than one poll's count.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import praw
import requests
from prawcore.exceptions import PrawcoreException, RequestException
from prawcore.requestor import Requestor
from urllib3.exceptions import HTTPError, ProtocolError

from stormcone.clock import Clock
from stormcone.collecting import failure, hide_secrets, one_line, unreachable
from stormcone.errors import CollectError, RateLimited, Refused

PLATFORM: Final = "reddit"
_PRODUCTION_API: Final = "oauth.reddit.com"
_PRODUCTION_SITE: Final = "https://www.reddit.com"  # hands out the tokens that the API's own host does not
_TOKEN_PATH: Final = "/api/v1/access_token"  # noqa: S105 - a path, no secret
_KEY_REMEDY: Final = "look at the app on reddit.com/prefs/apps and set the two variables that collectors.reddit names"
_MOST_BYTES: Final = 32 * 1024 * 1024  # a full page of the longest texts is a fifth of it
_CLOSED: Final = frozenset({403, 404, 451})  # of one place: private, banned or missing
_OK: Final = 200
_REDIRECTS: Final = range(300, 400)  # Reddit sends the seeker of a missing subreddit to its search
_UNAUTHORIZED: Final = 401


class BoundsReached(Exception):
    """The poll's allowance or its time is used up; what was fetched is kept."""


class Unreachable(CollectError):
    """No answer came at all; the next request of this poll would wait for nothing too."""


class Closed(CollectError):
    """A place is missing, private or banned; others may be open. what: status and Reddit's own word for it."""

    def __init__(self, place: str, what: str, *, remedy: str = "") -> None:
        super().__init__(PLATFORM, f"{place}: {what}, missing, private or banned{remedy and f'; {remedy}'}")
        self.what = what


class _TokenRanOut(CollectError):
    """The API did not take the token that it gave earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to get in. base_url: of the API; the token comes from the same address, but for Reddit's own."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)
    user_agent: str
    timeout_seconds: float

    @property
    def token_url(self) -> str:
        """Address of the host that hands out tokens.

        >>> Access(base_url="https://oauth.reddit.com/", client_id="", client_secret="", user_agent="",
        ...        timeout_seconds=9).token_url
        'https://www.reddit.com'
        """
        return _PRODUCTION_SITE if urlsplit(self.base_url).hostname == _PRODUCTION_API else self.base_url.rstrip("/")


class RedditClient:
    """Sends the requests of one poll after the other; belongs to one thread."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._access = access
        self._bounds = _Bounds(clock, access.timeout_seconds)
        self._session = requests.Session()
        self._reddit = self._signed_out()

    def begin(self, *, requests: int, deadline: datetime) -> None:
        """Start a poll that may send so many requests until then."""
        self._bounds.begin(requests, deadline)

    @property
    def requests_sent(self) -> int:
        """Requests since `begin`, those for a token among them."""
        return self._bounds.sent

    @property
    def requests_left(self) -> int:
        """Requests the poll may still send."""
        return self._bounds.left

    @property
    def pause_until(self) -> datetime | None:
        """When Reddit takes requests again, None where it takes them now."""
        return self._bounds.pause_until

    def get(self, path: str, **params: str | int) -> object:
        """Return the JSON that is served at `path`.

        Raises: BoundsReached, RateLimited, Refused, Closed (the place), Unreachable, CollectError (anything else).
        """
        return self._ask("GET", path, params=params)

    def post(self, path: str, **form: str) -> object:
        """Return the JSON that answers a form; used for reading only. Raises: as `get`."""
        return self._ask("POST", path, data=form)

    def _ask(self, method: str, path: str, **sent: Mapping[str, str | int]) -> object:
        try:
            return self._ask_once(method, path, **sent)
        except _TokenRanOut:
            self._reddit = self._signed_out()
        try:
            return self._ask_once(method, path, **sent)
        except _TokenRanOut as error:
            raise Refused(PLATFORM, "401, a token that was just made is not accepted", remedy=_KEY_REMEDY) from error

    def _ask_once(self, method: str, path: str, **sent: Any) -> object:  # noqa: ANN401 - as praw takes it
        try:
            return self._reddit.request(method=method, path=path, **sent)
        except (PrawcoreException, ValueError) as error:
            message = f"{path}: the answer is no JSON; it was cut off, or the address is not Reddit's API"
            raise CollectError(PLATFORM, message) from error

    def _signed_out(self) -> praw.Reddit:
        """Return a praw instance that fetches a token before its first request.

        What is None here would otherwise be taken from a praw.ini in the working folder or from praw_* variables.
        """
        access = self._access
        self._session.close()
        self._session = requests.Session()
        self._session.trust_env = (urlsplit(access.base_url).hostname or "") not in {"127.0.0.1", "localhost", "::1"}
        return praw.Reddit(
            "DEFAULT",
            requestor_class=_BoundedRequestor,
            requestor_kwargs={"bounds": self._bounds, "session": self._session},
            check_for_updates=False,
            check_for_async=False,
            client_id=access.client_id,
            client_secret=access.client_secret,
            user_agent=access.user_agent,
            oauth_url=access.base_url.rstrip("/"),
            reddit_url=access.token_url,
            username=None,
            password=None,
            refresh_token=None,
        )


class _Bounds:
    """What one poll may still do; counts requests, and remembers how long Reddit wants to be left alone."""

    def __init__(self, clock: Clock, timeout_seconds: float) -> None:
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._deadline = clock.now()
        self._pause_until: datetime | None = None
        self.left = 0
        self.sent = 0

    def begin(self, requests: int, deadline: datetime) -> None:
        self.left, self.sent, self._deadline = requests, 0, deadline

    @property
    def pause_until(self) -> datetime | None:
        until = self._pause_until
        return until if until is not None and self._clock.now() < until else None

    def seconds_for_next(self) -> float:
        """Count one request. Returns: seconds it may take. Raises: BoundsReached, RateLimited."""
        now = self._clock.now()
        if self.pause_until is not None:
            seconds = (self.pause_until - now).total_seconds()
            raise RateLimited(PLATFORM, "the requests of this window are used up", retry_after_seconds=seconds)
        if self.left <= 0 or now >= self._deadline:
            raise BoundsReached
        self.left -= 1
        self.sent += 1
        return min(self._timeout_seconds, (self._deadline - now).total_seconds())

    def note(self, headers: Mapping[str, str]) -> None:
        """Learn from the rate-limit headers of an answer."""
        remaining, reset = _number(headers.get("x-ratelimit-remaining")), _number(headers.get("x-ratelimit-reset"))
        if remaining is not None and remaining < 1:
            self._pause_until = self._clock.now() + timedelta(seconds=reset or 1)

    def ends_at(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)

    def is_past(self, instant: datetime) -> bool:
        return self._clock.now() >= instant

    def wait_seconds(self, headers: Mapping[str, str]) -> float | None:
        """Return how long a 429 asks us to stay away, None where it does not say."""
        return retry_seconds(headers, self._clock.now())


class _BoundedRequestor(Requestor):
    """Sends one request within the poll's bounds, and turns whatever is no proper answer into our own error.

    prawcore repeats and sleeps on its own exceptions and headers alone; it meets neither.
    """

    def __init__(self, *, bounds: _Bounds, **given: Any) -> None:  # noqa: ANN401 - the parent's arguments
        super().__init__(**given)
        self._bounds = bounds

    def request(
        self,
        *args: Any,  # noqa: ANN401 - as the parent
        timeout: float | None = None,  # noqa: ARG002 - that of the poll's bounds holds
        **given: Any,  # noqa: ANN401 - as the parent
    ) -> requests.Response:
        """Return an answer whose body is here and whose status is 200."""
        path = urlsplit(str(args[1])).path
        if path.endswith(_TOKEN_PATH):
            given["headers"] = {}  # prawcore asks for the connection to be closed, and the next request would meet that
        try:
            response = self._sent(args, given)
        except (RequestException, HTTPError, OSError) as error:
            cause = error.original_exception if isinstance(error, RequestException) else error
            if not _was_hung_up(cause):
                raise _no_answer(path, self.oauth_url, cause) from cause
            response = self._sent_again(path, args, given)
        self._bounds.note(response.headers)
        if response.status_code != _OK:
            raise self._refusal(path, response)
        for header in [name for name in response.headers if name.lower().startswith("x-ratelimit")]:
            del response.headers[header]  # prawcore would sleep by them, up to ten minutes
        if path.endswith(_TOKEN_PATH):
            _check_token(response)
        return response

    def _sent(self, args: tuple[Any, ...], given: Mapping[str, Any]) -> requests.Response:
        seconds = self._bounds.seconds_for_next()
        ends_at = self._bounds.ends_at(seconds)
        response = super().request(*args, timeout=seconds, **{**given, "stream": True, "allow_redirects": False})
        response.raw = io.BytesIO(self._body(response, ends_at))
        return response

    def _sent_again(self, path: str, args: tuple[Any, ...], given: Mapping[str, Any]) -> requests.Response:
        """Send once more, on a new connection: a server may hang up on an idle one just as we speak."""
        try:
            return self._sent(args, given)
        except (RequestException, HTTPError, OSError) as error:
            cause = error.original_exception if isinstance(error, RequestException) else error
            raise _no_answer(path, self.oauth_url, cause) from cause

    def _body(self, response: requests.Response, ends_at: datetime) -> bytes:
        """Return the whole body; one that drips is given up like one that hangs."""
        parts: list[bytes] = []
        size = 0
        with response:
            while part := response.raw.read1(1 << 16, decode_content=True):
                parts.append(part)
                size += len(part)
                if self._bounds.is_past(ends_at):
                    raise TimeoutError("the answer drips")
                if size > _MOST_BYTES:
                    raise OSError("the answer is larger than any page of Reddit")
        return b"".join(parts)

    def _refusal(self, path: str, response: requests.Response) -> CollectError:
        status, is_token = response.status_code, path.endswith(_TOKEN_PATH)
        detail = "" if is_token else _detail(response)
        if status == _UNAUTHORIZED and not is_token:
            return _TokenRanOut(PLATFORM, "401")
        if (status in _CLOSED or status in _REDIRECTS) and not is_token:
            return Closed(path, f"{status}{detail and f' ({detail})'}")
        wait_seconds = self._bounds.wait_seconds(response.headers)
        error = failure(PLATFORM, status, f"{path} {detail}", remedy=_KEY_REMEDY, retry_after_seconds=wait_seconds)
        if is_token and not isinstance(error, RateLimited | Refused):
            return Unreachable(PLATFORM, str(error).removeprefix(f"{PLATFORM}: "))
        return error


def retry_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds until Reddit answers again, by Retry-After or by its own header; None where neither says.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    >>> retry_seconds({"retry-after": "Mon, 02 Mar 2026 09:01:30 GMT"}, now), retry_seconds({}, now)
    (90.0, None)
    """
    given = headers.get("retry-after")
    seconds = _number(given)
    if seconds is None and given:
        try:
            seconds = (parsedate_to_datetime(given) - now).total_seconds()
        except (ValueError, TypeError):
            seconds = None
    if seconds is None:
        seconds = _number(headers.get("x-ratelimit-reset"))
    return None if seconds is None else max(0.0, seconds)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e6 else None  # noqa: PLR2004 - eleven days: no header means more


def _was_hung_up(cause: Exception) -> bool:
    """Tell whether the connection was closed before any answer."""
    is_connection = isinstance(cause, requests.exceptions.ConnectionError)
    return is_connection and bool(cause.args) and isinstance(cause.args[0], ProtocolError)


def _no_answer(path: str, base_url: str, cause: Exception) -> CollectError:
    if (
        isinstance(cause, HTTPError | requests.exceptions.ChunkedEncodingError)
        and "Timeout" not in type(cause).__name__
    ):
        return CollectError(PLATFORM, f"{path}: the answer broke off ({type(cause).__name__})")
    error = unreachable(PLATFORM, base_url, cause)
    return Unreachable(PLATFORM, str(error).removeprefix(f"{PLATFORM}: "))


def _check_token(response: requests.Response) -> None:
    """Raise CollectError unless the answer holds a token as prawcore will read it."""
    try:
        answer = response.json()
    except ValueError as error:
        raise CollectError(PLATFORM, f"{_TOKEN_PATH}: the answer is no JSON; check base_url") from error
    if isinstance(answer, dict) and answer.get("error"):
        message = f"the key is not accepted ({one_line(str(answer['error']))})"
        raise Refused(PLATFORM, message, remedy=_KEY_REMEDY)
    wanted = {"access_token": str, "expires_in": int, "scope": str}
    if not isinstance(answer, dict) or not all(isinstance(answer.get(key), kind) for key, kind in wanted.items()):
        raise CollectError(PLATFORM, f"{_TOKEN_PATH}: expected an object with {', '.join(wanted)}; check base_url")


def _detail(response: requests.Response) -> str:
    """Return Reddit's own words about a failure, without the token that the request carried."""
    try:
        answer = response.json()
    except ValueError:
        return ""
    words = [str(answer[key]) for key in ("reason", "message") if answer.get(key)] if isinstance(answer, dict) else []
    sent = str(response.request.headers.get("Authorization", "")).partition(" ")[2]
    return one_line(hide_secrets(words[0] if words else "", {"token": sent}))
