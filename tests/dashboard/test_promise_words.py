"""The line under the figures: what was promised of false pages, and what was kept, in every state it knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.promise_words import promise_line
from stormcone.models import BudgetStanding, Level
from tests.dashboard.seeding import Scene, write_config

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
NOW = datetime.now(UTC).replace(microsecond=0)
KEPT = BudgetStanding(
    brand="Acme",
    at=NOW,
    promised_per_month=1.0,
    factor=1.0,
    window_days=90,
    watched_days=89.7,
    pages=4,
    judged_false=1,
    judged_true=1,
    realised_per_month=0.334,
)
TIGHT = {"factor": 0.33, "tightened_pages": 3, "tightened_since": NOW - timedelta(days=20)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Last 90 days: 4 pages, 1 judged false, 2 not judged: 0.3 a month."),
        ({"watched_days": 41.2}, "Last 90 days (41 watched): 4 pages, 1 judged false, 2 not judged: 0.3 a month."),
        (
            {"watched_days": 3.9, "pages": 1, "judged_true": 0, "realised_per_month": None},
            "What was kept is not known yet (4 of 15 days watched): 1 page, 1 judged false, 0 not judged so far.",
        ),
        (
            {"judged_false": 0, "judged_true": 0, "realised_per_month": None},
            "What was kept is not known: 4 pages, none of them judged in 90 days.",
        ),
        (
            {"pages": 0, "judged_false": 0, "judged_true": 0, "realised_per_month": 0.0},
            "Last 90 days: no page: 0.0 a month.",
        ),
        (
            TIGHT,
            "2 not judged: 0.3 a month. 3 pages in 20 days were marked false: pages need 3 times rarer evidence now.",
        ),
    ],
)
def test_what_was_kept_is_said_or_said_to_be_unknown(changes: dict[str, object], said: str) -> None:
    line = promise_line(1.0, replace(KEPT, **changes))  # type: ignore[arg-type]  # fields of one record, by name
    assert line.startswith("Promise: at most 1 false page a month. ")
    assert line.endswith(said)


def test_the_promise_is_that_of_the_settings_of_today() -> None:
    assert promise_line(2.5, KEPT).startswith("Promise: at most 2.5 false pages a month.")


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    st.cache_data.clear()
    st.cache_resource.clear()
    path = write_config(tmp_path)
    monkeypatch.setenv("STORMCONE_CONFIG", str(path))
    opened = Scene(path, NOW)
    opened.with_source().with_quiet_days(6).with_steps(level=Level.CALM)
    yield opened
    opened.close()


def line_on_screen() -> str:
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    assert not app.exception
    (caption,) = app.container(key="now_budget").caption
    text: str = caption.value
    return text


def test_the_now_page_says_what_was_promised_and_kept(scene: Scene) -> None:
    scene.store.budget.record([replace(KEPT, at=NOW - timedelta(days=1), pages=3), KEPT])
    assert line_on_screen() == promise_line(1.0, KEPT)


def test_the_now_page_says_that_nobody_has_counted_yet(scene: Scene) -> None:
    assert "not known yet: no watcher has counted" in line_on_screen()
