"""What collecting needs to be thrifty and to forget: who was looked up, what was spent, which words are gone.

Revision 0007, after 0006. Words of posts that were found deleted before are erased by the first retention run.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_KEPT_SQLITE = sa.text("erased_at IS NULL AND is_own_post = 0")
_KEPT_POSTGRESQL = sa.text("erased_at IS NULL AND NOT is_own_post")
_OLD_SPENDING = ("requests_today", "cost_usd_today", "spent_on")


def upgrade() -> None:
    """Create tables, columns and indexes; what was spent today moves to the new place."""
    _create_tables()
    op.execute(
        "INSERT INTO spending (source, day, requests, cost_usd) "
        "SELECT name, spent_on, requests_today, cost_usd_today FROM source WHERE spent_on IS NOT NULL"
    )
    for name in _OLD_SPENDING:
        op.drop_column("source", name)
    for name in ("checked_at", "edited_at", "erased_at"):
        op.add_column("mention", sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute("UPDATE mention SET checked_at = seen_at")
    for name, columns in (("to_check", ["platform", "checked_at"]), ("kept", ["seen_at"])):
        op.create_index(
            f"ix_mention_{name}",
            "mention",
            columns,
            sqlite_where=_KEPT_SQLITE,
            postgresql_where=_KEPT_POSTGRESQL,
        )
    op.create_index("ix_evidence_mention", "evidence", ["platform", "mention_id"])


def _create_tables() -> None:
    op.create_table(
        "presence",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "id", "brand", name=op.f("pk_presence")),
    )
    op.create_table(
        "platform_minute",
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("mentions", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "minute", "platform", name=op.f("pk_platform_minute")),
    )
    op.create_table(
        "spending",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day", name=op.f("pk_spending")),
    )
    op.create_table(
        "billed",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day", "thing", name=op.f("pk_billed")),
    )
    op.create_table(
        "forgotten",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("name_hash", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_forgotten")),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
