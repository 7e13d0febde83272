"""Everything the Incidents page shows: the list, and one incident with all that belongs to it.

Store records in, frozen views out. Judges nothing, draws nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.context import OpenStore
from dashboard.now_view import verdict_of
from dashboard.recent import RECENT
from dashboard.why_view import WhyView, read_why
from stormcone.advising import Advised, advised_on
from stormcone.clock import DrillClock
from stormcone.config import Config
from stormcone.errors import UsageError
from stormcone.journal import StoredVerdict
from stormcone.models import (
    DecisionRecord,
    Delivery,
    Evidence,
    Incident,
    IncidentEvent,
    Notice,
    Reading,
    RecoveryRecord,
)
from stormcone.store import ShiftCount
from stormcone.store.screens import Totals

COUNTED_DAYS = 30  # after which shifts of net sentiment are counted
LISTED = 200  # incidents a list reads at most; far more than a month of a quiet brand


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """Incidents, newest first."""

    now: datetime
    drill: DrillClock | None
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailView:
    """One incident.

    verdict: the newest that was told. severity_reasons: of the one with which the incident became as severe as it is;
    severity only rises. said: sums of the brand while it lasted, and of the half hour that opened it.
    advised: the advice on it as it stands, with what people answered.
    why: the newest explanation, None where there is none.
    deliveries: every try of its notices, oldest first. recovery: of its last end, None while it is live or was not
    measured. shifts: of all measured storms of the brand, after 30 days.
    """

    now: datetime
    drill: DrillClock | None
    incident: Incident
    events: tuple[IncidentEvent, ...]
    verdict: StoredVerdict | None
    advised: Advised
    severity_reasons: tuple[Reading, ...]
    said: Totals
    decisions: tuple[DecisionRecord, ...]
    evidence: tuple[Evidence, ...]
    notices: tuple[Notice, ...]
    deliveries: tuple[Delivery, ...]
    why: WhyView | None
    recovery: RecoveryRecord | None
    shifts: ShiftCount


def read_list(opened: OpenStore, brand: str | None) -> ListView:
    """Return the newest incidents of one brand, or of all. Raises: StoreError."""
    return ListView(
        now=opened.clock.now(),
        drill=opened.clock if isinstance(opened.clock, DrillClock) else None,
        incidents=opened.store.incidents.latest(brand=brand, limit=LISTED),
    )


def read_detail(opened: OpenStore, config: Config, incident_id: int) -> DetailView | None:
    """Return one incident, None where there is none of that id. Raises: StoreError."""
    doors = opened.store
    try:
        incident = doors.incidents.get(incident_id)
    except UsageError:
        return None
    events = doors.incidents.events(incident_id)
    evidence = doors.incidents.evidence(incident_id)
    verdicts = [verdict for event in reversed(events) if (verdict := verdict_of(event)) is not None]
    return DetailView(
        now=opened.clock.now(),
        drill=opened.clock if isinstance(opened.clock, DrillClock) else None,
        incident=incident,
        events=events,
        verdict=verdicts[0] if verdicts else None,
        advised=advised_on(verdicts[0] if verdicts else None, doors.answers.of(incident_id), config.advice),
        severity_reasons=_severity_reasons(verdicts, incident.severity),
        said=opened.screens.totals(
            incident.brand, since=incident.opened_at - RECENT, until=incident.resolved_at or opened.clock.now()
        ),
        decisions=doors.incidents.decisions(incident_id),
        evidence=evidence,
        why=read_why(verdicts, evidence),
        notices=doors.notices.of_incident(incident_id),
        deliveries=opened.screens.deliveries(incident_id),
        recovery=doors.recoveries.get(incident_id),
        shifts=doors.recoveries.count_shifts(incident.brand, days=COUNTED_DAYS),
    )


def speaks_of_severity(reading: Reading) -> bool:
    """Tell whether a reading is a reason of the severity; before these had names of their own it was "severity"."""
    return reading.signal.partition(":")[0] == "severity"


def _severity_reasons(verdicts: Sequence[StoredVerdict], severity: int) -> tuple[Reading, ...]:
    """Return why the incident became as severe as it is. Args: verdicts: those that were told, newest first."""
    reached = next((verdict for verdict in reversed(verdicts) if verdict.severity == severity), None)
    return tuple(filter(speaks_of_severity, reached.reasons)) if reached else ()
