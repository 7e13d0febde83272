"""Fills the holding statements of the playbook from an incident's facts; what nobody knows stays visibly open.

Called by the command line and the dashboard. Pure. Never guesses a fact, never fills what only a person can know or
promise, never sends anything: a person reads, fills and publishes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from alerts.cleaning import clean_for_sink
from stormcone.config import PlaybookSettings, StatementTemplate
from stormcone.config.playbook import SLOT_MEANINGS, Slot, pieces_of, shipped_statements
from stormcone.errors import UsageError
from stormcone.explanation_lines import StoredExplanation
from stormcone.models import Cause, Incident, Kind

OPEN: Final = "[...]"
_VALUE_CHARS: Final = 200
_TOPIC_CHARS: Final = 60
_LINE_CHARS: Final = 4000
_NO_STATEMENT: Final = {Kind.PRAISE, Kind.CAMPAIGN}
# Strangers chose the words of a topic: none but letters, digits and what joins them reaches a public statement.
_NOT_OF_WORDS: Final = re.compile(r"[^\w' -]|_")
_ADDRESS: Final = re.compile(r"://|\bwww\.|\w\.\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement as far as facts fill it. open_slots: left to a person. is_own: from config.toml.

    quotes_strangers: words of strangers stand in it; whoever publishes it reads them first.
    """

    language: str
    kind: Kind | None
    cause: Cause | None
    text: str
    open_slots: tuple[Slot, ...]
    quotes_strangers: bool
    is_own: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person has to do before it can go out, one sentence each."""
        missing = (f"{OPEN} is for a person to fill: {each.value}, {SLOT_MEANINGS[each]}." for each in self.open_slots)
        read = ("The topic is in the words of strangers: read it before you publish.",) if self.quotes_strangers else ()
        return (*missing, *read)


def statements_for(
    incident: Incident,
    playbook: PlaybookSettings,
    *,
    zone: ZoneInfo,
    language: str | None = None,
    cause: Cause | None = None,
    explanation: StoredExplanation | None = None,
) -> tuple[Statement, ...]:
    """Return the filled statements that fit an incident, the fittest first; the team's own before all others.

    Args: zone: of the brand. language: None: that of the settings. cause: None: nobody has named it.
        explanation: the newest, for what people speak about.
    Returns: none for praise and planned campaigns without a cause.
    Raises: UsageError: no statement is written in that language.
    """
    asked = language or playbook.language
    known = languages(playbook)
    if asked not in known:
        raise UsageError(f"--language {asked!r}: no statement is written in it; there are {', '.join(known)}")
    facts = known_slots(incident, playbook, zone=zone, explanation=explanation)
    found: list[Statement] = []
    for templates, is_own in ((playbook.statements, True), (shipped_statements(), False)):
        fitting = [each for each in templates if each.language == asked and _fits(each, incident.kind, cause)]
        fitting.sort(key=lambda each: (each.cause is None, each.kind is None))
        found += [fill(each, facts, is_own=is_own) for each in fitting]
    return tuple(found)


def languages(playbook: PlaybookSettings) -> tuple[str, ...]:
    """Return the languages that statements are written in, that of the settings first."""
    written = {each.language for each in (*playbook.statements, *shipped_statements())}
    return tuple(sorted(written, key=lambda each: (each != playbook.language, each)))


def known_slots(
    incident: Incident, playbook: PlaybookSettings, *, zone: ZoneInfo, explanation: StoredExplanation | None
) -> Mapping[Slot, str | None]:
    """Return what the facts say for each slot, None where they do not."""
    opened = incident.opened_at.astimezone(zone)
    return {
        Slot.BRAND: incident.brand,
        Slot.TOPIC: _topic(explanation),
        Slot.TIME: f"{opened:%H:%M}",
        Slot.DATE: f"{opened:%Y-%m-%d}",
        Slot.PLATFORM: incident.post[0] if incident.post else None,
        Slot.CHANNEL_FOR_HELP: playbook.help_for(incident.brand),
        Slot.WHAT_WE_KNOW: None,
        Slot.NEXT_UPDATE: None,
    }


def fill(template: StatementTemplate, facts: Mapping[Slot, str | None], *, is_own: bool) -> Statement:
    """Return a template with its slots filled; a value is never read as a template again.

    >>> facts = {Slot.BRAND: "Acme {topic}"}
    >>> filled = fill(StatementTemplate(language="en", text="{brand}: {topic}."), facts, is_own=True)
    >>> filled.text, filled.open_slots
    ('Acme {topic}: [...].', (<Slot.TOPIC: 'topic'>,))
    """
    parts: list[str] = []
    missing: list[Slot] = []
    used: set[Slot] = set()
    for words, slot in pieces_of(template.text):
        parts.append(words)
        if slot is None:
            continue
        value = clean_for_sink(facts.get(slot) or "", max_chars=_VALUE_CHARS)
        parts.append(value or OPEN)
        (used.add if value else missing.append)(slot)
    lines = (clean_for_sink(line, max_chars=_LINE_CHARS) for line in "".join(parts).strip().split("\n"))
    return Statement(
        language=template.language,
        kind=template.kind,
        cause=template.cause,
        text="\n".join(lines),
        open_slots=tuple(dict.fromkeys(missing)),
        quotes_strangers=Slot.TOPIC in used,
        is_own=is_own,
    )


def _fits(template: StatementTemplate, kind: Kind, cause: Cause | None) -> bool:
    if template.cause is None and template.kind is None:
        return kind not in _NO_STATEMENT or cause is not None
    return template.kind in {None, kind} and template.cause in {None, cause}


def _topic(explanation: StoredExplanation | None) -> str | None:
    """Return the most telling phrase that is made of words alone, None where there is none."""
    for each in explanation.phrases if explanation else ():
        phrase = clean_for_sink(each.phrase, max_chars=_TOPIC_CHARS)
        bare = " ".join(_NOT_OF_WORDS.sub(" ", phrase).split())
        if bare and not _ADDRESS.search(phrase) and any(letter.isalpha() for letter in bare):
            return bare
    return None
