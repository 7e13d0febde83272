"""Counts the ledger of a stretch's pages: precision, how long people took, whom it cost sleep, what was promised.

Above the budget, whose pages and judgements it uses, so that the two cannot disagree; the reader of the store hands in
timelines and decisions. Pure: the same records give the same ledger. Decides nothing, formats nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from analysis.budget import MONTH_DAYS, judged_pages
from analysis.intervals import wilson
from stormcone.models import Action, Decision, DecisionRecord, IncidentEvent, Judgement, Moment
from stormcone.models.page_ledger import (
    AdviceTaken,
    Advised,
    LedgerPage,
    PageLedger,
    PersonLoad,
    Reached,
    Waited,
)
from stormcone.models.shares import Share

NIGHT: Final = (time(22), time(7))  # from, until; local to the person
_LEVEL: Final = 0.8  # of the interval
_P90_TENTHS, _MEDIAN_TENTHS = 9, 5

# Which decision carries an advice out; advice without one (such as to secure an account) is done elsewhere.
DECISION_FOR_ACTION: Final = {
    Action.HOLD: Decision.HOLD,
    Action.PAUSE_QUEUE: Decision.HOLD,
    Action.RESPOND: Decision.RESPOND,
    Action.RESPOND_LIGHT: Decision.RESPOND,
    Action.RESPOND_ONE_TO_ONE: Decision.RESPOND,
    Action.REFUTE: Decision.RESPOND,
    Action.CORRECT: Decision.CORRECT,
    Action.APOLOGISE: Decision.APOLOGISE,
    Action.DELETE_WITH_NOTICE: Decision.DELETE,
    Action.REMOVE_AFTER_APPROVAL: Decision.DELETE,
    Action.TAKE_DOWN_CAMPAIGN: Decision.DELETE,
    Action.STAND_BY: Decision.STAND_BY,
}


def ledger_pages(
    brand: str,
    events: Sequence[IncidentEvent],
    decisions: Sequence[DecisionRecord],
    *,
    since: datetime,
    until: datetime,
    advised: Sequence[Advised] = (),
) -> tuple[LedgerPage, ...]:
    """Return the pages of a brand in [since, until), oldest first.

    Args: events: whole timelines of the brand's incidents that paged, incident after incident, each oldest first.
        decisions: all that were made on them, oldest first, also later ones. advised: what was advised when.
    """
    decided = defaultdict(list)
    for each in decisions:
        decided[each.incident_id].append(each)
    action_at = {(each.incident_id, each.at): each.action for each in advised}
    found: list[LedgerPage] = []
    for incident_id, timeline in groupby(events, key=lambda event: event.incident_id):
        story, said = tuple(timeline), decided[incident_id]
        pages = judged_pages(story, said)
        ends = [*(page.at for page in pages[1:]), datetime.max.replace(tzinfo=UTC)]
        for page, end in zip(pages, ends, strict=False):  # without pages there is one end too many
            if since <= page.at < until:
                later = [event for event in story if page.at <= event.at < end]
                chosen = [each for each in said if page.at <= each.at < end]
                decided_at = chosen[0].at if chosen else None
                taken_at = [event.at for event in later if event.moment is Moment.ACKNOWLEDGED and event.by]
                found.append(
                    LedgerPage(
                        brand=brand,
                        incident_id=incident_id,
                        at=page.at,
                        judgement=page.judgement,
                        acknowledged_after=_first(page.at, [*taken_at, *(each.at for each in chosen)]),
                        decided_after=decided_at - page.at if decided_at else None,
                        escalated=any(event.moment is Moment.ESCALATED for event in later),
                        advised=action_at.get((incident_id, page.at)),
                        decision=chosen[0].decision if chosen else None,
                    )
                )
    return tuple(sorted(found, key=lambda page: (page.at, page.incident_id)))


def count_ledger(
    brands: Sequence[str],
    pages: Sequence[LedgerPage],
    reached: Sequence[Reached],
    *,
    zones: Mapping[str, ZoneInfo],
    promised_per_month: float,
    days: float,
) -> PageLedger:
    """Return the ledger of some pages.

    Args: reached: pages that arrived with people. zones: of the people; who has none lives in UTC. promised_per_month:
        false pages allowed to all the brands together. days: length of the stretch.
    """
    judgements = Counter(page.judgement for page in pages)
    real, noise = judgements[Judgement.TRUE], judgements[Judgement.FALSE]
    unmarked = (page.incident_id for page in pages if page.judgement is Judgement.UNJUDGED)
    return PageLedger(
        brands=tuple(brands),
        pages=tuple(sorted(pages, key=lambda page: (page.at, page.incident_id))),
        real=real,
        noise=noise,
        unmarked=tuple(sorted(set(unmarked))),
        precision=precision_of(real, noise),
        to_acknowledge=waited([page.acknowledged_after for page in pages]),
        to_decide=waited([page.decided_after for page in pages]),
        escalated=sum(page.escalated for page in pages),
        people=_loads(reached, zones),
        advice=_advice(pages),
        promised_false=promised_per_month * days / MONTH_DAYS,
    )


def precision_of(real: int, noise: int) -> Share | None:
    """Return the share of real pages among the marked with Wilson's 80 % interval, None where none was marked.

    >>> found = precision_of(3, 1)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.75, 0.43, 0.92)
    """
    marked = real + noise
    return wilson(real, marked, level=_LEVEL) if marked else None


def waited(lengths: Sequence[timedelta | None]) -> Waited:
    """Return how long pages waited. What still waits has waited longest: leaving it out would flatter.

    A quantile is the shortest wait within which so large a part of the pages was done.
    >>> minutes = [timedelta(minutes=each) for each in (1, 2, 3, 40)]
    >>> waited([*minutes, None]).median, waited([*minutes, None]).p90
    (datetime.timedelta(seconds=180), None)
    """
    done = sorted(each for each in lengths if each is not None)
    return Waited(
        of=len(lengths),
        waiting=len(lengths) - len(done),
        median=_quantile(done, len(lengths), _MEDIAN_TENTHS),
        p90=_quantile(done, len(lengths), _P90_TENTHS),
    )


def _quantile(done: Sequence[timedelta], of: int, tenths: int) -> timedelta | None:
    rank = ceil(of * tenths / 10)
    return done[rank - 1] if 0 < rank <= len(done) else None


def _first(page_at: datetime, instants: Iterable[datetime]) -> timedelta | None:
    first = min(instants, default=None)
    return None if first is None else first - page_at


def _loads(reached: Iterable[Reached], zones: Mapping[str, ZoneInfo]) -> tuple[PersonLoad, ...]:
    """Return the load of everybody who was paged, the most first."""
    by_person = defaultdict(list)
    for each in reached:
        by_person[each.person].append(each.at)
    loads = [
        PersonLoad(
            person=person,
            pages=len(instants),
            at_night=sum(is_night(at, zones.get(person, ZoneInfo("UTC"))) for at in instants),
        )
        for person, instants in by_person.items()
    ]
    return tuple(sorted(loads, key=lambda load: (-load.pages, load.person)))


def is_night(at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether people in a zone sleep at an instant.

    >>> is_night(datetime(2026, 1, 1, 21, 0, tzinfo=UTC), ZoneInfo("Europe/Helsinki"))
    True
    """
    local = at.astimezone(zone).time()
    return local >= NIGHT[0] or local < NIGHT[1]


def _advice(pages: Iterable[LedgerPage]) -> tuple[AdviceTaken, ...]:
    counts: defaultdict[Action, Counter[bool | None]] = defaultdict(Counter)
    for page in pages:
        if page.advised in DECISION_FOR_ACTION:
            wanted = DECISION_FOR_ACTION[page.advised]
            counts[page.advised][None if page.decision is None else page.decision is wanted] += 1
    return tuple(
        AdviceTaken(action=action, followed=count[True], otherwise=count[False], undecided=count[None])
        for action, count in sorted(counts.items())
    )
