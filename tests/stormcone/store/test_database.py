import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from stormcone.errors import StoreBusy, StoreError, StoreReadOnly
from stormcone.models import Batch
from stormcone.store import MEMORY_URL, Store, open_store
from stormcone.store.database import Database
from tests.fakes import AT, make_mention, make_scored

SECRET = "hunter-two"


def save_one(store: Store, identifier: str = "1") -> None:
    store.mentions.save([make_scored(make_mention(identifier))], Batch())


def one_line(error: pytest.ExceptionInfo[StoreError]) -> str:
    message = str(error.value)
    assert len(message.splitlines()) == 1
    assert SECRET not in message
    return message


def answer_and_fail(database: Database, question: str) -> object:
    """Return a statement's answer from a transaction that is given up afterwards."""
    answers = []

    def ask_and_fail() -> None:
        with database.write() as connection:
            answers.append(connection.execute(text(question)).scalar_one())
            raise InterruptedError

    with pytest.raises(InterruptedError):
        ask_and_fail()
    return answers[0]


LOCKS_UNTIL_TOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
connection.close()
"""


@contextmanager
def locked_by_another_process(file: Path) -> Iterator[None]:
    command = [sys.executable, "-c", LOCKS_UNTIL_TOLD, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.communicate("\n", timeout=60)


def sqlite_file(tmp_path: Path) -> Path:
    file = tmp_path / "storm.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 2500)],
)
@pytest.mark.parametrize("is_reader", [True, False], ids=["reader", "writer"])
def test_sqlite_survives_a_power_cut_and_waits_its_turn(
    tmp_path: Path, pragma: str, value: object, is_reader: bool
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'storm.db'}", busy_timeout_seconds=2.5)
    opened = store.database.read() if is_reader else store.database.write()
    with closing(store), opened as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


@pytest.mark.postgres
def test_a_write_waits_for_locks_as_long_as_told_even_after_a_rollback(postgres_url: str) -> None:
    patient = Database(postgres_url, busy_timeout_seconds=2.5)
    with closing(patient):
        for _ in range(2):
            assert answer_and_fail(patient, "SHOW lock_timeout") == "2500ms"


def test_what_another_process_locks_for_too_long_is_busy(tmp_path: Path) -> None:
    file = sqlite_file(tmp_path)
    store = open_store(f"sqlite:///{file}", busy_timeout_seconds=0.05)
    with closing(store), locked_by_another_process(file):
        assert list(store.reads.mentions_since(AT)) == []  # readers do not care
        with pytest.raises(StoreBusy) as raised:
            save_one(store)
        assert "storm.db: locked by another process" in one_line(raised)
        assert "store.busy_timeout_seconds" in str(raised.value)
    save_one(open_store(f"sqlite:///{file}"))


def test_a_row_that_another_transaction_holds_for_too_long_is_busy(store: Store, store_url: str) -> None:
    hasty = open_store(store_url, busy_timeout_seconds=0.05)
    change = text("UPDATE revision SET history = history + 1")
    with closing(hasty), store.database.write() as mine:
        mine.execute(change)
        with pytest.raises(StoreBusy) as raised, hasty.database.write() as theirs:
            theirs.execute(change)
    assert "locked by another process" in one_line(raised)


def test_a_writer_waits_for_another_and_then_succeeds(store: Store, store_url: str) -> None:
    other = open_store(store_url)
    done = threading.Event()

    def save() -> None:
        save_one(other, "2")
        done.set()

    thread = threading.Thread(target=save)
    with store.database.write() as connection:
        connection.execute(text("UPDATE revision SET history = history + 1"))
        if not store.database.is_sqlite:
            store.database.wait_for_turn(connection, 7_366_002)
        thread.start()
        assert not done.wait(0.1)
    assert done.wait(30)
    thread.join(30)
    other.close()


def test_a_database_that_may_only_be_read_says_so(tmp_path: Path) -> None:
    file = sqlite_file(tmp_path)
    store = open_store(f"sqlite:///file:{file}?mode=ro&uri=true")
    with closing(store):
        assert list(store.reads.mentions_since(AT)) == []
        with pytest.raises(StoreReadOnly) as raised:
            save_one(store)
    assert "storm.db" in one_line(raised)
    assert "check owner and mode" in str(raised.value)


@pytest.mark.postgres
def test_a_postgresql_that_may_only_be_read_says_so(postgres_url: str) -> None:
    standby = open_store(f"{postgres_url}&options=-c%20default_transaction_read_only%3Don")
    with closing(standby), pytest.raises(StoreReadOnly) as raised:
        save_one(standby)
    assert "cannot be written" in one_line(raised)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("dear diary, " * 500, encoding="utf-8")
    with pytest.raises(StoreError) as raised:
        open_store(f"sqlite:///{file}")
    assert "notes.txt: is not a sound database" in one_line(raised)
    assert file.read_text(encoding="utf-8") == "dear diary, " * 500


def test_a_database_cut_short_is_refused(tmp_path: Path) -> None:
    file = sqlite_file(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError) as raised:
        save_one(open_store(f"sqlite:///{file}"))
    assert "is not a sound database; restore a backup" in one_line(raised)


@pytest.mark.parametrize("path", ["missing/storm.db", "."], ids=["missing folder", "a folder"])
def test_a_place_where_no_file_can_be_is_named(tmp_path: Path, path: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(f"sqlite:///{tmp_path / path}")
    assert str(tmp_path) in one_line(raised)
    assert "check that the folder exists" in str(raised.value)


def test_a_relative_path_means_beside_the_settings(tmp_path: Path) -> None:
    open_store("sqlite:///storm.db", folder=str(tmp_path)).close()
    assert (tmp_path / "storm.db").is_file()


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError) as raised:
        open_store(f"postgresql://ann:{SECRET}@127.0.0.1:1/storm")
    assert "127.0.0.1:1/storm: does not answer" in one_line(raised)
    assert "check that the server runs" in str(raised.value)


@pytest.mark.postgres
def test_a_database_the_server_does_not_have_is_named(postgres_url: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(postgres_url.replace("/test_", "/nobody_"))
    assert "does not exist" in one_line(raised)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"postgresql//ann:{SECRET}@db/storm", "not a database URL"),
        (f"postgresql://ann:{SECRET}@db:port/storm", "not a database URL"),
        ("", "not a database URL"),
        (f"mysql://ann:{SECRET}@db/storm", "'mysql' is not supported"),
    ],
)
def test_a_url_we_cannot_use_is_refused_without_showing_its_password(url: str, said: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(url)
    assert said in one_line(raised)


def test_errors_never_carry_what_strangers_wrote(store: Store) -> None:
    with pytest.raises(StoreError) as raised, store.database.write() as connection:
        connection.execute(text("INSERT INTO revision (id, history) VALUES (:id, :x)"), {"id": 1, "x": 4711})
    cause: BaseException | None = raised.value.__cause__
    assert "4711" not in str(cause)
    assert "hidden" in str(cause)


def test_a_block_that_raises_leaves_nothing_behind(store: Store) -> None:
    before = store.mentions.history_revision()
    assert answer_and_fail(store.database, "UPDATE revision SET history = history + 1 RETURNING history") == before + 1
    assert store.mentions.history_revision() == before


def test_a_database_in_memory_lives_as_long_as_its_store() -> None:
    store = open_store(MEMORY_URL)
    save_one(store)
    assert len(list(store.reads.mentions_since(AT))) == 1
    store.close()
    assert list(open_store(MEMORY_URL).reads.mentions_since(AT)) == []
