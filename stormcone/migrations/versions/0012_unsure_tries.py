"""Tries to deliver of which nobody knows whether they arrived.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("notice") as batch:
        batch.add_column(sa.Column("unsure", sa.Integer(), nullable=False, server_default=sa.text("0")))
