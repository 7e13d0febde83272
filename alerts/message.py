"""What a notice says: the facts of one transition, frozen, for one recipient.

Built when the transition happens and stored with the notice, so that a delivery hours later still tells the truth of
its time. Channels turn it into their receiver's form; `webhook_json` is the form that other programs rely on. Every
text of a stranger is cleaned and defanged here. Never decides who is told, never fetches anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote as percent_encoded

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from alerts.cleaning import clean_for_sink, quote
from alerts.sentences import about_of, certainty_of, forecast_of, pace_of
from stormcone.models import (
    Action,
    Evidence,
    Kind,
    Level,
    Moment,
    Notice,
    NoticeState,
    Recipient,
    State,
    Transition,
    Verdict,
)
from stormcone.models.courses import Course

HEADLINE_CHARS = 280
SENTENCE_CHARS = 280
REPLY_CHARS = 140
NAME_CHARS = 120
MAX_REPLIES = 3
# Moments at which people are asked to look: these messages carry the course of the last hours.
DRAWN = frozenset({Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.REOPENED})

_LevelWord = Annotated[
    Level,
    BeforeValidator(lambda word: Level.from_word(word) if isinstance(word, str) else word),
    PlainSerializer(lambda level: level.word),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where a reader can go: the incident on the dashboard, and the page that acknowledges it (None: no such page)."""

    incident: str
    acknowledge: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceLine:
    """The advised action, minutes left to do it from `Message.at`, and the reason as one sentence."""

    action: Action
    within_minutes: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one recipient.

    The first block is the webhook contract, field by field (`to`: id of a person, None for a shared channel; `post`:
    the platform's id of the own post, None for the brand's stream; `step`: index of the escalation step). The second is
    for human readers: whole sentences, each one line, None or empty where nothing is known; course: figures to draw.
    """

    key: str
    event: Moment
    incident: str
    brand: str
    post: str | None
    level: _LevelWord
    severity: int
    kind: Kind
    headline: str
    to: str | None
    step: int
    at: datetime
    links: Links

    platform: str | None = None
    certainty: str | None = None
    pace: str | None = None
    about: str | None = None
    reasons: tuple[str, ...] = ()
    advice: AdviceLine | None = None
    forecast: str | None = None
    replies: tuple[str, ...] = ()
    course: Course | None = None


_ADAPTER: TypeAdapter[Message] = TypeAdapter(Message)
_WEBHOOK_FIELDS = {
    *("key", "event", "incident", "brand", "post", "level", "severity", "kind"),
    *("headline", "to", "step", "at", "links"),
}


def notice_key(incident_id: int, moment: Moment, sequence: int, recipient: Recipient) -> str:
    """Return the key of a notice: the same transition and recipient always give the same one, and nobody else does.

    Names are percent-encoded: a key travels in an HTTP header, and a colon in a name must not make two keys equal.
    Args: sequence: the incident's version, so that an incident's second "updated" differs from its first.
    >>> notice_key(7, Moment.OPENED, 1, Recipient(channel="team", person="ann"))
    'inc:7:opened:1:team:ann'
    >>> notice_key(7, Moment.UPDATED, 2, Recipient(channel="team"))
    'inc:7:updated:2:team:-'
    """
    person = "-" if recipient.person is None else _key_part(recipient.person)
    return f"inc:{incident_id}:{moment}:{sequence}:{_key_part(recipient.channel)}:{person}"


def build_message(
    transition: Transition,
    *,
    incident_id: int,
    recipient: Recipient,
    public_url: str,
    step: int,
    evidence: Sequence[Evidence],
    acknowledge: str | None = None,
    course: Course | None = None,
) -> Message:
    """Return what `recipient` is told about `transition`.

    Args: public_url: how people reach the dashboard. step: index of the escalation step that is told.
        evidence: mentions that explain the incident, most telling first; the first three are quoted.
        acknowledge: the address that acknowledges for this recipient, None where there is nothing to acknowledge.
        course: of the brand's mentions up to now.
    """
    incident, verdict = transition.incident, transition.verdict
    brand = clean_for_sink(incident.brand, max_chars=NAME_CHARS)
    return Message(
        key=notice_key(incident_id, transition.moment, incident.version, recipient),
        event=_event(transition),
        incident=str(incident_id),
        brand=brand,
        post=clean_for_sink(incident.post[1], max_chars=NAME_CHARS) if incident.post else None,
        level=incident.level,
        severity=incident.severity,
        kind=incident.kind,
        headline=_headline(brand, incident.headline),
        to=recipient.person,
        step=step,
        at=transition.at,
        links=Links(incident=f"{public_url.rstrip('/')}/incidents?incident={incident_id}", acknowledge=acknowledge),
        platform=clean_for_sink(incident.post[0], max_chars=NAME_CHARS) if incident.post else None,
        certainty=certainty_of(verdict) if verdict else None,
        pace=pace_of(verdict) if verdict else None,
        about=_about(verdict),
        reasons=tuple(quote(each.text, max_chars=SENTENCE_CHARS) for each in verdict.reasons) if verdict else (),
        advice=_advice(transition),
        forecast=forecast_of(verdict.forecast) if verdict else None,
        replies=tuple(quote(each.text, max_chars=REPLY_CHARS) for each in evidence[:MAX_REPLIES]),
        course=course,
    )


def to_json(message: Message) -> str:
    """Return the message as it is stored with its notice."""
    return _ADAPTER.dump_json(message).decode()


def from_json(text: str) -> Message:
    """Return the message that `to_json` wrote. Raises: ValueError: the text is not such a message."""
    return _ADAPTER.validate_json(text)


def webhook_json(message: Message) -> bytes:
    """Return the fields that the webhook contract names, as UTF-8 JSON: the same bytes for the same message."""
    return _ADAPTER.dump_json(message, include=_WEBHOOK_FIELDS)


def told_levels(notices: Sequence[Notice]) -> Mapping[Recipient, Level]:
    """Return who has been told of an incident, and the highest level each was told of, in order of the first notice.

    A notice that still waits counts: its receiver will have read it before what follows. A dead or superseded one
    reached nobody.
    Raises: ValueError: a stored message cannot be read.
    """
    told: dict[Recipient, Level] = {}
    for notice in notices:
        if notice.state not in (NoticeState.SENT, NoticeState.PENDING):
            continue
        recipient = Recipient(channel=notice.channel, person=notice.to)
        told[recipient] = max(told.get(recipient, Level.CALM), from_json(notice.message_json).level)
    return told


def _key_part(name: str) -> str:
    return "%2D" if name == "-" else percent_encoded(name, safe="")


def _event(transition: Transition) -> Moment:
    """A decision that ends the incident is read as its end: receivers know no event of its own for it."""
    ends = transition.moment is Moment.DECIDED and transition.incident.state is State.RESOLVED
    return Moment.RESOLVED if ends else transition.moment


def _about(verdict: Verdict | None) -> str | None:
    if verdict is None or verdict.explanation is None:
        return None
    return quote(about_of(verdict.explanation), max_chars=SENTENCE_CHARS) or None


def _headline(brand: str, headline: str) -> str:
    shown, dead = quote(headline, max_chars=HEADLINE_CHARS), quote(brand, max_chars=NAME_CHARS)
    if brand.casefold() in shown.casefold():
        return shown
    # A brand called "acme.test" is named as it is called: the word is ours, and sinks take it apart where they must.
    rest = shown.removeprefix(dead) if dead != brand and shown.startswith(dead) else f": {shown}"
    return clean_for_sink(f"{brand}{rest}", max_chars=HEADLINE_CHARS)


def _advice(transition: Transition) -> AdviceLine | None:
    if transition.verdict is None or transition.verdict.advice.action is Action.NONE:
        return None
    advice = transition.verdict.advice
    because = advice.because[0].text if advice.because else ""
    return AdviceLine(
        action=advice.action,
        within_minutes=advice.within_minutes,
        because=quote(because, max_chars=SENTENCE_CHARS),
    )
