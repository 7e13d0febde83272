"""Where a brand's budget of false pages stands: what was promised, what was kept, and what that makes of the threshold.

Computed by analysis.budget from what people decided, kept by the store, shown by screens. Judges nothing itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Judgement(StrEnum):
    """What people made of a page."""

    FALSE = "false"  # "false alarm"
    TRUE = "true"  # any other decision: there was something to decide
    UNJUDGED = "unjudged"  # nobody decided anything; counts as neither


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One time that people were paged, and what they made of it."""

    at: datetime
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedDay:
    """One day in UTC on which the detector looked at a brand. hours: in how many hours it did, 0..24."""

    day: date
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How many pages a month may be false, from an instant on."""

    since: datetime
    per_month: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetStanding:
    """A brand's budget at one instant.

    promised_per_month: false pages that are allowed. factor: by which the rate that a page may have is multiplied,
    below 1 rarer evidence is asked for. watched_days, pages, judged_false, judged_true: within `window_days` before
    `at`. realised_per_month: pages judged false a watched month, None while too few days were watched to say, or where
    there were pages and nobody judged any.
    tightened_pages, tightened_since: the pages judged false that hold the factor below 1, and the first of them; 0
    and None where it is not.
    """

    brand: str
    at: datetime
    promised_per_month: float
    factor: float
    window_days: int
    watched_days: float
    pages: int
    judged_false: int
    judged_true: int
    realised_per_month: float | None
    tightened_pages: int = 0
    tightened_since: datetime | None = None

    @property
    def not_judged(self) -> int:
        """Pages nobody decided on."""
        return self.pages - self.judged_false - self.judged_true

    @property
    def allowed_per_month(self) -> float:
        """The rate of pages that the detector works with."""
        return self.promised_per_month * self.factor

    @property
    def is_tightened(self) -> bool:
        """True while pages judged false make pages need rarer evidence."""
        return self.tightened_pages > 0
