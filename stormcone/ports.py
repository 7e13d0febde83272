"""Every extension point of Stormcone, in one file.

A new collector, signal or channel is ONE file in `collectors/`, `analysis/signals/` or `alerts/channels/` that holds
one concrete subclass of the role below; the folder is scanned (`stormcone.plugins`), nothing central is edited. A new
page is one script in `dashboard/pages/`. The roles say what is handed in and what comes back; none of them may reach
for the store, the clock of the machine or the environment on its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from stormcone.clock import Clock
from stormcone.models import NOTHING_KNOWN, Batch, Estimate, Mention, Notice, Outcome, Reading, Scores, Surroundings


class Settings(BaseModel):
    """Base of every settings section: unknown keys are errors, values do not change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class SourceSettings(Settings):
    """Keys that every `[collectors.NAME]` section takes."""

    enabled: bool = Field(default=True, description="false switches the source off")
    poll_seconds: float = Field(default=60, gt=0, description="seconds between two polls")
    timeout_seconds: float = Field(default=20, gt=0, description="seconds after which one request is given up")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedBrand:
    """What a collector needs to know of a brand."""

    name: str
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()  # handles of the brand's accounts on the collector's platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one poll may spend."""

    requests: int = 100
    cost_usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorContext:
    """What a collector is built with: the brands, the clock, the folder of the config, and its secrets by name."""

    brands: tuple[WatchedBrand, ...]
    clock: Clock
    base_folder: str
    secrets: Mapping[str, str]


class Collector(ABC):
    """Polls one platform. Returns data; never saves, never sleeps on a rate limit, never judges a text.

    Runs in a worker thread of its own; a poll that outlives `deadline` is given up and its batch is lost, its cursor
    unchanged. Raises CollectError (or RateLimited) where the platform did not answer as it should.
    """

    platform: ClassVar[str]  # the section's name in [collectors.NAME]
    Settings: ClassVar[type[SourceSettings]]

    def __init__(self, settings: SourceSettings, context: CollectorContext) -> None:
        self.settings = settings
        self.context = context

    @abstractmethod
    def poll(self, cursor: str | None, allowance: Allowance, deadline: datetime) -> Batch:
        """Return what is new since `cursor` (None: from the start), within allowance and deadline."""

    def check(self) -> str | None:
        """Return one line saying what keeps the source from working (for `stormcone doctor`), or None."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidShares:
    """What a window's texts say, copies left out, each beside the brand's usual.

    negative: mean probability of being negative. hostile, cued: share of hostile texts, and of texts that hold a cue.
    """

    negative: Estimate
    hostile: Estimate
    cued: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordination:
    """How many of the hostile voices are arranged rather than moved: an estimated range, never a proof.

    low, high: share of the hostile accounts, 0..1. low: in bursts of nearly the same words that few chances explain.
    high: with looser likeness and with accounts below 30 days as well. accounts, texts: of the bursts that low counts.
    known_ages_share: of the hostile accounts, how many say their age, 0..1. reasons: one sentence for each sign.
    """

    low: float = 0.0
    high: float = 0.0
    accounts: int = 0
    texts: int = 0
    known_ages_share: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What the press wrote lately. minutes_before: from its first report to the middle of the crowd, below 0 where the
    crowd came first. reports, outlets: how many, and the names of the first of them.
    """

    minutes_before: float
    reports: int
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """In what company a window's voices speak: distinct accounts, reposts left out, copies counted.

    hostile_accounts, commenting_accounts: openly against, and those of them that comment on the matter as their trade.
    spread: mentions that pass one post or article on. positive_share: mean probability of being positive, None where
    nobody spoke. entry_hashtag, entry_share: a hashtag that is not everyday here, and the share of accounts with it.
    arranged_share: of all accounts, hostile or not, in bursts of the same words that a second sign speaks for.
    """

    accounts: int = 0
    hostile_accounts: int = 0
    commenting_accounts: int = 0
    spread: int = 0
    positive_share: float | None = None
    entry_hashtag: str | None = None
    entry_share: float = 0.0
    arranged_share: float = 0.0
    coordination: Coordination = Coordination()
    reported: Reported | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalView:
    """What a signal may look at: one window of a brand's stream or of one post's thread, beside its expectation.

    Counts are of the last `window_minutes`. voices: distinct authors; against: the mass of them against the brand.
    usual_*: expectations for exactly this window; None while warming up. spread_*: their standard deviations.
    post_age_minutes: None for the brand's stream. likes, replies_total: of the post, as last seen.
    usual_ratio: replies per like of the brand's own earlier posts at the same age, None where unknown.
    said: what the texts say, None where nobody spoke. company: who says the same, who comments, who reported it.
    """

    window_minutes: int
    mentions: float
    voices: float
    against: float
    hostile_voices: float
    copies: float
    positive: float
    hostile_authors: int
    cues: Mapping[str, int]
    top_reach: int | None
    top_reach_author: str | None
    usual_voices: float | None
    spread_voices: float | None
    usual_against_share: float
    spread_against_share: float
    usual_positive_share: float
    post_age_minutes: float | None = None
    likes: int | None = None
    replies_total: int | None = None
    usual_ratio: float | None = None
    hostile_crowd: float | None = None
    said: SaidShares | None = None
    company: Company = Company()


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


_ChannelSettingsClass: TypeAlias = type[ChannelSettings]  # spelled here: inside Channel, `type` is its own word


class Channel(ABC):
    """Delivers one notice. Runs in a worker thread of the sender; told what to send, says whether it arrived.

    `deliver` returns when the receiver has accepted, and raises DeliveryError otherwise; its `permanent` bit tells
    give-up from retry. The same notice may come twice: a channel passes `notice.key` on so that receivers can fold it.
    """

    type: ClassVar[str]
    Settings: ClassVar[_ChannelSettingsClass]

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

    def lease_due(self, *, now: datetime, owner: str, lease_seconds: float, limit: int) -> list[Notice]:
        """Claim up to `limit` due notices until the lease runs out; nobody else gets them meanwhile."""
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
