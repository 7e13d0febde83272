"""Turns records into table rows and back, in one place.

Used inside the store only. Strings are made storable at the edge (mention_file); here only shapes change.
"""

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Row as SqlRow

from stormcone.models import (
    BrandMinute,
    Confidence,
    Decision,
    DecisionRecord,
    Deletion,
    Engagement,
    Evidence,
    Gap,
    HeldFor,
    Incident,
    IncidentEvent,
    Kind,
    Level,
    Like,
    Mention,
    Moment,
    Notice,
    NoticeState,
    PostMinute,
    Rung,
    ScoredMention,
    Scores,
    Silence,
    State,
    Transition,
    Vote,
)
from stormcone.store.upserts import Row  # the shape rows are made in

_CUE_SEPARATOR = "\n"  # no cue's name holds a line feed


def of_scored(each: ScoredMention) -> Row:
    """Return the row of a scored mention."""
    m = each.mention
    return {
        "platform": m.platform,
        "id": m.id,
        "brand": m.brand,
        "posted_at": m.posted_at,
        "seen_at": m.seen_at,
        "checked_at": m.seen_at,
        "text": m.text,
        "author": m.author,
        "is_own_post": m.is_own_post,
        "parent_id": m.parent_id,
        "root_id": m.thread_id if not m.is_own_post else m.root_id,
        "likes": m.likes,
        "reposts": m.reposts,
        "replies": m.replies,
        "quotes": m.quotes,
        "author_followers": m.author_followers,
        "author_created_at": m.author_created_at,
        "lang": m.lang,
        "url": m.url,
        "account": m.account,
        **of_judgement(each.scores, each.vote),
    }


def of_judgement(scores: Scores, vote: Vote) -> Row:
    """Return the part of a mention's row that a scorer and a ballot make, and can make again."""
    return {
        "p_negative": scores.p_negative,
        "p_neutral": scores.p_neutral,
        "p_positive": scores.p_positive,
        "compound": scores.compound,
        "hostility": scores.hostility,
        "cues": _CUE_SEPARATOR.join(scores.cues),
        "scored_lang": scores.lang,
        "scorer": scores.scorer,
        "confidence": scores.confidence.value,
        "voice": vote.voice,
        "against": vote.against,
        "thread_voice": vote.thread_voice,
        "thread_against": vote.thread_against,
        "is_copy": vote.is_copy,
        "is_stranger": vote.is_stranger,
        "is_personal": vote.is_personal,
    }


def to_scored(row: SqlRow[Any]) -> ScoredMention:
    """Return the scored mention of a row of table `mention`."""
    return ScoredMention(
        mention=Mention(
            platform=row.platform,
            id=row.id,
            brand=row.brand,
            posted_at=row.posted_at,
            seen_at=row.seen_at,
            text=row.text,
            author=row.author,
            is_own_post=row.is_own_post,
            parent_id=row.parent_id,
            root_id=row.root_id,
            likes=row.likes,
            reposts=row.reposts,
            replies=row.replies,
            quotes=row.quotes,
            author_followers=row.author_followers,
            author_created_at=row.author_created_at,
            lang=row.lang,
            url=row.url,
            account=row.account,
        ),
        scores=Scores(
            p_negative=row.p_negative,
            p_neutral=row.p_neutral,
            p_positive=row.p_positive,
            compound=row.compound,
            hostility=row.hostility,
            cues=split_cues(row.cues),
            lang=row.scored_lang,
            scorer=row.scorer,
            confidence=Confidence(row.confidence),
        ),
        vote=Vote(
            voice=row.voice,
            against=row.against,
            thread_voice=row.thread_voice,
            thread_against=row.thread_against,
            is_copy=row.is_copy,
            is_stranger=row.is_stranger,
            is_personal=row.is_personal,
        ),
    )


def split_cues(joined: str) -> tuple[str, ...]:
    """Return the names of cues as they were stored."""
    return tuple(joined.split(_CUE_SEPARATOR)) if joined else ()


def of_engagement(each: Engagement) -> Row:
    """Return the row of an engagement snapshot."""
    return {name: getattr(each, name) for name in Engagement.__slots__}


def to_engagement(row: SqlRow[Any]) -> Engagement:
    """Return the engagement snapshot of a row."""
    return Engagement(**{name: getattr(row, name) for name in Engagement.__slots__})


def of_like(each: Like) -> Row:
    """Return the row of one of the brand's own likes."""
    return {name: getattr(each, name) for name in Like.__slots__}


def to_deletion(row: SqlRow[Any]) -> Deletion:
    """Return the deletion of a row."""
    return Deletion(platform=row.platform, id=row.id, brand=row.brand, seen_at=row.seen_at)


def to_like(row: SqlRow[Any]) -> Like:
    """Return one of the brand's own likes of a row."""
    return Like(**{name: getattr(row, name) for name in Like.__slots__})


def without_words(each: Mention) -> Mention:
    """Return a deleted mention as it may still be shown: that it was there, not what it said or who said it."""
    return replace(each, text="", author=None, url=None, author_created_at=None)


def of_gap(each: Gap) -> Row:
    """Return the row of a gap."""
    return {
        "platform": each.platform,
        "brand": each.brand or "",
        "place": each.place,
        "started_at": each.started_at,
        "ended_at": each.ended_at,
    }


def to_gap(row: SqlRow[Any]) -> Gap:
    """Return the gap of a row."""
    return Gap(
        platform=row.platform,
        brand=row.brand or None,
        started_at=row.started_at,
        ended_at=row.ended_at,
        place=row.place,
    )


def to_brand_minute(row: SqlRow[Any]) -> BrandMinute:
    """Return the brand's minute of a row."""
    return BrandMinute(**{name: getattr(row, name) for name in BrandMinute.__slots__})


def to_post_minute(row: SqlRow[Any]) -> PostMinute:
    """Return the post's minute of a row."""
    return PostMinute(**{name: getattr(row, name) for name in PostMinute.__slots__})


def of_incident(each: Incident) -> Row:
    """Return the row of an incident, without its id."""
    platform, post_id = each.post or ("", "")
    return {
        "brand": each.brand,
        "post_platform": platform,
        "post_id": post_id,
        "state": each.state.value,
        "level": int(each.level),
        "level_now": int(each.level_now),
        "kind": each.kind.value,
        "severity": each.severity,
        "headline": each.headline,
        "opened_at": each.opened_at,
        "updated_at": each.updated_at,
        "peak_velocity_per_minute": each.peak_velocity_per_minute,
        "cooling_since": each.cooling_since,
        "settling_since": each.settling_since,
        "calm_since": each.calm_since,
        "resolved_at": each.resolved_at,
        "acknowledged_by": each.acknowledged_by,
        "acknowledged_at": each.acknowledged_at,
        "pending_kind": each.pending_kind.value if each.pending_kind else None,
        "reopened_count": each.reopened_count,
        "is_false_alarm": each.is_false_alarm,
        "step": each.step,
        "next_step_at": each.next_step_at,
        "ladder": json.dumps([[rung.delay_seconds, *rung.notify] for rung in each.ladder]),
        "is_reminded": each.is_reminded,
        "snoozed_until": each.snoozed_until,
        "snoozed_by": each.snoozed_by,
        "paged_velocity_per_minute": each.paged_velocity_per_minute,
        "paged_facts": json.dumps(each.paged_facts),
        "version": each.version,
    }


def to_incident(row: SqlRow[Any]) -> Incident:
    """Return the incident of a row."""
    return Incident(
        id=row.id,
        brand=row.brand,
        post=(row.post_platform, row.post_id) if row.post_id else None,
        state=State(row.state),
        level=Level(row.level),
        level_now=Level(row.level_now),
        kind=Kind(row.kind),
        severity=row.severity,
        headline=row.headline,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        peak_velocity_per_minute=row.peak_velocity_per_minute,
        cooling_since=row.cooling_since,
        settling_since=row.settling_since,
        calm_since=row.calm_since,
        resolved_at=row.resolved_at,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
        pending_kind=Kind(row.pending_kind) if row.pending_kind else None,
        reopened_count=row.reopened_count,
        is_false_alarm=row.is_false_alarm,
        step=row.step,
        next_step_at=row.next_step_at,
        ladder=tuple(Rung(delay_seconds=delay, notify=tuple(names)) for delay, *names in json.loads(row.ladder)),
        is_reminded=row.is_reminded,
        snoozed_until=row.snoozed_until,
        snoozed_by=row.snoozed_by,
        paged_velocity_per_minute=row.paged_velocity_per_minute,
        paged_facts=tuple(json.loads(row.paged_facts)),
        version=row.version,
    )


def of_transition(each: Transition, incident_id: int, verdict_json: str | None) -> Row:
    """Return the row of an incident's event."""
    return {
        "incident_id": incident_id,
        "at": each.at,
        "moment": each.moment.value,
        "state": each.incident.state.value,
        "level": int(each.incident.level),
        "kind": each.incident.kind.value,
        "severity": each.incident.severity,
        "headline": each.incident.headline,
        "by": each.by,
        "why": each.why,
        "verdict_json": verdict_json,
    }


def to_event(row: SqlRow[Any]) -> IncidentEvent:
    """Return the incident's event of a row."""
    return IncidentEvent(
        incident_id=row.incident_id,
        at=row.at,
        moment=Moment(row.moment),
        state=State(row.state),
        level=Level(row.level),
        kind=Kind(row.kind),
        severity=row.severity,
        headline=row.headline,
        by=row.by,
        why=row.why,
        verdict_json=row.verdict_json,
    )


def to_decision(row: SqlRow[Any]) -> DecisionRecord:
    """Return the decision of a row."""
    return DecisionRecord(
        at=row.at, incident_id=row.incident_id, decision=Decision(row.decision), by=row.by, why=row.why
    )


def of_evidence(each: Evidence) -> Row:
    """Return the row of a piece of evidence."""
    values = {name: getattr(each, name) for name in Evidence.__slots__}
    return values | {"cues": json.dumps(each.cues), "confidence": each.confidence.value}


def to_evidence(row: SqlRow[Any]) -> Evidence:
    """Return the evidence of a row."""
    values = {name: getattr(row, name) for name in Evidence.__slots__}
    told = {"cues": tuple(json.loads(row.cues)), "confidence": Confidence(row.confidence)}
    return Evidence(**(values | told))


def of_notice(each: Notice) -> Row:
    """Return the row of a new notice."""
    values = {name: getattr(each, name) for name in Notice.__slots__}
    return values | {
        "moment": each.moment.value,
        "state": each.state.value,
        "urgency": None if each.urgency is None else int(each.urgency),
        "held_for": each.held_for.value if each.held_for else None,
    }


def to_notice(row: SqlRow[Any]) -> Notice:
    """Return the notice of a row."""
    values = {name: getattr(row, name) for name in Notice.__slots__}
    told = {
        "moment": Moment(row.moment),
        "state": NoticeState(row.state),
        "urgency": None if row.urgency is None else Level(row.urgency),
        "held_for": HeldFor(row.held_for) if row.held_for else None,
    }
    return Notice(**(values | told))


def of_silence(each: Silence) -> Row:
    """Return the row of a silence, without its id."""
    return {
        "brand": each.brand,
        "kind": each.kind.value if each.kind else None,
        "begins_at": each.begins_at,
        "until": each.until,
        "by": each.by,
        "why": each.why,
    }


def to_silence(row: SqlRow[Any]) -> Silence:
    """Return the silence of a row."""
    return Silence(
        id=row.id,
        brand=row.brand,
        kind=Kind(row.kind) if row.kind else None,
        begins_at=row.begins_at,
        until=row.until,
        by=row.by,
        why=row.why,
    )
