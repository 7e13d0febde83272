"""The ledger of a week, counted beside weeks that were counted by hand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analysis.page_ledger import count_ledger, is_night, ledger_pages, precision_of, waited
from stormcone.models import Action, Decision, DecisionRecord, IncidentEvent, Judgement, Kind, Level, Moment, State
from stormcone.models.page_ledger import AdviceTaken, Advised, LedgerPage, PersonLoad, Reached

MONDAY = datetime(2026, 11, 9, tzinfo=UTC)  # of ISO week 46
SUNDAY = MONDAY + timedelta(days=7)


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def event(
    incident: int, minutes: float, moment: Moment, level: Level = Level.PAGE, by: str | None = None
) -> IncidentEvent:
    return IncidentEvent(
        incident_id=incident,
        at=at(minutes),
        moment=moment,
        state=State.OPEN,
        level=level,
        kind=Kind.BACKLASH,
        severity=3,
        headline="acme: it grows",
        by=by,
        why=None,
        verdict_json=None,
    )


def decided(incident: int, minutes: float, decision: Decision) -> DecisionRecord:
    return DecisionRecord(at=at(minutes), incident_id=incident, decision=decision, by="ann", why="so")


def pages_of(*events: IncidentEvent, said: tuple[DecisionRecord, ...] = (), **more: object) -> tuple[LedgerPage, ...]:
    return ledger_pages("acme", events, said, since=MONDAY, until=SUNDAY, **more)  # type: ignore[arg-type]  # advised


def test_page_is_followed_from_the_ring_to_the_decision() -> None:
    (page,) = pages_of(
        event(1, 0, Moment.OPENED, Level.WATCH),
        event(1, 10, Moment.UPDATED),
        event(1, 15, Moment.ESCALATED),
        event(1, 18, Moment.ACKNOWLEDGED, by="ann"),
        event(1, 40, Moment.DECIDED, by="ann"),
        said=(decided(1, 40, Decision.HOLD), decided(1, 60, Decision.CORRECT)),
        advised=(
            Advised(incident_id=1, at=at(0), action=Action.MONITOR),
            Advised(incident_id=1, at=at(10), action=Action.HOLD),
        ),
    )
    assert page == LedgerPage(
        brand="acme",
        incident_id=1,
        at=at(10),
        judgement=Judgement.TRUE,
        acknowledged_after=timedelta(minutes=8),
        decided_after=timedelta(minutes=30),
        escalated=True,
        advised=Action.HOLD,
        decision=Decision.HOLD,
    )


def test_decision_without_acknowledgement_takes_the_page_over() -> None:
    (page,) = pages_of(event(1, 0, Moment.OPENED), said=(decided(1, 5, Decision.FALSE_ALARM),))
    assert (page.acknowledged_after, page.decided_after) == (timedelta(minutes=5), timedelta(minutes=5))
    assert page.judgement is Judgement.FALSE
    assert not page.escalated


def test_acknowledgement_that_ran_out_by_itself_is_none() -> None:
    (page,) = pages_of(event(1, 0, Moment.OPENED), event(1, 30, Moment.ACKNOWLEDGED))
    assert page.acknowledged_after is None


def test_page_that_comes_again_is_a_second_page_with_its_own_times() -> None:
    first, second = pages_of(
        event(1, 0, Moment.OPENED),
        event(1, 3, Moment.ACKNOWLEDGED, by="ann"),
        event(1, 100, Moment.RESOLVED),
        event(1, 200, Moment.REOPENED),
        event(1, 207, Moment.ACKNOWLEDGED, by="bo"),
        said=(decided(1, 210, Decision.FALSE_ALARM),),
    )
    assert (first.acknowledged_after, second.acknowledged_after) == (timedelta(minutes=3), timedelta(minutes=7))
    assert (first.decided_after, second.decided_after) == (None, timedelta(minutes=10))
    assert first.judgement is second.judgement is Judgement.FALSE  # the same surge


def test_only_pages_of_the_week_count_and_later_decisions_still_mark_them() -> None:
    week = 7 * 24 * 60
    found = pages_of(
        event(1, -1, Moment.OPENED),
        event(1, 5, Moment.UPDATED),
        event(2, 0, Moment.OPENED),
        event(3, week - 1, Moment.OPENED),
        event(4, week, Moment.OPENED),
        event(5, 10, Moment.OPENED, Level.WARN),
        said=(decided(3, week + 5, Decision.RESPOND),),
    )
    assert [(each.incident_id, each.judgement) for each in found] == [(2, Judgement.UNJUDGED), (3, Judgement.TRUE)]


def page(incident: int, judgement: Judgement, minutes: float | None = None, **changes: object) -> LedgerPage:
    facts: dict[str, object] = {
        "brand": "acme",
        "incident_id": incident,
        "at": at(incident),
        "judgement": judgement,
        "acknowledged_after": None if minutes is None else timedelta(minutes=minutes),
        "decided_after": None if minutes is None else timedelta(minutes=2 * minutes),
        "escalated": False,
        "advised": None,
        "decision": None,
    }
    return LedgerPage(**{**facts, **changes})  # type: ignore[arg-type]  # the fields of a page


def test_week_counted_by_hand() -> None:
    pages = (
        page(4, Judgement.TRUE, 2, advised=Action.HOLD, decision=Decision.HOLD),
        page(1, Judgement.TRUE, 4, advised=Action.HOLD, decision=Decision.CORRECT, escalated=True),
        page(2, Judgement.FALSE, 30, advised=Action.RESPOND_LIGHT, decision=Decision.FALSE_ALARM),
        page(3, Judgement.TRUE, 6, advised=Action.SECURE_ACCOUNT, decision=Decision.HOLD),
        page(5, Judgement.UNJUDGED, advised=Action.HOLD, escalated=True),
    )
    reached = (
        Reached(person="ann", incident_id=1, at=datetime(2026, 11, 9, 19, 59, tzinfo=UTC)),
        Reached(person="ann", incident_id=2, at=datetime(2026, 11, 9, 20, 0, tzinfo=UTC)),
        Reached(person="ann", incident_id=3, at=datetime(2026, 11, 10, 5, 0, tzinfo=UTC)),
        Reached(person="bo", incident_id=3, at=datetime(2026, 11, 10, 5, 0, tzinfo=UTC)),
    )
    counted = count_ledger(
        ("acme",), pages, reached, zones={"ann": ZoneInfo("Europe/Helsinki")}, promised_per_month=1.5, days=7
    )
    assert [each.incident_id for each in counted.pages] == [1, 2, 3, 4, 5]
    assert (counted.real, counted.noise, counted.unmarked) == (3, 1, (5,))
    assert counted.precision is not None
    assert counted.precision.value == 0.75
    assert counted.precision.low == pytest.approx(0.4325, abs=5e-4)
    assert counted.precision.high == pytest.approx(0.9219, abs=5e-4)
    wait = counted.to_acknowledge
    assert (wait.of, wait.waiting, wait.median, wait.p90) == (5, 1, timedelta(minutes=6), None)
    assert counted.to_decide.median == timedelta(minutes=12)
    assert counted.escalated == 2
    assert counted.people == (
        PersonLoad(person="ann", pages=3, at_night=1),  # 21:59, 22:00 and 07:00 in Helsinki
        PersonLoad(person="bo", pages=1, at_night=1),  # 05:00 in UTC
    )
    assert counted.advice == (
        AdviceTaken(action=Action.HOLD, followed=1, otherwise=1, undecided=1),
        AdviceTaken(action=Action.RESPOND_LIGHT, followed=0, otherwise=1, undecided=0),
    )
    assert counted.promised_false == pytest.approx(0.35)


def test_calm_week_knows_no_precision_and_no_times() -> None:
    counted = count_ledger(("acme",), (), (), zones={}, promised_per_month=1.0, days=7)
    assert (counted.pages, counted.precision, counted.unmarked, counted.people) == ((), None, (), ())
    assert (counted.to_acknowledge.of, counted.to_acknowledge.median) == (0, None)


@pytest.mark.parametrize(
    ("real", "noise", "low", "high"),
    # by the formula, with z = 1.28155: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n)
    [(1, 0, 0.3784, 1.0), (0, 1, 0.0, 0.6216), (10, 0, 0.8589, 1.0), (8, 2, 0.6016, 0.9138)],
)
def test_interval_is_wilsons(real: int, noise: int, low: float, high: float) -> None:
    found = precision_of(real, noise)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_ninth_of_ten_is_the_ninth() -> None:
    ten = [timedelta(minutes=each) for each in range(1, 11)]
    assert (waited(ten).median, waited(ten).p90) == (timedelta(minutes=5), timedelta(minutes=9))
    assert waited([*ten[:9], None]).p90 == timedelta(minutes=9)
    assert waited([None]).median is None


@pytest.mark.parametrize(
    ("hour", "minute", "night"), [(21, 59, False), (22, 0, True), (3, 0, True), (6, 59, True), (7, 0, False)]
)
def test_night_is_from_ten_to_seven_where_the_person_is(hour: int, minute: int, night: bool) -> None:
    local = datetime(2026, 7, 1, hour, minute, tzinfo=ZoneInfo("America/New_York"))
    assert is_night(local.astimezone(UTC), ZoneInfo("America/New_York")) is night
