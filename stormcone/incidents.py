"""The life of an incident, as pure functions: what a verdict, a person or the clock makes of it.

    open ──> ack ──> cooling ──> resolved
      └───────────────^   │          │
             reopened <───┴──────────┘   (a new storm while cooling, or soon after the end)

Called by the pipeline, the command line and the dashboard; the result is written by the store in one transaction with
its notices. Never reads a clock, never writes, never decides who is told.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stormcone.config import DetectorSettings, EscalationSettings
from stormcone.errors import UsageError
from stormcone.ladders import begun, climb, frozen, taken_over
from stormcone.models import Decision, Incident, Kind, Level, Moment, State, Transition, Verdict
from stormcone.waves import (
    ended_within,
    in_waves,
    is_first_page,
    is_last_of_it,
    is_same_matter,
    why_reopened,
    without_relief,
)

# A storm that was angry does not become praise because its last hour is mild: a kind gives way to a firmer one only.
_FIRMNESS = {
    Kind.UNCLEAR: 0,
    Kind.NEWS: 1,
    Kind.PRAISE: 2,
    Kind.CAMPAIGN: 2,
    Kind.BACKLASH: 3,
    Kind.SERVICE: 3,
    Kind.BRIGADE: 3,
}
_CONTRADICTION = 2.0  # times the peak a person judged, before the machine may disagree
_MORE = 3.0  # times the velocity people were paged with, before they are paged again
_NEW_FACTS = {  # readings that page again when they join a storm
    "severity:second_platform": "a new platform",
    "severity:reach": "a large account",
}
_LONGEST_SNOOZE_MINUTES = 240.0
_DEFAULTS = EscalationSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an observation made of an incident.

    incident: as it should be stored; None where there is nothing to remember. transition: what to tell, None where
    only inner figures (peak, quiet times) moved.
    """

    incident: Incident | None = None
    transition: Transition | None = None


def observe(
    current: Incident | None, verdict: Verdict, rules: DetectorSettings, escalation: EscalationSettings
) -> Change:
    """Return what a verdict makes of the incident of its post (or stream).

    Args: current: the live incident, or one resolved lately, or None.
    """
    if current is None or (current.state is State.RESOLVED and not _is_remembered(current, verdict, rules)):
        return _open(verdict, escalation) if _opens(verdict) else Change()
    verdict = without_relief(current, verdict, rules)
    if current.state is State.RESOLVED:
        return _after_the_end(current, verdict, rules, escalation)
    followed = _follow(current, verdict, escalation)
    moved = _move_on(current, followed, verdict, rules, escalation)
    if moved is not None:
        return moved
    why = why_paged_again(current, verdict)
    if why is not None:
        return _told(_paged(followed, verdict), Moment.UPDATED, verdict, why=why)
    if (followed.level, followed.kind, followed.severity) != (current.level, current.kind, current.severity):
        return _told(followed, Moment.UPDATED, verdict)
    is_news = replace(followed, updated_at=current.updated_at) != current
    return Change(incident=followed if is_news else None)


def _after_the_end(
    ended: Incident, verdict: Verdict, rules: DetectorSettings, escalation: EscalationSettings
) -> Change:
    """Return what a verdict makes of an incident that ended lately: a second wave, another storm, or nothing."""
    if ended.is_false_alarm:  # the same surge does not page again, one twice as fast does
        is_news = verdict.velocity_per_minute >= _CONTRADICTION * ended.peak_velocity_per_minute
    else:
        is_news = not is_last_of_it(ended, verdict, rules)
    if is_news and not is_same_matter(ended, verdict, rules):
        return _open(verdict, escalation) if _opens(verdict) else Change()
    if is_news and verdict.level >= Level.WARN:
        return _reopened(ended, ended, verdict, escalation)
    return Change()


def _move_on(
    current: Incident, followed: Incident, verdict: Verdict, rules: DetectorSettings, escalation: EscalationSettings
) -> Change | None:
    """Return the change to another state, None where the incident stays in its own."""
    if followed.state is State.COOLING and (
        _is_rising_again(followed, verdict, rules) or _reaches_page(current, verdict)
    ):
        return _reopened(current, followed, verdict, escalation)
    if _has_lasted(followed.calm_since, verdict.at, rules.resolve_minutes):
        ended = replace(followed, state=State.RESOLVED, resolved_at=verdict.at, next_step_at=None)
        return _told(ended, Moment.RESOLVED, verdict)
    if followed.state is not State.COOLING and _has_lasted(followed.settling_since, verdict.at, rules.cooling_minutes):
        cooled = replace(followed, state=State.COOLING, cooling_since=verdict.at, next_step_at=None)
        return _told(cooled, Moment.COOLING, verdict)
    return None


def why_paged_again(current: Incident, verdict: Verdict) -> str | None:
    """Return why people must be told again of an incident they know, None where the screen is enough.

    The friendly wave of a recovery is no reason, and while somebody has asked for quiet only a higher level is.
    """
    if verdict.level > current.level and verdict.level > Level.WATCH:
        return f"level up: {verdict.level.word}"
    is_storm = current.level is Level.PAGE and verdict.level is Level.PAGE
    if not is_storm or verdict.is_settling or not verdict.is_angry or current.is_snoozed(verdict.at):
        return None
    if current.paged_velocity_per_minute == 0.0:  # of an older database: nobody knows what they were paged with
        return None
    for reading in verdict.reasons:
        if reading.signal in _NEW_FACTS and reading.signal not in current.paged_facts:
            return f"{_NEW_FACTS[reading.signal]}: {reading.text}"
    if verdict.velocity_per_minute >= _MORE * current.paged_velocity_per_minute:
        return f"three times the mentions: {verdict.velocity_per_minute:.0f} a minute"
    return None


def acknowledge(current: Incident, *, by: str, at: datetime, escalation: EscalationSettings = _DEFAULTS) -> Transition:
    """Return the transition of a person taking the incident over; a page is theirs for as long as they act on it.

    Raises: UsageError: it is over, or somebody has it already.
    """
    _refuse_resolved(current)
    if current.acknowledged_by is not None:
        raise UsageError(f"incident {current.id}: {current.acknowledged_by} has acknowledged it already")
    state = State.COOLING if current.state is State.COOLING else State.ACK
    taken = replace(current, state=state, acknowledged_by=by, acknowledged_at=at, updated_at=at)
    return Transition(at=at, moment=Moment.ACKNOWLEDGED, incident=taken_over(taken, escalation, at), by=by)


def snooze(current: Incident, *, minutes: float, by: str, why: str, at: datetime) -> Transition:
    """Return the transition of a person asking for quiet; a higher level ends it early, as does the incident's end.

    Raises: UsageError: the incident is over, or the time is none that a snooze may last.
    """
    _refuse_resolved(current)
    if not 1 <= minutes <= _LONGEST_SNOOZE_MINUTES:
        raise UsageError(f"--minutes {minutes:g}: give 1 to {_LONGEST_SNOOZE_MINUTES:g}; longer is a silence")
    until = at + timedelta(minutes=minutes)
    quiet = replace(
        current,
        snoozed_until=until,
        snoozed_by=by,
        next_step_at=until if current.next_step_at is not None else None,
        updated_at=at,
    )
    said = f"{minutes:g} min: {why}" if why else f"{minutes:g} min"
    return Transition(at=at, moment=Moment.SNOOZED, incident=quiet, by=by, why=said)


def end_snooze(current: Incident, escalation: EscalationSettings, *, by: str, at: datetime) -> Transition:
    """Return the transition of a person ending the quiet: what a ladder owes is due at once.

    Raises: UsageError: the incident is over, or nobody wants quiet about it.
    """
    _refuse_resolved(current)
    if not current.is_snoozed(at):
        raise UsageError(f"incident {current.id}: nobody has asked for quiet about it, or it has ended")
    loud = replace(current, snoozed_until=at, updated_at=at)
    if current.state is State.ACK:
        owed = taken_over(loud, escalation, current.acknowledged_at or at).next_step_at
        loud = replace(loud, next_step_at=max(owed, at) if owed and current.next_step_at else current.next_step_at)
    elif current.next_step_at is not None:
        loud = replace(loud, next_step_at=at)
    return Transition(at=at, moment=Moment.SNOOZED, incident=loud, by=by, why=f"ended {current.snoozed_by}'s snooze")


def decide(current: Incident, decision: Decision, *, by: str, why: str, at: datetime) -> Transition:
    """Return the transition of a person's decision; a false alarm closes the incident, all else acknowledges it.

    Raises: UsageError: the incident is over.
    """
    _refuse_resolved(current)
    said = f"{decision.value}: {why}" if why else decision.value
    if decision is Decision.FALSE_ALARM:
        closed = replace(
            current, state=State.RESOLVED, resolved_at=at, next_step_at=None, updated_at=at, is_false_alarm=True
        )
        return Transition(at=at, moment=Moment.RESOLVED, incident=closed, by=by, why=said)
    decided = replace(
        current,
        state=State.ACK if current.state in {State.OPEN, State.REOPENED} else current.state,
        acknowledged_by=current.acknowledged_by or by,
        acknowledged_at=current.acknowledged_at or at,
        next_step_at=None,
        updated_at=at,
    )
    return Transition(at=at, moment=Moment.DECIDED, incident=decided, by=by, why=said)


def escalate(current: Incident, escalation: EscalationSettings, *, at: datetime) -> Transition | None:
    """Return what is due by now: the next step, a reminder, an acknowledgement that ran out; None: nothing."""
    return climb(current, escalation, at=at)


def _opens(verdict: Verdict) -> bool:
    """An own post under suspicion is an incident at once; the stream's everyday watches stay on the screen."""
    return verdict.level >= Level.WATCH and (verdict.post is not None or verdict.is_rare)


def _open(verdict: Verdict, escalation: EscalationSettings) -> Change:
    opened = Incident(
        brand=verdict.brand,
        post=verdict.post,
        state=State.OPEN,
        level=verdict.level,
        level_now=verdict.level,
        kind=verdict.kind,
        severity=verdict.severity,
        headline=verdict.headline,
        opened_at=verdict.at,
        updated_at=verdict.at,
        peak_velocity_per_minute=verdict.velocity_per_minute,
    )
    return _told(_paged(begun(opened, escalation, verdict.at), verdict), Moment.OPENED, verdict)


def _reopened(before: Incident, followed: Incident, verdict: Verdict, escalation: EscalationSettings) -> Change:
    """A second wave: whoever had it must be told anew. Args: before: as it stood when the verdict came."""
    is_wave = not (before.is_false_alarm or is_first_page(before, verdict))
    reopened = _reopen(followed, verdict, escalation, is_wave=is_wave)
    return _told(reopened, Moment.REOPENED, verdict, why=why_reopened(before, verdict))


def _reopen(current: Incident, verdict: Verdict, escalation: EscalationSettings, *, is_wave: bool) -> Incident:
    reopened_count = current.reopened_count + is_wave
    reopened = replace(
        current,
        state=State.REOPENED,
        level=verdict.level if current.state is State.RESOLVED else max(current.level, verdict.level),
        level_now=verdict.level,
        kind=_kind(current, verdict, rises=True)[0],
        pending_kind=None,
        severity=max(current.severity, verdict.severity),
        headline=in_waves(reopened_count, verdict.headline),
        updated_at=verdict.at,
        peak_velocity_per_minute=max(current.peak_velocity_per_minute, verdict.velocity_per_minute),
        cooling_since=None,
        settling_since=None,
        calm_since=None,
        resolved_at=None,
        is_false_alarm=False,
        acknowledged_by=None,
        acknowledged_at=None,
        reopened_count=reopened_count,
        snoozed_until=None,
        snoozed_by=None,
        paged_velocity_per_minute=0.0,
        paged_facts=(),
        ladder=frozen(escalation),
    )
    return _paged(begun(reopened, escalation, verdict.at), verdict)


def _paged(current: Incident, verdict: Verdict) -> Incident:
    """Return the incident with what is known as people are paged; below a page there is nothing to compare with."""
    if current.level is not Level.PAGE:
        return current
    facts = [each.signal for each in verdict.reasons if each.signal in _NEW_FACTS]
    return replace(
        current,
        paged_velocity_per_minute=max(current.paged_velocity_per_minute, verdict.velocity_per_minute),
        paged_facts=tuple(dict.fromkeys([*current.paged_facts, *facts])),
    )


def _follow(current: Incident, verdict: Verdict, escalation: EscalationSettings) -> Incident:
    """Bring the inner figures up to the verdict: level and severity rise, a kind is believed when seen twice."""
    rises = verdict.level > current.level
    is_calm = verdict.level is Level.CALM
    kind, pending = _kind(current, verdict, rises=rises)
    speaks = rises or (not is_calm and verdict.level >= current.level_now)
    followed = replace(
        current,
        level=max(current.level, verdict.level),
        level_now=verdict.level,
        kind=kind,
        pending_kind=pending,
        severity=current.severity if is_calm else max(current.severity, verdict.severity),
        headline=in_waves(current.reopened_count, verdict.headline) if speaks else current.headline,
        updated_at=verdict.at,
        peak_velocity_per_minute=max(current.peak_velocity_per_minute, verdict.velocity_per_minute),
        settling_since=_since(current.settling_since, verdict.at, holds=is_calm or verdict.is_settling),
        calm_since=_since(current.calm_since, verdict.at, holds=is_calm),
        snoozed_until=None if rises else current.snoozed_until,
        snoozed_by=None if rises else current.snoozed_by,
    )
    if _reaches_page(current, verdict):
        return begun(followed, escalation, verdict.at)
    return taken_over(followed, escalation, verdict.at) if rises else followed


def _kind(current: Incident, verdict: Verdict, *, rises: bool) -> tuple[Kind, Kind | None]:
    """Return the kind to believe, and the one that was seen once."""
    was_angry = _FIRMNESS[current.kind] == _FIRMNESS[Kind.BACKLASH]
    is_weaker = _FIRMNESS[verdict.kind] < _FIRMNESS[current.kind]
    is_over = current.state is State.COOLING and not rises  # the few who are left over say little of the storm
    is_same = verdict.level is Level.CALM or verdict.kind is current.kind
    if is_same or is_over or (is_weaker and (was_angry or not rises)):
        return current.kind, None
    if rises or verdict.kind is current.pending_kind:
        return verdict.kind, None
    return current.kind, verdict.kind


def _since(before: datetime | None, at: datetime, *, holds: bool) -> datetime | None:
    return (before or at) if holds else None


def _has_lasted(since: datetime | None, at: datetime, minutes: float) -> bool:
    return since is not None and at - since >= timedelta(minutes=minutes)


def _is_rising_again(current: Incident, verdict: Verdict, rules: DetectorSettings) -> bool:
    """True for a new storm inside a cooling incident; the friendly wave of a recovery is none."""
    return (
        verdict.level >= max(Level.WARN, current.level)
        and not verdict.is_settling
        and verdict.velocity_per_minute >= rules.escalate_share * current.peak_velocity_per_minute
    )


def _reaches_page(current: Incident, verdict: Verdict) -> bool:
    """True where people are paged for the first time and nobody has it: from here the ladder must run."""
    return verdict.level is Level.PAGE and current.level < Level.PAGE and current.acknowledged_by is None


def _is_remembered(ended: Incident, verdict: Verdict, rules: DetectorSettings) -> bool:
    """True while a new storm may belong to the incident; what a person called false is no first wave for long."""
    hours = min(rules.aftermath_hours, rules.reopen_hours) if ended.is_false_alarm else rules.reopen_hours
    return ended_within(ended, verdict.at, hours)


def _refuse_resolved(current: Incident) -> None:
    if current.state is State.RESOLVED:
        raise UsageError(f"incident {current.id}: it is resolved; nothing is left to decide")


def _told(incident: Incident, moment: Moment, verdict: Verdict, *, why: str | None = None) -> Change:
    transition = Transition(at=verdict.at, moment=moment, incident=incident, verdict=verdict, why=why)
    return Change(incident=incident, transition=transition)
