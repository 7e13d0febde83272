import json
from pathlib import Path

import pytest

from stormcone.models import Batch, Decision, Deletion
from stormcone.store import open_store
from tests.fakes import POST, at
from tests.stormcone.cli.processes import assert_one_line_error, run
from tests.stormcone.test_looking_back import decide, opened, own, said, storm


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one incident whose post was answered and later deleted, and a stranger's attack on terminals."""
    (tmp_path / "config.toml").touch()
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    evil = said("e", 150, text="they deleted it \x1b[2J\u202e")
    gone = Deletion(platform=POST[0], id=POST[1], brand="acme", seen_at=at(120))
    store.mentions.save(
        [*storm(), evil, own("t", 140, url="https://x.example/t\x1b[0m", account="acme\u202e")],
        Batch(deletions=(gone,)),
    )
    decide(store, opened(store), 110, Decision.DELETE)
    store.close()
    return tmp_path


def test_clock_and_effect_are_told_a_line_each(folder: Path) -> None:
    done = run(folder, "effect", "1")
    assert done.returncode == 0
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "incident 1  acme  ack"
    assert "own post: start of the clock  2026-03-02T12:00:00Z" in lines
    assert "acknowledged: after 8 min  2026-03-02T12:08:00Z  by ann" in lines
    assert "first answer in the thread: after 1 h 0 min  2026-03-02T13:00:00Z  by acme" in lines
    assert any(line.startswith("After the decision delete: ") for line in lines)
    assert lines[-1] == "This is what came after, not what caused it: most storms fade by themselves."


def test_machines_are_told_every_figure(folder: Path) -> None:
    told = json.loads(run(folder, "effect", "1", "--json").stdout)
    assert told["clock"]["decided"] == {
        "at": "2026-03-02T12:40:00Z",
        "standing": "known",
        "minutes": 40.0,
        "by": "ann",
    }
    assert (told["answer"]["id"], told["answer"]["is_assumed"], told["is_brand_wide"]) == ("s", False, True)
    assert (told["slope"]["before"]["count"], told["slope"]["after"]["count"]) == (100, 43)
    assert told["tone"]["below"]["n"] == 20
    assert [each["decision"] for each in told["decisions"]] == ["respond", "delete"]
    assert (told["deletion"]["is_seen"], sum(told["deletion"]["told_by_hour"])) == (True, 1)


def test_a_person_may_name_the_answer(folder: Path) -> None:
    done = run(folder, "effect", "1", "--answer", "t")
    assert "measured as the answer: https://x.example/t" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_wrong_use_is_one_line(folder: Path) -> None:
    assert_one_line_error(run(folder, "effect", "9"), 2, "incident 9", "there is none")
    assert_one_line_error(run(folder, "effect", "1", "--answer", "b1"), 2, "--answer 'b1'", "no own post")
