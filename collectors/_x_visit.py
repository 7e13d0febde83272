"""One poll of X while it runs: what its steps share, and what becomes of a step that fails.

A step that fails leaves its name and reason; the others go on, unless X wants patience, refuses the key or does not
answer at all. Never retries, never waits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from collectors._x_client import Gateway
from collectors._x_cursor import Mark, XCursor
from collectors._x_haul import Account, Haul, accounts_of
from collectors._x_ids import id_at
from collectors._x_items import PLATFORM, Page
from collectors._x_meter import POST_USD, USER_USD, EnoughError, Meter
from stormcone.collecting import Stretch
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch, Gap
from stormcone.ports import Archive, Thrift, WatchedBrand

_REFUSED_ALTOGETHER: Final = {401, 402}
_MOST_STUMBLES: Final = 2  # requests without an answer; a third would end after the deadline anyway
_MOST_STRETCHES: Final = 300
_LONGEST_PAUSE: Final = timedelta(minutes=15)
_LONGEST_TROUBLE: Final = 5  # reasons named in one line

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a poll runs. first: how far back the first one looks."""

    brands: tuple[WatchedBrand, ...]
    archive: Archive
    now: datetime
    thrift: Thrift
    first: timedelta
    poll: timedelta


class Visit:
    """The state of one poll; its steps change it, `batch` hands it over."""

    def __init__(self, *, terms: Terms, cursor: XCursor, gateway: Gateway, meter: Meter) -> None:
        self.terms, self.gateway, self.meter = terms, gateway, meter
        self.old = cursor
        self.changes: dict[str, object] = {"first_step": None, "pauses": 0, "polled_at": terms.now}
        self.accounts, self.unknown = dict(cursor.accounts), dict(cursor.unknown)
        self.owner = cursor.owner
        self.marks: dict[str, Mark] = dict(cursor.marks)
        self.held = {name: until for name, until in cursor.held.items() if until > terms.now}
        self.stretches: list[Stretch] = list(cursor.stretches)
        self.gaps: list[Gap] = []
        self.filled: list[Gap] = []
        self.haul = Haul(
            brands=terms.brands,
            threads=dict(cursor.threads),
            now=terms.now,
            # The first poll of all must not buy every answer of the last week.
            oldest_answer=0 if cursor.marks else id_at(terms.now - terms.first),
        )
        self.troubles: list[str] = []
        self.error: CollectError | None = None
        self.throttle_until: datetime | None = None
        self.is_over = self.is_saturated = self.has_more = False
        self._stumbles = 0

    def known_accounts(self) -> tuple[Account, ...]:
        """Return the watched accounts X knows."""
        return accounts_of(self.terms.brands, self.accounts)

    def step(self, name: str, action: Callable[[], None]) -> None:
        """Run one step of the poll, unless the poll is over; a failure is kept, not raised."""
        if self.is_over:
            return
        try:
            action()
        except EnoughError as stop:
            self.is_saturated, self.is_over = True, stop.is_final
            if stop.is_trouble:
                self.troubles.append(str(stop))
        except CollectError as error:
            self._failed(name, error)

    def ask(self, endpoint: str, call: Callable[[], T]) -> T:
        """Send one request. Raises: EnoughError: it may not be sent. CollectError: as the gateway does."""
        self.meter.take(self.held, endpoint)
        result = call()
        self.meter.answered += 1
        if (until := self.gateway.held_until()) is not None:
            self.held[endpoint] = until
        return result

    def pay(self, page: Page, price_usd: float = POST_USD) -> Page:
        """Bill the posts and authors of a page, and return it."""
        for post in page.posts:
            self.meter.read("post", str(post.number), price_usd)
        for author in page.authors:
            self.meter.read("user", author.id, USER_USD)
        return page

    def leave(self, stretch: Stretch) -> None:
        """Leave a stretch to later polls; it is a gap until then."""
        self.is_saturated = True
        self.stretches.append(stretch)
        self.gaps.append(stretch.gap(PLATFORM))

    def batch(self) -> Batch:
        """Return what the poll brought. Raises: CollectError: it brought nothing, for this reason."""
        if self.error is not None and not self.meter.answered:
            raise self.error.after(self.meter.requests)
        haul, both = self.haul, set(self.gaps) & set(self.filled)  # left and fetched within this poll: never a gap
        return Batch(
            mentions=tuple(haul.mentions.values()),
            engagements=tuple(haul.engagements.values()),
            checks=tuple(haul.checks.values()),
            edits=tuple(haul.edits.values()),
            likes=tuple(haul.likes),
            volumes=tuple(haul.volumes),
            gaps=tuple(gap for gap in self.gaps if gap not in both),
            filled=tuple(gap for gap in self.filled if gap not in both),
            skipped=tuple(haul.skipped),
            cursor=self._cursor().written(),
            requests=self.meter.requests,
            cost_usd=round(self.meter.flat_usd, 6),
            billed=self.meter.billed,
            throttle_until=self.throttle_until,
            is_saturated=self.is_saturated,
            has_more=self.has_more and self.throttle_until is None and not self.is_over,
            trouble="; ".join(dict.fromkeys(self.troubles[:_LONGEST_TROUBLE])) or None,
        )

    def _cursor(self) -> XCursor:
        threads = {root: each for root, each in self.haul.threads.items() if each.is_watched(self.terms.now)}
        parts = {
            "accounts": self.accounts,
            "unknown": self.unknown,
            "owner": self.owner,
            "marks": self.marks,
            "held": self.held,
            "threads": threads,
            "stretches": tuple(self.stretches[-_MOST_STRETCHES:]),
        }
        return self.old.model_copy(update=parts | self.changes)

    def _failed(self, name: str, error: CollectError) -> None:
        self.troubles.append(str(error).removeprefix(f"{PLATFORM}: "))
        self.error = self.error or error
        if isinstance(error, RateLimited):
            self.is_over, self.throttle_until = True, self._patience(error)
        elif isinstance(error, Refused) and self.gateway.last_status in _REFUSED_ALTOGETHER:
            # The step that is refused comes first next time: a poll that has nothing to return tells it best.
            self.is_over, self.changes["first_step"] = True, name
        elif self.gateway.last_status is None:
            self._stumbles += 1
            self.is_over = self._stumbles >= _MOST_STUMBLES

    def _patience(self, error: RateLimited) -> datetime:
        """Return when to come back: as X says, else after pauses that double."""
        if error.retry_after_seconds is not None:
            return self.terms.now + timedelta(seconds=error.retry_after_seconds)
        pauses = min(self.old.pauses + 1, 10)
        self.changes["pauses"] = pauses
        longer: timedelta = self.terms.poll * 2**pauses
        return self.terms.now + min(longer, _LONGEST_PAUSE)
