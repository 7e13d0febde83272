"""Everything the Incidents page shows: the list, and one incident with all that belongs to it.

Store records in, frozen views out. Judges nothing, draws nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from dashboard.context import OpenStore
from dashboard.now_view import verdict_of
from dashboard.recent import RECENT
from stormcone.clock import DrillClock
from stormcone.errors import UsageError
from stormcone.journal import StoredVerdict
from stormcone.models import DecisionRecord, Delivery, Evidence, Incident, IncidentEvent, Notice
from stormcone.store.screens import Totals

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

    verdict: the newest that was told. said: sums of the brand while it lasted, and of the half hour that opened it.
    deliveries: every try of its notices, oldest first.
    """

    now: datetime
    drill: DrillClock | None
    incident: Incident
    events: tuple[IncidentEvent, ...]
    verdict: StoredVerdict | None
    said: Totals
    decisions: tuple[DecisionRecord, ...]
    evidence: tuple[Evidence, ...]
    notices: tuple[Notice, ...]
    deliveries: tuple[Delivery, ...]


def read_list(opened: OpenStore, brand: str | None) -> ListView:
    """Return the newest incidents of one brand, or of all. Raises: StoreError."""
    return ListView(
        now=opened.clock.now(),
        drill=opened.clock if isinstance(opened.clock, DrillClock) else None,
        incidents=opened.store.incidents.latest(brand=brand, limit=LISTED),
    )


def read_detail(opened: OpenStore, incident_id: int) -> DetailView | None:
    """Return one incident, None where there is none of that id. Raises: StoreError."""
    doors = opened.store
    try:
        incident = doors.incidents.get(incident_id)
    except UsageError:
        return None
    events = doors.incidents.events(incident_id)
    verdicts = [verdict for event in reversed(events) if (verdict := verdict_of(event)) is not None]
    return DetailView(
        now=opened.clock.now(),
        drill=opened.clock if isinstance(opened.clock, DrillClock) else None,
        incident=incident,
        events=events,
        verdict=verdicts[0] if verdicts else None,
        said=opened.screens.totals(
            incident.brand, since=incident.opened_at - RECENT, until=incident.resolved_at or opened.clock.now()
        ),
        decisions=doors.incidents.decisions(incident_id),
        evidence=doors.incidents.evidence(incident_id),
        notices=doors.notices.of_incident(incident_id),
        deliveries=opened.screens.deliveries(incident_id),
    )
