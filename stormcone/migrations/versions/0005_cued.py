"""How many mentions of a minute hold a cue, so that a storm's share of cues can be set beside the usual one.

Revision 0005, after 0004. Counted once from the stored mentions, then kept up with the other sums of the minute.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# A minute is the first millisecond of its own, before 1970 too, where % leaves a rest below zero.
_MINUTE = "posted_at - ((posted_at % 60000) + 60000) % 60000"


def upgrade() -> None:
    """Add the column; sums and rows agree afterwards."""
    op.add_column("brand_minute", sa.Column("cued", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute(
        "UPDATE brand_minute SET cued = found.mentions FROM ("  # noqa: S608 - our own words
        f"SELECT brand, {_MINUTE} AS minute, count(*) AS mentions FROM mention "
        "WHERE cues <> '' AND NOT is_own_post GROUP BY 1, 2"
        ") AS found WHERE brand_minute.brand = found.brand AND brand_minute.minute = found.minute"
    )
