"""What an incident that ended, or is about to, makes of those who come again."""

from dataclasses import replace

import pytest

from stormcone.incidents import Change, observe
from stormcone.models import Kind, Level, Moment, State
from tests.fakes import at, make_incident, make_verdict
from tests.stormcone.lives import LADDER, RULES, Life, cooling, resolved

DAY = 24 * 60  # minutes
CALM, WATCH, WARN, PAGE = Level


@pytest.mark.parametrize(("minutes", "told"), [(130 + DAY, Moment.REOPENED), (130 + DAY + 0.1, Moment.OPENED)])
def test_a_second_storm_reopens_within_a_day_and_is_a_new_incident_after(minutes: float, told: Moment) -> None:
    life = resolved()
    life.incident = replace(life.now, id=7, pending_kind=Kind.NEWS)
    assert life.see(WARN, minutes, kind=Kind.SERVICE) is told
    if told is Moment.REOPENED:
        assert (life.now.id, life.now.level, life.now.resolved_at) == (7, WARN, None)
        assert (life.now.kind, life.now.pending_kind) == (Kind.SERVICE, None)
        assert life.now.next_step_at is None  # a warning has no ladder
    else:
        assert (life.now.id, life.now.opened_at, life.now.reopened_count) == (None, at(minutes), 0)


def test_waves_are_counted_and_named_until_the_end() -> None:
    life = resolved()
    assert life.see(PAGE, 300) is Moment.REOPENED
    assert life.now.headline == "Second wave: acme: page"
    life.see(PAGE, 310, headline="acme: worse")
    assert life.now.headline == "Second wave: acme: worse"
    assert life.see_each(CALM, [320, 350, 440]) == [None, Moment.COOLING, Moment.RESOLVED]
    assert life.now.headline == "Second wave: acme: worse"
    assert life.see(PAGE, 600) is Moment.REOPENED
    assert (life.now.reopened_count, life.now.headline) == (2, "Third wave: acme: page")


def test_why_it_was_reopened_goes_with_the_transition() -> None:
    life = resolved()
    change = observe(life.now, make_verdict(PAGE, 250), RULES, LADDER)
    assert change.transition is not None
    assert change.transition.why == "a new storm 2 h 0 min after the end"


def test_another_kind_of_storm_in_the_stream_is_another_incident() -> None:
    life = Life(replace(resolved().now, post=None))
    assert life.see(PAGE, 600, post=None, is_rare=True, kind=Kind.SERVICE) is Moment.OPENED
    same = Life(replace(resolved().now, post=None))
    assert same.see(PAGE, 600, post=None, is_rare=True) is Moment.REOPENED


@pytest.mark.parametrize(("velocity", "told"), [(0.9, None), (1.1, Moment.REOPENED)])
def test_the_last_of_a_storm_is_no_second_wave(velocity: float, told: Moment | None) -> None:
    life = resolved()  # its peak was 10 a minute, and it has been calm since 10
    assert life.see(PAGE, 10 + 120, velocity_per_minute=velocity) is told


def test_relief_while_cooling_is_calm_and_lets_it_end() -> None:
    life = cooling()
    told = life.see_each(PAGE, [60, 120, 180], is_angry=False, velocity_per_minute=15.0)
    assert told == [None, None, Moment.RESOLVED]
    assert (life.now.level, life.now.next_step_at) == (PAGE, None)


def test_relief_does_not_page_whom_a_warning_spared() -> None:
    life = Life(make_incident(State.COOLING, WARN))
    assert life.see_each(PAGE, [10, 20], is_angry=False) == [None, None]
    assert life.now.level is WARN


def test_calm_after_the_end_changes_nothing() -> None:
    life = resolved()
    assert observe(life.now, make_verdict(CALM, 140), RULES, LADDER) == Change()


def test_praise_after_the_end_does_not_reopen() -> None:
    life = resolved()
    assert life.see(WATCH, 140, kind=Kind.PRAISE, velocity_per_minute=99.0) is not Moment.REOPENED
