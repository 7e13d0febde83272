"""Posts that are stored already: their figures, whether they are still there, and what the accounts like.

Steps of collectors/x.py that ask by id. A post is missed only where X says by name that it is gone; an answer that
failed or is empty says nothing about any post.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from collectors._x_client import PAGE_SIZE
from collectors._x_haul import Account
from collectors._x_items import PLATFORM, Page, Post
from collectors._x_visit import Visit
from stormcone.collecting import WATCHED_DAYS, due_posts
from stormcone.errors import Refused
from stormcone.models import Like
from stormcone.ports import Role, StoredPost

_FORBIDDEN: Final = 403
_MOST_LOOKUPS: Final = 10  # requests for own posts in one poll
_LIKES_READ: Final = 20  # of an account at one look; each costs as much as any post, once a day
_LIKES_REMEMBERED: Final = 200
_NEW_LIKE: Final = timedelta(days=1)  # at the first look, a post so young cannot have been liked earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Stored posts by id; a post that concerns two brands is stored twice."""

    brands: dict[str, list[str]]

    @classmethod
    def of(cls, posts: Iterable[StoredPost]) -> "_Asked":
        brands: dict[str, list[str]] = {}
        for post in posts:
            if post.id.isascii() and post.id.isdigit():
                brands.setdefault(post.id, []).append(post.brand)
        return cls(brands=brands)


class Lookups:
    """Asks after stored posts in one poll."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit

    def own_posts(self) -> None:
        """Read the figures of own posts again: of the newest hundred at each poll, of older ones by their ladder.

        Raises: CollectError, EnoughError: as the gateway and the meter do.
        """
        now = self._visit.terms.now
        stored = self._visit.terms.archive.own_posts(since=now - timedelta(days=WATCHED_DAYS))
        due = [*stored[:PAGE_SIZE], *due_posts(stored[PAGE_SIZE:], now)]
        unseen = []
        for post in due:
            if (post.id, post.brand) in self._visit.haul.engagements:
                self._visit.haul.confirm(post.id, post.brand)
            else:
                unseen.append(post)
        asked = _Asked.of(unseen)
        for chunk in _chunks(list(asked.brands))[:_MOST_LOOKUPS]:
            self._take(self._page(chunk, "figures of own posts"), asked, chunk, is_own=True)

    def others(self, *, every: timedelta, most_billed: int) -> None:
        """Look whether stored posts of others are still there, and what they say now.

        Args: every: how often each. most_billed: look-ups a UTC day that X may bill; a post read today costs nothing.
        Raises: CollectError, EnoughError: as the gateway and the meter do.
        """
        visit, now = self._visit, self._visit.terms.now
        day = now.date().isoformat()
        spent = visit.old.checks_billed if visit.old.checked_day == day else 0
        due = visit.terms.archive.due_for_check(checked_before=now - every, limit=PAGE_SIZE)
        asked = _Asked.of(due)
        chunk: list[str] = []
        for post_id in asked.brands:
            if visit.meter.is_paid(post_id) or spent < most_billed:
                spent += not visit.meter.is_paid(post_id)
                chunk.append(post_id)
        if not chunk:
            return
        page = self._page(chunk[:PAGE_SIZE], "look-up of stored posts")
        visit.changes |= {"checked_day": day, "checks_billed": spent}
        self._take(page, asked, chunk, is_own=False)
        later = {post.versions[-1] for post in page.posts if int(post.versions[-1]) > post.number}
        if later:
            versions = self._page(sorted(later), "newest versions of stored posts")
            self._take(versions, asked, [], is_own=False)

    def likes(self, accounts: Sequence[Account]) -> None:
        """Read what official and executive accounts liked since the last look."""
        liked = dict(self._visit.old.liked)
        for account in accounts:
            if account.role is not Role.SUPPORT:
                self._visit.step("likes", partial(self._liked_by, account, liked))
        self._visit.changes |= {"liked": liked, "liked_at": self._visit.terms.now}

    def _liked_by(self, account: Account, liked: dict[str, tuple[str, ...]]) -> None:
        visit, place = self._visit, f"likes of @{account.handle}"
        try:
            page = visit.pay(visit.ask("likes", lambda: visit.gateway.liked(account.id, _LIKES_READ, place)))
        except Refused as error:
            if visit.gateway.last_status != _FORBIDDEN:
                raise
            remedy = "set collectors.x.likes_seconds = 0, or use the access token of a user instead of an app's"
            raise Refused(PLATFORM, f"{place}: 403, X shows likes to users only", remedy=remedy) from error
        visit.haul.skip(page.skipped)
        known = liked.get(account.key)
        new = [post for post in page.posts if self._is_new(post, known)]
        visit.haul.likes += [
            Like(
                platform=PLATFORM,
                id=post.id,
                brand=account.brand,
                liked_at=visit.terms.now,
                text=post.text,
                account=account.handle,
            )
            for post in new
        ]
        seen = [post.id for post in page.posts]
        liked[account.key] = tuple(dict.fromkeys([*seen, *(known or ())]))[:_LIKES_REMEMBERED]

    def _is_new(self, post: Post, known: tuple[str, ...] | None) -> bool:
        """X does not say when a post was liked; what was there at the first look is news only if it is young."""
        return post.id not in known if known is not None else self._visit.terms.now - post.posted_at < _NEW_LIKE

    def _page(self, ids: Sequence[str], place: str) -> Page:
        visit = self._visit
        return visit.pay(visit.ask("look-ups", lambda: visit.gateway.lookup(ids, place)))

    def _take(self, page: Page, asked: _Asked, chunk: Sequence[str], *, is_own: bool) -> None:
        haul = self._visit.haul
        haul.skip(page.skipped)
        for post in page.posts:
            for brand in asked.brands.get(post.id, ()):
                haul.found(post, brand, is_own=is_own)
        for post_id in set(page.missing).intersection(chunk):
            for brand in asked.brands[post_id]:
                haul.missed(post_id, brand)


def _chunks(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + PAGE_SIZE] for start in range(0, len(ids), PAGE_SIZE)]
