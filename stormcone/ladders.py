"""Escalation of one incident, as pure functions: who is told next, reminders, what an acknowledgement is good for.

Under the life cycle in `stormcone.incidents`, which decides when a ladder begins and ends. The steps are frozen with
the incident, so that a change of the settings in the night skips nobody; distances between reminders are taken as they
are set now. Never reads a clock, never decides which people a step means.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from stormcone.config import EscalationSettings
from stormcone.models import Incident, Level, Moment, Rung, State, Transition

_CLIMBING = {State.OPEN, State.REOPENED}


def frozen(escalation: EscalationSettings) -> tuple[Rung, ...]:
    """Return the steps as they are kept with an incident."""
    return tuple(Rung(delay_seconds=step.delay_seconds, notify=step.notify) for step in escalation.steps)


def begun(current: Incident, escalation: EscalationSettings, at: datetime) -> Incident:
    """Return the incident with its ladder at the first step, which is told with the page itself, whatever its delay.

    Below a page no ladder runs.
    """
    ladder = current.ladder or frozen(escalation)
    following = _due_after(0, ladder, escalation, started_at=at, told_at=at) if current.level is Level.PAGE else None
    return replace(current, ladder=ladder, step=0, next_step_at=following, is_reminded=False)


def taken_over(current: Incident, escalation: EscalationSettings, at: datetime) -> Incident:
    """Return an acknowledged incident with the instant at which a page needs more than that."""
    is_owed = current.level is Level.PAGE and current.state is State.ACK
    due = at + timedelta(minutes=escalation.ack_minutes) if is_owed else None
    return replace(current, next_step_at=due, is_reminded=False)


def climb(current: Incident, escalation: EscalationSettings, *, at: datetime) -> Transition | None:
    """Return what is due by now: a step, a reminder, the end of a snooze or of an acknowledgement; None: nothing."""
    due = current.next_step_at
    if due is None or due > at:
        return None
    if current.state is State.ACK:
        return _ask_for_a_decision(current, escalation, at)
    if current.state not in _CLIMBING:
        return None
    if current.snoozed_until is not None:
        return _wake(current, escalation, at)
    ladder, step = current.ladder or frozen(escalation), current.step + 1
    if step >= len(ladder):
        why = "every step was told and nobody has acknowledged"
        following = at + timedelta(minutes=escalation.reminder_minutes)
        reminded = replace(current, next_step_at=following, updated_at=at)
        return Transition(at=at, moment=Moment.REMINDER, incident=reminded, why=why)
    started_at = due - timedelta(seconds=ladder[step].delay_seconds)
    following = _due_after(step, ladder, escalation, started_at=started_at, told_at=at)
    told = replace(current, ladder=ladder, step=step, next_step_at=following, updated_at=at)
    return Transition(at=at, moment=Moment.ESCALATED, incident=told)


def _ask_for_a_decision(current: Incident, escalation: EscalationSettings, at: datetime) -> Transition:
    """Remind whoever took the incident over; if that helps nothing, it is nobody's again."""
    since = int((at - (current.acknowledged_at or at)) / timedelta(minutes=1))
    said = f"{current.acknowledged_by} took it over {since} min ago and nothing was decided"
    awake = replace(current, snoozed_until=None, snoozed_by=None, updated_at=at)
    if not current.is_reminded:
        due = at + timedelta(minutes=escalation.unack_minutes)
        reminded = replace(awake, is_reminded=True, next_step_at=due)
        return Transition(at=at, moment=Moment.REMINDER, incident=reminded, why=said)
    state = State.REOPENED if current.reopened_count else State.OPEN
    loose = replace(awake, state=state, acknowledged_by=None, acknowledged_at=None)
    return Transition(
        at=at, moment=Moment.ESCALATED, incident=begun(loose, escalation, at), why=f"{said}: it begins anew"
    )


def _wake(current: Incident, escalation: EscalationSettings, at: datetime) -> Transition:
    """End a snooze: the step that had been told is reminded, and the ladder goes on from there."""
    ladder = current.ladder or frozen(escalation)
    step = min(current.step, len(ladder) - 1)
    started_at = at - timedelta(seconds=ladder[step].delay_seconds)
    following = _due_after(step, ladder, escalation, started_at=started_at, told_at=at)
    awake = replace(current, step=step, snoozed_until=None, snoozed_by=None, next_step_at=following, updated_at=at)
    return Transition(at=at, moment=Moment.REMINDER, incident=awake, why=f"{current.snoozed_by}'s snooze has ended")


def _due_after(
    step: int, ladder: tuple[Rung, ...], escalation: EscalationSettings, *, started_at: datetime, told_at: datetime
) -> datetime:
    """Return when the step after `step` is due; after the last one, the first reminder."""
    if step + 1 < len(ladder):
        return started_at + timedelta(seconds=ladder[step + 1].delay_seconds)
    return told_at + timedelta(minutes=escalation.reminder_minutes)
