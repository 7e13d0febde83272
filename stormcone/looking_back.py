"""Looks back: gathers what is stored of a week or an incident and has it measured.

The one way in which command line, screens and reports get these figures. Above store and analysis, below everything
that shows. Changes nothing, sends nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from analysis.answer_effect import LONGEST_WINDOW, replies_below, slope_of, tone_of
from analysis.complaints import complaint_week
from analysis.deletion_echo import LONGEST_ECHO, echo_of
from analysis.incident_clock import clock_of
from stormcone.config import BrandSettings, KindSettings
from stormcone.errors import UsageError
from stormcone.models import Decision, DecisionRecord, Gap, Incident, Mention, Place
from stormcone.models.complaints import ComplaintTalk, ComplaintWeek
from stormcone.models.effects import ClockFacts, DecisionEffect, Echo, IncidentEffect, Pile, Slope, Tone
from stormcone.models.weeks import IsoWeek
from stormcone.store import Store
from stormcone.store.complaints import MOST_AGAINST

_LEAD: Final = timedelta(hours=1)  # before an incident was seen, in which its storm may have begun
_REPLIED_WITHIN: Final = timedelta(hours=24)  # after a statement; later replies answer later news
ANSWERED_WITHIN: Final = timedelta(days=28)  # after the week; nobody waits longer, and so the look back is bounded
_SEEN_WITHIN: Final = timedelta(days=28)  # before the week; an account that answers at all does so within four weeks


def look_at_complaints(
    store: Store, brand: BrandSettings, week: IsoWeek, *, now: datetime, kinds: KindSettings | None = None
) -> ComplaintWeek:
    """Return a brand's complaints of a week and which of them were answered by `now`, four weeks after it at most.

    Raises: StoreError. OverflowError: the week lies at an end of the calendar.
    """
    since, end = week.bounds(brand.zone)
    until = min(now, end + ANSWERED_WITHIN)
    against = store.complaints.against(brand.name, since=since, until=min(end, until), limit=MOST_AGAINST + 1)
    is_cut, against = len(against) > MOST_AGAINST, against[:MOST_AGAINST]
    answers = store.complaints.answers(brand.name, since=since, until=until)
    below = [*(each.mention for each in against), *answers]
    talk = ComplaintTalk(
        brand=brand.name,
        week=week,
        since=since,
        until=until,
        against=against,
        answers=answers,
        above=store.complaints.above(brand.name, below),
        seen_answering=store.complaints.seen_answering(brand.name, since=since - _SEEN_WITHIN, until=until),
        gaps=store.sources.gaps(since=since, brand=brand.name),
        is_cut=is_cut,
    )
    return complaint_week(talk, brand, kinds or KindSettings())


def look_at_incident(
    store: Store, incident: Incident, *, now: datetime, answer_id: str | None = None
) -> IncidentEffect:
    """Return an incident's clock, and what changed after the brand's answer, each decision and a deletion.

    Args: answer_id: the platform's id of the own post that is the statement; None: the first own answer in the thread,
        or else the first own post after the incident opened.
    Raises: UsageError: no own post of the brand has that id. StoreError.
    """
    identifier = incident.id or 0
    aftermath, brand = store.aftermath, incident.brand
    decisions = store.incidents.decisions(identifier)
    post = _own_post(store, incident)
    facts = ClockFacts(
        incident=incident,
        post=post,
        events=store.incidents.events(identifier),
        decisions=decisions,
        notified_at=aftermath.notified_at(identifier),
        answer=aftermath.first_answer(incident, until=now),
        answer_below=aftermath.first_answer_below(incident, until=now),
        is_own_collected=aftermath.has_own_posts(brand),
    )
    answer = facts.answer_below or facts.answer
    if answer_id is not None:
        answer = aftermath.own_post(brand, answer_id)
        if answer is None:
            raise UsageError(f"--answer {answer_id!r}: no own post of {brand} has this id; give the platform's id")
    begun = max(incident.opened_at - _LEAD, post.posted_at if post else incident.opened_at - _LEAD)
    gone_at, is_gone_seen = _gone(store, incident, decisions)
    # With a post its thread goes: that nobody replies any more is then no calm.
    pile = _Pile(store=store, incident=incident, thread=None if gone_at else incident.post, begun=begun, now=now)
    return IncidentEffect(
        incident=incident,
        measured_at=now,
        clock=clock_of(facts),
        answer=answer,
        slope=pile.slope(answer.posted_at) if answer else None,
        tone=_tone(store, incident, answer, begun, now) if answer else None,
        decisions=tuple(
            DecisionEffect(record=each, slope=pile.slope(each.at))
            for each in decisions
            if each.decision is not Decision.FALSE_ALARM
        ),
        echo=_echo(store, incident, post, gone_at, now) if gone_at else None,
        is_answer_assumed=answer_id is None and facts.answer_below is None,
        is_brand_wide=pile.thread is None,
        is_gone_seen=is_gone_seen,
    )


def _own_post(store: Store, incident: Incident) -> Mention | None:
    if incident.post is None:
        return None
    found = store.reads.mention_named(incident.post[0], incident.post[1], incident.brand)
    return found.mention if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pile:
    """Where hostile mentions of an incident are counted. thread None: among all about the brand."""

    store: Store
    incident: Incident
    thread: Place | None
    begun: datetime
    now: datetime

    def slope(self, at: datetime) -> Slope:
        """Return the pace before and after an instant."""
        since, until = max(self.begun, at - LONGEST_WINDOW), min(self.now, at + LONGEST_WINDOW)
        times = self.store.aftermath.hostile_times(self.incident.brand, since=since, until=until, thread=self.thread)
        platform = self.thread[0] if self.thread else None
        gaps = _gaps(self.store, self.incident.brand, since=since, until=until, platform=platform)
        return slope_of(Pile(times=times, since=self.begun, until=self.now, gaps=gaps), at)


def _tone(store: Store, incident: Incident, answer: Mention, begun: datetime, now: datetime) -> Tone:
    at = answer.posted_at
    until = min(now, at + _REPLIED_WITHIN)
    # Some platforms name the root of a thread, some only what is answered.
    roots = dict.fromkeys(each for each in (answer.id, answer.root_id, answer.parent_id) if each)
    later = [
        each
        for root in roots
        for each in store.aftermath.mentions(incident.brand, since=at, until=until, thread=(answer.platform, root))
    ]
    later.sort(key=lambda each: each.mention.posted_at)
    since = max(begun, at - LONGEST_WINDOW)
    earlier = store.aftermath.mentions(incident.brand, since=since, until=at, thread=incident.post)
    return tone_of(replies_below(answer, later), earlier)


def _gone(store: Store, incident: Incident, decisions: Sequence[DecisionRecord]) -> tuple[datetime | None, bool]:
    """Return when the own post was seen to be gone, or else decided to go, and which of the two it is."""
    if incident.post is None:
        return None, False
    seen_at = store.aftermath.gone_at(incident.brand, incident.post)
    if seen_at is not None:
        return seen_at, True
    return next((each.at for each in decisions if each.decision is Decision.DELETE), None), False


def _echo(store: Store, incident: Incident, post: Mention | None, gone_at: datetime, now: datetime) -> Echo:
    watched_since = store.recoveries.watched_since(incident.brand)
    since = min(gone_at, max(gone_at - LONGEST_ECHO, watched_since or gone_at - LONGEST_ECHO))
    until = min(now, gone_at + LONGEST_ECHO)
    return echo_of(
        store.aftermath.said(incident.brand, since=since, until=until),
        post.text if post else "",
        gone_at=gone_at,
        since=since,
        until=until,
        gaps=_gaps(store, incident.brand, since=since, until=until, platform=None),
    )


def _gaps(store: Store, brand: str, *, since: datetime, until: datetime, platform: str | None) -> tuple[Gap, ...]:
    """Return the gaps that could hide mentions: of one platform, or of any where none is named."""
    return tuple(
        each
        for each in store.sources.gaps(since=since, brand=brand)
        if each.started_at < until and platform in {None, each.platform}
    )
