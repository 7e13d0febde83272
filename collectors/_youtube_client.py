"""Asks the YouTube Data API, counts units, and says what a refusal means.

Below youtube.py, above the shared HTTP part. The key travels in a header, so that it stands in no address and no log.
Every request made here costs one unit of the day's quota. Knows no brand.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from collectors._http import Answer, Http, place_of, read_json, refuse_status, shaped
from stormcone.clock import Clock
from stormcone.collecting import one_line
from stormcone.errors import CollectError, RateLimited, Refused

PLATFORM: Final = "youtube"
MOST_IDS: Final = 50  # of one request

_QUOTA_ZONE: Final = ZoneInfo("America/Los_Angeles")  # the quota begins anew at midnight there
_FIRST_ERROR: Final = 300
_OUT_OF_QUOTA: Final = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_TOO_FAST: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})
_BAD_KEY: Final = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID", "API_KEY_EXPIRED"})
_NOT_ALLOWED: Final = frozenset(
    {
        "accessNotConfigured",
        "ipRefererBlocked",
        "API_KEY_SERVICE_BLOCKED",
        "API_KEY_IP_ADDRESS_BLOCKED",
        "SERVICE_DISABLED",
    }
)
_CLOSED: Final = frozenset(
    {"commentsDisabled", "videoNotFound", "channelNotFound", "playlistNotFound", "commentNotFound"}
)
_NEW_KEY: Final = "make a key for the YouTube Data API v3 in the Google Cloud console and put it into the variable"


class PlaceClosedError(CollectError):
    """One video, channel or thread cannot be read; the others can."""


class StalePageError(CollectError):
    """A page token is no longer good; the walk begins again."""


class Listing(BaseModel):
    """A page of anything."""

    model_config = ConfigDict(extra="ignore")

    items: list[object]
    next_page: Annotated[str | None, Field(alias="nextPageToken")] = None


class _Reason(BaseModel):
    reason: str = ""


class _Problem(BaseModel):
    message: str = ""
    errors: list[_Reason] = Field(default_factory=list)
    details: list[_Reason] = Field(default_factory=list)


class _Complaint(BaseModel):
    error: _Problem


class YouTube:
    """The API behind one base_url, for one poll."""

    def __init__(self, http: Http, base_url: str, clock: Clock, *, key_variable: str) -> None:
        self._http = http
        self._url = f"{base_url.rstrip('/')}/youtube/v3"
        self._clock = clock
        self._remedy = f"{_NEW_KEY} {key_variable}"

    def ask(self, what: str, place: str, **params: str | None) -> Listing:
        """Return one page of a list method.

        Args: what: the method's resource ("videos"). place: what messages call it. params: None is left out.
        Raises: CollectError, RateLimited, Refused, PlaceClosedError, StalePageError.
        """
        sent = {name: value for name, value in params.items() if value is not None}
        answer = self._http.get(f"{self._url}/{what}", params=sent)
        if answer.status >= _FIRST_ERROR:
            self._refuse(answer, place)
        raw = read_json(PLATFORM, answer)
        # A list without anything in it may come without its items.
        if isinstance(raw, dict) and "items" not in raw and str(raw.get("kind", "")).endswith("ListResponse"):
            raw["items"] = []
        return shaped(PLATFORM, place_of(answer.url), raw, Listing)

    def _refuse(self, answer: Answer, place: str) -> None:
        problem = _problem(answer)
        reasons = {each.reason for each in (*problem.errors, *problem.details)}
        said = one_line(", ".join(sorted(filter(None, reasons))) or problem.message)
        if reasons & _OUT_OF_QUOTA:
            raise RateLimited(
                PLATFORM,
                f"the day's quota is used up ({said}); it begins anew at midnight Pacific time",
                retry_after_seconds=seconds_to_midnight(self._clock.now()),
            )
        if reasons & _TOO_FAST:
            wait = answer.retry_after_seconds(self._clock.now())
            raise RateLimited(PLATFORM, f"asks for patience ({said})", retry_after_seconds=wait)
        if reasons & (_BAD_KEY | _NOT_ALLOWED):
            raise Refused(PLATFORM, f"{answer.status}, the key is not accepted ({said})", remedy=self._remedy)
        if reasons & _CLOSED:
            raise PlaceClosedError(PLATFORM, f"{place} cannot be read ({said})")
        if "invalidPageToken" in reasons:
            raise StalePageError(PLATFORM, f"{place}: the page is no longer there")
        refuse_status(PLATFORM, answer, detail=f"{place}: {said}", remedy=self._remedy, now=self._clock.now())


def seconds_to_midnight(now: datetime) -> float:
    """Return how long it is until the quota begins anew.

    >>> from datetime import UTC
    >>> seconds_to_midnight(datetime(2026, 11, 22, 7, 0, tzinfo=UTC)) / 3600
    1.0
    """
    there = now.astimezone(_QUOTA_ZONE)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight.astimezone(now.tzinfo) - now).total_seconds()


def _problem(answer: Answer) -> _Problem:
    """Return what the API complains of; nothing where it is not the API that answered."""
    try:
        raw: Any = read_json(PLATFORM, answer)
        return _Complaint.model_validate(raw).error
    except (CollectError, ValidationError):
        return _Problem()
