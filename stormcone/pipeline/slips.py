"""Checks what the brand itself publishes the minute it is seen, as a draft is checked before: own posts and own likes.

Between ingest and the desk. A slip that needs no reply to be one (a placeholder, an internal note, an indecent like)
is handed to the desk as a verdict and stands until somebody has taken it over, it is gone, or a day has passed. Every
other remark is for the screen. Never waits for replies, never reads a clock.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from analysis.draft_check import check_draft
from analysis.press import PRESS_PLATFORMS
from stormcone.advising import advisor_of
from stormcone.config import BrandSettings, Config
from stormcone.models import (
    Axis,
    Cause,
    Facts,
    Forecast,
    Incident,
    Kind,
    Level,
    Like,
    Mention,
    PostStatus,
    Reading,
    Role,
    ScoredMention,
    State,
    Trigger,
    Trust,
    Verdict,
)
from stormcone.models.drafts import REFUSED_FROM, Draft, DraftCategory, DraftFlag, DraftRole
from stormcone.store import Store

SIGNAL: Final = "draft_check"
FRESH: Final = timedelta(hours=24)  # what is older was seen by everybody; an import tells history
_READ_BACK: Final = timedelta(hours=48)  # of headlines: the room somebody posts into
_MOST_HEADLINES: Final = 50
_MOST_WAITING: Final = 1_000
_SEVERITY: Final = 2  # a slip is embarrassing; whatever makes it worse comes from the replies
_SLIPS: Final = {DraftCategory.PLACEHOLDER: Cause.TYPO_UNFINISHED, DraftCategory.INTERNAL_SLIP: Cause.LEAK}
_INDECENT: Final = frozenset({DraftCategory.AUDIENCE_INAPPROPRIATE, DraftCategory.OFFENSIVE, DraftCategory.THREAT})
_WHAT: Final = {
    Cause.TYPO_UNFINISHED: "an unfinished post is out",
    Cause.LEAK: "an internal note is out",
    Cause.INAPPROPRIATE_LIKE: "its account likes what it should not",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    """Something the brand published. place: platform and id. at: when it was published."""

    brand: str
    place: tuple[str, str]
    text: str
    account: str | None
    at: datetime
    is_like: bool = False
    lang: str | None = None
    in_reply_to: tuple[str, str] | None = None


class Slips:
    """What was published lately and waits to be checked, and the slips that still stand."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self._waiting: deque[_Published] = deque(maxlen=_MOST_WAITING)
        self._standing: dict[tuple[str, str, str], Verdict] = {}  # brand and place -> the verdict that opened it

    def note(self, stored: Iterable[ScoredMention], likes: Iterable[Like] = ()) -> None:
        """Take note of what was newly stored."""
        self._waiting.extend(_post(each.mention) for each in stored if each.mention.is_own_post)
        self._waiting.extend(
            _Published(
                brand=each.brand,
                place=(each.platform, each.id),
                text=each.text,
                account=each.account,
                at=each.liked_at,
                is_like=True,
            )
            for each in likes
            if each.text
        )

    def restore(self, now: datetime) -> None:
        """Take note of what was published in the last day: whoever was killed had not looked at it.

        Raises: StoreError.
        """
        for brand in self._config.brands:
            found = self._store.reads.own_posts(brand.name, since=now - FRESH)
            self._waiting.extend(_post(each.mention) for each in found if not each.is_deleted)

    def look(self, now: datetime) -> list[Verdict]:
        """Return the verdicts on slips that nobody has looked at yet. Raises: StoreError: looked at again next time."""
        found = []
        while self._waiting:
            published = self._waiting[0]
            verdict = self._judged(published, now)
            self._waiting.popleft()
            if verdict is not None:
                self._standing[(published.brand, *published.place)] = verdict
                found.append(verdict)
        return found

    def standing(self, incident: Incident, now: datetime) -> Verdict | None:
        """Return the slip that keeps an incident open: it is there, nobody has taken it over, and it is not a day old.

        Raises: StoreError.
        """
        if incident.post is None:
            return None
        key = (incident.brand, *incident.post)
        verdict = self._standing.get(key)
        if verdict is None:
            return None
        is_taken = incident.state is not State.OPEN or now - incident.opened_at > FRESH
        if is_taken or self._store.reads.is_deleted(*incident.post, incident.brand):
            del self._standing[key]
            return None
        return replace(verdict, at=now)

    def _judged(self, published: _Published, now: datetime) -> Verdict | None:
        brand = self._config.brand_named(published.brand)
        if now - published.at > FRESH:
            return None
        checked = check_draft(
            Draft(
                text=published.text,
                profile=brand.profile.for_drafts,
                lang=published.lang,
                at=published.at.astimezone(brand.zone),
                role=_role_of(brand, published),
                in_reply_to=self._text_of(published),
                news=self._headlines(published.brand, now),
            )
        )
        for flag in checked.flags:
            cause = _cause_of(flag, is_like=published.is_like)
            if cause is not None:
                return self._verdict(published, cause, flag, now)
        return None

    def _verdict(self, published: _Published, cause: Cause, flag: DraftFlag, now: datetime) -> Verdict:
        facts = Facts(
            brand=published.brand,
            trigger=Trigger.OWN_LIKE if published.is_like else Trigger.OWN_POST,
            cause=cause,
            kind=Kind.UNCLEAR,
            severity=_SEVERITY,
            post_status=PostStatus.NONE if published.is_like else PostStatus.LIVE,
            post_age_min=round(max(0.0, (now - published.at) / timedelta(minutes=1)), 1),
            public_record_body=self._config.brand_named(published.brand).profile.public_record_body,
            legal_hold=self._config.brand_named(published.brand).profile.legal_hold,
        )
        said = " ".join(published.text.split())[:80]
        return Verdict(
            brand=published.brand,
            at=now,
            level=Level[self._config.advice.slip_level.upper()],
            kind=Kind.UNCLEAR,
            severity=_SEVERITY,
            headline=f"{published.brand}: {_WHAT[cause]}: “{said}”",
            reasons=(Reading(signal=SIGNAL, axis=Axis.CONTEXT, value=flag.risk, expected=None, text=_sentence(flag)),),
            trust=Trust.SETTLED,
            forecast=Forecast(bands=()),
            advice=advisor_of(self._config.advice).advise(facts),
            facts=facts,
            post=published.place,
            is_rare=True,
        )

    def _text_of(self, published: _Published) -> str | None:
        """Return the text that an own post answers, None where it answers none, or nobody has stored it."""
        if published.in_reply_to is None:
            return None
        answered = self._store.reads.mention_named(*published.in_reply_to, published.brand)
        return answered.mention.text if answered is not None else None

    def _headlines(self, brand: str, now: datetime) -> tuple[str, ...]:
        return self._store.reads.texts_on(
            brand, sorted(PRESS_PLATFORMS), since=now - _READ_BACK, until=now, limit=_MOST_HEADLINES
        )


def _post(mention: Mention) -> _Published:
    return _Published(
        brand=mention.brand,
        place=(mention.platform, mention.id),
        text=mention.text,
        account=mention.account,
        at=mention.posted_at,
        lang=mention.lang,
        in_reply_to=(mention.platform, mention.parent_id) if mention.parent_id is not None else None,
    )


def _cause_of(flag: DraftFlag, *, is_like: bool) -> Cause | None:
    """Return the cause that a flag speaks for by itself, before anybody has answered; None where it is a remark."""
    if flag.risk < REFUSED_FROM:
        return None
    if is_like:
        return Cause.INAPPROPRIATE_LIKE if flag.category in _INDECENT else None
    return _SLIPS.get(flag.category)


def _role_of(brand: BrandSettings, published: _Published) -> DraftRole:
    platform, handle = published.place[0], (published.account or "").casefold()
    roles = [each.role for each in brand.accounts if each.platform == platform and each.handle.casefold() == handle]
    return DraftRole(roles[0]) if roles else DraftRole(Role.OFFICIAL.value)


def _sentence(flag: DraftFlag) -> str:
    """Return the reason as one clause among the other readings."""
    return f"checked as a draft: {flag.why.rstrip('.')} (risk {flag.risk:.2f})"
