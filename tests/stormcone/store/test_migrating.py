import subprocess
import sys
from contextlib import ExitStack, closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from stormcone.errors import StoreTooNew
from stormcone.models import Batch
from stormcone.store import open_store
from stormcone.store.tables import metadata
from tests.fakes import AT, make_scored


def test_migrations_make_exactly_the_tables_the_store_expects(empty_url: str) -> None:
    store = open_store(empty_url)
    with closing(store), store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_opening_twice_changes_nothing(empty_url: str) -> None:
    first = open_store(empty_url)
    first.mentions.save([make_scored()], Batch())
    first.close()
    second = open_store(empty_url)
    assert len(list(second.reads.mentions_since(AT))) == 1
    assert second.mentions.history_revision() == 0
    second.close()


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store_url: str) -> None:
    store = open_store(store_url)
    with store.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreTooNew) as raised:
        open_store(store_url)
    message = str(raised.value)
    assert len(message.splitlines()) == 1
    assert "written by a newer Stormcone (revision 9999); install that version" in message
    with store.database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    store.close()


OPENS_WHEN_TOLD = """
import sys
from stormcone.store import open_store
print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).close()
"""


def test_processes_that_start_at_once_all_succeed(empty_url: str) -> None:
    command = [sys.executable, "-c", OPENS_WHEN_TOLD, empty_url]
    with ExitStack() as ends:
        processes = [
            ends.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(3)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        assert [process.wait(60) for process in processes] == [0, 0, 0]
    store = open_store(empty_url)
    assert store.mentions.history_revision() == 0
    store.close()
