import json
from pathlib import Path

import pytest

from stormcone.models import Batch
from stormcone.store import open_store
from tests.fakes import make_mention, make_own_post, make_scored
from tests.stormcone.cli.processes import assert_one_line_error, run

CONFIG = """
[[brand]]
name = "acme"
keywords = ["acme"]
accounts = [{ platform = "x", handle = "acme_ceo", role = "executive" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small history."""
    (tmp_path / "config.toml").write_text(CONFIG)
    store = open_store(f"sqlite:///{tmp_path / 'stormcone.db'}")
    said = [make_own_post(), *(make_mention(str(n), author=f"Author{n % 2}", text=f"text {n}") for n in range(4))]
    store.mentions.save([make_scored(each) for each in said], Batch())
    store.close()
    return tmp_path


def exported(folder: Path) -> str:
    return run(folder, "export", "--format", "jsonl").stdout


def test_an_author_is_forgotten_and_it_is_on_record(folder: Path) -> None:
    done = run(folder, "forget", "--author", "@author1", "--why", "asked by mail", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"mentions": 2, "evidence": 0, "likes": 0, "quotes": 0, "dry_run": False}
    left = exported(folder)
    assert "Author1" not in left
    assert "text 1" not in left
    assert "text 2" in left
    assert len(left.splitlines()) == 5
    store = open_store(f"sqlite:///{folder / 'stormcone.db'}")
    assert [each.why for each in store.forgetting.records()] == ["asked by mail"]
    assert store.mentions.history_revision() == 1
    store.close()


def test_a_dry_run_says_what_would_go(folder: Path) -> None:
    before = exported(folder)
    done = run(folder, "forget", "--post", "1", "--platform", "x", "--why", "asked", "--dry-run")
    assert done.returncode == 0
    assert done.stdout.startswith("would erase words and name in 1 mentions")
    assert exported(folder) == before
    done = run(folder, "forget", "--post", "1", "--platform", "x", "--why", "asked")
    assert done.stdout.startswith("erased words and name in 1 mentions")
    assert "text 1" not in exported(folder)


def test_nobody_is_no_failure(folder: Path) -> None:
    done = run(folder, "forget", "--author", "nobody", "--why", "asked")
    assert (done.returncode, done.stdout) == (0, "nothing of this author is stored\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--author", "Acme_CEO", "--why", "x"), "author 'Acme_CEO' is an account of acme"),
        (("--author", "acme", "--why", "x"), "is an account of a brand"),
        (("--post", "post-1", "--why", "x"), "is a brand's own post"),
        (("--why", "x"), "give either --author HANDLE or --post ID"),
        (("--author", "a", "--post", "1", "--why", "x"), "give either --author HANDLE or --post ID"),
        (("--author", "@", "--why", "x"), "names nobody"),
        (("--author", "a", "--why", " "), "say why in a sentence"),
        (("--author", "a"), "--why"),
    ],
)
def test_wrong_use_is_one_line(folder: Path, words: tuple[str, ...], said: str) -> None:
    before = exported(folder)
    assert_one_line_error(run(folder, "forget", *words), 2, said)
    assert exported(folder) == before
