"""What the Own posts page shows: a draft judged beside the room it goes out into, and own posts judged after the fact.

The same check as `stormcone check` and as the watch on own posts; nothing is stored. Draws nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.draft_check import check_draft
from analysis.press import PRESS_PLATFORMS
from dashboard.context import OpenStore
from stormcone.config import BrandSettings, Config
from stormcone.models import Mention, Role
from stormcone.models.drafts import Draft, DraftRole, DraftVerdict

_LISTED = timedelta(days=7)
_READ_BACK = timedelta(hours=48)
_MOST_HEADLINES = 50
_MOST_POSTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAsk:
    """What was typed. at: when it would go out."""

    text: str
    role: DraftRole
    at: datetime
    in_reply_to: str | None
    automated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPost:
    """An own post of the last days that the check would have stopped."""

    post: Mention
    verdict: DraftVerdict
    is_deleted: bool


def read_room(opened: OpenStore, brand: str) -> tuple[str, ...]:
    """Return the headlines of the last two days about a brand, newest first. Raises: StoreError."""
    now = opened.clock.now()
    return opened.store.reads.texts_on(
        brand, sorted(PRESS_PLATFORMS), since=now - _READ_BACK, until=now, limit=_MOST_HEADLINES
    )


def judge_draft(config: Config, brand: str, asked: DraftAsk, news: tuple[str, ...]) -> DraftVerdict:
    """Return what the check says of a draft of a brand."""
    settings = config.brand_named(brand)
    return check_draft(
        Draft(
            text=asked.text,
            profile=settings.profile.for_drafts,
            at=asked.at.astimezone(settings.zone),
            role=asked.role,
            in_reply_to=asked.in_reply_to,
            automated=asked.automated,
            news=news,
        )
    )


def risky_posts(opened: OpenStore, config: Config, brand: str) -> tuple[CheckedPost, ...]:
    """Return the own posts of the last week that are flagged, the riskiest first. Raises: StoreError."""
    settings, since = config.brand_named(brand), opened.clock.now() - _LISTED
    found = []
    for each in opened.store.reads.own_posts(brand, since=since, limit=_MOST_POSTS):
        verdict = check_draft(
            Draft(
                text=each.mention.text,
                profile=settings.profile.for_drafts,
                lang=each.mention.lang,
                at=each.mention.posted_at.astimezone(settings.zone),
                role=_role_of(settings, each.mention),
            )
        )
        if verdict.is_flagged:
            found.append(CheckedPost(post=each.mention, verdict=verdict, is_deleted=each.is_deleted))
    return tuple(sorted(found, key=lambda each: -each.verdict.risk))


def _role_of(brand: BrandSettings, post: Mention) -> DraftRole:
    handle = (post.account or "").casefold()
    roles = [
        each.role for each in brand.accounts if each.platform == post.platform and each.handle.casefold() == handle
    ]
    return DraftRole(roles[0] if roles else Role.OFFICIAL.value)
