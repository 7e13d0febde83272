"""The table of recovery records, beside the others in tables.py, whose file is full.

Used by the store and checked against the migrations by a test. Holds no query.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Table, Text

from stormcone.store.tables import Instant, RowNumber, metadata

# What was left of a storm: one row an incident, measured again while parts of it are still to come.
recovery_records = Table(
    "recovery_records",
    metadata,
    Column("incident_id", RowNumber, ForeignKey("incident.id"), primary_key=True),
    Column("ended_at", Instant, nullable=False),
    Column("measured_at", Instant, nullable=False),
    Column("ask_again_at", Instant),
    Column("history", BigInteger, nullable=False),
    Column("has_unknown", Boolean, nullable=False),
    Column("peak_at", Instant),
    Column("peak_per_minute", Float),
    Column("usual_per_minute", Float),
    Column("half_standing", Text, nullable=False),
    Column("half_minutes", Float),
    Column("baseline_standing", Text, nullable=False),
    Column("baseline_minutes", Float),
    Column("shifts", Text, nullable=False),  # JSON, in the order of their days
)
