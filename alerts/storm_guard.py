"""How often one person is paged: so many times an hour one by one, what is more waits for one summary.

Pure: what the person was told lately in, an instant out; asked in the transaction that writes the notices, so that the
count is that of the store. Never drops a page: a held one is told by the summary.
"""

from datetime import datetime, timedelta
from typing import Final

from stormcone.models import Lately

HOUR: Final = timedelta(hours=1)
GATHER: Final = timedelta(seconds=15)  # a storm's pages come within seconds of each other; none may come late for long


def page_held_until(lately: Lately, at: datetime, *, pages_per_hour: int) -> datetime | None:
    """Return until when a page waits for the summary; None: it is sent at once.

    The first summary follows within seconds, the next one an hour after it: people who get one a minute stop reading.
    While pages wait for one that is due it is still to be written, and takes this one in.
    """
    if lately.pages < pages_per_hour:
        return None
    if lately.storm_until is not None and (lately.summary_at is None or lately.storm_until > lately.summary_at):
        return lately.storm_until
    return max(at + GATHER, lately.summary_at + HOUR) if lately.summary_at else at + GATHER
