"""Which messages carry the course of the last hours: those that ask somebody to look, over every channel."""

from dataclasses import replace

import pytest

from alerts.channels.console import ConsoleSettings
from alerts.message import from_json
from alerts.outage import digest_of
from stormcone.acting import Acting
from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config, PersonSettings, RotaSettings
from stormcone.models import Batch, Incident, Moment
from stormcone.store import Store
from tests.fakes import AT, POST, at, make_incident, make_mention, make_own_post, make_scored, make_transition

TEAM = Config(
    channels=(ConsoleSettings(id="team", type="console"), ConsoleSettings(id="pager", type="console")),
    people=(PersonSettings(id="ann", channels=("pager",)),),
    rota=RotaSettings(people=("ann",)),
    brands=(BrandSettings(name="acme"),),
)


@pytest.fixture
def opened(store: Store) -> Incident:
    mentions = [
        make_scored(make_own_post(posted_at=at(-60), seen_at=at(-60))),
        *(make_scored(make_mention(f"m{n}", posted_at=at(-7 - n), seen_at=at(0))) for n in range(2)),
    ]
    store.mentions.save(mentions, Batch())
    return acting(store).apply(make_transition(replace(make_incident(), post=POST))).incident


def acting(store: Store) -> Acting:
    return Acting(config=TEAM, store=store, clock=ManualClock(AT))


def test_page_carries_six_hours_of_figures(store: Store, opened: Incident) -> None:
    notices = store.notices.of_incident(opened.id or 0)
    assert {each.channel for each in notices} == {"team", "pager"}
    for notice in notices:
        course = from_json(notice.message_json).course
        assert course is not None
        assert len(course.mentions) == 72
        assert course.mentions[-4:] == (0, 0, 2, 0)
        assert (course.at, course.ends_at, course.post_at) == (AT, AT, at(-60))


def test_end_and_digest_carry_none(store: Store, opened: Incident) -> None:
    acting(store).apply(make_transition(opened, Moment.RESOLVED, verdict=None))
    first, *_ = notices = store.notices.of_incident(opened.id or 0)
    ends = [each for each in notices if each.moment is Moment.RESOLVED]
    assert ends
    assert all(from_json(each.message_json).course is None for each in ends)
    assert from_json(digest_of([first, *ends], AT).message_json).course is None


def test_message_of_an_older_stormcone_has_none(store: Store, opened: Incident) -> None:
    (first, *_) = store.notices.of_incident(opened.id or 0)
    message = from_json(first.message_json)
    older = first.message_json.partition(',"course"')[0] + "}"
    assert from_json(older) == replace(message, course=None)
