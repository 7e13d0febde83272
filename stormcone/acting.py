"""Transitions into the store, with everything that belongs to them: the one way an incident is changed.

Used by the pipeline for what readings and time do, and by command line and dashboard for what people do. Stands above
store and alerts, below all of these. What a change means is decided in stormcone.incidents; Stormcone records and tells
the team, and never acts on a platform.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.ack_links import AckLinks
from alerts.announcing import Announcer
from alerts.bundling import released
from alerts.message import DRAWN
from stormcone import incidents
from stormcone.advising import Advised, advise_with, advisor_of, measured_facts
from stormcone.clock import Clock
from stormcone.config import Config
from stormcone.errors import StaleIncident, UsageError
from stormcone.evidence import Bundle, make_bundle
from stormcone.fact_file import read_fact
from stormcone.journal import kept_line
from stormcone.models import (
    Answer,
    Decision,
    DecisionRecord,
    Evidence,
    Incident,
    Kind,
    Moment,
    Notice,
    Recipient,
    Silence,
    State,
    Transition,
)
from stormcone.models.courses import Course
from stormcone.models.sealed import SealedRecord, SealedWhy
from stormcone.store import Store

_LONGEST_SILENCE_DAYS = 7
_TRIES = 5  # a watcher writes to a live incident at every tick; whoever acts must not have to try again


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Writes transitions: incident, timeline, evidence, decision and notices in one transaction."""

    config: Config
    store: Store
    clock: Clock

    def acknowledge(self, incident_id: int, *, by: str, link: str | None = None) -> Transition:
        """Record that a person takes an incident over; escalation stops.

        Args: link: key of the notice whose acknowledge link was followed; it works no second time.
        Raises: UsageError: there is no such incident, it is over, somebody has it, or the link was used. StoreError.
        """
        at = self.clock.now()
        ladder = self.config.escalation

        def taken(current: Incident) -> Transition:
            return incidents.acknowledge(current, by=by, at=at, escalation=ladder)

        return self._act(incident_id, taken, None, link)

    def snooze(self, incident_id: int, *, minutes: float, by: str, why: str) -> Transition:
        """Record that a person wants quiet about an incident for so long; a higher level ends it early.

        Raises: UsageError: there is no such incident, it is over, or the time is none a snooze may last. StoreError.
        """
        at = self.clock.now()

        def quiet(current: Incident) -> Transition:
            return incidents.snooze(current, minutes=minutes, by=by, why=why, at=at)

        return self._act(incident_id, quiet, None)

    def end_snooze(self, incident_id: int, *, by: str) -> Transition:
        """Record that a person ends the quiet about an incident; what its ladder owes is told at the next tick.

        Raises: UsageError: there is no such incident, it is over, or nobody wants quiet about it. StoreError.
        """
        at, ladder = self.clock.now(), self.config.escalation

        def loud(current: Incident) -> Transition:
            return incidents.end_snooze(current, ladder, by=by, at=at)

        return self._act(incident_id, loud, None)

    def silence(self, *, brand: str | None, kind: Kind | None, minutes: float, by: str, why: str) -> Silence:
        """Tell nobody of the incidents of a brand, a kind, or both, for so long; what is missed is told at the end.

        Raises: UsageError: it would silence everything, a brand nobody watches, or last too long. StoreError.
        """
        if brand is None and kind is None:
            raise UsageError("silence: give --brand, --kind or both; nothing silences everything")
        names = [each.name for each in self.config.brands]
        if brand is not None and brand not in names:
            raise UsageError(f"--brand {brand!r}: no such brand; known are {', '.join(names) or 'none'}")
        if not 1 <= minutes <= _LONGEST_SILENCE_DAYS * 24 * 60:
            raise UsageError(f"--minutes {minutes:g}: give 1 to {_LONGEST_SILENCE_DAYS * 24 * 60} (7 days)")
        now = self.clock.now()
        until = now + timedelta(minutes=minutes)
        return self.store.holding.silence(Silence(brand=brand, kind=kind, begins_at=now, until=until, by=by, why=why))

    def lift_silence(self, silence_id: int) -> Silence:
        """End a silence now. Raises: UsageError: there is none of that id that lasts. StoreError."""
        return self.store.holding.lift(silence_id, at=self.clock.now())

    def release_held(self, now: datetime) -> None:
        """Let notices go that have waited for long enough, several to one recipient as one message.

        Raises: StoreError: they are let go at the next look.
        """
        due = self.store.holding.due(now)
        if not due:
            return
        known = {each.incident_id for each in due if each.incident_id is not None}
        over = {each for each in known if self.store.incidents.get(each).state is State.RESOLVED}
        ends = {  # the newest end of each reader: an incident that came back has several
            (Recipient(channel=each.channel, person=each.to), number): each
            for number in over
            for each in self.store.notices.of_incident(number)
            if each.moment is Moment.RESOLVED
        }
        ended = {read for read, end in ends.items() if end.held_until is None}
        self.store.holding.release(released(due, over=over, now=now, ended=ended))

    def decide(self, incident_id: int, decision: Decision, *, by: str, why: str) -> Transition:
        """Record what a person decided, and why; a false alarm closes the incident.

        Raises: UsageError: there is no such incident, or it is over. StoreError.
        """
        at = self.clock.now()
        record = DecisionRecord(at=at, incident_id=incident_id, decision=decision, by=by, why=why)
        return self._act(
            incident_id, lambda current: incidents.decide(current, decision, by=by, why=why, at=at), record
        )

    def answer(self, incident_id: int, fact: str, given: object, *, by: str) -> Advised:
        """Record what a person says of one fact of an incident; the advice follows it from now on.

        Evidence is put under seal before a removal is advised for the first time.
        Args: fact: a key of the advice contract. given: its value as JSON has it; "unknown" takes an answer back.
        Raises: UsageError: there is no such incident or fact, or the fact cannot have this value. StoreError.
        """
        read_fact(fact, given)
        self.store.incidents.get(incident_id)
        kept = Answer(
            incident_id=incident_id,
            at=self.clock.now(),
            fact=fact,
            value_json=json.dumps(given, ensure_ascii=False),
            by=by,
        )
        before = self.advised(incident_id)
        self.store.answers.put(kept)
        after = self.advised(incident_id)
        if after.advises_removal and not before.advises_removal:
            self.seal(incident_id, SealedWhy.REMOVAL_ADVISED)
        return after

    def advised(self, incident_id: int) -> Advised:
        """Return the advice on an incident as it stands, with what people answered. Raises: StoreError."""
        measured = measured_facts(self.store.incidents.events(incident_id))
        return advise_with(advisor_of(self.config.advice), measured, self.store.answers.of(incident_id))

    def seal(self, incident_id: int, why: SealedWhy) -> SealedRecord:
        """Put under seal what is there now: own post, replies, counts. Raises: UsageError, StoreError."""
        return self.store.seals.seal(incident_id, at=self.clock.now(), why=why)

    def bundle(self, incident_id: int) -> Bundle:
        """Put under seal what is there now, and return everything sealed of an incident as one bundle.

        Raises: UsageError: there is no such incident. StoreError.
        """
        self.seal(incident_id, SealedWhy.ASKED)
        at = self.clock.now()
        made = make_bundle(
            self.store.incidents.get(incident_id),
            records=self.store.seals.records(incident_id),
            events=self.store.incidents.events(incident_id),
            decisions=self.store.incidents.decisions(incident_id),
            answers=self.store.answers.of(incident_id),
            made_at=at,
        )
        self.store.seals.note_bundle(made.seal, incident_id, at=at)
        return made

    def apply(
        self,
        transition: Transition,
        *,
        pieces: Sequence[Evidence] = (),
        record: DecisionRecord | None = None,
        link: str | None = None,
    ) -> Transition:
        """Store a transition and the notices that tell of it.

        Args: pieces: new evidence; without any, what was kept before is quoted. link: see `acknowledge`.
        Raises: StaleIncident: somebody else changed the incident first. StoreError.
        """
        identifier = transition.incident.id
        earlier = self.store.notices.of_incident(identifier) if identifier is not None else ()
        quoted = pieces or (self.store.incidents.evidence(identifier) if identifier is not None else ())
        announcer = Announcer(config=self.config, links=self._links())
        is_told = transition.moment not in {Moment.EXPLAINED, Moment.SNOOZED}
        lately = self.store.holding.lately(transition.at) if is_told else ()
        silences = self.store.holding.silences(transition.at) if is_told else ()
        course = self._course(transition) if is_told else None

        def notices_for(stored: Incident) -> tuple[Notice, ...]:
            return announcer.notices(
                transition, stored, earlier=earlier, evidence=quoted, lately=lately, silences=silences, course=course
            )

        return self.store.incidents.apply(
            transition,
            notices_for=notices_for,
            verdict_json=kept_line(transition) if transition.verdict else None,
            pieces=pieces,
            record=record,
            link=link,
            seals=_seals(transition, record),
        )

    def _course(self, transition: Transition) -> Course | None:
        """Return the course of the last hours where somebody is asked to look at it."""
        if transition.moment not in DRAWN:
            return None
        incident = transition.incident
        return self.store.courses.course(
            incident.brand, at=transition.at, bin_minutes=self.config.watch.bin_minutes, post=incident.post
        )

    def _links(self) -> AckLinks | None:
        """Return what makes acknowledge links, None where nobody said how people reach the dashboard."""
        url = self.config.dashboard.known_url
        if url is None:
            return None
        return AckLinks(key=self.store.ack_links.key(), public_url=url, hours=self.config.escalation.ack_link_hours)

    def _act(
        self,
        incident_id: int,
        act: Callable[[Incident], Transition],
        record: DecisionRecord | None,
        link: str | None = None,
    ) -> Transition:
        """Do what a person wants on the incident as it is now, however often a watcher is faster."""
        for _ in range(_TRIES - 1):
            try:
                return self.apply(act(self.store.incidents.get(incident_id)), record=record, link=link)
            except StaleIncident:
                continue
        return self.apply(act(self.store.incidents.get(incident_id)), record=record, link=link)


def _seals(transition: Transition, record: DecisionRecord | None) -> SealedWhy | None:
    """Return why evidence is put under seal with a transition: before anything can be removed."""
    if record is not None and record.decision is Decision.DELETE:
        return SealedWhy.REMOVAL_DECIDED
    return {Moment.OPENED: SealedWhy.OPENED, Moment.REOPENED: SealedWhy.REOPENED}.get(transition.moment)
