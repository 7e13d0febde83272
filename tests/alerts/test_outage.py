"""While a channel is out of order: pages take another way once or twice, stale news becomes one digest."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.message import from_json, webhook_json
from alerts.outage import copies_for, copy_mark, digest_of
from stormcone.models import Level, Moment, Notice, NoticeState
from tests.alerts.conftest import AT

NoticeMaker = Callable[..., Notice]
LATER = AT + timedelta(minutes=1)


def test_page_is_copied_under_a_key_of_its_own_and_says_the_same(make_notice: NoticeMaker) -> None:
    tried = replace(make_notice("hook", attempts=3), next_try_at=LATER, last_error="no answer")
    (copy,) = copies_for([tried], "mail", LATER)
    assert (copy.channel, copy.to, copy.incident_id) == ("mail", tried.to, tried.incident_id)
    assert copy.key == tried.key + copy_mark("mail") != tried.key
    assert (copy.state, copy.attempts, copy.next_try_at, copy.last_error) == (NoticeState.PENDING, 0, None, None)
    assert copy.created_at == LATER
    message = from_json(copy.message_json)
    assert message.key == copy.key
    assert replace(message, key=tried.key) == from_json(tried.message_json)


@pytest.mark.parametrize(
    ("moment", "level"),
    [(Moment.OPENED, Level.WARN), (Moment.RESOLVED, Level.PAGE), (Moment.ACKNOWLEDGED, Level.PAGE)],
)
def test_only_what_asks_somebody_to_act_takes_the_other_way(
    make_notice: NoticeMaker, moment: Moment, level: Level
) -> None:
    assert copies_for([make_notice("hook", moment=moment, level=level)], "mail", LATER) == []


def test_two_channels_that_stand_in_for_each_other_do_not_send_in_circles(make_notice: NoticeMaker) -> None:
    keys = set()
    waiting, channel = [make_notice("a")], "b"
    for _ in range(9):
        waiting = copies_for(waiting, channel, LATER)
        keys |= {each.key for each in waiting}
        channel = "a" if channel == "b" else "b"
    assert len(keys) == 2


def test_digest_tells_each_incident_once_with_its_latest_news(make_notice: NoticeMaker) -> None:
    opened, resolved = make_notice("hook"), make_notice("hook", moment=Moment.RESOLVED)
    other = _of_incident(make_notice("hook", level=Level.WARN, headline="acme: something else"), 8)
    digest = digest_of([opened, other, resolved], LATER)
    message = from_json(digest.message_json)
    assert (digest.moment, digest.to, digest.channel, digest.incident_id) == (Moment.DIGEST, "ann", "hook", None)
    assert [line.split(" at ")[0] for line in message.reasons] == ["incident 8: opened", "incident 7: resolved"]
    assert message.level is Level.PAGE
    assert message.headline == "acme: 2 incidents that could not be told here in time"
    assert message.links.acknowledge is None
    assert json.loads(webhook_json(message))["event"] == "digest"


def test_digest_of_a_digest_keeps_what_it_told(make_notice: NoticeMaker) -> None:
    first = digest_of([make_notice("hook"), _of_incident(make_notice("hook"), 8)], LATER)
    second = digest_of([first, make_notice("hook", moment=Moment.RESOLVED)], LATER + timedelta(hours=1))
    told = [line.split(" at ")[0] for line in from_json(second.message_json).reasons]
    assert told == ["incident 8: opened", "incident 7: resolved"]
    assert first.key != second.key


def test_the_same_notices_give_the_same_digest_key(make_notice: NoticeMaker) -> None:
    notices = [make_notice("hook"), make_notice("hook", moment=Moment.RESOLVED)]
    assert digest_of(notices, AT).key == digest_of(notices, LATER).key


def test_long_outage_makes_a_bounded_digest(make_notice: NoticeMaker) -> None:
    many = [_of_incident(make_notice("hook", headline="acme: " + "x" * 9_999), number) for number in range(300)]
    message = from_json(digest_of(many, LATER).message_json)
    assert "300 incidents" in message.headline
    assert len(message.reasons) == 30
    assert message.reasons[-1].startswith("incident 299:")
    assert all(len(line) <= 280 for line in message.reasons)


def _of_incident(notice: Notice, number: int) -> Notice:
    message = notice.message_json.replace('"incident":"7"', f'"incident":"{number}"')
    return replace(notice, key=f"{notice.key}:{number}", incident_id=number, message_json=message)
