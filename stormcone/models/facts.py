"""What is known of an incident when advice is asked for: measured by the detector, or answered by a person in one tap.

Written by the pipeline, the command line and the dashboard, read by `analysis.advising` and the casebook. None always
means that nobody knows yet; it is never read as no, as nothing or as zero. Decides nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from stormcone.models.levels import Kind


class Trigger(StrEnum):
    """What set it off."""

    OWN_POST = "own_post"
    OWN_REPLY = "own_reply"
    OWN_LIKE = "own_like"
    OWN_AD = "own_ad"
    AUTOMATED_POST = "automated_post"
    CAMPAIGN = "campaign"  # a call for content or a hashtag of ours
    EVENT = "event"  # outside social media: service, product, conduct, a decision
    OTHERS = "others"  # somebody else's post


class Role(StrEnum):
    """What an account of a brand is for. An executive's posts, and likes, are watched like the official ones."""

    OFFICIAL = "official"
    EXECUTIVE = "executive"
    SUPPORT = "support"


class Cause(StrEnum):
    """Why people are angry, as a person codes it; cues only suggest it."""

    WRONG_ACCOUNT = "wrong_account"
    HACKED = "hacked"
    LEAK = "leak"
    TYPO_UNFINISHED = "typo_unfinished"
    FACTUAL_ERROR = "factual_error"
    OFFENSIVE_OR_TONE_DEAF = "offensive_or_tone_deaf"
    OFFENSIVE_REPLY = "offensive_reply"
    INAPPROPRIATE_LIKE = "inappropriate_like"
    CAMPAIGN_HIJACK = "campaign_hijack"
    VALUES_CHALLENGE = "values_challenge"
    POLICY_CHANGE = "policy_change"
    STAFF_CONDUCT = "staff_conduct"
    SERVICE_FAILURE = "service_failure"
    PRODUCT_HARM = "product_harm"
    RUMOUR = "rumour"
    CUSTOMER_COMPLAINT = "customer_complaint"
    TROLL = "troll"
    NONE = "none"  # looked at, and there is nothing to be angry about


class Trend(StrEnum):
    """Where the hostile mentions go."""

    RISING = "rising"
    FLAT = "flat"
    FALLING = "falling"


class PostStatus(StrEnum):
    """What became of the own post."""

    LIVE = "live"
    DELETED = "deleted"
    EDITED = "edited"
    NONE = "none"  # nothing that could be removed: an e-mail, an interview


class Responsibility(StrEnum):
    """The three clusters of situational crisis communication theory (Coombs 2007)."""

    VICTIM = "victim"
    ACCIDENT = "accident"
    PREVENTABLE = "preventable"


class Said(StrEnum):
    """What the brand already published in this incident."""

    NONE = "none"
    HOLDING = "holding"
    JOKE = "joke"
    CORRECTION = "correction"
    EXCUSE = "excuse"
    DENIAL = "denial"
    APOLOGY = "apology"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The facts of the advice contract; None, or an empty `said`, where nobody knows.

    Shares run from 0 to 1: neg_share, dup_text_share and new_account_share of mentions; coordination of authors judged
    to act in concert; commentator_share of authors who write about marketing for a living. `brand` is only shown.
    """

    brand: str | None = None
    trigger: Trigger | None = None
    account_role: Role | None = None
    cause: Cause | None = None
    kind: Kind | None = None
    severity: int | None = None
    trend: Trend | None = None
    post_age_min: float | None = None
    post_status: PostStatus | None = None
    neg_share: float | None = None
    coordination: float | None = None
    dup_text_share: float | None = None
    new_account_share: float | None = None
    commentator_share: float | None = None
    reply_ratio: float | None = None
    doubling_min: float | None = None
    distinct_authors: int | None = None
    top_author_reach: int | None = None
    similar_incidents_12m: int | None = None
    scheduled_posts_next_24h: int | None = None
    platforms: int | None = None
    press: bool | None = None
    notable_amplifier: bool | None = None
    competitor_joined: bool | None = None
    support_tickets_up: bool | None = None
    automation_running: bool | None = None
    asks_for_content: bool | None = None
    harm_to_people: bool | None = None
    claim_true: bool | None = None
    responsibility: Responsibility | None = None
    stands_by: bool | None = None
    legal_hold: bool | None = None
    public_record_body: bool | None = None
    removal_approved: bool | None = None
    deleted_comments: bool | None = None
    said: tuple[Said, ...] = ()
