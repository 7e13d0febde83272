"""What the outbox knows of notices that wait: turns between channels, other ways, digests, what was overtaken."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from stormcone.errors import StoreBusy
from stormcone.incidents import acknowledge
from stormcone.models import Incident, Moment, Notice, NoticeState, Outcome, State
from stormcone.store import Store, open_store
from tests.fakes import at, make_incident, make_notice, make_transition

MARK = ":via:mail"


def write(store: Store, *notices: Notice, post: str = "p", **changes: object) -> Incident:
    """Open an incident with these notices; its id replaces theirs."""
    opened = make_transition(make_incident(post=("x", post), **changes))
    return store.incidents.apply(
        opened, notices_for=lambda stored: [replace(each, incident_id=stored.id) for each in notices]
    ).incident


def state_of(store: Store, incident: Incident, key: str) -> NoticeState:
    return next(each.state for each in store.notices.of_incident(incident.id or 0) if each.key == key)


def lease(store: Store, minutes: float = 0, **options: object) -> list[str]:
    found = store.notices.lease_due(now=at(minutes), owner="a", lease_seconds=60, **({"limit": 99} | options))
    return [each.key for each in found]


def fail(store: Store, key: str, minutes: float, *, is_final: bool = False) -> None:
    store.notices.record_delivery(
        make_notice(key),
        outcome=Outcome.REFUSED if is_final else Outcome.FAILED,
        started_at=at(minutes),
        finished_at=at(minutes),
        detail="no answer",
        next_try_at=None if is_final else at(minutes + 5),
    )


def take(store: Store, incident: Incident, minutes: float) -> None:
    current = store.incidents.get(incident.id or 0)
    store.incidents.apply(acknowledge(current, by="ann", at=at(minutes)), notices_for=lambda _: ())


def unreached(store: Store, minutes: float, *, is_failed_only: bool = False) -> list[str]:
    found = store.notices.unreached(
        "hook", copy_mark=MARK, now=at(minutes), waited_seconds=60, is_failed_only=is_failed_only
    )
    return [each.key for each in found]


def digest(notices: Sequence[Notice]) -> Notice:
    return make_notice(
        "digest", message_json="+".join(each.key for each in notices), created_at=at(60), incident_id=None
    )


def fold(store: Store, minutes: float, to: str | None = None) -> None:
    store.notices.fold("hook", to, created_until=at(minutes), digest=digest)


def test_channels_take_turns_so_that_a_full_one_keeps_nobody_waiting(store: Store) -> None:
    write(store, *[make_notice(f"a{n:02}", created_at=at(-9)) for n in range(30)], make_notice("b", channel="mail"))
    assert lease(store, limit=3) == ["a00", "a01", "b"]


def test_channels_that_can_take_no_more_are_passed_over(store: Store) -> None:
    write(store, make_notice("a"), make_notice("b", channel="mail"))
    assert lease(store, without=["hook"]) == ["b"]
    assert lease(store, without=["hook", "mail"]) == []
    assert lease(store) == ["a"]


def test_retry_from_a_future_that_a_clock_took_back_is_due(store: Store) -> None:
    write(store, make_notice("a", created_at=at(-60)), make_notice("later", next_try_at=at(600)))
    lease(store, 120)
    fail(store, "a", 120)
    assert lease(store, 1) == ["a"]


@pytest.mark.parametrize("moment", [Moment.ESCALATED, Moment.REMINDER])
def test_nobody_is_asked_to_act_on_what_somebody_took_since(store: Store, moment: Moment) -> None:
    incident = write(store, make_notice("ask", moment=moment), make_notice("told"))
    (ask, told) = store.notices.lease_due(now=at(0), owner="a", lease_seconds=60, limit=2)
    assert store.notices.is_wanted(ask)
    take(store, incident, 1)
    assert not store.notices.is_wanted(ask)
    assert state_of(store, incident, "ask") is NoticeState.SUPERSEDED
    assert store.notices.is_wanted(told)


def test_reminder_to_whoever_has_taken_it_is_wanted(store: Store) -> None:
    incident = write(store)
    take(store, incident, 1)
    reminder = make_notice("remind", incident.id or 0, moment=Moment.REMINDER, created_at=at(31))
    store.notices.add([reminder])
    assert store.notices.is_wanted(reminder)


@pytest.mark.parametrize("state", [State.COOLING, State.RESOLVED])
def test_what_is_over_escalates_no_more(store: Store, state: State) -> None:
    notice = make_notice("ask", moment=Moment.ESCALATED)
    incident = write(store, notice, state=state)
    assert not store.notices.is_wanted(notice)
    assert state_of(store, incident, "ask") is NoticeState.SUPERSEDED


def test_what_another_sender_has_delivered_is_not_wanted_again(store: Store) -> None:
    write(store, make_notice())
    store.notices.record_delivery(
        make_notice(), outcome=Outcome.OK, started_at=at(0), finished_at=at(0), detail=None, next_try_at=None
    )
    assert not store.notices.is_wanted(make_notice())


def test_page_is_unreached_once_it_has_waited_and_until_it_has_a_copy(store: Store) -> None:
    write(store, make_notice("a"), make_notice("other", channel="mail"))
    assert unreached(store, 0.99) == []
    assert unreached(store, 1) == ["a"]
    assert unreached(store, 1, is_failed_only=True) == []
    fail(store, "a", 0.5)
    assert unreached(store, 1, is_failed_only=True) == ["a"]
    store.notices.add([make_notice("a" + MARK, channel="mail")])
    store.notices.add([make_notice("a" + MARK, channel="mail")])
    assert unreached(store, 9) == []


def test_page_refused_for_good_is_unreached_at_once_and_one_delivered_never(store: Store) -> None:
    write(store, make_notice("refused"), make_notice("arrived"))
    fail(store, "refused", 0, is_final=True)
    store.notices.record_delivery(
        make_notice("arrived"), outcome=Outcome.OK, started_at=at(0), finished_at=at(0), detail=None, next_try_at=None
    )
    assert unreached(store, 0.1) == ["refused"]
    assert unreached(store, 99) == ["refused"]


def test_what_somebody_took_and_what_is_a_day_old_takes_no_other_way(store: Store) -> None:
    taken = write(store, make_notice("taken"), post="1")
    write(store, make_notice("over"), post="2", state=State.RESOLVED)
    write(store, make_notice("old", created_at=at(-24 * 60)), post="3")
    write(store, make_notice("of-a-source"), post="4")
    take(store, taken, 1)
    assert unreached(store, 5) == ["of-a-source"]


def test_stale_notices_of_what_is_over_or_taken_become_one_digest(store: Store) -> None:
    over = write(store, make_notice("a1"), make_notice("a2", created_at=at(1)), post="1", state=State.RESOLVED)
    taken = write(store, make_notice("b1"), make_notice("fresh", created_at=at(50)), post="2")
    ours = write(store, make_notice("theirs", to="ann"), post="3", state=State.RESOLVED)
    take(store, taken, 2)
    fold(store, 49)
    assert [state_of(store, over, key) for key in ("a1", "a2")] == [NoticeState.SUPERSEDED] * 2
    assert state_of(store, taken, "b1") is NoticeState.SUPERSEDED
    assert {each.bundled_into for each in store.notices.of_incident(over.id or 0)} == {"digest"}
    assert state_of(store, taken, "fresh") is NoticeState.PENDING
    assert state_of(store, ours, "theirs") is NoticeState.PENDING
    assert lease(store, 60) == ["theirs", "fresh", "digest"]


def test_newest_notice_of_what_nobody_has_taken_is_told_as_it_is(store: Store) -> None:
    incident = write(store, *[make_notice(f"n{n}", created_at=at(n)) for n in range(3)])
    fold(store, 49)
    assert [each.state for each in store.notices.of_incident(incident.id or 0)] == [
        NoticeState.SUPERSEDED,
        NoticeState.SUPERSEDED,
        NoticeState.PENDING,
    ]


def test_one_stale_notice_alone_is_told_as_it_is(store: Store) -> None:
    incident = write(store, make_notice("only"), state=State.RESOLVED)
    fold(store, 49)
    assert state_of(store, incident, "only") is NoticeState.PENDING


def test_brief_write_is_there_for_the_next_process_and_waits_its_turn(store: Store, store_url: str) -> None:
    write(store, make_notice())
    other = open_store(store_url, busy_timeout_seconds=0.1)
    with store.database.write_briefly() as connection:
        connection.exec_driver_sql("UPDATE notice SET attempts = 7")
        with pytest.raises(StoreBusy):
            fail(other, "n1", 0)
    assert [each.attempts for each in other.notices.lease_due(now=at(0), owner="b", lease_seconds=1, limit=1)] == [8]
    other.close()


def test_sqlite_waits_for_the_disk_again_after_a_brief_write(sqlite_store: Store) -> None:
    def synchronous(connection: object) -> int:
        return int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())  # type: ignore[attr-defined]  # a SQLAlchemy connection

    for _ in range(2):
        with sqlite_store.database.write_briefly() as connection:
            assert synchronous(connection) == 1
        with sqlite_store.database.write() as connection:
            assert synchronous(connection) == 2


def test_nothing_waits_for_a_clock_that_jumped_back(store: Store) -> None:
    write(store, make_notice("a", created_at=at(120)))
    assert unreached(store, 0) == ["a"]
