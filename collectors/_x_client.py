"""The gateway to X: the only file that calls tweepy.

tweepy 4.17 knows no time-outs, no other host and no end to its patience; an adapter below it gives all three. Every
failure leaves as one of Stormcone's errors. Never waits on a rate limit, never retries, never follows a redirect
(which would carry the key elsewhere), never lets the key reach a log.
"""

import io
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self

import requests
import tweepy  # type: ignore[import-untyped]  # publishes no type information
import urllib3
from requests.adapters import HTTPAdapter

from collectors._x_items import PLATFORM, Page, Span, Users, looked_up, minutes_of, page_of, users_of
from stormcone.collecting import failure, hide_secrets, one_line, unreachable
from stormcone.errors import CollectError

PAGE_SIZE: Final = 100
_TWEEPY_HOST: Final = "https://api.twitter.com"  # what BaseClient.request spells out
_LARGEST_ANSWER: Final = 32 * 1024 * 1024  # bytes; a hundred of the longest posts are below 3 MB
_CHUNK: Final = 65536
_SETTLED: Final = timedelta(hours=1)  # posts turn up within minutes
_LONG_SETTLED: Final = timedelta(days=1)  # where X does not tell its time
_LONGEST_HOLD: Final = timedelta(hours=25)  # X's longest window is a day
_POST_FIELDS: Final = [
    "author_id",
    "conversation_id",
    "created_at",
    "edit_history_tweet_ids",
    "lang",
    "note_tweet",
    "public_metrics",
    "referenced_tweets",
]
_USER_FIELDS: Final = ["created_at", "public_metrics", "username"]
_BAD_REQUEST: Final = 400
_GONE: Final = 404
_MOST_DIGITS: Final = 11  # of a header; an epoch second has ten


class BadMarkError(CollectError):
    """X does not take the id we ask from: it is too old, or none of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the last answer said beside its body. remaining: requests left in the window. at: X's own time."""

    status: int
    remaining: int | None
    resets_at: float | None  # seconds since the epoch
    at: datetime | None


class _NoHeaders(logging.Filter):
    """tweepy logs the Authorization header at DEBUG; nothing below INFO may leave it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.INFO


logging.getLogger("tweepy.client").addFilter(_NoHeaders())


class Adapter(HTTPAdapter):
    """Sends tweepy's requests to `base_url`, each within `seconds()`, and remembers the rate limit of the answer."""

    def __init__(self, base_url: str, seconds: Callable[[], float]) -> None:
        super().__init__()
        self._base_url = base_url.rstrip("/")
        self._seconds = seconds
        self.answered: Answered | None = None

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401, ARG002 - requests' own signature
        """Send one request; the whole answer is read here, so that a dripping one cannot outlast its time either."""
        seconds = self._seconds()
        ends = time.monotonic() + seconds
        self.answered = None
        request.url = self._base_url + (request.url or "").removeprefix(_TWEEPY_HOST)
        response = super().send(request, stream=True, timeout=seconds, verify=True)
        response.raw = io.BytesIO(_whole(response.raw, ends))
        self.answered = Answered(
            status=response.status_code,
            remaining=_number(response.headers.get("x-rate-limit-remaining")),
            resets_at=_number(response.headers.get("x-rate-limit-reset")),
            at=_date(response.headers.get("date")),
        )
        return response


class Gateway:
    """Asks X, one request a call. Raises of every call: CollectError, RateLimited, Refused."""

    def __init__(
        self,
        *,
        base_url: str,
        token_name: str,
        token: str,
        seconds: Callable[[], float],
        now: Callable[[], datetime],
        with_authors: bool = False,
    ) -> None:
        self._base_url, self._now = base_url, now
        self._secrets = {token_name: token}
        self._remedy = f"look at the app in X's developer console and set {token_name} to a bearer token that works"
        self._client = tweepy.Client(bearer_token=token, return_type=dict, wait_on_rate_limit=False)
        self._adapter = Adapter(base_url, seconds)
        self._client.session.trust_env = False  # else .netrc or a proxy of the machine would see the key
        self._client.session.max_redirects = 0
        self._client.session.mount(_TWEEPY_HOST, self._adapter)
        self._fields: dict[str, list[str]] = {"tweet_fields": _POST_FIELDS}
        self._author_fields = {"expansions": ["author_id"], "user_fields": _USER_FIELDS} if with_authors else {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.session.close()

    @property
    def last_status(self) -> int | None:
        """HTTP status of the last answer, None where none came."""
        return self._adapter.answered.status if self._adapter.answered else None

    def held_until(self) -> datetime | None:
        """Return until when the endpoint of the last answer has no requests left, or None."""
        answered = self._adapter.answered
        if answered is None or answered.remaining != 0 or answered.resets_at is None:
            return None
        wait = timedelta(seconds=max(0.0, answered.resets_at - self._now().timestamp()))
        return self._now() + min(wait, _LONGEST_HOLD)

    def settled_at(self) -> datetime:
        """Return a time before which nothing new turns up; by X's clock, for ours may run ahead of it."""
        at = self._adapter.answered.at if self._adapter.answered else None
        return self._now() - _LONG_SETTLED if at is None else min(at, self._now()) - _SETTLED

    def users(self, handles: Sequence[str]) -> Users:
        """Return the accounts with these handles, 100 at most."""
        return users_of(
            self._ask("accounts", self._client.get_users, usernames=list(handles), user_fields=_USER_FIELDS),
            "accounts",
        )

    def me(self) -> Users:
        """Return the account whose token this is; none for a token of an app alone."""
        return users_of(self._ask("own account", self._client.get_me, user_auth=False), "own account")

    def timeline(self, user_id: str, span: Span, place: str) -> Page:
        """Return one page of an account's own posts, newest first."""
        call = self._client.get_users_tweets
        return page_of(
            self._ask(place, call, user_id, max_results=PAGE_SIZE, **self._fields, **_params(span, "pagination_token")),
            place,
        )

    def mentions(self, user_id: str, span: Span, place: str) -> Page:
        """Return one page of the posts that name an account, newest first; X keeps the newest 800."""
        call, fields = self._client.get_users_mentions, self._fields | self._author_fields
        return page_of(
            self._ask(place, call, user_id, max_results=PAGE_SIZE, **fields, **_params(span, "pagination_token")), place
        )

    def search(self, query: str, span: Span, place: str) -> Page:
        """Return one page of what a query finds within seven days, newest first."""
        call, fields = self._client.search_recent_tweets, self._fields | self._author_fields
        return page_of(
            self._ask(place, call, query, max_results=PAGE_SIZE, **fields, **_params(span, "next_token")),
            place,
        )

    def liked(self, user_id: str, limit: int, place: str) -> Page:
        """Return the posts an account liked last."""
        call = self._client.get_liked_tweets
        return page_of(self._ask(place, call, user_id, max_results=limit, **self._fields), place)

    def lookup(self, ids: Sequence[str], place: str) -> Page:
        """Return posts by id, 100 at most; those that are gone stand in `missing`."""
        return looked_up(self._ask(place, self._client.get_tweets, list(ids), **self._fields), place)

    def counts(self, query: str, start: datetime, place: str) -> tuple[tuple[datetime, int], ...]:
        """Return how many posts a query finds in each whole minute since `start`."""
        call = self._client.get_recent_tweets_count
        return minutes_of(self._ask(place, call, query, granularity="minute", start_time=start), place)

    def usage(self) -> None:
        """Ask for the app's own usage: costs nothing, and only a good key is answered."""
        if not isinstance(self._ask("usage", self._client.request, "GET", "/2/usage/tweets"), requests.Response):
            raise CollectError(PLATFORM, "usage: the answer is none; check base_url")

    def _ask(self, place: str, call: Callable[..., object], *args: object, **kwargs: object) -> object:
        try:
            return call(*args, **kwargs)
        except tweepy.HTTPException as error:
            failed = self._failure(place, "; ".join(map(str, error.api_messages)))
        except (requests.exceptions.JSONDecodeError, UnicodeDecodeError):
            failed = CollectError(PLATFORM, f"{place}: the answer is no whole JSON; check base_url if this stays")
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            failed = unreachable(PLATFORM, f"{one_line(self._base_url)} ({place})", error)
        except (AttributeError, TypeError, KeyError, ValueError):
            # tweepy reads the body of a failure as it hopes to find it; ours may be anybody's.
            failed = self._failure(place, "the answer is not X's")
        raise failed  # out here, so that it drags no library's error along: X's words may repeat the key

    def _failure(self, place: str, words: str) -> CollectError:
        answered = self._adapter.answered
        status, resets_at = (answered.status, answered.resets_at) if answered else (0, None)
        said = hide_secrets(words, self._secrets)
        if status == _BAD_REQUEST and "since_id" in words:
            return BadMarkError(PLATFORM, f"{place}: {one_line(said)}")
        if status == _GONE:
            return CollectError(PLATFORM, f"{place}: 404, there is no such place; check base_url{_quoted(said)}")
        wait = None if resets_at is None else max(1.0, resets_at - self._now().timestamp())
        detail = f"{place}: {said}" if said else place
        return failure(PLATFORM, status, detail, remedy=self._remedy, retry_after_seconds=wait)


def _quoted(said: str) -> str:
    return f" ({one_line(said)})" if one_line(said) else ""


def _params(span: Span, page: str) -> dict[str, object]:
    """Return a span as tweepy asks for it. page: how the endpoint calls the token of a page."""
    return {"since_id": span.since_id, "until_id": span.until_id, page: span.token}


def _whole(raw: Any, ends: float) -> bytes:  # noqa: ANN401 - urllib3's answer, typed as Any by requests
    """Return the body of an answer. Raises: ConnectTimeout: it takes too long. ContentDecodingError: it is too big."""
    chunks, size = [], 0
    while chunk := raw.read1(_CHUNK, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if time.monotonic() > ends:
            raise requests.exceptions.ReadTimeout
        if size > _LARGEST_ANSWER:
            raise requests.exceptions.ContentDecodingError
    raw.release_conn()
    return b"".join(chunks)


def _date(header: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _number(header: str | None) -> int | None:
    is_number = header is not None and header.isascii() and header.isdigit() and len(header) <= _MOST_DIGITS
    return int(header or "") if is_number else None
