"""How Bluesky's lists are read: newest first, down to what was read before, the rest of a long way later.

Below the Bluesky collector. Marks are times, some minutes of each walk are read twice for posts that are indexed late.
Never looks into a post but for its time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from pydantic import Field

from collectors._bluesky_items import PLATFORM, instant
from stormcone.collecting import Cursor, Stretch
from stormcone.collecting.effort import Effort
from stormcone.collecting.threads import ThreadMark
from stormcone.models import Gap

OVERLAP: Final = timedelta(seconds=180)
_BACKFILL_PAGES: Final = 5

Page = tuple[list[Any], str | None]


class BlueskyCursor(Cursor):
    """Newest time by walk, stretches left out, when which thread was read, and Jetstream's microseconds.

    likes: likewise, up to which the likes of own accounts were read.
    """

    walks: dict[str, datetime] = Field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    threads: dict[str, ThreadMark] = Field(default_factory=dict)
    jetstream: int | None = None
    is_stream_behind: bool = False
    likes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One list: its name in the cursor, how a page is fetched, who takes what was fetched."""

    name: str
    fetch: Callable[[str | None], Page]
    take: Callable[[list[Any]], None]


class Walker:
    """Reads the lists of one poll."""

    def __init__(self, before: BlueskyCursor, effort: Effort, *, now: datetime, horizon: datetime, pages: int) -> None:
        self._before, self._effort, self._now, self._horizon, self._pages = before, effort, now, horizon, pages
        self.marks = dict(before.walks)
        self.stretches: list[Stretch] = []
        self.gaps: list[Gap] = []
        self.filled: list[Gap] = []

    def read(self, walk: Walk) -> datetime | None:
        """Read a list from its top. Returns: the oldest time it would show, None where it was not read to its mark."""
        mark = self._before.walks.get(walk.name)
        until = max(self._horizon, mark - OVERLAP) if mark else self._horizon
        way = self._down(walk, until, cursor=None, pages=self._pages)
        if way is None:
            return None
        self.marks[walk.name] = max(filter(None, (mark, way.newest)), default=self._now - OVERLAP)
        if way.is_complete:
            return self._horizon if way.has_all or way.oldest is None else way.oldest
        left = Stretch(started_at=until, ended_at=max(until, way.oldest or self._now), token=way.token, place=walk.name)
        self.stretches.append(left)
        self.gaps.append(left.gap(PLATFORM))
        return None

    def fill(self, walks: Mapping[str, Walk], *, may_drop: bool) -> None:
        """Go on where earlier walks stopped. Args: may_drop: a list that is missing in `walks` is watched no more."""
        for left in self._before.stretches:
            walk = walks.get(left.place)
            if walk is None and may_drop:
                self.filled.append(left.gap(PLATFORM))
                continue
            pages = min(self._pages, _BACKFILL_PAGES)
            way = self._down(walk, left.started_at, cursor=left.token, pages=pages) if walk else None
            if way is None:
                self.stretches.append(left)
            elif way.is_complete:
                self.filled.append(left.gap(PLATFORM))
            else:
                self.stretches.append(left.model_copy(update={"token": way.token}))

    def _down(self, walk: Walk, until: datetime, *, cursor: str | None, pages: int) -> "_Way | None":
        """Walk down to `until`. Returns: None where not even one page came."""
        newest: datetime | None = None
        oldest: datetime | None = None
        token = cursor
        for number in range(pages):
            page = self._effort.ask(partial(walk.fetch, token))
            if page is None:
                return _Way(is_complete=False, newest=newest, oldest=oldest, token=token) if number else None
            raws, following = page
            walk.take(raws)
            times = [at for raw in raws if (at := listed_at(raw)) is not None]
            newest = max(filter(None, (newest, *times)), default=None)
            oldest = times[-1] if times else oldest
            # One backdated post amid the others must not end the walk: the last of the page decides.
            has_all = not raws or following is None or following == token
            if has_all or (times and times[-1] < until):
                return _Way(is_complete=True, has_all=has_all, newest=newest, oldest=oldest, token=None)
            token = following
        return _Way(is_complete=False, newest=newest, oldest=oldest, token=token)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    is_complete: bool
    has_all: bool = False
    newest: datetime | None
    oldest: datetime | None
    token: str | None


def listed_at(raw: object) -> datetime | None:
    """Return the time by which a list is sorted: when it was indexed, or when it was written if that is earlier."""
    view = raw.get("post", raw) if isinstance(raw, Mapping) else None
    if not isinstance(view, Mapping):
        return None
    record = view.get("record")
    written_at = instant(record.get("createdAt")) if isinstance(record, Mapping) else None
    return min(filter(None, (instant(view.get("indexedAt")), written_at)), default=None)
