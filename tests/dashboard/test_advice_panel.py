"""The advice on an incident's page: reasons and cases are shown, one tap answers, the next look shows the change."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.acting import make_evidence
from dashboard.context import shared_context
from stormcone.models import Cause, Level
from stormcone.models.sealed import SealedWhy
from tests.dashboard.seeding import Scene

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
INCIDENTS = "pages/2_incidents.py"


@pytest.fixture
def storm(scene: Scene) -> int:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.PAGE)
    return scene.with_incident().id or 0


def detail_page(incident_id: int) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.query_params["incident"] = str(incident_id)
    app.switch_page(INCIDENTS).run()
    assert not app.exception
    return app


def advice(app: AppTest) -> str:
    return "\n".join(each.value for each in app.container(key="incident_advice").markdown)


def choice(app: AppTest, incident_id: int, name: str) -> Any:
    return app.selectbox(key=f"answer_{incident_id}_{name}")


def test_an_answer_changes_the_advice_and_stands_with_its_author(scene: Scene, storm: int) -> None:
    app = detail_page(storm)
    assert "Hold" in advice(app)
    choice(app, storm, "cause").select(Cause.FACTUAL_ERROR).run()
    assert not app.exception
    assert "Correct what was wrong" in advice(app)
    assert "say what was wrong and what is right" in advice(app)
    assert [(each.fact, each.by) for each in scene.store.answers.of(storm)] == [("cause", "dashboard")]
    assert choice(detail_page(storm), storm, "cause").value == Cause.FACTUAL_ERROR


def test_earlier_cases_are_shown_with_what_came_of_them(storm: int) -> None:
    app = detail_page(storm)
    choice(app, storm, "cause").select(Cause.TYPO_UNFINISHED).run()
    cases = app.container(key="incident_precedents").expander
    assert 1 <= len(cases) <= 3
    told = "\n".join(each.value for case in cases for each in case.markdown)
    assert "Done:" in told
    assert "Lesson:" in told


def test_the_bundle_is_sealed_when_it_is_asked_for(scene: Scene, storm: int) -> None:
    detail_page(storm)
    assert scene.store.seals.records(storm) == ()
    context = shared_context(str(Path(scene.config.folder) / "config.toml"))
    with zipfile.ZipFile(BytesIO(make_evidence(context.open(), context.config, storm))) as bundle:
        assert "report.html" in bundle.namelist()
    assert [each.why for each in scene.store.seals.records(storm)] == [SealedWhy.ASKED]
