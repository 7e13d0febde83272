import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.context import Context
from dashboard.figures import Window
from dashboard.key_figures import Card, certainty_line, key_figures
from dashboard.now_view import read_now
from stormcone.models import Level
from stormcone.store.screens import Totals
from tests.dashboard.seeding import Scene, write_config

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    # The moment of the test, not of the file's import: a source that answered minutes ago is stale.
    return Scene(write_config(tmp_path), datetime.now(UTC).replace(microsecond=0))


def cards(scene: Scene) -> dict[str, Card]:
    path = Path(scene.config.folder) / "config.toml"
    scene.close()
    context = Context(path)
    view = read_now(context.open(), context.config, scene.brand, Window.HOURS_2)
    context.close()
    return {card.label: card for card in key_figures(view)}


def test_storm_is_compared_with_the_week_before(scene: Scene) -> None:
    scene.with_source().with_quiet_days(24).with_storm().with_steps(level=Level.PAGE).with_incident()
    shown = cards(scene)
    change = shown["Mentions/min"].change
    assert change is not None
    assert change.endswith("x")
    assert shown["Mentions/min"].beside.startswith("usual 0.")
    assert shown["Share against"].value in {"66 %", "67 %"}  # 68 %, and a little of what is usual
    assert re.fullmatch(r"6\d to 6\d %, usual \d+ %", shown["Share against"].beside)
    assert 30 <= int(shown["Since opened"].value.removesuffix(" min")) < 45  # of real time: the test itself takes some
    assert shown["Since opened"].beside == "1 h +1.9k · 3 h +5k"


def test_first_half_hour_of_history_is_compared_with_nothing(scene: Scene) -> None:
    scene.with_source().with_storm(minutes=20).with_steps(level=Level.CALM)
    shown = cards(scene)
    assert shown["Mentions/min"].change is None
    assert shown["Share against"].beside == "63 to 70 %, no history to compare with yet"


def test_nothing_collected_is_unknown_and_never_zero(scene: Scene) -> None:
    shown = cards(scene)
    assert [card.value for card in shown.values()] == ["unknown"] * 5


def test_calm_day_looks_ahead(scene: Scene) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM)
    assert cards(scene)["Expected, 1 h"].value == "+12"


def test_quiet_half_hour_of_a_working_source_is_a_zero(scene: Scene) -> None:
    scene.with_source().with_quiet_days(6).with_steps(level=Level.CALM)
    assert cards(scene)["Mentions/min"].value == "0"


def test_unknown_followings_are_not_a_reach_of_zero(scene: Scene) -> None:
    scene.with_source().with_storm(minutes=10).with_steps(level=Level.WATCH)
    with scene.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE mention SET author_followers = NULL")
    assert cards(scene)["Hostile reach"].value == "unknown"


@pytest.mark.parametrize(("unsure", "begins"), [(0, None), (19, None), (20, "20 % of these texts"), (99, "99 % of")])
def test_from_a_fifth_of_guesses_on_a_warning_stands_beside_the_shares(unsure: int, begins: str | None) -> None:
    totals = Totals(mentions=100, voices=50.0, against=9.0, unsure=unsure, first_minute=NOW)
    line = certainty_line(totals, "these texts")
    assert line is None if begins is None else line is not None and line.startswith(begins)
