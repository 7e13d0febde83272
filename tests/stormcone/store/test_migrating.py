import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from stormcone.clock import ManualClock
from stormcone.errors import StoreTooNew
from stormcone.models import Batch, Confidence
from stormcone.store import open_store
from stormcone.store.database import Database
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


ROW_OF_0001 = """
INSERT INTO mention (platform, id, brand, posted_at, seen_at, text, is_own_post, p_negative, p_neutral, p_positive,
                     compound, hostility, cues, scored_lang, scorer, voice, against, thread_voice, thread_against,
                     is_copy)
VALUES ('x', :id, 'acme', :at, :at, 'invented', :own, 0.25, 0.5, 0.25, :compound, 0, :cues, :lang, :scorer, 1, 0.25,
        0, 0, :no)
"""
MINUTE_OF_0001 = """
INSERT INTO brand_minute (brand, minute, mentions, own_posts, negative, neutral, positive, voices, against, hostile,
                          copies)
VALUES ('acme', :minute, :mentions, 0, 0, 0, 0, 0, 0, 0, 0)
"""
FIRST = "vader-calibrated/1"


def row_of_0001(identifier: str, at_ms: int, **changes: Any) -> dict[str, Any]:
    """Return a row in a language that the first scorer could not read."""
    row = {"id": identifier, "at": at_ms, "own": False, "no": False, "compound": None, "lang": "hu", "scorer": FIRST}
    return row | changes


def make_0001(url: str, *, cues: str = "") -> None:
    """Make a database of the first release, with a few rows in it, in all of which `cues` were found."""
    database = Database(url)
    with database.write() as connection:
        config = Config()
        config.set_main_option("script_location", "stormcone:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        rows = [
            row_of_0001("unread", 120_001),
            row_of_0001("unread too", 179_999),
            row_of_0001("read", 120_002, compound=0.5, lang="en"),
            row_of_0001("of another scorer", 180_000, scorer="invented 1"),
            row_of_0001("own", 180_001, own=True),
            row_of_0001("before 1970", -59_999),
        ]
        connection.execute(text(ROW_OF_0001), [row | {"cues": cues} for row in rows])
        minutes = [{"minute": minute, "mentions": 1} for minute in (-60_000, 120_000, 180_000)]
        connection.execute(text(MINUTE_OF_0001), minutes)
    database.close()


def test_a_database_of_the_first_release_says_what_its_scorer_could_not_read(empty_url: str) -> None:
    make_0001(empty_url)
    store = open_store(empty_url)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = {each.mention.id: each.scores.confidence for each in store.reads.mentions_since(epoch - timedelta(hours=1))}
    minutes = store.reads.brand_minutes("acme", since=epoch - timedelta(hours=1), until=epoch + timedelta(hours=1))
    store.close()
    assert {identifier for identifier, confidence in found.items() if confidence is Confidence.NORMAL} == {
        "read",
        "of another scorer",
    }
    assert set(found.values()) == {Confidence.NORMAL, Confidence.NONE}
    assert [((row.minute - epoch) // timedelta(minutes=1), row.unsure) for row in minutes] == [(-1, 1), (2, 2), (3, 0)]


def test_cues_of_an_older_database_are_counted_into_its_minutes(empty_url: str) -> None:
    make_0001(empty_url, cues="shame")
    store = open_store(empty_url)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    minutes = store.reads.brand_minutes("acme", since=epoch - timedelta(hours=1), until=epoch + timedelta(hours=1))
    store.close()
    assert [((row.minute - epoch) // timedelta(minutes=1), row.cued) for row in minutes] == [(-1, 1), (2, 3), (3, 1)]


def test_an_older_database_does_not_claim_to_know_who_its_voices_were(empty_url: str) -> None:
    make_0001(empty_url)
    store = open_store(empty_url)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    votes = [each.vote for each in store.reads.mentions_since(epoch - timedelta(hours=1))]
    store.close()
    assert {(vote.is_stranger, vote.is_personal) for vote in votes} == {(None, None)}


def test_what_was_spent_before_and_who_was_seen_move_to_their_new_places(empty_url: str) -> None:
    make_0001(empty_url)
    database = Database(empty_url)
    with database.write() as connection:
        spent = {"name": "x", "on": "2026-03-02", "no": False}
        connection.execute(
            text(
                "INSERT INTO source (name, poll_seconds, started_at, is_stopped, requests_today, cost_usd_today, "
                "spent_on) VALUES (:name, 60, 0, :no, 7, 0.5, :on)"
            ),
            [spent, {"name": "idle", "on": None, "no": False}],
        )
    database.close()
    store = open_store(empty_url)
    with closing(store):
        told = {each.name: (each.requests_today, each.cost_usd_today, each.spent_on) for each in store.sources.health()}
        assert told == {"x": (7, 0.5, "2026-03-02"), "idle": (0, 0.0, None)}
        now = datetime(1970, 1, 2, tzinfo=UTC)
        due = store.archive("x", brands=["acme"], clock=ManualClock(now)).due_for_check(checked_before=now, limit=9)
        assert [post.id for post in due] == ["before 1970", "unread", "read", "unread too", "of another scorer"]


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
