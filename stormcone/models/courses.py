"""The course of a brand's mentions over the last hours, as a message carries it: counts a bin, beside what is usual.

Read from the store when a transition is announced, kept with the notice, drawn by channels that can show a picture.
Counts only: nobody's words or names.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MAX_BINS: Final = 72  # six hours of five minutes
BAND_SPREADS: Final = 2.0  # the normal band is the expectation plus and minus so many standard deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Mentions a bin up to an instant, oldest first; the running bin is left out.

    starts_at: start of the first bin. mentions: copies included, own posts not. low, high: the normal band of a bin, of
    distinct voices, None where it is not known. not_collected: numbers of the bins of which a part is missing. post_at:
    when the own post was published, None where there is none. at: when all this was so.
    """

    at: datetime
    starts_at: datetime
    bin_minutes: int
    mentions: tuple[int, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    not_collected: tuple[int, ...] = ()
    post_at: datetime | None = None

    @property
    def bin_width(self) -> timedelta:
        """Width of one bin."""
        return timedelta(minutes=self.bin_minutes)

    @property
    def ends_at(self) -> datetime:
        """End of the last bin."""
        return self.starts_at + len(self.mentions) * self.bin_width
