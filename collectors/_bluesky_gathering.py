"""What one poll of Bluesky gathers: posts in, mentions, own posts, counts and deletions out, each once.

Below the Bluesky collector. Decides whom a post is about: by its words and hashtags, by whom it mentions, quotes or
answers. Authors are known by id until the end, when their names are filled in. Never fetches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from collectors._bluesky_items import PLATFORM, BadPostError, Post, Profile, did_of, read_view
from stormcone.collecting import WATCHED_DAYS, Matcher, one_line
from stormcone.models import Check, Deletion, Engagement, Mention, Skip
from stormcone.ports import StoredPost

_MOST_SKIPS: Final = 20  # named in one batch; a broken server would fill the log


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose account it is. handle: as the settings spell it."""

    brand: str
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A post that is about a brand. root_uri: the thread it belongs to. account: the own account concerned."""

    post: Post
    brand: str
    root_uri: str | None
    account: str | None
    is_own: bool


class Gathering:
    """Takes posts from all walks of one poll and from Jetstream."""

    def __init__(
        self, owners: Mapping[str, Owner], matcher: Matcher, *, own_posts: Iterable[StoredPost], now: datetime
    ) -> None:
        self._owners = owners
        self._matcher = matcher
        self._now = now
        self._found: dict[tuple[str, str], _Found] = {}
        self._engagements: dict[str, Engagement] = {}
        self._checks: dict[tuple[str, str], Check] = {}
        self._deletions: dict[tuple[str, str], Deletion] = {}
        self._skips: dict[str, Skip] = {}
        self.own_posts = {post.id: post for post in own_posts}
        self.replies: dict[str, int | None] = {}
        self.seen_uris: set[str] = set()

    def take_views(self, raws: Iterable[Any], place: str, *, root: StoredPost | None = None) -> None:
        """Take posts as the API shows them. Args: root: the post whose thread it is."""
        for raw in raws:
            try:
                self.take(read_view(raw), root=root)
            except BadPostError as error:
                self.skip(place, str(error))

    def take(self, post: Post, *, root: StoredPost | None = None) -> None:
        """Take one post if it is about a brand."""
        owner = self._owners.get(post.did)
        about = self._about(post, root)
        if post.counts.replies is not None:
            self.seen_uris.add(post.uri)
            self.replies[post.uri] = post.counts.replies
        if owner is not None:
            about.pop(owner.brand, None)
            self._add_own(post, owner)
        for brand, (root_uri, account) in about.items():
            found = _Found(post=post, brand=brand, root_uri=root_uri, account=account, is_own=False)
            self._found.setdefault((post.uri, brand), found)

    def skip(self, place: str, reason: str) -> None:
        """Name what could not be read."""
        self._skips.setdefault(reason, Skip(place=place, reason=one_line(reason)))

    def look_up(self, post: StoredPost, raw: object | None) -> None:
        """Note that a stored post was looked up. Args: raw: what was found, None: it is gone."""
        self._checks[post.id, post.brand] = Check(
            platform=PLATFORM, id=post.id, brand=post.brand, seen_at=self._now, is_there=raw is not None
        )
        if raw is None or not post.is_own_post:
            return
        try:
            self._count(read_view(raw), post.brand)
        except BadPostError as error:
            self.skip("a lookup", str(error))

    def delete(self, uris: Iterable[str], brand: str) -> None:
        """Note posts that their authors deleted. The store knows which are ours, and of which brands.

        Args: brand: any; a deletion must name one.
        """
        for uri in uris:
            self._deletions[uri, brand] = Deletion(
                platform=PLATFORM, id=uri, brand=brand, seen_at=self._now, is_of_anybody=True
            )

    def strangers(self) -> list[str]:
        """Return the ids of the authors of all mentions, each once."""
        return list(dict.fromkeys(found.post.did for found in self._found.values() if not found.is_own))

    def mentions(self, profiles: Mapping[str, Profile]) -> tuple[Mention, ...]:
        """Return own posts and mentions in the order they were seen; an author without a profile stays an id."""
        return tuple(self._mention(found, profiles.get(found.post.did)) for found in self._found.values())

    @property
    def size(self) -> int:
        """How many mentions and own posts there are."""
        return len(self._found)

    @property
    def engagements(self) -> tuple[Engagement, ...]:
        """Counts of own posts."""
        return tuple(self._engagements.values())

    @property
    def checks(self) -> tuple[Check, ...]:
        """Stored posts that were looked up."""
        return tuple(self._checks.values())

    @property
    def deletions(self) -> tuple[Deletion, ...]:
        """Posts that are gone for certain."""
        return tuple(self._deletions.values())

    @property
    def skipped(self) -> tuple[Skip, ...]:
        """What could not be read, the first few."""
        return tuple(self._skips.values())[:_MOST_SKIPS]

    def _about(self, post: Post, root: StoredPost | None) -> dict[str, tuple[str | None, str | None]]:
        """Return the brands a post is about, each with the thread it belongs to and the account concerned."""
        about: dict[str, tuple[str | None, str | None]] = {}
        if root is not None and post.uri != root.id:
            about[root.brand] = (root.id, root.account)
        # The own post that is answered makes the thread; what is only named or quoted makes none.
        for uri, makes_thread in ((post.root_uri, True), (post.parent_uri, True), (post.quoted_uri, False)):
            owner = self._owners.get(did_of(uri) or "")
            if owner is not None:
                about.setdefault(owner.brand, (uri if makes_thread else post.root_uri, owner.handle))
        for did in post.mentioned_dids:
            owner = self._owners.get(did)
            if owner is not None:
                about.setdefault(owner.brand, (post.root_uri, owner.handle))
        for brand in self._matcher.brands_in(post.text, post.hashtags):
            about.setdefault(brand, (post.root_uri, None))
        return about

    def _add_own(self, post: Post, owner: Owner) -> None:
        found = _Found(post=post, brand=owner.brand, root_uri=post.root_uri, account=owner.handle, is_own=True)
        self._found.setdefault((post.uri, owner.brand), found)
        counted = post.counts.replies is not None  # Jetstream counts nothing
        if counted:
            self._count(post, owner.brand)
        if post.uri not in self.own_posts and self._now - post.posted_at < timedelta(days=WATCHED_DAYS):
            self.own_posts[post.uri] = StoredPost(
                id=post.uri, brand=owner.brand, posted_at=post.posted_at, is_own_post=True, account=owner.handle
            )

    def _count(self, post: Post, brand: str) -> None:
        self.seen_uris.add(post.uri)
        self.replies[post.uri] = post.counts.replies
        self._engagements[post.uri] = Engagement(
            platform=PLATFORM,
            post_id=post.uri,
            brand=brand,
            seen_at=max(self._now, post.posted_at),
            likes=post.counts.likes,
            reposts=post.counts.reposts,
            replies=post.counts.replies,
            quotes=post.counts.quotes,
        )

    def _mention(self, found: _Found, profile: Profile | None) -> Mention:
        post = found.post
        name = found.account if found.is_own else profile.handle if profile else None
        return Mention(
            platform=PLATFORM,
            id=post.uri,
            brand=found.brand,
            posted_at=post.posted_at,
            seen_at=max(self._now, post.posted_at),
            text=post.text,
            author=name or post.did,
            is_own_post=found.is_own,
            parent_id=post.parent_uri,
            root_id=found.root_uri,
            likes=post.counts.likes,
            reposts=post.counts.reposts,
            replies=post.counts.replies,
            quotes=post.counts.quotes,
            author_followers=profile.followers if profile else None,
            author_created_at=profile.created_at if profile else None,
            lang=post.lang,
            url=post.url,
            account=found.account,
        )
