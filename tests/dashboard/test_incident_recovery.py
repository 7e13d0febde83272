"""The section Recovery of an incident's page: words for what is known, and a reason for what is not."""

import doctest
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.widgets import incident_recovery
from stormcone.models import Fading, Incident, LastingShift, Level, Recovery, RecoveryRecord, Shift, Standing, State
from tests.dashboard.seeding import Scene

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
NONE_LEFT = Shift(before=0.2, after=0.19, change=-0.01, low=-0.05, high=0.03)
SCAR = Shift(before=0.2, after=-0.1, change=-0.3, low=-0.4, high=-0.2)


def ended(scene: Scene, *, level: Level = Level.PAGE, is_false_alarm: bool = False) -> Incident:
    live = scene.with_incident(minutes_ago=60)
    over = replace(live, state=State.RESOLVED, resolved_at=scene.now, level=level, is_false_alarm=is_false_alarm)
    return scene.store.incidents.touch(over)


def measured(incident: Incident, *shifts: LastingShift, to_half: Fading) -> RecoveryRecord:
    assert incident.id is not None
    assert incident.resolved_at is not None
    return RecoveryRecord(
        incident_id=incident.id,
        ended_at=incident.resolved_at,
        measured_at=incident.resolved_at,
        ask_again_at=None,
        history=0,
        recovery=Recovery(
            peak_at=incident.opened_at,
            peak_per_minute=22.5,
            usual_per_minute=2.0,
            to_half=to_half,
            to_baseline=Fading(minutes=None, standing=Standing.LONGER),
            shifts=shifts,
        ),
    )


def shown(incident: Incident) -> str:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.query_params["incident"] = str(incident.id)
    app.switch_page("pages/2_incidents.py").run()
    assert not app.exception
    section = app.container(key="incident_recovery")
    return " ".join(each.value for each in [*section.html, *section.caption])


def test_what_is_known_is_said_in_words_with_its_figures(scene: Scene) -> None:
    incident = ended(scene)
    record = measured(
        incident,
        LastingShift(days=7, change=SCAR, standing=Standing.KNOWN),
        LastingShift(days=30, change=NONE_LEFT, standing=Standing.KNOWN),
        to_half=Fading(minutes=95.0, standing=Standing.KNOWN),
    )
    scene.store.recoveries.save(record)
    said = shown(incident)
    assert "22 mentions a minute" in said
    assert "where 2 are usual" in said
    assert "1 h 35 min after the peak" in said
    assert "not within two weeks" in said
    assert "lasting shift for the worse: net sentiment -0.10, before it +0.20" in said
    assert "no lasting shift: net sentiment +0.19" in said
    assert "Of this brand's 1 storm measured after 30 days, 1 left no lasting shift." in said


def test_what_is_not_known_has_a_reason(scene: Scene) -> None:
    incident = ended(scene)
    record = measured(
        incident,
        LastingShift(days=7, change=None, standing=Standing.NOT_YET),
        LastingShift(days=30, change=None, standing=Standing.TOO_FEW),
        to_half=Fading(minutes=None, standing=Standing.GAP),
    )
    scene.store.recoveries.save(record)
    said = shown(incident)
    assert "unknown: gap in collection" in said
    assert "not known yet: 7 days have not passed" in said
    assert "unknown: too few mentions a day" in said
    assert "Of this brand's" not in said


@pytest.mark.parametrize(
    ("level", "is_false_alarm", "reason"),
    [
        (Level.PAGE, False, "Not measured yet"),
        (Level.PAGE, True, "called a false alarm"),
        (Level.WATCH, False, "never warned or paged"),
    ],
)
def test_no_record_has_a_reason_too(scene: Scene, level: Level, reason: str, *, is_false_alarm: bool) -> None:
    assert reason in shown(ended(scene, level=level, is_false_alarm=is_false_alarm))


def test_a_storm_that_goes_on_has_no_such_section(scene: Scene) -> None:
    with pytest.raises(KeyError):
        shown(scene.with_incident())


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.KNOWN])
def test_every_standing_has_words(standing: Standing) -> None:
    assert incident_recovery.fading_words(Fading(minutes=None, standing=standing))


@pytest.mark.parametrize("standing", [Standing.NOT_YET, Standing.GAP, Standing.NO_HISTORY, Standing.TOO_FEW])
def test_every_standing_of_a_shift_has_words(standing: Standing) -> None:
    assert incident_recovery.shift_words(LastingShift(days=7, change=None, standing=standing))


def test_examples_in_docstrings_hold() -> None:
    result = doctest.testmod(incident_recovery)
    assert (result.attempted, result.failed) == (5, 0)
