"""What keeps a page from being forgotten: reminders, acknowledgements that run out, snoozes, pages for news only."""

from dataclasses import replace
from typing import Any

import pytest

from stormcone.errors import UsageError
from stormcone.incidents import escalate, observe, snooze
from stormcone.models import Axis, Decision, Incident, Level, Moment, Reading, State, Transition
from tests.fakes import at, make_verdict
from tests.stormcone.lives import LADDER, RULES, Life, cooling, paged, resolved

WARN, PAGE = Level.WARN, Level.PAGE
PLATFORM = Reading(signal="severity:second_platform", axis=Axis.HARM, value=5.0, expected=0.0, text="spread to reddit")
REACH = Reading(signal="severity:reach", axis=Axis.HARM, value=9e5, expected=None, text="900,000 followers")


def due(incident: Incident, minutes: float) -> Transition:
    transition = escalate(incident, LADDER, at=at(minutes))
    assert transition is not None
    return transition


def snoozed(life: Life, minutes: float, *, at_minutes: float) -> Incident:
    quiet = snooze(life.now, minutes=minutes, by="ann", why="in a meeting", at=at(at_minutes))
    assert (quiet.moment, quiet.by, quiet.why) == (Moment.SNOOZED, "ann", f"{minutes:g} min: in a meeting")
    life.incident = quiet.incident
    return quiet.incident


def test_an_acknowledgement_without_a_decision_is_reminded_and_then_nobodys() -> None:
    life = paged()
    life.ack(3)
    assert not life.escalate(32.9)
    reminder = due(life.now, 33)
    assert (reminder.moment, reminder.why) == (Moment.REMINDER, "ann took it over 30 min ago and nothing was decided")
    assert (reminder.incident.state, reminder.incident.acknowledged_by) == (State.ACK, "ann")
    assert reminder.incident.next_step_at == at(43)
    loose = due(reminder.incident, 43)
    assert (loose.moment, loose.incident.state, loose.incident.acknowledged_by) == (Moment.ESCALATED, State.OPEN, None)
    assert (loose.incident.step, loose.incident.next_step_at) == (0, at(48))
    assert loose.why is not None
    assert loose.why.startswith("ann took it over 40 min ago")


def test_what_was_decided_stays_with_whoever_decided() -> None:
    life = paged()
    life.ack(3)
    assert life.escalate(33)
    life.decide(Decision.HOLD, 35)
    assert not life.escalate(9999)


def test_an_acknowledged_warning_owes_nothing() -> None:
    life = Life()
    life.see(WARN, 0)
    life.ack(1)
    assert life.now.next_step_at is None


def test_a_snooze_stops_the_ladder_which_goes_on_where_it_was() -> None:
    life = paged()
    assert life.escalate(5)
    assert snoozed(life, 30, at_minutes=6).is_snoozed(at(35.9))
    assert not life.escalate(35.9)
    awake = due(life.now, 36)
    assert (awake.moment, awake.why) == (Moment.REMINDER, "ann's snooze has ended")
    assert (awake.incident.step, awake.incident.snoozed_until, awake.incident.next_step_at) == (1, None, at(51))


def test_a_higher_level_ends_a_snooze_and_the_ladder_begins() -> None:
    life = Life()
    life.see(WARN, 0)
    snoozed(life, 60, at_minutes=1)
    assert life.now.next_step_at is None
    assert life.see(PAGE, 5) is Moment.UPDATED
    assert not life.now.is_snoozed(at(5))
    assert life.now.next_step_at == at(10)


def test_a_second_wave_ends_a_snooze() -> None:
    life = cooling()
    snoozed(life, 200, at_minutes=41)
    assert life.see(PAGE, 50) is Moment.REOPENED
    assert life.now.snoozed_until is None


def test_what_is_over_cannot_be_snoozed() -> None:
    with pytest.raises(UsageError, match="it is resolved"):
        snooze(resolved().now, minutes=5, by="ann", why="", at=at(131))


@pytest.mark.parametrize("minutes", [0, 0.5, -3, 241])
def test_a_snooze_has_bounds(minutes: float) -> None:
    with pytest.raises(UsageError, match="give 1 to 240; longer is a silence"):
        snooze(paged().now, minutes=minutes, by="ann", why="", at=at(1))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"velocity_per_minute": 29.9}, None),
        ({"velocity_per_minute": 30.0}, "three times the mentions: 30 a minute"),
        ({"reasons": (PLATFORM,)}, "a new platform: spread to reddit"),
        ({"reasons": (REACH,)}, "a large account: 900,000 followers"),
        ({"reasons": (REACH,), "is_settling": True}, None),
        ({"reasons": (REACH,), "is_angry": False}, None),
        ({"reasons": (REACH,), "level": WARN}, None),
    ],
)
def test_only_a_named_reason_pages_again(changes: dict[str, Any], why: str | None) -> None:
    verdict = replace(make_verdict(PAGE, 5), **changes)
    change = observe(paged().now, verdict, RULES, LADDER)
    told = change.transition
    assert (told and told.moment, told and told.why) == ((Moment.UPDATED, why) if why else (None, None))


def test_a_reason_pages_once() -> None:
    life = paged()
    seen = [life.see(PAGE, minutes, reasons=(REACH, PLATFORM)) for minutes in (5, 6)]
    assert seen == [Moment.UPDATED, None]
    assert life.see(PAGE, 7, velocity_per_minute=31.0) is Moment.UPDATED
    assert life.see(PAGE, 8, velocity_per_minute=90.0) is None
    assert life.see(PAGE, 9, velocity_per_minute=93.0) is Moment.UPDATED


def test_a_snoozed_incident_pages_for_a_higher_level_only_and_for_the_rest_afterwards() -> None:
    life = paged()
    snoozed(life, 10, at_minutes=1)
    assert life.see(PAGE, 5, reasons=(REACH,)) is None
    assert life.see(PAGE, 12, reasons=(REACH,)) is Moment.UPDATED


def test_a_page_of_an_older_version_is_compared_with_nothing() -> None:
    old = replace(paged().now, paged_velocity_per_minute=0.0, ladder=())
    assert observe(old, make_verdict(PAGE, 5, velocity_per_minute=99.0), RULES, LADDER).transition is None
    assert due(old, 5).incident.step == 1


def test_a_risen_level_is_the_named_reason() -> None:
    life = Life()
    life.see(WARN, 0)
    change = observe(life.now, make_verdict(PAGE, 5), RULES, LADDER)
    assert change.transition is not None
    assert change.transition.why == "level up: page"
