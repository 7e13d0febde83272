import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from alerts.channels.console import ConsoleSettings
from alerts.message import from_json
from alerts.plain_text import plain_text
from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config, EscalationSettings, EscalationStep, PersonSettings, RotaSettings
from stormcone.models import Level, Moment, Notice
from stormcone.pipeline.telling import Telling
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, at

CONFIG = Config(
    brands=(BrandSettings(name="acme"),),
    channels=tuple(ConsoleSettings(id=name, type="console") for name in ("team", "pager")),
    people=(PersonSettings(id="ann", channels=("pager",)),),
    rota=RotaSettings(people=("ann",)),
    escalation=EscalationSettings(steps=(EscalationStep(after_minutes=0, notify=("ann",)),)),
)
BOTH = ("news", "x")


class Looking(Telling):
    """Looks as the watcher does: again a few seconds later, on the machine's own clock."""

    def __init__(self, store: Store) -> None:
        self.real = ManualClock(AT)
        super().__init__(CONFIG, store, self.real)

    def look(self, now: datetime, names: Iterable[str]) -> None:
        watched = list(names)
        super().look(now, watched)
        self.real.move_to(self.real.now() + timedelta(seconds=6))
        super().look(now, watched)


def make_sources(store: Store | None = None) -> tuple[Store, Looking]:
    """Return a store with two sources that have just answered."""
    store = store or open_store(MEMORY_URL)
    for name in BOTH:
        store.sources.register(name, poll_seconds=60, now=AT)
        answer(store, name, 0)
    return store, Looking(store)


def answer(store: Store, name: str, minutes: float) -> None:
    store.sources.record_success(name, at=at(minutes), waiting_until=None)


def told(store: Store) -> list[Notice]:
    """Return the notices that wait, as a sender would get them."""
    return store.notices.lease_due(now=at(9_999), owner="test", lease_seconds=1e9, limit=99)


def test_a_source_that_goes_silent_is_told_once_to_the_shared_channel_with_its_reason() -> None:
    store, telling = make_sources()
    store.sources.record_failure("x", error="x: 503, did not answer as it should")
    for minutes in (2, 4, 5, 30):
        answer(store, "news", minutes)
        telling.look(at(minutes), BOTH)
    (notice,) = told(store)
    assert (notice.incident_id, notice.moment, notice.channel, notice.to) == (None, Moment.SOURCE_LOST, "team", None)
    message = from_json(notice.message_json)
    assert message.level is Level.WARN
    assert message.headline == "x has not answered for 4 minutes (x: 503, did not answer as it should)"
    assert "calm is not known" in plain_text(message)


def test_a_refusal_is_told_at_once_with_its_remedy() -> None:
    store, telling = make_sources()
    store.sources.record_failure("x", error="x: 401, the key is not accepted; set X_BEARER_TOKEN", is_stopped=True)
    telling.look(at(0.1), BOTH)
    (notice,) = told(store)
    assert "x refuses us (x: 401, the key is not accepted; set X_BEARER_TOKEN)" in notice.message_json


def test_when_no_source_answers_the_person_on_call_is_woken() -> None:
    store, telling = make_sources()
    telling.look(at(4), BOTH)
    notices = told(store)
    assert [(each.channel, each.to) for each in notices] == [("pager", "ann"), ("team", None)]
    message = json.loads(notices[0].message_json)
    assert message["level"] == "page"
    assert message["headline"].startswith("no source answers any more, a storm would not be seen: news has not")


def test_the_return_is_told_to_those_who_heard_of_the_loss() -> None:
    store, telling = make_sources()
    telling.look(at(4), BOTH)
    answer(store, "x", 5)
    telling.look(at(5), BOTH)
    telling.look(at(5.1), BOTH)
    back = [each for each in told(store) if each.moment is Moment.SOURCE_BACK]
    assert [(each.channel, each.to) for each in back] == [("pager", "ann"), ("team", None)]
    assert from_json(back[0].message_json).headline == "x answers again"


def test_what_was_told_is_not_told_again_after_a_restart() -> None:
    store, telling = make_sources()
    answer(store, "news", 4)
    telling.look(at(4), BOTH)
    answer(store, "news", 6)
    Looking(store).look(at(6), BOTH)
    assert len(told(store)) == 1


def test_a_source_that_comes_and_goes_is_told_of_twice_an_hour_at_most() -> None:
    store, telling = make_sources()
    for minutes in range(1, 121):
        answer(store, "news", minutes)
        if minutes % 8 == 0:
            answer(store, "x", minutes)
        telling.look(at(minutes), BOTH)
    lost = [each for each in told(store) if each.moment is Moment.SOURCE_LOST]
    assert 3 <= len(lost) <= 4
    assert all(later.created_at - earlier.created_at >= timedelta(minutes=30) for earlier, later in pairwise(lost))


def test_a_source_that_asked_for_patience_is_silent_only_after_a_quarter_of_an_hour() -> None:
    store, telling = make_sources()
    store.sources.record_failure("x", error="x: 429, asks for patience", waiting_until=at(600))
    for minutes in (5, 14, 16):
        answer(store, "news", minutes)
        telling.look(at(minutes), BOTH)
        assert len(told(store)) == (minutes == 16)


def test_a_source_that_is_no_longer_watched_is_not_missed() -> None:
    store, telling = make_sources()
    answer(store, "news", 60)
    telling.look(at(60), ["news"])
    assert told(store) == []


def test_a_machine_that_slept_asks_its_sources_before_it_wakes_anybody() -> None:
    store, real = make_sources()[0], ManualClock(AT)
    telling = Telling(CONFIG, store, real)
    telling.look(at(180), BOTH)
    real.move_to(at(0.1))
    for name in BOTH:
        answer(store, name, 180)
    telling.look(at(180.1), BOTH)
    assert told(store) == []
