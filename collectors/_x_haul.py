"""What a poll of X brings home: posts become mentions, own posts, engagements, edits and checks.

Third stage of collectors/x.py. Says which brands a post concerns; never asks X anything, never judges a text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from collectors._x_cursor import Thread
from collectors._x_ids import instant_of
from collectors._x_items import PLATFORM, Counts, Page, Post
from stormcone.collecting import Matcher
from stormcone.models import Check, Edit, Engagement, Like, Mention, Skip, Volume
from stormcone.ports import Role, WatchedBrand

_MOST_SKIPS: Final = 100  # of one poll; a changed schema would name each post


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A watched account. id: "" until X told it."""

    brand: str
    handle: str
    role: Role
    id: str = ""

    @property
    def key(self) -> str:
        """The handle as cursor and places spell it."""
        return self.handle.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Why a post was fetched. brand: that asked, None: its thread or words say. account: the handle concerned."""

    brand: str | None = None
    account: str | None = None


class Haul:
    """Gathers what the pages of one poll hold, each thing once."""

    def __init__(
        self, *, brands: tuple[WatchedBrand, ...], threads: dict[str, Thread], now: datetime, oldest_answer: int = 0
    ) -> None:
        """oldest_answer: id from which on the answers to own posts are wanted."""
        self.threads = threads  # root id -> thread; grows with each own post that begins one
        self.mentions: dict[tuple[str, str], Mention] = {}
        self.engagements: dict[tuple[str, str], Engagement] = {}
        self.checks: dict[tuple[str, str], Check] = {}
        self.edits: dict[tuple[str, str], Edit] = {}
        self.likes: list[Like] = []
        self.volumes: list[Volume] = []
        self.skipped: list[Skip] = []
        self._matcher, self._now, self._oldest_answer = Matcher(brands), now, oldest_answer
        self._own: dict[str, tuple[Account, ...]] = {}
        self._root_of_version = {each: root for root, thread in threads.items() for each in thread.versions}

    def know(self, accounts: Iterable[Account]) -> None:
        """Learn whose ids are a brand's own."""
        for account in accounts:
            self._own[account.id] = (*self._own.get(account.id, ()), account)

    def skip(self, skips: Iterable[Skip]) -> None:
        """Keep what could not be read, up to a bound."""
        self.skipped.extend(list(skips)[: _MOST_SKIPS - len(self.skipped)])

    def keep(self, page: Page, origin: Origin) -> None:
        """Keep the posts of a page."""
        self.skip(page.skipped)
        for post in page.posts:
            if post.author_id in self._own:
                for account in self._own[post.author_id]:
                    self._keep_own(post, account)
            self._keep_public(post, origin)

    def found(self, post: Post, brand: str, *, is_own: bool) -> None:
        """Keep what a look-up says of a stored post that is still there."""
        self._check(post.id, brand, is_there=True)
        if is_own:
            self._count(post, brand)
        elif post.is_edited:
            self._edit(post, brand)

    def confirm(self, post_id: str, brand: str) -> None:
        """Keep that a stored post is still there, as a timeline has just shown."""
        self._check(post_id, brand, is_there=True)

    def missed(self, post_id: str, brand: str) -> None:
        """Keep that a look-up did not find a stored post."""
        self._check(post_id, brand, is_there=False)

    def _keep_own(self, post: Post, account: Account) -> None:
        url = f"https://x.com/{account.handle}/status/{post.id}"
        self._mention(post, account.brand, account=account.handle, own_url=url)
        begun = Thread(
            brand=account.brand,
            account=account.handle,
            posted_at=post.posted_at,
            mark=max(int(post.id), self._oldest_answer),
            versions=post.versions,
        )
        is_root = post.conversation_id in {None, *post.versions} and post.replied_to is None and not post.is_repost
        if is_root and begun.is_watched(self._now):
            self.threads.setdefault(post.id, begun)
        self._count(post, account.brand)

    def _keep_public(self, post: Post, origin: Origin) -> None:
        """Keep a post once for each brand it concerns; a brand does not mention itself."""
        brands: dict[str, str | None] = {}
        if origin.brand is not None:
            brands[origin.brand] = origin.account
        if (thread := self.threads.get(self._root(post) or "")) is not None:
            brands[thread.brand] = thread.account
        for brand in self._matcher.brands_in(post.text):
            brands.setdefault(brand, None)
        for own in self._own.get(post.author_id, ()):
            brands.pop(own.brand, None)
        for brand, account in brands.items():
            self._mention(post, brand, account=account)

    def _root(self, post: Post) -> str | None:
        """Return the root of the thread a post belongs to; a quote belongs to the thread of the own post it shows."""
        if post.quoted in self._root_of_version:
            return self._root_of_version[post.quoted]
        if post.quoted in self.threads:
            return post.quoted
        return None if post.conversation_id == post.id else post.conversation_id

    def _mention(self, post: Post, brand: str, *, account: str | None, own_url: str | None = None) -> None:
        parent, author = post.replied_to or post.quoted, post.author
        if account is None and (known := self.mentions.get((post.id, brand))) is not None:
            account = known.account
        stranger = author.username if author else post.author_id
        self.mentions[post.id, brand] = Mention(
            platform=PLATFORM,
            id=post.id,
            brand=brand,
            posted_at=post.posted_at,
            seen_at=max(self._now, post.posted_at),
            text=post.text,
            author=stranger if own_url is None else account,
            is_own_post=own_url is not None,
            parent_id=self._root_of_version.get(parent or "", parent),
            root_id=self._root(post),
            likes=post.counts.likes,
            reposts=post.counts.reposts,
            replies=post.counts.replies,
            quotes=post.counts.quotes,
            author_followers=author.followers if author else None,
            author_created_at=author.created_at if author else None,
            lang=post.lang,
            url=own_url or f"https://x.com/i/web/status/{post.id}",
            account=account,
        )
        if post.is_edited:
            self._edit(post, brand)

    def _count(self, post: Post, brand: str) -> None:
        counts = post.counts
        if counts == Counts():
            return
        self.engagements[post.id, brand] = Engagement(
            platform=PLATFORM,
            post_id=post.id,
            brand=brand,
            seen_at=max(self._now, post.posted_at),
            likes=counts.likes,
            reposts=counts.reposts,
            replies=counts.replies,
            quotes=counts.quotes,
        )
        if (thread := self.threads.get(post.id)) is not None:
            answers = None if counts.replies is None else counts.replies + (counts.quotes or 0)
            self.threads[post.id] = thread.seen(answers=answers, versions=post.versions, now=self._now)
            self._root_of_version |= dict.fromkeys(post.versions, post.id)

    def _edit(self, post: Post, brand: str) -> None:
        at = instant_of(post.number)
        self.edits[post.id, brand] = Edit(platform=PLATFORM, id=post.id, brand=brand, edited_at=at, text=post.text)

    def _check(self, post_id: str, brand: str, *, is_there: bool) -> None:
        self.checks[post_id, brand] = Check(
            platform=PLATFORM, id=post_id, brand=brand, seen_at=self._now, is_there=is_there
        )


def accounts_of(brands: Iterable[WatchedBrand], ids: Mapping[str, str]) -> tuple[Account, ...]:
    """Return the accounts of all brands whose id is known. ids: lower-case handle -> id."""
    return tuple(
        Account(brand=brand.name, handle=account.handle, role=account.role, id=ids[account.handle.lower()])
        for brand in brands
        for account in brand.accounts
        if account.handle.lower() in ids
    )
