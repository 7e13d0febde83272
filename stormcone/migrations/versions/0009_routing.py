"""Frozen ladders, snoozes and what people were paged with; notices that wait, and silences.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns and the table."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("incident") as batch:
        batch.add_column(sa.Column("ladder", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
        batch.add_column(sa.Column("is_reminded", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("snoozed_until", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("snoozed_by", sa.Text(), nullable=True))
        batch.add_column(
            sa.Column("paged_velocity_per_minute", sa.Float(), nullable=False, server_default=sa.text("0"))
        )
        batch.add_column(sa.Column("paged_facts", sa.Text(), nullable=False, server_default=sa.text("'[]'")))
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("urgency", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("held_until", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("held_for", sa.Text(), nullable=True))
        batch.add_column(sa.Column("bundled_into", sa.Text(), nullable=True))
        batch.create_index("ix_notice_urgency_created", ["urgency", "created_at"])
        batch.create_index("ix_notice_held_until", ["held_until"])
    op.create_table(
        "silence",
        sa.Column("id", number, nullable=False, autoincrement=True),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    op.create_index(op.f("ix_silence_until"), "silence", ["until"])
