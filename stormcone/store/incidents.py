"""Keeps incidents: a transition, its event, its evidence and its notices in one transaction.

Called by the pipeline (readings), the command line and the dashboard (people). Whether a change makes sense is decided
in stormcone.incidents; here it is only written, and refused when somebody else was faster.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError

from stormcone.errors import StaleIncident, UsageError
from stormcone.models import (
    DecisionRecord,
    Evidence,
    Incident,
    IncidentEvent,
    Notice,
    Recipient,
    State,
    Transition,
)
from stormcone.models.sealed import SealedWhy
from stormcone.store import rows
from stormcone.store.ack_links import use_link
from stormcone.store.database import Database
from stormcone.store.sealed import seal
from stormcone.store.tables import decision, evidence, incident, incident_event, notice
from stormcone.store.upserts import insert_new

_CURRENT = (  # asked at every tick, so made once
    select(incident)
    .where(or_(incident.c.state != State.RESOLVED.value, incident.c.resolved_at > bindparam("resolved_after")))
    .order_by(incident.c.id.desc())
)

NoticesFor = Callable[[Incident], Sequence[Notice]]


class IncidentStore:
    """Incidents, their events, decisions and evidence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def live(self) -> tuple[Incident, ...]:
        """Return the incidents that are not resolved, oldest first."""
        with self._database.read() as connection:
            found = connection.execute(
                select(incident).where(incident.c.state != State.RESOLVED.value).order_by(incident.c.id)
            )
            return tuple(map(rows.to_incident, found))

    def current(self, *, resolved_after: datetime) -> tuple[Incident, ...]:
        """Return live incidents, and those resolved lately enough to be reopened; newest first."""
        with self._database.read() as connection:
            found = connection.execute(_CURRENT, {"resolved_after": resolved_after})
            return tuple(map(rows.to_incident, found))

    def get(self, incident_id: int) -> Incident:
        """Return one incident. Raises: UsageError: there is none of that id."""
        with self._database.read() as connection:
            row = connection.execute(select(incident).where(incident.c.id == incident_id)).one_or_none()
        if row is None:
            raise UsageError(f"incident {incident_id}: there is none; `stormcone export --what incidents` lists them")
        return rows.to_incident(row)

    def latest(
        self, *, brand: str | None = None, since: datetime | None = None, limit: int = 100
    ) -> tuple[Incident, ...]:
        """Return incidents, newest first."""
        query = select(incident).order_by(incident.c.opened_at.desc(), incident.c.id.desc()).limit(limit)
        if brand is not None:
            query = query.where(incident.c.brand == brand)
        if since is not None:
            query = query.where(incident.c.updated_at >= since)
        with self._database.read() as connection:
            return tuple(map(rows.to_incident, connection.execute(query)))

    def apply(
        self,
        transition: Transition,
        *,
        notices_for: NoticesFor,
        verdict_json: str | None = None,
        pieces: Sequence[Evidence] = (),
        record: DecisionRecord | None = None,
        link: str | None = None,
        seals: SealedWhy | None = None,
    ) -> Transition:
        """Write a transition with everything that belongs to it.

        Args: transition: its incident has the version it was read at. notices_for: called inside the transaction with
            the stored incident (its id is known then); returns the notices to write. verdict_json: the verdict as the
            timeline keeps it. pieces: evidence to keep; its incident_id is overwritten. record: a person's decision.
            link: key of the notice whose acknowledge link did it; it works no second time. seals: why evidence is put
            under seal as it is now; None: it is not.
        Returns: the transition with the stored incident: id filled in, version one higher.
        Raises: StaleIncident: somebody else changed the incident first. UsageError: the link was used before.
        """
        with self._database.write() as connection:
            if link is not None:
                use_link(connection, link, transition.at)
            stored = _put(connection, transition.incident)
            identifier = stored.id or 0
            done = Transition(
                at=transition.at,
                moment=transition.moment,
                incident=stored,
                verdict=transition.verdict,
                by=transition.by,
                why=transition.why,
            )
            connection.execute(incident_event.insert(), rows.of_transition(done, identifier, verdict_json))
            insert_new(connection, evidence, [rows.of_evidence(p) | {"incident_id": identifier} for p in pieces])
            if record is not None:
                _put_decision(connection, record, identifier)
            insert_new(connection, notice, map(rows.of_notice, notices_for(stored)))
            if seals is not None:
                seal(connection, identifier, at=transition.at, why=seals)
            return done

    def touch(self, changed: Incident) -> Incident:
        """Write a change that is no transition (peak, quiet time). Raises: StaleIncident."""
        with self._database.write() as connection:
            return _put(connection, changed)

    def told(self, incident_id: int) -> tuple[Recipient, ...]:
        """Return everybody a notice of this incident was written for, each once, in order."""
        query = (
            select(notice.c.channel, notice.c.to)
            .where(notice.c.incident_id == incident_id)
            .order_by(notice.c.created_at, notice.c.key)
        )
        with self._database.read() as connection:
            found = [Recipient(channel=row.channel, person=row.to) for row in connection.execute(query)]
        return tuple(dict.fromkeys(found))

    def events(self, incident_id: int) -> tuple[IncidentEvent, ...]:
        """Return the timeline, oldest first."""
        query = select(incident_event).where(incident_event.c.incident_id == incident_id).order_by(incident_event.c.seq)
        with self._database.read() as connection:
            return tuple(map(rows.to_event, connection.execute(query)))

    def decisions(self, incident_id: int | None = None) -> tuple[DecisionRecord, ...]:
        """Return decisions, oldest first; of one incident or of all."""
        query = select(decision).order_by(decision.c.seq)
        if incident_id is not None:
            query = query.where(decision.c.incident_id == incident_id)
        with self._database.read() as connection:
            return tuple(map(rows.to_decision, connection.execute(query)))

    def evidence(self, incident_id: int) -> tuple[Evidence, ...]:
        """Return the evidence kept, strongest first."""
        query = select(evidence).where(evidence.c.incident_id == incident_id).order_by(evidence.c.p_against.desc())
        with self._database.read() as connection:
            return tuple(map(rows.to_evidence, connection.execute(query)))


def _put(connection: Connection, changed: Incident) -> Incident:
    try:
        return _write(connection, changed)
    except IntegrityError as error:  # the database lets only one incident live on a post
        raise StaleIncident(f"brand {changed.brand}: somebody else opened this incident first; look again") from error


def _write(connection: Connection, changed: Incident) -> Incident:
    values = rows.of_incident(changed) | {"version": changed.version + 1}
    if changed.id is None:
        identifier = connection.execute(incident.insert().returning(incident.c.id), values).scalar_one()
    else:
        identifier = changed.id
        written = connection.execute(
            update(incident).where(incident.c.id == identifier, incident.c.version == changed.version).values(values)
        )
        if written.rowcount != 1:
            raise StaleIncident(f"incident {identifier}: somebody else changed it first; look again")
    row = connection.execute(select(incident).where(incident.c.id == identifier)).one()
    return rows.to_incident(row)


def _put_decision(connection: Connection, record: DecisionRecord, incident_id: int) -> None:
    connection.execute(
        decision.insert(),
        {
            "incident_id": incident_id,
            "at": record.at,
            "decision": record.decision.value,
            "by": record.by,
            "why": record.why,
        },
    )
