"""Every extension point of Stormcone, in one file.

A new collector, signal or channel is ONE file in `collectors/`, `analysis/signals/` or `alerts/channels/` that holds
one concrete subclass of the role below; the folder is scanned (`stormcone.plugins`), nothing central is edited. A new
page is one script in `dashboard/pages/`. The roles say what is handed in and what comes back; none of them may reach
for the store, the clock of the machine or the environment on its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import ClassVar, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from stormcone.clock import Clock
from stormcone.models import NOTHING_KNOWN, Batch, Mention, Notice, Outcome, Reading, Scores, Surroundings
from stormcone.models.facts import Role as Role  # noqa: PLC0414 - collectors know it as a word of their port
from stormcone.models.signal_views import SignalView


class Settings(BaseModel):
    """Base of every settings section: unknown keys are errors, values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class SourceSettings(Settings):
    """Keys that every `[collectors.NAME]` section takes."""

    enabled: bool = Field(default=True, description="false switches the source off")
    poll_seconds: float = Field(default=60, gt=0, description="seconds between two polls")
    timeout_seconds: float = Field(default=20, gt=0, description="seconds after which one request is given up")
    requests_per_day: int | None = Field(
        default=None, gt=0, description="most requests in one UTC day; absent: as many as the platform allows"
    )
    cost_usd_per_month: float | None = Field(
        default=None, gt=0, description="most US dollars in one calendar month (UTC); absent: no limit"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedAccount:
    """An account of a brand on the collector's platform. handle: without the @, as the settings spell it."""

    handle: str
    role: Role = Role.OFFICIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedBrand:
    """What a collector needs to know of a brand. accounts: those on the collector's own platform."""

    name: str
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    accounts: tuple[WatchedAccount, ...] = ()

    @property
    def handles(self) -> tuple[str, ...]:
        """Handles of the brand's accounts."""
        return tuple(account.handle for account in self.accounts)


class Thrift(IntEnum):
    """How sparing a poll must be, by the share of the month's money (or the day's requests) that is spent.

    Own posts are watched at every step but the last: they are cheap, and where most storms begin.
    """

    NONE = 0  # below 80 %
    NO_SEARCH = 1  # from 80 %: own posts, replies, mentions and counts, but no search by keyword
    SAMPLED = 2  # from 95 %: the newest page of each only; what is left out is a gap
    COUNTS_ONLY = 3  # from 100 %: the platform's own counts, where it has them; otherwise nothing


def _reserve_nothing(cost_usd: float) -> None:
    """Stand in where nobody keeps books."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one poll may spend. cost_usd: None where nothing limits it.

    reserve: called with its price in US dollars before a request is sent that costs by itself, so that the books know
    of it should the process die before the poll is saved. `Batch.cost_usd` names it all the same.
    """

    requests: int = 100
    cost_usd: float | None = None
    thrift: Thrift = Thrift.NONE
    reserve: Callable[[float], None] = _reserve_nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """A post that was collected earlier, as far as a collector must know it.

    counted_at: when its engagement was last seen, None: never. replies_lately: stored answers of the last half hour.
    """

    id: str
    brand: str
    posted_at: datetime
    is_own_post: bool
    account: str | None = None
    url: str | None = None
    counted_at: datetime | None = None
    replies_lately: int = 0


class Archive(Protocol):
    """What a collector may ask about its own platform's stored posts; handed in, so that it never sees the store."""

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:
        """Return own posts published after `since` that are not known to be deleted, newest first."""
        ...

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:
        """Return the roots with the most answers in the last half hour, own posts or not, busiest first.

        A root that is not stored itself comes with the time of its first stored answer as `posted_at`.
        """
        ...

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:
        """Return stored posts of others not looked up since `checked_before`; those missed once come first."""
        ...


class EmptyArchive:
    """The archive of a source that has stored nothing yet."""

    def own_posts(self, *, since: datetime) -> Sequence[StoredPost]:  # noqa: ARG002 - the role's signature
        """Return nothing."""
        return ()

    def hot_threads(self, *, limit: int) -> Sequence[StoredPost]:  # noqa: ARG002 - the role's signature
        """Return nothing."""
        return ()

    def due_for_check(self, *, checked_before: datetime, limit: int) -> Sequence[StoredPost]:  # noqa: ARG002 - as above
        """Return nothing."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorContext:
    """What a collector is built with: brands, clock, folder of the config, its secrets by name, what is stored."""

    brands: tuple[WatchedBrand, ...]
    clock: Clock
    base_folder: str
    secrets: Mapping[str, str]
    archive: Archive = field(default_factory=EmptyArchive)


class Collector(ABC):
    """Polls one platform. Returns data; never saves, never sleeps on a rate limit, never judges a text.

    Runs in a worker thread of its own. Keeps no memory that matters between polls: it may be built anew at any time,
    and a batch whose saving fails is asked for again with the old cursor. What was fetched before a failure is
    returned with the cursor it reaches, the failure comes again at the next poll; only a poll that has nothing to
    return raises: RateLimited where patience is asked for, Refused where a person is needed, CollectError else.
    """

    platform: ClassVar[str]  # the section's name in [collectors.NAME]
    has_counts: ClassVar[bool] = False  # True: the platform counts mentions for little, also when the money is spent
    Settings: ClassVar[type[SourceSettings]]

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        self.settings = settings
        self.context = context

    @abstractmethod
    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new since `cursor` (None: from the start), within allowance and deadline."""

    def check(self) -> str | None:
        """Return one line saying what in the settings keeps the source from working, or None; sends nothing."""
        return None

    def probe(self) -> None:
        """Send the cheapest request that shows whether the source answers us (for `stormcone doctor`).

        Raises: RateLimited, Refused, CollectError: as `poll` would.
        """
        return


class Signal(ABC):
    """One measurement of a window, pure: the same view gives the same reading."""

    name: ClassVar[str]

    @abstractmethod
    def read(self, view: SignalView) -> Reading | None:
        """Return the reading, or None where the view does not hold what the signal needs."""


class ChannelSettings(Settings):
    """Keys that every `[[channels]]` entry takes."""

    id: str = Field(description="name by which people and routes call this channel")
    type: str = Field(description="which file of alerts/channels serves it")
    timeout_seconds: float = Field(default=10, gt=0, description="seconds after which one delivery is given up")
    fallback: str | None = Field(
        default=None, description="id of the channel that also gets a page which this one could not deliver in a minute"
    )
    shared: bool | None = Field(
        default=None,
        description="whether this channel gets what is told to everybody; by default one that belongs to no person "
        "does, unless it is another's fallback and not the only one",
    )


class Threads(Protocol):
    """What a channel may remember of an incident: the first message it made there, so that later ones answer it."""

    def first(self, channel: str, incident_id: int) -> str | None:
        """Return the receiver's name of an incident's first message in a channel, None where there is none."""
        ...

    def keep(self, channel: str, incident_id: int, receipt: str) -> None:
        """Keep the receiver's name of a first message; one that is known stays."""
        ...


class NoThreads:
    """Remembers nothing."""

    def first(self, channel: str, incident_id: int) -> str | None:  # noqa: ARG002 - the role's signature
        """Return nothing."""
        return None

    def keep(self, channel: str, incident_id: int, receipt: str) -> None:
        """Forget it."""


_ChannelSettingsClass: TypeAlias = type[ChannelSettings]  # spelled here: inside Channel, `type` is its own word


class Channel(ABC):
    """Delivers one notice. Runs in a worker thread of the sender; told what to send, says whether it arrived.

    `deliver` returns when the receiver has accepted, and raises DeliveryError otherwise; its `permanent` bit tells
    give-up from retry. The same notice may come twice: a channel passes `notice.key` on so that receivers can fold it.
    threads: set by whoever builds the channels, where there is a store. keeps_cases: the receiver keeps a case for each
    incident, which only the incident's own end closes, so that late notices never become one digest.
    """

    type: ClassVar[str]
    keeps_cases: ClassVar[bool] = False
    Settings: ClassVar[_ChannelSettingsClass]
    threads: Threads = NoThreads()

    def __init__(self, settings: ChannelSettings, secrets: Mapping[str, str]) -> None:
        self.settings = settings
        self.secrets = secrets

    @abstractmethod
    def deliver(self, notice: Notice) -> None:
        """Hand `notice` to the receiver. Raises: DeliveryError."""

    def check(self) -> str | None:
        """Return one line saying what keeps the channel from working (for `stormcone doctor`), or None."""
        return None


class Scorer(Protocol):
    """Says what a text means; pure, deterministic, in batches."""

    name: str  # with version, stored beside every score

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        """Return one Scores for each mention, in order; never raises on any text.

        Args: around: the posts that are answered and the languages of their authors, as far as they are known.
        """
        ...


class Outbox(Protocol):
    """What the sender needs of the store; handed in by the pipeline, so that alerts never import it."""

    def lease_due(
        self, *, now: datetime, owner: str, lease_seconds: float, limit: int, without: Collection[str] = ()
    ) -> list[Notice]:
        """Claim up to `limit` due notices until the lease runs out; nobody else gets them meanwhile.

        Channels take turns, so that many notices of one never keep those of another waiting.
        Args: without: channels that can take no more at the moment.
        """
        ...

    def is_wanted(self, notice: Notice, *, is_only_if_live: bool = False) -> bool:
        """Say whether a leased notice is still worth sending; what is not is marked superseded.

        Args: is_only_if_live: nothing but its end is to be told of an incident that is over.
        """
        ...

    def begin(self, notice: Notice, *, owner: str, until: datetime) -> bool:
        """Note that a try is about to be sent, and keep the notice leased until then.

        The try counts as unsure until its end is recorded. Returns: False where the notice is no longer the owner's:
        the lease ran out and another has it, or it was delivered or overtaken.
        """
        ...

    def unreached(
        self, channel: str, *, copy_mark: str, now: datetime, waited_seconds: float, is_failed_only: bool
    ) -> tuple[Notice, ...]:
        """Return what waits on a channel for so long, or was refused for good, and is still nobody's.

        Args: copy_mark: what a copy's key has behind the notice's own; what has such a copy is left out.
            is_failed_only: only what a try has failed for.
        """
        ...

    def add(self, notices: Sequence[Notice]) -> None:
        """Write notices; one whose key is known is left as it is."""
        ...

    def fold(
        self, channel: str, to: str | None, *, created_until: datetime, digest: Callable[[Sequence[Notice]], Notice]
    ) -> None:
        """Replace what one recipient should have read long ago by one digest, where that is two notices or more.

        The newest notice of an incident that nobody has taken yet stays as it is.
        """
        ...

    def record_delivery(
        self,
        notice: Notice,
        *,
        outcome: Outcome,
        started_at: datetime,
        finished_at: datetime,
        detail: str | None,
        next_try_at: datetime | None,
    ) -> None:
        """Record one try: OK marks sent; a `next_try_at` leaves it pending until then; neither marks it dead."""
        ...
