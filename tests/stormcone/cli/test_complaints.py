from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from stormcone.cli.complaints import chosen_week
from stormcone.errors import UsageError
from stormcone.models import Batch
from stormcone.store import open_store
from tests.stormcone.cli.processes import assert_one_line_error, json_lines, run
from tests.stormcone.test_looking_back import customers, said

CONFIG = """
[[brand]]
name = "acme"
accounts = [{ platform = "x", handle = "acme", role = "support" }]
[[brand]]
name = "quiet"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which acme has a week of complaints, one of them made to break a terminal."""
    (tmp_path / "config.toml").write_text(CONFIG)
    evil = said(
        "c9",
        50,
        cue="refund",
        parent_id=None,
        root_id=None,
        text="\x1b[2J\u202erefund\nsee http://evil.test/?",
        url="https://x.example/9\x1b[0m",
    )
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    store.mentions.save([*customers(), evil], Batch())
    store.close()
    return tmp_path


def test_a_week_is_told_in_sentences_and_lines(folder: Path) -> None:
    done = run(folder, "complaints", "--brand", "acme", "--week", "2026-W10")
    assert done.returncode == 0
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "acme  2026-W10"
    assert "2 of 4 were answered in public: 50 % (likely 23 to 77 %)." in lines
    assert "reddit  complaints 1  answered unknown" in lines
    assert "12:00  complaints 5  answered 2  50 % (likely 23 to 77 %)  median 30 min  open 2" in lines
    assert lines.index("unanswered, oldest first:") == len(lines) - 3
    assert "no link, id c3" in lines[-2]
    assert "https://x.example/9" in lines[-1]


def test_what_a_stranger_wrote_cannot_harm_the_terminal(folder: Path) -> None:
    done = run(folder, "complaints", "--week", "2026-W10")
    assert [each for each in ("\x1b", "\u202e", "http://evil.test") if each in done.stdout] == []
    assert "hxxp://evil[.]test" in done.stdout


def test_machines_are_told_every_figure(folder: Path) -> None:
    acme, quiet = json_lines(run(folder, "complaints", "--week", "2026-W10", "--json").stdout)
    assert (acme["brand"], acme["week"], acme["state"]) == ("acme", "2026-W10", "known")
    assert (acme["complaints"], acme["answered"], acme["unanswered_complaints"], acme["unknown"]) == (5, 2, 2, 1)
    assert acme["response_rate"]["value"] == 0.5
    assert acme["median_response_time"] == 30
    reddit, _ = acme["by_platform"]
    assert (reddit["platform"], reddit["state"], reddit["response_rate"]) == ("reddit", "unknown", None)
    assert reddit["unanswered_complaints"] is None
    assert [each["id"] for each in acme["unanswered"]] == ["c3", "c9"]
    assert (quiet["complaints"], quiet["state"], quiet["response_rate"]) == (0, "none", None)


def test_wrong_use_is_one_line(folder: Path) -> None:
    assert_one_line_error(run(folder, "complaints", "--brand", "nobody"), 2, "--brand", "known: acme, quiet")
    assert_one_line_error(run(folder, "complaints", "--week", "last"), 2, "--week 'last'", "2026-W")
    assert_one_line_error(run(folder, "complaints", "--week", "9999-W52"), 2, "--week")


def test_without_a_week_it_is_the_running_one_of_the_brand() -> None:
    helsinki = ZoneInfo("Europe/Helsinki")
    late_sunday = datetime(2026, 11, 15, 22, 30, tzinfo=UTC)
    assert chosen_week(None, late_sunday, helsinki).name == "2026-W47"
    assert chosen_week("2026-W46", late_sunday, helsinki).name == "2026-W46"
    with pytest.raises(UsageError, match="has not begun"):
        chosen_week("2026-W48", late_sunday, helsinki)


def test_a_week_beyond_the_calendar_is_wrong_use() -> None:
    for text in ("9999-W52", "0001-W01", "0001-W02", "1969-W52"):
        with pytest.raises(UsageError, match="--week"):
            chosen_week(text, datetime(2026, 1, 5, tzinfo=UTC), ZoneInfo("Asia/Tokyo"))


def test_no_brand_is_no_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    done = run(tmp_path, "complaints", "--json")
    assert (done.returncode, done.stdout) == (0, "")
