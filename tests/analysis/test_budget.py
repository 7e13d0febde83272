import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.budget import LEAST_DAYS, Controller, budget_sentence, judged_pages, stand
from stormcone.config import DetectorSettings
from stormcone.models import (
    BudgetStanding,
    Decision,
    DecisionRecord,
    IncidentEvent,
    Judgement,
    Kind,
    Level,
    Moment,
    Page,
    Promise,
    State,
    WatchedDay,
)

RULES = DetectorSettings()
START = date(2026, 1, 1)
FALSE, TRUE, UNJUDGED = Judgement.FALSE, Judgement.TRUE, Judgement.UNJUDGED


def on(day: float) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)


def page(day: float, judgement: Judgement = FALSE) -> Page:
    return Page(at=on(day), judgement=judgement)


def watched(days: int, hours: float = 24.0) -> list[WatchedDay]:
    return [WatchedDay(day=START + timedelta(days=each), hours=hours) for each in range(days)]


def standing(
    *pages: Page, days: int = 100, promised: float = 1.0, watch: list[WatchedDay] | None = None
) -> BudgetStanding:
    return stand(
        "acme",
        now=on(days),
        promises=[Promise(since=on(0), per_month=promised)],
        days=watched(days) if watch is None else watch,
        pages=sorted(pages, key=lambda each: each.at),
        settings=RULES,
    )


def simulated(misjudged: float, *, promised: float, months: int, seed: int) -> tuple[float, Controller]:
    """Play a detector that lets `misjudged` times as many false pages through as it thinks, each of them judged.

    Returns: false pages a month after the first year, and the controller at the end.
    """
    rng = random.Random(seed)
    controller = Controller(step=RULES.budget_step, least=RULES.budget_least_factor, most=RULES.budget_most_factor)
    late = 0
    for hour in range(months * 720):
        controller.watch(months=1 / 720, promised=promised, is_vouched=True)
        if rng.random() < promised * misjudged * controller.factor / 720:
            controller.judge_false(on(hour / 24))
            late += hour >= 12 * 720
    return late / (months - 12), controller


@pytest.mark.parametrize("misjudged", [1.5, 2.5, 5.0])
@pytest.mark.parametrize(("promised", "months"), [(1.0, 132), (4.0, 72)])
def test_a_detector_that_is_wrong_by_a_factor_keeps_the_promise_in_the_long_run(
    misjudged: float, promised: float, months: int
) -> None:
    for seed in range(3):
        realised, controller = simulated(misjudged, promised=promised, months=months, seed=seed)
        assert realised <= 1.1 * promised
        assert realised >= 0.8 * promised
        assert 1 / (5 * misjudged) < controller.factor < 1.5


def test_a_detector_better_than_the_promise_is_let_through_more_but_not_ever_more() -> None:
    realised, controller = simulated(0.25, promised=1.0, months=132, seed=1)
    assert controller.factor <= RULES.budget_most_factor * 1.001
    assert 0.3 < realised < 0.65


def test_a_detector_wrong_beyond_the_limit_is_tight_but_never_deaf() -> None:
    _, controller = simulated(50, promised=1.0, months=24, seed=1)
    assert controller.factor == pytest.approx(RULES.budget_least_factor, rel=0.1)
    assert controller.factor >= RULES.budget_least_factor * 0.999


HISTORIES = st.lists(st.tuples(st.integers(0, 399), st.sampled_from(Judgement)), max_size=60)


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.floats(0.1, 20))
def test_whatever_people_judge_the_factor_stays_within_its_limits(
    judged: list[tuple[int, Judgement]], promised: float
) -> None:
    found = standing(*(page(day, each) for day, each in judged), days=400, promised=promised)
    assert RULES.budget_least_factor * 0.999 <= found.factor <= RULES.budget_most_factor * 1.001
    assert found.pages == found.judged_false + found.judged_true + found.not_judged
    assert found.is_tightened == (found.factor < 1 and any(each is FALSE for _, each in judged))


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.lists(st.integers(0, 399), max_size=30))
def test_pages_that_nobody_judged_change_nothing(judged: list[tuple[int, Judgement]], unjudged: list[int]) -> None:
    known = [page(day, each) for day, each in judged if each is not UNJUDGED]
    without = standing(*known, days=400)
    beside = standing(*known, *(page(day, UNJUDGED) for day in unjudged), days=400)
    assert beside.factor == without.factor
    assert beside.tightened_pages == without.tightened_pages
    assert beside.not_judged == sum(day > 310 for day in unjudged)


@settings(max_examples=60, deadline=None)
@given(HISTORIES, st.integers(0, 399))
def test_one_more_false_page_never_loosens(judged: list[tuple[int, Judgement]], day: int) -> None:
    pages = [page(when, TRUE) for when in range(0, 400, 10)] + [page(when, each) for when, each in judged]
    assert standing(*pages, page(day), days=400).factor <= standing(*pages, days=400).factor


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 299), max_size=12), st.floats(0.5, 8))
def test_false_pages_and_watched_time_are_booked_against_each_other(false: list[int], promised: float) -> None:
    """The bound of the docstring: exact while no limit is met, whatever the order of events."""
    controller = Controller(step=0.01, least=1e-9, most=1e9)
    for day in range(300):
        controller.watch(months=1 / 30, promised=promised, is_vouched=True)
        for _ in range(false.count(day)):
            controller.judge_false(on(day))
    assert len(false) == pytest.approx(promised * 10 - math.log(controller.factor) / 0.01)


def test_nobody_who_judges_gets_what_the_detector_promises_alone() -> None:
    assert standing(days=400).factor == 1.0
    assert standing(*(page(day, UNJUDGED) for day in range(0, 400, 20)), days=400).factor == 1.0


def test_three_false_pages_in_twenty_days_ask_for_evidence_three_times_as_rare() -> None:
    found = standing(page(80.5), page(87), page(95), days=100)
    assert 1 / 3.6 < found.factor < 1 / 2.6
    assert (found.tightened_pages, found.tightened_since) == (3, on(80.5))
    said = budget_sentence(found)
    assert said is not None
    assert said.startswith("3 pages in 20 days were marked false: pages need 3")
    assert said.endswith("times rarer evidence now")


def test_months_without_a_false_page_give_the_factor_back_and_no_more() -> None:
    tight = [page(10), page(12), page(14)]
    factors = [standing(*tight, days=days).factor for days in (15, 45, 75, 200)]
    assert factors == sorted(factors)
    assert factors[0] < 0.3
    assert factors[-1] == 1.0
    assert budget_sentence(standing(*tight, days=200)) is None


def test_pages_judged_right_allow_weaker_evidence_than_before() -> None:
    found = standing(*(page(day, TRUE) for day in range(5, 100, 20)), days=100)
    assert 1.5 < found.factor <= RULES.budget_most_factor
    said = budget_sentence(found)
    assert said is not None
    assert "weaker evidence" in said


def test_a_true_page_vouches_for_the_month_before_it_only() -> None:
    assert standing(page(399, TRUE), days=400).factor == pytest.approx(math.exp(0.5), rel=0.02)


def test_time_in_which_nobody_watched_gives_nothing_back() -> None:
    tight = [page(10), page(12)]
    asleep = [*watched(15), *(WatchedDay(day=START + timedelta(days=day), hours=1) for day in range(15, 60))]
    assert standing(*tight, days=60, watch=asleep).factor < standing(*tight, days=60).factor / 1.5


def test_of_a_time_whose_watching_is_forgotten_no_page_counts() -> None:
    assert standing(page(3), days=100, watch=watched(100)[50:]).factor == 1.0
    assert standing(page(3), days=1, watch=[]).pages == 0


def test_within_a_day_the_same_history_gives_the_same_factor() -> None:
    pages = [page(80), page(95)]
    at_noon = stand(
        "acme",
        now=on(100.5),
        promises=[Promise(since=on(0), per_month=1.0)],
        days=[*watched(100), WatchedDay(day=START + timedelta(days=100), hours=13)],
        pages=pages,
        settings=RULES,
    )
    assert at_noon.factor == standing(*pages, days=100).factor


def test_what_was_promised_before_is_reckoned_as_it_was_promised_then() -> None:
    pages = [page(day, FALSE) for day in range(4, 120, 8)]
    promises = [Promise(since=on(0), per_month=4.0), Promise(since=on(120), per_month=1.0)]
    kept = stand("acme", now=on(120), promises=promises, days=watched(120), pages=pages, settings=RULES)
    assert kept.promised_per_month == 1.0
    assert kept.factor > 0.7
    assert standing(*pages, days=120).factor < 0.2


@pytest.mark.parametrize(
    ("pages", "days", "realised"),
    [
        ((), 14, None),
        ((), 90, 0.0),
        ((page(2),), 14, None),
        ((page(1), page(2, TRUE), page(3, UNJUDGED), page(4, UNJUDGED)), 90, pytest.approx(1 / 3, rel=0.02)),
        ((page(2, UNJUDGED),), 90, None),
        ((page(2), page(150)), 180, pytest.approx(1 / 3, rel=0.02)),
    ],
)
def test_the_realised_rate_is_unknown_before_it_can_be_known(
    pages: tuple[Page, ...], days: int, realised: float | None
) -> None:
    assert standing(*pages, days=days).realised_per_month == realised


def test_hours_that_nobody_watched_do_not_thin_the_realised_rate() -> None:
    half = standing(page(2), days=60, watch=watched(60, hours=12))
    assert half.watched_days == 30
    assert half.watched_days > LEAST_DAYS
    assert half.realised_per_month == pytest.approx(1.0)


def test_a_budget_without_a_promise_is_an_error() -> None:
    with pytest.raises(ValueError, match="acme"):
        stand("acme", now=on(0), promises=[], days=[], pages=[], settings=RULES)


def event(minutes: float, moment: Moment, level: Level = Level.PAGE, incident: int = 1) -> IncidentEvent:
    return IncidentEvent(
        incident_id=incident,
        at=on(0) + timedelta(minutes=minutes),
        moment=moment,
        state=State.OPEN,
        level=level,
        kind=Kind.BACKLASH,
        severity=3,
        headline="acme: a surge",
        by=None,
        why=None,
        verdict_json=None,
    )


def decided(minutes: float, decision: Decision, incident: int = 1) -> DecisionRecord:
    at = on(0) + timedelta(minutes=minutes)
    return DecisionRecord(at=at, incident_id=incident, decision=decision, by="ann", why="")


RISING = (event(0, Moment.OPENED, Level.WARN), event(5, Moment.UPDATED), event(10, Moment.UPDATED))
WAVES = (*RISING, event(60, Moment.COOLING), event(180, Moment.RESOLVED), event(200, Moment.REOPENED))


@pytest.mark.parametrize(
    ("events", "decisions", "judgements"),
    [
        (RISING, (), [UNJUDGED]),
        (RISING[:1], (decided(2, Decision.FALSE_ALARM),), []),
        (RISING, (decided(20, Decision.FALSE_ALARM),), [FALSE]),
        (RISING, (decided(20, Decision.RESPOND),), [TRUE]),
        (RISING, (decided(20, Decision.HOLD), decided(30, Decision.FALSE_ALARM)), [FALSE]),
        (RISING, (decided(2, Decision.HOLD),), [UNJUDGED]),
        (RISING, (decided(20, Decision.FALSE_ALARM, incident=2),), [UNJUDGED]),
        ((*RISING, event(11, Moment.ACKNOWLEDGED), event(30, Moment.ESCALATED)), (), [UNJUDGED]),
        (WAVES, (), [UNJUDGED, UNJUDGED]),
        (WAVES, (decided(20, Decision.APOLOGISE),), [TRUE, UNJUDGED]),
        (WAVES, (decided(210, Decision.FALSE_ALARM),), [FALSE, FALSE]),
        (WAVES, (decided(20, Decision.HOLD), decided(210, Decision.FALSE_ALARM)), [TRUE, FALSE]),
        ((*WAVES[:-1], event(200, Moment.REOPENED, Level.WARN), event(205, Moment.UPDATED)), (), [UNJUDGED, UNJUDGED]),
    ],
)
def test_every_time_people_were_paged_is_judged_by_what_they_decided_on_it(
    events: tuple[IncidentEvent, ...], decisions: tuple[DecisionRecord, ...], judgements: list[Judgement]
) -> None:
    assert [each.judgement for each in judged_pages(events, decisions)] == judgements


def test_pages_of_several_incidents_come_in_the_order_of_time() -> None:
    other = [replace(each, incident_id=2, at=each.at - timedelta(minutes=3)) for each in RISING]
    found = judged_pages([*RISING, *other], [decided(9, Decision.FALSE_ALARM, incident=2)])
    assert [(each.at, each.judgement) for each in found] == [(other[1].at, FALSE), (RISING[1].at, UNJUDGED)]
