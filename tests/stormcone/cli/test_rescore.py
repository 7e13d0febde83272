import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.models import Batch
from stormcone.pipeline import build_pipeline
from stormcone.store import open_store
from tests.fakes import AT, make_mention, make_own_post
from tests.stormcone.cli.processes import assert_one_line_error, run
from tests.stormcone.pipeline.parts import ANGRY, WordScorer
from tests.sums import assert_sums_equal_rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a history that a scorer of the past has scored."""
    (tmp_path / "config.toml").touch()
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    pipeline = build_pipeline(Config(), store, ManualClock(AT), scorer=WordScorer())
    replies = [make_mention(str(n), author=f"author {n}", text=f"{ANGRY} {n * 7919}") for n in range(5)]
    friendly = make_mention("kind", author="friend", text="what a shame I missed this lovely day", brand="bolt")
    pipeline.ingest.take(Batch(mentions=(make_own_post(), *replies, friendly)))
    store.close()
    return tmp_path


def dump(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "stormcone.db")) as database:
        return list(database.iterdump())


def told(folder: Path, *words: str) -> dict[str, object]:
    done = run(folder, "rescore", *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_history_is_scored_anew_and_watchers_are_told(folder: Path) -> None:
    before = dump(folder)
    dry = told(folder, "--dry-run")
    assert dump(folder) == before
    done = told(folder)
    assert dry | {"dry_run": False} == done
    assert (done["read"], done["rescored"], done["from"]) == (7, 7, {"words 1": 7})
    store = open_store(f"sqlite:///{folder / 'stormcone.db'}")
    assert {each.scored.scores.scorer for each in store.history.following(0, limit=99)} == {done["to"]}
    assert store.mentions.history_revision() == 1
    assert_sums_equal_rows(store)
    store.close()
    again = told(folder)
    assert (again["read"], again["rescored"], again["changed"]) == (7, 0, 0)


def test_one_line_says_what_was_done(folder: Path) -> None:
    done = run(folder, "rescore", "--brand", "bolt", "--since", "2026-03-02")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("rescored 1 of 1 mentions and own posts (words 1 1 -> ")
    assert done.stdout.count("\n") == 1
    assert run(folder, "rescore", "--since", "2026-03-03").stdout.startswith("rescored 0 of 0 ")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--brand", "acne"], ["acne", "acme, bolt"]),
        (["--since", "yesterday"], ["--since", "yesterday", "ISO"]),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_and_changes_nothing(folder: Path, words: list[str], names: list[str]) -> None:
    before = dump(folder)
    assert_one_line_error(run(folder, "rescore", *words), 2, *names)
    assert dump(folder) == before


def test_an_empty_database_has_no_brand_to_rescore(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    assert_one_line_error(run(tmp_path, "rescore", "--brand", "acme"), 2, "acme", "nothing at all")
    assert run(tmp_path, "rescore").returncode == 0
