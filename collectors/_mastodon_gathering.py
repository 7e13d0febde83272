"""What one poll of Mastodon gathers: statuses in, mentions, own posts, counts and edits out, each once.

Below the Mastodon collector. Decides whom a status is about: by its words and hashtags, by whom it mentions, by what it
answers. Never fetches.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from collectors._mastodon_items import PLATFORM, BadStatusError, Status, read_status
from stormcone.collecting import WATCHED_DAYS, Matcher, one_line
from stormcone.models import Check, Edit, Engagement, Mention, Skip
from stormcone.ports import StoredPost, WatchedBrand

_MOST_SKIPS: Final = 20  # named in one batch; a broken server would fill the log


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose account it is. handle: as the settings spell it."""

    brand: str
    handle: str


class People:
    """Which accounts are a brand's own, as the instance spells them."""

    def __init__(self, brands: Sequence[WatchedBrand], base_url: str) -> None:
        self._owners: dict[str, Owner] = {}
        host = (urlsplit(base_url).hostname or "").lower()
        for brand in brands:
            for handle in brand.handles:
                owner = Owner(brand=brand.name, handle=handle)
                self.learn(handle, owner)
                name, _, home = handle.lower().partition("@")
                if home == host:
                    self.learn(name, owner)

    def learn(self, acct: str, owner: Owner) -> None:
        """Note how the instance spells an account."""
        self._owners[acct.lower()] = owner

    def owner(self, acct: str) -> Owner | None:
        """Return whose account it is, None: a stranger's."""
        return self._owners.get(acct.lower())


class Gathering:
    """Takes statuses from all walks of one poll."""

    def __init__(self, people: People, matcher: Matcher, *, own_posts: Iterable[StoredPost], now: datetime) -> None:
        self._people = people
        self._matcher = matcher
        self._now = now
        self._mentions: dict[tuple[str, str], Mention] = {}
        self._edits: dict[tuple[str, str], Edit] = {}
        self._engagements: dict[str, Engagement] = {}
        self._checks: dict[tuple[str, str], Check] = {}
        self._skips: dict[str, Skip] = {}
        self.own_posts = {post.id: post for post in own_posts}
        self.replies: dict[str, int | None] = {}
        self.seen_ids: set[str] = set()

    def take(
        self, raws: Iterable[Any], place: str, *, brands: Sequence[str] = (), root: StoredPost | None = None
    ) -> None:
        """Take statuses. Args: brands: those they are about whatever they say. root: the post whose thread it is."""
        for raw in raws:
            try:
                status = read_status(raw)
            except BadStatusError as error:
                self._skips.setdefault(str(error), Skip(place=place, reason=one_line(str(error))))
                continue
            if status.is_public:
                self._sort(status, brands, root)

    def look_up(self, post: StoredPost, raw: object | None) -> None:
        """Note that a stored post was looked up. Args: raw: what was found, None: it is gone."""
        self._checks[post.id, post.brand] = Check(
            platform=PLATFORM, id=post.id, brand=post.brand, seen_at=self._now, is_there=raw is not None
        )
        if raw is None:
            return
        try:
            status = read_status(raw)
        except BadStatusError as error:
            self._skips.setdefault(str(error), Skip(place="a lookup", reason=one_line(str(error))))
            return
        self._note_edit(status, post.brand)
        if post.is_own_post:
            self._count(status, post.brand)

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Own posts and mentions, in the order they were seen."""
        return tuple(self._mentions.values())

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Statuses that say something else than at first."""
        return tuple(self._edits.values())

    @property
    def engagements(self) -> tuple[Engagement, ...]:
        """Counts of own posts."""
        return tuple(self._engagements.values())

    @property
    def checks(self) -> tuple[Check, ...]:
        """Stored posts that were looked up."""
        return tuple(self._checks.values())

    @property
    def skipped(self) -> tuple[Skip, ...]:
        """What could not be read, the first few."""
        return tuple(self._skips.values())[:_MOST_SKIPS]

    def _sort(self, status: Status, brands: Sequence[str], root: StoredPost | None) -> None:
        self.seen_ids.add(status.id)
        self.replies[status.id] = status.replies
        owner = self._people.owner(status.acct)
        about = self._about(status, brands, root)
        if owner is not None:
            self._add_own(status, owner)
            about = {name: post for name, post in about.items() if name != owner.brand}
        for name, answered in about.items():
            account = answered.account if answered else self._mentioned_account(status, name)
            root_id = answered.id if answered else None
            mention = status.mention(brand=name, now=self._now, root_id=root_id, account=account, is_own=False)
            self._mentions.setdefault((status.id, name), mention)
            self._note_edit(status, name)

    def _about(self, status: Status, brands: Sequence[str], root: StoredPost | None) -> dict[str, StoredPost | None]:
        """Return the brands a status is about, each with the own post (or hot thread) it answers."""
        about: dict[str, StoredPost | None] = dict.fromkeys(brands)
        about |= dict.fromkeys(self._matcher.brands_in(status.text, status.hashtags))
        about |= dict.fromkeys(owner.brand for acct in status.mentioned if (owner := self._people.owner(acct)))
        answered = root or self.own_posts.get(status.parent_id or "")
        if answered is not None and status.id != answered.id:
            about[answered.brand] = answered
        return about

    def _mentioned_account(self, status: Status, brand: str) -> str | None:
        owners = (self._people.owner(acct) for acct in status.mentioned)
        return next((owner.handle for owner in owners if owner and owner.brand == brand), None)

    def _add_own(self, status: Status, owner: Owner) -> None:
        mention = status.mention(brand=owner.brand, now=self._now, root_id=None, account=owner.handle, is_own=True)
        self._mentions.setdefault((status.id, owner.brand), mention)
        self._note_edit(status, owner.brand)
        self._count(status, owner.brand)
        if self._now - status.posted_at < timedelta(days=WATCHED_DAYS):
            fresh = StoredPost(
                id=status.id, brand=owner.brand, posted_at=status.posted_at, is_own_post=True, account=owner.handle
            )
            stored = self.own_posts.get(status.id, fresh)
            self.own_posts[status.id] = replace(stored, counted_at=self._now)

    def _count(self, status: Status, brand: str) -> None:
        self.seen_ids.add(status.id)
        self.replies[status.id] = status.replies
        self._engagements[status.id] = Engagement(
            platform=PLATFORM,
            post_id=status.id,
            brand=brand,
            seen_at=max(self._now, status.posted_at),
            likes=status.likes,
            reposts=status.reposts,
            replies=status.replies,
            quotes=status.quotes,
        )

    def _note_edit(self, status: Status, brand: str) -> None:
        if status.edited_at is not None:
            self._edits[status.id, brand] = Edit(
                platform=PLATFORM, id=status.id, brand=brand, edited_at=status.edited_at, text=status.text
            )


def status_in(notification: object) -> list[Any]:
    """Return the status of a notification, as a list of one or none."""
    found = notification.get("status") if isinstance(notification, Mapping) else None
    return [found] if found is not None else []
