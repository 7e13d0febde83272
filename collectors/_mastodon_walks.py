"""How a list that grows at its top is read without losing an entry: marks, walks up from a mark, walks down to one.

Below the Mastodon collector. A walk up pages by min_id, oldest first, so it may stop anywhere and loses nothing; it
starts some minutes before its mark, for entries that are indexed late. A walk down may end early; what it left out is
a stretch. Ids are compared by length, then as text: right for the numbers of Mastodon and the codes of its kin.
Never looks into a status but for its id and its time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from pydantic import BaseModel, ConfigDict, Field

from collectors._mastodon_client import PAGE
from stormcone.collecting import Cursor, Stretch
from stormcone.collecting.effort import Effort, NotThereError
from stormcone.collecting.threads import ThreadMark

OVERLAP: Final = timedelta(seconds=180)  # an entry may be indexed two minutes late, and a poll may be late as well
BOTTOM: Final = "0"  # below every id


class Mark(BaseModel):
    """How far a list was read. low: newest id that was some minutes old then; the next walk begins above it.

    at: everything written until then is known. resume: where a walk up was cut off, None: it reached the top. began_at,
    next_low: of that walk, so that its overlap is counted from its beginning, however many polls it takes.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    low: str
    at: datetime
    resume: str | None = None
    began_at: datetime | None = None
    next_low: str | None = None

    @property
    def is_behind(self) -> bool:
        """True if more was waiting than the last walk could read."""
        return self.resume is not None


class MastodonCursor(Cursor):
    """Marks by walk, stretches left out, and when which thread was read."""

    walks: dict[str, Mark] = Field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    threads: dict[str, ThreadMark] = Field(default_factory=dict)


class Fetch(Protocol):
    """One page of a list."""

    def __call__(self, *, max_id: str | None = None, min_id: str | None = None) -> list[Any]:
        """Return the newest entries below `max_id`, or the oldest above `min_id`; newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One list: its name in the cursor, how a page is fetched, who takes what was fetched."""

    name: str
    fetch: Fetch
    take: Callable[[list[Any]], None]


def walk_up(walk: Walk, mark: Mark, effort: Effort, *, now: datetime, pages: int) -> Mark:
    """Read what is above the mark, some minutes of overlap included, and return the new mark."""
    low, next_low = mark.resume or mark.low, mark.next_low or mark.low
    began_at = mark.began_at or now
    for _ in range(pages):
        page = _page(walk, effort, min_id=low)
        if page is None:
            break
        low = max((low, *_ids(page)), key=order)
        next_low = max((next_low, *_ids_until(page, began_at - OVERLAP)), key=order)
        if len(page) < PAGE:
            return Mark(low=next_low, at=max(mark.at, began_at - OVERLAP))
    return Mark(low=mark.low, at=mark.at, resume=low, began_at=began_at, next_low=next_low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """The end of a walk down. oldest: id seen. low: newest id that is some minutes old, None where none was seen.

    is_complete: it reached its mark. has_all: it even reached the list's end; nothing older is there.
    """

    is_complete: bool
    has_all: bool = False
    is_empty: bool = False
    oldest: str | None = None
    oldest_at: datetime | None = None
    low: str | None = None

    def mark(self, before: Mark | None, now: datetime) -> Mark:
        """Return the mark of the list after this walk. Args: before: the mark it walked down to."""
        low = self.low or (before.low if before and self.is_complete else None)
        return Mark(low=low or (BOTTOM if self.has_all else self.oldest) or BOTTOM, at=now - OVERLAP)


def walk_down(
    walk: Walk,
    effort: Effort,
    *,
    now: datetime,
    until: datetime,
    stop_id: str | None,
    pages: int,
    below: str | None = None,
) -> Descent:
    """Read from the top, or from `below`, down to the entry `stop_id` or to the time `until`."""
    oldest: str | None = None
    low: str | None = None
    oldest_at: datetime | None = None
    for number in range(pages):
        page = _page(walk, effort, max_id=oldest or below)
        if page is None:
            return Descent(
                is_complete=False, is_empty=number == 0, oldest=oldest or below, oldest_at=oldest_at, low=low
            )
        fresh = [raw for raw in page if oldest is None or order(entry_id(raw)) < order(oldest)]
        ids = _ids(fresh)
        oldest = min((*ids, *([oldest] if oldest else [])), key=order, default=None)
        oldest_at = min(filter(None, (oldest_at, *map(entry_time, fresh))), default=None)
        low = max(filter(None, (low, *_ids_until(fresh, now - OVERLAP))), key=order, default=None)
        # A server that gives the same page again, as small ones do, has nothing more.
        has_all = not ids or len(page) < PAGE
        is_past = stop_id is not None and oldest is not None and order(oldest) <= order(stop_id)
        if has_all or is_past or (oldest_at is not None and oldest_at < until):
            return Descent(is_complete=True, has_all=has_all, oldest=oldest, oldest_at=oldest_at, low=low)
    return Descent(is_complete=False, oldest=oldest or below, oldest_at=oldest_at, low=low)


def order(entry: str) -> tuple[int, str]:
    """Return what ids are sorted by.

    >>> sorted(["10", "9", "0"], key=order)
    ['0', '9', '10']
    """
    return len(entry), entry


def entry_id(raw: object) -> str:
    """Return the id of a status or notification, or an empty one."""
    found = raw.get("id") if isinstance(raw, Mapping) else None
    return str(found) if isinstance(found, str | int) else ""


def entry_time(raw: object) -> datetime | None:
    """Return when a status or notification was made, None where it does not say."""
    found = raw.get("created_at") if isinstance(raw, Mapping) else None
    return found.astimezone(UTC) if isinstance(found, datetime) and found.tzinfo is not None else None


def _page(walk: Walk, effort: Effort, *, max_id: str | None = None, min_id: str | None = None) -> list[Any] | None:
    try:
        page = effort.ask(lambda: walk.fetch(max_id=max_id, min_id=min_id))
    except NotThereError:
        return []
    if page is None:
        return None
    walk.take(page)
    return list(page)


def _ids(page: list[Any]) -> list[str]:
    return [found for raw in page if (found := entry_id(raw))]


def _ids_until(page: list[Any], until: datetime) -> list[str]:
    return [entry_id(raw) for raw in page if (at := entry_time(raw)) is not None and at <= until and entry_id(raw)]
