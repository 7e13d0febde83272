import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.stormcone.cli.processes import (
    NOON,
    assert_one_line_error,
    iso,
    json_lines,
    make_row,
    run,
    storm_rows,
    write_rows,
)

KEYS = {"at", "brand", "incident", "post", "state", "level", "kind", "severity"}
KEYS |= {"headline", "reasons", "forecast", "advice"}


def replayed(folder: Path, *words: str | Path) -> list[Any]:
    done = run(folder, "replay", *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json_lines(done.stdout)


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mention file: two brands, a storm over acme's post at noon."""
    folder = tmp_path_factory.mktemp("storm")
    other = [make_row(f"other-{n}", NOON - timedelta(hours=n), brand="other") for n in range(5)]
    rows = [*storm_rows(NOON), *other]
    rows.append({"platform": "x", "created_at": iso(NOON), "seen_at": iso(NOON + timedelta(hours=1)), "kind": "gap"})
    return write_rows(folder / "storm.jsonl", reversed(rows))


@pytest.fixture(scope="module")
def lines(storm: Path) -> list[Any]:
    return replayed(storm.parent, storm)


def test_every_line_has_the_keys_of_the_contract(lines: list[Any]) -> None:
    *transitions, summary = lines
    assert [KEYS - set(line) for line in transitions if KEYS - set(line)] == []
    assert set(summary) == {"summary"}
    assert set(summary["summary"]) >= {"mentions", "skipped", "brands", "days", "incidents", "pages", "seconds"}
    opened = transitions[0]
    assert (opened["brand"], opened["post"], opened["state"], opened["kind"]) == ("acme", "post", "open", "backlash")
    assert {"signal", "value", "expected", "text"} <= set(opened["reasons"][0])
    assert set(opened["forecast"]["1h"]) == {"low", "mid", "high"}
    assert {"action", "within_minutes", "because", "precedents"} <= set(opened["advice"])


def test_a_storm_is_one_incident_told_in_order_from_open_to_resolved(lines: list[Any]) -> None:
    *transitions, summary = lines
    times = [datetime.fromisoformat(line["at"]) for line in transitions]
    assert times == sorted(times)
    assert NOON - timedelta(minutes=13) < times[0] < NOON
    assert {line["incident"] for line in transitions} == {1}
    assert [line["state"] for line in transitions][-2:] == ["cooling", "resolved"]
    assert "page" in {line["level"] for line in transitions if line["state"] == "open"}
    assert summary["summary"] | {"seconds": 0, "days": 2} == {
        "mentions": 258, "skipped": 0, "brands": 2, "days": 2, "incidents": 1, "pages": 1, "seconds": 0,
    }  # fmt: skip


def test_the_same_files_give_the_same_output(storm: Path, lines: list[Any]) -> None:
    again = replayed(storm.parent, storm)
    assert again[:-1] == lines[:-1]
    assert again[-1]["summary"] | {"seconds": 0} == lines[-1]["summary"] | {"seconds": 0}


def test_one_brand_and_a_stretch_of_time_can_be_chosen(storm: Path) -> None:
    calm = replayed(storm.parent, storm, "--brand", "other")
    assert [line["summary"]["mentions"] for line in calm] == [5]
    part = replayed(storm.parent, storm, "--since", "2026-03-02T10:00:00", "--until", "2026-03-02T11:00:00Z")
    assert part[-1]["summary"]["mentions"] == 4 + 1


def test_polling_seldom_and_a_small_budget_tell_later(storm: Path, lines: list[Any]) -> None:
    (storm.parent / "config.toml").write_text('[[brand]]\nname = "somebody else"\n', encoding="utf-8")
    words = ["--poll-minutes", "10", "--false-pages-per-month", "0.01", "--config", "config.toml"]
    late = replayed(storm.parent, storm, *words)
    assert datetime.fromisoformat(late[0]["at"]) > datetime.fromisoformat(lines[0]["at"])
    assert datetime.fromisoformat(late[0]["at"]).minute % 10 == 0


def test_a_reader_gets_a_sentence_and_the_pages(storm: Path) -> None:
    done = run(storm.parent, "replay", storm, "--brand", "acme")
    first, _, head, page, headline, _, last = done.stdout.splitlines()
    assert first == "With 1 false page a month you would have been paged once in 2 days."
    assert head.split("  ")[0] == "paged at (UTC)"
    assert "in fact" not in head
    assert page.startswith("2026-03-02 11:")
    assert headline.startswith("    acme: backlash on its post")
    assert last.startswith("replayed: 253 mentions")


def test_budgets_are_compared_on_the_same_rows(storm: Path) -> None:
    lines = replayed(storm.parent, storm, "--brand", "acme", "--compare", "0.01,1")
    assert [line.get("budget") for line in lines] == [0.01, 1.0, None]
    assert lines[1] == {"budget": 1.0, "incidents": 1, "warns": 0, "pages": 1, "pages_a_month": None}
    assert lines[-1]["summary"]["mentions"] == 253
    done = run(storm.parent, "replay", storm, "--brand", "acme", "--compare", "1")
    assert [line.split() for line in done.stdout.splitlines()[:2]] == [
        ["false", "pages", "a", "month", "incidents", "warns", "pages", "pages", "a", "month"],
        ["1", "1", "0", "1", "too", "short", "to", "say"],
    ]


def test_a_setting_can_be_another_one(storm: Path) -> None:
    lines = replayed(storm.parent, storm, "--set", "detector.least_hostile_authors = 1000")
    assert lines[-1]["summary"]["pages"] == 0
    assert lines[-1]["summary"]["incidents"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "detector.warn_facto=3"], ["detector.warn_facto", "did you mean warn_factor?"]),
        (["--set", "kinds.alike_loosly=0.4"], ["kinds.alike_loosly", "did you mean alike_loosely?"]),
        (["--set", "kinds.alike_loosely=0.9"], ["kinds.alike_strictly", "not be less than alike_loosely"]),
        (["--set", "detector.warn_factor=soon"], ["detector.warn_factor", "number"]),
        (["--set", "detector.warn_factor=0"], ["detector.warn_factor", "greater than or equal to 1"]),
        (["--set", "watch.tick_seconds=1"], ["watch.tick_seconds", "detector.KEY=VALUE"]),
        (["--set", "detector.warn_factor"], ["detector.KEY=VALUE"]),
        (["--compare", "1,many"], ["1,many", "0.5,1,2,4"]),
        (["--compare", "0"], ["0.01"]),
        (["--compare", "1", "--false-pages-per-month", "1"], ["give one of them"]),
        (["--since", "2026-03-02", "--until", "2026-03-01"], ["2026-03-01", "not after"]),
        (["--stored"], ["name mention files, or say --stored"]),
    ],
)
def test_what_cannot_be_meant_is_one_line(storm: Path, words: list[str], said: list[str]) -> None:
    assert_one_line_error(run(storm.parent, "replay", storm, *words), 2, *said)


def test_columns_are_mapped_and_a_bad_row_is_skipped_or_stops(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("id,platform,brand,when,text\n1,x,acme,2026-03-02,a\n2,x,acme,never,b\n", encoding="utf-8")
    lenient = run(tmp_path, "replay", file, "--map", "created_at=when", "--json")
    assert json.loads(lenient.stdout)["summary"] | {"seconds": 0} == {
        "mentions": 1, "skipped": 1, "brands": 1, "days": 0.0, "incidents": 0, "pages": 0, "seconds": 0,
    }  # fmt: skip
    assert "rows.csv line 3" in lenient.stderr
    assert run(tmp_path, "replay", file, "--map", "created_at=when", "--strict").returncode == 1
