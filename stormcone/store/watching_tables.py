"""The tables of watching over ourselves: links that were used, signs of life, and threads in chats.

Used by the store, beside tables.py. Holds no query.
"""

from sqlalchemy import Column, Float, ForeignKey, Table, Text

from stormcone.store.tables import Instant, RowNumber, metadata

# Links that acknowledged something: by the key of their notice, so that no link stands here.
used_link = Table(
    "used_link",
    metadata,
    Column("notice_key", Text, primary_key=True),
    Column("used_at", Instant, nullable=False),
)

# When each part of the watcher last did its work; no row: never. Real time, also in a drill.
heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("every_seconds", Float, nullable=False),
    Column("detail", Text),
)

# The first message of an incident in a channel, as its receiver calls it: later ones answer it.
thread = Table(
    "thread",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("incident_id", RowNumber, ForeignKey("incident.id"), primary_key=True),
    Column("receipt", Text, nullable=False),
)
