"""What goes after how many days; how it goes is the store's business (tests/stormcone/store/test_retention.py)."""

from datetime import timedelta

from stormcone.clock import ManualClock
from stormcone.config import StoreSettings
from stormcone.models import Batch, Deletion
from stormcone.pipeline.retaining import Retained, Retention
from stormcone.store import Store
from tests.fakes import AT, make_mention, make_own_post, make_scored
from tests.sums import assert_sums_equal_rows

DAY = timedelta(days=1)
NOTHING = Retained(mentions=0, evidence=0, quotes=0, rows=0, is_done=True)


def say(store: Store, identifier: str, days_ago: float) -> None:
    said_at = AT - days_ago * DAY
    mention = make_mention(identifier, posted_at=said_at, seen_at=said_at)
    store.mentions.save([make_scored(mention)], Batch())


def texts(store: Store) -> dict[str, str]:
    return {each.mention.id: each.mention.text for each in store.reads.mentions_since(AT - 1_000 * DAY)}


def run(store: Store, days_later: float = 0, **settings: int) -> Retained:
    return Retention(StoreSettings(**settings), store, ManualClock(AT + days_later * DAY)).run()


def test_words_go_after_thirty_days_and_sums_after_four_hundred(store: Store) -> None:
    for days in (29, 31, 399, 401):
        say(store, f"{days}", days)
    old = AT - 900 * DAY
    store.mentions.save([make_scored(make_own_post(posted_at=old, seen_at=old))], Batch())
    done = run(store)
    assert (done.mentions, done.is_done) == (3, True)
    found = texts(store)
    assert {identifier: bool(text) for identifier, text in found.items()} == {
        "post-1": True,
        "399": False,
        "31": False,
        "29": True,
    }
    assert run(store) == NOTHING
    store.mentions.save([], Batch())
    minutes = store.reads.brand_minutes("acme", since=AT - 1_000 * DAY, until=AT)
    assert [minute.mentions for minute in minutes] == [1, 1, 1]


def test_the_settings_decide(store: Store) -> None:
    say(store, "1", 5)
    assert run(store, retention_days=6, aggregate_days=6) == NOTHING
    assert run(store, retention_days=4).mentions == 1
    run(store, retention_days=4, aggregate_days=4)
    assert texts(store) == {}


def test_rows_and_sums_agree_between_runs(store: Store) -> None:
    for days in range(12):
        say(store, f"{days}", days + 0.0001)
    for later in (0, 0.51, 3):
        run(store, later, retention_days=3, aggregate_days=7)
        assert_sums_equal_rows(store)


def test_the_first_run_erases_what_an_older_version_kept_of_the_deleted(store: Store) -> None:
    say(store, "1", 1)
    gone = Deletion(platform="x", id="1", brand="acme", seen_at=AT)
    with store.database.write() as connection:
        connection.exec_driver_sql("INSERT INTO deletion (platform, id, brand, seen_at) VALUES ('x', '1', 'acme', 0)")
    assert run(store).mentions == 1
    assert texts(store) == {"1": ""}
    store.mentions.save([], Batch(deletions=(gone,)))
    assert run(store) == NOTHING
