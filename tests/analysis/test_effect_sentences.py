from typing import Any

import pytest

from analysis.effect_sentences import clock_line, effect_sentences, slope_sentence, tone_sentence
from analysis.incident_clock import clock_of
from analysis.intervals import wilson
from stormcone.models.effects import (
    ClockFacts,
    ClockTime,
    Echo,
    Hand,
    IncidentEffect,
    Pace,
    Passed,
    Sayable,
    Slope,
    Tone,
    Turn,
)
from stormcone.models.shares import Span
from tests.fakes import AT, at, make_incident, make_own_post


def slope(standing: Sayable = Sayable.KNOWN, **changes: Any) -> Slope:
    told: dict[str, Any] = {
        "before": Pace(count=120, per_hour=60.0, growth=-0.105),
        "after": Pace(count=48, per_hour=24.0, growth=-0.693),
        "ratio": Span(value=0.4, low=0.3, high=0.55),
        "turn": Turn.FELL,
        "bend": Span(value=-0.588, low=-0.9, high=-0.2),
        "bend_turn": Turn.FELL,
    }
    return Slope(at=AT, standing=standing, window_minutes=120.0, **(told | changes))


def effect(**changes: Any) -> IncidentEffect:
    facts = ClockFacts(
        incident=make_incident(),
        post=make_own_post(),
        events=(),
        decisions=(),
        notified_at=None,
        answer=None,
        answer_below=None,
        is_own_collected=True,
    )
    told: dict[str, Any] = {"answer": None, "slope": None, "tone": None, "decisions": (), "echo": None}
    return IncidentEffect(incident=facts.incident, measured_at=at(300), clock=clock_of(facts), **(told | changes))


def test_a_change_is_told_with_its_interval_and_without_a_cause() -> None:
    told = effect_sentences(effect(answer=make_own_post("s"), slope=slope()))
    changed, cause = told
    assert changed == (
        "After the answer: 120 hostile replies in the 2 h 0 min before, 48 in the 2 h 0 min after: fewer than before, "
        "-60 % (-70 % to -45 %). Their rate changed by -10 % an hour before and -50 % an hour after: the trend turned "
        "down."
    )
    assert cause == "This is what came after, not what caused it: most storms fade by themselves."


def test_no_answer_is_told_without_blame() -> None:
    assert effect_sentences(effect()) == (
        "No public answer of the brand is known, so there is no effect of one to measure.",
    )


@pytest.mark.parametrize("standing", [Sayable.TOO_EARLY, Sayable.NO_BEFORE, Sayable.GAP])
def test_what_cannot_be_said_has_no_figure(standing: Sayable) -> None:
    told = slope_sentence(slope(standing, before=None, after=None), "hostile replies")
    assert not any(each.isdigit() for each in told)


def test_few_are_counted_and_not_compared() -> None:
    told = slope_sentence(slope(Sayable.TOO_FEW), "hostile replies")
    assert told == "120 hostile replies in the 2 h 0 min before, 48 in the 2 h 0 min after: too few to say."


def test_a_storm_that_began_after_is_told_without_a_percentage() -> None:
    told = slope_sentence(slope(ratio=None, turn=Turn.ROSE), "hostile replies")
    assert told.endswith("that is more than chance.")


def test_the_tone_is_told_beside_that_before() -> None:
    below, before = wilson(3, 20, level=0.95), wilson(80, 100, level=0.95)
    told = tone_sentence(Tone(standing=Sayable.KNOWN, below=below, before=before, turn=Turn.FELL))
    assert told == (
        "3 of 20 people who replied to the statement were against: 15 % (likely 5 to 36 %); a smaller share than "
        "before it, 80 % (likely 71 to 87 %) of 100."
    )
    assert tone_sentence(Tone(standing=Sayable.TOO_FEW)) == "Nobody is known to have replied to the statement."
    assert tone_sentence(Tone(standing=Sayable.TOO_FEW, below=below)).endswith("too few to compare.")
    assert tone_sentence(Tone(standing=Sayable.NO_BEFORE, below=below)).endswith("too few spoke before it to compare.")


def test_a_deletion_that_nobody_saw_is_told_as_decided() -> None:
    echo = Echo(gone_at=AT, told=slope(), quoted=None, told_by_hour=(), quoted_by_hour=(), unread=2)
    told = " ".join(effect_sentences(effect(echo=echo)))
    assert "whether it is gone was not seen" in told
    assert "too few words to be recognised" in told
    assert "2 mentions since can no longer be read" in told
    assert "not seen" not in " ".join(effect_sentences(effect(echo=echo, is_gone_seen=True)))


def test_the_clock_names_what_has_not_happened() -> None:
    def line(at_minutes: float | None, standing: Passed) -> str:
        instant = None if at_minutes is None else at(at_minutes)
        return clock_line(ClockTime(hand=Hand.ANSWERED, at=instant, standing=standing, minutes=at_minutes))

    assert line(95, Passed.KNOWN) == "first public answer: after 1 h 35 min"
    assert line(0, Passed.KNOWN) == "first public answer: start of the clock"
    assert line(None, Passed.NEVER) == "first public answer: never"
