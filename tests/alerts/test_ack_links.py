from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.ack_links import AckLinks, AckToken, asks_for_acknowledgement, proves, read_token
from alerts.announcing import Announcer
from alerts.message import from_json
from stormcone.models import Level, Moment, State
from tests.alerts.test_announcing import CONFIG, Make

AT = datetime(2026, 1, 1, tzinfo=UTC)
KEY = b"planted"
NOTICE = "inc:7:opened:1:team:ann"
LINKS = AckLinks(key=KEY, public_url="https://storm.example.org/below/", hours=2)


def token_of(link: str) -> AckToken:
    token = read_token(link.rpartition("/")[2])
    assert token is not None
    return token


def test_link_leads_below_the_public_address_and_fits_an_sms() -> None:
    link = LINKS.link(NOTICE, 7, at=AT)
    assert link.startswith("https://storm.example.org/below/ack/7.")
    assert len(link.rpartition("/")[2]) < 40


def test_the_same_notice_has_the_same_link_and_another_notice_another() -> None:
    assert LINKS.link(NOTICE, 7, at=AT) == LINKS.link(NOTICE, 7, at=AT)
    others = {LINKS.link(NOTICE, 7, at=AT), LINKS.link(f"{NOTICE}x", 7, at=AT), LINKS.link(NOTICE, 8, at=AT)}
    assert len(others) == 3


def test_token_proves_the_notice_it_was_made_for_and_no_other() -> None:
    token = token_of(LINKS.link(NOTICE, 7, at=AT))
    assert (token.incident_id, token.expires_at) == (7, AT + timedelta(hours=2))
    assert proves(KEY, token, NOTICE)
    assert not proves(KEY, token, "inc:7:opened:1:team:bo")
    assert not proves(b"another key", token, NOTICE)


@pytest.mark.parametrize("place", [0, 3, -1])
def test_token_with_a_changed_character_proves_nothing(place: int) -> None:
    text = token_of(LINKS.link(NOTICE, 7, at=AT)).text
    position = place % len(text)
    changed = read_token(text[:position] + ("8" if text[position] != "8" else "9") + text[position + 1 :])
    assert changed is not None
    assert not proves(KEY, changed, NOTICE)


def test_token_with_a_later_end_proves_nothing() -> None:
    token = token_of(LINKS.link(NOTICE, 7, at=AT))
    incident, ends, mac = token.text.split(".")
    later = read_token(f"{incident}.{int(ends, 16) + 3600:x}.{mac}")
    assert later is not None
    assert not later.is_expired(AT + timedelta(hours=2))
    assert not proves(KEY, later, NOTICE)


def test_token_ends_at_its_instant() -> None:
    token = token_of(LINKS.link(NOTICE, 7, at=AT))
    assert not token.is_expired(AT + timedelta(hours=2, seconds=-1))
    assert token.is_expired(AT + timedelta(hours=2))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "0.1.aaaaaaaaaaaaaaaaaaaaaa",
        "7.zz.aaaaaaaaaaaaaaaaaaaaaa",
        "\u0667.1.aaaaaaaaaaaaaaaaaaaaaa",
        "../livez",
        "7.1.\x00",
    ],
)
def test_what_is_no_token_is_none(text: str) -> None:
    assert read_token(text) is None


def test_only_what_asks_somebody_to_act_carries_a_link(make_transition: Make) -> None:
    incident = make_transition(id=7).incident
    asking = {moment for moment in Moment if asks_for_acknowledgement(moment, incident)}
    assert asking == {Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.REOPENED}
    assert not asks_for_acknowledgement(Moment.UPDATED, replace(incident, acknowledged_by="ann"))
    assert not asks_for_acknowledgement(Moment.UPDATED, replace(incident, state=State.RESOLVED))


def test_people_and_shared_channels_get_a_link_of_their_own(make_transition: Make) -> None:
    transition = make_transition(id=7)
    notices = Announcer(config=CONFIG, links=LINKS).notices(transition, transition.incident, earlier=(), evidence=())
    links = [from_json(each.message_json).links.acknowledge or "" for each in notices]
    assert [(each.channel, each.to) for each in notices] == [("team", None), ("pager", "ann")]
    assert len(set(links)) == 2
    for notice, link in zip(notices, links, strict=True):
        assert proves(KEY, token_of(link), notice.key)


def test_without_a_known_address_there_is_no_link(make_transition: Make) -> None:
    transition = make_transition(id=7, level=Level.PAGE)
    notices = Announcer(config=CONFIG).notices(transition, transition.incident, earlier=(), evidence=())
    assert {from_json(each.message_json).links.acknowledge for each in notices} == {None}
