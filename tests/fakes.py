"""Invented mentions, verdicts, incidents and notices that tests build on.

Imported by tests as `from tests.fakes import make_mention`. Every builder returns something sound; a test names only
what it is about. Never reads a clock, never draws at random.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from stormcone.models import (
    Action,
    Advice,
    Avoid,
    Axis,
    Because,
    Confidence,
    Forecast,
    ForecastBand,
    Incident,
    Kind,
    Level,
    Mention,
    Moment,
    Notice,
    Precedent,
    Reading,
    ScoredMention,
    Scores,
    State,
    Transition,
    Trust,
    Verdict,
    Vote,
)

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday at noon
POST = ("x", "post-1")


def at(minutes: float = 0.0) -> datetime:
    """Return the instant so many minutes after AT."""
    return AT + timedelta(minutes=minutes)


def make_mention(identifier: str = "1", **changes: Any) -> Mention:
    """Return a reply by a stranger to an own post of acme."""
    mention = Mention(
        platform="x",
        id=identifier,
        brand="acme",
        posted_at=AT,
        seen_at=AT,
        text="this was not your best idea",
        author="stranger",
        parent_id=POST[1],
        root_id=POST[1],
    )
    return replace(mention, **changes)


def make_own_post(identifier: str = POST[1], **changes: Any) -> Mention:
    """Return a post that acme published."""
    return make_mention(
        identifier, **({"is_own_post": True, "author": "acme", "parent_id": None, "root_id": None} | changes)
    )


def make_scored(
    mention: Mention | None = None,
    *,
    hostility: float = 0.75,
    voice: float = 1.0,
    is_copy: bool = False,
    confidence: Confidence = Confidence.NORMAL,
    is_stranger: bool | None = None,
    is_personal: bool | None = None,
) -> ScoredMention:
    """Return a mention with scores and a vote; figures are sums of powers of two, so that adding them is exact."""
    negative = 0.5 if hostility >= 0.5 else 0.25
    scores = Scores(
        p_negative=negative,
        p_neutral=0.75 - negative,
        p_positive=0.25,
        compound=-0.5,
        hostility=hostility,
        cues=("contempt", "demand") if hostility >= 0.5 else (),
        lang="en",
        scorer="invented 1",
        confidence=confidence,
    )
    vote = Vote(
        voice=voice,
        against=voice * hostility,
        thread_voice=voice,
        thread_against=voice * hostility,
        is_copy=is_copy,
        is_stranger=is_stranger,
        is_personal=is_personal,
    )
    return ScoredMention(mention=mention or make_mention(), scores=scores, vote=vote)


def make_verdict(level: Level = Level.PAGE, minutes: float = 0.0, **changes: Any) -> Verdict:
    """Return a verdict on the own post POST, so many minutes after AT."""
    verdict = Verdict(
        brand="acme",
        at=at(minutes),
        level=level,
        kind=Kind.BACKLASH,
        severity=1 if level is Level.CALM else 3,
        headline=f"acme: {level.word}",
        reasons=(
            Reading(signal="velocity", axis=Axis.VOLUME, value=42.0, expected=3.5, text="42 where 3.5 are usual"),
            Reading(signal="reach", axis=Axis.HARM, value=9000.0, expected=None, text="one has 9,000 followers"),
        ),
        trust=Trust.SETTLED,
        forecast=Forecast(
            bands=tuple(
                ForecastBand(horizon=timedelta(hours=hours), low=10.0 * hours, mid=20.5 * hours, high=40.0 * hours)
                for hours in (1, 3, 6)
            )
        ),
        advice=Advice(
            action=Action.HOLD,
            within_minutes=30,
            because=(Because(rule="hold-first", text="The cause is not known yet.", source="house rule"),),
            also=(Action.PAUSE_QUEUE,),
            precedents=(Precedent(case="the blue cup", year=2019, did="waited", lesson="waiting was right"),),
            avoid=(Avoid.JOKE,),
            ask=("Is it true?",),
        ),
        post=POST,
        voices_now=40.0,
        voices_usual=3.5,
        against_now=25.25,
        velocity_per_minute=0.0 if level is Level.CALM else 10.0,
    )
    return replace(verdict, **changes)


def make_incident(state: State = State.OPEN, level: Level = Level.PAGE, **changes: Any) -> Incident:
    """Return an incident on the own post POST that is not stored yet."""
    incident = Incident(
        brand="acme",
        post=POST,
        state=state,
        level=level,
        level_now=level,
        kind=Kind.BACKLASH,
        severity=3,
        headline=f"acme: {level.word}",
        opened_at=AT,
        updated_at=AT,
        peak_velocity_per_minute=10.0,
    )
    return replace(incident, **changes)


def make_transition(incident: Incident | None = None, moment: Moment = Moment.OPENED, **changes: Any) -> Transition:
    """Return the transition that made `incident` what it is."""
    transition = Transition(at=AT, moment=moment, incident=incident or make_incident(), verdict=make_verdict())
    return replace(transition, **changes)


def make_notice(key: str = "n1", incident_id: int = 1, **changes: Any) -> Notice:
    """Return a notice to nobody in particular, due at once."""
    notice = Notice(
        key=key,
        incident_id=incident_id,
        moment=Moment.OPENED,
        to=None,
        channel="hook",
        message_json='{"headline": "acme: page"}',
        created_at=AT,
    )
    return replace(notice, **changes)
