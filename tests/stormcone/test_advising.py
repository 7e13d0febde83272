"""Answers of people count for more than what was measured, the newest for more than the older ones."""

import pytest

from stormcone.acting import Acting
from stormcone.advising import advise_with, advisor_of
from stormcone.clock import ManualClock
from stormcone.config import AdviceSettings, Config
from stormcone.errors import UsageError
from stormcone.journal import kept_line
from stormcone.models import Action, Answer, Cause, Facts, Kind, Moment
from stormcone.models.sealed import SealedWhy
from stormcone.store import Store
from tests.fakes import AT, at, make_incident, make_transition, make_verdict

ADVISOR = advisor_of(AdviceSettings())
MEASURED = Facts(severity=4, kind=Kind.BACKLASH)


def answer(fact: str, value_json: str) -> Answer:
    return Answer(incident_id=1, at=AT, fact=fact, value_json=value_json, by="Ann")


def test_an_answer_fills_what_was_not_measured() -> None:
    advised = advise_with(
        ADVISOR, MEASURED, [answer("cause", '"offensive_or_tone_deaf"'), answer("harm_to_people", "true")]
    )
    assert (advised.facts.cause, advised.facts.severity) == (Cause.OFFENSIVE_OR_TONE_DEAF, 4)
    assert advised.advice.action is Action.DELETE_WITH_NOTICE
    assert advised.advises_removal
    assert advised.answers["cause"].by == "Ann"


def test_the_newest_answer_holds_and_unknown_takes_it_back() -> None:
    given = [answer("cause", '"leak"'), answer("cause", '"unknown"'), answer("severity", "2")]
    advised = advise_with(ADVISOR, MEASURED, given)
    assert (advised.facts.cause, advised.facts.severity) == (None, 2)


@pytest.fixture
def opened(store: Store) -> int:
    change = make_transition(make_incident(), Moment.OPENED, verdict=make_verdict(facts=MEASURED))
    kept = store.incidents.apply(change, notices_for=lambda _: (), verdict_json=kept_line(change))
    return kept.incident.id or 0


def acting(store: Store) -> Acting:
    return Acting(config=Config(), store=store, clock=ManualClock(at(1)))


def test_advice_follows_answers_and_seals_before_a_removal(store: Store, opened: int) -> None:
    desk = acting(store)
    assert desk.advised(opened).advice.action is Action.HOLD
    desk.answer(opened, "cause", "offensive_or_tone_deaf", by="Ann")
    assert store.seals.records(opened) == ()
    after = desk.answer(opened, "harm_to_people", True, by="Bob")
    assert after.advice.action is Action.DELETE_WITH_NOTICE
    desk.answer(opened, "press", True, by="Bob")
    assert [each.why for each in store.seals.records(opened)] == [SealedWhy.REMOVAL_ADVISED]
    assert [each.by for each in store.answers.of(opened)] == ["Ann", "Bob", "Bob"]


def test_a_wrong_answer_is_refused_and_nothing_is_kept(store: Store, opened: int) -> None:
    with pytest.raises(UsageError, match="cause"):
        acting(store).answer(opened, "cause", "boredom", by="Ann")
    with pytest.raises(UsageError, match="incident 99"):
        acting(store).answer(99, "cause", "leak", by="Ann")
    assert store.answers.of(opened) == ()


def test_a_bundle_made_here_is_known_here(store: Store, opened: int) -> None:
    made = acting(store).bundle(opened)
    assert store.seals.knows_bundle(made.seal)
    assert not store.seals.knows_bundle("0" * 64)
