"""Mastodon through Mastodon.py: hashtags without a key; mentions, search and long threads with a token.

One instance is asked, which shows what has reached it of the whole network. Own accounts' posts are read at every
poll, with their counts and the answers below them. Sees no letters: private and direct posts are dropped. Never waits
for the instance, never writes to it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from collectors._mastodon_client import MastodonClient
from collectors._mastodon_gathering import People
from collectors._mastodon_visit import Scope, Visit
from collectors._mastodon_walks import MastodonCursor
from stormcone.collecting import Matcher
from stormcone.collecting.effort import Effort, NotThereError
from stormcone.errors import CollectError, Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, Collector, CollectorContext, SourceSettings, Thrift, WatchedBrand


class PublicTimeline(StrEnum):
    """How much of the public timeline is searched for the brands: nothing, the instance's own people, everybody."""

    OFF = "off"
    LOCAL = "local"
    ALL = "all"


class MastodonSettings(SourceSettings):
    """[collectors.mastodon]: one instance of Mastodon, or of software that speaks its language."""

    optional_secrets: ClassVar[frozenset[str]] = frozenset({"access_token_env"})

    base_url: str = Field(
        default="https://mastodon.social", pattern=r"^https?://", description="address of the instance that is asked"
    )
    access_token_env: str = Field(
        default="MASTODON_TOKEN",
        description="environment variable with an access token of that instance; empty or unset: hashtags and the own "
        "accounts' posts only, no notifications, no search",
    )
    hashtags: tuple[str, ...] = Field(
        default=(),
        description="hashtags to follow beside the brands' own, without the #; a brand without any is followed by its "
        "keywords as hashtags",
    )
    public_timeline: PublicTimeline = Field(
        default=PublicTimeline.OFF,
        description="off, local or all: search the public timeline for the brands; all is too much of a large instance",
    )
    deletion_check_seconds: float = Field(
        default=86_400, gt=0, description="seconds after which a stored post of others is looked up again"
    )


class MastodonCollector(Collector):
    """Polls one instance."""

    platform: ClassVar[str] = "mastodon"
    Settings: ClassVar[type[SourceSettings]] = MastodonSettings

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        super().__init__(settings, context)
        if not isinstance(settings, MastodonSettings):
            raise TypeError(f"Mastodon is read with MastodonSettings, not {type(settings).__name__}")
        self._settings = settings
        self._token = context.secrets.get(settings.access_token_env) or None
        self._client = MastodonClient(
            base_url=settings.base_url.rstrip("/"),
            token=self._token,
            timeout_seconds=settings.timeout_seconds,
            remedy=self._remedy(),
            secrets=context.secrets,
        )
        public = settings.public_timeline
        self._scope = Scope(
            client=self._client,
            archive=context.archive,
            brands=context.brands,
            people=People(context.brands, settings.base_url),
            # Accounts are told by what the instance lists: the same name in a text may be another host's.
            matcher=Matcher([replace(brand, accounts=()) for brand in context.brands]),
            tags=_tags(settings.hashtags, context.brands),
            has_token=self._token is not None,
            is_public_local=None if public is PublicTimeline.OFF else public is PublicTimeline.LOCAL,
            deletion_check=timedelta(seconds=settings.deletion_check_seconds),
        )

    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new: own posts first, then answers, notifications, hashtags, search and lookups.

        Raises: RateLimited, Refused, CollectError: nothing was answered at all.
        """
        if allowance.thrift is Thrift.COUNTS_ONLY:
            return Batch(cursor=cursor)  # Mastodon counts nothing by itself
        before, skips = MastodonCursor.read(self.platform, cursor)
        sent, clock = self._client.requests, self.context.clock
        effort = Effort(self._client, clock, deadline=deadline, requests=allowance.requests)
        visit = Visit(self._scope, before, effort, thrift=allowance.thrift, now=clock.now())
        visit.run()
        if effort.failures and not effort.answers:
            raise effort.failures[0].after(self._client.requests - sent)
        batch = visit.batch(skips, requests=self._client.requests - sent)
        return batch if before.walks else self._with_first_answer(batch)

    def check(self) -> str | None:
        """Return one line where nothing would be asked at all, or None."""
        handles = any(brand.handles for brand in self.context.brands)
        if self._scope.tags or self._token or handles:
            return None
        return f"{self.platform}: no hashtag, no account and no token; add collectors.mastodon.hashtags"

    def probe(self) -> None:
        """Ask for the token's account, or for one page of a hashtag. Raises: RateLimited, Refused, CollectError."""
        try:
            if self._token:
                self._client.whoami()
            elif self._client.closed_hashtags():
                raise self._closed()
            else:
                self._client.hashtag(next(iter(self._scope.tags), "mastodon"))
        except NotThereError as error:
            raise CollectError(self.platform, f"{error}: not found; is base_url a Mastodon?") from error

    def _remedy(self) -> str:
        if self._token:
            return (
                f"make a new access token on {self._settings.base_url} (Preferences, Development; scope read) and put "
                f"it into {self._settings.access_token_env}"
            )
        return (
            "make an access token there (Preferences, Development; scope read), put it into an environment variable "
            "and name that in collectors.mastodon.access_token_env, or choose another base_url"
        )

    def _with_first_answer(self, batch: Batch) -> Batch:
        """Say so if the first poll is empty because the instance shows nothing: some answer a closed list with []."""
        if batch.mentions or batch.trouble or batch.throttle_until or not self._scope.tags:
            return batch
        try:
            is_closed = self._client.closed_hashtags()
        except CollectError:
            return batch
        return replace(batch, trouble=str(self._closed())) if is_closed else batch

    def _closed(self) -> Refused:
        said = f"{self._settings.base_url} does not show hashtag timelines (timelines_access)"
        return Refused(self.platform, said, remedy=self._remedy())


def _tags(listed: Sequence[str], brands: Sequence[WatchedBrand]) -> dict[str, tuple[str, ...]]:
    """Return the brands that a status with a hashtag is about, by hashtag; none: those that its words name.

    >>> acme = WatchedBrand(name="Acme", keywords=("acme tools",), hashtags=("#AcmeDay",))
    >>> _tags(["acmefail"], [acme, WatchedBrand(name="Bolt", keywords=("bolt",))])
    {'acmefail': ('Acme',), 'acmeday': ('Acme',), 'bolt': ('Bolt',)}
    """
    tags = {tag: _brands_of(tag, brands) for tag in filter(None, map(_plain, listed))}
    for brand in brands:
        own = list(filter(None, map(_plain, brand.hashtags)))
        if not own and not any(brand.name in about for about in tags.values()):
            own = list(filter(None, map(_plain, brand.keywords)))
        for tag in own:
            tags[tag] = tuple(dict.fromkeys((*tags.get(tag, ()), brand.name)))
    return tags


def _brands_of(tag: str, brands: Sequence[WatchedBrand]) -> tuple[str, ...]:
    """Return whom a hashtag of the section is about: the only brand, or those whose words it holds."""
    if len(brands) == 1:
        return (brands[0].name,)
    words = {
        brand.name: [*map(_plain, brand.hashtags), *map(_plain, brand.keywords), _plain(brand.name)] for brand in brands
    }
    return tuple(name for name, parts in words.items() if any(part and part in tag for part in parts))


def _plain(words: str) -> str:
    """Return words as a hashtag is spelled: letters, digits and underscores, in lower case."""
    return re.sub(r"\W", "", words.casefold())
