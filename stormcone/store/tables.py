"""The tables: the shape of what Stormcone remembers; those of collecting are in collecting_tables.py.

Used by the store and checked against the migrations by a test. Instants are integers, milliseconds since 1970 in UTC,
on both databases; a minute is its first instant. Holds no query.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as milliseconds since 1970: sortable, the same on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - fixed signature
        """Return the stored integer."""
        return None if value is None else (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - fixed signature
        """Return the datetime."""
        return None if value is None else _EPOCH + timedelta(milliseconds=value)


# SQLite gives a table its own row number only where the key is called INTEGER.
RowNumber = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

mention = Table(
    "mention",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("platform", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("posted_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text),
    Column("is_own_post", Boolean, nullable=False),
    Column("parent_id", Text),
    Column("root_id", Text),
    Column("likes", BigInteger),
    Column("reposts", BigInteger),
    Column("replies", BigInteger),
    Column("quotes", BigInteger),
    Column("author_followers", BigInteger),
    Column("author_created_at", Instant),
    Column("lang", Text),
    Column("url", Text),
    Column("account", Text),
    Column("p_negative", Float, nullable=False),
    Column("p_neutral", Float, nullable=False),
    Column("p_positive", Float, nullable=False),
    Column("compound", Float),
    Column("hostility", Float, nullable=False),
    Column("cues", Text, nullable=False),
    Column("scored_lang", Text),
    Column("scorer", Text, nullable=False),
    Column("confidence", Text, nullable=False, server_default=text("'normal'")),
    Column("voice", Float, nullable=False),
    Column("against", Float, nullable=False),
    Column("thread_voice", Float, nullable=False),
    Column("thread_against", Float, nullable=False),
    Column("is_copy", Boolean, nullable=False),
    Column("is_stranger", Boolean),  # empty: unknown, or no voice of a thread begins here
    Column("is_personal", Boolean),
    Column("checked_at", Instant),  # when it was last known to be there
    Column("edited_at", Instant),  # of the version that stands here, where it is not the first
    Column("erased_at", Instant),  # text, author and link are gone for good
    # A post that names two brands is a mention of each, so the brand belongs to the key (docs/decisions/0004).
    UniqueConstraint("platform", "id", "brand"),
    Index("ix_mention_brand_posted", "brand", "posted_at"),
    Index("ix_mention_brand_thread", "brand", "root_id", "posted_at"),
    # Own posts are one row in a thousand: finding them must not mean reading the others.
    Index(
        "ix_mention_own_posts",
        "brand",
        "posted_at",
        sqlite_where=text("is_own_post = 1"),
        postgresql_where=text("is_own_post"),
    ),
    # Words of strangers that are kept: which are to be looked up again, and which are old enough to go.
    *(
        Index(
            f"ix_mention_{name}",
            *columns,
            sqlite_where=text("erased_at IS NULL AND is_own_post = 0"),
            postgresql_where=text("erased_at IS NULL AND NOT is_own_post"),
        )
        for name, columns in (("to_check", ("platform", "checked_at")), ("kept", ("seen_at",)))
    ),
)

brand_minute = Table(
    "brand_minute",
    metadata,
    Column("brand", Text, primary_key=True),
    Column("minute", Instant, primary_key=True),
    Column("mentions", BigInteger, nullable=False),
    Column("own_posts", BigInteger, nullable=False),
    Column("negative", Float, nullable=False),
    Column("neutral", Float, nullable=False),
    Column("positive", Float, nullable=False),
    Column("voices", Float, nullable=False),
    Column("against", Float, nullable=False),
    Column("hostile", BigInteger, nullable=False),
    Column("copies", BigInteger, nullable=False),
    Column("unsure", BigInteger, nullable=False, server_default=text("0")),
    Column("cued", BigInteger, nullable=False, server_default=text("0")),
)

post_minute = Table(
    "post_minute",
    metadata,
    Column("brand", Text, primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("post_id", Text, primary_key=True),
    Column("minute", Instant, primary_key=True),
    Column("replies", BigInteger, nullable=False),
    Column("voices", Float, nullable=False),
    Column("against", Float, nullable=False),
    Column("hostile", BigInteger, nullable=False),
    Column("named", BigInteger, nullable=False, server_default=text("0")),
    Column("strangers", BigInteger, nullable=False, server_default=text("0")),
    Column("told", BigInteger, nullable=False, server_default=text("0")),
    Column("personal", BigInteger, nullable=False, server_default=text("0")),
    Index("ix_post_minute_brand_minute", "brand", "minute"),
)

# What the detector saw and expected at the end of each step: the normal band that screens draw.
stream_step = Table(
    "stream_step",
    metadata,
    Column("brand", Text, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("voices", Float, nullable=False),
    Column("usual_voices", Float),
    Column("spread_voices", Float),
    Column("against", Float, nullable=False),
    Column("level", Integer, nullable=False),
    Column("trust", Text, nullable=False),
)

# The newest verdict on a brand, in the words of `stormcone replay --json`.
brand_now = Table(
    "brand_now",
    metadata,
    Column("brand", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("verdict_json", Text, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    Column("cursor", Text),
    Column("cursor_version", BigInteger, nullable=False, server_default=text("0")),
    Column("poll_seconds", Float, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("last_success_at", Instant),
    Column("last_error", Text),
    Column("waiting_until", Instant),
    Column("is_stopped", Boolean, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("renewed_at", Instant, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("brand", Text, nullable=False),
    Column("post_platform", Text, nullable=False),  # empty: the brand's stream, no own post
    Column("post_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("level_now", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("headline", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("peak_velocity_per_minute", Float, nullable=False),
    Column("cooling_since", Instant),
    Column("settling_since", Instant),
    Column("calm_since", Instant),
    Column("resolved_at", Instant),
    Column("acknowledged_by", Text),
    Column("acknowledged_at", Instant),
    Column("pending_kind", Text),
    Column("reopened_count", Integer, nullable=False),
    Column("is_false_alarm", Boolean, nullable=False),
    Column("step", Integer, nullable=False),
    Column("next_step_at", Instant),
    Column("ladder", Text, nullable=False, server_default=text("'[]'")),
    Column("is_reminded", Boolean, nullable=False, server_default=false()),
    Column("snoozed_until", Instant),
    Column("snoozed_by", Text),
    Column("paged_velocity_per_minute", Float, nullable=False, server_default=text("0")),
    Column("paged_facts", Text, nullable=False, server_default=text("'[]'")),
    Column("version", BigInteger, nullable=False),
    Index("ix_incident_brand_opened", "brand", "opened_at"),
    # One live incident a pile-on, whatever two watchers believe.
    Index(
        "uq_incident_live",
        "brand",
        "post_platform",
        "post_id",
        unique=True,
        sqlite_where=text("state <> 'resolved'"),
        postgresql_where=text("state <> 'resolved'"),
    ),
)

incident_event = Table(
    "incident_event",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("incident_id", RowNumber, ForeignKey("incident.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("moment", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("headline", Text, nullable=False),
    Column("by", Text),
    Column("why", Text),
    Column("verdict_json", Text),
)

decision = Table(
    "decision",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("incident_id", RowNumber, ForeignKey("incident.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("decision", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# What was promised and kept, as it changed: a row when somebody judges a page, people are paged, and once a day.
budget = Table(
    "budget",
    metadata,
    Column("brand", Text, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("promised_per_month", Float, nullable=False),
    Column("factor", Float, nullable=False),
    Column("window_days", Integer, nullable=False),
    Column("watched_days", Float, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("judged_false", Integer, nullable=False),
    Column("judged_true", Integer, nullable=False),
    Column("realised_per_month", Float),  # empty: nobody knows yet
    Column("tightened_pages", Integer, nullable=False),
    Column("tightened_since", Instant),
)

evidence = Table(
    "evidence",
    metadata,
    Column("incident_id", RowNumber, ForeignKey("incident.id"), primary_key=True),
    Column("platform", Text, primary_key=True),
    Column("mention_id", Text, primary_key=True),
    Column("captured_at", Instant, nullable=False),
    Column("author", Text),
    Column("author_followers", BigInteger),
    Column("text", Text, nullable=False),
    Column("url", Text),
    Column("p_against", Float, nullable=False),
    Column("cues", Text, nullable=False),
    Column("confidence", Text, nullable=False, server_default=text("'normal'")),
    Column("lang", Text),
    Index("ix_evidence_mention", "platform", "mention_id"),
)

notice = Table(
    "notice",
    metadata,
    Column("key", Text, primary_key=True),
    Column("incident_id", RowNumber, ForeignKey("incident.id"), index=True),  # empty: of a source
    Column("moment", Text, nullable=False),
    Column("to", Text),
    Column("channel", Text, nullable=False),
    Column("message_json", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("sent_at", Instant),
    Column("last_error", Text),
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("urgency", Integer),  # the level at which it asks attention; empty: it tells of an end
    Column("held_until", Instant),
    Column("held_for", Text),
    Column("bundled_into", Text),  # key of the message that told it
    Column("unsure", Integer, nullable=False, server_default=text("0")),  # tries that may have arrived unanswered
    Index("ix_notice_state_next", "state", "next_try_at"),
    Index("ix_notice_urgency_created", "urgency", "created_at"),
    Index("ix_notice_held_until", "held_until"),
)

silence = Table(
    "silence",
    metadata,
    Column("id", RowNumber, primary_key=True, autoincrement=True),
    Column("brand", Text),  # empty: every brand
    Column("kind", Text),  # empty: every kind
    Column("begins_at", Instant, nullable=False),
    Column("until", Instant, nullable=False, index=True),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("seq", RowNumber, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("detail", Text),
)

# One row while a drill's database lives on simulated time; none in production.
drill_clock = Table(
    "drill_clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("real_start", Float, nullable=False),
    Column("simulated_start", Instant, nullable=False),
    Column("simulated_end", Instant, nullable=False),
    Column("speed", Float, nullable=False),
)

# Raised by whoever rewrites history (import, forget), so that a running watcher reads it again.
revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("history", BigInteger, nullable=False),
)
