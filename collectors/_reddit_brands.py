"""Whose mention a thing on Reddit is, and the records that are made of it.

A thing by an account of a brand is that brand's own post. A thing of others is a mention of every brand it names; of
the brand whose submission or comment it answers; in a brand's own subreddit of that brand; and in a watched subreddit
that belongs to nobody, where it names no brand, of all of them. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from collectors._reddit_client import PLATFORM
from collectors._reddit_items import Thing
from stormcone.collecting import Matcher
from stormcone.models import Check, Edit, Engagement, Mention
from stormcone.ports import WatchedBrand

NO_THREADS: Final[Mapping[str, frozenset[str]]] = {}


class Attribution:
    """Tells brands apart; built once from the settings.

    >>> brands = [WatchedBrand(name="Acme", keywords=("acme tools",)), WatchedBrand(name="Other", keywords=("other",))]
    >>> whose = Attribution(brands, ["AcmeTools", "tools"])
    >>> whose.owners_of("acmetools"), whose.owners_of("tools"), whose.owners_of("elsewhere")
    (('Acme',), ('Acme', 'Other'), ())
    """

    def __init__(self, brands: Sequence[WatchedBrand], subreddits: Iterable[str]) -> None:
        self._names = tuple(brand.name for brand in brands)
        self._accounts = {
            brand.name: {plain_handle(handle).casefold(): handle for handle in brand.handles} for brand in brands
        }
        self._matcher = Matcher([_with_reddit_names(brand) for brand in brands])
        self._owners = {_squeezed(each): self._brands_called(each, brands) for each in subreddits}

    def owners_of(self, subreddit: str) -> tuple[str, ...]:
        """Return the brands that a watched subreddit is about: its namesake, else all; none where it is not watched."""
        owners = self._owners.get(_squeezed(subreddit))
        return () if owners is None else owners or self._names

    def named_in(self, text: str) -> tuple[str, ...]:
        """Return the brands a text names."""
        return self._matcher.brands_in(text)

    def posted_by(self, author: str | None) -> dict[str, str]:
        """Return brand -> handle as the settings spell it, for each brand whose account wrote it."""
        key = (author or "").casefold()
        return {brand: handles[key] for brand, handles in self._accounts.items() if key in handles}

    def mentioned_in(self, thing: Thing, threads: Mapping[str, frozenset[str]] = NO_THREADS) -> tuple[str, ...]:
        """Return the brands that a thing of somebody else is a mention of, in the order of the settings.

        Args: threads: fullname -> brands whose matter everything below it is.
        """
        found = set(self.named_in(thing.text))
        found |= threads.get(thing.root or "", frozenset()) | threads.get(thing.parent or "", frozenset())
        owners = self._owners.get(_squeezed(thing.subreddit))
        found.update(owners or ())
        if owners is not None and not found:
            found.update(self._names)
        return tuple(name for name in self._names if name in found)

    def _brands_called(self, subreddit: str, brands: Sequence[WatchedBrand]) -> tuple[str, ...]:
        called = _squeezed(subreddit)
        return tuple(
            brand.name
            for brand in brands
            if called in {_squeezed(each) for each in (brand.name, *brand.keywords, *brand.hashtags, *brand.handles)}
        )


class Records:
    """Gathers what one poll saw, each thing once for each brand."""

    def __init__(self, attribution: Attribution, now: datetime) -> None:
        self._whose = attribution
        self._now = now
        self._mentions: dict[tuple[str, str], Mention] = {}
        self._edits: dict[tuple[str, str], Edit] = {}
        self._engagements: dict[tuple[str, str], Engagement] = {}
        self._checks: dict[tuple[str, str], Check] = {}

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Own posts and mentions, in the order they were seen."""
        return tuple(self._mentions.values())

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What says something else than at first."""
        return tuple(self._edits.values())

    @property
    def engagements(self) -> tuple[Engagement, ...]:
        """Counts of own posts."""
        return tuple(self._engagements.values())

    @property
    def checks(self) -> tuple[Check, ...]:
        """Whether things seen again are still there, each once a poll."""
        return tuple(self._checks.values())

    @property
    def own_submissions(self) -> tuple[Mention, ...]:
        """The brand's own submissions among what was seen."""
        return tuple(each for each in self.mentions if each.is_own_post and each.parent_id is None)

    def see(self, thing: Thing, threads: Mapping[str, frozenset[str]] = NO_THREADS) -> None:
        """Take a thing in; one that is gone is noted as a miss for every brand it may have been stored for."""
        if thing.is_gone:
            brands = {*threads.get(thing.root or "", ()), *self._whose.owners_of(thing.subreddit)}
            for brand in sorted(brands):
                self.check(thing.name, brand, is_there=False)
            return
        own = self._whose.posted_by(thing.author)
        others = self._whose.named_in(thing.text) if own else self._whose.mentioned_in(thing, threads)
        for brand, handle in own.items():
            self._add(_mention(thing, brand, self._now, account=handle), thing)
            self.count(thing, brand)
        for brand in others:
            if brand not in own:
                self._add(_mention(thing, brand, self._now), thing)

    def count(self, thing: Thing, brand: str) -> None:
        """Note the counts of an own post."""
        self._engagements[(thing.name, brand)] = Engagement(
            platform=PLATFORM,
            post_id=thing.name,
            brand=brand,
            seen_at=max(self._now, thing.posted_at),
            likes=thing.score,
            replies=thing.comments,
            reposts=thing.crossposts,
        )

    def check(self, name: str, brand: str, *, is_there: bool) -> None:
        """Note that a stored thing was looked up."""
        self._checks[(name, brand)] = Check(
            platform=PLATFORM, id=name, brand=brand, seen_at=self._now, is_there=is_there
        )

    def edited(self, thing: Thing, brand: str) -> None:
        """Note what a thing says now, where Reddit marks it as edited."""
        if thing.edited_at is not None:
            self._edits[(thing.name, brand)] = Edit(
                platform=PLATFORM, id=thing.name, brand=brand, edited_at=thing.edited_at, text=thing.text
            )

    def _add(self, mention: Mention, thing: Thing) -> None:
        self._mentions.setdefault((thing.name, mention.brand), mention)
        self.edited(thing, mention.brand)


def plain_handle(handle: str) -> str:
    """Return a handle without the signs people write before it.

    >>> plain_handle("u/acme"), plain_handle("/u/acme"), plain_handle("@acme")
    ('acme', 'acme', 'acme')
    """
    return handle.strip().lstrip("@/").removeprefix("u/").removeprefix("user/")


def plain_subreddit(name: str) -> str:
    """Return a subreddit's name without the r/ people write before it.

    >>> plain_subreddit("r/acme"), plain_subreddit("/r/acme/")
    ('acme', 'acme')
    """
    return name.strip().strip("/").removeprefix("r/")


def _with_reddit_names(brand: WatchedBrand) -> WatchedBrand:
    names = tuple(f"u/{plain_handle(handle)}" for handle in brand.handles)
    return replace(brand, keywords=(*brand.keywords, *names))


def _squeezed(name: str) -> str:
    """Return a name as it would be spelled as a subreddit's."""
    return "".join(each for each in plain_handle(plain_subreddit(name)).casefold() if each.isalnum())


def _mention(thing: Thing, brand: str, now: datetime, account: str | None = None) -> Mention:
    return Mention(
        platform=PLATFORM,
        id=thing.name,
        brand=brand,
        posted_at=thing.posted_at,
        seen_at=max(now, thing.posted_at),
        text=thing.text,
        author=account or thing.author,
        is_own_post=account is not None,
        parent_id=thing.parent,
        root_id=thing.root,
        likes=thing.score,
        reposts=thing.crossposts,
        replies=thing.comments,
        url=thing.url,
        account=account,
    )
