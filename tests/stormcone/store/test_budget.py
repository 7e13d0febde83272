from dataclasses import replace
from datetime import date

from stormcone.models import (
    BudgetStanding,
    Decision,
    DecisionRecord,
    Incident,
    Level,
    Moment,
    Promise,
    StepReading,
    Trust,
    WatchedDay,
)
from stormcone.store import SeenSoFar, Store
from tests.fakes import AT, at, make_incident, make_transition, make_verdict

STANDING = BudgetStanding(
    brand="acme",
    at=AT,
    promised_per_month=1.0,
    factor=0.3,
    window_days=90,
    watched_days=41.5,
    pages=4,
    judged_false=1,
    judged_true=1,
    realised_per_month=0.72,
    tightened_pages=1,
    tightened_since=at(-600),
)


def opened(store: Store, level: Level = Level.PAGE, post: str = "post-1", brand: str = "acme") -> Incident:
    incident = make_incident(level=level, post=("x", post), brand=brand)
    return store.incidents.apply(make_transition(incident), notices_for=lambda _: ()).incident


def decided(store: Store, incident: Incident, decision: Decision = Decision.FALSE_ALARM) -> Incident:
    record = DecisionRecord(at=at(5), incident_id=incident.id or 0, decision=decision, by="ann", why="a game show")
    transition = make_transition(incident, Moment.DECIDED, at=at(5), verdict=None, by="ann")
    return store.incidents.apply(transition, notices_for=lambda _: (), record=record).incident


def looked(store: Store, *minutes: float, trust: Trust = Trust.SETTLED, brand: str = "acme") -> None:
    step = StepReading(minutes=5, voices=1.0, against=0.0, usual_voices=1.0, spread_voices=1.0)
    verdicts = [make_verdict(Level.CALM, each, step=step, trust=trust, brand=brand) for each in minutes]
    store.readings.save([(each, "") for each in verdicts])


def test_a_standing_reads_back_as_it_was_written_and_the_newest_counts(store: Store) -> None:
    assert store.budget.newest("acme") is None
    unknown = replace(STANDING, at=at(9), realised_per_month=None, factor=1.0, tightened_pages=0, tightened_since=None)
    store.budget.record([unknown, replace(STANDING, brand="other", factor=2.0)])
    store.budget.record([STANDING])
    assert store.budget.newest("acme") == unknown
    assert store.budget.newest("other") == replace(STANDING, brand="other", factor=2.0)
    store.budget.record([replace(STANDING, at=at(10))])
    assert store.budget.newest("acme") == replace(STANDING, at=at(10))


def test_two_watchers_that_record_the_same_instant_do_not_fail(store: Store) -> None:
    store.budget.record([STANDING])
    store.budget.record([replace(STANDING, factor=0.5)])
    assert store.budget.newest("acme") == STANDING


def test_promises_are_remembered_as_often_as_they_changed(store: Store) -> None:
    assert store.budget.promises("acme") == ()
    store.budget.record(
        [
            replace(STANDING, at=at(minutes), promised_per_month=promised)
            for minutes, promised in ((0, 1.0), (5, 1.0), (10, 4.0), (15, 4.0), (20, 1.0))
        ]
    )
    assert store.budget.promises("acme") == (
        Promise(since=at(0), per_month=1.0),
        Promise(since=at(10), per_month=4.0),
        Promise(since=at(20), per_month=1.0),
    )


def test_watched_are_the_hours_in_which_the_detector_looked_at_sources_that_answered(store: Store) -> None:
    looked(store, 0, 5, 55, 60, 24 * 60)
    looked(store, 180, 185, trust=Trust.STALE)
    looked(store, 240, 250, trust=Trust.GAP)
    looked(store, 120, brand="other")
    first = WatchedDay(day=date(2026, 3, 2), hours=3)
    assert store.budget.watched_days("acme", until=at(3000)) == (first, WatchedDay(day=date(2026, 3, 3), hours=1))
    assert store.budget.watched_days("acme", until=at(300)) == (first,)
    assert store.budget.watched_days("nobody", until=at(300)) == ()


def test_the_last_hour_before_midnight_is_not_part_of_the_next_day(store: Store) -> None:
    looked(store, 12 * 60 - 0.001, 12 * 60)
    assert [(each.day.day, each.hours) for each in store.budget.watched_days("acme", until=at(900))] == [(2, 1), (3, 1)]


def test_the_history_of_a_brand_is_its_paging_incidents_with_their_whole_timelines(store: Store) -> None:
    rising = opened(store, Level.WARN)
    opened(store, Level.WARN, post="never a page")
    opened(store, brand="other")
    raised = make_transition(replace(rising, level=Level.PAGE), Moment.UPDATED, at=at(2))
    paged = store.incidents.apply(raised, notices_for=lambda _: (), verdict_json="a long verdict").incident
    decided(store, paged)
    history = store.budget.paging_history("acme")
    assert [(each.moment, each.level, each.verdict_json) for each in history.events] == [
        (Moment.OPENED, Level.WARN, None),
        (Moment.UPDATED, Level.PAGE, None),
        (Moment.DECIDED, Level.PAGE, None),
    ]
    assert [(each.incident_id, each.decision) for each in history.decisions] == [(rising.id, Decision.FALSE_ALARM)]
    assert store.budget.paging_history("nobody").events == ()


def test_a_page_that_was_reopened_as_less_is_still_part_of_the_history(store: Store) -> None:
    incident = opened(store)
    lower = make_transition(replace(incident, level=Level.WARN), Moment.REOPENED, at=at(60))
    store.incidents.apply(lower, notices_for=lambda _: ())
    assert [each.moment for each in store.budget.paging_history("acme").events] == [Moment.OPENED, Moment.REOPENED]


def test_news_names_the_brands_that_paged_or_were_decided_on(store: Store) -> None:
    seen, brands = store.budget.news_since(SeenSoFar())
    assert (seen, brands) == (SeenSoFar(), frozenset())
    first = opened(store)
    seen, brands = store.budget.news_since(seen)
    assert brands == {"acme"}
    assert store.budget.news_since(seen) == (seen, frozenset())
    opened(store, Level.WARN, post="no page", brand="other")
    seen, brands = store.budget.news_since(seen)
    assert brands == frozenset()
    decided(store, first, Decision.HOLD)
    opened(store, brand="third")
    seen, brands = store.budget.news_since(seen)
    assert brands == {"acme", "third"}
    assert store.budget.news_since(seen)[1] == frozenset()


def test_a_decision_that_comes_to_light_late_is_news(store: Store) -> None:
    """On PostgreSQL a transaction that began first may commit last."""
    incident = decided(store, opened(store), Decision.HOLD)
    seen, _ = store.budget.news_since(SeenSoFar())
    overtaken = replace(seen, decision=seen.decision + 1)
    decided(store, incident)
    assert store.budget.news_since(overtaken)[1] == {"acme"}
