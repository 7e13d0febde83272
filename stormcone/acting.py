"""Transitions into the store, with everything that belongs to them: the one way an incident is changed.

Used by the pipeline for what readings and time do, and by command line and dashboard for what people do. Stands above
store and alerts, below all of these. What a change means is decided in stormcone.incidents; Stormcone records and tells
the team, and never acts on a platform.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alerts.announcing import Announcer
from stormcone import incidents
from stormcone.clock import Clock
from stormcone.config import Config
from stormcone.errors import StaleIncident
from stormcone.journal import kept_line
from stormcone.models import Decision, DecisionRecord, Evidence, Incident, Notice, Transition
from stormcone.store import Store

_TRIES = 5  # a watcher writes to a live incident at every tick; whoever acts must not have to try again


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Writes transitions: incident, timeline, evidence, decision and notices in one transaction."""

    config: Config
    store: Store
    clock: Clock

    def acknowledge(self, incident_id: int, *, by: str) -> Transition:
        """Record that a person takes an incident over; escalation stops.

        Raises: UsageError: there is no such incident, it is over, or somebody has it. StoreError.
        """
        at = self.clock.now()
        return self._act(incident_id, lambda current: incidents.acknowledge(current, by=by, at=at), None)

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
        self, transition: Transition, *, pieces: Sequence[Evidence] = (), record: DecisionRecord | None = None
    ) -> Transition:
        """Store a transition and the notices that tell of it.

        Args: pieces: new evidence; without any, what was kept before is quoted.
        Raises: StaleIncident: somebody else changed the incident first. StoreError.
        """
        identifier = transition.incident.id
        earlier = self.store.notices.of_incident(identifier) if identifier is not None else ()
        quoted = pieces or (self.store.incidents.evidence(identifier) if identifier is not None else ())
        announcer = Announcer(config=self.config)

        def notices_for(stored: Incident) -> tuple[Notice, ...]:
            return announcer.notices(transition, stored, earlier=earlier, evidence=quoted)

        return self.store.incidents.apply(
            transition,
            notices_for=notices_for,
            verdict_json=kept_line(transition) if transition.verdict else None,
            pieces=pieces,
            record=record,
        )

    def _act(
        self, incident_id: int, act: Callable[[Incident], Transition], record: DecisionRecord | None
    ) -> Transition:
        """Do what a person wants on the incident as it is now, however often a watcher is faster."""
        for _ in range(_TRIES - 1):
            try:
                return self.apply(act(self.store.incidents.get(incident_id)), record=record)
            except StaleIncident:
                continue
        return self.apply(act(self.store.incidents.get(incident_id)), record=record)
