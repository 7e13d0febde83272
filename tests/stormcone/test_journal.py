import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from stormcone.journal import iso, read_verdict, transition_line, verdict_line
from stormcone.models import Forecast, Level, Moment, Trust
from tests.fakes import AT, make_incident, make_transition, make_verdict

CONTRACT = {
    "at",
    "brand",
    "incident",
    "post",
    "state",
    "level",
    "kind",
    "severity",
    "headline",
    "reasons",
    "forecast",
    "advice",
}
HOSTILE = 'acme: "quoted"\n\u202e \U0001f525 \u2028 </script>'


def test_a_transitions_line_has_every_key_of_the_contract() -> None:
    line = json.loads(transition_line(make_transition(make_incident(id=7))))
    assert set(line) >= CONTRACT
    assert {key: line[key] for key in CONTRACT - {"reasons", "forecast", "advice"}} == {
        "at": "2026-03-02T12:00:00Z",
        "brand": "acme",
        "incident": 7,
        "post": "post-1",
        "state": "open",
        "level": "page",
        "kind": "backlash",
        "severity": 3,
        "headline": "acme: page",
    }
    assert [set(reason) >= {"signal", "value", "expected", "text"} for reason in line["reasons"]] == [True, True]
    assert set(line["forecast"]) == {"1h", "3h", "6h"}
    assert line["forecast"]["3h"] == {"low": 30.0, "mid": 61.5, "high": 120.0}
    assert set(line["advice"]) == {"action", "also", "within_minutes", "because", "precedents", "avoid", "ask"}
    assert line["advice"]["action"] == "hold"
    assert set(line["advice"]["because"][0]) == {"rule", "text", "source"}
    assert line["event"] == "opened"


def test_a_transition_by_a_person_has_the_same_keys_and_says_who_and_why() -> None:
    transition = make_transition(moment=Moment.ACKNOWLEDGED, verdict=None, by="ann", why="hold: wait")
    line = json.loads(transition_line(transition))
    assert set(line) >= CONTRACT
    assert (line["by"], line["why"], line["reasons"], line["forecast"]) == ("ann", "hold: wait", [], {})


def test_an_incident_of_the_stream_has_no_post() -> None:
    assert json.loads(transition_line(make_transition(make_incident(post=None))))["post"] is None


@pytest.mark.parametrize("text", [HOSTILE, "", "x" * 100_000])
def test_a_line_stays_one_line_whatever_strangers_wrote(text: str) -> None:
    verdict = make_verdict(headline=text)
    line = transition_line(make_transition(make_incident(headline=text), verdict=verdict))
    assert "\n" not in line
    assert json.loads(line)["headline"] == text
    assert read_verdict(verdict_line(verdict)).headline == text


@pytest.mark.parametrize("level", Level)
def test_a_verdict_reads_back_as_it_was_written(level: Level) -> None:
    verdict = make_verdict(level, trust=Trust.GAP, is_settling=True)
    stored = read_verdict(verdict_line(verdict))
    assert (stored.at, stored.level, stored.kind, stored.severity) == (
        verdict.at,
        level.word,
        verdict.kind.value,
        verdict.severity,
    )
    for name in ("headline", "trust", "reasons", "forecast", "advice", "is_settling"):
        assert getattr(stored, name) == getattr(verdict, name)
    for name in ("voices_now", "voices_usual", "against_now", "velocity_per_minute"):
        assert getattr(stored, name) == getattr(verdict, name)


def test_a_transitions_line_reads_back_as_a_verdict_too() -> None:
    transition = make_transition()
    assert read_verdict(transition_line(transition)) == read_verdict(verdict_line(make_verdict()))


def test_figures_are_written_as_precisely_as_they_are_shown() -> None:
    reason = replace(make_verdict().reasons[0], value=1 / 3, expected=2 / 3)
    stored = read_verdict(verdict_line(make_verdict(reasons=(reason,), forecast=Forecast(bands=()))))
    assert (stored.reasons[0].value, stored.reasons[0].expected) == (0.3333, 0.6667)
    assert stored.forecast.bands == ()


def test_instants_are_written_in_utc_to_the_second() -> None:
    helsinki = datetime(2026, 3, 2, 14, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert iso(helsinki) == iso(AT) == "2026-03-02T12:00:00Z"
    assert datetime.fromisoformat(iso(AT)) == AT.astimezone(UTC)
