"""The Back-test page in every state it knows: with a scripted runner, and once with the real command."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.backtest_runner import Question, Run, Runs, Stage
from dashboard.backtest_view import read_answer
from dashboard.context import Context
from stormcone.models import Level
from tests.dashboard.backtests import KEY, ScriptedRuns, replayed
from tests.dashboard.seeding import POST, Scene, write_config
from tests.dashboard.test_serving import running

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WAIT_SECONDS = 90


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_config(tmp_path, refresh_seconds=1)


@pytest.fixture
def scene(path: Path) -> Iterator[Scene]:
    opened = Scene(path, datetime.now(UTC).replace(microsecond=0))
    yield opened
    opened.close()


def draw(config_path: str, runs: object) -> None:
    """The page, as its script draws it."""
    from dashboard.widgets.backtest_screen import draw_backtest  # noqa: PLC0415 - this function becomes a script

    draw_backtest(config_path, runs)  # type: ignore[arg-type]  # a script knows no imported name in its signature


def page(path: Path, runs: Runs, *, key: str | None = None) -> AppTest:
    app = AppTest.from_function(draw, default_timeout=30, kwargs={"config_path": str(path), "runs": runs})
    if key is not None:
        app.query_params["run"] = key
    app.run()
    assert not app.exception
    return app


def question(scene: Scene) -> Question:
    return Question(brand="Acme", since=scene.now - timedelta(days=2), until=scene.now, budget=1)


def words(app: AppTest) -> str:
    shown: list[Any] = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return " ".join(each.value for each in shown)


def test_without_history_there_is_nothing_to_run(scene: Scene, path: Path) -> None:
    app = page(path, ScriptedRuns())
    assert "Nothing is stored of Acme yet" in words(app)
    assert not app.button


def test_a_question_is_asked_of_the_runner_and_named_in_the_address(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(48)
    runs = ScriptedRuns()
    app = page(path, runs)
    assert "Choose a period and a budget" in words(app)
    app.number_input[0].set_value(2.5)
    app.button(key="backtest_run").click().run()
    (asked,) = runs.asked
    assert (asked.brand, asked.budget) == ("Acme", 2.5)
    assert asked.until <= datetime.now(UTC)
    assert asked.since.astimezone(Context(path).config.brands[0].zone).hour == 0
    assert app.query_params["run"] in (KEY, [KEY])  # Streamlit's harness gives either
    assert app.button(key="backtest_run").disabled


def test_the_first_day_alone_is_no_question_yet(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(48)
    app = page(path, ScriptedRuns())
    first = app.date_input[0].value[0]
    app.date_input[0].set_value((first,)).run()
    assert app.button(key="backtest_run").disabled
    assert "Choose the first and the last day." in words(app)


def test_a_run_shows_how_far_it_is_and_can_be_cancelled(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(6)
    under_way = Run(key=KEY, question=question(scene), done=30, of=120, at=scene.now)
    runs = ScriptedRuns(under_way, current=under_way)
    app = page(path, runs, key=KEY)
    assert app.button(key="backtest_run").disabled
    app.button(key="backtest_cancel").click().run()
    assert runs.cancelled == [KEY]
    assert "was cancelled" in words(app)
    assert not app.button(key="backtest_run").disabled


def test_another_viewer_is_told_to_wait(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(6)
    theirs = Run(key="theirs", question=question(scene), done=30, of=120)
    app = page(path, ScriptedRuns(theirs, current=theirs))
    assert "Another back-test is running" in words(app)
    assert "25 %" in words(app)
    assert app.button(key="backtest_run").disabled
    assert [button.key for button in app.button] == ["backtest_run"]


@pytest.mark.parametrize(
    ("stage", "reason", "mentions", "said"),
    [
        (Stage.FAILED, "the disk is full ![](http://evil.test/x)", 0, "The back-test failed: the disk is full"),
        (Stage.TOO_LONG, "", 0, "Choose a shorter period"),
        (Stage.DONE, "", 0, "Nothing was collected in that time"),
        (Stage.DONE, "", 12, "you would not have been paged in"),
    ],
)
def test_each_end_is_told_in_a_sentence(
    scene: Scene, path: Path, stage: Stage, reason: str, mentions: int, said: str
) -> None:
    scene.with_quiet_days(6)
    ended = Run(key=KEY, question=question(scene), stage=stage, reason=reason, mentions=mentions)
    shown = words(page(path, ScriptedRuns(ended), key=KEY))
    assert said in shown
    assert "](http" not in shown


def test_a_run_that_is_not_kept_any_more_is_said_to_be_gone(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(6)
    assert "not kept any more" in words(page(path, ScriptedRuns(), key="old"))


def storm(scene: Scene) -> Run:
    """A finished run: a page on the own post that really paged 25 minutes ago, and a warn that was nothing."""
    now = scene.now
    hostile = "Acme: <b>bad</b>\u202e $x$"
    paged = replayed(
        now - timedelta(minutes=38), now - timedelta(minutes=28), Level.PAGE, headline=hostile, post=POST[1]
    )
    warned = replayed(now - timedelta(hours=20), now - timedelta(hours=20), Level.WARN, headline="a warn", post=None)
    return Run(key=KEY, question=question(scene), stage=Stage.DONE, mentions=300, incidents=(warned, paged))


def test_pages_stand_beside_what_really_happened(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(48).with_storm().with_incident()
    app = page(path, ScriptedRuns(storm(scene)), key=KEY)
    assert "With 1 false page a month you would have been paged once in 48 hours; 1 incident" in words(app)
    table = app.dataframe[0].value
    assert list(table["Mark"]) == ["A", "B"]
    assert list(table["Level"]) == ["WARN", "PAGE"]
    assert list(table["In fact"]) == ["not paged: no incident", "paged 3 min later (#1)"]
    assert list(table["After opening"]) == ["0 s", "10 min"]
    assert table["What"][1] == "Acme: <b>bad</b> $x$"


def test_a_real_page_that_would_be_silent_is_named(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(48).with_storm().with_incident()
    silent = Run(key=KEY, question=question(scene), stage=Stage.DONE, mentions=300)
    app = page(path, ScriptedRuns(silent), key=KEY)
    assert "Nobody would have been paged or warned." in words(app)
    assert "Really paged, and silent with this budget" in words(app)


def test_the_chart_holds_the_period_with_its_marks(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(48).with_storm().with_gap(minutes_ago=600, minutes=60)
    context = Context(path)
    answer = read_answer(context.open(), storm(scene), context.config.brands[0].zone)
    frame = answer.frame
    assert frame.bucket_minutes == 15
    assert frame.starts[0] <= scene.now - timedelta(days=2) < frame.starts[1]
    assert frame.starts[-1] + timedelta(minutes=15) > scene.now
    assert not all(frame.collected)
    assert [marker.letter for marker in frame.markers] == ["A", "B"]
    assert sum(frame.negative) > 100
    context.close()


def test_a_long_period_is_drawn_in_days(scene: Scene, path: Path) -> None:
    scene.with_quiet_days(6)
    asked = Question(brand="Acme", since=scene.now - timedelta(days=300), until=scene.now, budget=1)
    run = Run(key=KEY, question=asked, stage=Stage.DONE, mentions=3)
    app = page(path, ScriptedRuns(run), key=KEY)
    assert not app.exception
    context = Context(path)
    assert len(read_answer(context.open(), run, context.config.brands[0].zone).frame.starts) in {301, 302}
    context.close()


def test_a_lost_database_is_told_calmly(scene: Scene, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORMCONE_CONFIG", str(path))
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    scene.close()
    (path.parent / "stormcone.db").unlink()
    app.switch_page("pages/4_backtest.py").run()
    assert not app.exception
    assert "no such database" in words(app)


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_link_leads_to_the_page_and_a_real_run_to_its_answer(scene: Scene, path: Path) -> None:
    """Nobody has opened the first page yet: the frame with its navigation must be there all the same."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    scene.with_quiet_days(30).with_storm()
    before = json.dumps(scene.store.incidents.latest(), default=str)
    with running(path) as (_, address), playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        visit = browser.new_page(viewport={"width": 1440, "height": 1100})
        visit.set_default_timeout(WAIT_SECONDS * 1000)
        visit.goto(f"{address}/backtest")
        playwright.expect(visit.get_by_role("link", name="Incidents")).to_be_visible(timeout=WAIT_SECONDS * 1000)
        visit.get_by_role("button", name="Run").click()
        sentence = visit.locator(".st-key-backtest_sentence")
        playwright.expect(sentence).to_contain_text("With 1 false page a month", timeout=WAIT_SECONDS * 1000)
        assert "run=" in visit.url
        browser.close()
    assert json.dumps(scene.store.incidents.latest(), default=str) == before
