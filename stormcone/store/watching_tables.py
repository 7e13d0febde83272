"""The tables of watching over ourselves: links that were used, and signs of life.

Used by the store, beside tables.py. Holds no query.
"""

from sqlalchemy import Column, Float, Table, Text

from stormcone.store.tables import Instant, metadata

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
