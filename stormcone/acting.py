"""Transitions into the store, with everything that belongs to them: the one way an incident is changed.

Used by the pipeline for what readings and time do, and by command line and dashboard for what people do. Stands above
store and alerts, below all of these. What a change means is decided in stormcone.incidents; Stormcone records and tells
the team, and never acts on a platform.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.ack_links import AckLinks
from alerts.announcing import Announcer
from alerts.bundling import released
from stormcone import incidents
from stormcone.clock import Clock
from stormcone.config import Config
from stormcone.errors import StaleIncident, UsageError
from stormcone.journal import kept_line
from stormcone.models import (
    Decision,
    DecisionRecord,
    Evidence,
    Incident,
    Kind,
    Moment,
    Notice,
    Silence,
    State,
    Transition,
)
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
        self.store.holding.release(released(due, over=over, now=now))

    def decide(self, incident_id: int, decision: Decision, *, by: str, why: str) -> Transition:
        """Record what a person decided, and why; a false alarm closes the incident.

        Raises: UsageError: there is no such incident, or it is over. StoreError.
        """
        at = self.clock.now()
        record = DecisionRecord(at=at, incident_id=incident_id, decision=decision, by=by, why=why)
        return self._act(
            incident_id, lambda current: incidents.decide(current, decision, by=by, why=why, at=at), record
        )

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

        def notices_for(stored: Incident) -> tuple[Notice, ...]:
            return announcer.notices(
                transition, stored, earlier=earlier, evidence=quoted, lately=lately, silences=silences
            )

        return self.store.incidents.apply(
            transition,
            notices_for=notices_for,
            verdict_json=kept_line(transition) if transition.verdict else None,
            pieces=pieces,
            record=record,
            link=link,
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
