from datetime import UTC, datetime

import pytest

from stormcone.errors import StoreError
from stormcone.models import Batch, BilledRead
from stormcone.store import CursorMove, Spent, Store
from stormcone.store.collecting_tables import billed
from tests.fakes import make_scored

EVENING = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 4, 1, tzinfo=UTC)


def post(number: int, price_usd: float = 0.25) -> BilledRead:
    return BilledRead(thing=f"post {number}", price_usd=price_usd)


def poll(store: Store, at: datetime, *reads: BilledRead, requests: int = 1, cost_usd: float = 0.0) -> float:
    """Save a poll that brought nothing but a cursor. Returns: what it cost."""
    _, version = store.sources.cursor("x")
    move = CursorMove(source="x", cursor="next", expected_version=version, polled_at=at)
    return store.mentions.save([], Batch(requests=requests, cost_usd=cost_usd, billed=reads), move=move).cost_usd


@pytest.fixture
def registered(store: Store) -> Store:
    store.sources.register("x", poll_seconds=60, now=EVENING)
    return store


def test_a_poll_that_saves_nothing_but_a_cursor_is_settled(registered: Store) -> None:
    assert poll(registered, EVENING, requests=3, cost_usd=0.5) == 0.5
    spent = Spent(requests_today=3, cost_usd_today=0.5, requests_month=3, cost_usd_month=0.5)
    assert registered.spending.spent("x", at=EVENING) == spent
    assert registered.spending.by_source(at=EVENING) == {"x": spent}
    assert registered.spending.spent("reddit", at=EVENING) == Spent()


def test_a_thing_is_billed_once_a_utc_day(registered: Store) -> None:
    assert poll(registered, EVENING, post(1), post(2), post(1, price_usd=9.0)) == 0.5
    assert poll(registered, EVENING, post(2), post(3)) == 0.25
    assert poll(registered, MIDNIGHT, post(2)) == 0.25
    assert registered.spending.spent("x", at=EVENING).cost_usd_today == 0.75


def test_more_things_than_one_query_takes_are_billed_once(registered: Store) -> None:
    many = [post(number) for number in range(1_203)]
    assert poll(registered, EVENING, *many) == 1_203 / 4
    assert poll(registered, EVENING, *many, post(-1)) == 0.25


def test_the_month_adds_up_its_days_and_no_others(registered: Store) -> None:
    poll(registered, datetime(2026, 3, 1, tzinfo=UTC), requests=1, cost_usd=1.0)
    poll(registered, EVENING, requests=2, cost_usd=2.0)
    poll(registered, MIDNIGHT, requests=4, cost_usd=4.0)
    of_march = registered.spending.spent("x", at=EVENING)
    assert (of_march.requests_today, of_march.requests_month, of_march.cost_usd_month) == (2, 3, 3.0)
    assert registered.spending.spent("x", at=MIDNIGHT) == Spent(
        requests_today=4, cost_usd_today=4.0, requests_month=4, cost_usd_month=4.0
    )


def test_what_was_billed_long_ago_is_not_kept(registered: Store) -> None:
    poll(registered, datetime(2026, 3, 29, tzinfo=UTC), post(1))
    poll(registered, EVENING, post(2))
    poll(registered, MIDNIGHT, post(3))
    with registered.database.read() as connection:
        days = {row.day for row in connection.execute(billed.select())}
    assert days == {"2026-03-31", "2026-04-01"}


def test_a_poll_that_is_dropped_is_not_settled(registered: Store) -> None:
    stale = CursorMove(source="x", cursor="ours", expected_version=7, polled_at=EVENING)
    with pytest.raises(StoreError, match="another watcher"):
        registered.mentions.save([make_scored()], Batch(requests=1, billed=(post(1),)), move=stale)
    assert registered.spending.by_source(at=EVENING) == {}
    assert poll(registered, EVENING, post(1)) == 0.25


def test_a_failed_poll_has_requests_of_its_own(registered: Store) -> None:
    assert registered.spending.settle("x", at=EVENING, requests=2, cost_usd=0.125, reads=[post(1)]) == 0.375
    assert registered.spending.settle("x", at=EVENING, requests=0) == 0.0
    assert registered.spending.spent("x", at=EVENING).requests_today == 2


def test_sources_are_settled_apart(registered: Store) -> None:
    registered.spending.settle("x", at=EVENING, requests=1, reads=[post(1)])
    assert registered.spending.settle("y", at=EVENING, requests=1, reads=[post(1)]) == 0.25
    assert list(registered.spending.by_source(at=EVENING)) == ["x", "y"]
