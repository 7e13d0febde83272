"""Walks a platform's newest-first pages back to what is known, and remembers what it could not reach.

Shared by collectors whose platform lists by time. Late items are found because every walk begins some hours before the
newest one known; a walk that stops early leaves a stretch, and later polls fill it from where the walk stopped. Knows
no platform and sends nothing itself: the caller's `fetch` does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from stormcone.clock import Clock
from stormcone.collecting import Stretch
from stormcone.errors import CollectError, RateLimited
from stormcone.models import Batch, Check, Edit, Engagement, Gap, Mention, Skip
from stormcone.ports import Allowance, Thrift

_FILLING_PAGES: Final = 10  # of one poll for old stretches, so that the newest is never kept waiting for long
_MOST_STRETCHES: Final = 20  # of one place; older ones beyond stay gaps for good

Item = TypeVar("Item")


class Mark(BaseModel):
    """How far the walks of one place have come. newest: of the items seen, None before the first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    newest: datetime | None = None
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """One page, newest first. next_token: where older ones follow, None: nothing older is of interest."""

    items: tuple[Item, ...]
    newest: datetime | None
    oldest: datetime | None
    next_token: str | None
    skipped: tuple[Skip, ...] = ()


Fetch = Callable[[datetime, str | None], Page[Item]]  # (since, token), as often as `Purse` allows


class Purse:
    """What one poll may still spend: requests and time."""

    def __init__(self, allowance: Allowance, *, clock: Clock, deadline: datetime, spent: Callable[[], int]) -> None:
        self.thrift = allowance.thrift
        self._most = allowance.requests
        self._clock = clock
        self._deadline = deadline
        self._spent = spent

    @property
    def is_empty(self) -> bool:
        """True when the next request has to wait for another poll."""
        return self._spent() >= self._most or self._clock.now() >= self._deadline


@dataclass(slots=True, kw_only=True)
class Haul:
    """What one poll has gathered so far; becomes its batch. error: what ended it early."""

    mentions: list[Mention] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    engagements: list[Engagement] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    filled: list[Gap] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    error: CollectError | None = None

    @property
    def is_over(self) -> bool:
        """True once an error has ended the poll: whatever is asked next would meet it too."""
        return self.error is not None

    def batch(self, *, cursor: str, requests: int, now: datetime) -> Batch:
        """Return the batch. Raises: CollectError: an error ended the poll before it had anything to return."""
        gathered = (self.mentions, self.edits, self.checks, self.engagements, self.gaps, self.filled)
        if self.error is not None and not any(gathered):
            raise self.error.after(requests)
        asked = self.error.retry_after_seconds if isinstance(self.error, RateLimited) else None
        troubles = [*self.troubles, *([str(self.error)] if self.error else [])]
        return Batch(
            mentions=tuple(self.mentions),
            edits=tuple(self.edits),
            checks=tuple(self.checks),
            engagements=tuple(self.engagements),
            gaps=tuple(self.gaps),
            filled=tuple(self.filled),
            skipped=tuple(self.skipped),
            cursor=cursor,
            requests=requests,
            throttle_until=None if asked is None else now + timedelta(seconds=asked),
            is_saturated=bool(self.gaps),
            trouble="; ".join(troubles) or None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk(Generic[Item]):
    """One place's walk. name: of the place. brand: whose stretches are left, None: every brand's.

    first: how far back the first walk goes. overlap: how long after its time an item may turn up and still be found.
    """

    fetch: Fetch[Item]
    platform: str
    name: str
    brand: str | None
    first: datetime
    overlap: timedelta

    def go(self, mark: Mark, purse: Purse, haul: Haul, now: datetime) -> tuple[list[Item], Mark]:
        """Return what is new since `mark` and in earlier stretches, as far as the purse reaches, and the new mark.

        Gaps, filled gaps, skips and an error go into `haul`.
        """
        head = self._run(mark.newest - self.overlap if mark.newest else self.first, None, purse, haul)
        if head.pages == 0:
            return [], mark
        known_to = mark.newest or self.first
        stretches = list(mark.stretches)
        if head.token is not None and (head.oldest is None or head.oldest > known_to):
            ended_at = max(known_to, head.oldest or now)
            left = Stretch(started_at=known_to, ended_at=ended_at, brand=self.brand, token=head.token, place=self.name)
            stretches.append(left)
            haul.gaps.append(left.gap(self.platform))
        items = head.items
        if not haul.is_over and purse.thrift == Thrift.NONE:
            older, stretches = self._fill(stretches, purse, haul)
            items = items + older
        # A time in the future would hide everything until then.
        seen = [min(each, now) for each in (mark.newest, head.newest) if each is not None]
        return items, Mark(newest=max(seen, default=None), stretches=tuple(stretches[-_MOST_STRETCHES:]))

    def _fill(self, stretches: list[Stretch], purse: Purse, haul: Haul) -> tuple[list[Item], list[Stretch]]:
        items: list[Item] = []
        left: list[Stretch] = []
        pages = _FILLING_PAGES
        for stretch in stretches:
            run = None
            if pages > 0 and not haul.is_over:
                run = self._run(stretch.started_at, stretch.token, purse, haul, pages)
            if run is None or run.pages == 0:
                left.append(stretch)
                continue
            pages -= run.pages
            items += run.items
            if run.token is None:
                haul.filled.append(stretch.gap(self.platform))
            else:
                left.append(stretch.model_copy(update={"token": run.token}))
        return items, left

    def _run(
        self, since: datetime, token: str | None, purse: Purse, haul: Haul, most_pages: int | None = None
    ) -> "_Run[Item]":
        run: _Run[Item] = _Run(token=token)
        most = 1 if purse.thrift >= Thrift.SAMPLED else most_pages
        while not purse.is_empty and (most is None or run.pages < most):
            try:
                page = self.fetch(since, run.token)
            except CollectError as error:
                haul.error = error
                break
            run.pages += 1
            run.items += page.items
            run.token = page.next_token
            run.newest = max(filter(None, (run.newest, page.newest)), default=None)
            run.oldest = min(filter(None, (run.oldest, page.oldest)), default=None)
            haul.skipped += page.skipped
            if page.next_token is None:
                break
        return run


@dataclass(slots=True, kw_only=True)
class _Run(Generic[Item]):
    """How far some pages in a row came. token: where it goes on, None: at the end (or, without a page, not begun)."""

    token: str | None
    pages: int = 0
    items: list[Item] = field(default_factory=list)
    newest: datetime | None = None
    oldest: datetime | None = None
