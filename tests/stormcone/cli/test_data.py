import csv
import io
import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.stormcone.cli.processes import (
    NOON,
    Row,
    json_lines,
    make_row,
    run,
    running,
    wait_for,
    write_rows,
)

ODD = "NUL \x00, half \ud83d, \u202eturned, \U0001f525" + '\r\n=1+1,"quoted"'


def imported(folder: Path, *words: str | Path) -> dict[str, int]:
    """Import with an empty config.toml; return the counts, whose sum must be right."""
    (folder / "config.toml").touch()
    done = run(folder, "import", *words, "--json")
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    assert counts["read"] == counts["stored"] + counts["known"] + counts["skipped"]
    return counts


def exported(folder: Path, *words: str) -> str:
    (folder / "config.toml").touch()
    done = run(folder, "export", *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def every_kind() -> list[Row]:
    later = NOON + timedelta(minutes=5)
    return [
        make_row("own", is_brand=1, author="acme", likes=3),
        make_row("1", text=ODD, parent_id="own", root_id="own", lang="en", seen_at="2026-03-02T12:03:00Z"),
        make_row("2", text="x" * 1_000_000, author=None, author_followers=12),
        make_row("3", text="", url="https://example.org/3", account="acme"),
        make_row("own", later, kind="metrics", likes=9, replies=0),
        make_row("3", later, kind="deleted"),
        make_row("liked", later, kind="liked", text="something odd"),
        {"platform": "x", "created_at": "2026-03-02T13:00:00Z", "seen_at": "2026-03-02T14:00:00Z", "kind": "gap"},
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database holds rows of every kind."""
    folder = tmp_path_factory.mktemp("filled")
    imported(folder, write_rows(folder / "rows.jsonl", every_kind()))
    return folder


def test_the_same_mentions_twice_are_stored_once(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", [*(make_row(str(n)) for n in range(5)), make_row("4")])
    assert imported(tmp_path, rows) == {"read": 6, "stored": 5, "known": 1, "skipped": 0}
    assert imported(tmp_path, rows, rows) == {"read": 12, "stored": 0, "known": 12, "skipped": 0}
    assert len(json_lines(exported(tmp_path, "--format", "jsonl"))) == 5


def test_bad_rows_are_counted_and_named(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(
        "id,platform,brand,created_at,text\n"
        "1,x,acme,2026-03-02T12:00:00Z,fine\n"
        "2,x,acme,yesterday,late\n"
        ",x,acme,2026-03-02T12:00:00Z,nameless\n",
        encoding="utf-8",
    )
    (tmp_path / "config.toml").touch()
    done = run(tmp_path, "import", file, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"read": 3, "stored": 1, "known": 0, "skipped": 2}
    first, second = done.stderr.splitlines()
    assert "rows.csv line 3" in first
    assert "yesterday" in first
    assert "rows.csv line 4" in second


def test_what_a_file_calls_otherwise_is_mapped(tmp_path: Path) -> None:
    row = make_row()
    row["body"] = row.pop("text")
    assert imported(tmp_path, write_rows(tmp_path / "rows.jsonl", [row]), "--map", "text=body")["stored"] == 1


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_exported_mentions_are_a_mention_file_that_import_reads_back(
    filled: Path, tmp_path: Path, file_format: str
) -> None:
    out = tmp_path / f"out.{file_format}"
    assert exported(filled, "--format", file_format, "--out", str(out)) == ""
    assert imported(tmp_path, out)["stored"] == len(every_kind())
    again = exported(tmp_path, "--format", "jsonl")
    assert again == exported(filled, "--format", "jsonl")
    rows = {(row["id"], row["kind"]): row for row in json_lines(again)}
    assert rows["1", "mention"]["text"] == ODD.replace("\x00", "").replace("\ud83d", "\ufffd")
    assert len(rows["2", "mention"]["text"]) == 1_000_000
    assert (rows["3", "mention"]["text"], rows["3", "mention"]["author"]) == ("", None)
    assert rows["own", "metrics"]["replies"] == 0
    assert rows["own", "metrics"]["quotes"] is None


@pytest.mark.parametrize(
    ("what", "columns"),
    [
        ("minutes", "brand minute mentions"),
        ("incidents", "incident brand post state level severity kind opened_at acknowledged_by"),
        ("decisions", "at incident decision by why"),
        ("notices", "key incident event to channel state created_at sent_at"),
        ("deliveries", "key channel outcome started_at"),
    ],
)
def test_tables_have_the_promised_columns(filled: Path, what: str, columns: str) -> None:
    header = exported(filled, "--what", what).splitlines()[0].split(",")
    assert header[: len(columns.split())] == columns.split()


def test_minutes_count_mentions_and_not_own_posts(filled: Path) -> None:
    lines: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(exported(filled, "--what", "minutes"))))
    assert lines == [{"brand": "acme", "minute": "2026-03-02T12:00:00Z", "mentions": "3"}]


def test_a_killed_import_is_finished_by_running_it_again(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    rows = write_rows(tmp_path / "rows.jsonl", (make_row(str(n), NOON + timedelta(seconds=n)) for n in range(5_000)))

    def count_stored() -> int:
        try:
            with sqlite3.connect(f"file:{tmp_path / 'stormcone.db'}?mode=ro", uri=True) as database:
                return int(database.execute("SELECT count(*) FROM mention").fetchone()[0])
        except sqlite3.OperationalError:  # not there yet
            return 0

    with running(tmp_path, "import", rows) as process:
        wait_for(count_stored, "a first part of the import")
        process.kill()
        process.wait()
    before = count_stored()
    assert 0 < before < 5_000
    assert imported(tmp_path, rows) == {"read": 5_000, "stored": 5_000 - before, "known": before, "skipped": 0}
    minutes = json_lines(exported(tmp_path, "--what", "minutes", "--format", "jsonl"))
    assert {line["mentions"] for line in minutes[:-1]} == {60}
    assert sum(line["mentions"] for line in minutes) == 5_000
