"""What people were told of a silent source, notices that belong to no incident, gaps of one place of a platform.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table; let a notice be of no incident, and a gap be of one place."""
    op.create_table(
        "source_told",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_lost", sa.Boolean(), nullable=False),
        sa.Column("lost_at", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_told")),
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    with op.batch_alter_table("notice") as batch:
        batch.alter_column("incident_id", existing_type=number, nullable=True)
    with op.batch_alter_table("gap") as batch:
        batch.add_column(sa.Column("place", sa.Text(), nullable=False, server_default=sa.text("''")))
        batch.drop_constraint("uq_gap_platform_brand_started_at_ended_at", type_="unique")
        batch.create_unique_constraint(
            op.f("uq_gap_platform_brand_place_started_at_ended_at"),
            ["platform", "brand", "place", "started_at", "ended_at"],
        )
