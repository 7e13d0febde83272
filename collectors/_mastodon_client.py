"""The only file that talks to Mastodon.py: requests in, raw statuses out, every failure a named error.

Below the Mastodon collector. The library is told to throw where it would wait, gets a time-out and an adapter that
counts requests and remembers what the instance said about patience. Never retries, never sleeps, never logs.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

import requests
from mastodon import Mastodon
from mastodon.errors import MastodonError, MastodonNetworkError, MastodonNotFoundError, MastodonRatelimitError
from requests.adapters import HTTPAdapter

from collectors._mastodon_items import PLATFORM
from stormcone.collecting import failure, hide_secrets, unreachable
from stormcone.collecting.effort import NotThereError
from stormcone.errors import CollectError, Refused

PAGE: Final = 40  # most statuses an instance gives at once
_TOO_MANY: Final = 429
_SPARE_REQUESTS: Final = 2
_MEMBERS_ONLY: Final = frozenset({401, 403, 422})  # 422: what Mastodon itself says to visitors of a closed timeline

Answer = TypeVar("Answer")


class _Library(Mastodon):
    """Mastodon.py without the questions it asks the instance before a timeline or a search."""

    def timeline_is_available(self, *_: object, **__: object) -> bool:
        """Return True: a closed timeline is told from its own answer."""
        return True

    def verify_minimum_version(self, *_: object, **__: object) -> bool:
        """Return True: Mastodon 4 is taken for granted. Asked, the library recurses where no version comes."""
        return True


class _Wire(HTTPAdapter):
    """Counts requests and keeps status and headers of the last answer."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = 0
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - the library's signature
        """Send one request."""
        self.requests += 1
        self.status, self.headers = None, {}
        response = super().send(*args, **kwargs)
        self.status, self.headers = response.status_code, response.headers
        return response


class MastodonClient:
    """One instance, with or without a token. Every method raises RateLimited, Refused or CollectError."""

    def __init__(
        self, *, base_url: str, token: str | None, timeout_seconds: float, remedy: str, secrets: Mapping[str, str]
    ) -> None:
        self._base_url = base_url
        self._has_token = token is not None
        self._remedy = remedy
        self._secrets = secrets
        self._wire = _Wire()
        session = requests.Session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, self._wire)
        self._library = _Library(
            access_token=token,
            api_base_url=base_url,
            ratelimit_method="throw",
            request_timeout=timeout_seconds,
            session=session,
            user_agent="stormcone",
        )

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
        """True if the instance says that hardly a request is left in its window."""
        left = self._wire.headers.get("X-RateLimit-Remaining", "")
        return left.isdecimal() and int(left) < _SPARE_REQUESTS

    def hashtag(self, tag: str, *, max_id: str | None = None, min_id: str | None = None) -> list[Any]:
        """Return a page of the timeline of a hashtag, newest first."""
        return self._page(
            lambda: self._library.timeline_hashtag(tag, max_id=max_id, min_id=min_id, limit=PAGE), f"hashtag {tag}"
        )

    def public(self, *, is_local: bool, max_id: str | None = None, min_id: str | None = None) -> list[Any]:
        """Return a page of the public timeline, newest first."""
        return self._page(
            lambda: self._library.timeline_public(local=is_local, max_id=max_id, min_id=min_id, limit=PAGE),
            "the public timeline",
        )

    def notifications(self, *, max_id: str | None = None, min_id: str | None = None) -> list[Any]:
        """Return a page of the token's mentions, as notifications, newest first."""
        return self._page(
            lambda: self._library.notifications(types=["mention", "quote"], max_id=max_id, min_id=min_id, limit=PAGE),
            "notifications",
        )

    def search(self, words: str, *, max_id: str | None = None) -> list[Any]:
        """Return a page of statuses that hold `words`, newest first."""
        found = self._call(
            lambda: self._library.search_v2(words, resolve=False, result_type="statuses", max_id=max_id, limit=PAGE),
            "search",
        )
        return _list_in(found, "statuses", "search")

    def account(self, handle: str) -> tuple[str, str]:
        """Return id and acct of an account. Raises: NotThereError: the instance does not know it."""
        found = self._call(lambda: self._library.account_lookup(handle), f"account {handle}")
        account_id = found.get("id") if isinstance(found, Mapping) else None
        if not isinstance(account_id, str | int):
            raise CollectError(PLATFORM, f"the answer about account {handle} holds no id; is base_url a Mastodon?")
        return str(account_id), str(found.get("acct") or handle)

    def account_statuses(self, account_id: str, *, max_id: str | None = None) -> list[Any]:
        """Return a page of what an account published itself, newest first."""
        return self._page(
            lambda: self._library.account_statuses(account_id, exclude_reblogs=True, max_id=max_id, limit=PAGE),
            "the account's statuses",
        )

    def status(self, status_id: str) -> object:
        """Return one status. Raises: NotThereError: it is gone."""
        return self._call(lambda: self._library.status(status_id), "a status")

    def answers(self, status_id: str) -> list[Any]:
        """Return all answers below a status. Raises: NotThereError: the status is gone."""
        found = self._call(lambda: self._library.status_context(status_id), "a thread")
        return _list_in(found, "descendants", "a thread")

    def closed_hashtags(self) -> bool:
        """Tell whether the instance says that its hashtag timelines are not for us (`timelines_access`)."""
        try:
            found = self._call(self._library.instance_v2, "the instance")
        except NotThereError:
            return False  # an older instance, or another server: nothing is said
        feeds: object = found
        for key in ("configuration", "timelines_access", "hashtag_feeds"):
            feeds = feeds.get(key) if isinstance(feeds, Mapping) else None
        if not isinstance(feeds, Mapping):
            return False
        allowed = {"public", "authenticated"} if self._has_token else {"public"}
        return allowed.isdisjoint(str(feeds.get(kind, "public")) for kind in ("local", "remote"))

    def whoami(self) -> None:
        """Ask whom the token belongs to: the cheapest request that shows whether it is accepted."""
        self._call(self._library.account_verify_credentials, "the token's account")

    def seconds_to_wait(self) -> float | None:
        """Return how long the last answer asks to stay away, None where it does not say."""
        headers = self._wire.headers
        after = headers.get("Retry-After", "")
        if after.isdecimal():
            return float(after)
        try:
            reset = _reset(headers["X-RateLimit-Reset"])
            sent = parsedate_to_datetime(headers["Date"])
        except (KeyError, ValueError, OverflowError):
            return None
        return max(0.0, (reset - sent).total_seconds()) if sent.tzinfo is not None else None

    def _page(self, ask: Callable[[], object], what: str) -> list[Any]:
        found = self._call(ask, what)
        listed = found if isinstance(found, list) else None
        # The library makes a list of the letters of a word, and of the keys of an object.
        if listed is None or (listed and not any(isinstance(each, Mapping) for each in listed)):
            raise CollectError(PLATFORM, f"{what}: expected a list of statuses; is base_url a Mastodon?")
        return list(listed)

    def _call(self, ask: Callable[[], Answer], what: str) -> Answer:
        try:
            return ask()
        except MastodonNotFoundError as error:
            raise NotThereError(what) from error
        except MastodonNetworkError as error:
            cause = error.__context__
            raise unreachable(
                PLATFORM, self._base_url, cause if isinstance(cause, Exception) else error
            ) from None  # the library's words hold the whole address
        except MastodonRatelimitError as error:
            if self._wire.status != _TOO_MANY:
                raise CollectError(PLATFORM, f"{what}: the rate limit headers cannot be read") from error
            raise failure(PLATFORM, _TOO_MANY, remedy="", retry_after_seconds=self.seconds_to_wait()) from error
        except MastodonError as error:
            raise self._failure(error, what) from None  # its text may hold the whole answer
        except (TypeError, AttributeError, KeyError) as error:
            # The library fits every answer to its types; what fits none of them ends here.
            raise CollectError(PLATFORM, f"{what}: the answer has a form Mastodon.py cannot read") from error

    def _failure(self, error: MastodonError, what: str) -> CollectError:
        status, said = self._wire.status, error.args[3] if len(error.args) > 3 else ""  # noqa: PLR2004 - (text, status, reason, words)
        words = hide_secrets(said if isinstance(said, str) else "", self._secrets)
        if status is None or status < 400:  # noqa: PLR2004 - an answer that is no error, and still cannot be read
            return CollectError(PLATFORM, f"{what}: the answer is no JSON; asked again at the next poll")
        if status in _MEMBERS_ONLY and not self._has_token:
            return Refused(
                PLATFORM, f"{status}, {self._base_url} does not show {what} to visitors", remedy=self._remedy
            )
        return failure(PLATFORM, status, f"{what}: {words}" if words else what, remedy=self._remedy)


def _reset(written: str) -> datetime:
    """Return when a window ends: a time as Mastodon writes it, or the seconds since 1970 of its kin."""
    if written.isdecimal():
        return datetime.fromtimestamp(int(written), UTC)
    reset = datetime.fromisoformat(written)
    return reset if reset.tzinfo is not None else reset.replace(tzinfo=UTC)


def _list_in(found: object, key: str, what: str) -> list[Any]:
    listed = found.get(key) if isinstance(found, Mapping) else None
    if not isinstance(listed, list) or (listed and not any(isinstance(each, Mapping) for each in listed)):
        raise CollectError(PLATFORM, f"{what}: expected a list under {key!r}; is base_url a Mastodon?")
    return list(listed)
