"""Whatever is wrong outside of Stormcone is one line that names place, value and remedy; never a traceback."""

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from stormcone.store import open_store
from tests.stormcone.cli.processes import assert_one_line_error, make_row, run, write_rows

NO_SECRET = '[[channels]]\nid = "hook"\ntype = "webhook"\nurl = "http://127.0.0.1:9/"\nsecret_env = "HOOK_KEY"\n'


@pytest.mark.parametrize(
    ("config", "words", "names"),
    [
        ("[watch]\ntick_second = 5", ["status"], ["config.toml", "watch.tick_second", "did you mean tick_seconds"]),
        ('[watch]\ntick_seconds = "soon"', ["watch"], ["config.toml", "watch.tick_seconds", "soon", "number"]),
        ("[watch", ["export"], ["config.toml", "not valid TOML"]),
        ("[collectors.file]\npoll_seconds = 1", ["watch"], ["collectors.file.path", "add it"]),
        ('[store]\nurl_env = "DB_URL"', ["status"], ["store.url_env", "DB_URL", "set this environment variable"]),
        (NO_SECRET, ["watch", "--for", "1"], ["channels.hook", "HOOK_KEY", "set this environment variable"]),
        ('[store]\nurl = "mysql://db/x"', ["status"], ["store.url", "mysql", "postgresql://"]),
    ],
    ids=["unknown key", "wrong type", "no TOML", "needed key", "database secret", "channel secret", "database kind"],
)
def test_bad_settings(tmp_path: Path, config: str, words: list[str], names: list[str]) -> None:
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    done = run(tmp_path, *words)
    assert_one_line_error(done, 1 if "mysql" in config else 2, *names)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An empty database beside the settings file that a test writes."""
    file = tmp_path / "stormcone.db"
    open_store(f"sqlite:///{file}").close()
    return file


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def _damaged(file: Path) -> None:
    for each in file.parent.glob(f"{file.name}-*"):
        each.unlink()
    file.write_bytes(b"no database at all, but long enough to be looked at closely" * 20)


@pytest.mark.parametrize(
    ("url", "spoil", "names"),
    [
        ("sqlite:///stormcone.db", _newer, ["9999", "newer Stormcone"]),
        ("sqlite:///stormcone.db", _damaged, ["not a sound database", "backup"]),
        ("sqlite:///file:{folder}/stormcone.db?mode=ro&uri=true", lambda _: None, ["cannot be written", "mode"]),
        ("sqlite:///none/stormcone.db", lambda _: None, ["none/stormcone.db", "folder exists"]),
    ],
    ids=["newer", "damaged", "read-only", "no folder"],
)
def test_a_database_that_cannot_be_used(
    tmp_path: Path, database: Path, url: str, spoil: Callable[[Path], None], names: list[str]
) -> None:
    spoil(database)
    before = database.read_bytes()
    (tmp_path / "config.toml").write_text(f'[store]\nurl = "{url.format(folder=tmp_path)}"\n', encoding="utf-8")
    done = run(tmp_path, "import", write_rows(tmp_path / "rows.jsonl", [make_row()]), "--json")
    assert_one_line_error(done, 1, "stormcone.db", *names)
    assert database.read_bytes() == before


def test_a_locked_database_loses_nothing(tmp_path: Path, database: Path) -> None:
    (tmp_path / "config.toml").write_text("[store]\nbusy_timeout_seconds = 0.2\n", encoding="utf-8")
    rows = write_rows(tmp_path / "rows.jsonl", [make_row()])
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert_one_line_error(run(tmp_path, "import", rows), 1, "stormcone.db", "locked", "store.busy_timeout_seconds")
        assert run(tmp_path, "status").returncode == 0  # whoever reads need not wait
        other.execute("ROLLBACK")
    assert json.loads(run(tmp_path, "import", rows, "--json").stdout)["stored"] == 1


def _half_packed(file: Path) -> None:
    packed = gzip.compress("".join(json.dumps(make_row(str(n))) + "\n" for n in range(2_000)).encode())
    file.write_bytes(packed[: len(packed) // 2])


@pytest.mark.parametrize(
    ("name", "content", "words", "names"),
    [
        ("none.csv", None, [], ["none.csv", "No such file", "check the name"]),
        ("rows.csv", "id,platform,created_at,text\n", [], ["rows.csv", "brand", "--map"]),
        ("rows.csv", "", [], ["rows.csv", "is empty"]),
        ("rows.jsonl", '{"id": "1", "text": "cut o', ["--strict"], ["rows.jsonl line 1"]),
        ("rows.csv", "id", ["--since", "2026-02-30"], ["--since", "2026-02-30", "ISO"]),
        ("rows.csv", "id", ["--map", "when=created_at"], ["--map", "when", "created_at"]),
        ("rows.csv", "id", ["--poll-minutes", "0"], ["--poll-minutes", "0.1"]),
    ],
    ids=["missing", "no column", "empty", "strict", "bad instant", "bad map", "bad number"],
)
def test_a_mention_file_or_option_that_cannot_be_used(
    tmp_path: Path, name: str, content: str | None, words: list[str], names: list[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = run(tmp_path, "replay", tmp_path / name, *words)
    assert_one_line_error(done, 2 if words and words != ["--strict"] else 1, *names)


def test_what_is_left_of_a_half_written_file_is_read_and_the_rest_named(tmp_path: Path) -> None:
    packed, cut = tmp_path / "packed.jsonl.gz", tmp_path / "cut.jsonl"
    _half_packed(packed)
    cut.write_text(json.dumps(make_row("first")) + "\n" + json.dumps(make_row("second"))[:40], encoding="utf-8")
    done = run(tmp_path, "replay", packed, cut, "--json")
    summary = json.loads(done.stdout.splitlines()[-1])["summary"]
    assert (done.returncode, summary["skipped"]) == (0, 2)
    assert summary["mentions"] > 1
    first, second = done.stderr.splitlines()
    assert "packed.jsonl.gz" in first
    assert "cut.jsonl line 2" in second


def test_an_incident_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    assert_one_line_error(run(tmp_path, "ack", "9", "--by", "ann"), 2, "incident 9", "export --what incidents")
    assert_one_line_error(run(tmp_path, "decide", "9", "shrug", "--by", "ann"), 2, "shrug", "false_alarm")
