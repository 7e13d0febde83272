import doctest
from dataclasses import replace

import pytest

from stormcone import waves
from stormcone.config import DetectorSettings
from stormcone.models import Incident, Kind, Level, State
from tests.fakes import at, make_incident, make_verdict

RULES = DetectorSettings()  # relief for 6 hours, half of a tail forgotten every 70 minutes
COOLING = make_incident(State.COOLING)  # its peak was 10 mentions a minute
ENDED = make_incident(State.RESOLVED, calm_since=at(0), resolved_at=at(120))
FRIENDLY = make_verdict(Level.PAGE, 180, is_angry=False)


@pytest.mark.parametrize(
    ("current", "minutes", "velocity", "level"),
    [
        (COOLING, 180, 20.0, Level.CALM),
        (COOLING, 9999, 20.0, Level.CALM),
        (ENDED, 120 + 360, 20.0, Level.CALM),
        (ENDED, 120 + 360.1, 20.0, Level.PAGE),  # what comes later has nothing to do with the end
        (COOLING, 180, 20.1, Level.WARN),  # louder than relief is: worth a look, not a page
        (make_incident(State.OPEN), 180, 1.0, Level.PAGE),
        (make_incident(State.ACK), 180, 1.0, Level.PAGE),
        (make_incident(State.REOPENED), 180, 1.0, Level.PAGE),
    ],
)
def test_relief_after_a_storm_is_calm(current: Incident, minutes: float, velocity: float, level: Level) -> None:
    friendly = replace(FRIENDLY, at=at(minutes), velocity_per_minute=velocity)
    assert waves.without_relief(current, friendly, RULES).level is level
    angry = replace(friendly, is_angry=True)
    assert waves.without_relief(current, angry, RULES) == angry


def test_relief_never_makes_a_mild_verdict_worse() -> None:
    watch = replace(FRIENDLY, level=Level.WATCH, velocity_per_minute=99.0)
    assert waves.without_relief(COOLING, watch, RULES).level is Level.WATCH


@pytest.mark.parametrize(
    ("incident", "is_relief"),
    [
        (COOLING, True),
        (ENDED, True),
        (make_incident(State.OPEN), False),
        (make_incident(State.COOLING, kind=Kind.PRAISE), False),
        (make_incident(State.COOLING, peak_velocity_per_minute=1.0), False),
        (make_incident(State.RESOLVED, resolved_at=at(-200)), False),
    ],
)
def test_a_mild_surge_of_the_stream_is_the_relief_of_a_posts_storm(incident: Incident, *, is_relief: bool) -> None:
    surge = replace(FRIENDLY, post=None)
    assert waves.is_relief(surge, [incident], RULES) is is_relief
    assert not waves.is_relief(replace(surge, is_angry=True), [incident], RULES)
    assert not waves.is_relief(surge, [], RULES)


@pytest.mark.parametrize(
    ("minutes", "velocity", "is_last"),
    [
        (0, 3.2, True),  # a third of the peak, at once
        (0, 3.4, False),
        (70, 1.6, True),  # half of that, a half-life later
        (70, 1.7, False),
        (24 * 60, 0.01, False),  # a day later anything that warns is new
        (-30, 3.2, True),  # a clock that was set back
    ],
)
def test_how_much_is_a_tail_fades_with_time(minutes: float, velocity: float, *, is_last: bool) -> None:
    assert waves.is_last_of_it(ENDED, make_verdict(minutes=minutes, velocity_per_minute=velocity), RULES) is is_last


def test_a_post_is_one_matter_and_the_stream_has_one_for_each_kind_of_anger() -> None:
    stream = replace(ENDED, post=None)
    assert waves.is_same_matter(ENDED, make_verdict(kind=Kind.SERVICE), RULES)
    assert not waves.is_same_matter(stream, make_verdict(kind=Kind.SERVICE), RULES)
    assert waves.is_same_matter(stream, make_verdict(kind=Kind.BACKLASH), RULES)


@pytest.mark.parametrize(("hours", "same"), [(5, True), (20, False)])
def test_surge_of_unclear_mood_is_a_second_wave_only_within_hours(hours: float, *, same: bool) -> None:
    stream = replace(ENDED, post=None)
    later = make_verdict(minutes=120 + hours * 60, kind=Kind.UNCLEAR)
    assert waves.is_same_matter(stream, later, RULES) is same


@pytest.mark.parametrize(
    ("current", "minutes", "why"),
    [
        (COOLING, 50, "it rose again while it cooled"),
        (replace(COOLING, level=Level.WARN), 50, "it pages for the first time while it cools"),
        (ENDED, 120 + 125, "a new storm 2 h 5 min after the end"),
        (ENDED, 120 + 59, "a new storm 59 min after the end"),
        (replace(ENDED, is_false_alarm=True), 130, "far louder than what was called a false alarm"),
    ],
)
def test_why_it_is_back_is_said_in_words(current: Incident, minutes: float, why: str) -> None:
    assert waves.why_reopened(current, make_verdict(minutes=minutes)) == why


def test_examples_in_docstrings_hold() -> None:
    result = doctest.testmod(waves)
    assert (result.attempted, result.failed) == (2, 0)
