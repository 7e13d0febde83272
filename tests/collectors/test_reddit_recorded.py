"""Listings and trees as Reddit really sent them, served again to the real praw.

The recordings are no part of this repository; where they are absent these tests are skipped. Texts are only replayed,
never shown.
"""

import gzip
import importlib.util
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors._reddit_client import Access, RedditClient
from collectors._reddit_threads import read_thread
from collectors.reddit import RedditCollector, RedditSettings
from stormcone.clock import ManualClock, SystemClock
from stormcone.ports import Allowance, Archive, CollectorContext, EmptyArchive, WatchedAccount, WatchedBrand
from tests.collectors.reddit_desk import NOW, SECRETS, Shelf, stored

_NAMED = os.environ.get("STORMCONE_SHARED_DATA")
_FOLDERS = [
    *([Path(_NAMED)] if _NAMED else []),
    *(parent / "shared" / "data" for parent in Path(__file__).resolve().parents),
]
DATA = next((folder for folder in _FOLDERS if (folder / "recorded" / "reddit").is_dir()), None)
NOTHING_STORED = EmptyArchive()
SERVER = DATA.parent / "tools" / "replay_server.py" if DATA else None

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        SERVER is None or not SERVER.is_file(), reason="no folder shared/data/recorded/reddit beside the repository"
    ),
]


@contextmanager
def replayed(cassette: str, *, is_sequence: bool = False) -> Iterator[tuple[str, Any]]:
    """Serve the recordings, one of them first; address, and the server's memory of requests."""
    assert DATA is not None
    assert SERVER is not None
    spec = importlib.util.spec_from_file_location("replay_server", SERVER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = module.serve(0, [str(DATA / "recorded" / "reddit")], is_sequence)
    recordings = server.RequestHandlerClass.rec
    recordings.only = cassette
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", recordings
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def things_in(cassette: str, part: str) -> set[str]:
    """Return the names of everything that a recording serves at paths that hold `part`."""
    assert DATA is not None
    with gzip.open(DATA / "recorded" / "reddit" / f"{cassette}.json.gz", "rt", encoding="utf-8") as stream:
        interactions = json.load(stream)["interactions"]
    names: set[str] = set()
    for each in interactions:
        if part in each["request"]["path"]:
            _gather(each["response"]["json"], names)
    return names


def _gather(node: object, names: set[str]) -> None:
    if isinstance(node, dict):
        if node.get("kind") in {"t1", "t3"}:
            names.add(node["data"]["name"])
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        _gather(each, names)


def signed_in(url: str) -> RedditClient:
    access = Access(
        base_url=url, client_id="id", client_secret="secret", user_agent="tests:stormcone:1", timeout_seconds=10
    )
    client = RedditClient(access, SystemClock())
    client.begin(requests=100, deadline=SystemClock().now() + timedelta(seconds=60))
    return client


@pytest.mark.parametrize(
    ("cassette", "most"), [("TestCommentForest.test_replace__all", 32), ("TestMore.test_comments", 2)]
)
def test_thread_of_543_comments_is_read_within_its_bound(cassette: str, most: int) -> None:
    with replayed(cassette) as (url, _):
        client = signed_in(url)
        reading = read_thread(client, "t3_3hahrw", requests=most)
        comments = {each.name for each in reading.things if not each.is_submission}
        assert client.requests_sent <= most + 1
        assert not reading.skipped
        if most == 32:
            assert len(comments) == 541
            assert reading.left == ()
        else:
            assert reading.left


def collector_for(
    url: str, clock: ManualClock, *, archive: Archive = NOTHING_STORED, **settings: object
) -> RedditCollector:
    given = {"base_url": url, "timeout_seconds": 10, **settings}
    brands = (WatchedBrand(name="Acme", accounts=(WatchedAccount(handle="AutoModerator"),)),)
    context = CollectorContext(brands=brands, clock=clock, base_folder=".", secrets=SECRETS, archive=archive)
    return RedditCollector(RedditSettings.model_validate(given), context)


@pytest.mark.parametrize(
    ("cassette", "subreddit", "part", "polls"),
    [
        ("TestSubredditStreams.test_comments__with_pause", "kakapo", "/r/kakapo/comments", 3),
        ("TestRedditor.test_stream__comments", "nothing_there", "/user/AutoModerator/comments", 5),
        ("TestSubredditListings.test_comments", "askreddit", "/r/askreddit/comments", 1),
        ("TestSubredditListings.test_new", "askreddit", "/r/askreddit/new", 1),
    ],
)
def test_recorded_polls_leave_exactly_what_was_served(cassette: str, subreddit: str, part: str, polls: int) -> None:
    with replayed(cassette, is_sequence=True) as (url, _):
        clock = ManualClock(NOW)
        collector = collector_for(url, clock, subreddits=(subreddit,))
        found: set[str] = set()
        cursor: str | None = None
        for _ in range(polls):
            batch = collector.poll(cursor, Allowance(), clock.now() + timedelta(seconds=60))
            cursor = batch.cursor
            found |= {each.id for each in batch.mentions} | {each.id for each in batch.checks}
            assert not batch.skipped
            clock.move_to(clock.now() + timedelta(minutes=1))
        served = things_in(cassette, part)
        assert len(served) >= 17
        assert found == served


def test_recorded_shell_of_a_deleted_comment_is_a_miss() -> None:
    with replayed("TestComment.test_refresh__deleted_comment") as (url, recordings):
        recordings.faults.append({"path": "/user", "status": 404, "times": 99})
        clock = ManualClock(NOW)
        collector = collector_for(url, clock, archive=Shelf(due=[stored("t1_d7ltvl0")]))
        batch = collector.poll(None, Allowance(), clock.now() + timedelta(seconds=60))
        assert [(each.id, each.is_there) for each in batch.checks] == [("t1_d7ltvl0", False)]
        assert batch.mentions == ()


def test_recorded_search_is_filtered_to_what_names_the_brand() -> None:
    with replayed("TestSubreddit.test_search") as (url, recordings):
        recordings.faults.append({"path": "/user", "status": 404, "times": 99})
        clock = ManualClock(NOW)
        brands = (WatchedBrand(name="Acme", keywords=("praw",)),)
        context = CollectorContext(brands=brands, clock=clock, base_folder=".", secrets=SECRETS)
        collector = RedditCollector(RedditSettings(base_url=url), context)
        started = time.monotonic()
        batch = collector.poll(None, Allowance(), clock.now() + timedelta(seconds=60))
        served = things_in("TestSubreddit.test_search", "/search")
        assert batch.mentions
        assert {each.id for each in batch.mentions} <= served
        assert all("praw" in each.text.casefold() for each in batch.mentions)
        assert time.monotonic() - started < 20
