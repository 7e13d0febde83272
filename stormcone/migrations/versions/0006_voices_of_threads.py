"""Whether a thread's voices are new to the brand, and whether they speak from own experience.

Revision 0006, after 0005. Nothing is made up for what is stored already: it stays unknown, until `stormcone rescore`
casts its votes again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns; empty and zero mean that nobody looked."""
    op.add_column("mention", sa.Column("is_stranger", sa.Boolean(), nullable=True))
    op.add_column("mention", sa.Column("is_personal", sa.Boolean(), nullable=True))
    for name in ("named", "strangers", "told", "personal"):
        op.add_column("post_minute", sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False))
