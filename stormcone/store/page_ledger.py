"""Reads what the ledger of pages is counted from: timelines, decisions, advice, and whom pages reached.

A read door of the store, bounded by the incidents that paged in a stretch. Never writes, never judges.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, null, select

from stormcone.models import Action, DecisionRecord, IncidentEvent, Level, NoticeState
from stormcone.models.page_ledger import Advised, Reached
from stormcone.store import rows
from stormcone.store.database import Database
from stormcone.store.tables import decision, incident, incident_event, notice


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedHistory:
    """A brand's incidents that were at page within a stretch: whole timelines without verdicts, and all decisions.

    advised: of events in the stretch. reached: pages written in the stretch that arrived.
    """

    events: tuple[IncidentEvent, ...]
    decisions: tuple[DecisionRecord, ...]
    advised: tuple[Advised, ...]
    reached: tuple[Reached, ...]


class PageLedgerStore:
    """Histories of pages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def history(self, brand: str, *, since: datetime, until: datetime) -> PagedHistory:
        """Return what is known of a brand's pages in [since, until)."""
        paged = (
            select(incident_event.c.incident_id)
            .join(incident, incident.c.id == incident_event.c.incident_id)
            .where(incident.c.brand == brand, incident_event.c.level == int(Level.PAGE))
            .where(incident_event.c.at >= since, incident_event.c.at < until)
        )
        of_stretch = (incident_event.c.at >= since, incident_event.c.at < until)
        columns = [each for each in incident_event.c if each.name != "verdict_json"]
        events: Select[Any] = (
            select(*columns, null().label("verdict_json"))
            .where(incident_event.c.incident_id.in_(paged))
            .order_by(incident_event.c.incident_id, incident_event.c.seq)
        )
        advice = select(incident_event.c.incident_id, incident_event.c.at, incident_event.c.verdict_json).where(
            incident_event.c.incident_id.in_(paged), *of_stretch, incident_event.c.verdict_json.is_not(None)
        )
        decisions = select(decision).where(decision.c.incident_id.in_(paged)).order_by(decision.c.seq)
        with self._database.read() as connection:
            return PagedHistory(
                events=tuple(map(rows.to_event, connection.execute(events))),
                decisions=tuple(map(rows.to_decision, connection.execute(decisions))),
                advised=tuple(_advised(connection, advice)),
                reached=tuple(_reached(connection, brand, since, until)),
            )


def _advised(connection: Connection, advice: Select[tuple[int, datetime, str]]) -> Iterable[Advised]:
    for row in connection.execute(advice):
        action = _action(row.verdict_json)
        if action is not None:
            yield Advised(incident_id=row.incident_id, at=row.at, action=action)


def _action(verdict_json: str) -> Action | None:
    """Return the action a stored verdict advises, None where it has none or was written by another Stormcone."""
    try:
        return Action(json.loads(verdict_json)["advice"]["action"])
    except (ValueError, KeyError, TypeError):
        return None


def _reached(connection: Connection, brand: str, since: datetime, until: datetime) -> Iterable[Reached]:
    """Return a person's pages once each, in order: one summary is one page, and so is one notice over two channels."""
    bundle = notice.alias("bundle")
    query = (
        select(notice.c.key, notice.c.to, notice.c.incident_id, bundle.c.key.label("told_in"))
        .add_columns(func.coalesce(bundle.c.sent_at, notice.c.sent_at).label("sent_at"))
        .select_from(
            notice.join(incident, incident.c.id == notice.c.incident_id).outerjoin(
                bundle, bundle.c.key == notice.c.bundled_into
            )
        )
        .where(incident.c.brand == brand, notice.c.to.is_not(None), notice.c.urgency == int(Level.PAGE))
        .where(notice.c.created_at >= since, notice.c.created_at < until)
        .where(func.coalesce(bundle.c.state, notice.c.state) == NoticeState.SENT.value)
    )
    first: dict[tuple[str, str], Reached] = {}
    for row in connection.execute(query):
        which = (row.to, row.told_in or _what_of(row.key))
        arrived = Reached(person=row.to, incident_id=row.incident_id, at=row.sent_at)
        if which not in first or arrived.at < first[which].at:
            first[which] = arrived
    return sorted(first.values(), key=lambda each: (each.at, each.person))


def _what_of(key: str) -> str:
    """Return the part of a notice's key that says what happened, without channel and person."""
    return ":".join(key.split(":")[:4])
