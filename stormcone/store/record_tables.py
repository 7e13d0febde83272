"""The tables of what people and law rely on: answers, evidence under seal, bundles that were handed out.

Used by the store, beside tables.py. What is sealed never changes and never goes: triggers refuse it. Holds no query.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from stormcone.store.tables import Instant, RowNumber, metadata

# What people answered about an incident; the newest row of a fact holds.
answer = Table(
    "answer",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("incident_id", RowNumber, ForeignKey("incident.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("fact", Text, nullable=False),
    Column("value_json", Text, nullable=False),
    Column("by", Text, nullable=False),
)

sealed_record = Table(
    "sealed_record",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("incident_id", RowNumber, ForeignKey("incident.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("why", Text, nullable=False),
    Column("previous", Text),
    Column("sha256", Text, nullable=False),
    UniqueConstraint("incident_id", "number"),
)

sealed_item = Table(
    "sealed_item",
    metadata,
    Column("record_seq", RowNumber, ForeignKey("sealed_record.seq"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sort", Text, nullable=False),
    Column("platform", Text),
    Column("id", Text),
    Column("author", Text),  # to find what somebody asks to have erased
    Column("content", Text),  # empty: erased for good; the hash stays
    Column("sha256", Text, nullable=False),
    Column("erased_at", Instant),
    Index("ix_sealed_item_mention", "platform", "id"),
)

sealed_bundle = Table(
    "sealed_bundle",
    metadata,
    Column("sha256", Text, primary_key=True),  # of its manifest
    Column("incident_id", RowNumber, ForeignKey("incident.id"), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
)
