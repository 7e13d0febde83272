import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from stormcone.acting import Acting
from stormcone.clock import ManualClock, SystemClock
from stormcone.config import BrandSettings, Config, WatchSettings
from stormcone.errors import StoreBusy
from stormcone.mention_file import FileRow
from stormcone.models import Batch, BudgetStanding, Decision, Level, Mention, StepReading, Transition
from stormcone.pipeline import Pipeline, build_pipeline
from stormcone.pipeline.replaying import Played, play
from stormcone.pipeline.restoring import restore
from stormcone.pipeline.watcher import Watcher
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, at, make_incident, make_transition, make_verdict
from tests.stormcone.pipeline.parts import WordScorer, make_calm, make_pipeline, make_storm, spoil

YESTERDAY = AT - timedelta(days=1)


def paged(store: Store, when: datetime, decision: Decision | None, post: str) -> None:
    """Let people be paged for another post, and decide ten minutes later, the way the dashboard does it."""
    incident = make_incident(post=("x", post), opened_at=when, updated_at=when)
    acting = Acting(config=Config(), store=store, clock=ManualClock(when + timedelta(minutes=10)))
    opened = acting.apply(make_transition(incident, at=when)).incident
    if decision is not None and opened.id is not None:
        acting.decide(opened.id, decision, by="ann", why="a game show")


def three_pages(store: Store, decision: Decision | None) -> None:
    for hours in (3, 9, 15):
        paged(store, YESTERDAY + timedelta(hours=hours), decision, f"old-{hours}")


def watch(pipeline: Pipeline, mentions: list[Mention], *, since: datetime, until: datetime) -> list[Transition]:
    """Do what a watcher does, a tick every five minutes."""
    happened: list[Transition] = []
    waiting = sorted(mentions, key=lambda mention: mention.seen_at)
    now = since
    while now < until:
        now += timedelta(minutes=5)
        due = [each for each in waiting if each.seen_at <= now]
        waiting = waiting[len(due) :]
        pipeline.ingest.take(Batch(mentions=tuple(due)))
        pipeline.budgeting.keep(now)
        happened += pipeline.desk.tick(now)
    return happened


def after_a_calm_day(decision: Decision | None) -> Pipeline:
    """Return a pipeline that has watched a calm day, on which people were paged thrice."""
    pipeline, _ = make_pipeline()
    calm = make_calm(1.1)
    watch(pipeline, calm, since=calm[0].seen_at, until=AT)
    three_pages(pipeline.store, decision)
    return pipeline


def restarted(pipeline: Pipeline) -> Pipeline:
    again, _ = make_pipeline(pipeline.store)
    restore(again.store, again.brands, again.around, AT)
    return again


def weather(pipeline: Pipeline, replies: int) -> tuple[Level, list[str]]:
    """Return how far a storm of so many replies gets, and the reasons it was told with."""
    happened = watch(pipeline, make_storm(replies, seconds=20), since=AT, until=at(15))
    reasons = [each.text for done in happened if done.verdict for each in done.verdict.reasons]
    return max((done.incident.level for done in happened), default=Level.CALM), reasons


@pytest.fixture(scope="module")
def replies() -> int:
    """The smallest storm that pages where nobody has judged anything."""
    return next(size for size in range(9, 40) if weather(after_a_calm_day(None), size)[0] is Level.PAGE)


@pytest.mark.parametrize("is_restarted", [False, True])
def test_after_three_false_pages_the_next_equal_surge_is_a_warn(replies: int, is_restarted: bool) -> None:
    pipeline = after_a_calm_day(Decision.FALSE_ALARM)
    level, reasons = weather(restarted(pipeline) if is_restarted else pipeline, replies)
    assert level is Level.WARN
    assert any("3 pages in 1 day were marked false: pages need" in text for text in reasons)


@pytest.mark.parametrize("decision", [Decision.RESPOND, None])
def test_after_pages_that_were_right_or_not_judged_it_pages_as_before(replies: int, decision: Decision | None) -> None:
    level, reasons = weather(after_a_calm_day(decision), replies)
    assert level is Level.PAGE
    assert not any("marked false" in text for text in reasons)


def test_after_three_false_pages_a_storm_twice_as_large_still_pages(replies: int) -> None:
    assert weather(after_a_calm_day(Decision.FALSE_ALARM), 2 * replies)[0] is Level.PAGE


def standing(pipeline: Pipeline) -> BudgetStanding:
    found = pipeline.brands.get("acme").watch.budget
    assert found is not None
    return found


def at_work(store: Store | None = None, config: Config | None = None) -> Pipeline:
    """Return a pipeline that has begun to watch."""
    pipeline, _ = make_pipeline(store, config=config)
    watch(pipeline, make_calm(0.05), since=at(-75), until=AT)
    return pipeline


def test_a_restart_finds_the_same_factor() -> None:
    pipeline = after_a_calm_day(Decision.FALSE_ALARM)
    pipeline.budgeting.keep(at(1))
    again = restarted(pipeline)
    again.budgeting.keep(at(2))
    assert standing(again).factor == standing(pipeline).factor
    assert standing(again).factor < 0.3


def test_a_decision_made_elsewhere_counts_at_the_next_tick_and_is_put_on_record() -> None:
    pipeline = at_work()
    assert standing(pipeline).factor == 1.0
    elsewhere = Acting(config=Config(), store=pipeline.store, clock=ManualClock(at(3)))
    paged(pipeline.store, at(1), None, "post-1")
    pipeline.budgeting.keep(at(2))
    assert (standing(pipeline).pages, standing(pipeline).not_judged) == (1, 1)
    elsewhere.decide(1, Decision.FALSE_ALARM, by="ann", why="")
    pipeline.budgeting.keep(at(4))
    assert standing(pipeline).factor < 1.0
    assert pipeline.store.budget.newest("acme") == standing(pipeline)


def test_a_replay_asks_for_what_was_promised_whatever_was_judged(replies: int) -> None:
    pipeline, clock = make_pipeline(start=AT - timedelta(days=30))
    three_pages(pipeline.store, Decision.FALSE_ALARM)
    mentions = [*make_calm(1.1), *make_storm(replies, seconds=20)]
    rows = [FileRow(record=each, seen_at=each.seen_at, place="invented") for each in mentions]
    happened = list(play(pipeline, clock, rows, poll_minutes=1, played=Played()))
    assert max(done.incident.level for done in happened) is Level.PAGE
    assert pipeline.store.budget.newest("acme") is None


def test_a_running_watcher_hears_of_a_decision_of_another_process(sqlite_store: Store) -> None:
    clock = SystemClock()
    step = StepReading(minutes=5, voices=1.0, against=0.0, usual_voices=1.0, spread_voices=1.0)
    looked = make_verdict(Level.CALM, at=clock.now(), step=step)
    sqlite_store.readings.save([(looked, "")])
    config = Config(watch=WatchSettings(tick_seconds=0.05), brands=(BrandSettings(name="acme"),))
    pipeline = build_pipeline(config, sqlite_store, clock, scorer=WordScorer())
    watcher = Watcher(pipeline, {}, {}, owner="one")
    watcher.start()
    try:
        wait_for(lambda: sqlite_store.budget.newest("acme"))
        paged(sqlite_store, clock.now(), Decision.FALSE_ALARM, "post-1")
        wait_for(lambda: (newest := sqlite_store.budget.newest("acme")) and newest.judged_false == 1)
    finally:
        watcher.stop()
    assert standing(pipeline).factor < 1.0


def wait_for(look: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not look():
        assert time.monotonic() < until
        threading.Event().wait(0.02)


def test_what_says_nothing_new_is_not_stored_again_but_every_day_is() -> None:
    pipeline = at_work()
    first = pipeline.store.budget.newest("acme")
    pipeline.budgeting.keep(at(5))
    restarted(pipeline).budgeting.keep(at(6))
    assert pipeline.store.budget.newest("acme") == first
    pipeline.budgeting.keep(at(24 * 60))
    newest = pipeline.store.budget.newest("acme")
    assert newest is not None
    assert newest.at == at(24 * 60)


def test_a_new_promise_counts_from_now_on_and_is_put_on_record() -> None:
    pipeline = after_a_calm_day(Decision.FALSE_ALARM)
    pipeline.budgeting.keep(AT)
    tight = standing(pipeline).factor
    generous = Config(brands=(BrandSettings(name="acme", false_pages_per_month=4),))
    again, _ = make_pipeline(pipeline.store, config=generous)
    restore(again.store, again.brands, again.around, at(5))
    again.budgeting.keep(at(5))
    assert standing(again).promised_per_month == 4
    assert standing(again).factor == pytest.approx(tight, rel=0.05)
    assert [each.per_month for each in again.store.budget.promises("acme")] == [1, 4]


def test_a_budget_that_could_not_be_stored_is_worked_out_again() -> None:
    store = open_store(MEMORY_URL)
    pipeline, _ = make_pipeline(spoil(store, "budget", "record", StoreBusy("locked")))
    pipeline.brands.get("acme")
    with pytest.raises(StoreBusy):
        pipeline.budgeting.keep(at(1))
    pipeline.budgeting.keep(at(2))
    assert store.budget.newest("acme") == standing(pipeline)


def test_brands_that_were_learned_anew_keep_their_budget() -> None:
    pipeline = after_a_calm_day(Decision.FALSE_ALARM)
    pipeline.budgeting.keep(AT)
    tight = standing(pipeline)
    pipeline.brands.forget()
    restore(pipeline.store, pipeline.brands, pipeline.around, at(1))
    pipeline.budgeting.keep(at(1))
    assert standing(pipeline) == tight
