import pytest

from stormcone.models import Batch, Gap
from stormcone.store import CursorMove, Store
from stormcone.store.collecting_tables import gap as gaps
from tests.fakes import AT, at


def gap(start: float, end: float, brand: str | None = None, platform: str = "x") -> Gap:
    return Gap(platform=platform, brand=brand, started_at=at(start), ended_at=at(end))


@pytest.fixture
def registered(store: Store) -> Store:
    store.sources.register("x", poll_seconds=60, now=AT)
    return store


def poll(store: Store, *, left: tuple[Gap, ...] = (), filled: tuple[Gap, ...] = (), minutes: float = 100) -> None:
    _, version = store.sources.cursor("x")
    move = CursorMove(source="x", cursor="next", expected_version=version, polled_at=at(minutes))
    store.mentions.save([], Batch(gaps=left, filled=filled), move=move)


def still_open(store: Store) -> list[tuple[float, float]]:
    return [
        ((each.started_at - AT).total_seconds() / 60, (each.ended_at - AT).total_seconds() / 60)
        for each in store.sources.gaps(since=at(-1_000))
    ]


def filled_at(store: Store) -> set[object]:
    with store.database.read() as connection:
        return {row.filled_at for row in connection.execute(gaps.select()) if row.filled_at is not None}


@pytest.mark.parametrize(
    ("filled", "left"),
    [
        ((0, 10), []),
        ((-5, 15), []),
        ((0, 4), [(4, 10)]),
        ((6, 20), [(0, 6)]),
        ((2, 5), [(0, 2), (5, 10)]),
        ((10, 20), [(0, 10)]),
        ((20, 30), [(0, 10)]),
    ],
)
def test_exactly_what_was_collected_after_all_is_filled(
    registered: Store, filled: tuple[float, float], left: list[tuple[float, float]]
) -> None:
    poll(registered, left=(gap(0, 10),))
    poll(registered, filled=(gap(*filled),))
    assert still_open(registered) == left
    (health,) = registered.sources.health()
    assert health.open_gaps == len(left)


def test_a_gap_is_filled_in_steps_and_knows_when(registered: Store) -> None:
    poll(registered, left=(gap(0, 10),))
    poll(registered, filled=(gap(5, 10),), minutes=20)
    poll(registered, filled=(gap(0, 5),), minutes=30)
    assert still_open(registered) == []
    assert filled_at(registered) == {at(20), at(30)}


def test_a_filled_gap_that_is_reported_once_more_stays_filled(registered: Store) -> None:
    poll(registered, left=(gap(0, 10),), filled=())
    poll(registered, filled=(gap(0, 10),))
    poll(registered, left=(gap(0, 10),))
    assert still_open(registered) == []


def test_other_brands_and_platforms_stay_unknown(registered: Store) -> None:
    poll(registered, left=(gap(0, 10, "acme"), gap(0, 10, "bolt"), gap(0, 10), gap(0, 10, platform="y")))
    poll(registered, filled=(gap(0, 10, "acme"),))
    assert len(still_open(registered)) == 3
    poll(registered, filled=(gap(0, 10),))
    assert [each.platform for each in registered.sources.gaps(since=at(-1))] == ["y"]


def test_a_gap_without_length_is_filled_too(registered: Store) -> None:
    poll(registered, left=(gap(5, 5),))
    poll(registered, filled=(gap(0, 10),))
    assert still_open(registered) == []


def test_a_poll_may_leave_and_fill_at_once(registered: Store) -> None:
    poll(registered, left=(gap(0, 10),), filled=(gap(5, 10),))
    assert still_open(registered) == [(0, 5)]
