from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from stormcone.errors import UsageError
from stormcone.models import (
    HeldFor,
    Kind,
    Lately,
    Level,
    Moment,
    Notice,
    NoticeState,
    Recipient,
    Release,
    Silence,
)
from stormcone.store import Store
from tests.fakes import at, make_notice, make_transition

ANN, TEAM = Recipient(channel="pager", person="ann"), Recipient(channel="team")


def keep(store: Store, *notices: Notice) -> None:
    store.incidents.apply(make_transition(), notices_for=lambda stored: [_of(each, stored.id) for each in notices])


def _of(notice: Notice, incident_id: int | None) -> Notice:
    return replace(notice, incident_id=incident_id)


def notice(key: str, to: Recipient = ANN, minutes: float = 0, **changes: Any) -> Notice:
    facts: dict[str, Any] = {"to": to.person, "channel": to.channel, "created_at": at(minutes), **changes}
    return replace(make_notice(key), **facts)


def page(key: str, to: Recipient = ANN, minutes: float = 0, **changes: Any) -> Notice:
    return notice(key, to, minutes, **{"urgency": Level.PAGE, **changes})


def waiting(key: str, until: float, held_for: HeldFor = HeldFor.QUIET_HOURS, **changes: Any) -> Notice:
    return notice(key, **{"held_until": at(until), "held_for": held_for, **changes})


def test_what_a_notice_says_of_its_waiting_is_kept(store: Store) -> None:
    kept = waiting("a", 60, HeldFor.STORM, urgency=Level.PAGE)
    keep(store, kept)
    assert store.notices.of_incident(1) == (replace(kept, incident_id=1),)


def test_lately_counts_single_pages_of_the_last_hour_for_each_recipient(store: Store) -> None:
    keep(
        store,
        *(page(f"page {number}", minutes=number) for number in range(4)),
        page("team's", TEAM, 3),
        notice("end", minutes=3),
        page("held", minutes=3, held_until=at(90), held_for=HeldFor.STORM),
        notice("told", minutes=2, moment=Moment.SUMMARY),
        notice("warn", TEAM, 1, urgency=Level.WARN),
        notice("later warn", TEAM, 2, urgency=Level.WARN),
    )
    found = {each.recipient: each for each in store.holding.lately(at(60.5))}
    assert found == {
        ANN: Lately(recipient=ANN, pages=3, summary_at=at(2), storm_until=at(90)),  # the first is over an hour old
        TEAM: Lately(recipient=TEAM, pages=1, warned_at=at(2)),
    }
    assert found.keys() > {each.recipient for each in store.holding.lately(at(500))}


def test_only_what_has_waited_for_long_enough_is_due(store: Store) -> None:
    keep(store, waiting("soon", 10), waiting("late", 20), notice("at once"))
    assert [each.key for each in store.holding.due(at(9.9))] == []
    assert [each.key for each in store.holding.due(at(10))] == ["soon"]
    assert [each.key for each in store.holding.due(at(20))] == ["late", "soon"]


def test_what_waits_is_sent_by_nobody(store: Store) -> None:
    keep(store, waiting("held", 60), notice("free"))
    leased = store.notices.lease_due(now=at(1), owner="me", lease_seconds=40, limit=9)
    assert [each.key for each in leased] == ["free"]


def test_a_release_is_one_transaction_that_can_be_repeated(store: Store) -> None:
    keep(store, *(waiting(key, 10) for key in ("alone", "first", "second", "stale")))
    told = replace(make_notice("digest"), incident_id=None, moment=Moment.DIGEST, created_at=at(10))
    release = Release(message=told, freed=("alone",), folded=("first", "second"), dropped=("stale",))
    for _ in range(2):
        store.holding.release([release])
    assert store.holding.due(at(99)) == ()
    kept = {each.key: (each.state, each.held_until, each.bundled_into) for each in store.notices.of_incident(1)}
    assert kept == {
        "alone": (NoticeState.PENDING, None, None),
        "first": (NoticeState.SUPERSEDED, at(10), "digest"),
        "second": (NoticeState.SUPERSEDED, at(10), "digest"),
        "stale": (NoticeState.SUPERSEDED, at(10), None),
    }
    leased = store.notices.lease_due(now=at(10), owner="me", lease_seconds=40, limit=9)
    assert {each.key for each in leased} == {"alone", "digest"}


def test_what_was_overtaken_while_it_waited_stays_so(store: Store) -> None:
    keep(store, waiting("a", 10))
    store.notices.supersede(1)
    assert store.holding.due(at(99)) == ()
    store.holding.release([Release(freed=("a",))])
    assert [each.state for each in store.notices.of_incident(1)] == [NoticeState.SUPERSEDED]


def silence(**changes: Any) -> Silence:
    wanted = Silence(brand="acme", kind=Kind.NEWS, begins_at=at(0), until=at(60), by="ann", why="a known \u202etest")
    return replace(wanted, **changes)


def test_a_silence_lasts_from_its_beginning_to_its_end(store: Store) -> None:
    kept = store.holding.silence(silence())
    other = store.holding.silence(silence(brand=None, until=at(90)))
    assert replace(kept, id=None) == silence()
    assert [store.holding.silences(at(minutes)) for minutes in (-1, 0, 59.9, 60, 90)] == [
        (),
        (kept, other),
        (kept, other),
        (other,),
        (),
    ]


def test_a_lifted_silence_gives_back_at_once_what_it_held(store: Store) -> None:
    kept = store.holding.silence(silence())
    keep(store, waiting("hushed", 60, HeldFor.SILENCE), waiting("quiet", 60))
    lifted = store.holding.lift(kept.id or 0, at=at(5))
    assert lifted == replace(kept, until=at(5))
    assert store.holding.silences(at(5)) == ()
    assert [each.key for each in store.holding.due(at(5))] == ["hushed"]
    with pytest.raises(UsageError, match=f"silence {kept.id}: none of that number lasts"):
        store.holding.lift(kept.id or 0, at=at(5) + timedelta(seconds=1))
