import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import pytest

from stormcone.models import Delivery, Incident, Notice, NoticeState, Outcome
from stormcone.store import Store, open_store
from tests.fakes import AT, at, make_notice, make_transition


@pytest.fixture
def incident_id(store: Store) -> int:
    return write(store)


def write(store: Store, *notices: Notice) -> int:
    """Open an incident with these notices; its id replaces theirs."""
    done = store.incidents.apply(
        make_transition(),
        notices_for=lambda incident: [
            make_notice(each.key, incident.id or 0, created_at=each.created_at, next_try_at=each.next_try_at)
            for each in notices
        ],
    )
    return done.incident.id or 0


def lease(store: Store, minutes: float = 0, owner: str = "sender", limit: int = 10) -> list[str]:
    found = store.notices.lease_due(now=at(minutes), owner=owner, lease_seconds=60, limit=limit)
    return [each.key for each in found]


def record(
    store: Store,
    outcome: Outcome,
    *,
    minutes: float = 0,
    next_try_at: datetime | None = None,
    detail: str | None = None,
) -> None:
    store.notices.record_delivery(
        make_notice(),
        outcome=outcome,
        started_at=at(minutes),
        finished_at=at(minutes + 0.5),
        detail=detail,
        next_try_at=next_try_at,
    )


def _always(notices: list[Notice], _: Incident) -> list[Notice]:
    return notices


def only(store: Store, incident: int) -> Notice:
    (found,) = store.notices.of_incident(incident)
    return found


def test_due_notices_are_leased_oldest_first_up_to_the_limit(store: Store) -> None:
    write(store, make_notice("c", created_at=at(-3)), make_notice("a"), make_notice("b"))
    assert lease(store, limit=2) == ["c", "a"]
    assert lease(store, limit=2) == ["b"]
    assert lease(store, limit=2) == []


def test_a_leased_notice_is_everybody_elses_again_when_the_lease_ran_out(store: Store) -> None:
    write(store, make_notice())
    (first,) = store.notices.lease_due(now=AT, owner="sender", lease_seconds=60, limit=10)
    assert lease(store, 0.99, "other") == []
    (second,) = store.notices.lease_due(now=at(1), owner="other", lease_seconds=60, limit=10)
    assert (first.attempts, second.attempts) == (1, 2)
    assert first.key == second.key


def test_a_lease_from_the_future_does_not_hold_after_the_clock_jumped_back(store: Store) -> None:
    write(store, make_notice(created_at=at(-9999)))
    assert lease(store, 600) == ["n1"]
    assert lease(store, 599.5) == []
    assert lease(store, 0) == ["n1"]


def test_a_notice_for_later_waits_for_its_time(store: Store) -> None:
    write(store, make_notice(next_try_at=at(5)))
    assert lease(store, 4.99) == []
    assert lease(store, 5) == ["n1"]


def test_what_arrived_is_sent_and_stays_sent(store: Store) -> None:
    incident = write(store, make_notice())
    lease(store)
    record(store, Outcome.OK, minutes=1)
    sent = only(store, incident)
    assert (sent.state, sent.sent_at, sent.last_error) == (NoticeState.SENT, at(1.5), None)
    record(store, Outcome.REFUSED, minutes=2, detail="a late sender was refused")
    record(store, Outcome.OK, minutes=3)
    assert only(store, incident) == sent
    assert lease(store, 999) == []


def test_what_failed_is_tried_again_at_its_time(store: Store) -> None:
    incident = write(store, make_notice())
    lease(store)
    record(store, Outcome.FAILED, next_try_at=at(2), detail="timeout")
    failed = only(store, incident)
    assert (failed.state, failed.next_try_at, failed.last_error) == (NoticeState.PENDING, at(2), "timeout")
    assert lease(store, 1.99) == []
    assert lease(store, 2) == ["n1"]
    record(store, Outcome.OK, minutes=2)
    assert only(store, incident).last_error is None


def test_what_is_refused_for_good_is_dead(store: Store) -> None:
    incident = write(store, make_notice())
    lease(store)
    record(store, Outcome.REFUSED, detail="no such address")
    dead = only(store, incident)
    assert (dead.state, dead.last_error, dead.sent_at) == (NoticeState.DEAD, "no such address", None)
    assert lease(store, 999) == []


@pytest.mark.parametrize("meanwhile", ["superseded", "given up by another sender"])
def test_what_arrived_is_sent_whatever_happened_meanwhile(store: Store, meanwhile: str) -> None:
    incident = write(store, make_notice())
    lease(store)
    if meanwhile == "superseded":
        assert store.notices.supersede(incident) == 1
    else:
        record(store, Outcome.REFUSED)
    record(store, Outcome.OK, minutes=1)
    assert (only(store, incident).state, only(store, incident).sent_at) == (NoticeState.SENT, at(1.5))


def test_superseding_spares_what_is_sent_and_other_incidents(store: Store, incident_id: int) -> None:
    store.notices.supersede(incident_id)
    stored = store.incidents.get(incident_id)
    store.incidents.apply(
        make_transition(stored), notices_for=lambda _: [make_notice(f"n{n}", incident_id) for n in (1, 2, 3)]
    )
    record(store, Outcome.OK)
    assert store.notices.supersede(incident_id + 1) == 0
    assert store.notices.supersede(incident_id) == 2
    states = [each.state for each in store.notices.of_incident(incident_id)]
    assert states == [NoticeState.SENT, NoticeState.SUPERSEDED, NoticeState.SUPERSEDED]
    assert lease(store) == []


def test_every_try_is_remembered_in_order(store: Store) -> None:
    write(store, make_notice())
    record(store, Outcome.FAILED, next_try_at=at(2), detail="timeout")
    record(store, Outcome.OK, minutes=2)
    assert store.notices.deliveries("n1") == (
        Delivery(key="n1", channel="hook", outcome=Outcome.FAILED, started_at=AT, detail="timeout"),
        Delivery(key="n1", channel="hook", outcome=Outcome.OK, started_at=at(2), detail=None),
    )
    assert store.notices.deliveries("n2") == ()


def test_the_same_key_is_written_once(store: Store, incident_id: int) -> None:
    for text in ("first", "second"):
        notices = [make_notice("k", incident_id, message_json=text)]
        store.incidents.apply(make_transition(store.incidents.get(incident_id)), notices_for=partial(_always, notices))
    assert only(store, incident_id).message_json == "first"


def test_two_senders_never_get_the_same_notice(store: Store, store_url: str) -> None:
    keys = [f"n{n:03}" for n in range(60)]
    write(store, *map(make_notice, keys))
    start = threading.Barrier(3)

    def send(owner: str) -> list[str]:
        mine = open_store(store_url)
        start.wait(timeout=30)
        got: list[str] = []
        while some := lease(mine, owner=owner, limit=4):
            got += some
        mine.close()
        return got

    with ThreadPoolExecutor(3) as pool:
        leased = Counter(key for got in pool.map(send, "abc") for key in got)
    assert leased == Counter(keys)


@pytest.mark.postgres
def test_on_postgresql_a_sender_passes_over_what_another_is_taking(postgres_url: str) -> None:
    first, second = open_store(postgres_url, busy_timeout_seconds=1), open_store(postgres_url, busy_timeout_seconds=1)
    write(first, make_notice("a"), make_notice("b"))
    with first.database.write() as connection:
        connection.exec_driver_sql("SELECT key FROM notice WHERE key = 'a' FOR UPDATE")
        assert lease(second, limit=1) == ["b"]
    assert lease(second, limit=1) == ["a"]
    first.close()
    second.close()
