"""What was left of a storm, one row an incident.

Revision 0004, after 0003. Filled by the watcher, a few incidents at a time, also for those that ended long ago.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "recovery_records",
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("measured_at", sa.BigInteger(), nullable=False),
        sa.Column("ask_again_at", sa.BigInteger(), nullable=True),
        sa.Column("history", sa.BigInteger(), nullable=False),
        sa.Column("has_unknown", sa.Boolean(), nullable=False),
        sa.Column("peak_at", sa.BigInteger(), nullable=True),
        sa.Column("peak_per_minute", sa.Float(), nullable=True),
        sa.Column("usual_per_minute", sa.Float(), nullable=True),
        sa.Column("half_standing", sa.Text(), nullable=False),
        sa.Column("half_minutes", sa.Float(), nullable=True),
        sa.Column("baseline_standing", sa.Text(), nullable=False),
        sa.Column("baseline_minutes", sa.Float(), nullable=True),
        sa.Column("shifts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_recovery_records_incident_id")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_recovery_records")),
    )
