"""What the brand itself publishes is checked the minute it is seen; a slip opens an incident before anybody replies."""

from collections.abc import Sequence
from typing import Any

import pytest

from stormcone.clock import ManualClock
from stormcone.config import AccountSettings, AdviceSettings, BrandProfile, BrandSettings, Config
from stormcone.models import (
    Action,
    Batch,
    Cause,
    Decision,
    Deletion,
    Incident,
    Level,
    Like,
    Mention,
    Moment,
    Scores,
    State,
    Surroundings,
)
from stormcone.pipeline import Pipeline, build_pipeline
from stormcone.store import Store
from tests.fakes import at, make_mention, make_own_post, make_scored

PLACEHOLDER = "Black Friday *** need copy and link ***"
INDECENT = "hot naked sluts nsfw porn clip"


class PlainScorer:
    """Calls every text neutral."""

    def score(self, mentions: Sequence[Mention], _around: Surroundings) -> list[Scores]:
        return [make_scored(each).scores for each in mentions]


class House:
    """A pipeline over a store, and a clock that a test moves."""

    def __init__(self, store: Store, **advice: Any) -> None:
        profile = BrandProfile(controversies=("layoffs",))
        accounts = (AccountSettings(platform="x", handle="boss", role="executive"),)
        brand = BrandSettings(name="acme", profile=profile, accounts=accounts)
        self.clock = ManualClock(at(0))
        self.store = store
        config = Config(brands=(brand,), advice=AdviceSettings(**advice))
        self.pipeline: Pipeline = build_pipeline(config, store, self.clock, scorer=PlainScorer())  # type: ignore[arg-type]  # as far as it is asked

    def publish(self, text: str, minutes: float = 0, **changes: Any) -> None:
        post = make_own_post(text=text, posted_at=at(minutes), seen_at=at(minutes), **changes)
        self.pipeline.ingest.take(Batch(mentions=(post,)))

    def tick(self, minutes: float) -> list[Moment]:
        self.clock.move_to(at(minutes))
        return [each.moment for each in self.pipeline.desk.tick(at(minutes))]

    def incidents(self) -> tuple[Incident, ...]:
        return self.store.incidents.latest()


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


def test_a_placeholder_opens_an_incident_at_once_with_the_advice_to_own_it(house: House) -> None:
    house.publish(PLACEHOLDER)
    house.clock.move_to(at(1))
    (opened,) = house.pipeline.desk.tick(at(1))
    assert (opened.moment, opened.incident.level, opened.incident.severity) == (Moment.OPENED, Level.WARN, 2)
    assert "an unfinished post is out" in opened.incident.headline
    assert "need copy and link" in opened.incident.headline
    assert opened.verdict is not None
    assert (opened.verdict.facts.cause, opened.verdict.advice.action) == (Cause.TYPO_UNFINISHED, Action.RESPOND_LIGHT)
    assert "checked as a draft" in opened.verdict.reasons[0].text
    assert [each.why for each in house.store.seals.records(opened.incident.id or 0)] == ["opened"]


def test_it_stays_open_through_a_quiet_night_until_somebody_takes_it(house: House) -> None:
    house.publish(PLACEHOLDER)
    for minutes in range(1, 529, 10):
        house.tick(minutes)
    (incident,) = house.incidents()
    assert (incident.state, incident.level) == (State.OPEN, Level.WARN)
    house.clock.move_to(at(530))
    acting = house.pipeline.desk._acting
    acting.decide(incident.id or 0, Decision.RESPOND, by="Ann", why="we joked")
    for minutes in range(540, 1200, 30):
        house.tick(minutes)
    assert [each.state for each in house.incidents()] == [State.RESOLVED]


def test_it_is_over_when_the_post_is_gone(house: House) -> None:
    house.publish(PLACEHOLDER)
    house.tick(1)
    gone = Deletion(platform="x", id=make_own_post().id, brand="acme", seen_at=at(9))
    house.pipeline.ingest.take(Batch(deletions=(gone,)))
    for minutes in range(10, 400, 30):
        house.tick(minutes)
    assert [each.state for each in house.incidents()] == [State.RESOLVED]


@pytest.mark.parametrize(
    "text",
    [
        "Copy and link in bio: our killer deal on winter tyres",
        "We are sorry for the outage this morning. Everything works again.",
        "Which would you rather: slap one singer or punch the other?",  # bad, and for people to judge
    ],
)
def test_other_posts_open_nothing_by_themselves(house: House, text: str) -> None:
    house.publish(text)
    assert house.tick(1) == []


def test_an_old_post_from_an_import_opens_nothing(house: House) -> None:
    house.publish(PLACEHOLDER, minutes=-25 * 60)
    assert house.tick(1) == []


def test_a_strangers_placeholder_is_no_slip_of_ours(house: House) -> None:
    house.pipeline.ingest.take(Batch(mentions=(make_mention("7", text=PLACEHOLDER, posted_at=at(0), seen_at=at(0)),)))
    assert house.tick(1) == []


def test_an_indecent_like_opens_an_incident_that_asks_to_secure_the_account(house: House) -> None:
    like = Like(platform="x", id="clip", brand="acme", liked_at=at(0), text=INDECENT, account="acme")
    house.pipeline.ingest.take(Batch(likes=(like,)))
    house.clock.move_to(at(1))
    (opened,) = house.pipeline.desk.tick(at(1))
    assert opened.verdict is not None
    assert (opened.verdict.facts.cause, opened.verdict.advice.action) == (
        Cause.INAPPROPRIATE_LIKE,
        Action.SECURE_ACCOUNT,
    )


def test_whoever_was_killed_before_looking_looks_after_the_restart_and_only_once(store: Store) -> None:
    House(store).publish(PLACEHOLDER)
    again = House(store)
    again.pipeline.slips.restore(at(5))
    assert again.tick(6) == [Moment.OPENED]
    third = House(store)
    third.pipeline.slips.restore(at(7))
    assert third.tick(8) == []
    assert len(third.incidents()) == 1


def test_the_level_is_a_setting(store: Store) -> None:
    strict = House(store, slip_level="page")
    strict.publish(PLACEHOLDER)
    strict.tick(1)
    assert [each.level for each in strict.incidents()] == [Level.PAGE]


def test_the_same_slip_is_one_incident_however_often_it_is_seen(house: House) -> None:
    for minutes in range(3):
        house.publish(PLACEHOLDER)
        house.tick(minutes + 1)
    assert len(house.incidents()) == 1
