from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.state import Status, Unknown, hoisted_level, judge
from stormcone.models import Incident, Kind, Level, SourceHealth, State, Trust

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def source(name: str = "file", *, answered_ago: float = 5) -> SourceHealth:
    at = NOW - timedelta(seconds=answered_ago)
    return SourceHealth(name=name, poll_seconds=60, started_at=at, last_success_at=at)


def incident(state: State, level: Level, level_now: Level) -> Incident:
    return Incident(
        brand="acme",
        state=state,
        level=level,
        level_now=level_now,
        kind=Kind.BACKLASH,
        severity=3,
        headline="acme: backlash",
        opened_at=NOW,
        updated_at=NOW,
    )


def status(**changes: Any) -> Status:
    facts: dict[str, Any] = {
        "verdict_level": Level.CALM,
        "verdict_at": NOW - timedelta(minutes=4),
        "trust": Trust.SETTLED,
        "incidents": [],
        "sources": [source()],
        "now": NOW,
        "bin_minutes": 5,
    }
    return judge(**(facts | changes))


def test_fresh_verdict_of_a_working_source_is_shown_as_it_is() -> None:
    assert status().shown is Level.CALM


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"verdict_level": None, "verdict_at": None, "trust": None}, Unknown.NO_VERDICT),
        ({"verdict_at": NOW - timedelta(minutes=15, seconds=1)}, Unknown.OLD_VERDICT),
        ({"sources": []}, Unknown.NO_SOURCE),
        ({"sources": [source(answered_ago=500), source("x", answered_ago=900)]}, Unknown.SOURCES_DOWN),
        ({"trust": Trust.STALE}, Unknown.STALE),
    ],
)
def test_what_is_not_known_is_never_calm(changes: dict[str, Any], reason: Unknown) -> None:
    judged = status(**changes)
    assert judged.shown is None
    assert reason in judged.unknown


def test_verdict_of_exactly_three_steps_ago_still_counts() -> None:
    assert status(verdict_at=NOW - timedelta(minutes=15)).shown is Level.CALM


def test_calm_is_not_claimed_while_a_source_is_silent() -> None:
    shown = status(sources=[source(), source("x", answered_ago=900)])
    assert (shown.shown, shown.unknown) == (None, (Unknown.SOURCE_SILENT,))


def test_a_storm_that_the_other_sources_see_is_shown_as_a_lower_bound() -> None:
    shown = status(verdict_level=Level.WARN, sources=[source(), source("x", answered_ago=900)])
    assert (shown.shown, shown.is_lower_bound) == (Level.WARN, True)


def test_late_data_overrides_a_page_but_keeps_it_as_last_known() -> None:
    judged = status(verdict_at=NOW - timedelta(hours=1), incidents=[incident(State.OPEN, Level.PAGE, Level.PAGE)])
    assert judged.shown is None
    assert judged.level is Level.PAGE


def test_incident_on_a_post_outranks_a_calm_stream() -> None:
    assert status(incidents=[incident(State.OPEN, Level.PAGE, Level.PAGE)]).shown is Level.PAGE


def test_pause_inside_a_storm_does_not_lower_the_level() -> None:
    assert hoisted_level(incident(State.ACK, Level.PAGE, Level.CALM)) is Level.PAGE


def test_cooling_incident_follows_the_newest_verdict() -> None:
    assert hoisted_level(incident(State.COOLING, Level.PAGE, Level.WATCH)) is Level.WATCH


def test_warming_up_is_named_beside_the_level() -> None:
    judged = status(trust=Trust.WARMING_UP)
    assert judged.shown is Level.CALM
    assert judged.is_warming_up


@pytest.mark.parametrize("trust", [Trust.GAP, Trust.SATURATED])
def test_missing_mentions_make_a_lower_bound(trust: Trust) -> None:
    assert status(trust=trust).is_lower_bound
