from collections.abc import Callable

import pytest

from alerts.announcing import Announcer
from alerts.channels.console import ConsoleSettings
from alerts.message import from_json
from stormcone.config import Config, PersonSettings, RotaSettings
from stormcone.models import Evidence, Level, Moment, Notice, Transition

CONFIG = Config(
    channels=tuple(ConsoleSettings(id=name, type="console") for name in ("team", "pager")),
    people=(PersonSettings(id="ann", channels=("pager",)),),
    rota=RotaSettings(people=("ann",)),
)
Make = Callable[..., Transition]


def announced(transition: Transition, *earlier: Notice, evidence: tuple[Evidence, ...] = ()) -> tuple[Notice, ...]:
    return Announcer(config=CONFIG).notices(transition, transition.incident, earlier=earlier, evidence=evidence)


def test_a_page_is_written_to_the_shared_channel_and_to_whoever_is_on_call(make_transition: Make) -> None:
    transition = make_transition(id=7)
    notices = announced(transition)
    assert [(each.channel, each.to) for each in notices] == [("team", None), ("pager", "ann")]
    assert {(each.incident_id, each.moment, each.created_at) for each in notices} == {(7, Moment.OPENED, transition.at)}


def test_the_message_is_frozen_with_the_key_of_its_notice(
    make_transition: Make, make_evidence: Callable[..., Evidence]
) -> None:
    (notice, _) = announced(make_transition(id=7), evidence=(make_evidence("shame on you"),))
    message = from_json(notice.message_json)
    assert message.key == notice.key
    assert (message.incident, message.level, message.brand) == ("7", Level.PAGE, "acme")
    assert message.links.incident == "http://127.0.0.1:8501/incidents?incident=7"
    assert "shame on you" in message.replies[0]


def test_the_same_transition_gives_the_same_keys_and_a_later_one_others(make_transition: Make) -> None:
    first, again = (announced(make_transition(id=7, version=3)) for _ in range(2))
    later = announced(make_transition(id=7, version=4))
    assert [each.key for each in first] == [each.key for each in again]
    assert {each.key for each in first} & {each.key for each in later} == set()


def test_the_end_is_written_to_exactly_those_who_know_of_the_beginning(make_transition: Make) -> None:
    told = announced(make_transition(id=7))
    ended = make_transition(Moment.RESOLVED, id=7, version=4)
    assert [(each.channel, each.to) for each in announced(ended, told[1])] == [("pager", "ann")]
    assert announced(ended) == ()


def test_a_watch_is_written_to_nobody(make_transition: Make) -> None:
    assert announced(make_transition(level=Level.WATCH, id=7)) == ()


def test_an_incident_that_is_not_stored_cannot_be_announced(make_transition: Make) -> None:
    with pytest.raises(ValueError, match="has an id"):
        announced(make_transition(id=None))
