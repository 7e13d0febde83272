"""Both pages in every state they know, through Streamlit's own test harness: no browser, the real store."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.acting import record_decision
from dashboard.context import Context
from stormcone.clock import DrillClock
from stormcone.models import Confidence, Decision, Level, State, Trust
from stormcone.store import write_drill_clock
from tests.dashboard.seeding import PEOPLE, Scene, write_config

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
INCIDENTS = "pages/2_incidents.py"


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    path = write_config(tmp_path, more=PEOPLE)
    monkeypatch.setenv("STORMCONE_CONFIG", str(path))
    opened = Scene(path, datetime.now(UTC).replace(microsecond=0))
    yield opened
    opened.close()


def now_page() -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    assert not app.exception
    return app


def incidents_page(incident: str | None = None) -> AppTest:
    app = now_page()
    if incident is not None:
        app.query_params["incident"] = incident
    app.switch_page(INCIDENTS).run()
    assert not app.exception
    return app


def level(app: AppTest, key: str = "now_level") -> str:
    return app.container(key=key).html[0].value


def words(block: Any) -> str:
    return " ".join(each.value for each in [*block.title, *block.header, *block.markdown, *block.caption])


def test_empty_database_is_unknown_and_says_what_to_do(scene: Scene) -> None:
    app = now_page()
    assert "UNKNOWN" in level(app)
    assert "has not looked at this brand yet" in words(app.container(key="now_sentence"))
    assert not app.button


def test_calm_day_is_calm_with_its_number(scene: Scene) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM)
    app = now_page()
    assert "CALM" in level(app)
    assert "level 0 of 3" in level(app)
    assert "nothing unusual" in words(app.container(key="now_sentence"))
    assert "nothing to decide" in words(app.container(key="now_decisions"))


def test_warming_up_stands_beside_the_level(scene: Scene) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM, trust=Trust.WARMING_UP, hours=2)
    app = now_page()
    assert "CALM" in level(app)
    assert "WARMING UP" in words(app.container(key="now_sentence"))


def test_storm_says_what_how_far_and_what_to_do(scene: Scene) -> None:
    scene.with_source().with_quiet_days(6).with_storm().with_steps(level=Level.PAGE).with_incident()
    app = now_page()
    assert "PAGE" in level(app)
    said = words(app.container(key="now_sentence"))
    assert "backlash on its post" in said
    assert "98 times" in said
    assert "still rising" in said
    assert "within **30 min**" in said
    assert {"Hold", "Respond", "Correct", "Apologise", "Delete", "Stand by", "False alarm"} <= {
        button.label for button in app.container(key="now_decisions").button
    }
    riskiest = app.container(key="now_own_posts").dataframe[0].value
    assert riskiest["Against"][0] > 100
    assert next(iter(riskiest.columns)) == "Against"


def test_old_verdict_is_unknown_although_the_last_one_was_calm(scene: Scene) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM, ends_ago=timedelta(minutes=16))
    app = now_page()
    assert "UNKNOWN" in level(app)
    assert "Last known: calm" in words(app.container(key="now_sentence"))


def test_silent_sources_are_unknown(scene: Scene) -> None:
    scene.with_source(lag_seconds=900).with_quiet_days(6).with_steps(level=Level.CALM)
    app = now_page()
    assert "UNKNOWN" in level(app)
    assert "file late 15 min" in words(app.container(key="now_sources"))


def test_lost_database_is_unknown_and_comes_back(scene: Scene, tmp_path: Path) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM)
    app = now_page()
    assert "CALM" in level(app)
    database = tmp_path / "stormcone.db"
    aside = tmp_path / "aside.db"
    scene.close()
    database.rename(aside)
    st.cache_data.clear()
    app.run()
    assert "UNKNOWN" in level(app)
    assert "database cannot be read" in words(app.container(key="now_sentence"))
    assert not database.exists()
    aside.rename(database)
    st.cache_data.clear()
    app.run()
    assert "CALM" in level(app)
    assert not app.exception


def test_drill_is_named_with_its_simulated_time(scene: Scene) -> None:
    simulated = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    clock = DrillClock(real_start=0, simulated_start=simulated, simulated_end=simulated, speed=60)
    write_drill_clock(scene.store.database, clock)
    assert now_page().warning[0].value == "DRILL, simulated time 12:00, 60x"


def test_unknown_brand_in_the_address_falls_back(scene: Scene) -> None:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params["brand"] = "nobody"
    app.run()
    assert not app.exception
    assert "Acme" in words(app)


def test_second_brand_is_chosen_by_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_config(tmp_path, more='[[brand]]\nname = "Bolt"')
    monkeypatch.setenv("STORMCONE_CONFIG", str(path))
    opened = Scene(path, datetime.now(UTC).replace(microsecond=0), brand="Bolt")
    opened.with_source().with_quiet_days(6).with_steps(level=Level.WATCH)
    opened.close()
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params["brand"] = "Bolt"
    app.run()
    assert app.selectbox(key="brand").value == "Bolt"
    assert "WATCH" in level(app)
    app.selectbox(key="brand").select("Acme").run()
    assert "UNKNOWN" in level(app)


def test_list_is_empty_with_a_reason(scene: Scene) -> None:
    assert "There was no incident yet" in words(incidents_page())


def test_list_shows_each_incident_with_level_state_and_headline(scene: Scene) -> None:
    incident = scene.with_incident(level=Level.WARN)
    app = incidents_page()
    row = app.container(key="incidents_list")
    assert "WARN 2" in row.html[0].value
    assert "open" in row.html[0].value
    (link,) = row.page_link
    assert link.value.startswith(f"#{incident.id} Acme: backlash")


def test_detail_shows_timeline_evidence_and_readings(scene: Scene) -> None:
    kept = scene.evidence("![](http://evil.test/x) who approved this?", url="javascript:alert(1)")
    incident = scene.with_incident(pieces=(kept,))
    app = incidents_page(str(incident.id))
    timeline = app.container(key="incident_timeline").html[0].value
    assert "Opened" in timeline
    assert "Changed" in timeline
    assert "412 voices in 30 min where 4.2 are usual" in timeline
    evidence = app.container(key="incident_evidence").dataframe[0].value
    assert "who approved this?" in evidence["Text"][0]
    assert not evidence["Link"][0]
    assert "Hold" in {button.label for button in app.container(key="incident_decisions").button}
    assert (
        app.container(key="incident_share").code[0].value == f"http://127.0.0.1:8501/incidents?incident={incident.id}"
    )


def test_a_language_read_with_low_confidence_is_said_beside_shares_and_scores(scene: Scene) -> None:
    scene.with_source().with_storm(confidence=Confidence.LOW).with_steps(level=Level.PAGE)
    kept = scene.evidence("ez szégyen", confidence=Confidence.NONE)
    incident = scene.with_incident(pieces=(kept, scene.evidence("a shame")))
    app = now_page()
    assert "100 % of these texts are in a language read with low confidence" in words(app)
    assert set(app.container(key="now_hostile").dataframe[0].value["Certainty"]) == {"guess, Hungarian"}
    app = incidents_page(str(incident.id))
    assert "100 % of the texts while this went on are in a language" in words(app.container(key="incident_head"))
    assert list(app.container(key="incident_evidence").dataframe[0].value["Certainty"]) == ["not read", ""]


def test_nothing_is_said_of_confidence_where_all_was_read_well(scene: Scene) -> None:
    scene.with_source().with_storm().with_steps(level=Level.PAGE)
    incident = scene.with_incident(pieces=(scene.evidence("a shame"),))
    for app, table in ((now_page(), "now_hostile"), (incidents_page(str(incident.id)), "incident_evidence")):
        assert "low confidence" not in words(app)
        assert "Certainty" not in app.container(key=table).dataframe[0].value.columns


@pytest.mark.parametrize("asked_for", ["99", "x", "-1", "<script>", "9" * 30, "²"])
def test_no_such_incident_is_said_calmly(scene: Scene, asked_for: str) -> None:
    app = incidents_page(asked_for)
    assert "No such incident" in words(app)
    assert not app.error


def test_resolved_incident_has_no_buttons_but_its_decision(scene: Scene) -> None:
    incident = scene.with_incident()
    context = Context(Path(scene.config.folder) / "config.toml")
    record_decision(context.open(), context.config, incident.id, Decision.FALSE_ALARM, by="Ann", why="a **game** show")
    context.close()
    app = incidents_page(str(incident.id))
    decided = app.container(key="incident_decisions")
    assert not decided.button
    assert "False alarm, Ann: a **game** show" in decided.text[0].value
    assert "False alarm: a **game** show" in app.container(key="incident_timeline").html[0].value
    assert scene.store.incidents.get(incident.id).state is State.RESOLVED


def open_dialog(app: AppTest, label: str) -> AppTest:
    """Press a button; the dialog is drawn in the same run."""
    button = next(each for each in app.button if each.label == label)
    return button.click().run()


def test_each_decision_opens_a_dialog_that_asks_why(scene: Scene) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.PAGE).with_incident()
    for label in ("Hold", "Delete", "False alarm"):
        app = open_dialog(now_page(), label)
        assert [each.label for each in app.text_area] == ["Why"]
        assert "Record" in {each.label for each in app.button}
