"""What a signal looks at: a window of a brand's stream or of one post's thread, beside what was expected of it.

Records between the detectors, which fill them, and the signals, which read them (stormcone.ports). Holds no judgement.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from stormcone.models.verdicts import Estimate


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
class Part:
    """How many voices of a thread's window are of a sort, of those of whom it is known.

    usual: share of them below the brand's earlier posts, 0..1; None while too few can say.
    """

    count: int
    of: int
    usual: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalView:
    """What a signal may look at: one window of a brand's stream or of one post's thread, beside its expectation.

    Counts are of the last `window_minutes`. voices: distinct authors; against: the mass of them against the brand.
    usual_*: expectations for exactly this window; None while warming up. spread_*: their standard deviations.
    post_age_minutes: None for the brand's stream. likes: of the post, as last seen. replies_total: its distinct voices
    so far; quotes_total: quotes that are only counted, None where the platform counts none.
    usual_ratio: replies and quotes per like of the brand's own earlier posts at the same age, None where unknown.
    said: what the texts say, None where nobody spoke. company: who says the same, who comments, who reported it.
    strangers: voices that had never mentioned the brand before the post appeared; personal: voices that speak from own
    experience; both of a thread alone, and None where that is known of too few.
    lately_per_minute: mentions a minute in the last ten minutes, None where nobody knows.
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
    quotes_total: int | None = None
    strangers: Part | None = None
    personal: Part | None = None
    lately_per_minute: float | None = None
