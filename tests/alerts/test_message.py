"""A message holds the contract's fields, survives storage and never lets a stranger speak unfiltered."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.message import Message, build_message, from_json, notice_key, to_json, told_levels, webhook_json
from stormcone.models import (
    Evidence,
    Forecast,
    Level,
    Moment,
    Notice,
    NoticeState,
    Recipient,
    State,
    Transition,
    Verdict,
)

ANN = Recipient(channel="hook", person="ann")


def build(transition: Transition, recipient: Recipient = ANN, evidence: tuple[Evidence, ...] = ()) -> Message:
    return build_message(
        transition, incident_id=7, recipient=recipient, public_url="http://host:1/", step=1, evidence=evidence
    )


def test_webhook_holds_exactly_the_fields_of_the_contract(make_transition: Callable[..., Transition]) -> None:
    assert json.loads(webhook_json(build(make_transition()))) == {
        "key": "inc:7:opened:3:hook:ann",
        "event": "opened",
        "incident": "7",
        "brand": "acme",
        "post": "123",
        "level": "page",
        "severity": 4,
        "kind": "backlash",
        "headline": "acme: replies turn against a post",
        "to": "ann",
        "step": 1,
        "at": "2026-11-21T22:10:00Z",
        "links": {"incident": "http://host:1/incidents?incident=7", "acknowledge": None},
    }


def test_shared_channel_and_brand_stream_are_null(make_transition: Callable[..., Transition]) -> None:
    fields = json.loads(webhook_json(build(make_transition(post=None), Recipient(channel="team"))))
    assert (fields["to"], fields["post"], fields["key"]) == (None, None, "inc:7:opened:3:team:-")


def test_stored_message_comes_back_equal(
    make_transition: Callable[..., Transition], make_evidence: Callable[[str], Evidence]
) -> None:
    message = build(make_transition(), evidence=(make_evidence("shame \U0001f621 on you"),))
    assert message.advice is not None
    assert message.replies == ("shame \U0001f621 on you",)
    assert from_json(to_json(message)) == message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\ud800\x00\u202e\n")), max_size=600))
def test_any_text_can_be_stored_and_sent(
    make_transition: Callable[..., Transition], make_evidence: Callable[[str], Evidence], text: str
) -> None:
    message = build(
        make_transition(headline=text, brand=f"b{text}", post=(text, text)), evidence=(make_evidence(text),)
    )
    assert from_json(to_json(message)) == message
    assert message.brand.casefold() in message.headline.casefold()
    webhook_json(message)


def test_brand_that_reads_like_a_host_is_named_as_it_is_called(make_transition: Callable[..., Transition]) -> None:
    transition = make_transition(brand="acme.test", headline="acme.test: see evil.test")
    assert build(transition).headline == "acme.test: see evil[.]test"
    assert build(replace(transition, incident=replace(transition.incident, headline="evil.test"))).headline == (
        "acme.test: evil[.]test"
    )


def test_headline_names_the_brand_even_where_the_verdict_forgot(make_transition: Callable[..., Transition]) -> None:
    assert build(make_transition(headline="anger " * 100)).headline.startswith("acme: anger anger")


def test_replies_are_at_most_three_short_and_harmless(
    make_transition: Callable[..., Transition], make_evidence: Callable[[str], Evidence]
) -> None:
    evidence = tuple(make_evidence(f"{n} \u202ehttp://evil.test {'x' * 10**6}") for n in range(5))
    replies = build(make_transition(), evidence=evidence).replies
    assert [reply[:23] for reply in replies] == [f"{n} hxxp://evil[.]test xx" for n in range(3)]
    assert max(map(len, replies)) == 140


def test_without_a_verdict_nothing_is_made_up(make_transition: Callable[..., Transition]) -> None:
    message = build(replace(make_transition(Moment.ACKNOWLEDGED), verdict=None))
    assert (message.reasons, message.advice, message.forecast, message.pace) == ((), None, None, None)


def test_no_forecast_is_none(make_transition: Callable[..., Transition], make_verdict: Callable[..., Verdict]) -> None:
    assert build(make_transition(verdict=make_verdict(forecast=Forecast(bands=())))).forecast is None


def test_decision_that_ends_the_incident_reads_as_its_end(make_transition: Callable[..., Transition]) -> None:
    assert build(make_transition(Moment.DECIDED, state=State.RESOLVED)).event is Moment.RESOLVED


def test_keys_differ_for_every_recipient_version_and_moment() -> None:
    keys = {
        notice_key(7, moment, sequence, Recipient(channel=channel, person=person))
        for moment in (Moment.OPENED, Moment.UPDATED)
        for sequence in (1, 2)
        for channel in ("a", "a:b", "-")
        for person in (None, "-", "b", "b:b", "Jörg\r\nX: y")
    }
    assert len(keys) == 2 * 2 * 3 * 5
    assert all(key.isascii() and key.isprintable() and " " not in key for key in keys)


@pytest.mark.parametrize("broken", ["", "{}", "[]", '{"key": 1}'])
def test_unreadable_message_is_a_value_error(broken: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        from_json(broken)


def test_told_are_those_who_got_it_or_still_will(make_notice: Callable[..., Notice]) -> None:
    notices = [
        replace(make_notice("team", person=None, level=Level.WARN), state=NoticeState.SENT),
        replace(make_notice("team", person=None, level=Level.PAGE, moment=Moment.UPDATED), state=NoticeState.SENT),
        make_notice("waiting", level=Level.WARN),
        replace(make_notice("dead"), state=NoticeState.DEAD),
        replace(make_notice("late"), state=NoticeState.SUPERSEDED),
    ]
    assert told_levels(notices) == {
        Recipient(channel="team"): Level.PAGE,
        Recipient(channel="waiting", person="ann"): Level.WARN,
    }
