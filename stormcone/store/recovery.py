"""Keeps what was left of storms: one recovery record an incident, and which incidents are to be measured next.

Written by the watcher's recovery job; read by the incident's page and the command line. Never measures.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import and_, exists, func, or_, select

from stormcone.models import (
    Fading,
    Incident,
    LastingShift,
    Level,
    Recovery,
    RecoveryRecord,
    Shift,
    Standing,
    State,
)
from stormcone.store import rows
from stormcone.store.collecting_tables import gap
from stormcone.store.database import Database
from stormcone.store.recovery_table import recovery_records
from stormcone.store.tables import incident, stream_step
from stormcone.store.upserts import Row, insert_or_replace

LEAST_LEVEL = Level.WARN  # a watch stays on the screen, and is no storm


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCount:
    """How many storms of a brand have a known shift so many days after, and how many of these are lasting."""

    days: int
    known: int
    lasting: int


class RecoveryStore:
    """Recovery records by incident."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, *, now: datetime, history: int, limit: int) -> tuple[Incident, ...]:
        """Return incidents that ended and are to be measured now, the latest end first.

        Those are without a record of their last end, with a part whose time has come, or with an unknown part after
        history was rewritten or a gap filled. A false alarm was no storm, and a watch stays on the screen.
        Args: history: revision of the stored history. limit: most that are returned.
        """
        record = recovery_records.c
        is_filled = exists().where(gap.c.filled_at > record.measured_at, gap.c.brand.in_([incident.c.brand, ""]))
        query = (
            select(incident)
            .outerjoin(recovery_records, record.incident_id == incident.c.id)
            .where(
                incident.c.state == State.RESOLVED.value,
                incident.c.level >= int(LEAST_LEVEL),
                incident.c.is_false_alarm.is_(False),
                incident.c.resolved_at.is_not(None),
                or_(
                    record.incident_id.is_(None),
                    record.ended_at != incident.c.resolved_at,
                    record.ask_again_at <= now,
                    and_(record.has_unknown.is_(True), or_(record.history != history, is_filled)),
                ),
            )
            .order_by(incident.c.resolved_at.desc(), incident.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return tuple(map(rows.to_incident, connection.execute(query)))

    def save(self, record: RecoveryRecord) -> None:
        """Store a record in place of the one its incident had. Raises: StoreError."""
        with self._database.write() as connection:
            insert_or_replace(connection, recovery_records, [_of_record(record)])

    def get(self, incident_id: int) -> RecoveryRecord | None:
        """Return the record of an incident's last end; None where it is live, or was not measured since."""
        query = (
            select(recovery_records)
            .join(incident, incident.c.id == recovery_records.c.incident_id)
            .where(incident.c.id == incident_id, incident.c.resolved_at == recovery_records.c.ended_at)
        )
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _to_record(row)

    def ended(self, *, limit: int) -> tuple[tuple[Incident, RecoveryRecord | None], ...]:
        """Return the latest incidents that are measured or will be, oldest first, each with its record."""
        query = (
            select(incident)
            .where(
                incident.c.state == State.RESOLVED.value,
                incident.c.level >= int(LEAST_LEVEL),
                incident.c.is_false_alarm.is_(False),
            )
            .order_by(incident.c.resolved_at.desc(), incident.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            found = [rows.to_incident(row) for row in connection.execute(query)][::-1]
            wanted = select(recovery_records).where(recovery_records.c.incident_id.in_([each.id for each in found]))
            kept = {row.incident_id: _to_record(row) for row in connection.execute(wanted)}
        return tuple((each, _of_its_end(each, kept.get(each.id or 0))) for each in found)

    def count_shifts(self, brand: str, *, days: int) -> ShiftCount:
        """Return how many of a brand's storms moved its net sentiment for good."""
        query = (
            select(recovery_records.c.shifts)
            .join(incident, incident.c.id == recovery_records.c.incident_id)
            .where(incident.c.brand == brand)
        )
        with self._database.read() as connection:
            told = [shift for row in connection.execute(query).scalars() for shift in _to_shifts(row)]
        known = [shift.change for shift in told if shift.days == days and shift.change is not None]
        return ShiftCount(days=days, known=len(known), lasting=sum(change.is_lasting for change in known))

    def watched_since(self, brand: str) -> datetime | None:
        """Return when the detector first looked at a brand, None before that."""
        query = select(func.min(stream_step.c.at)).where(stream_step.c.brand == brand)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()


def _of_its_end(of: Incident, record: RecoveryRecord | None) -> RecoveryRecord | None:
    return record if record is not None and record.ended_at == of.resolved_at else None


def _of_record(record: RecoveryRecord) -> Row:
    found = record.recovery
    return {
        "incident_id": record.incident_id,
        "ended_at": record.ended_at,
        "measured_at": record.measured_at,
        "ask_again_at": record.ask_again_at,
        "history": record.history,
        "has_unknown": any(standing.is_unknown for standing in found.standings),
        "peak_at": found.peak_at,
        "peak_per_minute": found.peak_per_minute,
        "usual_per_minute": found.usual_per_minute,
        "half_standing": found.to_half.standing.value,
        "half_minutes": found.to_half.minutes,
        "baseline_standing": found.to_baseline.standing.value,
        "baseline_minutes": found.to_baseline.minutes,
        "shifts": json.dumps([_of_shift(shift) for shift in found.shifts]),
    }


def _of_shift(shift: LastingShift) -> dict[str, object]:
    change = shift.change
    figures = {name: getattr(change, name) for name in Shift.__slots__} if change else None
    return {"days": shift.days, "standing": shift.standing.value, "change": figures}


def _to_record(row: SqlRow[Any]) -> RecoveryRecord:
    return RecoveryRecord(
        incident_id=row.incident_id,
        ended_at=row.ended_at,
        measured_at=row.measured_at,
        ask_again_at=row.ask_again_at,
        history=row.history,
        recovery=Recovery(
            peak_at=row.peak_at,
            peak_per_minute=row.peak_per_minute,
            usual_per_minute=row.usual_per_minute,
            to_half=Fading(minutes=row.half_minutes, standing=Standing(row.half_standing)),
            to_baseline=Fading(minutes=row.baseline_minutes, standing=Standing(row.baseline_standing)),
            shifts=_to_shifts(row.shifts),
        ),
    )


def _to_shifts(text: str) -> tuple[LastingShift, ...]:
    return tuple(
        LastingShift(
            days=each["days"],
            change=Shift(**each["change"]) if each["change"] else None,
            standing=Standing(each["standing"]),
        )
        for each in json.loads(text)
    )
