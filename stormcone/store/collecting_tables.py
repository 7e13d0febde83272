"""The tables of what collecting brings beside mentions, and of what it costs; tables.py's other half.

Used by the store and checked against the migrations by a test. Holds no query.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, Table, Text, UniqueConstraint, text

from stormcone.store.tables import Instant, RowNumber, metadata

# Every look at an own post, also one that found nothing new: that nobody liked it meanwhile is news to a detector.
engagement = Table(
    "engagement",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("post_id", Text, primary_key=True),
    Column("brand", Text, primary_key=True),
    Column("seen_at", Instant, primary_key=True),
    Column("likes", BigInteger),
    Column("reposts", BigInteger),
    Column("replies", BigInteger),
    Column("quotes", BigInteger),
    Index("ix_engagement_brand_seen", "brand", "seen_at"),
)

deletion = Table(
    "deletion",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("brand", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

own_like = Table(
    "own_like",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("brand", Text, primary_key=True),
    Column("liked_at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("account", Text),
)

gap = Table(
    "gap",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("platform", Text, nullable=False),
    Column("brand", Text, nullable=False),  # empty: every brand of the platform
    Column("place", Text, nullable=False, server_default=text("''")),  # empty: all of the platform
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("filled_at", Instant),
    UniqueConstraint("platform", "brand", "place", "started_at", "ended_at"),
)

# Posts that were looked up and not found, and not yet often enough to be called deleted.
presence = Table(
    "presence",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("brand", Text, primary_key=True),
    Column("checked_at", Instant, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("is_doubtful", Boolean, nullable=False),  # one of them was among too many at once to be believed
)

# The platform's own counts, whether or not the texts were fetched.
platform_minute = Table(
    "platform_minute",
    metadata,
    Column("brand", Text, primary_key=True),
    Column("minute", Instant, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("mentions", BigInteger, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    Column("source", Text, primary_key=True),
    Column("day", Text, primary_key=True),  # of UTC, ISO
    Column("requests", BigInteger, nullable=False),
    Column("cost_usd", Float, nullable=False),
)

# What was paid for already on a day: the platform bills a thing once a day.
billed = Table(
    "billed",
    metadata,
    Column("source", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("thing", Text, primary_key=True),
)

# What was erased because somebody asked for it: that it was done, never whom it was about.
forgotten = Table(
    "forgotten",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("platform", Text),  # empty: on every platform
    Column("name_hash", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("why", Text, nullable=False),
)

# Random keys that never leave the database.
secret = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# What people were last told of a source; no row: nothing yet.
source_told = Table(
    "source_told",
    metadata,
    Column("source", Text, primary_key=True),
    Column("is_lost", Boolean, nullable=False),
    Column("lost_at", Instant),  # when its last loss was told
    Column("level", Integer, nullable=False),
)
