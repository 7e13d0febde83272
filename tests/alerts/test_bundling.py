from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.bundling import released
from alerts.message import from_json, to_json
from stormcone.models import HeldFor, Level, Moment, Notice, Recipient, Release

AT = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
NOW = AT + timedelta(hours=9)
Make = Callable[..., Notice]


def held(notice: Notice, incident: int, held_for: HeldFor = HeldFor.QUIET_HOURS) -> Notice:
    message = replace(from_json(notice.message_json), incident=str(incident))
    return replace(
        notice,
        key=f"{incident}:{notice.moment}:{notice.channel}",
        incident_id=incident,
        message_json=to_json(message),
        held_until=NOW,
        held_for=held_for,
    )


def test_what_waited_alone_goes_alone(make_notice: Make) -> None:
    notice = held(make_notice(level=Level.WARN), 7)
    assert released([notice], over={7}, now=NOW) == (Release(freed=(notice.key,)),)


def test_what_waited_together_is_one_digest_with_a_line_for_each_incident(make_notice: Make) -> None:
    waited = [
        held(make_notice(level=Level.WARN), 7),
        held(make_notice(level=Level.WARN), 8),
        held(make_notice(level=Level.WARN, moment=Moment.RESOLVED), 7),
    ]
    (told,) = released(waited, over={7}, now=NOW)
    assert (told.freed, told.dropped, told.folded) == ((), (), tuple(each.key for each in waited))
    assert told.message is not None
    assert (told.message.moment, told.message.incident_id, told.message.created_at) == (Moment.DIGEST, None, NOW)
    assert (told.message.channel, told.message.to, told.message.held_until) == ("hook", "ann", None)
    message = from_json(told.message.message_json)
    assert (message.key, message.event, message.level) == (told.message.key, Moment.DIGEST, Level.WARN)
    assert message.headline == "acme: 2 incidents waited for the end of your quiet hours"
    assert [line.split(" at ")[0] for line in message.reasons] == ["incident 8: opened", "incident 7: resolved"]


def test_each_recipient_has_a_message_of_their_own(make_notice: Make) -> None:
    waited = [held(make_notice(channel), number) for channel in ("hook", "mail") for number in (7, 8)]
    told = released(waited, over=(), now=NOW)
    assert [each.message and each.message.channel for each in told] == ["hook", "mail"]
    assert len({each.message.key for each in told if each.message}) == 2


def test_pages_of_a_storm_become_one_summary_that_counts_them_all(make_notice: Make) -> None:
    waited = [held(make_notice(), number, HeldFor.STORM) for number in range(1, 501)]
    (told,) = released(waited, over=(), now=NOW)
    assert told.message is not None
    assert (told.message.moment, len(told.folded)) == (Moment.SUMMARY, 500)
    message = from_json(told.message.message_json)
    assert message.headline == "acme: storm: 500 incidents page at once, more than can be told one by one"
    assert (message.event, message.level) == (Moment.SUMMARY, Level.PAGE)


@pytest.mark.parametrize(("over", "dropped"), [({7}, 1), ({7, 8}, 2), ((), 0)])
def test_what_a_silence_held_back_of_an_incident_that_is_over_is_told_to_nobody(
    make_notice: Make, over: set[int], dropped: int
) -> None:
    waited = [held(make_notice(), number, HeldFor.SILENCE) for number in (7, 8)]
    (told,) = released(waited, over=over, now=NOW)
    assert len(told.dropped) == dropped
    assert {*told.dropped, *told.freed, *told.folded} == {each.key for each in waited}
    assert (told.message is not None) is (dropped == 0)


def test_the_same_notices_make_the_same_message_again(make_notice: Make) -> None:
    waited = [held(make_notice(), number) for number in (7, 8)]
    assert released(waited, over=(), now=NOW) == released(waited, over=(), now=NOW)


def test_page_that_waited_is_not_told_to_whoever_was_told_of_the_end(make_notice: Make) -> None:
    waited = [held(make_notice(moment=Moment.ESCALATED), number, HeldFor.STORM) for number in (7, 8)]
    ann = Recipient(channel="hook", person="ann")
    (told,) = released(waited, over={7}, ended={(ann, 7)}, now=NOW)
    assert (told.dropped, told.freed) == ((waited[0].key,), (waited[1].key,))
    (told,) = released(waited, over={7}, ended={(replace(ann, person="bo"), 7)}, now=NOW)
    assert len(told.folded) == 2
