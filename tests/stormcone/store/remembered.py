"""A storm with everything that quotes it: mentions, an incident, its evidence, its timeline and its notices.

Imported by tests as `from tests.stormcone.store.remembered import remember`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts.message import build_message, from_json, to_json
from stormcone.journal import kept_line, read_verdict, verdict_line
from stormcone.models import (
    Axis,
    Batch,
    Evidence,
    Incident,
    Level,
    Like,
    Mention,
    Notice,
    Reading,
    Recipient,
    Transition,
    Verdict,
)
from stormcone.store import Store
from tests.fakes import AT, at, make_incident, make_mention, make_notice, make_own_post, make_scored, make_verdict

TEXTS = {"1": "you broke my heart", "2": "never again, acme", "3": "what a disgrace"}
AUTHORS = {"1": "Ann.Loud", "2": "bob", "3": "ann.loud"}
REACH = Reading(
    signal="reach", axis=Axis.HARM, value=9000.0, expected=None, text="Ann.Loud with 9,000 followers joined in"
)
VOLUME = Reading(signal="velocity", axis=Axis.VOLUME, value=42.0, expected=3.5, text="42 where 3.5 are usual")


def mentions(posted_at: datetime = AT) -> list[Mention]:
    """Return an own post with three replies by two authors."""
    replies = [
        make_mention(
            number,
            text=text,
            author=AUTHORS[number],
            url=f"https://social.test/{number}",
            author_followers=9000,
            author_created_at=at(-9_999),
            posted_at=posted_at,
            seen_at=posted_at,
        )
        for number, text in TEXTS.items()
    ]
    return [make_own_post(text="our new product", posted_at=posted_at, seen_at=posted_at), *replies]


def piece(mention: Mention, captured_at: datetime = AT) -> Evidence:
    """Return the evidence that a mention is."""
    return Evidence(
        incident_id=0,
        captured_at=captured_at,
        platform=mention.platform,
        mention_id=mention.id,
        author=mention.author,
        author_followers=mention.author_followers,
        text=mention.text,
        url=mention.url,
        p_against=0.75,
        cues=("contempt",),
    )


def verdict(when: datetime) -> Verdict:
    """Return a verdict that names Ann."""
    return make_verdict(Level.PAGE, at=when, reasons=(VOLUME, REACH))


def remember(store: Store, *, quoted: str = "12", minutes: float = 1.0) -> Incident:
    """Store the storm at AT and, so many minutes later, an incident that keeps the mentions `quoted` as evidence."""
    said, when = mentions(), at(minutes)
    like = Like(platform="x", id="1", brand="acme", liked_at=AT, text=TEXTS["1"])
    store.mentions.save([make_scored(each) for each in said], Batch(likes=(like,)))
    incident = make_incident(opened_at=when, updated_at=when)
    transition = Transition(at=when, moment=make_notice().moment, incident=incident, verdict=verdict(when))
    pieces = [piece(each, when) for each in said if each.id in quoted or each.is_own_post]

    def notices(stored: Incident) -> Sequence[Notice]:
        message = build_message(
            replace(transition, incident=stored),
            incident_id=stored.id or 0,
            recipient=Recipient(channel="hook"),
            public_url="http://127.0.0.1",
            step=0,
            evidence=[each for each in pieces if each.mention_id in TEXTS],
        )
        named = replace(message, about="Carried by Ann.Loud (9,000 followers).")
        return (make_notice("n1", stored.id or 0, message_json=to_json(named), created_at=when),)

    done = store.incidents.apply(
        transition, notices_for=notices, verdict_json=kept_line(transition), pieces=pieces
    ).incident
    store.readings.save([(replace(verdict(when), post=None), verdict_line(verdict(when)))])
    return done


def everything_kept(store: Store, incident: Incident) -> str:
    """Return all words the store still holds, as one text."""
    number = incident.id or 0
    found = [each.mention for each in store.reads.mentions_since(at(-99_999))]
    words = [f"{each.text} {each.author} {each.url}" for each in found if not each.is_own_post]
    words += [f"{each.text} {each.author} {each.url}" for each in store.incidents.evidence(number)]
    words += [str(each) for each in store.incidents.events(number)]
    words += [str(each) for each in store.incidents.decisions(number)]
    words += [each.message_json for each in store.notices.of_incident(number)]
    words += [str(each) for each in store.exports.mention_file() if isinstance(each, Like)]
    words.append(store.readings.newest("acme") or "")
    return "\n".join(words)


def assert_still_readable(store: Store, incident: Incident) -> None:
    """Check that what screens and channels read back is sound."""
    number = incident.id or 0
    for event in store.incidents.events(number):
        if event.verdict_json:
            assert VOLUME.text in [each.text for each in read_verdict(event.verdict_json).reasons]
    for notice in store.notices.of_incident(number):
        assert VOLUME.text in from_json(notice.message_json).reasons
