"""The first message of an incident in a channel, so that later ones answer it.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "thread",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "incident_id", name=op.f("pk_thread")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_thread_incident_id_incident")),
    )
