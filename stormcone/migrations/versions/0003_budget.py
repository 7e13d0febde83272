"""What was promised of false pages and what was kept, as it changed.

Revision 0003, after 0002. Starts empty: what people decided before is in the incidents, and the watcher counts it when
it starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "budget",
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("promised_per_month", sa.Float(), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("watched_days", sa.Float(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("judged_false", sa.Integer(), nullable=False),
        sa.Column("judged_true", sa.Integer(), nullable=False),
        sa.Column("realised_per_month", sa.Float(), nullable=True),
        sa.Column("tightened_pages", sa.Integer(), nullable=False),
        sa.Column("tightened_since", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("brand", "at", name=op.f("pk_budget")),
    )
