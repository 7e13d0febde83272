"""The playbook on an incident's page: statements, steps, people on demand, and the queue's dialog."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from stormcone.models import Answer, Incident, Moment
from tests.alerts.schedulers import Scheduler
from tests.dashboard.seeding import Scene, write_config

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
PHONE = "+358 40 5550199"
EVIL = "![](http://evil.test/x) <script>alert(1)</script> **now**"
PLAYBOOK = f"""
[playbook]
channel_for_help = "help.acme.example"
[[playbook.roles]]
role = "lead"
name = "Eeva {EVIL}"
phone = "{PHONE}"
note = "at night, too"
"""
PAUSE = """
[playbook.pause]
url_env = "QUEUE_URL"
secret_env = "QUEUE_KEY"
allow_private = true
timeout_seconds = 5
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    st.cache_data.clear()
    st.cache_resource.clear()
    monkeypatch.setenv("STORMCONE_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("QUEUE_KEY", "planted-key-8e2b")
    return tmp_path


@pytest.fixture
def scene(folder: Path) -> Iterator[Scene]:
    opened = Scene(write_config(folder, more=PLAYBOOK + PAUSE), datetime.now(UTC).replace(microsecond=0))
    yield opened
    opened.close()


DIALOG = """
from alerts.pausing import QueueEvent
from dashboard.context import current_path, shared_context
from dashboard.widgets.playbook_panel import QueueDialog

incident = shared_context(current_path()).open().store.incidents.get({incident})
QueueDialog(incident=incident, event=QueueEvent("{event}")).open(current_path())
"""


def dialog(incident: Incident, event: str) -> AppTest:
    """Return the dialog alone: the harness runs whole scripts, which closes a dialog that a button opened."""
    app = AppTest.from_string(DIALOG.format(incident=incident.id, event=event), default_timeout=30).run()
    assert not app.exception
    return app


def page(incident: Incident) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.query_params["incident"] = str(incident.id)
    app.switch_page("pages/2_incidents.py").run()
    assert not app.exception
    return app


def panel(app: AppTest) -> Any:
    return app.container(key="incident_playbook")


def words(block: Any) -> str:
    return " ".join(each.value for each in [*block.markdown, *block.html, *block.caption, *block.text, *block.code])


def chosen(block: Any, label: str) -> Any:
    return next(each for each in block.selectbox if each.label == label)


def press(app: AppTest, label: str) -> AppTest:
    return next(each for each in app.button if each.label == label).click().run()


def test_statements_steps_and_people_stand_on_the_page_without_numbers(scene: Scene) -> None:
    section = panel(page(scene.with_incident()))
    said = words(section)
    (statement,) = section.code
    assert statement.value.startswith("We see the criticism: [...]. We are finding out what happened")
    assert statement.value.endswith(" Acme")
    assert "is for a person to fill: next\\_update" in said
    assert "<b>lead (Eeva" in said
    assert "Decide again before the hold runs out" in said
    assert "1. lead: Eeva" in said
    assert "at night, too" in said
    assert PHONE not in said
    assert "<script>" not in said.replace(section.text[0].value, "")  # st.text renders no markup


def test_numbers_come_on_demand(scene: Scene) -> None:
    app = page(scene.with_incident())
    (toggle,) = panel(app).toggle
    toggle.set_value(True).run()
    assert PHONE in panel(app).text[0].value


def test_language_and_cause_are_chosen_on_the_page(scene: Scene) -> None:
    app = page(scene.with_incident())
    chosen(panel(app), "Language of the statements").set_value("fi").run()
    assert panel(app).code[0].value.startswith("Näemme kritiikin:")
    chosen(panel(app), "Cause").set_value("hacked").run()
    assert panel(app).code[0].value.startswith("Joku muu on julkaissut")
    assert len(panel(app).code) == 2


def test_a_cause_that_a_person_answered_changes_statement_and_steps(scene: Scene) -> None:
    incident = scene.with_incident()
    given = Answer(incident_id=incident.id or 0, at=scene.now, fact="cause", value_json='"hacked"', by="Ann")
    scene.store.answers.put(given)
    section = panel(page(incident))
    assert section.code[0].value.startswith("Somebody else has posted from our account (bluesky).")
    assert "Sign out all sessions" in words(section)


def test_a_button_asks_a_person_to_confirm_before_anything_is_sent(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scheduler() as scheduler:
        monkeypatch.setenv("QUEUE_URL", scheduler.url)
        app = press(page(scene.with_incident()), "Pause the queue")
    assert [each.label for each in app.text_area] == ["Why"]
    assert "Pause it now" in {each.label for each in app.button}
    assert scheduler.requests == []


def test_a_person_who_confirms_says_why_and_sees_what_became_of_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = scene.with_incident()
    with Scheduler(200, 403) as scheduler:
        monkeypatch.setenv("QUEUE_URL", scheduler.url)
        app = press(dialog(incident, "pause_queue"), "Pause it now")
        assert "Say why" in app.warning[0].value
        assert scheduler.requests == []
        app.text_input[0].set_value("Ann")
        app.text_area[0].set_value("find out first")
        assert "Accepted: pause the queue" in press(app, "Pause it now").success[0].value
        app = dialog(incident, "resume_queue")
        app.text_area[0].set_value("over")
        refused = press(app, "Resume it now").error[0].value
    assert "Refused: resume the queue" in refused
    assert "answered 403" in refused
    assert [json.loads(body)["event"] for _, body in scheduler.requests] == ["pause_queue", "resume_queue"]
    paused, resumed = scene.store.incidents.events(incident.id or 0)[-2:]
    assert (paused.moment, paused.by) == (Moment.DECIDED, "Ann")
    assert (resumed.by, (resumed.why or "")[:25]) == ("dashboard", "resume the queue: refused")
    shown = page(incident).container(key="incident_timeline").html[0].value
    assert "pause the queue: accepted" in shown
    assert "planted" not in shown


def test_an_address_that_is_not_set_is_told_in_the_dialog(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUEUE_URL", raising=False)
    app = dialog(scene.with_incident(), "pause_queue")
    app.text_area[0].set_value("find out first")
    assert "QUEUE\\_URL is not set" in press(app, "Pause it now").warning[0].value


def test_without_a_scheduler_there_is_no_button_but_a_line(folder: Path) -> None:
    opened = Scene(write_config(folder), datetime.now(UTC).replace(microsecond=0))
    app = page(opened.with_incident())
    opened.close()
    assert "Pause the queue" not in {each.label for each in app.button}
    said = words(panel(app))
    assert "No scheduler is named" in said
    assert "Nobody is named" in said
