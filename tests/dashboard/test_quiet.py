"""Buttons for quiet, and the line of the week's pages, through Streamlit's own test harness."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.acting import (
    record_acknowledgement,
    record_decision,
    record_end_of_snooze,
    record_silence,
    record_snooze,
)
from dashboard.context import Context
from dashboard.widgets.asking import Dialog
from dashboard.widgets.ledger_line import ledger_sentence
from dashboard.widgets.snooze_buttons import _SilenceAsked, _SnoozeAsked
from stormcone.errors import UsageError
from stormcone.models import Decision, Incident, Judgement, Level
from stormcone.models.page_ledger import LedgerPage, PageLedger, Waited
from stormcone.models.shares import Share
from stormcone.models.weeks import IsoWeek
from tests.dashboard.seeding import PEOPLE, Scene, write_config

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
INCIDENTS = "pages/2_incidents.py"

PAGE = LedgerPage(
    brand="acme",
    incident_id=1,
    at=datetime(2026, 11, 9, tzinfo=UTC),
    judgement=Judgement.UNJUDGED,
    acknowledged_after=None,
    decided_after=None,
    escalated=False,
    advised=None,
    decision=None,
)


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


@pytest.fixture
def incident(scene: Scene) -> Incident:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.PAGE)
    return scene.with_incident(level=Level.PAGE)


@pytest.fixture
def context(scene: Scene) -> Iterator[Context]:
    opened = Context(Path(scene.config.folder) / "config.toml")
    yield opened
    opened.close()


def now_page() -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    assert not app.exception
    return app


def detail(incident: Incident) -> AppTest:
    app = now_page()
    app.query_params["incident"] = str(incident.id)
    app.switch_page(INCIDENTS).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    app = next(each for each in app.button if each.label == label).click().run()
    assert not app.exception
    return app


def send(app: AppTest, dialog: Dialog) -> AppTest:
    """Press Record. The harness knows no runs of a dialog alone, so the page is asked to open it again for this one."""
    app.session_state["asked_dialog"] = dialog
    return press(app, "Record")


def labels(block: Any) -> set[str]:
    return {each.label for each in block.button}


def quiet_words(app: AppTest, place: str = "now") -> str:
    return " ".join(each.value for each in app.container(key=f"{place}_quiet").markdown)


@pytest.mark.parametrize("minutes", [15, 60])
def test_snooze_is_recorded_with_its_author_and_shown(scene: Scene, incident: Incident, minutes: int) -> None:
    app = press(now_page(), f"Snooze {minutes} min")
    assert [each.label for each in app.text_input] == ["Your name", "Why"]
    app.text_input[0].input("Ann")
    app = send(app, _SnoozeAsked(incident=incident, minutes=minutes))
    stored = scene.store.incidents.get(incident.id or 0)
    assert stored.snoozed_by == "Ann"
    assert stored.snoozed_until is not None
    length = (stored.snoozed_until - stored.updated_at) / timedelta(minutes=1)
    assert length == minutes
    assert "Quiet about #1 until" in quiet_words(app)
    assert "by Ann" in quiet_words(app)
    assert labels(app.container(key="now_quiet")) == {
        *("End the snooze", "Snooze 15 min", "Snooze 60 min", "Silence the brand"),
    }


def test_snooze_is_ended_by_its_button(scene: Scene, incident: Incident, context: Context) -> None:
    record_snooze(context.open(), context.config, incident.id or 0, minutes=60, by="Ann", why="")
    app = press(detail(incident), "End the snooze")
    stored = scene.store.incidents.get(incident.id or 0)
    assert stored.snoozed_until == stored.updated_at
    assert not stored.is_snoozed(stored.updated_at)
    assert "End the snooze" not in labels(app.container(key="incident_quiet"))
    (*_, last) = scene.store.incidents.events(incident.id or 0)
    assert (last.by, last.why) == ("dashboard", "ended Ann's snooze")


def test_silence_of_the_brand_is_recorded_shown_and_ended(scene: Scene, incident: Incident) -> None:
    app = press(now_page(), "Silence the brand")
    assert "Say why" not in " ".join(each.value for each in app.warning)
    app = send(app, _SilenceAsked(brand="Acme"))
    assert any("Say why in a few words" in each.value for each in app.warning)
    assert scene.store.holding.silences(datetime.now(UTC)) == ()
    app.selectbox[-1].select("4 hours")
    app.text_input[0].input("Ann")
    app.text_input[1].input("a planned <b>joke</b>")
    app = send(app, _SilenceAsked(brand="Acme"))
    (kept,) = scene.store.holding.silences(datetime.now(UTC))
    assert (kept.brand, kept.kind, kept.by, kept.why) == ("Acme", None, "Ann", "a planned <b>joke</b>")
    assert kept.until - kept.begins_at == timedelta(hours=4)
    said = quiet_words(app)
    assert "Nobody is told of Acme until" in said
    assert "by Ann: a planned" in said
    assert "Silence the brand" not in labels(app.container(key="now_quiet"))
    app = press(app, "End the silence")
    assert scene.store.holding.silences(datetime.now(UTC)) == ()
    assert "Silence the brand" in labels(app.container(key="now_quiet"))


def test_silence_is_shown_where_nothing_is_live(scene: Scene, context: Context) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM)
    assert "now_quiet" not in {each.key for each in now_page().main}
    opened = context.open()
    record_silence(opened, context.config, "Acme", minutes=60, by="Bo", why="a sale")
    st.cache_data.clear()
    app = now_page()
    assert "by Bo: a sale" in quiet_words(app)
    assert labels(app.container(key="now_quiet")) == {"End the silence"}


def test_somebody_who_was_faster_is_said_calmly(scene: Scene, incident: Incident, context: Context) -> None:
    app = press(now_page(), "Snooze 15 min")
    record_decision(context.open(), context.config, incident.id or 0, Decision.FALSE_ALARM, by="Bo", why="a game show")
    app = send(app, _SnoozeAsked(incident=incident, minutes=15))
    assert any("resolved" in each.value for each in app.warning)
    assert not app.error
    assert scene.store.incidents.get(incident.id or 0).snoozed_until is None


def test_snooze_after_somebody_acknowledged_is_no_conflict(scene: Scene, incident: Incident, context: Context) -> None:
    app = press(now_page(), "Snooze 15 min")
    record_acknowledgement(context.open(), context.config, incident.id or 0, by="Bo")
    app = send(app, _SnoozeAsked(incident=incident, minutes=15))
    assert not app.warning
    stored = scene.store.incidents.get(incident.id or 0)
    assert (stored.acknowledged_by, stored.snoozed_by) == ("Bo", "dashboard")


def test_snooze_that_has_ended_is_not_ended_again(incident: Incident, context: Context) -> None:
    with pytest.raises(UsageError, match="nobody has asked for quiet"):
        record_end_of_snooze(context.open(), context.config, incident.id or 0, by="Ann")


def test_week_of_pages_stands_above_the_incidents(scene: Scene, incident: Incident, context: Context) -> None:
    record_decision(context.open(), context.config, incident.id or 0, Decision.HOLD, by="Ann", why="no facts yet")
    app = now_page()
    app.switch_page(INCIDENTS).run()
    (line,) = app.container(key="incidents_ledger").caption
    assert line.value.startswith("Pages in ")
    assert ": 1; 100 % of 1 marked were real (38 % to 100 %); median " in line.value


def test_calm_week_is_one_short_line(scene: Scene) -> None:
    app = now_page()
    app.switch_page(INCIDENTS).run()
    (line,) = app.container(key="incidents_ledger").caption
    assert line.value.endswith(": none.")


def test_line_claims_nothing_that_nobody_knows() -> None:
    unknown = Waited(of=2, waiting=2, median=None, p90=None)
    counted = PageLedger(
        brands=("acme",),
        pages=(PAGE, PAGE),
        real=0,
        noise=0,
        unmarked=(1,),
        precision=None,
        to_acknowledge=unknown,
        to_decide=unknown,
        escalated=0,
        people=(),
        advice=(),
        promised_false=0.2,
    )
    assert ledger_sentence(IsoWeek(year=2026, week=46), counted) == (
        "Pages in 2026-W46: 2; nobody has marked them yet; most not acknowledged so far."
    )
    known = Share(value=0.5, low=0.16, high=0.84, n=2)
    assert "50 % of 2 marked were real (16 % to 84 %)" in ledger_sentence(
        IsoWeek(year=2026, week=46), replace(counted, real=1, noise=1, precision=known)
    )
