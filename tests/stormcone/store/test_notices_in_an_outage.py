"""What the outbox knows of notices that wait: turns between channels, other ways, digests, what was overtaken."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from stormcone.errors import StoreBusy
from stormcone.incidents import acknowledge
from stormcone.models import HeldFor, Incident, Moment, Notice, NoticeState, Outcome, State
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


def begin(store: Store, notice: Notice, owner: str = "a", minutes: float = 1) -> bool:
    return store.notices.begin(notice, owner=owner, until=at(minutes))


def unsure(store: Store, incident: Incident) -> list[int]:
    return [each.unsure for each in store.notices.of_incident(incident.id or 0)]


def test_try_counts_as_unsure_before_it_is_sent_and_until_its_end_is_known(store: Store) -> None:
    incident = write(store, make_notice("a"))
    (leased,) = store.notices.lease_due(now=at(0), owner="a", lease_seconds=60, limit=9)
    assert begin(store, leased)
    assert unsure(store, incident) == [1]  # whoever is killed from here on leaves it so
    (again,) = store.notices.lease_due(now=at(2), owner="b", lease_seconds=60, limit=9)
    assert again.unsure == 1
    assert begin(store, again, "b", 3)
    assert unsure(store, incident) == [2]
    for outcome, left in ((Outcome.UNSURE, 2), (Outcome.FAILED, 1)):
        store.notices.record_delivery(
            again, outcome=outcome, started_at=at(2), finished_at=at(2), detail="", next_try_at=at(3)
        )
        assert unsure(store, incident) == [left]


def test_beginning_renews_the_lease(store: Store) -> None:
    write(store, make_notice("a"))
    (leased,) = store.notices.lease_due(now=at(0), owner="a", lease_seconds=60, limit=9)
    assert begin(store, leased, minutes=3)
    assert store.notices.lease_due(now=at(2), owner="b", lease_seconds=60, limit=9) == []
    assert lease(store, 3) == ["a"]


def test_whose_lease_another_has_taken_may_not_begin(store: Store) -> None:
    incident = write(store, make_notice("a"))
    (slow,) = store.notices.lease_due(now=at(0), owner="slow", lease_seconds=60, limit=9)
    (taken,) = store.notices.lease_due(now=at(2), owner="quick", lease_seconds=60, limit=9)
    assert not begin(store, slow, "slow", 9)
    assert unsure(store, incident) == [0]
    assert begin(store, taken, "quick", 9)
    store.notices.record_delivery(
        taken, outcome=Outcome.OK, started_at=at(2), finished_at=at(2), detail=None, next_try_at=None
    )
    assert not begin(store, taken, "quick", 9)  # it has arrived


def test_lease_that_ran_out_and_nobody_took_may_begin(store: Store) -> None:
    write(store, make_notice("a"))
    (leased,) = store.notices.lease_due(now=at(0), owner="a", lease_seconds=1, limit=9)
    assert begin(store, leased, minutes=10)
    assert store.notices.lease_due(now=at(9), owner="b", lease_seconds=600, limit=9) == []


def test_what_was_held_takes_the_other_way_only_after_a_try_failed(store: Store) -> None:
    write(store, replace(make_notice("a"), held_for=HeldFor.QUIET_HOURS, held_until=None))
    assert unreached(store, 600) == []
    fail(store, "a", 600)
    assert unreached(store, 601) == ["a"]


def test_end_waits_for_the_beginning_that_its_reader_has_not_got_yet(store: Store) -> None:
    ended = make_notice("end", moment=Moment.RESOLVED, created_at=at(1))
    write(store, make_notice("opened"), ended, replace(ended, key="other", to="bo"))
    lease(store, limit=1)
    fail(store, "opened", 1)  # is tried again at 6
    assert lease(store, 2) == ["other"]
    assert store.heartbeats.oldest_due(at(3.01)) == at(1)  # the other's: its lease ran out
    assert lease(store, 6) == ["opened", "other"]
    store.notices.record_delivery(
        make_notice("opened"), outcome=Outcome.OK, started_at=at(6), finished_at=at(6), detail=None, next_try_at=None
    )
    assert lease(store, 6) == ["end"]


@pytest.mark.parametrize("moment", [Moment.ACKNOWLEDGED, Moment.COOLING, Moment.RESOLVED])
def test_nobody_hears_the_end_of_what_was_overtaken_before_it_reached_them(store: Store, moment: Moment) -> None:
    ask, end = make_notice("ask", moment=Moment.ESCALATED), make_notice("end", moment=moment, created_at=at(1))
    incident = write(store, ask, end)
    take(store, incident, 1)
    assert not store.notices.is_wanted(replace(ask, incident_id=incident.id))
    assert not store.notices.is_wanted(replace(end, incident_id=incident.id))
    assert state_of(store, incident, "end") is NoticeState.SUPERSEDED


def test_whoever_may_have_heard_of_the_beginning_hears_of_the_end(store: Store) -> None:
    ask, end = make_notice("ask", moment=Moment.ESCALATED), make_notice("end", moment=Moment.RESOLVED)
    incident = write(store, ask, end)
    leased = store.notices.lease_due(now=at(0), owner="a", lease_seconds=60, limit=1)[0]
    assert begin(store, leased)  # and was killed
    take(store, incident, 1)
    assert store.notices.is_wanted(replace(end, incident_id=incident.id))


def test_nobody_hears_news_of_what_they_know_is_over(store: Store) -> None:
    news, end = make_notice("news", moment=Moment.UPDATED), make_notice("end", moment=Moment.RESOLVED, created_at=at(1))
    incident = write(store, make_notice("opened"), news, end)
    for key in ("opened", "end"):
        store.notices.record_delivery(
            make_notice(key), outcome=Outcome.OK, started_at=at(2), finished_at=at(2), detail=None, next_try_at=None
        )
    assert not store.notices.is_wanted(replace(news, incident_id=incident.id))


@pytest.mark.parametrize("later", [Moment.REOPENED, Moment.RESOLVED])
def test_nobody_hears_of_an_end_after_what_came_later(store: Store, later: Moment) -> None:
    end = make_notice("end", moment=Moment.ACKNOWLEDGED, created_at=at(1))
    incident = write(store, make_notice("opened"), end, make_notice("later", moment=later, created_at=at(2)))
    for key in ("opened", "later"):
        store.notices.record_delivery(
            make_notice(key), outcome=Outcome.OK, started_at=at(3), finished_at=at(3), detail=None, next_try_at=None
        )
    assert not store.notices.is_wanted(replace(end, incident_id=incident.id))
