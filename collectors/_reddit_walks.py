"""Walks one listing from its newest item back to where the last poll began, and later fills what a walk left out.

Reddit's `before` loses items, and so do its streams: the newest hundred are asked for at each poll, and `after` leads
deeper until the walk overlaps with the last one by some minutes, in which late items still slip in. A walk that must
stop early leaves a Stretch. Never decides whose mention something is.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from collectors._reddit_client import PLATFORM, BoundsReached, RedditClient
from collectors._reddit_items import Thing, read_listing
from stormcone.collecting import Cursor, Stretch
from stormcone.errors import CollectError
from stormcone.models import Gap, Skip

PAST: Final = timedelta(days=7)  # how far the first walk goes back, and how old an item may be to be handed on again
_OVERLAP: Final = timedelta(minutes=3)  # an item that is listed up to two minutes late is still found a poll later
_PAGE: Final = 100
_DEPTH: Final = 900  # items after which the end of a listing is Reddit's limit of about 1,000, not its beginning
_PAGES: Final = 11  # of one walk: the depth of any listing


class ThreadState(BaseModel):
    """How a thread was left: its count of comments, when it was read, and when the count was last seen to change."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    comments: int | None = None
    read_at: datetime
    changed_at: datetime


class FeedState(BaseModel):
    """How a feed was left: what the server wants to hear of the last answer, and its newest item."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    etag: str | None = None
    modified: str | None = None
    newest_at: datetime | None = None


class RedditCursor(Cursor):
    """Where the next poll continues. marks: place -> time of its newest item at the end of the last walk."""

    marks: dict[str, datetime] = Field(default_factory=dict)
    threads: dict[str, ThreadState] = Field(default_factory=dict)
    stretches: tuple[Stretch, ...] = ()
    feeds: dict[str, FeedState] = Field(default_factory=dict)
    feed_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A listing that is polled. place: its name in messages and cursor. brand: whose alone it is, None: of several."""

    place: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    brand: str | None = None
    remedy: str = ""  # what a person can do where it is closed to us


@dataclass(slots=True, kw_only=True)
class Walk:
    """What a walk brought. reached: the mark of the next one. left: what it did not get to. lost: what nobody can."""

    things: list[Thing] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    left: Stretch | None = None
    lost: Gap | None = None
    filled: Gap | None = None
    stopped_by: Exception | None = None


def walk(client: RedditClient, listing: Listing, *, since: datetime | None, now: datetime, pages: int = _PAGES) -> Walk:
    """Read a listing from its newest item until `since` is passed by the overlap.

    Args: since: the mark of the last walk, None: a first one, which takes the newest page and goes on for a week.
        pages: most pages; what lies deeper is left.
    Raises: whatever kept the very first page from being read, as `RedditClient.get`.
    """
    floor = now - PAST if since is None else since - _OVERLAP
    return _follow(client, listing, floor=floor, pages=pages, is_first=since is None, stretch=None)


def fill(client: RedditClient, listing: Listing, stretch: Stretch, *, pages: int) -> Walk:
    """Go on where an earlier walk stopped. Raises: as `walk`."""
    return _follow(client, listing, floor=stretch.started_at, pages=pages, is_first=False, stretch=stretch)


def _follow(
    client: RedditClient, listing: Listing, *, floor: datetime, pages: int, is_first: bool, stretch: Stretch | None
) -> Walk:
    found = Walk()
    token, depth = _read_token(stretch)
    reached: datetime | None = stretch.ended_at if stretch else None
    for number in range(pages):
        try:
            answer = client.get(
                listing.path, **dict(listing.params), limit=_PAGE, **({"after": token} if token else {})
            )
            page = read_listing(answer, listing.place)
        except (BoundsReached, CollectError) as error:
            if number == 0:
                raise
            found.stopped_by = error
            break
        found.things.extend(page.things)
        found.skipped.extend(page.skipped)
        depth += len(page.things) + len(page.skipped)
        if page.things:
            reached = page.things[-1].posted_at  # not the oldest: a late item may stand among newer ones
        if reached is not None and reached <= floor:
            return _finish(found, stretch)
        if page.after is None:
            # Below the depth of any listing lies what nobody can list any more; a first walk promises none of it.
            if depth >= _DEPTH and reached is not None and not is_first:
                found.lost = Gap(platform=PLATFORM, brand=listing.brand, started_at=floor, ended_at=reached)
            return _finish(found, stretch)
        token = page.after
    kept = stretch or Stretch(started_at=floor, ended_at=reached or floor, brand=listing.brand, place=listing.place)
    found.left = kept.model_copy(update={"token": f"{token} {depth}"})
    return found


def _finish(found: Walk, stretch: Stretch | None) -> Walk:
    found.filled = stretch.gap(PLATFORM) if stretch else None
    return found


def _read_token(stretch: Stretch | None) -> tuple[str | None, int]:
    token, _, depth = ((stretch.token if stretch else None) or "").partition(" ")
    return token or None, int(depth) if depth.isdecimal() else 0
