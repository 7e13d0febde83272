"""The incident page says in words why it is as severe as it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from analysis.severity import SeverityFactor
from dashboard import wording
from stormcone.config import DetectorSettings, EscalationSettings
from stormcone.incidents import observe
from stormcone.journal import transition_line
from stormcone.models import Axis, Incident, Level, Reading
from tests.dashboard.seeding import POST, Scene, write_config

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
VELOCITY = Reading(signal="velocity", axis=Axis.VOLUME, value=40, expected=4, text="40 voices where 4 are usual")
SIZE = Reading(
    signal="severity:projected_volume",
    axis=Axis.HARM,
    value=180,
    expected=None,
    text="about 180 voices against expected within 6 h",
)
CROSSED = Reading(
    signal="severity:second_platform",
    axis=Axis.HARM,
    value=6,
    expected=0.2,
    text="it spread from x to <b>reddit</b>",
)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    st.cache_data.clear()
    st.cache_resource.clear()
    path = write_config(tmp_path)
    monkeypatch.setenv("STORMCONE_CONFIG", str(path))
    opened = Scene(path, datetime.now(UTC).replace(microsecond=0))
    yield opened
    opened.close()


def tell(scene: Scene, *stages: tuple[Level, int, tuple[Reading, ...]]) -> Incident:
    """Let verdicts follow each other five minutes apart."""
    current: Incident | None = None
    for number, (level, severity, reasons) in enumerate(stages):
        at = scene.now - timedelta(minutes=30 - 5 * number)
        verdict = replace(scene.verdict(at, level, post=POST), severity=severity, reasons=(VELOCITY, *reasons))
        change = observe(current, verdict, DetectorSettings(), EscalationSettings())
        assert change.transition is not None
        line = transition_line(change.transition)
        current = scene.store.incidents.apply(
            change.transition, notices_for=lambda _incident: (), verdict_json=line
        ).incident
    assert current is not None
    return current


def page_of(incident: Incident) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.query_params["incident"] = str(incident.id)
    app.switch_page("pages/2_incidents.py").run()
    assert not app.exception
    return app


def test_reasons_of_the_severity_stand_in_words_and_not_among_the_readings(scene: Scene) -> None:
    app = page_of(tell(scene, (Level.WARN, 4, (SIZE, CROSSED))))
    shown = app.container(key="incident_severity").html[0].value
    assert "Severity 4 of 5, because:" in shown
    assert f"Size: {SIZE.text}" in shown
    assert "Second platform: it spread from x to &lt;b&gt;reddit&lt;/b&gt;" in shown
    assert list(app.dataframe[0].value["Reading"]) == ["Voices in the window"]


def test_reasons_are_those_of_the_severity_that_was_reached(scene: Scene) -> None:
    incident = tell(scene, (Level.WATCH, 4, (SIZE, CROSSED)), (Level.PAGE, 3, (SIZE,)))
    assert incident.severity == 4
    assert "Second platform" in page_of(incident).container(key="incident_severity").html[0].value


def test_severity_without_a_reason_has_no_list(scene: Scene) -> None:
    app = page_of(tell(scene, (Level.WARN, 1, ())))
    assert "because:" not in " ".join(each.value for each in app.html)


def test_every_factor_has_a_word() -> None:
    assert set(wording.SEVERITY_WORDS) == {factor.value for factor in SeverityFactor}
