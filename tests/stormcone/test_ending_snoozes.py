"""Quiet that a person ends before its time: what the ladder owes is told at the next look."""

from dataclasses import replace
from datetime import timedelta

import pytest

from stormcone.config import EscalationSettings
from stormcone.errors import UsageError
from stormcone.incidents import acknowledge, end_snooze, escalate, snooze
from stormcone.ladders import begun
from stormcone.models import Moment, State
from tests.fakes import at, make_incident

LADDER = EscalationSettings()
PAGED = replace(begun(make_incident(), LADDER, at(0)), id=7)


def test_page_that_was_snoozed_is_reminded_at_the_next_look() -> None:
    quiet = snooze(PAGED, minutes=60, by="ann", why="", at=at(1)).incident
    assert escalate(quiet, LADDER, at=at(10)) is None
    ended = end_snooze(quiet, LADDER, by="bo", at=at(10))
    assert (ended.moment, ended.by, ended.why) == (Moment.SNOOZED, "bo", "ended ann's snooze")
    assert not ended.incident.is_snoozed(at(10))
    woken = escalate(ended.incident, LADDER, at=at(10))
    assert woken is not None
    assert woken.moment is Moment.REMINDER
    assert woken.incident.snoozed_until is None
    assert woken.incident.next_step_at is not None


def test_acknowledged_incident_keeps_the_time_its_decision_is_owed() -> None:
    taken = acknowledge(PAGED, by="ann", at=at(2), escalation=LADDER).incident
    quiet = snooze(taken, minutes=60, by="ann", why="", at=at(3)).incident
    owed = at(2) + timedelta(minutes=LADDER.ack_minutes)
    assert end_snooze(quiet, LADDER, by="ann", at=at(4)).incident.next_step_at == owed
    late = owed + timedelta(minutes=5)
    assert end_snooze(quiet, LADDER, by="ann", at=late).incident.next_step_at == late


def test_what_owes_nothing_owes_nothing_afterwards() -> None:
    decided = replace(PAGED, state=State.ACK, acknowledged_at=at(1), next_step_at=None)
    quiet = snooze(decided, minutes=60, by="ann", why="", at=at(2)).incident
    assert end_snooze(quiet, LADDER, by="ann", at=at(3)).incident.next_step_at is None


@pytest.mark.parametrize("minutes", [None, 5])
def test_quiet_that_is_none_cannot_be_ended(minutes: float | None) -> None:
    quiet = PAGED if minutes is None else snooze(PAGED, minutes=minutes, by="ann", why="", at=at(0)).incident
    with pytest.raises(UsageError, match="incident 7: nobody has asked for quiet about it, or it has ended"):
        end_snooze(quiet, LADDER, by="bo", at=at(6))


def test_resolved_incident_has_no_quiet_to_end() -> None:
    with pytest.raises(UsageError, match="resolved"):
        end_snooze(replace(PAGED, state=State.RESOLVED), LADDER, by="bo", at=at(6))
