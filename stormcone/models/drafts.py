"""What a draft is before it goes out, and what the draft check says of it.

Read by `analysis.draft_check`, filled by the command line, the dashboard and the watch on own posts. Records only; no
rule, no text of a rule.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DraftCategory(StrEnum):
    """What may be wrong with a draft."""

    AUDIENCE_INAPPROPRIATE = "audience_inappropriate"
    OFFENSIVE = "offensive"
    TONE_DEAF = "tone_deaf"
    WRONG_ACCOUNT = "wrong_account"
    THREAT = "threat_harassment_doxxing"
    INTERNAL_SLIP = "internal_slip"
    OFFENSIVE_REPLY = "offensive_reply"
    PLACEHOLDER = "placeholder"
    HASHTAG_HIJACK = "risky_hashtag_hijack"
    SOLICITS_UGC = "solicits_ugc_on_controversy"
    NEWSJACKING = "newsjacking_tragedy"
    SOLEMN_DAY = "self_promotion_on_solemn_day"
    SENSITIVE_DATE = "sensitive_date"
    KNOWN_CONTROVERSY = "known_controversy"


class DraftAdvice(StrEnum):
    """What to do with a draft."""

    POST = "post"
    REVIEW = "review"
    DO_NOT_POST = "do_not_post"

    @classmethod
    def at(cls, risk: float) -> "DraftAdvice":
        """Return the advice that belongs to a risk.

        >>> DraftAdvice.at(0.49), DraftAdvice.at(0.5), DraftAdvice.at(0.8)
        (<DraftAdvice.POST: 'post'>, <DraftAdvice.REVIEW: 'review'>, <DraftAdvice.DO_NOT_POST: 'do_not_post'>)
        """
        if risk < FLAGGED_FROM:
            return cls.POST
        return cls.REVIEW if risk < REFUSED_FROM else cls.DO_NOT_POST


FLAGGED_FROM = 0.5
REFUSED_FROM = 0.8


class Industry(StrEnum):
    """The trade of a brand, as far as the check makes a difference."""

    ARMS = "arms"
    MILITARY = "military"
    POLICE = "police"
    ALCOHOL = "alcohol"
    TOBACCO = "tobacco"
    GAMBLING = "gambling"
    PHARMA = "pharma"
    OIL_GAS = "oil_gas"
    MINING = "mining"
    BANK = "bank"
    AIRLINE = "airline"
    FOOD = "food"
    RETAIL = "retail"
    TECH = "tech"
    MEDIA = "media"
    ENERGY = "energy"
    PUBLIC = "public"
    POLITICS = "politics"
    OTHER = "other"


class DraftAudience(StrEnum):
    """To whom a brand speaks."""

    GENERAL = "general"
    FAMILIES = "families"
    CHILDREN = "children"
    ADULTS = "adults"
    PROFESSIONALS = "professionals"
    PATIENTS = "patients"


class Tone(StrEnum):
    """How a brand usually speaks."""

    PLAIN = "plain"
    PLAYFUL = "playful"
    EDGY = "edgy"


class DraftRole(StrEnum):
    """Whose account it goes out from."""

    OFFICIAL = "official"
    EXECUTIVE = "executive"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProfile:
    """The brand as a draft is judged against it. controversies, no_go: words in any of the languages."""

    industry: Industry = Industry.OTHER
    audience: DraftAudience = DraftAudience.GENERAL
    tone: Tone = Tone.PLAIN
    controversies: tuple[str, ...] = ()
    no_go: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that is about to go out, or has just gone out.

    lang: two letters, None: told from the text. at: when it goes out, with a zone; None: no rule of dates is asked.
    in_reply_to: the text it answers. news: headlines of the last 48 h about the brand or the world. automated: a
    machine posts it.
    """

    text: str
    profile: DraftProfile = DraftProfile()
    lang: str | None = None
    at: datetime | None = None
    role: DraftRole = DraftRole.OFFICIAL
    in_reply_to: str | None = None
    automated: bool = False
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFlag:
    """One thing that is wrong with a draft.

    rule: name in rules.toml. risk: 0..1. why: a sentence for its author. span: first character and one behind the last
    in the text as it was given, None where the whole is meant. source: where the rule comes from, "" where it is ours.
    """

    rule: str
    category: DraftCategory
    risk: float
    why: str
    span: tuple[int, int] | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftVerdict:
    """What the check says of a draft. risk: 0..1. flags: the strongest first, at most four, one a category."""

    risk: float
    flags: tuple[DraftFlag, ...]
    advice: DraftAdvice

    @property
    def is_flagged(self) -> bool:
        """Whether a person should look at it before it goes out."""
        return self.risk >= FLAGGED_FROM
