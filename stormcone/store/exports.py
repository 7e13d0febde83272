"""Streams whole tables out, oldest first, for `stormcone export`.

The read half of the store for files. Column names are a contract (research notes call them literally); never writes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select

from stormcone.models import Deletion, Engagement, Gap, Level, Like, Mention
from stormcone.models.heartbeats import CANARY
from stormcone.store import rows
from stormcone.store.collecting_tables import deletion, engagement, gap, own_like
from stormcone.store.database import Database
from stormcone.store.tables import brand_minute, decision, delivery, incident, mention, notice

_AT_ONCE = 2_000
ExportRow = dict[str, Any]  # column -> value, about to become one line of a file


class Exported(StrEnum):
    """What can be exported besides mentions."""

    MINUTES = "minutes"
    INCIDENTS = "incidents"
    DECISIONS = "decisions"
    NOTICES = "notices"
    DELIVERIES = "deliveries"


_QUERIES: dict[Exported, Select[Any]] = {
    Exported.MINUTES: select(brand_minute.c.brand, brand_minute.c.minute, brand_minute.c.mentions)
    .where(brand_minute.c.brand != CANARY)
    .order_by(brand_minute.c.minute, brand_minute.c.brand),
    Exported.INCIDENTS: select(
        incident.c.id.label("incident"),
        incident.c.brand,
        incident.c.post_id.label("post"),
        incident.c.state,
        incident.c.level,
        incident.c.severity,
        incident.c.kind,
        incident.c.opened_at,
        incident.c.acknowledged_by,
        incident.c.headline,
        incident.c.resolved_at,
    ).order_by(incident.c.id),
    Exported.DECISIONS: select(
        decision.c.at, decision.c.incident_id.label("incident"), decision.c.decision, decision.c.by, decision.c.why
    ).order_by(decision.c.seq),
    Exported.NOTICES: select(
        notice.c.key,
        notice.c.incident_id.label("incident"),
        notice.c.moment.label("event"),
        notice.c.to,
        notice.c.channel,
        notice.c.state,
        notice.c.created_at,
        notice.c.sent_at,
    ).order_by(notice.c.created_at, notice.c.key),
    Exported.DELIVERIES: select(delivery.c.key, delivery.c.channel, delivery.c.outcome, delivery.c.started_at).order_by(
        delivery.c.seq
    ),
}


class Exports:
    """Whole tables as rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def columns(self, what: Exported) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(column.name for column in _QUERIES[what].selected_columns)

    def table(self, what: Exported) -> Iterator[ExportRow]:
        """Stream a table."""
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=_AT_ONCE).execute(_QUERIES[what]):
                yield {name: _shown(name, value) for name, value in row._mapping.items()}  # noqa: SLF001 - public by name only

    def mention_file(self) -> Iterator[Mention | Engagement | Deletion | Like | Gap]:
        """Stream everything a mention file can hold: mentions first, each kind oldest first.

        The row of a deleted post stays, without text and author. Of the looks at an own post those are there that saw
        a change.
        """
        with self._database.read() as connection:
            gone = {
                (row.platform, row.id, row.brand)
                for row in connection.execute(select(deletion.c.platform, deletion.c.id, deletion.c.brand))
            }
            stream = connection.execution_options(yield_per=_AT_ONCE)
            stored = select(mention).where(mention.c.brand != CANARY).order_by(mention.c.posted_at, mention.c.seq)
            for row in stream.execute(stored):
                m = rows.to_scored(row).mention
                yield rows.without_words(m) if (m.platform, m.id, m.brand) in gone else m
            looks = stream.execute(select(engagement).order_by(engagement.c.seen_at, engagement.c.post_id))
            yield from _changes(map(rows.to_engagement, looks))
            for row in stream.execute(select(own_like).order_by(own_like.c.liked_at, own_like.c.id)):
                yield rows.to_like(row)
            for row in stream.execute(select(deletion).order_by(deletion.c.seen_at, deletion.c.id)):
                yield rows.to_deletion(row)
            for row in stream.execute(select(gap).where(gap.c.filled_at.is_(None)).order_by(gap.c.started_at)):
                yield rows.to_gap(row)


def _changes(looks: Iterable[Engagement]) -> Iterator[Engagement]:
    """Yield the looks that saw something else than the look before at the same post."""
    newest: dict[tuple[str, str, str], Engagement] = {}
    for look in looks:
        post = (look.platform, look.post_id, look.brand)
        before = newest.get(post)
        if before is None or replace(look, seen_at=before.seen_at) != before:
            yield look
        newest[post] = look


def _shown(name: str, value: object) -> object:
    if name == "level" and isinstance(value, int):
        return Level(value).word
    return None if name == "post" and value == "" else value
