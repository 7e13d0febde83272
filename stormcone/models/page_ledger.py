"""The ledger of a week's pages: who was woken for what, and what became of it.

Counted by analysis.page_ledger from timelines and decisions, shown by the command line, screens and reports. Records
only; `None` means that nobody knows, never zero.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stormcone.models.budgets import Judgement
from stormcone.models.incidents import Decision
from stormcone.models.shares import Share
from stormcone.models.verdicts import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A page that arrived with a person; several channels and repeats of one notice are one."""

    person: str
    incident_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Advised:
    """What was advised when an incident changed."""

    incident_id: int
    at: datetime
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """One page, and what people made of it until the next page of its incident.

    acknowledged_after, decided_after: from the page; None: not yet, or never. escalated: it went beyond the first step.
    advised: None where nothing was known. decision: the first one that was made.
    """

    brand: str
    incident_id: int
    at: datetime
    judgement: Judgement
    acknowledged_after: timedelta | None
    decided_after: timedelta | None
    escalated: bool
    advised: Action | None
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long pages waited for something. median, p90: None where so many are still waiting that nobody knows.

    of: how many pages; waiting: how many of them have waited in vain until now.
    """

    of: int
    waiting: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """How often a person was paged, and how often of that between 22 and 7 o'clock where they are."""

    person: str
    pages: int
    at_night: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceTaken:
    """Pages of one advice: how many were decided as advised, otherwise, or not at all."""

    action: Action
    followed: int
    otherwise: int
    undecided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLedger:
    """The pages of a stretch, usually a week.

    unmarked: ids of the incidents that nobody decided on. precision: None where nothing was marked. promised_false: how
    many false pages the brands' budgets allow in the stretch; `noise` is how many there were.
    """

    brands: tuple[str, ...]
    pages: tuple[LedgerPage, ...]
    real: int
    noise: int
    unmarked: tuple[int, ...]
    precision: Share | None  # of real pages among the marked; 80 % interval
    to_acknowledge: Waited
    to_decide: Waited
    escalated: int
    people: tuple[PersonLoad, ...]
    advice: tuple[AdviceTaken, ...]
    promised_false: float
