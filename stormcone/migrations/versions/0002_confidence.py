"""How far a score can be relied on, beside every score that is kept, and as a sum in the minutes of a brand.

Revision 0002, after 0001. What the first scorer had not read (any language but English) is marked as such, so that no
screen takes its base rates for a reading; `stormcone rescore` reads it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_UNREAD = "scorer = 'vader-calibrated/1' AND compound IS NULL"
# A minute is the first millisecond of its own, before 1970 too, where % leaves a rest below zero.
_MINUTE = "posted_at - ((posted_at % 60000) + 60000) % 60000"


def upgrade() -> None:
    """Add the columns; sums and rows agree afterwards."""
    for table in ("mention", "evidence"):
        op.add_column(table, sa.Column("confidence", sa.Text(), server_default=sa.text("'normal'"), nullable=False))
    op.add_column("evidence", sa.Column("lang", sa.Text(), nullable=True))
    op.add_column("brand_minute", sa.Column("unsure", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute(f"UPDATE mention SET confidence = 'none' WHERE {_UNREAD}")  # noqa: S608 - our own words
    op.execute(
        "UPDATE brand_minute SET unsure = found.mentions FROM ("  # noqa: S608 - our own words
        f"SELECT brand, {_MINUTE} AS minute, count(*) AS mentions FROM mention "
        "WHERE confidence <> 'normal' AND NOT is_own_post GROUP BY 1, 2"
        ") AS found WHERE brand_minute.brand = found.brand AND brand_minute.minute = found.minute"
    )
