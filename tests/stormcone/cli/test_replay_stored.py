import json
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.stormcone.cli.processes import (
    NOON,
    assert_one_line_error,
    json_lines,
    make_row,
    run,
    storm_rows,
    write_rows,
)

CONFIG = '[store]\nurl = "sqlite:///history.db"\n[[brand]]\nname = "acme"\n'


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings, a mention file in order of collection, and the database that it was imported into."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    other = [make_row(f"other-{n}", NOON - timedelta(hours=n), brand="other") for n in range(5)]
    rows = sorted([*storm_rows(NOON), *other], key=lambda row: row["created_at"])
    done = run(folder, "import", write_rows(folder / "rows.jsonl", rows))
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def folder(imported: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    for name in ("config.toml", "rows.jsonl", "history.db"):
        shutil.copy(imported / name, tmp_path / name)
    return tmp_path


def stored(folder: Path, *words: str) -> list[Any]:
    done = run(folder, "replay", "--stored", "--json", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return json_lines(done.stdout)


def told(lines: list[Any]) -> list[Any]:
    *transitions, last = lines
    return [*transitions, last["summary"] | {"seconds": 0}]


def test_stored_history_tells_what_its_file_tells(folder: Path) -> None:
    done = run(folder, "replay", "rows.jsonl", "--json", "--config", "config.toml")
    assert told(stored(folder)) == told(json_lines(done.stdout))
    assert told(stored(folder))[-1]["pages"] == 1


def test_the_store_is_only_read(folder: Path) -> None:
    database = folder / "history.db"
    before = database.read_bytes()
    stored(folder, "--since", "2026-03-02", "--false-pages-per-month", "4")
    assert run(folder, "replay", "--stored", "--rescore").returncode == 0
    assert database.read_bytes() == before
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM incident").fetchone() == (0,)


def test_a_reader_is_told_what_really_happened(folder: Path) -> None:
    with sqlite3.connect(folder / "history.db") as connection:
        opened = int((NOON - timedelta(minutes=8)).timestamp() * 1000)
        real = {
            "id": 3, "brand": "acme", "post_platform": "x", "post_id": "post", "state": "resolved", "level": 3,
            "level_now": 0, "kind": "backlash", "severity": 3, "headline": "acme: it was bad", "opened_at": opened,
            "updated_at": opened, "resolved_at": opened + 3_600_000, "peak_velocity_per_minute": 1.0,
            "reopened_count": 0, "is_false_alarm": 0, "step": 0, "version": 1,
        }  # fmt: skip
        names = ", ".join(f'"{name}"' for name in real)
        connection.execute(f"INSERT INTO incident ({names}) VALUES ({', '.join('?' * len(real))})", [*real.values()])
        connection.execute(
            'INSERT INTO incident_event (incident_id, "at", moment, state, level, kind, severity, headline) '
            "VALUES (3, ?, 'opened', 'open', 3, 'backlash', 3, 'x')",
            [opened],
        )
    done = run(folder, "replay", "--stored", "--brand", "acme")
    assert done.stdout.startswith("With 1 false page a month you would have been paged once in 2 days.\n")
    assert "in fact" in done.stdout
    assert "(#3)" in done.stdout
    deaf = run(folder, "replay", "--stored", "--set", "detector.least_hostile_authors=1000")
    assert "you would not have been paged in 2 days; 1 incident would have got as far as warn." in deaf.stdout
    assert "Really paged, and silent with these settings:\n  2026-03-02 11:52  #3  acme: it was bad" in deaf.stdout


def test_the_past_warms_a_stretch_up(folder: Path) -> None:
    part = stored(folder, "--brand", "acme", "--since", "2026-03-02T11:00:00Z", "--until", "2026-03-02T12:00:00Z")
    whole = stored(folder, "--brand", "acme")
    assert [line["at"] for line in part[:-1]] == [line["at"] for line in whole[:-1]]
    assert part[-1]["summary"]["mentions"] < 70


def test_brands_and_budgets_are_chosen(folder: Path) -> None:
    assert stored(folder, "--brand", "acme", "--brand", "other")[-1]["summary"]["brands"] == 2
    lines = stored(folder, "--brand", "other", "--compare", "1,2")
    assert [line["pages"] for line in lines[:-1]] == [0, 0]
    assert lines[-1]["summary"]["mentions"] == 5


def test_a_time_without_mentions_says_what_there_is(folder: Path) -> None:
    done = run(folder, "replay", "--stored", "--since", "2027-01-01")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Nothing was collected in that time; what is stored runs from 2026-02-28T11:45:00Z to 2026-03-02T12:00:00Z.\n"
    )
    assert stored(folder, "--since", "2027-01-01")[-1]["summary"]["mentions"] == 0


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    assert_one_line_error(run(tmp_path, "replay", "--stored"), 1, "history.db", "no such database")
    assert not (tmp_path / "history.db").exists()
    run(tmp_path, "status")
    assert run(tmp_path, "replay", "--stored").stdout.startswith("Nothing is stored yet")


def test_progress_is_told_beside_the_answer(folder: Path) -> None:
    done = run(folder, "replay", "--stored", "--json", "--progress", "--brand", "other")
    reports = [line["progress"] for line in json_lines(done.stderr)]
    assert reports[-1] == {"done": 5, "of": 5, "at": "2026-03-02T12:00:00Z"}
    assert json.loads(done.stdout)["summary"]["mentions"] == 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--brand", "acmee"], ["acmee", "did you mean acme?"]),
        (["--brand", "acme", "--brand", "nobody at all"], ["nobody at all", "known are acme, other"]),
        (["--config", "gone.toml"], ["gone.toml"]),
    ],
)
def test_what_is_not_there_is_one_line(folder: Path, words: list[str], said: list[str]) -> None:
    assert_one_line_error(run(folder, "replay", "--stored", *words), 2, *said)


def test_neither_files_nor_store_is_wrong_use(folder: Path) -> None:
    assert_one_line_error(run(folder, "replay"), 2, "name mention files, or say --stored")
