"""A message as a subject line and as a calm plain text, for people who read it on a phone at night.

Used by channels that carry text (mail now). Line 1 says what, where and which level; then how sure, how fast, why, what
to do by when, what to expect, what people say, and where to look. Pure; never adds markup, and leaves nothing that a
mail reader would link but our own links.
"""

from datetime import timedelta

from alerts.cleaning import defang, quote
from alerts.message import AdviceLine, Message
from stormcone.models import Moment

SUBJECT_CHARS = 160

_OPENING = {
    Moment.OPENED: "This is new.",
    Moment.UPDATED: "This has changed since you were told.",
    Moment.ESCALATED: "Nobody has acknowledged this yet, so it comes to you.",
    Moment.REMINDER: "This still waits for somebody to act.",
    Moment.ACKNOWLEDGED: "Somebody has taken this on.",
    Moment.COOLING: "This is cooling down; there is nothing new to do.",
    Moment.RESOLVED: "This is over.",
    Moment.REOPENED: "This is back after it had ended.",
    Moment.DECIDED: "A decision was recorded.",
    Moment.SNOOZED: "Somebody has asked for quiet for a while.",
    Moment.EXPLAINED: "More is known about this.",
    Moment.SOURCE_LOST: "Until it answers again, calm is not known.",
    Moment.SOURCE_BACK: "What was missed meanwhile is fetched where the platform still has it.",
    Moment.UNWELL: "Until this is repaired, people may be told late or not at all.",
    Moment.WELL_AGAIN: "Nothing more needs to be done.",
    Moment.DIGEST: "These are several messages in one, because they had to wait.",
    Moment.SUMMARY: "More is happening than can be told one by one.",
    Moment.TEST: "This is a test; there is nothing to do.",
}


def subject(message: Message) -> str:
    """Return one line of at most 160 characters: the level or what became of it, and the headline."""
    label = message.level.word if message.event in _ASKING else message.event.value
    return quote(f"[{label}] {message.headline}", max_chars=SUBJECT_CHARS)


_ASKING = {Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REOPENED}
OF_SOURCES = {Moment.SOURCE_LOST, Moment.SOURCE_BACK}
OF_OURSELVES = {Moment.UNWELL, Moment.WELL_AGAIN}
OF_SEVERAL = {Moment.DIGEST, Moment.SUMMARY}


def plain_text(message: Message) -> str:
    """Return the whole message as text; blocks without content are left out."""
    places = "\n".join(f"{label}: {address}" for label, address in places_of(message))
    return f"{body_of(message)}\n\n{places}\n"


def body_of(message: Message) -> str:
    """Return the text without the places to go to below it: nothing in it is a live link."""
    blocks = (
        [_first_line(message), f"{_OPENING[message.event]} {message.at:%Y-%m-%d %H:%M} UTC."],
        [line for line in (message.certainty, message.pace, message.about) if line],
        _listed("What happened:" if message.event in OF_SEVERAL else "Why:", message.reasons),
        [_advice(message, message.advice)] if message.advice else [],
        [message.forecast] if message.forecast else [],
        _listed("What people say:", message.replies),
    )
    text = "\n\n".join("\n".join(block) for block in blocks if block)
    # Whoever built the message has done so before; one that an older Stormcone stored was built with less care.
    return defang(text)


def places_of(message: Message) -> tuple[tuple[str, str], ...]:
    """Return where a reader can go, as labels with addresses of ours."""
    acknowledge = (("Acknowledge", message.links.acknowledge),) if message.links.acknowledge else ()
    labels = dict.fromkeys(OF_SOURCES, "Sources") | dict.fromkeys(OF_OURSELVES, "Dashboard")
    return ((labels.get(message.event, "Incident"), message.links.incident), *acknowledge)


def _first_line(message: Message) -> str:
    if message.event in OF_SOURCES | OF_OURSELVES | OF_SEVERAL:
        return message.headline
    where = f"on post {message.platform} {message.post}" if message.post else "about the brand"
    return f"{message.headline} ({message.level.word}, severity {message.severity} of 5, {message.kind}, {where})"


def _advice(message: Message, advice: AdviceLine) -> str:
    action = advice.action.value.replace("_", " ")
    if advice.within_minutes <= 0:
        return f"Advice: {action}. {advice.because}".rstrip()
    deadline = message.at + timedelta(minutes=advice.within_minutes)
    return (
        f"Advice: {action} within {advice.within_minutes} minutes, by {deadline:%H:%M} UTC. {advice.because}".rstrip()
    )


def _listed(title: str, lines: tuple[str, ...]) -> list[str]:
    shown = [f"- {line}" for line in lines if line]
    return [title, *shown] if shown else []
