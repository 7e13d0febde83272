"""Weeks in the zones of brands, and the ledger read from both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stormcone.errors import UsageError
from stormcone.models import HeldFor, Incident, Level, Moment, Notice, NoticeState, Promise
from stormcone.models.page_ledger import Reached
from stormcone.models.weeks import IsoWeek
from stormcone.page_ledger import _promised, read_week
from stormcone.store import Store, open_store
from tests.fakes import AT, at, make_incident, make_notice, make_transition

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-W01", "2025-12-28T22:00", "2026-01-04T22:00"),
        ("2026-W13", "2026-03-22T22:00", "2026-03-29T21:00"),  # the clocks go forward on its Sunday
        ("2026-W43", "2026-10-18T21:00", "2026-10-25T22:00"),  # and back
    ],
)
def test_week_begins_on_monday_where_the_brand_is(text: str, since: str, until: str) -> None:
    found = [each.strftime("%Y-%m-%dT%H:%M") for each in IsoWeek.parse(text).bounds(HELSINKI)]
    assert found == [since, until]


@pytest.mark.parametrize(
    "text", ["", "2026-46", "2026-W00", "2025-W53", "2026-W1", "0000-W01", "2026-W\u0660\u0661", "9999-W99"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="give an ISO week such as 2026-W46"):
        read_week(text, now=AT, zones=())


def test_53rd_week_of_a_long_year_is_one() -> None:
    assert IsoWeek.parse("2026-W53").name == "2026-W53"


def test_running_week_is_the_default_and_the_last_that_may_be_asked_for() -> None:
    sunday_night = datetime(2026, 11, 15, 23, 0, tzinfo=UTC)  # Monday in Helsinki
    zones = (ZoneInfo("UTC"), HELSINKI)
    assert read_week(None, now=sunday_night, zones=zones).name == "2026-W47"
    assert read_week("2026-W47", now=sunday_night, zones=zones).name == "2026-W47"
    with pytest.raises(UsageError, match="has not begun; this is 2026-W46"):
        read_week("2026-W47", now=sunday_night, zones=zones[:1])


def test_promise_is_that_of_the_end_of_the_week() -> None:
    promises = (Promise(since=at(0), per_month=1.0), Promise(since=at(10), per_month=2.0))
    assert [_promised(promises, at(minutes), 3.0) for minutes in (0, 10, 11)] == [3.0, 1.0, 2.0]


def with_notices(store: Store, *makers: Callable[[int], Notice]) -> int:
    def notices(stored: Incident) -> tuple[Notice, ...]:
        return tuple(make(stored.id or 0) for make in makers)

    return store.incidents.apply(make_transition(make_incident()), notices_for=notices).incident.id or 0


def page_to(person: str | None, key: str, sent: float | None, **changes: object) -> Callable[[int], Notice]:
    def make(number: int) -> Notice:
        state = NoticeState.PENDING if sent is None else NoticeState.SENT
        notice = make_notice(f"inc:{number}:{key}", number, to=person, urgency=Level.PAGE, state=state)
        return replace(notice, sent_at=None if sent is None else at(sent), **changes)  # type: ignore[arg-type]  # fields

    return make


def test_page_counts_once_a_person_when_it_first_arrived(store: Store) -> None:
    number = with_notices(
        store,
        page_to("ann", "opened:1:mail:ann", 3),
        page_to("ann", "opened:1:sms:ann", 2),
        page_to("ann", "opened:1:sms:ann:via:mail", 5),
        page_to("ann", "escalated:2:sms:ann", 9),
        page_to("bo", "opened:1:sms:bo", None),
        page_to(None, "opened:1:team:-", 1),
        page_to("cy", "opened:1:sms:cy", 1, urgency=None),
        page_to("di", "opened:1:sms:di", 1, urgency=Level.WARN),
    )
    found = store.pages.history("acme", since=AT, until=at(60)).reached
    assert found == (
        Reached(person="ann", incident_id=number, at=at(2)),
        Reached(person="ann", incident_id=number, at=at(9)),
    )
    assert store.pages.history("other", since=AT, until=at(60)).reached == ()
    assert store.pages.history("acme", since=at(1), until=at(60)).reached == ()


def test_pages_told_in_one_summary_are_one(store: Store) -> None:
    summary = replace(
        make_notice("summary:hook:ann:1"), incident_id=None, to="ann", moment=Moment.SUMMARY, created_at=at(60)
    )
    store.notices.add([replace(summary, state=NoticeState.SENT, sent_at=at(61))])
    number = with_notices(
        store,
        *(
            page_to(
                "ann",
                f"updated:{version}:hook:ann",
                None,
                state=NoticeState.SUPERSEDED,
                bundled_into=summary.key,
                held_for=HeldFor.STORM,
            )
            for version in (1, 2, 3)
        ),
    )
    assert store.pages.history("acme", since=AT, until=at(60)).reached == (
        Reached(person="ann", incident_id=number, at=at(61)),
    )


def test_history_holds_whole_timelines_and_what_was_advised() -> None:
    store = open_store("sqlite://")
    with_notices(store)
    history = store.pages.history("acme", since=AT, until=AT + timedelta(days=7))
    assert [event.moment for event in history.events] == [Moment.OPENED]
    assert store.pages.history("acme", since=AT - timedelta(days=7), until=AT).events == ()
    store.close()
